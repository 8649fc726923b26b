import Geometry
import HTTPTypes
import NetworkModel

extension Site {
    /// The catalogue of the collections as DCAT-AP.de in JSON-LD.
    func catalogue(_ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: [])
        let types = [MediaTypes.jsonLD, MediaTypes.json]
        guard Negotiation.mediaType(exchange.head.headerFields[.accept], offers: [types]) != nil else {
            throw Problem(.notAcceptable, "available here: \(MediaTypes.jsonLD)")
        }
        let result = try await representation(exchange, variant: "/catalogue", mediaType: MediaTypes.jsonLD) { _ in
            DataCatalogue(exchange).json.bytes
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept"])
    }
}

/// The catalogue of a server in the vocabulary of DCAT-AP.de 2.0: a data set for each collection.
///
/// Nothing in it is invented: what the packs do not state (a publisher, a licence) is not there.
struct DataCatalogue {
    private let exchange: Exchange
    private var served: ServedSnapshot { exchange.served }

    init(_ exchange: Exchange) { self.exchange = exchange }

    private static let context: JSON = [
        "adms": "http://www.w3.org/ns/adms#", "dcat": "http://www.w3.org/ns/dcat#",
        "dcatde": "http://dcat-ap.de/def/dcatde/", "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    ]

    private static let authority = "http://publications.europa.eu/resource/authority"

    /// The document.
    var json: JSON {
        let names = served.regionNames
        let title = Localized(
            de: "Kompass \(names.map(\.de).joined(separator: ", "))",
            en: "Kompass \(names.map(\.en).joined(separator: ", "))")
        let description = Localized(
            de: "Kreise, Einwohner, Akteure und ihre Angebote mit Auswertungen als offene Daten",
            en: "Districts, people, actors and their offers with analyses as open data")
        var members: [(String, JSON)] = [
            ("@context", Self.context), ("@id", .string(exchange.url("/api/catalogue"))), ("@type", "dcat:Catalog"),
            ("dct:title", Self.texts(title)), ("dct:description", Self.texts(description)),
            ("dct:language", languages), ("foaf:homepage", id("/")),
            ("dcat:themeTaxonomy", Self.id("\(Self.authority)/data-theme")),
        ]
        members += publishers
        if let day = dataDay { members.append(("dct:modified", Self.day(day))) }
        members += [
            ("dcat:dataset", .array(served.collections.map(dataset))),
            (
                "dcat:service",
                .object([
                    ("@id", .string(exchange.url("/api"))), ("@type", "dcat:DataService"),
                    ("dct:title", Self.texts(Localized(de: "OGC API Features", en: "OGC API Features"))),
                    ("dcat:endpointURL", id("/api")), ("dcat:endpointDescription", id("/api/openapi.json")),
                    ("dcat:servesDataset", .array(served.collections.map { id("/api/collections/\($0.id)") })),
                ])
            ),
        ]
        return .object(members)
    }

    private func dataset(_ collection: FeatureCollection) -> JSON {
        let sources = served.sources(of: collection)
        let path = "/api/collections/\(collection.id)"
        var members: [(String, JSON)] = [
            ("@id", .string(exchange.url(path))), ("@type", "dcat:Dataset"), ("dct:identifier", .string(collection.id)),
            ("dct:title", Self.texts(collection.title)), ("dct:description", Self.texts(collection.description)),
            ("dcat:keyword", .array(keywords(collection).map(Self.texts).flatMap(\.elements))),
            ("dct:language", languages),
            ("dct:accessRights", Self.id("\(Self.authority)/access-right/PUBLIC")),
            ("dcat:landingPage", id(path, [("f", "html")])),
        ]
        if let theme = collection.theme {
            members.append(("dcat:theme", Self.id("\(Self.authority)/data-theme/\(theme)")))
        }
        // Whose a foreign file's content is, and what it is about, only its own description can say.
        if !collection.isLayer { members += publishers + geocoding }
        if let box = collection.extent {
            members.append(
                (
                    "dct:spatial",
                    [
                        "@type": "dct:Location",
                        "dcat:bbox": [
                            "@type": "http://www.opengis.net/ont/geosparql#wktLiteral",
                            "@value": .string(Self.wellKnownText(box)),
                        ],
                    ]
                ))
        }
        if let span = collection.temporalExtent(in: served), span.begin != nil || span.end != nil {
            let day = { (instant: String) -> JSON in
                ["@type": "xsd:date", "@value": .string(String(instant.prefix(10)))]
            }
            var period: [(String, JSON)] = [("@type", "dct:PeriodOfTime")]
            if let begin = span.begin { period.append(("dcat:startDate", day(begin))) }
            if let end = span.end { period.append(("dcat:endDate", day(end))) }
            members.append(("dct:temporal", .object(period)))
        }
        if let day = dataDay, !collection.isLayer { members.append(("dct:modified", Self.day(day))) }
        if !sources.isEmpty {
            members.append(
                (
                    "dct:provenance",
                    .array(
                        sources.map { source in
                            [
                                "@type": "dct:ProvenanceStatement",
                                "rdfs:label": .string(
                                    [source.publisher, source.title, source.date?.description].compactMap { $0 }
                                        .joined(separator: ": ")),
                            ]
                        })
                ))
        }
        if collection.question != nil { members.append(("foaf:page", id("/api/definitions"))) }
        members.append(("dcat:distribution", .array(distributions(collection, sources))))
        return .object(members)
    }

    private func distributions(_ collection: FeatureCollection, _ sources: [CitedSource]) -> [JSON] {
        let path = "/api/collections/\(collection.id)"
        let files = ExportFormat.allCases.map { form in
            distribution(
                form.title, sources, accessed: id(path, [("f", "html")]),
                downloaded: id("\(path)/export", [("f", form.rawValue)]), mediaType: form.mediaType,
                format: form.fileTypeName)
        }
        let service = distribution(
            Localized(de: "OGC API Features", en: "OGC API Features"), sources, accessed: id("\(path)/items"),
            downloaded: nil, mediaType: MediaTypes.geoJSON, format: "GEOJSON")
        guard [.actors, .offers].contains(collection.kind) else { return files + [service] }
        return files + [
            service,
            distribution(
                Localized(de: "HSDS 3 (Open Referral)", en: "HSDS 3 (Open Referral)"), sources,
                accessed: id(path, [("f", "html")]), downloaded: id("/api/hsds"), mediaType: MediaTypes.json,
                format: "JSON"),
        ]
    }

    private func distribution(
        _ title: Localized, _ sources: [CitedSource], accessed: JSON, downloaded: JSON?, mediaType: String,
        format: String?
    ) -> JSON {
        let type = mediaType.prefix { $0 != ";" }
        var members: [(String, JSON)] = [
            ("@type", "dcat:Distribution"), ("dct:title", Self.texts(title)), ("dcat:accessURL", accessed),
        ]
        if let downloaded { members.append(("dcat:downloadURL", downloaded)) }
        members.append(("dcat:mediaType", Self.id("https://www.iana.org/assignments/media-types/\(type)")))
        if let format { members.append(("dct:format", Self.id("\(Self.authority)/file-type/\(format)"))) }
        if let licence = sources.commonLicence { members.append(("dct:license", Self.id(licence))) }
        if !sources.isEmpty { members.append(("dcatde:licenseAttributionByText", .string(sources.credit))) }
        return .object(members)
    }

    /// What a collection is found by: its title, the region, and what its records are about.
    private func keywords(_ collection: FeatureCollection) -> [Localized] {
        let fields: [(field: String, vocabulary: String)] =
            switch collection.kind {
            case .offers: [("category", "category"), ("topics", "topic")]
            case .actors: [("sector", "sector")]
            default: []
            }
        let labels = fields.flatMap { field, vocabulary -> [Localized] in
            guard let column = collection.kind.flatMap({ served.snapshot[$0][field: field] }) else { return [] }
            return column.codes.map { key in
                Localized(
                    de: served.snapshot.vocabulary.name(vocabulary, key, language: "de")?.text ?? key,
                    en: served.snapshot.vocabulary.name(vocabulary, key, language: "en")?.text ?? key)
            }
        }
        return [collection.title] + (collection.isLayer ? [] : served.regionNames) + labels
    }

    /// Who publishes, where the packs say it.
    private var publishers: [(String, JSON)] {
        let table = served.snapshot.regions
        for row in 0..<table.count {
            guard let name = table.text("publisher")[row] else { continue }
            var agent: [(String, JSON)] = [
                ("@id", .string(exchange.url("/api/catalogue") + "#publisher")), ("@type", "foaf:Agent"),
                ("foaf:name", .string(name)),
            ]
            if let url = table.text("publisher_url")[row] { agent.append(("foaf:homepage", Self.id(url))) }
            let contributor = table.text("contributor_id")[row].map { [("dcatde:contributorID", Self.id($0))] }
            return [("dct:publisher", .object(agent))] + (contributor ?? [])
        }
        return []
    }

    /// The states that the data are about, by their official keys.
    private var geocoding: [(String, JSON)] {
        let table = served.snapshot.regions
        let keys = (0..<table.count).compactMap { table.code("key_prefix")[$0] }.filter { $0.utf8.count == 2 }
        guard !keys.isEmpty else { return [] }
        let base = "http://dcat-ap.de/def/politicalGeocoding"
        return [
            ("dcatde:politicalGeocodingLevelURI", Self.id("\(base)/Level/state")),
            ("dcatde:politicalGeocodingURI", .array(keys.map { Self.id("\(base)/stateKey/\($0)") })),
        ]
    }

    /// The day that the data are as of.
    private var dataDay: Int32? {
        served.snapshot.regions.date("as_of").compactMap { ReducedDate(packed: $0) }.map(\.lastDay).max()
    }

    private var languages: JSON {
        [Self.id("\(Self.authority)/language/DEU"), Self.id("\(Self.authority)/language/ENG")]
    }

    private func id(_ path: String, _ parameters: [QueryParameters.Item] = []) -> JSON {
        Self.id(exchange.url(path, parameters))
    }

    private static func id(_ address: String) -> JSON { ["@id": .string(address)] }

    private static func texts(_ text: Localized) -> JSON {
        [
            ["@value": .string(text.de), "@language": "de"], ["@value": .string(text.en), "@language": "en"],
        ]
    }

    private static func day(_ day: Int32) -> JSON {
        ["@type": "xsd:date", "@value": .string(ReducedDate(packed: day)?.description ?? "")]
    }

    private static func wellKnownText(_ box: BoundingBox<Geographic>) -> String {
        let corners = [
            (box.minX, box.minY), (box.maxX, box.minY), (box.maxX, box.maxY), (box.minX, box.maxY),
            (box.minX, box.minY),
        ]
        return "POLYGON((\(corners.map { "\($0.0) \($0.1)" }.joined(separator: ", "))))"
    }
}

extension FeatureCollection {
    /// The EU's data theme: regions for areas, population and society for all that is about people; nil for layers of
    /// other files.
    fileprivate var theme: String? {
        switch source {
        case .records(.districts), .records(.municipalities): "REGI"
        case .records, .analysis: "SOCI"
        case .layer: nil
        }
    }
}

extension ExportFormat {
    /// The name in the EU's list of file types; nil where it has none.
    fileprivate var fileTypeName: String? {
        switch fileExtension {
        case "geojson": "GEOJSON"
        case "csv": "CSV"
        case "gpkg": "GPKG"
        default: nil
        }
    }
}

extension Column {
    /// The codes that occur, in their order.
    fileprivate var codes: [String] {
        switch self {
        case .code(let column): Array(column.dictionary.codes)
        case .codeList(let column): Array(column.dictionary.codes)
        default: []
        }
    }
}
