import HTTPTypes
import NIOCore

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

/// The OpenAPI 3.0 document of a server.
struct OpenAPIDocument {
    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// The document.
    var json: JSON {
        let served = exchange.served
        var paths: [(String, JSON)] = [
            path("/api", "getLandingPage", Localized(de: "Startseite", en: "Landing page"), documentParameters),
            path(
                "/api/conformance", "getConformance", Localized(de: "Konformität", en: "Conformance"),
                documentParameters),
            path(
                "/api/openapi.json", "getOpenAPI", Localized(de: "Diese Beschreibung", en: "This definition"),
                [
                    QueryParameter(
                        "f", de: "Darstellung", en: "Representation", schema: ["type": "string", "enum": ["json"]])
                ],
                types: [MediaTypes.openAPI]),
            path(
                "/api/collections", "getCollections", Localized(de: "Sammlungen", en: "Collections"), documentParameters
            ),
            path(
                "/api/vocabulary", "getVocabulary", Localized(de: "Vokabular", en: "Vocabulary"),
                QueryParameter.offerFilter + documentParameters),
            path("/api/glossary", "getGlossary", Localized(de: "Glossar", en: "Glossary"), documentParameters),
            path(
                "/api/definitions", "getDefinitions", Localized(de: "Definitionen", en: "Definitions"),
                documentParameters),
        ]
        for question in AnalyticalQuestion.allCases where question.isRoute {
            paths.append(
                path(
                    "/api/\(question.rawValue)",
                    "ask\(question.rawValue.prefix(1).uppercased() + question.rawValue.dropFirst())",
                    question.definition.title, question.parameters + [.answerFormat, .language],
                    types: AnswerFormat.allCases.map(\.mediaType)))
        }
        paths.append(
            path(
                "/api/rural", "askRural", Definition.rural.title, [.ruralLevel, .ruralFormat, .language],
                types: RuralAnswer.formats.map(\.mediaType)))
        for collection in served.collections { paths += self.paths(of: collection) }
        paths += tilePaths(served)
        return [
            "openapi": "3.0.3",
            "info": [
                "title": "Kompass", "version": "1.0.0",
                "description": """
                Netzwerkkarte: Kreise, Akteure und Angebote. Verweise `next` enthalten den Datenstand; nach einer \
                Änderung der Daten antwortet ein alter mit 410, dann ohne `cursor` neu beginnen. / Network map: \
                districts, actors and offers. Links `next` contain the data version; after a change of the data an \
                old one is answered with 410: start again without `cursor`.
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
                        ],
                        "required": ["type", "title", "status", "detail"],
                    ]
                ]
            ],
        ]
    }

    private let documentParameters = [QueryParameter.format, .language]

    private func paths(of collection: FeatureCollection) -> [(String, JSON)] {
        let path = "/api/collections/\(collection.id)"
        let name = collection.id.prefix(1).uppercased() + collection.id.dropFirst()
        return [
            self.path(path, "describe\(name)", collection.title, documentParameters),
            self.path(
                "\(path)/items", "get\(name)", collection.description, collection.parameters,
                types: [MediaTypes.geoJSON, "text/html"], mayBeGone: true),
            self.path(
                "\(path)/export", "export\(name)",
                Localized(de: "Export: \(collection.title.de)", en: "Export: \(collection.title.en)"),
                collection.exportParameters,
                types: [MediaTypes.geoJSON, ExportFormat.geojsonseq.mediaType, "text/csv"]),
            self.path(
                "\(path)/items/{featureId}", "getOneOf\(name)",
                Localized(de: "Ein Objekt: \(collection.title.de)", en: "One feature: \(collection.title.en)"),
                collection.itemParameters, types: [MediaTypes.geoJSON, "text/html"],
                pathParameters: [("featureId", ["type": "string"])]),
            self.path(
                "\(path)/queryables", "getQueryablesOf\(name)",
                Localized(de: "Auswahlfelder: \(collection.title.de)", en: "Queryables: \(collection.title.en)"),
                documentParameters, types: [MediaTypes.schema, "text/html"]),
            self.path(
                "\(path)/schema", "getSchemaOf\(name)",
                Localized(de: "Eigenschaften: \(collection.title.de)", en: "Properties: \(collection.title.en)"),
                documentParameters, types: [MediaTypes.schema, "text/html"]),
        ]
    }

    /// The paths of OGC API Tiles, whose operations are named as that standard wants (requirement oas30/operation-id).
    private func tilePaths(_ served: ServedSnapshot) -> [(String, JSON)] {
        var paths = [
            path(
                "/api/tileMatrixSets", "getTileMatrixSetsList",
                Localized(de: "Kachelraster", en: "Tile matrix sets"), documentParameters),
            path(
                "/api/tileMatrixSets/\(TileMatrixSet.id)", "getTileMatrixSet",
                Localized(de: "Kachelraster \(TileMatrixSet.id)", en: "Tile matrix set \(TileMatrixSet.id)"),
                documentParameters),
        ]
        for collection in [nil] + served.tiledCollections.map(Optional.some) {
            let root = collection.map { "/api/collections/\($0.id)/tiles" } ?? "/api/tiles"
            let operation = collection.map { "\($0.id).collection.vector" } ?? "kompass.dataset.vector"
            let title = collection?.title ?? Localized(de: "alle Sammlungen", en: "all collections")
            let choice = Tiling.parameters(of: collection)
            paths += [
                path(
                    root, "\(operation).getTileSetsList",
                    Localized(de: "Kachelsätze: \(title.de)", en: "Tilesets: \(title.en)"), documentParameters),
                path(
                    "\(root)/\(TileMatrixSet.id)", "\(operation).getTileSet",
                    Localized(de: "Kachelsatz: \(title.de)", en: "Tileset: \(title.en)"), choice + documentParameters),
                path(
                    "\(root)/\(TileMatrixSet.id)/{tileMatrix}/{tileRow}/{tileCol}", "\(operation).getTile",
                    Localized(de: "Kachel: \(title.de)", en: "Tile: \(title.en)"),
                    choice + [.tileFormat, .tileVersion], types: [MediaTypes.vectorTile],
                    pathParameters: [
                        ("tileMatrix", ["type": "string", "pattern": "^[0-9]{1,2}$"]),
                        ("tileRow", ["type": "integer", "minimum": 0]),
                        ("tileCol", ["type": "integer", "minimum": 0]),
                    ]),
            ]
        }
        return paths
    }

    private func path(
        _ path: String, _ operation: String, _ summary: Localized, _ parameters: [QueryParameter],
        types: [String] = [MediaTypes.json, "text/html"], pathParameters: [(name: String, schema: JSON)] = [],
        mayBeGone: Bool = false
    ) -> (String, JSON) {
        let described =
            pathParameters.map { name, schema -> JSON in
                ["name": .string(name), "in": "path", "required": true, "schema": schema]
            } + parameters.map(parameter)
        let content = types.map { type -> (String, JSON) in
            let schema: JSON =
                switch type {
                case MediaTypes.vectorTile: ["type": "string", "format": "binary"]
                case _ where type.hasPrefix("text/"): ["type": "string"]
                default: ["type": "object"]
                }
            return (type, ["schema": schema])
        }
        var responses: [(String, JSON)] = [
            ("200", ["description": "OK", "content": .object(content)]),
            ("304", ["description": "Not Modified"]),
        ]
        if types == [MediaTypes.vectorTile] {
            responses.append(("204", ["description": "No Content: the tile is empty"]))
        }
        responses += [
            problem("400", "Bad Request"), problem("404", "Not Found"), problem("405", "Method Not Allowed"),
            problem("406", "Not Acceptable"),
        ]
        if mayBeGone { responses.append(problem("410", "Gone: the data have changed since the walk began")) }
        responses += [
            problem("413", "Content Too Large"), problem("414", "URI Too Long"),
            problem("500", "Internal Server Error"),
            problem("503", "Service Unavailable"),
        ]
        let get: JSON = [
            "operationId": .string(operation), "summary": .string("\(summary.de) / \(summary.en)"),
            "parameters": .array(described), "responses": .object(responses),
        ]
        return (path, ["get": get])
    }

    private func parameter(_ parameter: QueryParameter) -> JSON {
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
