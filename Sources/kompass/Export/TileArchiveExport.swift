internal import Foundation
internal import NetworkModel
internal import Server
internal import VectorTiles

/// Writes the map's tiles to an archive.
struct TileArchiveExport {
    let options: TileOptions
    let offers: [(name: String, value: String)]
    let format: TileExport.Format
    let output: String

    /// Writes the archive, with progress on a terminal.
    func write(_ snapshot: Snapshot) throws {
        let tileset = try AssetFolders.tilesFolder(explicit: options.assets).appending(path: "tileset.json")
        let export = try TileExport(
            snapshot, tileset: try Tileset(json: Array(try Data(contentsOf: tileset))),
            filter: try OfferFilter(parameters: offers), layers: options.wantedLayers,
            clusters: options.clusters == nil ? .declared : .excluded,
            zooms: (options.minZoom, options.maxZoom), language: options.texts ?? "de", threads: options.threads)
        let report = ArchiveReport(output: output)
        let count = try export.write(format, to: output, begun: report.begun, progress: report.progress)
        report.end("\(count.grouped) tiles")
    }
}
