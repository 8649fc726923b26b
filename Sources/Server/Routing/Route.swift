import HTTPTypes

/// A resource of the server, read from a path. The set is closed: what is no case is 404.
enum Route: Hashable, Sendable {
    /// The public map.
    case map
    /// Another public page.
    case page(PublicPage)
    /// What crawlers are told.
    case robots
    /// What the map's page reads once: offers, the network or places.
    case mapData(MapData)
    /// The script that keeps pages readable offline. At the root, since it governs what lies below its own path.
    case serviceWorker
    /// A static file under `Tiles/` or of MapLibre.
    case asset(String)
    /// The map style.
    case style
    /// The TileJSON of the tileset.
    case tileJSON
    /// One tile, its numbers as the path spells them.
    case tile(zoom: String, column: String, row: String)
    /// The landing page of the API.
    case landing
    /// The conformance classes.
    case conformance
    /// The OpenAPI document.
    case openAPI
    /// All collections.
    case collections
    /// One collection.
    case collection(String)
    /// The features of a collection.
    case items(String)
    /// A collection as a file.
    case export(String)
    /// Several collections as files in one archive.
    case archive
    /// One feature.
    case item(String, feature: String)
    /// What a collection's features can be selected by.
    case queryables(String)
    /// The properties of a collection's features.
    case schema(String)
    /// The tilesets of the whole, or of a collection.
    case tilesets(collection: String?)
    /// The tileset in a tile matrix set.
    case tileset(collection: String?, tileMatrixSet: String)
    /// One tile of a tileset, its numbers as the path spells them.
    case tilesetTile(collection: String?, tileMatrixSet: String, tileMatrix: String, tileRow: String, tileCol: String)
    /// The tile matrix sets.
    case tileMatrixSets
    /// One tile matrix set.
    case tileMatrixSet(String)
    /// Vocabulary keys with names and counts.
    case vocabulary
    /// Terms with explanations.
    case glossary
    /// What the analyses compute, in words.
    case definitions
    /// What changed since a data version.
    case changes
    /// The newest changes as a feed.
    case changeFeed
    /// The collections as a catalogue of data sets.
    case catalogue
    /// Organisations, services and places as others exchange them.
    case humanServices
    /// The addresses of the pages, or one list of them.
    case sitemap(part: String?)
    /// The answer to an analytical question.
    case analysis(AnalyticalQuestion)
    /// The rural index and the degree of urbanisation.
    case rural
    /// Whether the process runs.
    case live
    /// Whether the process can answer.
    case ready
    /// Figures for monitoring.
    case metrics

    /// Reads a path; nil where there is nothing of that name.
    ///
    /// One slash at the end is passed over, so that `/api/` is `/api`. Components are decoded one by one: an escaped
    /// slash stays inside its component.
    /// - Throws: a problem of status 400 where the path is not percent-encoded UTF-8.
    static func parse(_ path: some StringProtocol) throws(Problem) -> Route? {
        guard path.first == "/" else { throw Problem(.badRequest, "the request's target must be a path") }
        var parts: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = PercentCoding.decode(part, plusIsSpace: false) else {
                throw Problem(.badRequest, "the path is not percent-encoded UTF-8")
            }
            parts.append(decoded)
        }
        if parts.last?.isEmpty == true, parts.first != "assets" { parts.removeLast() }
        switch parts.first {
        case nil: return .map
        case "assets": return .asset(parts.dropFirst().joined(separator: "/"))
        case "api": return api(Array(parts.dropFirst()))
        case "tiles": return tiles(Array(parts.dropFirst()))
        case "data": return parts.count == 2 ? MapData(file: parts[1]).map(Route.mapData) : nil
        default: break
        }
        if parts.count == 1, parts[0].hasPrefix("sitemap-"), parts[0].hasSuffix(".xml") {
            return .sitemap(part: String(parts[0].dropFirst(8).dropLast(4)))
        }
        return switch parts {
        case ["sitemap.xml"]: .sitemap(part: nil)
        case ["robots.txt"]: .robots
        case ["service-worker.js"]: .serviceWorker
        case ["styles", "kompass.json"]: .style
        case ["health", "live"]: .live
        case ["health", "ready"]: .ready
        case ["metrics"]: .metrics
        default: PublicPage(parts).map { .page($0) }
        }
    }

    private static func tiles(_ parts: [String]) -> Route? {
        if parts == ["kompass.json"] { return .tileJSON }
        guard parts.count == 4, parts[0] == "kompass", parts[3].hasSuffix(".mvt") else { return nil }
        return .tile(zoom: parts[1], column: parts[2], row: String(parts[3].dropLast(4)))
    }

    private static func api(_ parts: [String]) -> Route? {
        switch parts {
        case []: return .landing
        case ["conformance"]: return .conformance
        case ["openapi.json"]: return .openAPI
        case ["vocabulary"]: return .vocabulary
        case ["glossary"]: return .glossary
        case ["definitions"]: return .definitions
        case ["changes"]: return .changes
        case ["changes.atom"]: return .changeFeed
        case ["catalogue"]: return .catalogue
        case ["hsds"]: return .humanServices
        case ["rural"]: return .rural
        case ["collections"]: return .collections
        case ["export"]: return .archive
        case ["tileMatrixSets"]: return .tileMatrixSets
        default: break
        }
        if parts[0] == "tiles" { return tilesets(of: nil, Array(parts.dropFirst())) }
        if parts.count == 2, parts[0] == "tileMatrixSets" { return .tileMatrixSet(parts[1]) }
        if parts.count == 1 {
            return AnalyticalQuestion(rawValue: parts[0]).flatMap { $0.isRoute ? .analysis($0) : nil }
        }
        guard parts.count >= 2, parts[0] == "collections" else { return nil }
        let collection = parts[1]
        switch Array(parts.dropFirst(2)) {
        case []: return .collection(collection)
        case ["items"]: return .items(collection)
        case ["export"]: return .export(collection)
        case ["queryables"]: return .queryables(collection)
        case ["schema"]: return .schema(collection)
        case let rest where rest[0] == "tiles": return tilesets(of: collection, Array(rest.dropFirst()))
        case let rest where rest[0] == "items":
            // Identifiers of links hold slashes, which some clients do not escape; nothing else lies below a feature.
            return .item(collection, feature: rest.dropFirst().joined(separator: "/"))
        default: return nil
        }
    }

    private static func tilesets(of collection: String?, _ parts: [String]) -> Route? {
        switch parts.count {
        case 0: .tilesets(collection: collection)
        case 1: .tileset(collection: collection, tileMatrixSet: parts[0])
        case 4:
            .tilesetTile(
                collection: collection, tileMatrixSet: parts[0], tileMatrix: parts[1], tileRow: parts[2],
                tileCol: parts[3])
        default: nil
        }
    }

    /// The path with its variable parts by name: what logs and metrics say, so that they name no record and no place.
    var template: String {
        switch self {
        case .map: "/"
        case .page(let page): page.template
        case .robots: "/robots.txt"
        case .mapData(let data): "/data/\(data.file)"
        case .serviceWorker: "/service-worker.js"
        case .asset: "/assets/{path}"
        case .style: "/styles/kompass.json"
        case .tileJSON: "/tiles/kompass.json"
        case .tile: "/tiles/kompass/{z}/{x}/{y}.mvt"
        case .landing: "/api"
        case .conformance: "/api/conformance"
        case .openAPI: "/api/openapi.json"
        case .collections: "/api/collections"
        case .collection: "/api/collections/{collection}"
        case .items: "/api/collections/{collection}/items"
        case .export: "/api/collections/{collection}/export"
        case .archive: "/api/export"
        case .item: "/api/collections/{collection}/items/{feature}"
        case .queryables: "/api/collections/{collection}/queryables"
        case .schema: "/api/collections/{collection}/schema"
        case .tilesets(let collection): Self.tilesTemplate(collection)
        case .tileset(let collection, _): "\(Self.tilesTemplate(collection))/{tileMatrixSetId}"
        case .tilesetTile(let collection, _, _, _, _):
            "\(Self.tilesTemplate(collection))/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"
        case .tileMatrixSets: "/api/tileMatrixSets"
        case .tileMatrixSet: "/api/tileMatrixSets/{tileMatrixSetId}"
        case .vocabulary: "/api/vocabulary"
        case .glossary: "/api/glossary"
        case .definitions: "/api/definitions"
        case .changes: "/api/changes"
        case .changeFeed: "/api/changes.atom"
        case .catalogue: "/api/catalogue"
        case .humanServices: "/api/hsds"
        case .sitemap(part: nil): "/sitemap.xml"
        case .sitemap: "/sitemap-{part}.xml"
        case .analysis(let question): "/api/\(question.rawValue)"
        case .rural: "/api/rural"
        case .live: "/health/live"
        case .ready: "/health/ready"
        case .metrics: "/metrics"
        }
    }

    private static func tilesTemplate(_ collection: String?) -> String {
        collection == nil ? "/api/tiles" : "/api/collections/{collection}/tiles"
    }

    /// Whether answers hold absolute links. The others can be asked for without a host, as simple probes do.
    var writesLinks: Bool {
        switch self {
        case .mapData, .serviceWorker, .asset, .tile, .tilesetTile, .live, .ready, .metrics: false
        default: true
        }
    }

    /// Whether a query that cannot be read is refused. Pages and files pass over it.
    var readsQueryStrictly: Bool { template.hasPrefix("/api") || template.hasPrefix("/tiles") }
}
