internal import Foundation

/// Where the files for the browser are: told with `--assets`, else beside the binary, else in the checkout.
struct AssetFolders {
    /// Pages, style, scripts and locales.
    let tiles: String
    /// MapLibre GL JS, fetched at set-up.
    let maplibre: String

    /// Finds both folders.
    init(explicit: String?) throws(Failure) {
        let tiles = try Self.tilesFolder(explicit: explicit)
        let roots = Self.roots
        let libraries = ([tiles] + roots).flatMap {
            [$0.appending(path: "maplibre"), $0.appending(path: ".cache/maplibre")]
        }
        guard let maplibre = libraries.first(where: { Self.exists($0.appending(path: "maplibre-gl.js")) }) else {
            throw Failure(.data, "MapLibre GL JS is not there; fetch it with 'tools/install-dependencies run'")
        }
        self.tiles = tiles.path
        self.maplibre = maplibre.path
    }

    /// Finds the folder with pages, style, scripts, locales and the tileset file.
    static func tilesFolder(explicit: String?) throws(Failure) -> URL {
        let candidates = explicit.map { [URL(filePath: $0)] } ?? roots.map { $0.appending(path: "Tiles") }
        let page = "pages/map.mustache"
        guard let tiles = candidates.first(where: { exists($0.appending(path: page)) }) else {
            throw Failure(
                .data,
                "the files for the browser are not found (looked for \(page) in \(candidates.map(\.path).joined(separator: ", "))); "
                    + "name the folder Tiles with --assets")
        }
        return tiles
    }

    /// Where the folders may stand, the first choice first.
    private static var roots: [URL] {
        let executable = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        let beside = (Bundle.main.executableURL ?? executable).resolvingSymlinksInPath().deletingLastPathComponent()
        // An installed binary stands in PREFIX/bin, its files in PREFIX/share/kompass. In a checkout the binary stands
        // some folders below the one that holds Tiles/.
        var roots = [beside.appending(path: "../share/kompass").standardizedFileURL]
        var folder = beside
        for _ in 0..<6 {
            roots.append(folder)
            folder = folder.deletingLastPathComponent()
        }
        roots.append(URL(filePath: FileManager.default.currentDirectoryPath))
        return roots
    }

    private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
