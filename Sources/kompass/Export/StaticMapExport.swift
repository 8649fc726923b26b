internal import NetworkModel
internal import Server

/// Writes the whole public map to a folder.
struct StaticMapExport {
    let options: TileOptions
    let languages: [String]?
    let publicURL: String?
    let folder: String

    /// Writes the folder, with progress on a terminal.
    func write(_ snapshot: Snapshot) throws {
        let assets = try AssetFolders(explicit: options.assets)
        let export = try StaticExport(
            snapshot, assets: assets.tiles, maplibre: assets.maplibre, languages: languages, publicURL: publicURL,
            threads: options.threads)
        let report = ArchiveReport(output: folder)
        let count = try export.write(to: folder, begun: report.begun) { progress in
            switch progress {
            case .archive(let progress): report.progress(progress)
            case .pages(let done, let count): report.progress("pages", done: done, of: count)
            }
        }
        report.end("\(count.grouped) files")
    }
}
