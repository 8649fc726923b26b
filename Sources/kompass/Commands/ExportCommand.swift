public import ArgumentParser
internal import Foundation
internal import NetworkModel
public import Server
internal import Store
internal import VectorTiles

/// `kompass export FILE`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the map's tiles to one file for a static host.",
        discussion: """
            The archive holds what the server answers, tile by tile, and is the same file
            however many cores make it. It stands under its name only when it is whole. A
            killed export starts anew; what it leaves is FILE.partial, which the next one
            overwrites.

              kompass export kompass.gpkg --format pmtiles -o kompass.pmtiles
              kompass export kompass.gpkg --format mbtiles -o kompass.mbtiles
              kompass export kompass.gpkg --format pmtiles -o some.pmtiles \\
                --layers districts,borders,labels --min-zoom 4 --max-zoom 9
            """
    )

    @Argument(help: "The project file.", completion: .file(extensions: ["gpkg"]))
    var project: String

    @Option(help: "The kind of archive: mbtiles (1.3), pmtiles (3).")
    var format: TileExport.Format

    @Option(name: .shortAndLong, help: "The file to write; an older one is replaced.", completion: .file())
    var output: String

    @Option(help: "The layers, as a comma list (default: all of the tileset).")
    var layers: String?

    @Option(help: "The first zoom (default: the tileset's).")
    var minZoom: Int?

    @Option(help: "The last zoom (default: the tileset's).")
    var maxZoom: Int?

    @Option(help: "How many tiles are made at once (default: one per core).")
    var threads: Int?

    @Option(name: .customLong("lang"), help: "The language of names and descriptions: de, en.")
    var texts = "de"

    @Option(help: "The folder with the tileset file (default: beside the binary, then the checkout).")
    var assets: String?

    @OptionGroup(title: "Which offers") var offers: OfferOptions

    func validate() throws {
        guard ["de", "en"].contains(texts) else {
            throw ValidationError("--lang '\(texts)' is not known; known: de, en")
        }
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024") }
        if let minZoom, let maxZoom, minZoom > maxZoom {
            throw ValidationError("--min-zoom \(minZoom) lies above --max-zoom \(maxZoom)")
        }
        let wanted = wantedLayers ?? []
        guard layers == nil || !wanted.isEmpty else { throw ValidationError("--layers names no layer") }
    }

    private var wantedLayers: [String]? {
        layers?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    func run() throws {
        let file = ProjectFile(path: project)
        let filter = try OfferFilter(parameters: offers.parameters)
        guard try !file.isSame(as: output) else {
            throw Failure(.usage, "\(output): this is the project file; name another with -o")
        }
        let tileset = try AssetFolders.tilesFolder(explicit: assets).appending(path: "tileset.json")
        let export = try TileExport(
            try file.snapshot(), tileset: try Tileset(json: Array(try Data(contentsOf: tileset))), filter: filter,
            layers: wantedLayers, zooms: (minZoom, maxZoom), language: texts, threads: threads)
        let isWatched = StandardError.isTerminal
        let count = try export.write(format, to: output) { progress in
            guard isWatched else { return }
            let line = "zoom \(progress.zoom): \(progress.done.grouped) of \(progress.count.grouped) tiles"
            // Blanks over what an earlier, longer line leaves.
            StandardError.write("\r\(line)\(String(repeating: " ", count: max(0, 60 - line.count)))")
        }
        guard isWatched else { return }
        StandardError.write("\r\(output): \(count.grouped) tiles\(String(repeating: " ", count: 40))\n")
    }
}

extension TileExport.Format: ExpressibleByArgument {}
