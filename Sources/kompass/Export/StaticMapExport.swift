internal import NetworkModel
internal import Server

/// Writes the whole public map to a folder.
struct StaticMapExport {
    let options: TileOptions
    let folder: String

    /// Writes the folder, with progress on a terminal.
    func write(_ snapshot: Snapshot) throws {
        let assets = try AssetFolders(explicit: options.assets)
        let export = try StaticExport(
            snapshot, assets: assets.tiles, maplibre: assets.maplibre, threads: options.threads)
        let report = ArchiveReport(output: folder)
        let count = try export.write(to: folder, begun: report.begun, progress: report.progress)
        report.end("\(count) files")
    }
}
