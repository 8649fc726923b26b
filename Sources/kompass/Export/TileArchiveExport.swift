internal import Foundation
internal import NetworkModel
internal import Server
internal import Store
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
        let isWatched = StandardError.isTerminal
        let count = try export.write(format, to: output, begun: tell) { progress in
            guard isWatched else { return }
            let percent = progress.count > 0 ? 100 * progress.done / progress.count : 100
            let share = "\(progress.done.grouped) of \(progress.count.grouped) tiles, \(percent) %"
            let line = "zoom \(progress.zoom): \(share)"
            // Blanks over what an earlier, longer line leaves.
            StandardError.write("\r\(line)\(String(repeating: " ", count: max(0, 60 - line.count)))")
        }
        guard isWatched else { return }
        StandardError.write("\r\(output): \(count.grouped) tiles\(String(repeating: " ", count: 40))\n")
    }

    /// Says what an earlier export has left; where it has left nothing, nothing.
    private func tell(_ beginning: TileJournal.Beginning) {
        switch beginning {
        case .new: break
        case .resumed: StandardError.write("\(output): goes on where an earlier export ended\n")
        case .other:
            StandardError.write(
                "\(output).partial: was of other data, tileset, layers, zooms or offers; everything is made anew\n")
        }
    }
}
