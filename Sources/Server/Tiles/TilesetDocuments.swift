import Geometry
import HTTPTypes
import NetworkModel
import VectorTiles

extension Site {
    /// One tile of a tileset of OGC API Tiles: the tile that the map's tileset has there.
    ///
    /// - Throws: a problem of status 404 outside the limits that the tileset declares, 406 where the client takes no
    ///   vector tiles.
    func tile(_ position: TilePosition, of tiling: Tiling, _ exchange: Exchange) async throws -> Answer {
        let request = try exchange.tileQuery(of: tiling.path) { () throws(Problem) in
            try TileQuery(exchange, collection: tiling.collection, known: ["f", "v"])
        }
        if let format = exchange.query["f"], format != "mvt" {
            throw Problem(
                .badRequest, "parameter 'f' has the value '\(format.clipped)'; expected 'mvt'", parameter: "f")
        }
        let types = [[MediaTypes.vectorTile, "application/x-protobuf", "application/octet-stream"]]
        let isTaken = Negotiation.mediaType(exchange.head.headerFields[.accept], offers: types) != nil
        guard exchange.query["f"] != nil || isTaken else {
            throw Problem(.notAcceptable, "available here: \(MediaTypes.vectorTile)")
        }
        guard let limits = tiling.limits(zoom: position.zoom) else {
            throw Problem(
                .notFound, "there are no tiles at zoom \(position.zoom); there are at \(tiling.zooms.spelled)")
        }
        guard limits.contains(column: position.column, row: position.row) else {
            throw Problem(
                .notFound,
                """
                there is no such tile: at zoom \(position.zoom) tileRow is \(limits.rows.spelled), tileCol is \
                \(limits.columns.spelled)
                """)
        }
        return try await tile(position, request, exchange)
    }

    /// The description of a tileset, as JSON or HTML; the tiles that it leads to have the filter of the request.
    func tileset(_ tiling: Tiling, _ exchange: Exchange) async throws -> Answer {
        let request = try TileQuery(
            exchange, collection: tiling.collection, known: [QueryParameter.format.name, QueryParameter.language.name])
        let format = try exchange.format(json: [MediaTypes.json])
        let language = try exchange.language()
        let result = try await representation(
            exchange, variant: "\(exchange.path)?\(request.canonical) \(format) \(language)",
            mediaType: format == .html ? MediaTypes.html : MediaTypes.json
        ) { cancellation in
            // What tiles would refuse is refused here, not handed on in links.
            _ = try exchange.served.offers(matching: request.filter, cancellation: cancellation)
            try exchange.served.tileAnswers.check(request.questions)
            let document = try exchange.tileset(tiling, request, language, format)
            return format == .html ? pages.document(document, exchange, language: language) : document.json.bytes
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept", "Accept-Language"])
    }
}

extension TileQuery {
    /// What the request states, as parameters of a tileset of OGC API Tiles.
    fileprivate func parameters(of tiling: Tiling) -> [QueryParameters.Item] {
        parameters.compactMap { name, value in
            guard name == "layers" else { return (name, value) }
            return tiling.collection == nil ? ("collections", value) : nil
        }
    }
}

extension ClosedRange<Int> {
    fileprivate var spelled: String { "\(lowerBound) to \(upperBound)" }
}

extension Exchange {
    /// The tilesets of the whole or of a collection: one, in the one tile matrix set.
    func tilesets(_ tiling: Tiling, _ language: String, _ format: Format) throws -> APIDocument {
        let title = Localized(de: "Kachelsätze: \(tiling.title.de)", en: "Tilesets: \(tiling.title.en)")
        let links = selfLinks(format)
        let item = JSON.object(
            Self.common(tiling, language) + [
                (
                    "links",
                    [
                        Link(
                            href: url("\(tiling.path)/\(TileMatrixSet.id)", [("f", "json")]), rel: "self",
                            type: MediaTypes.json, title: tiling.title),
                        tilingScheme,
                    ].json(language)
                )
            ])
        return APIDocument(
            title: title[language], description: Self.description[language], links: links,
            json: [
                "title": .string(title[language]), "tilesets": [item], "links": links.json(language),
            ])
    }

    /// One tileset (tileSet.json of 17-083r4).
    fileprivate func tileset(
        _ tiling: Tiling, _ request: TileQuery, _ language: String, _ format: Format
    ) throws -> APIDocument {
        let parameters = request.parameters(of: tiling)
        let query = QueryParameters.encode([("v", served.tileVersion), ("f", "mvt")] + parameters)
        var links = selfLinks(format, parameters: parameters)
        links += [
            tilingScheme,
            Link(
                href: "\(base)\(tiling.path)/\(TileMatrixSet.id)/{tileMatrix}/{tileRow}/{tileCol}?\(query)",
                rel: "item", type: MediaTypes.vectorTile,
                title: Localized(de: "Kacheln (Mapbox Vector Tiles)", en: "Tiles (Mapbox Vector Tiles)"),
                isTemplated: true),
        ]
        if let collection = tiling.collection { links.append(geodata(collection)) }
        var members: [(String, JSON)] = Self.common(tiling, language)
        members += [
            ("description", .string(Self.description[language])), ("attribution", .string(served.attribution)),
            ("version", .string(served.tiles.tileset.version)), ("mediaTypes", [.string(MediaTypes.vectorTile)]),
            ("tileMatrixSetLimits", .array(tiling.zooms.compactMap(tiling.limits).map(\.json))),
            ("boundingBox", Self.boundingBox(tiling.box)),
        ]
        members += [
            ("centerPoint", try centerPoint(tiling, request)),
            ("layers", .array(tiling.layers(request).map { layer($0, language) })),
            ("data_version", .string(served.version)), ("links", links.json(language)),
        ]
        return APIDocument(
            title: tiling.title[language], description: Self.description[language], links: links,
            json: .object(members))
    }

    private static let crs84 = ExchangeCRS.longitudeLatitude.uri
    private static let description = Localized(
        de: "Vektorkacheln; wer sie außerhalb der Grenzen (tileMatrixSetLimits) sucht, findet keine",
        en: "Vector tiles; there are none outside the limits (tileMatrixSetLimits)")

    /// What the list and the description of a tileset have in common.
    private static func common(_ tiling: Tiling, _ language: String) -> [(String, JSON)] {
        [
            ("title", .string(tiling.title[language])), ("dataType", "vector"), ("crs", .string(TileMatrixSet.crs)),
            ("tileMatrixSetURI", .string(TileMatrixSet.uri)),
        ]
    }

    private var tilingScheme: Link {
        Link(
            href: url("/api/tileMatrixSets/\(TileMatrixSet.id)"), rel: TileMatrixSet.relation, type: MediaTypes.json,
            title: TileMatrixSet.title)
    }

    private func geodata(_ collection: FeatureCollection) -> Link {
        Link(
            href: url("/api/collections/\(collection.id)"), rel: "http://www.opengis.net/def/rel/ogc/1.0/geodata",
            type: MediaTypes.json, title: collection.title)
    }

    private static func boundingBox(_ box: BoundingBox<Geographic>) -> JSON {
        [
            "lowerLeft": [.real(box.minX), .real(box.minY)], "upperRight": [.real(box.maxX), .real(box.maxY)],
            "crs": .string(crs84),
        ]
    }

    /// Where a map starts, and at which zoom.
    private func centerPoint(_ tiling: Tiling, _ request: TileQuery) throws -> JSON {
        let archive = try served.tiles.archiveDescription(
            zooms: tiling.zooms, attribution: served.attribution, layers: request.layers, language: "de")
        return [
            "coordinates": [.real(archive.center.longitude), .real(archive.center.latitude)],
            "crs": .string(Self.crs84), "tileMatrix": .string("\(archive.centerZoom)"),
        ]
    }

    private func layer(_ layer: Tileset.Layer, _ language: String) -> JSON {
        let collection = served.collections.first { $0.id == layer.content.rawValue }
        let properties = layer.attributes.filter { $0.figures != .coverage }.map { attribute -> (String, JSON) in
            var schema: [(String, JSON)] = [
                ("title", .string(attribute.summary[language])),
                ("type", attribute.isNumber ? "number" : "string"),
            ]
            if let unit = attribute.unit { schema.append(("x-ogc-unit", .string(unit))) }
            return (attribute.name, .object(schema))
        }
        var members: [(String, JSON)] = [
            ("id", .string(layer.content.rawValue)), ("title", .string(layer.summary[language])),
            ("dataType", "vector"), ("geometryDimension", .integer(layer.content.geometryDimension)),
            ("minTileMatrix", .string("\(layer.zooms.lowerBound)")),
            ("maxTileMatrix", .string("\(layer.zooms.upperBound)")),
        ]
        if let box = collection?.extent, !box.isEmpty { members.append(("boundingBox", Self.boundingBox(box))) }
        members += [
            ("propertiesSchema", ["type": "object", "properties": .object(properties)]),
            ("links", (collection.map { [geodata($0)] } ?? []).json(language)),
        ]
        return .object(members)
    }
}

extension TileLimits {
    /// The limits as tileMatrixLimits.json of 17-083r4 has them.
    fileprivate var json: JSON {
        [
            "tileMatrix": .string("\(zoom)"), "minTileRow": .integer(rows.lowerBound),
            "maxTileRow": .integer(rows.upperBound), "minTileCol": .integer(columns.lowerBound),
            "maxTileCol": .integer(columns.upperBound),
        ]
    }
}
