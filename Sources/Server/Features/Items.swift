import Foundation
import Geometry
import HTTPTypes
import Hummingbird
import NIOCore

extension Site {
    /// The media types that ask for GeoJSON.
    private static let geoJSONTypes = [MediaTypes.geoJSON, MediaTypes.json]

    /// A whole answer up to this many bytes is compressed and cached; a larger one is streamed.
    static let largestWhole = 2 << 20
    /// The size of the pieces in which larger answers are made and sent.
    private static let piece = 256 << 10
    /// The most features on an HTML page.
    static let largestHTMLPage = 500

    /// The features of a collection.
    func items(_ collection: FeatureCollection, _ exchange: Exchange) async throws -> Answer {
        let served = exchange.served
        let version = served.version(of: collection)
        let format = try exchange.format(json: Self.geoJSONTypes)
        let request = try await itemsRequest(
            exchange, collection, largestLimit: format == .html ? Self.largestHTMLPage : ItemsRequest.largestLimit)
        let language = try exchange.language()
        let vary = ["Accept", "Accept-Language"]
        let headers = collection.headers(exchange, crs: format == .json ? request.crs : .longitudeLatitude)
        let parameters = request.parameters(cursor: request.cursor, format: format.rawValue)
        let variant = "/items \(collection.id)@\(version)?\(QueryParameters.encode(parameters)) \(language)"
        if format == .html {
            let page = try await representation(exchange, variant: variant, mediaType: MediaTypes.html, isWeak: true) {
                cancellation in
                try pages.items(
                    try served.select(request, cancellation: cancellation), request, exchange, language: language)
            }
            return Answer(.whole(page), caching: .revalidate, vary: vary, headers: headers)
        }
        let key = "\(served.version) \(exchange.base)\(variant)"
        if let known = served.representations.value(for: key) {
            return Answer(.whole(known), caching: .revalidate, vary: vary, headers: headers)
        }
        let (page, whole) = try await workers(of: exchange).run(for: exchange.client) { cancellation in
            let selection = try served.select(request, cancellation: cancellation)
            let links = request.links(exchange, selection, format: .json).json(language)
            let page = try FeaturePage(selection, request, served: served, links: links, time: Date())
            var bytes: [UInt8] = []
            bytes.reserveCapacity(Self.piece)
            // What is larger is made again, piece by piece: a client that reads slowly, or not at all, holds one piece.
            guard page.write(from: 0, into: &bytes, upTo: Self.largestWhole) == nil else {
                return (page, nil as Representation?)
            }
            let whole = Representation(
                ByteBuffer(bytes: bytes), mediaType: MediaTypes.geoJSON, tag: served.tag(of: key))
            served.representations.insert(whole, for: key, cost: whole.cost + key.utf8.count)
            return (page, whole)
        }
        if let whole { return Answer(.whole(whole), caching: .revalidate, vary: vary, headers: headers) }
        let stream = pieces(from: 0, of: Self.piece) { page.write(from: $0, into: &$1, upTo: $2) }
        return Answer(
            .stream(mediaType: MediaTypes.geoJSON, tag: served.tag(of: key), stream), caching: .revalidate, vary: vary,
            headers: headers)
    }

    /// Reads a request for features. A box in metres is read by the workers: taking it to degrees makes the
    /// transformation once, in tens of milliseconds, and may wait for others that transform.
    func itemsRequest(
        _ exchange: Exchange, _ collection: FeatureCollection, parameters: [QueryParameter]? = nil,
        largestLimit: Int = ItemsRequest.largestLimit
    ) async throws -> ItemsRequest {
        let read: @Sendable () throws -> ItemsRequest = { [coordinates] in
            try ItemsRequest(
                exchange.query, collection: collection, parameters: parameters,
                version: exchange.served.version(of: collection), coordinates: coordinates, largestLimit: largestLimit)
        }
        let crs = try ExchangeCRS(parameter: QueryParameter.boxCRS.name, of: exchange.query)
        return crs.isGeographic ? try read() : try await workers.run(for: exchange.client) { _ in try read() }
    }

    /// One feature of a collection.
    func item(_ id: String, _ collection: FeatureCollection, _ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: collection.itemParameters.map(\.name))
        let served = exchange.served
        let crs = try ExchangeCRS(parameter: QueryParameter.crs.name, of: exchange.query)
        let frame = PositionFrame(crs, coordinates)
        let question: AnalyticalQuery? =
            if let question = collection.question { try AnalyticalQuery(question, exchange.query) } else { nil }
        let absence = Problem(.notFound, "collection '\(collection.id)' has no feature '\(id.clipped)'")
        let records = served.features(of: collection)
        let format = try exchange.format(json: Self.geoJSONTypes)
        let language = try exchange.language()
        if let records, records.row(of: id) == nil {
            guard let gone = gone(id, collection, exchange, format, language) else { throw absence }
            return gone
        }
        let stated: [QueryParameters.Item] = frame.map { [(QueryParameter.crs.name, $0.crs.uri)] } ?? []
        let parameters = (question?.items ?? []) + stated
        let links = collection.itemLinks(id, exchange, format: format, parameters: parameters)
        let resource = "/item \(collection.id)@\(served.version(of: collection))/\(id)"
        let variant = "\(resource)?\(QueryParameters.encode(parameters)) \(format) \(language)"
        let result = try await representation(
            exchange, variant: variant, mediaType: format == .html ? MediaTypes.html : MediaTypes.geoJSON
        ) { cancellation in
            let answer = try question.map { try served.analyst.answer($0, cancellation: cancellation) }
            guard let table = records ?? answer?.table, let row = table.row(of: id) else { throw absence }
            if format == .html {
                return pages.item(row, table, collection, answer, exchange, links: links, language: language)
            }
            var bytes: [UInt8] = []
            try frame?.prepare()
            let writer = table.writer.writing(in: frame)
            writer.write(row, members: answer?.head ?? [], links: links.json(language), into: &bytes)
            return bytes
        }
        return Answer(
            .whole(result), caching: .revalidate, vary: ["Accept", "Accept-Language"],
            headers: collection.headers(exchange, crs: format == .json ? crs : .longitudeLatitude))
    }
}

extension FeatureCollection {
    /// The CRS of the coordinates (OGC API Features part 2), and the link by which clients find out what they can
    /// filter by without reading the answer (RFC 8288).
    func headers(_ exchange: Exchange, crs: ExchangeCRS) -> HTTPFields {
        var headers: HTTPFields = [:]
        headers.set("Content-Crs", "<\(crs.uri)>")
        headers.set(
            "Link",
            """
            <\(exchange.url("/api/collections/\(id)/queryables"))>; \
            rel="http://www.opengis.net/def/rel/ogc/1.0/queryables"; type="\(MediaTypes.schema)"
            """)
        return headers
    }
}
