import Analysis
import Geometry
import Logging
import NIOCore
import NetworkModel

/// All that answering needs: shared by every request, safe from any thread.
struct Site: Sendable {
    let publicURL: BaseURL?
    let trustsForwarding: Bool
    /// Whose pages may show the map's embedded form.
    let frameAncestors: FrameAncestors
    let current: CurrentSnapshot
    let assets: AssetCatalogue
    let pages: PageRenderer
    /// For tiles, documents and records.
    let workers: Workers
    /// For analyses, which may take long: tiles never wait behind them.
    let analysts: Workers
    /// Takes coordinates to other CRSs and back.
    let coordinates: CoordinateExchange
    let clients: ClientRegistry
    let metrics: RequestMetrics
    let logger: Logger

    /// Answers a route.
    func answer(_ exchange: Exchange) async throws -> Answer {
        switch exchange.route {
        case .map: try await map(exchange)
        case .page(let page): try await publicPage(page, exchange)
        case .robots: robots(exchange)
        case .mapData(let data): try await mapData(data, exchange)
        case .serviceWorker: try serviceWorker()
        case .asset(let path): try asset(path, exchange)
        case .style: try await style(exchange)
        case .tileJSON: try await tileJSON(exchange)
        case .tile(let zoom, let column, let row):
            try await tile(try TilePosition(zoom: zoom, column: column, row: row), exchange)
        case .tilesetTile(let collection, let tileMatrixSet, let tileMatrix, let tileRow, let tileCol):
            try await tile(
                try TilePosition(zoom: tileMatrix, column: tileCol, row: tileRow, in: .ogc),
                of: try Tiling(collection: collection, tileMatrixSet: tileMatrixSet, in: exchange.served), exchange)
        case .tileset(let collection, let tileMatrixSet):
            try await tileset(
                try Tiling(collection: collection, tileMatrixSet: tileMatrixSet, in: exchange.served), exchange)
        case .landing, .conformance, .collections, .collection, .queryables, .schema, .tilesets, .tileMatrixSets,
            .tileMatrixSet, .vocabulary, .glossary, .definitions:
            try await document(exchange)
        case .openAPI: try await openAPI(exchange)
        case .changes: try await changes(exchange)
        case .changeFeed: try await changeFeed(exchange)
        case .catalogue: try await catalogue(exchange)
        case .humanServices: try await humanServices(exchange)
        case .sitemap(let part): try await sitemap(part, exchange)
        case .items(let id): try await items(try exchange.served.collection(id), exchange)
        case .archive: try await archive(exchange)
        case .export(let id): try await export(try exchange.served.collection(id), exchange)
        case .item(let id, let feature): try await item(feature, try exchange.served.collection(id), exchange)
        case .analysis(let question): try await analysis(question, exchange)
        case .rural: try await rural(exchange)
        case .live: live()
        case .ready: ready()
        case .metrics: metricsText()
        }
    }

    /// The threads for a request: those for analyses where it asks for one, or for a condition, which can take as long.
    func workers(of exchange: Exchange) -> Workers {
        guard exchange.query[OfferFilter.expressionName] == nil else { return analysts }
        return switch exchange.route {
        case .analysis, .rural: analysts
        case .page(let page): page.isAnalysis ? analysts : workers
        case .items where exchange.query[QueryParameter.condition.name] != nil: analysts
        case .export: analysts
        case .items(let id), .item(let id, _), .schema(let id), .queryables(let id):
            exchange.served.collections.first { $0.id == id }?.question == nil ? workers : analysts
        default: workers
        }
    }

    /// The representation that a key names: the cached one, else one made now, off the event loops.
    ///
    /// The cache belongs to one snapshot; the key names the base of links, the resource and its variant.
    func representation(
        _ exchange: Exchange, variant: String, mediaType: String, isWeak: Bool = false, isCompressible: Bool = true,
        make: @escaping @Sendable (Cancellation) throws -> [UInt8]
    ) async throws -> Representation {
        let served = exchange.served
        let key = "\(served.version) \(exchange.base)\(variant)"
        if let known = served.representations.value(for: key) { return known }
        return try await workers(of: exchange).run(for: exchange.client) { cancellation in
            // Whoever waited behind the same question finds its answer.
            if let known = served.representations.value(for: key) { return known }
            let result = Representation(
                ByteBuffer(bytes: try make(cancellation)), mediaType: mediaType,
                tag: isWeak ? served.tag(of: key) : nil,
                isCompressible: isCompressible)
            served.representations.insert(result, for: key, cost: result.cost + key.utf8.count)
            return result
        }
    }
}
