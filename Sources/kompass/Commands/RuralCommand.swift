internal import Analysis
internal import ArgumentParser
internal import Foundation
internal import NetworkModel
internal import Server
internal import Store

/// `kompass rural FILE`
struct RuralCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rural",
        abstract: "Compute the rural index, and the degree of urbanisation of municipalities.",
        discussion: """
            An own index, with the published values beside it where they are loaded. Regions and districts are scored by
            the calibration that is loaded; municipalities among themselves, which is a regional index.

              kompass rural kompass.gpkg
              kompass rural kompass.gpkg --level municipality --format csv > gemeinden.csv
              kompass rural deutschland.gpkg --calibration de-kreisregionen-2023 > rural_calibrations.csv
            """
    )

    /// The forms of the answer.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case csv
        case json
        case geojson
    }

    @Argument(help: "The project file.", completion: .file(extensions: ["gpkg"]))
    var project: String

    @Option(help: "The areas: region (district region), district or municipality.")
    var level: String = RuralLevel.region.rawValue

    @Option(help: "The form of the answer.")
    var format = Format.table

    @Option(help: "Print a calibration of this name, made of the loaded regions, instead of the answer.")
    var calibration: String?

    func validate() throws {
        guard RuralLevel(rawValue: level) != nil else {
            let known = RuralLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--level '\(level)' is not known; known: \(known)")
        }
    }

    func run() async throws {
        guard let level = RuralLevel(rawValue: level) else { return }
        let snapshot = try ProjectFile(path: project).snapshot()
        if let calibration {
            try write(try calibrationText(calibration, snapshot))
            return
        }
        let answer = try RuralAnswer(level, in: snapshot)
        switch format {
        case .table: print(RuralTable(answer).text)
        case .csv: try write(answer.csv)
        case .json: try write(answer.json + [UInt8(ascii: "\n")])
        case .geojson: try write(try answer.geoJSON() + [UInt8(ascii: "\n")])
        }
    }

    private func calibrationText(_ name: String, _ snapshot: Snapshot) throws -> [UInt8] {
        let index = RuralIndex(try RuralIndicators(.region, in: snapshot), basis: .loadedAreas, in: snapshot)
        guard let calibration = index.calibration else {
            throw Failure(
                .data, "\(project): there are too few regions with all five indicators to make a calibration of")
        }
        return Array(calibration.csv(name: name).utf8)
    }

    private func write(_ bytes: [UInt8]) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    }
}

extension RuralCalibration {
    /// The rows of a pack's `rural_calibrations.csv`; numbers with 12 significant digits, so that the last bits of a
    /// machine's arithmetic make no other file.
    fileprivate func csv(name: String) -> String {
        let number = { (value: Double) in String(format: "%.12g", value) }
        let rows = RuralIndicator.allCases.map { indicator in
            [
                name, indicator.rawValue, number(means[indicator]), number(deviations[indicator]),
                number(weights[indicator]), number(loadings[indicator]), "\(regions)", number(explainedVariance),
                "\"\(dataDate ?? "")\"",
            ].joined(separator: ",")
        }
        let header = "calibration,indicator,mean,deviation,weight,loading,regions,explained_variance,data_date"
        return ([header] + rows).joined(separator: "\n") + "\n"
    }
}
