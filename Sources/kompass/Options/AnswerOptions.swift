public import ArgumentParser
internal import Foundation
public import Server
internal import Store

/// The project file that is asked, and the form of the answer.
struct AnswerOptions: ParsableArguments {
    @Argument(help: "The project file.", completion: .file(extensions: ["gpkg"]))
    var project: String

    @Option(help: "The form of the answer: table, csv, json, geojson.")
    var format: OfflineAnalysis.Form = .table

    @Option(name: .customLong("lang"), help: "The language of titles in a table: de, en.")
    var titles = "de"

    func validate() throws {
        guard ["de", "en"].contains(titles) else {
            throw ValidationError("--lang '\(titles)' is not known; known: de, en")
        }
    }

    /// Asks the project file and writes the answer to standard output.
    func write(_ subject: OfflineAnalysis.Subject, _ parameters: [(name: String, value: String)]) throws {
        let analysis = OfflineAnalysis(try ProjectFile(path: project).snapshot())
        switch try analysis.answer(subject, parameters: parameters, form: format, language: titles) {
        case .bytes(let bytes):
            FileHandle.standardOutput.write(Data(bytes))
            if format != .csv { print() }
        case .plain(let answer):
            for line in answer.introduction { print(line) }
            print()
            var table = TextTable(answer.headings.map { ($0.name, $0.isNumber ? .right : .left) })
            for row in answer.rows { table.append(row) }
            print(table.description)
            print()
            for line in answer.notes { print(line) }
        }
    }
}

extension OfflineAnalysis.Form: ExpressibleByArgument {}
