import Analysis
import Foundation
import HTTPTypes
import Logging
import NIOCore
public import NetworkModel
public import Store
import VectorTiles

/// Writes the public map as a folder of files that any host of files can serve, under any path, without this program:
/// a page for each language, scripts and style, the archive of tiles, and the data that the browser filters.
///
/// Every link leads from file to file. Pages are written last, so that a folder with a page has all that it needs; a
/// killed export is taken up by the next one, the archive where it ended. Blocks; call it off the event loops.
public struct StaticExport: Sendable {
    private let site: Site
    private let archive: TileExport

    /// The file that says what an export has written: only a folder with it is written to again.
    static let manifest = "kompass-export.json"
    /// Where the archive stands in the folder; `Tiles/js/static.js` looks for it there.
    static let archivePath = "tiles/kompass.pmtiles"
    /// What the browser needs of the files under `/assets`.
    private static let assetFolders = ["css/", "js/", "locales/", "maplibre/"]

    /// Prepares the map.
    ///
    /// - Parameters:
    ///   - assets: the folder `Tiles/`.
    ///   - maplibre: the folder with MapLibre's two files.
    ///   - threads: how many tiles are made at once, nil for one per core.
    /// - Throws: `ServerError` for what is missing; `TileError`.
    public init(_ snapshot: Snapshot, assets: String, maplibre: String, threads: Int?) throws {
        let server = try KompassServer(
            configuration: ServerConfiguration(assets: assets, maplibre: maplibre),
            source: SnapshotSource(changeToken: { 0 }, load: { snapshot }),
            logger: Logger(label: "kompass") { _ in SwiftLogNoOpLogHandler() })
        site = server.site
        archive = try TileExport(
            snapshot, tileset: site.assets.tileset, filter: OfferFilter(), layers: nil, zooms: (nil, nil),
            language: Localized.languages[0], threads: threads)
    }

    /// The file of the map's page in a language.
    static func page(in language: String) -> String {
        language == Localized.languages[0] ? "index.html" : "\(language)/index.html"
    }

    /// Writes the folder; returns how many files it holds.
    ///
    /// - Parameters:
    ///   - begun: called once, when it is known what an earlier export has left of the archive.
    ///   - progress: of the archive, called now and then, on the calling thread.
    /// - Throws: `StaticExportError`, `StoreError`; `ExportError.empty` where no tile holds anything.
    public func write(
        to path: String, begun: (TileJournal.Beginning) -> Void = { _ in },
        progress: (TileExport.Progress) -> Void = { _ in }
    ) throws -> Int {
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let older = try Self.files(of: folder)
        let (contents, pages) = (try contents(), try pages())
        let files = (contents.map(\.path) + pages.map(\.path) + [Self.archivePath]).sorted()
        try note(Array(Set(older + files)).sorted(), isWhole: false, in: folder)
        for file in contents { try Self.write(file.bytes, to: file.path, in: folder) }
        try Self.makeFolder(of: Self.archivePath, in: folder)
        _ = try archive.write(
            .pmtiles, to: folder.appending(path: Self.archivePath).path, begun: begun, progress: progress)
        for file in pages { try Self.write(file.bytes, to: file.path, in: folder) }
        for path in older where !files.contains(path) {
            try? FileManager.default.removeItem(at: folder.appending(path: path))
        }
        try note(files, isWhole: true, in: folder)
        return files.count + 1
    }

    private typealias File = (path: String, bytes: [UInt8])

    /// Everything but pages and archive.
    private func contents() throws -> [File] {
        let served = site.current.served
        var files: [File] = MapData.allCases.map { ("data/\($0.file)", $0.bytes(served)) }
        for route in [Route.vocabulary, .glossary] {
            let document = try exchange(route, depth: 0).document(language: "de", format: .json, filter: OfferFilter())
            let members = document.json.members.filter { $0.0 != "links" }
            files.append(("data/\(route == .glossary ? "glossary" : "vocabulary").json", JSON.object(members).bytes))
        }
        // A network whose data give no index has none in its copy either.
        if let rural = try? served.rural(.district, .never) {
            files.append(("data/rural.json", rural.json(links: nil)))
        }
        let sources = (site.assets.style["sources"] ?? .object([]))
            .setting("kompass", to: ["type": "vector", "url": "archive://kompass.json"])
        files.append(("styles/kompass.json", site.assets.style.setting("sources", to: sources).bytes))
        for path in site.assets.paths where Self.assetFolders.contains(where: path.hasPrefix) {
            guard path != "js/service-worker.js", let file = site.assets[path] else { continue }
            files.append(("assets/\(path)", Array(file.plain.readableBytesView)))
        }
        return files
    }

    /// A page for each language.
    private func pages() throws -> [File] {
        try site.pages.languages.map { language in
            let path = Self.page(in: language)
            let exchange = exchange(.map, depth: path.split(separator: "/").count - 1)
            let state = MapPageState(filter: OfferFilter(), way: nil, isEmbedded: false, language: language)
            return (path, try site.pages.map(exchange, state))
        }
    }

    /// What a page is made from, as if it had been asked for.
    private func exchange(_ route: Route, depth: Int) -> Exchange {
        Exchange(
            head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/"), route: route,
            query: QueryParameters(), base: BaseURL(depth: depth), served: site.current.served,
            client: ClientPresence())
    }

    /// Writes the list of files.
    private func note(_ files: [String], isWhole: Bool, in folder: URL) throws {
        let manifest: JSON = [
            "data_version": .string(site.current.served.version), "is_whole": .bool(isWhole),
            "files": .array(files.map(JSON.string)),
        ]
        try Self.write(manifest.bytes, to: Self.manifest, in: folder)
    }

    /// The files that an earlier export has written to a folder; none where there is no folder yet.
    private static func files(of folder: URL) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path), !names.isEmpty else {
            return []
        }
        guard let bytes = try? Data(contentsOf: folder.appending(path: manifest)),
            let list = (try? JSONParser.parse(Array(bytes)))?["files"]
        else { throw StaticExportError.foreignFolder(folder.path) }
        // Whatever the list says, nothing outside the folder is touched.
        return list.elements.compactMap(\.text).filter { path in
            !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
        }
    }

    private static func makeFolder(of path: String, in folder: URL) throws(StaticExportError) {
        let parent = folder.appending(path: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(parent.path, reason: error.localizedDescription)
        }
    }

    /// Writes a file; under its name it is whole.
    private static func write(_ bytes: [UInt8], to path: String, in folder: URL) throws(StaticExportError) {
        try makeFolder(of: path, in: folder)
        let file = folder.appending(path: path)
        do {
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            throw .unwritable(file.path, reason: error.localizedDescription)
        }
    }
}

/// Why a folder is not written.
public enum StaticExportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder holds what no export has written.
    case foreignFolder(String)
    /// A file or folder cannot be written.
    case unwritable(String, reason: String)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .foreignFolder(let path):
            "\(path): holds files, but no \(StaticExport.manifest) of an earlier export; name a new or empty folder"
        case .unwritable(let path, let reason): "\(path): cannot be written (\(reason))"
        }
    }
}
