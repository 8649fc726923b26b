public import ArgumentParser
internal import Foundation
public import Server
internal import Store

/// `kompass export FILE`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a collection to a file.",
        discussion: """
            The same file as at /api/collections/ID/export, by the same parameters. Memory
            does not grow with the number of features.

              kompass export kompass.gpkg --collection offers --format csv -o offers.csv
              kompass export kompass.gpkg --collection coverage --format geojson \\
                --level municipality --filter "people > 1000" --sortby=-gap_people -o gaps.geojson
            """
    )

    @Argument(help: "The project file.", completion: .file(extensions: ["gpkg"]))
    var project: String

    @Option(
        help: """
            The collection: districts, municipalities, population, actors, offers, links, coverage, gaps, access.
            """)
    var collection: String

    @Option(help: "The form of the file: geojson, geojsonseq, csv, csv-excel.")
    var format: OfflineExport.Form

    @Option(name: .shortAndLong, help: "The file to write; an older one is replaced.", completion: .file())
    var output: String

    @OptionGroup(title: "Which features") var features: CollectionOptions

    @OptionGroup(title: "Which offers") var offers: OfferOptions

    func run() throws {
        let file = ProjectFile(path: project)
        let target = URL(filePath: output)
        guard target.standardizedFileURL != URL(filePath: project).standardizedFileURL else {
            throw Failure(.usage, "\(output): this is the project file; name another with -o")
        }
        let export = OfflineExport(try file.snapshot())
        // The file stands under its name only when it is whole.
        let partial = target.appendingPathExtension("partial")
        var handle: FileHandle?
        do {
            let count = try export.write(
                collection, parameters: offers.parameters + features.parameters, form: format
            ) { bytes in
                if handle == nil {
                    try Data().write(to: partial)
                    handle = try FileHandle(forWritingTo: partial)
                }
                try handle?.write(contentsOf: Data(bytes))
            }
            try handle?.close()
            guard rename(partial.path, target.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
            if StandardError.isTerminal { StandardError.write("\(output): \(count) features\n") }
        } catch let error as CocoaError {
            try? FileManager.default.removeItem(at: partial)
            throw Failure(.data, "\(output): cannot be written (\(error.localizedDescription))")
        }
    }
}

extension OfflineExport.Form: ExpressibleByArgument {}
