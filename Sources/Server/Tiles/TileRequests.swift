import Analysis
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
        let request = try exchange.tileQuery(of: "") { () throws(Problem) in
            try TileQuery(exchange, known: ["v"])
        }
        return try await tile(position, request, exchange)
    }

    /// One tile of some layers and offers.
    func tile(_ position: TilePosition, _ request: TileQuery, _ exchange: Exchange) async throws -> Answer {
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
            let work = TileWork(served: served, address: position.address(in: served.tiles.tileset), request: request)
            let keep: @Sendable ([UInt8]) -> Representation = { bytes in
                let made = Representation(ByteBuffer(bytes: bytes), mediaType: MediaTypes.vectorTile)
                served.tileCache.insert(made, for: key, cost: made.cost + key.question.utf8.count)
                return made
            }
            if let bytes = try work.lightBytes() {
                result = keep(bytes)
            } else {
                result = try await (request.questions.isEmpty ? workers(of: exchange) : analysts)
                    .run(for: exchange.client) { keep(try work.bytes($0)) }
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
        ) { cancellation in
            // What tiles would refuse is refused here, not handed on in their addresses.
            _ = try served.offers(matching: request.filter, cancellation: cancellation)
            try served.tileAnswers.check(request.questions)
            let query = QueryParameters.encode([("v", served.tileVersion)] + request.parameters)
            return try served.tiles.tileJSON(
                urls: ["\(exchange.base)/tiles/kompass/{z}/{x}/{y}.mvt?\(query)"], attribution: served.attribution,
                layers: request.layers, figures: request.figures, clusters: request.clusters, language: language)
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept-Language"])
    }
}

extension Exchange {
    /// What a request for a tile asks for, read once for all tiles with the same query.
    ///
    /// - Parameter tileset: What tells tilesets apart that read their queries in different ways.
    func tileQuery(of tileset: String, read: () throws(Problem) -> TileQuery) throws(Problem) -> TileQuery {
        let key = "\(tileset)?\(query.text)"
        // Beyond ASCII equal strings can be spelt differently.
        guard key.utf8.allSatisfy({ $0 < 0x80 }) else { return try read() }
        if let known = served.tileQueries.value(for: key) { return known }
        let request = try read()
        served.tileQueries.insert(request, for: key, cost: 1024 + 4 * key.utf8.count + request.filter.cost)
        return request
    }
}

/// What names a tile among those of one snapshot: the cache belongs to the snapshot, so no key names a version.
struct TileKey: Hashable, Sendable {
    let position: TilePosition
    /// What was asked for beside the place, in one fixed spelling.
    let question: String
}

/// The offers, layers and figures that a request for tiles asks for.
struct TileQuery: Sendable {
    let filter: OfferFilter
    /// The layers that are asked for; nil means all that are there by themselves.
    let layers: [String]?
    /// Whether the layers stand in an order of the request's; else it is the tileset's.
    let isOrdered: Bool
    /// Whether points that are near each other are drawn as one.
    let clusters: Clustering
    /// The figures that areas carry.
    let figures: Set<Tileset.FigureSet>
    /// What analyses are asked for it.
    let questions: TileQuestions
    /// The parameters in one fixed order.
    let parameters: [QueryParameters.Item]
    /// The parameters as a query: the same request, the same text.
    let canonical: String

    /// Reads the filter grammar, `layers`, `clusters`, `figures`, and where layers or figures are answers of an analysis its
    /// parameters; others that are known here are left to the caller.
    init(_ exchange: Exchange, known: [String]) throws(Problem) {
        try self.init(
            exchange, known: known + ["layers", "clusters", "figures"], layers: try Self.layers(exchange),
            wantsCoverage: try Self.wantsCoverage(exchange.query))
    }

    /// Reads what a tileset of OGC API Tiles takes: of one collection, or of the whole with `collections`, whose layers
    /// a tile then holds in the order in which they stand there.
    init(_ exchange: Exchange, collection: FeatureCollection?, known: [String]) throws(Problem) {
        if let collection {
            try self.init(
                exchange, known: known + (collection.hasClusters ? ["clusters"] : []), layers: [collection.id],
                takesFilter: collection.dependsOnOffers)
        } else {
            try self.init(
                exchange, known: known + ["collections", "clusters"], layers: try Self.collections(exchange),
                isOrdered: true)
        }
    }

    /// Reads the filter and what the layers and figures ask for.
    ///
    /// - Parameter takesFilter: whether the offers can be chosen; what depends on none takes no filter for them, rather
    ///   than to pass over it.
    private init(
        _ exchange: Exchange, known: [String], layers: [String]?, isOrdered: Bool = false, takesFilter: Bool = true,
        wantsCoverage: Bool = false
    ) throws(Problem) {
        let query = exchange.query
        var asked: [(content: Tileset.Content, question: AnalyticalQuestion)] = []
        if layers?.contains(Tileset.Content.gaps.rawValue) == true { asked.append((.gaps, .gaps)) }
        if layers?.contains(Tileset.Content.access.rawValue) == true { asked.append((.access, .access)) }
        // The level of figures is that of the areas that carry them.
        let ofFigures = wantsCoverage ? AnalyticalQuestion.coverage.parameterNames.filter { $0 != "level" } : []
        let analytical = asked.flatMap(\.question.parameterNames) + ofFigures
        var names = known + (takesFilter ? OfferFilter.parameterNames : [])
        names += analytical.filter { !names.contains($0) }
        try query.require(only: names)
        filter = try exchange.offerFilter()
        var questions = TileQuestions()
        for (content, question) in asked {
            questions.rows[content] = try AnalyticalQuery(
                question, QueryParameters(query.picking(question.parameterNames)))
        }
        if wantsCoverage {
            let items = query.picking(ofFigures)
            questions.coverage = [
                .districts: try AnalyticalQuery(.coverage, QueryParameters(items)),
                .municipalities: try AnalyticalQuery(
                    .coverage, QueryParameters(items + [("level", AreaLevel.municipality.rawValue)])),
            ]
        }
        self.layers = layers
        self.isOrdered = isOrdered
        self.questions = questions
        figures = wantsCoverage ? [.rural, .coverage] : [.rural]
        var parameters = filter.parameters
        if let layers { parameters.append(("layers", layers.joined(separator: ","))) }
        clusters = try Self.clustering(query)
        if clusters == .excluded { parameters.append(("clusters", "exclude")) }
        if wantsCoverage { parameters.append(("figures", Tileset.FigureSet.coverage.rawValue)) }
        let given =
            asked.compactMap { questions.rows[$0.content]?.items } + [questions.coverage[.districts]?.items ?? []]
        for item in given.joined() where !parameters.contains(where: { $0.name == item.name }) {
            parameters.append(item)
        }
        self.parameters = parameters
        canonical = QueryParameters.encode(parameters)
    }

    private static func clustering(_ query: QueryParameters) throws(Problem) -> Clustering {
        guard let text = query["clusters"], !text.isEmpty else { return .declared }
        guard text == "exclude" else {
            throw Problem(
                .badRequest, "parameter 'clusters' has the value '\(text.clipped)'; expected 'exclude'",
                parameter: "clusters")
        }
        return .excluded
    }

    /// Whether districts and municipalities carry the figures of coverage.
    private static func wantsCoverage(_ query: QueryParameters) throws(Problem) -> Bool {
        guard let text = query["figures"], !text.isEmpty else { return false }
        guard text == Tileset.FigureSet.coverage.rawValue else {
            throw Problem(
                .badRequest, "parameter 'figures' has the value '\(text.clipped)'; expected 'coverage'",
                parameter: "figures")
        }
        return true
    }

    /// The collections that are asked for, each once, in the order in which they stand.
    private static func collections(_ exchange: Exchange) throws(Problem) -> [String]? {
        guard let text = exchange.query["collections"], !text.isEmpty else { return nil }
        let tiled = exchange.served.tiledCollections.map(\.id)
        var wanted: [String] = []
        for name in text.split(separator: ",").map({ String($0.trimmed) }) where !wanted.contains(name) {
            guard tiled.contains(name) else {
                throw Problem(
                    .badRequest,
                    """
                    parameter 'collections': '\(name.clipped)' is no collection with tiles; there are \
                    \(tiled.joined(separator: ", "))
                    """, parameter: "collections")
            }
            wanted.append(name)
        }
        return wanted.isEmpty ? nil : wanted
    }

    private static func layers(_ exchange: Exchange) throws(Problem) -> [String]? {
        guard let text = exchange.query["layers"], !text.isEmpty else { return nil }
        let all = exchange.served.tiles.tileset.layerNames
        let wanted = text.split(separator: ",").map { String($0.trimmed) }
        if let unknown = wanted.first(where: { !all.contains($0) }) {
            throw Problem(
                .badRequest,
                "parameter 'layers': '\(unknown.clipped)' is no layer; known: \(all.joined(separator: ", "))",
                parameter: "layers")
        }
        return wanted.isEmpty ? nil : all.filter(wanted.contains)
    }
}

extension AnalyticalQuestion {
    /// The names of the parameters that its rows depend on.
    fileprivate var parameterNames: [String] { collectionParameters.map(\.name) }
}
