internal import ArgumentParser
internal import Foundation
internal import Loader
internal import NetworkModel
internal import Store

/// `kompass import KIND FILE --into FILE`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import one file of records.",
        discussion: """
            The file's records belong to a region of their own, named by --region (default: the file's name without its
            ending): importing the file again replaces what it brought before, and nothing else. A region that is a
            pack is refused.

              kompass import offers angebote.csv --into kompass.gpkg
              kompass import offers angebote.xlsx --into kompass.gpkg --mapping angebote.yaml --dry-run
            """
    )

    @Argument(help: "districts, municipalities, population, actors, offers, links, indicators, gazetteer, ...")
    var kind: String

    @Argument(help: "The file: CSV, GeoJSON, GeoPackage, or anything that ogr2ogr reads.", completion: .file())
    var file: String

    @Option(help: "The project file; made where there is none.", completion: .file(extensions: ["gpkg"]))
    var into: String

    @Option(help: "A mapping of the file's columns (YAML, as in region.yaml).", completion: .file())
    var mapping: String?

    @Option(help: "The region that the records belong to.")
    var region: String?

    @Option(help: "The CRS of the file's coordinates, where the file does not say.")
    var crs: String?

    @Flag(help: "Show what would be added, changed and removed, and change nothing.")
    var dryRun = false

    @Flag(help: "Reject rows with codes that the vocabulary does not know.")
    var strict = false

    @Option(help: "Write the report, with every repaired and rejected row, to this file (JSON).", completion: .file())
    var report: String?

    func run() async throws {
        guard let recordKind = RecordKind(inputName: kind), recordKind != .regions else {
            let known = RecordKind.allCases.filter { $0 != .regions }.map(\.inputName).joined(separator: ", ")
            throw Failure(.usage, "'\(kind)' is no kind of record; known: \(known)")
        }
        let url = URL(filePath: file)
        let region = region ?? url.deletingPathExtension().lastPathComponent
        var input =
            try mapping.map { try Mapping(file: URL(filePath: $0)).definition(kind: recordKind, file: url) }
            ?? InputDefinition(kind: recordKind, file: url)
        if let crs { input.crs = crs }
        let load = ProjectLoad(
            file: ProjectFile(path: into),
            regions: [
                ProjectLoad.Region(
                    id: region, table: Self.regionTable(region), inputs: [input], metricCRS: Self.defaultMetricCRS)
            ], importedKind: recordKind, isStrict: strict, isDryRun: dryRun)
        let report = try report.map { path throws(Failure) in try ReportDestination(path: path) }
        let summary = try await load.run()
        LoadOutput(summary: summary, file: load.file, districtsOf: [], report: report).write()
    }

    /// ETRS89-LAEA Europe: an import that belongs to no pack names no metric CRS of its own.
    private static let defaultMetricCRS = "EPSG:3035"

    private static func regionTable(_ region: String) -> Table {
        var table = Table(RecordKind.regions.schema)
        for (position, field) in table.schema.fields.enumerated() {
            if field.name == "id", case .text(var column) = table.columns[position] {
                column.append(region)
                table.columns[position] = .text(column)
            } else {
                table.columns[position].appendNull()
            }
        }
        return table
    }
}
