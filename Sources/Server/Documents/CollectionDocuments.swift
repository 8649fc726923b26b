import Geometry
import NetworkModel

extension Exchange {
    private static let crs84 = ExchangeCRS.longitudeLatitude.uri

    /// All collections.
    func collections(_ language: String, _ format: Format) -> APIDocument {
        let title = Localized(de: "Sammlungen", en: "Collections")
        let links = selfLinks(format)
        return APIDocument(
            title: title[language],
            description: Localized(
                de: "Was es gibt, mit Zahl der Objekte und Verweisen",
                en: "What there is, with numbers of features and links")[
                    language],
            links: links,
            json: [
                "links": links.json(language),
                "collections": .array(
                    served.collections.map { description(of: $0, language, links: collectionLinks($0, .json)) }),
            ])
    }

    /// One collection.
    func collection(_ collection: FeatureCollection, _ language: String, _ format: Format) -> APIDocument {
        let links = collectionLinks(collection, format)
        return APIDocument(
            title: collection.title[language], description: collection.description[language], links: links,
            json: description(of: collection, language, links: links))
    }

    private func description(of collection: FeatureCollection, _ language: String, links: [Link]) -> JSON {
        var extent: [(String, JSON)] = []
        if let box = collection.extent {
            extent.append(
                (
                    "spatial",
                    [
                        "bbox": [[.real(box.minX), .real(box.minY), .real(box.maxX), .real(box.maxY)]],
                        "crs": .string(Self.crs84),
                    ]
                ))
        }
        if let span = collection.temporalExtent(in: served) {
            extent.append(
                (
                    "temporal",
                    [
                        "interval": [
                            [span.begin.map(JSON.string) ?? .null, span.end.map(JSON.string) ?? .null]
                        ],
                        "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
                    ]
                ))
        }
        let sources = served.sources(of: collection)
        var members: [(String, JSON)] = [
            ("id", .string(collection.id)), ("title", .string(collection.title[language])),
            ("description", .string(collection.description[language])), ("titles", collection.title.json),
            ("descriptions", collection.description.json),
        ]
        // Whose a foreign file's content is only its own description can say.
        if !collection.isLayer {
            members.append(("attribution", .string(sources.isEmpty ? served.attribution : sources.credit)))
        }
        if !extent.isEmpty { members.append(("extent", .object(extent))) }
        members += [
            ("itemType", "feature"), ("crs", .array(ExchangeCRS.allCases.map { .string($0.uri) })),
            ("storageCrs", .string(Self.crs84)),
        ]
        if let count = collection.count { members.append(("item_count", .integer(count))) }
        if let question = collection.question { members.append(("definition", question.definition.json)) }
        members += [
            ("licences", .array(sources.licences.map(JSON.string))), ("sources", .array(sources.map(\.json))),
            ("data_version", .string(served.version(of: collection))), ("links", links.json(language)),
        ]
        return .object(members)
    }

    private func collectionLinks(_ collection: FeatureCollection, _ format: Format) -> [Link] {
        let path = "/api/collections/\(collection.id)"
        let json = Link(
            href: url(path, [("f", "json")]), rel: format == .json ? "self" : "alternate", type: MediaTypes.json,
            title: collection.title)
        let html = Link(
            href: url(path, [("f", "html")]), rel: format == .html ? "self" : "alternate", type: "text/html",
            title: collection.title)
        return (format == .json ? [json, html] : [html, json]) + [
            Link(
                href: url("\(path)/items", [("f", "json")]), rel: "items", type: MediaTypes.geoJSON,
                title: Localized(de: "Objekte als GeoJSON", en: "Features as GeoJSON")),
            Link(
                href: url("\(path)/items", [("f", "html")]), rel: "items", type: "text/html",
                title: Localized(de: "Objekte als HTML", en: "Features as HTML")),
            Link(
                href: url("\(path)/queryables"), rel: "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                type: MediaTypes.schema, title: Localized(de: "Auswahlfelder", en: "Queryables")),
            Link(
                href: url("\(path)/schema"), rel: "describedby", type: MediaTypes.schema,
                title: Localized(de: "Eigenschaften der Objekte", en: "Properties of the features")),
        ] + collection.tileLinks(self) + collection.exportLinks(self) { [("f", $0.rawValue)] }
            + referenceLinks(collection)
    }

    /// The links to what tells of a collection: catalogue, definitions, changes, the licences and addresses of its
    /// sources.
    private func referenceLinks(_ collection: FeatureCollection) -> [Link] {
        var links = [
            Link(
                href: url("/api/catalogue"), rel: "describedby", type: MediaTypes.jsonLD,
                title: Localized(de: "Datenkatalog (DCAT-AP.de)", en: "Data catalogue (DCAT-AP.de)"))
        ]
        if collection.question == nil {
            links.append(
                Link(
                    href: url("/api/changes"), rel: "related", type: MediaTypes.json,
                    title: Localized(de: "Änderungen", en: "Changes")))
        } else {
            links.append(
                Link(
                    href: url("/api/definitions"), rel: "describedby", type: MediaTypes.json,
                    title: Localized(de: "Definitionen", en: "Definitions")))
        }
        let sources = served.sources(of: collection)
        links += sources.licences.map {
            Link(
                href: $0, rel: "license", type: "text/html", title: Localized(de: "Lizenz: \($0)", en: "Licence: \($0)")
            )
        }
        return links
            + sources.compactMap { source in
                source.url.map {
                    Link(
                        href: $0, rel: "via", type: "text/html",
                        title: Localized(de: "Quelle: \(source.title)", en: "Source: \(source.title)"))
                }
            }
    }

    /// The names that conditions in CQL2 may use, with the types that they have there, as a JSON Schema.
    ///
    /// - Throws: where the fields are those of an analysis that the data do not allow.
    func queryables(_ collection: FeatureCollection, _ language: String, _ format: Format) throws -> APIDocument {
        let title = Localized(de: "Auswahlfelder: \(collection.title.de)", en: "Queryables: \(collection.title.en)")
        var properties = try served.fields(of: collection).map { ($0.name, $0.queryableSchema(language)) }
        if let geometry = collection.geometryFormat {
            properties.append(
                (collection.geometryName, ["format": .string(geometry), "x-ogc-role": "primary-geometry"]))
        }
        return schemaDocument(
            title, properties: properties, pattern: collection.variableNames, collection, language, format)
    }

    /// The properties of a collection's features, as a JSON Schema.
    ///
    /// - Throws: where the fields are those of an analysis that the data do not allow.
    func schema(_ collection: FeatureCollection, _ language: String, _ format: Format) throws -> APIDocument {
        let title = Localized(de: "Eigenschaften: \(collection.title.de)", en: "Properties: \(collection.title.en)")
        var properties = try served.properties(of: collection).map { ($0.name, $0.jsonSchema(language)) }
        if let geometry = collection.geometryFormat { properties.append(("geometry", ["format": .string(geometry)])) }
        return schemaDocument(
            title, properties: properties,
            pattern: collection.variableNames, collection, language, format)
    }

    private func schemaDocument(
        _ title: Localized, properties: [(String, JSON)], pattern: String? = nil, _ collection: FeatureCollection,
        _ language: String, _ format: Format
    ) -> APIDocument {
        var members: [(String, JSON)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("$id", .string(url(path))),
            ("type", "object"), ("title", .string(title[language])),
            ("description", .string(collection.description[language])), ("properties", .object(properties)),
        ]
        // Some names depend on the parameters; those with a radius are as many as there are radii.
        if let pattern {
            members.append(("patternProperties", .object([(pattern, JSON.object([("type", ["number", "null"])]))])))
        }
        members.append(("additionalProperties", false))
        return APIDocument(
            title: title[language], description: collection.description[language],
            links: selfLinks(format) + [
                Link(
                    href: url("/api/collections/\(collection.id)"), rel: "collection", type: MediaTypes.json,
                    title: collection.title)
            ],
            json: .object(members), mediaType: MediaTypes.schema)
    }
}

extension FeatureCollection {
    /// The pattern of the names that parameters make, where there are such.
    fileprivate var variableNames: String? {
        [.coverage, .access].contains(question) ? CoverageFields.variableNames : nil
    }
}

extension Field {
    /// The JSON Schema of a queryable: the type that it has in a condition, its title, unit and vocabulary.
    func queryableSchema(_ language: String) -> JSON {
        let type: [(String, JSON)] =
            switch self.type {
            case .text, .code: [("type", "string")]
            case .codeList: [("type", "array"), ("items", ["type": "string"])]
            case .integer: [("type", "integer")]
            case .real: [("type", "number")]
            case .date: [("type", "string"), ("format", "date")]
            case .boolean: [("type", "boolean")]
            case .timestamp: [("type", "string"), ("format", "date-time")]
            }
        return described(language, type)
    }

    /// The JSON Schema of a property: its type or null, its title, unit and vocabulary.
    func jsonSchema(_ language: String) -> JSON {
        let type: [(String, JSON)] =
            switch self.type {
            case .text, .code: [("type", ["string", "null"])]
            case .codeList: [("type", ["array", "null"]), ("items", ["type": "string"])]
            case .integer: [("type", ["integer", "null"])]
            case .real: [("type", ["number", "null"])]
            // Dates have the precision in which they were stated, so the format date would not hold for all.
            case .date: [("type", ["string", "null"]), ("pattern", #"^\d{4}(-\d{2}(-\d{2})?)?$"#)]
            case .boolean: [("type", ["boolean", "null"])]
            case .timestamp: [("type", ["string", "null"]), ("format", "date-time")]
            }
        return described(language, type)
    }

    private func described(_ language: String, _ type: [(String, JSON)]) -> JSON {
        var members = [("title", JSON.string(Localized(de: titleDE, en: titleEN)[language]))] + type
        if let unit { members.append(("x-ogc-unit", .string(unit))) }
        if let vocabulary { members.append(("x-vocabulary", .string(vocabulary))) }
        return .object(members)
    }
}
