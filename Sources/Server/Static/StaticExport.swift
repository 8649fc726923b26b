import Analysis
import Foundation
import HTTPTypes
import Logging
import NIOCore
public import NetworkModel
public import Store
import VectorTiles

/// Writes the public map as a folder of files that any host of files can serve, under any path, without this program:
/// the map and every other public page in each language, scripts and style, the archive of tiles, and the data that the
/// browser filters.
///
/// Every link leads from file to file. The map's pages are written last, so that a folder with one has all that it
/// needs; a killed export is taken up by the next one, the archive where it ended. Blocks; call it off the event loops.
public struct StaticExport: Sendable {
    private let site: Site
    private let pages: PageRenderer
    private let publicURL: BaseURL?
    private let archive: TileExport
    private let work: ParallelWork

    /// The file that says what an export has written: only a folder with it is written to again.
    static let manifest = "kompass-export.json"
    /// Where the archive stands in the folder; `Tiles/js/static.js` looks for it there.
    static let archivePath = "tiles/kompass.pmtiles"
    /// What the browser needs of the files under `/assets`.
    private static let assetFolders = ["css/", "js/", "locales/", "maplibre/"]
    /// So many pages are made between two reports of progress.
    private static let batchSize = 128

    /// How far an export is.
    public enum Progress: Sendable, Hashable {
        /// The archive of tiles, which is made first.
        case archive(TileExport.Progress)
        /// The pages.
        case pages(done: Int, count: Int)
    }

    /// Prepares the map.
    ///
    /// - Parameters:
    ///   - assets: the folder `Tiles/`.
    ///   - maplibre: the folder with MapLibre's two files.
    ///   - languages: the tags of the languages of its pages, nil for all; German always is one.
    ///   - publicURL: where the folder will stand, nil where that is not known: then pages state no absolute address.
    ///   - threads: how many tiles and pages are made at once, nil for one per core.
    /// - Throws: `ServerError` for what is missing; `StaticExportError.unknownLanguage`, `TileError`.
    public init(
        _ snapshot: Snapshot, assets: String, maplibre: String, languages: [String]? = nil, publicURL: String? = nil,
        threads: Int?
    ) throws {
        let server = try KompassServer(
            configuration: ServerConfiguration(publicURL: publicURL, assets: assets, maplibre: maplibre),
            source: SnapshotSource(changeToken: { 0 }, load: { snapshot }),
            logger: Logger(label: "kompass") { _ in SwiftLogNoOpLogHandler() })
        site = server.site
        self.publicURL = site.publicURL
        let known = site.pages.languages
        if let unknown = languages?.first(where: { !known.contains($0) }) {
            throw StaticExportError.unknownLanguage(unknown, known: known)
        }
        pages = site.pages.speaking(languages.map { [Localized.languages[0]] + $0 } ?? known)
        archive = try TileExport(
            snapshot, tileset: site.assets.tileset, filter: OfferFilter(), layers: nil, figures: [.rural, .coverage],
            zooms: (nil, nil), language: Localized.languages[0], threads: threads)
        work = ParallelWork(threads: threads ?? NIOCore.System.coreCount)
    }

    /// Writes the folder; returns how many files it holds.
    ///
    /// - Parameters:
    ///   - begun: called once, when it is known what an earlier export has left of the archive.
    ///   - progress: called now and then, on the calling thread.
    /// - Throws: `StaticExportError`, `StoreError`; `ExportError.empty` where no tile holds anything.
    public func write(
        to path: String, begun: (TileJournal.Beginning) -> Void = { _ in }, progress: (Progress) -> Void = { _ in }
    ) throws -> Int {
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let older = try Self.files(of: folder)
        let (contents, pages) = (try contents(), written)
        let files = (contents.map(\.path) + pages.map(\.path) + [Self.archivePath]).sorted()
        try note(Array(Set(older + files)).sorted(), isWhole: false, in: folder)
        for file in contents { try Self.write(file.bytes, to: file.path, in: folder) }
        try Self.makeFolder(of: Self.archivePath, in: folder)
        _ = try archive.write(.pmtiles, to: folder.appending(path: Self.archivePath).path, begun: begun) {
            progress(.archive($0))
        }
        for start in stride(from: 0, to: pages.count, by: Self.batchSize) {
            progress(.pages(done: start, count: pages.count))
            let batch = pages[start..<min(start + Self.batchSize, pages.count)]
            _ = try work.map(batch.count) { position in
                let page = batch[batch.startIndex + position]
                try Self.write(try bytes(page), to: page.path, in: folder)
            }
        }
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
            let document = try exchange(route, "data/").document(language: "de", format: .json, filter: OfferFilter())
            let members = document.json.members.filter { $0.0 != "links" }
            files.append(("data/\(route == .glossary ? "glossary" : "vocabulary").json", JSON.object(members).bytes))
        }
        // A network whose data give no index has none in its copy either.
        if let rural = try? served.rural(.district, .never) {
            files.append(("data/rural.json", rural.json(links: nil)))
        }
        let coverage = try served.analyst.answer(try AnalyticalQuery(.coverage, QueryParameters()))
        files.append(("data/coverage.json", coverage.json()))
        let sources = (site.assets.style["sources"] ?? .object([]))
            .setting("kompass", to: ["type": "vector", "url": "archive://kompass.json"])
        files.append(("styles/kompass.json", site.assets.style.setting("sources", to: sources).bytes))
        for path in site.assets.paths where Self.assetFolders.contains(where: path.hasPrefix) {
            guard path != "js/service-worker.js", let file = site.assets[path] else { continue }
            files.append(("assets/\(path)", Array(file.plain.readableBytesView)))
        }
        if let publicURL { files += filesOfHost(publicURL) }
        return files
    }

    /// What cannot be made without knowing where the folder will stand: the page that hosts answer with where nothing is, at whatever
    /// depth, and the addresses of the pages for search engines.
    private func filesOfHost(_ publicURL: BaseURL) -> [File] {
        let exchange = exchange(.page(.absent), base: BaseURL(below: publicURL))
        let frame = PageFrame(nil, exchange, pages, language: Localized.languages[0])
        let sitemap = Sitemap(
            folderAt: publicURL.description, pages: [nil] + subjects, languages: pages.languages)
        var files: [File] = [("404.html", pages.absent(frame))]
        guard sitemap.parts > 1 else { return files + [("sitemap.xml", sitemap.part(1))] }
        files.append(("sitemap.xml", sitemap.index))
        for part in 1...sitemap.parts { files.append(("sitemap-\(part).xml", sitemap.part(part))) }
        return files
    }

    // MARK: - Pages

    /// A page of the folder; `page` is nil for the map.
    private typealias Page = (page: PublicPage?, language: String, path: String)

    /// The keys of the districts.
    private var districts: [String] {
        let districts = site.current.served.snapshot.districts
        return (0..<districts.count).compactMap { districts.identifiers[$0] }
    }

    /// What pages are about that there are in every language, the map aside.
    private var subjects: [PublicPage] {
        let snapshot = site.current.served.snapshot
        var all = districts.flatMap { [PublicPage.district($0), .sheet($0)] }
        all += (0..<snapshot.actors.count).compactMap { snapshot.actors.identifiers[$0].map(PublicPage.actor) }
        all += (0..<snapshot.offers.count).compactMap { snapshot.offers.identifiers[$0].map(PublicPage.offer) }
        return all + [.districts, .network, .glossary] + PublicPage.Duty.allCases.map(PublicPage.duty)
    }

    /// The pages in the order in which they are written, the map's last.
    private var written: [Page] {
        let (leading, all) = (Localized.languages[0], subjects)
        var result: [Page] = districts.map { (.image($0), leading, StaticPath.page(.image($0), in: leading)) }
        for language in pages.languages {
            result += all.map { ($0, language, StaticPath.page($0, in: language)) }
        }
        return result + pages.languages.map { (nil, $0, StaticPath.map(in: $0)) }
    }

    private func bytes(_ page: Page) throws -> [UInt8] {
        guard let subject = page.page else {
            let state = MapPageState(filter: OfferFilter(), way: nil, isEmbedded: false, language: page.language)
            return try pages.map(exchange(.map, page.path), state)
        }
        let frame = PageFrame(subject, exchange(.page(subject), page.path), pages, language: page.language)
        return try pages.publicPage(subject, NetworkChoice(), frame, cancellation: .never)
    }

    /// What a file is made from, as if it had been asked for.
    private func exchange(_ route: Route, _ path: String) -> Exchange {
        exchange(route, base: BaseURL(depth: StaticPath.depth(of: path), publicURL: publicURL))
    }

    private func exchange(_ route: Route, base: BaseURL) -> Exchange {
        Exchange(
            head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/"), route: route,
            query: QueryParameters(), base: base, served: site.current.served, client: ClientPresence())
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
    /// The pages have no such language.
    case unknownLanguage(String, known: [String])

    /// Whether the command line is wrong, not the data or the disk.
    public var isUsage: Bool {
        if case .unknownLanguage = self { true } else { false }
    }

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .foreignFolder(let path):
            "\(path): holds files, but no \(StaticExport.manifest) of an earlier export; name a new or empty folder"
        case .unwritable(let path, let reason): "\(path): cannot be written (\(reason))"
        case .unknownLanguage(let tag, let known):
            "the pages have no language '\(tag)'; they have \(known.joined(separator: ", "))"
        }
    }
}
