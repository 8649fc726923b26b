import HTTPTypes
import NetworkModel
import NIOCore
import VectorTiles

extension Site {
    /// One tile.
    ///
    /// A tile asked for with the current version in `v` never changes and may be kept for ever. With another version
    /// (a map that was open while the data changed) the current tile is answered, so that the map stays whole, but
    /// must not be kept: no tile is ever stored under a version that it is not of. Without a version it may be kept
    /// for a minute.
    func tile(_ position: TilePosition, _ exchange: Exchange) async throws -> Answer {
        let request = try TileQuery(exchange, known: ["v"])
        let served = exchange.served
        let caching: CachePolicy =
            switch exchange.query["v"] {
            case served.tileVersion?: .immutable
            case nil: .seconds(60)
            default: .noStore
            }
        let key = TileKey(position: position, question: request.canonical)
        let result: Representation
        if let known = served.tileCache.value(for: key) {
            result = known
        } else {
            result = try await workers.run {
                let bytes =
                    try position.address(in: served.tiles.tileset).map { address in
                        try served.tiles.tile(
                            address, offers: try served.offers(matching: request.filter), layers: request.layers)
                    } ?? []
                let made = Representation(ByteBuffer(bytes: bytes), mediaType: MediaTypes.vectorTile)
                served.tileCache.insert(made, for: key, cost: made.cost + key.question.utf8.count)
                return made
            }
        }
        guard result.plain.readableBytes > 0 else {
            // Later data may put something here, and that has encodings.
            var empty = Answer(.none, caching: caching, vary: ["Accept-Encoding"])
            empty.status = .noContent
            return empty
        }
        return Answer(.whole(result), caching: caching)
    }

    /// The TileJSON of the tileset; its tile URLs carry the data version and the filters of the request.
    func tileJSON(_ exchange: Exchange) async throws -> Answer {
        let request = try TileQuery(exchange, known: [QueryParameter.language.name])
        let language = try exchange.language()
        let served = exchange.served
        let result = try await representation(
            exchange, variant: "/tilejson?\(request.canonical) \(language)", mediaType: MediaTypes.json
        ) { _ in
            let query = QueryParameters.encode([("v", served.tileVersion)] + request.parameters)
            return try served.tiles.tileJSON(
                urls: ["\(exchange.base)/tiles/kompass/{z}/{x}/{y}.mvt?\(query)"], attribution: served.attribution,
                layers: request.layers, language: language)
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept-Language"])
    }
}

/// What names a tile among those of one snapshot: the cache belongs to the snapshot, so no key names a version.
struct TileKey: Hashable, Sendable {
    let position: TilePosition
    /// What was asked for beside the place, in one fixed spelling.
    let question: String
}

/// The offers and layers that a request for tiles asks for.
struct TileQuery: Sendable {
    let filter: OfferFilter
    /// The layers that are asked for, in the tileset's order; nil means all.
    let layers: [String]?

    /// Reads the filter grammar and `layers`; other parameters that are known here are left to the caller.
    init(_ exchange: Exchange, known: [String]) throws(Problem) {
        try exchange.query.require(only: known + ["layers"] + OfferFilter.parameterNames)
        filter = try exchange.offerFilter()
        guard let text = exchange.query["layers"], !text.isEmpty else {
            layers = nil
            return
        }
        let all = exchange.served.tiles.tileset.layerNames
        let wanted = text.split(separator: ",").map { String($0.trimmed) }
        if let unknown = wanted.first(where: { !all.contains($0) }) {
            throw Problem(
                .badRequest,
                "parameter 'layers': '\(unknown.clipped)' is no layer; known: \(all.joined(separator: ", "))",
                parameter: "layers")
        }
        layers = all.filter(wanted.contains)
    }

    /// The parameters in one fixed order.
    var parameters: [QueryParameters.Item] {
        filter.parameters + (layers.map { [("layers", $0.joined(separator: ","))] } ?? [])
    }

    /// The parameters as a query: the same request, the same text.
    var canonical: String { QueryParameters.encode(parameters) }
}
