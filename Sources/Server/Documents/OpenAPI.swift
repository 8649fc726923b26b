import HTTPTypes
import NIOCore
import NetworkModel

extension Site {
    /// The definition of the API in OpenAPI 3.0, made from the definitions that the routes check requests by.
    func openAPI(_ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: [QueryParameter.format.name])
        if let format = exchange.query["f"], format != "json" {
            throw Problem(
                .badRequest, "parameter 'f' has the value '\(format.clipped)'; expected 'json'", parameter: "f")
        }
        let types = [MediaTypes.openAPI, MediaTypes.json]
        guard Negotiation.mediaType(exchange.head.headerFields[.accept], offers: [types]) != nil else {
            throw Problem(.notAcceptable, "available here: \(MediaTypes.openAPI)")
        }
        let result = try await representation(exchange, variant: "/openapi", mediaType: MediaTypes.openAPI) { _ in
            OpenAPIDocument(exchange).json.bytes
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept"])
    }
}

/// The OpenAPI 3.0 document of a server: an operation for each route that has one.
struct OpenAPIDocument {
    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// The document.
    var json: JSON {
        let served = exchange.served
        let paths = Route.described(in: served).compactMap { route in
            route.operation(in: served).map { (route.openAPIPath, $0.json(route)) }
        }
        return [
            "openapi": "3.0.3",
            "info": [
                "title": "Kompass", "version": "1.0.0",
                "description": """
                Netzwerkkarte: Kreise, Akteure und Angebote. Verweise `next` enthalten den Datenstand; nach einer \
                Änderung der Daten antwortet ein alter mit 410, dann ohne `cursor` neu beginnen. Was nicht mehr \
                veröffentlicht ist, antwortet mit 410 und seinem letzten Stand. / Network map: districts, actors and \
                offers. Links `next` contain the data version; after a change of the data an old one is answered with \
                410: start again without `cursor`. What is no longer published answers 410 with what was last said of it.
                """,
                "x-data-version": .string(served.version),
            ],
            "servers": [["url": .string(exchange.base.description)]],
            "paths": .object(paths),
            "components": [
                "schemas": [
                    "problem": [
                        "type": "object", "description": "RFC 9457",
                        "properties": [
                            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
                            "detail": ["type": "string"], "parameter": ["type": "string"],
                            "restart": ["type": "string", "format": "uri"],
                            "record": ["type": "object"], "removed_at": ["type": "string", "format": "date-time"],
                            "data_version": ["type": "string"],
                        ],
                        "required": ["type", "title", "status", "detail"],
                    ]
                ]
            ],
        ]
    }
}

/// What the OpenAPI document says of a route: made from the definitions that the route checks requests by.
struct APIOperation: Sendable {
    /// A variable part of a path.
    struct PathParameter: Sendable {
        let name: String
        let schema: JSON
        /// A value that there is.
        var example: JSON?
    }

    /// The name of the operation, different for each path.
    let id: String
    /// What it answers.
    let summary: Localized
    /// The parameters of its query.
    var parameters: [QueryParameter] = [.format, .language]
    /// The variable parts of its path.
    var pathParameters: [PathParameter] = []
    /// The media types of its answers.
    var types: [String] = [MediaTypes.json, "text/html"]
    /// Whether it may have nothing to answer: 204.
    var mayBeEmpty = false
    /// What 410 means, where it is answered.
    var gone: String?

    /// The path item.
    func json(_ route: Route) -> JSON {
        let content = types.map { type -> (String, JSON) in
            (type, ["schema": type.hasSuffix("json") ? ["type": "object"] : ["type": "string"]])
        }
        var responses: [(String, JSON)] = [("200", ["description": "OK", "content": .object(content)])]
        if mayBeEmpty { responses.append(("204", ["description": "No Content"])) }
        responses += [
            ("304", ["description": "Not Modified"]),
            problem("400", "Bad Request"), problem("404", "Not Found"), problem("405", "Method Not Allowed"),
            problem("406", "Not Acceptable"),
        ]
        if let gone { responses.append(problem("410", "Gone: \(gone)")) }
        responses += [
            problem("413", "Content Too Large"), problem("414", "URI Too Long"),
            problem("500", "Internal Server Error"), problem("503", "Service Unavailable"),
        ]
        let get: JSON = [
            "operationId": .string(id), "summary": .string("\(summary.de) / \(summary.en)"),
            "parameters": .array(pathParameters.map(described) + parameters.map(described)),
            "responses": .object(responses),
        ]
        return ["get": get]
    }

    private func described(_ parameter: PathParameter) -> JSON {
        var members: [(String, JSON)] = [
            ("name", .string(parameter.name)), ("in", "path"), ("required", true), ("schema", parameter.schema),
        ]
        if let example = parameter.example { members.append(("example", example)) }
        return .object(members)
    }

    private func described(_ parameter: QueryParameter) -> JSON {
        var members: [(String, JSON)] = [
            ("name", .string(parameter.name)), ("in", "query"), ("required", .bool(parameter.isRequired)),
            ("description", .string("\(parameter.description.de) / \(parameter.description.en)")),
            ("schema", parameter.schema), ("style", "form"), ("explode", false),
        ]
        if !parameter.isList { members.append(("allowEmptyValue", false)) }
        return .object(members)
    }

    private func problem(_ status: String, _ description: String) -> (String, JSON) {
        (
            status,
            [
                "description": .string(description),
                "content": [
                    "application/problem+json": ["schema": ["$ref": "#/components/schemas/problem"]]
                ],
            ]
        )
    }
}

extension QueryParameter {
    /// The format of the document itself.
    fileprivate static let documentFormat = QueryParameter(
        "f", de: "Darstellung", en: "Representation", schema: ["type": "string", "enum": ["json"]])
    fileprivate static let tileLayers = QueryParameter.codes(
        "layers", de: "Nur diese Ebenen der Kacheln", en: "Only these layers of the tiles")
    /// What tiles hold: `coverage` takes all that the layers take that are answers.
    fileprivate static let tileContent =
        AnalyticalQuestion.coverage.collectionParameters + [
            .tileLayers, .tileClusters,
            QueryParameter(
                "figures", de: "coverage: Gebiete tragen die Kennzahlen der Versorgung",
                en: "coverage: areas carry the figures of coverage", schema: ["type": "string", "enum": ["coverage"]]),
        ]
    fileprivate static let tileVersion = QueryParameter(
        "v", de: "Datenstand: mit dem geltenden darf die Kachel für immer aufbewahrt werden",
        en: "Data version: with the current one the tile may be kept for ever")
    fileprivate static let tileFormat = QueryParameter(
        "f", de: "Format der Kachel", en: "Format of the tile", schema: ["type": "string", "enum": ["mvt"]])
}

extension Route {
    /// The routes that the document describes, in its order: those of each collection with its identifier.
    static func described(in served: ServedSnapshot) -> [Route] {
        let fixed: [Route] = [
            .landing, .conformance, .openAPI, .collections, .archive, .vocabulary, .glossary, .definitions, .changes,
            .changeFeed,
            .catalogue, .humanServices,
        ]
        // Without a project there is nobody to ask about.
        let hasProject = served.collections.contains { !$0.isLayer }
        let questions = hasProject ? AnalyticalQuestion.allCases.filter(\.isRoute).map(Route.analysis) + [.rural] : []
        let collections = served.collections.map(\.id).flatMap { id -> [Route] in
            [
                .collection(id), .items(id), .export(id), .item(id, feature: "{featureId}"), .queryables(id),
                .schema(id),
            ]
        }
        let tilesets = ([nil] + served.tiledCollections.map { Optional($0.id) }).flatMap { id -> [Route] in
            let tileMatrixSet = TileMatrixSet.id
            return [
                .tilesets(collection: id), .tileset(collection: id, tileMatrixSet: tileMatrixSet),
                .tilesetTile(
                    collection: id, tileMatrixSet: tileMatrixSet, tileMatrix: "{tileMatrix}", tileRow: "{tileRow}",
                    tileCol: "{tileCol}"),
            ]
        }
        return fixed + questions + collections
            + [.tileMatrixSets, .tileMatrixSet(TileMatrixSet.id)] + tilesets + [
                .tileJSON, .tile(zoom: "{z}", column: "{x}", row: "{y}"),
            ]
    }

    /// The path as OpenAPI spells it.
    fileprivate var openAPIPath: String {
        template.replacing("{collection}", with: collection ?? "").replacing("{feature}", with: "{featureId}")
            .replacing("{tileMatrixSetId}", with: TileMatrixSet.id)
    }

    /// What the document says of the route; nil for pages, files and operations, which are no part of the API.
    func operation(in served: ServedSnapshot) -> APIOperation? {
        switch self {
        case .map, .page, .robots, .sitemap, .mapData, .serviceWorker, .asset, .style, .live, .ready, .metrics: nil
        case .tileJSON:
            APIOperation(
                id: "getTileJSON", summary: Localized(de: "Vektorkacheln (TileJSON)", en: "Vector tiles (TileJSON)"),
                parameters: QueryParameter.tileContent + [.language],
                types: [MediaTypes.json])
        case .tile:
            APIOperation(
                id: "getTile", summary: Localized(de: "Eine Vektorkachel", en: "One vector tile"),
                parameters: QueryParameter.tileContent + [.tileVersion],
                pathParameters: ["z", "x", "y"].map { name in
                    APIOperation.PathParameter(name: name, schema: ["type": "integer", "minimum": 0], example: 0)
                }, types: [MediaTypes.vectorTile], mayBeEmpty: true)
        case .tileMatrixSets:
            APIOperation(
                id: "getTileMatrixSetsList", summary: Localized(de: "Kachelraster", en: "Tile matrix sets"))
        case .tileMatrixSet:
            APIOperation(id: "getTileMatrixSet", summary: TileMatrixSet.title)
        case .tilesets(let id), .tileset(let id, _), .tilesetTile(let id, _, _, _, _):
            tilesetOperation(on: served.tiledCollections.first { $0.id == id })
        case .landing:
            APIOperation(id: "getLandingPage", summary: Localized(de: "Startseite", en: "Landing page"))
        case .conformance:
            APIOperation(id: "getConformance", summary: Localized(de: "Konformität", en: "Conformance"))
        case .openAPI:
            APIOperation(
                id: "getOpenAPI", summary: Localized(de: "Diese Beschreibung", en: "This definition"),
                parameters: [.documentFormat], types: [MediaTypes.openAPI])
        case .collections:
            APIOperation(id: "getCollections", summary: Localized(de: "Sammlungen", en: "Collections"))
        case .vocabulary:
            APIOperation(
                id: "getVocabulary", summary: Localized(de: "Vokabular", en: "Vocabulary"),
                parameters: QueryParameter.offerFilter + [.format, .language])
        case .archive:
            APIOperation(
                id: "exportCollections",
                summary: Localized(
                    de: "Mehrere Sammlungen als Dateien in einem Archiv",
                    en: "Several collections as files in an archive"),
                parameters: QueryParameter.archive, types: ["application/zip"])
        case .glossary: APIOperation(id: "getGlossary", summary: Localized(de: "Glossar", en: "Glossary"))
        case .definitions:
            APIOperation(id: "getDefinitions", summary: Localized(de: "Definitionen", en: "Definitions"))
        case .changes:
            APIOperation(
                id: "getChanges",
                summary: Localized(
                    de: "Was sich seit einem Datenstand geändert hat", en: "What changed since a data version"),
                parameters: QueryParameter.changes)
        case .changeFeed:
            APIOperation(
                id: "getChangeFeed", summary: Localized(de: "Änderungen als Feed", en: "Changes as a feed"),
                parameters: [.language], types: [MediaTypes.atom])
        case .catalogue:
            APIOperation(
                id: "getCatalogue",
                summary: Localized(de: "Datenkatalog (DCAT-AP.de)", en: "Data catalogue (DCAT-AP.de)"), parameters: [],
                types: [MediaTypes.jsonLD])
        case .humanServices:
            APIOperation(
                id: "getHumanServices",
                summary: Localized(
                    de: "Organisationen, Angebote und Orte (HSDS 3)", en: "Organisations, services and places (HSDS 3)"),
                parameters: [.statusDate], types: [MediaTypes.json])
        case .analysis(let question):
            APIOperation(
                id: "ask\(question.rawValue.capitalizedFirst)", summary: question.definition.title,
                parameters: question.parameters + [.answerFormat, .language],
                types: AnswerFormat.allCases.map(\.mediaType))
        case .rural:
            APIOperation(
                id: "askRural", summary: Definition.rural.title, parameters: [.ruralLevel, .ruralFormat, .language],
                types: RuralAnswer.formats.map(\.mediaType))
        case .collection, .items, .export, .item, .queryables, .schema:
            served.collections.first { $0.id == collection }.flatMap { operation(on: $0, in: served) }
        }
    }

    /// An operation of OGC API Tiles, named as that standard wants (requirement oas30/operation-id).
    private func tilesetOperation(on collection: FeatureCollection?) -> APIOperation? {
        let prefix = collection.map { "\($0.id).collection.vector" } ?? "kompass.dataset.vector"
        let title = collection?.title ?? Localized(de: "alle Sammlungen", en: "all collections")
        let choice = Tiling.parameters(of: collection)
        switch self {
        case .tilesets:
            return APIOperation(
                id: "\(prefix).getTileSetsList",
                summary: Localized(de: "Kachelsätze: \(title.de)", en: "Tilesets: \(title.en)"))
        case .tileset:
            return APIOperation(
                id: "\(prefix).getTileSet",
                summary: Localized(de: "Kachelsatz: \(title.de)", en: "Tileset: \(title.en)"),
                parameters: choice + [.format, .language])
        case .tilesetTile:
            return APIOperation(
                id: "\(prefix).getTile", summary: Localized(de: "Kachel: \(title.de)", en: "Tile: \(title.en)"),
                parameters: choice + [.tileFormat, .tileVersion],
                pathParameters: [
                    APIOperation.PathParameter(
                        name: "tileMatrix", schema: ["type": "string", "pattern": "^[0-9]{1,2}$"]),
                    APIOperation.PathParameter(name: "tileRow", schema: ["type": "integer", "minimum": 0]),
                    APIOperation.PathParameter(name: "tileCol", schema: ["type": "integer", "minimum": 0]),
                ], types: [MediaTypes.vectorTile], mayBeEmpty: true)
        default: return nil
        }
    }

    private func operation(on collection: FeatureCollection, in served: ServedSnapshot) -> APIOperation? {
        let name = collection.id.capitalizedFirst
        let titled = { (de: String, en: String) in
            Localized(de: "\(de): \(collection.title.de)", en: "\(en): \(collection.title.en)")
        }
        switch self {
        case .collection: return APIOperation(id: "describe\(name)", summary: collection.title)
        case .items:
            return APIOperation(
                id: "get\(name)", summary: collection.description, parameters: collection.parameters,
                types: [MediaTypes.geoJSON, "text/html"], gone: "the data have changed since the walk began")
        case .export:
            return APIOperation(
                id: "export\(name)", summary: titled("Export", "Export"), parameters: collection.exportParameters,
                types: [MediaTypes.geoJSON, ExportFormat.geojsonseq.mediaType, "text/csv", ExportFormat.gpkg.mediaType])
        case .item:
            let first = collection.kind.flatMap { served.snapshot[$0].identifiers.firstText }
            return APIOperation(
                id: "getOneOf\(name)", summary: titled("Ein Objekt", "One feature"),
                parameters: collection.itemParameters,
                pathParameters: [
                    APIOperation.PathParameter(
                        name: "featureId", schema: ["type": "string", "minLength": 1], example: first.map(JSON.string))
                ], types: [MediaTypes.geoJSON, "text/html"],
                gone: collection.kind == nil ? nil : "it is no longer published; what was last said of it")
        case .queryables:
            return APIOperation(
                id: "getQueryablesOf\(name)", summary: titled("Auswahlfelder", "Queryables"),
                types: [MediaTypes.schema, "text/html"])
        case .schema:
            return APIOperation(
                id: "getSchemaOf\(name)", summary: titled("Eigenschaften", "Properties"),
                types: [MediaTypes.schema, "text/html"])
        default: return nil
        }
    }
}

extension String {
    /// The text with its first letter in capital.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension TextColumn {
    /// The text of the first row, where there is one.
    fileprivate var firstText: String? { count > 0 ? self[0] : nil }
}
