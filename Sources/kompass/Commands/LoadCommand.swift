internal import ArgumentParser
internal import Foundation
internal import Loader
internal import NetworkModel
internal import Store

/// `kompass load PACK --into FILE`
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load a whole region pack into a project file.",
        discussion: """
            Replaces that region's records and leaves other regions as they are. Everything happens in one transaction:
            a load that fails or is killed leaves the file as it was. Loading the same pack twice changes nothing.

              kompass load Data/sachsen-anhalt --into kompass.gpkg
              kompass load Data/sachsen-anhalt --into kompass.gpkg --dry-run
            """
    )

    @Argument(help: "The folder of the pack, with its region.yaml.", completion: .directory)
    var pack: String

    @Option(help: "The project file; made where there is none.", completion: .file(extensions: ["gpkg"]))
    var into: String

    @Flag(help: "Show what would be added, changed and removed, and change nothing.")
    var dryRun = false

    @Flag(help: "Reject rows with codes that the vocabulary does not know.")
    var strict = false

    @Option(help: "Write the report, with every repaired and rejected row, to this file (JSON).", completion: .file())
    var report: String?

    func run() async throws {
        let packs = try RegionPack(directory: URL(filePath: pack, directoryHint: .isDirectory)).withIncludes
        let load = ProjectLoad(
            file: ProjectFile(path: into),
            regions: packs.map {
                ProjectLoad.Region(
                    id: $0.id, table: $0.regionTable, inputs: $0.inputs, metricCRS: $0.crs, expected: $0.expect)
            }, isStrict: strict, isDryRun: dryRun)
        let report = try report.map { path throws(Failure) in try ReportDestination(path: path) }
        let summary = try await load.run()
        LoadOutput(summary: summary, file: load.file, districtsOf: Set(packs.map(\.id)), report: report).write()
    }
}

extension RegionPack {
    /// The packs that this one includes, each once and before those that include it, and then itself.
    fileprivate var withIncludes: [RegionPack] {
        var result: [RegionPack] = []
        for pack in includes.flatMap(\.withIncludes) + [self] where !result.contains(where: { $0.id == pack.id }) {
            result.append(pack)
        }
        return result
    }
}
