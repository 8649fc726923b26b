import Analysis
import NetworkModel

/// A document of the API: what its JSON form holds and its HTML form shows.
struct APIDocument: Sendable {
    let title: String
    let description: String
    let links: [Link]
    /// All members in order, those above included.
    let json: JSON
    /// The media type of the JSON form.
    var mediaType = MediaTypes.json
}

extension Site {
    /// One of the documents that describe the API, as JSON or HTML.
    func document(_ exchange: Exchange) async throws -> Answer {
        let isFiltered = exchange.route == .vocabulary
        let filters = isFiltered ? OfferFilter.parameterNames : []
        try exchange.query.require(only: filters + [QueryParameter.format.name, QueryParameter.language.name])
        let filter = try exchange.offerFilter()
        let format = try exchange.format(json: exchange.route.jsonTypes)
        let language = try exchange.language()
        let variant = "\(exchange.path)?\(QueryParameters.encode(filter.parameters)) \(format) \(language)"
        // A collection that does not exist is found out before anything is made or cached.
        if let id = exchange.route.collection { _ = try exchange.served.collection(id) }
        switch exchange.route {
        case .tilesets(let collection): _ = try Tiling(collection: collection, in: exchange.served)
        case .tileMatrixSet(let id): try TileMatrixSet.require(id)
        default: break
        }
        let result = try await representation(
            exchange, variant: variant, mediaType: format == .html ? MediaTypes.html : exchange.route.jsonTypes[0]
        ) { cancellation in
            let document = try exchange.document(
                language: language, format: format, filter: filter, cancellation: cancellation)
            return format == .html ? pages.document(document, exchange, language: language) : document.json.bytes
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept", "Accept-Language"])
    }
}

extension Route {
    /// The collection that the route is about, where it is about one.
    var collection: String? {
        switch self {
        case .collection(let id), .items(let id), .item(let id, _), .queryables(let id), .schema(let id),
            .export(let id):
            id
        case .tilesets(let id), .tileset(let id, _), .tilesetTile(let id, _, _, _, _): id
        default: nil
        }
    }

    /// The media types that ask for the JSON form, its own first.
    var jsonTypes: [String] {
        switch self {
        case .queryables, .schema: [MediaTypes.schema, MediaTypes.json]
        default: [MediaTypes.json]
        }
    }
}

extension Exchange {
    /// The path of the resource in its canonical spelling.
    var path: String {
        route.template.replacing("{collection}", with: route.collection ?? "")
            .replacing("{tileMatrixSetId}", with: TileMatrixSet.id)
    }

    /// The filter for offers that the query states.
    func offerFilter() throws(Problem) -> OfferFilter {
        do throws(FilterError) {
            return try OfferFilter(parameters: query.picking(OfferFilter.parameterNames))
        } catch {
            throw Problem(error)
        }
    }

    /// The document of a route. Off the event loops.
    func document(
        language: String, format: Format, filter: OfferFilter, cancellation: Cancellation = .never
    ) throws -> APIDocument {
        switch route {
        case .conformance: conformance(language, format)
        case .collections: collections(language, format)
        case .collection(let id): collection(try served.collection(id), language, format)
        case .queryables(let id): try queryables(try served.collection(id), language, format)
        case .schema(let id): try schema(try served.collection(id), language, format)
        case .tilesets(let id): try tilesets(try Tiling(collection: id, in: served), language, format)
        case .tileMatrixSets: tileMatrixSets(language, format)
        case .tileMatrixSet: tileMatrixSet(language, format)
        case .vocabulary: try vocabulary(language, format, filter, cancellation)
        case .glossary: glossary(language, format)
        case .definitions: definitions(language, format)
        default: landing(language, format)
        }
    }

    /// The links of a document to itself and its other form.
    func selfLinks(_ format: Format, _ path: String? = nil, parameters: [QueryParameters.Item] = []) -> [Link] {
        let path = path ?? self.path
        let json = Link(
            href: url(path, parameters + [("f", "json")]), rel: format == .json ? "self" : "alternate",
            type: route.jsonTypes[0], title: Localized(de: "Dieses Dokument als JSON", en: "This document as JSON"))
        let html = Link(
            href: url(path, parameters + [("f", "html")]), rel: format == .html ? "self" : "alternate",
            type: "text/html", title: Localized(de: "Dieses Dokument als HTML", en: "This document as HTML"))
        return format == .json ? [json, html] : [html, json]
    }
}
