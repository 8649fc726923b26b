import Geometry
import NetworkModel

/// Descriptions in the vocabulary of schema.org as JSON-LD, for the pages of collections and features.
///
/// Only what is published, and of it no way to reach a person.
struct SchemaOrg {
    private let exchange: Exchange
    private let language: String
    private var served: ServedSnapshot { exchange.served }

    init(_ exchange: Exchange, language: String) {
        self.exchange = exchange
        self.language = language
    }

    /// A collection as a data set.
    func dataset(_ collection: FeatureCollection) -> JSON {
        let path = "/api/collections/\(collection.id)"
        let sources = served.sources(of: collection)
        var members: [(String, JSON)] = [
            ("@context", "https://schema.org"), ("@type", "Dataset"), ("@id", .string(exchange.url(path))),
            ("url", .string(exchange.url(path, [("f", "html")]))), ("name", .string(collection.title[language])),
            ("description", .string(collection.description[language])), ("inLanguage", .string(language)),
            ("version", .string(served.version)), ("isAccessibleForFree", true),
        ]
        if !sources.isEmpty { members.append(("creditText", .string(sources.credit))) }
        if !sources.licences.isEmpty { members.append(("license", .array(sources.licences.map(JSON.string)))) }
        if let box = collection.extent {
            members.append(
                (
                    "spatialCoverage",
                    [
                        "@type": "Place",
                        "geo": [
                            "@type": "GeoShape",
                            // South, west, north, east: the order of GeoShape.
                            "box": .string("\(box.minY) \(box.minX) \(box.maxY) \(box.maxX)"),
                        ],
                    ]
                ))
        }
        if let span = collection.temporalExtent(in: served), span.begin != nil || span.end != nil {
            let day = { (instant: String?) in instant.map { String($0.prefix(10)) } ?? ".." }
            members.append(("temporalCoverage", .string("\(day(span.begin))/\(day(span.end))")))
        }
        members.append(
            (
                "distribution",
                .array(
                    ExportFormat.allCases.map { form in
                        [
                            "@type": "DataDownload", "name": .string(form.title[language]),
                            "encodingFormat": .string(String(form.mediaType.prefix { $0 != ";" })),
                            "contentUrl": .string(exchange.url("\(path)/export", [("f", form.rawValue)])),
                        ]
                    })
            ))
        return .object(members)
    }

    /// A feature as what it is; nil where schema.org has no word for its kind.
    func feature(_ row: Int, _ table: FeatureTable, _ collection: FeatureCollection) -> JSON? {
        let text = { (name: String) -> String? in table[field: name]?[row].plainText }
        let list = { (name: String) -> [String] in table[field: name]?[row].plainTexts ?? [] }
        guard let kind = collection.kind, let type = Self.types[kind], let id = table.identifiers[row] else {
            return nil
        }
        let address = exchange.url("/api/collections/\(collection.id)/items/\(PercentCoding.encode(id))")
        var members: [(String, JSON?)] = [
            ("@context", "https://schema.org"), ("@type", .string(type)), ("@id", .string(address)),
            ("identifier", .string(id)), ("name", (text("title") ?? text("name")).map(JSON.string)),
            ("description", text("description").map(JSON.string)), ("url", text("url").map(JSON.string)),
        ]
        switch kind {
        case .offers:
            members += [
                ("serviceType", text("category").map { .string(label("category", $0)) }),
                (
                    "provider",
                    text("actor_name").map { name in
                        .object(
                            [("@type", "Organization"), ("name", .string(name))]
                                + (text("actor_id").map { [("@id", .string(itemAddress("actors", $0)))] } ?? []))
                    }
                ),
                ("areaServed", Self.array(list("served_keys").map(area))),
                (
                    "audience",
                    Self.array(
                        list("audiences").map {
                            ["@type": "Audience", "audienceType": .string(label("audience", $0))]
                        })
                ),
                ("availableChannel", channel(list("languages"), text("booking_url"))),
            ]
        case .actors:
            members += [
                ("alternateName", text("short_name").map(JSON.string)),
                ("parentOrganization", text("parent_id").map { ["@id": .string(itemAddress("actors", $0))] }),
                ("location", place(row, table, text)),
            ]
        default:
            members.append(("geo", point(text("label_lon"), text("label_lat"))))
            if let district = text("district_key") {
                members.append(("containedInPlace", ["@id": .string(itemAddress("districts", district))]))
            }
        }
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    private static let types: [RecordKind: String] = [
        .offers: "Service", .actors: "Organization", .districts: "AdministrativeArea",
        .municipalities: "AdministrativeArea",
    ]

    private func itemAddress(_ collection: String, _ id: String) -> String {
        exchange.url("/api/collections/\(collection)/items/\(PercentCoding.encode(id))")
    }

    private func label(_ vocabulary: String, _ key: String) -> String {
        served.snapshot.vocabulary.name(vocabulary, key, language: language)?.text ?? key
    }

    /// An area by its key, with its name where it is known.
    private func area(_ key: String) -> JSON {
        let snapshot = served.snapshot
        let name =
            snapshot.districtRows.row(of: key).flatMap { snapshot.districts.text("name")[$0] }
            ?? snapshot.municipalityRows.row(of: key).flatMap { snapshot.municipalities.text("name")[$0] }
        return .object(
            [("@type", "AdministrativeArea"), ("identifier", .string(key))]
                + (name.map { [("name", .string($0))] } ?? []))
    }

    private func channel(_ languages: [String], _ booking: String?) -> JSON? {
        guard !languages.isEmpty || booking != nil else { return nil }
        var members: [(String, JSON)] = [("@type", "ServiceChannel")]
        if !languages.isEmpty { members.append(("availableLanguage", .array(languages.map(JSON.string)))) }
        if let booking { members.append(("serviceUrl", .string(booking))) }
        return .object(members)
    }

    private func place(_ row: Int, _ table: FeatureTable, _ text: (String) -> String?) -> JSON? {
        let address = [
            ("streetAddress", text("street")), ("postalCode", text("postcode")),
            ("addressLocality", text("place") ?? text("municipality_name")), ("addressRegion", text("district_name")),
        ].compactMap { name, value in value.map { (name, JSON.string($0)) } }
        let position = table.point(row)
        guard !address.isEmpty || position != nil else { return nil }
        var members: [(String, JSON)] = [("@type", "Place")]
        if !address.isEmpty { members.append(("address", .object([("@type", "PostalAddress")] + address))) }
        if let position {
            members.append(
                (
                    "geo",
                    [
                        "@type": "GeoCoordinates", "latitude": .real(position.latitude),
                        "longitude": .real(position.longitude),
                    ]
                ))
        }
        return .object(members)
    }

    private func point(_ longitude: String?, _ latitude: String?) -> JSON? {
        guard let longitude, let latitude else { return nil }
        return ["@type": "GeoCoordinates", "latitude": .literal(latitude), "longitude": .literal(longitude)]
    }

    private static func array(_ elements: [JSON]) -> JSON? { elements.isEmpty ? nil : .array(elements) }
}

extension JSON {
    /// The document for a data block of a page: no character in it can end the block.
    var dataBlock: String {
        var result: [UInt8] = []
        // Byte by byte: a mark that combines with a character must not hide it. They stand in strings alone.
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "<"): result.append(ascii: "\\u003c")
            case UInt8(ascii: ">"): result.append(ascii: "\\u003e")
            case UInt8(ascii: "&"): result.append(ascii: "\\u0026")
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension FieldValue {
    /// The value as a text; nil where nothing is stated or where it is a list.
    var plainText: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): number.description
        case .real(let number): number.description
        case .boolean(let value): value.description
        case .null, .list: nil
        }
    }

    /// The values of a list; none where it is none.
    var plainTexts: [String] { if case .list(let list) = self { list } else { [] } }
}
