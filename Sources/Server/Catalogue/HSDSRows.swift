import Geometry
import NetworkModel

/// The rows of the tables of HSDS 3, made one by one from a snapshot.
struct HSDSRows: Sendable {
    /// The vocabularies that classify, with the fields of offers and actors that hold their keys.
    static let taxonomies: [(field: String, offers: String?, actors: String?, title: Localized)] = [
        ("category", "category", nil, Localized(de: "Art des Angebots", en: "Category of the offer")),
        ("topic", "topics", nil, Localized(de: "Themen", en: "Topics")),
        ("audience", "audiences", nil, Localized(de: "Zielgruppen", en: "Audiences")),
        ("delivery", "delivery", nil, Localized(de: "Form des Angebots", en: "Form of the offer")),
        ("sector", nil, "sector", Localized(de: "Sektor der Organisation", en: "Sector of the organisation")),
        ("kind", nil, "kind", Localized(de: "Art der Organisation", en: "Kind of the organisation")),
    ]

    private let exchange: Exchange
    private let statusDate: Int32?
    private let actors: Table
    private let offers: Table
    private var snapshot: Snapshot { exchange.served.snapshot }

    init(_ exchange: Exchange, statusDate: Int32?) {
        self.exchange = exchange
        self.statusDate = statusDate
        actors = exchange.served.snapshot.actors
        offers = exchange.served.snapshot.offers
    }

    // MARK: Organisations

    func organization(_ row: Int) -> JSON {
        let id = actors.identifiers[row] ?? ""
        let labels = [("kind", "kind"), ("sector", "sector")].compactMap { field, vocabulary in
            actors.text(of: field, row).map { label(vocabulary, $0) }
        }
        let name = actors.text(of: "name", row) ?? id
        return Self.object([
            ("id", Self.organizationID(id)), ("name", name), ("alternate_name", actors.text(of: "short_name", row)),
            (
                "description",
                actors.text(of: "description", row) ?? (labels.isEmpty ? name : labels.joined(separator: ", "))
            ),
            ("website", actors.text(of: "url", row)), ("uri", itemAddress("actors", id)),
            ("parent_organization_id", actors.text(of: "parent_id", row).flatMap(knownOrganization)),
        ])
    }

    func organizationIdentifier(_ row: Int) -> JSON {
        let id = actors.identifiers[row] ?? ""
        return Self.object([
            ("id", NamedUUID.of("organization_identifier", id)), ("organization_id", Self.organizationID(id)),
            ("identifier_type", "Kompass"), ("identifier", id),
        ])
    }

    // MARK: Services

    func service(_ row: Int) -> JSON {
        let id = offers.identifiers[row] ?? ""
        return Self.object([
            ("id", Self.serviceID(id)),
            ("organization_id", offers.text(of: "actor_id", row).flatMap(knownOrganization)),
            ("name", offers.text(of: "title", row) ?? id), ("description", offers.text(of: "description", row)),
            ("url", offers.text(of: "url", row)), ("status", status(row)),
            ("application_process", offers.text(of: "booking_url", row)),
            ("fees_description", offers.text(of: "cost", row)), ("assured_date", assuredDate(row)),
        ])
    }

    /// The address of the record that a service was made from, which holds its own identifier.
    func url(_ row: Int) -> JSON {
        let id = offers.identifiers[row] ?? ""
        return Self.object([
            ("id", NamedUUID.of("url", id)), ("label", "Kompass"), ("url", itemAddress("offers", id)),
            ("service_id", Self.serviceID(id)),
        ])
    }

    /// A service whose stated end has passed on the day is inactive; whatever states no end is not said to have ended.
    private func status(_ row: Int) -> String {
        guard let statusDate, let end = ReducedDate(packed: offers.date("valid_to")[row]) else { return "active" }
        return end.lastDay < statusDate ? "inactive" : "active"
    }

    /// The day of the statement, else that of the document it stands in, where that is one day.
    private func assuredDate(_ row: Int) -> String? {
        let source = offers.text(of: "source_id", row).flatMap { id in
            FeatureTable.row(of: id, in: snapshot.sources.identifiers)
        }
        let dates = [
            ReducedDate(packed: offers.date("source_date")[row]),
            source.flatMap { ReducedDate(packed: snapshot.sources.date("date")[$0]) },
        ]
        return dates.compactMap { $0 }.first.flatMap { $0.day == nil ? nil : $0.description }
    }

    // MARK: Places

    /// The place of an actor, or of an offer that has one of its own; numbers from the actors' count on are offers.
    func location(_ number: Int) -> [JSON] {
        let (table, row, organization) = record(number)
        guard let id = locationID(number) else { return [] }
        let point = table.point(row)
        let isVirtual = point == nil && Self.isRemote(table.text(of: "delivery", row))
        var members: [(String, JSON)] = [
            ("id", .string(id)), ("location_type", .string(isVirtual ? "virtual" : "physical")),
        ]
        if isVirtual, let url = table.text(of: "url", row) { members.append(("url", .string(url))) }
        if let organization { members.append(("organization_id", .string(organization))) }
        if let place = table.text(of: "place", row) ?? table.text(of: "municipality_name", row), !isVirtual {
            members.append(("name", .string(place)))
        }
        if let point {
            members += [("latitude", .real(point.latitude)), ("longitude", .real(point.longitude))]
        }
        if let key = table.text(of: "municipality_key", row) {
            members += [("external_identifier", .string(key)), ("external_identifier_type", "AGS")]
        }
        return [.object(members)]
    }

    /// The address of a place that states all that an address needs.
    func address(_ number: Int) -> [JSON] {
        let (table, row, _) = record(number)
        guard let location = locationID(number), let street = table.text(of: "street", row),
            let postcode = table.text(of: "postcode", row),
            let city = table.text(of: "place", row) ?? table.text(of: "municipality_name", row)
        else { return [] }
        let prefix = table.text(of: "municipality_key", row).map { String($0.prefix(2)) }
        let state = prefix.flatMap { prefix in
            (0..<snapshot.regions.count).first { snapshot.regions.code("key_prefix")[$0] == prefix }
        }
        return [
            Self.object([
                ("id", NamedUUID.of("address", location)), ("location_id", location), ("address_1", street),
                ("city", city), ("postal_code", postcode),
                ("state_province", state.flatMap { snapshot.regions.text("name_de")[$0] } ?? ""), ("country", "DE"),
                ("address_type", "physical"),
            ])
        ]
    }

    func serviceAtLocation(_ row: Int) -> [JSON] {
        let id = offers.identifiers[row] ?? ""
        let actor = Int(snapshot.offerActors[row])
        let isAtActor = offers.text(of: "precision", row) == "actor" && actor >= 0
        guard let location = locationID(isAtActor ? actor : actors.count + row) else { return [] }
        return [
            Self.object([
                ("id", NamedUUID.of("service_at_location", id)), ("service_id", Self.serviceID(id)),
                ("location_id", location),
            ])
        ]
    }

    func serviceAreas(_ row: Int) -> [JSON] {
        let id = offers.identifiers[row] ?? ""
        return offers.codeList("served_keys")[row].map { key in
            let name =
                snapshot.districtRows.row(of: key).flatMap { snapshot.districts.text("name")[$0] }
                ?? snapshot.municipalityRows.row(of: key).flatMap { snapshot.municipalities.text("name")[$0] }
            return Self.object([
                ("id", NamedUUID.of("service_area", id, key)), ("service_id", Self.serviceID(id)),
                ("name", name ?? key),
                ("uri", Self.areaAddress(key)),
            ])
        }
    }

    func schedule(_ row: Int) -> [JSON] {
        let from = ReducedDate(packed: offers.date("valid_from")[row])
        let to = ReducedDate(packed: offers.date("valid_to")[row])
        let hours = offers.text(of: "opening_hours", row)
        guard from != nil || to != nil || hours != nil else { return [] }
        let id = offers.identifiers[row] ?? ""
        let day = { (day: Int32?) in day.flatMap { ReducedDate(packed: $0)?.description } }
        return [
            Self.object([
                ("id", NamedUUID.of("schedule", id)), ("service_id", Self.serviceID(id)),
                ("valid_from", day(from?.firstDay)), ("valid_to", day(to?.lastDay)), ("description", hours),
            ])
        ]
    }

    func languages(_ row: Int) -> [JSON] {
        let id = offers.identifiers[row] ?? ""
        return offers.codeList("languages")[row].map { code in
            Self.object([
                ("id", NamedUUID.of("language", id, code)), ("service_id", Self.serviceID(id)),
                ("name", label("language", code)), ("code", code),
            ])
        }
    }

    // MARK: Classification

    func taxonomy(_ number: Int) -> JSON {
        let taxonomy = Self.taxonomies[number]
        return Self.object([
            ("id", NamedUUID.of("taxonomy", taxonomy.field)), ("name", taxonomy.field),
            ("description", taxonomy.title.de), ("uri", exchange.url("/api/vocabulary")),
        ])
    }

    func term(_ row: Int) -> [JSON] {
        let table = snapshot.vocabulary.table
        guard let field = table.text(of: "field", row), let key = table.text(of: "key", row),
            Self.taxonomies.contains(where: { $0.field == field })
        else { return [] }
        let name = table.text(of: "label_de", row) ?? key
        return [
            Self.object([
                ("id", Self.termID(field, key)), ("code", key), ("name", name),
                ("description", table.text(of: "label_en", row) ?? name), ("taxonomy", field),
                ("taxonomy_id", NamedUUID.of("taxonomy", field)), ("language", "de"),
            ])
        ]
    }

    func attributes(_ number: Int) -> [JSON] {
        let (table, row, _) = record(number)
        let isActor = number < actors.count
        let id = table.identifiers[row] ?? ""
        return Self.taxonomies.flatMap { taxonomy -> [JSON] in
            guard let field = isActor ? taxonomy.actors : taxonomy.offers, let value = table[field: field]?[row] else {
                return []
            }
            let known = Set(snapshot.vocabulary[taxonomy.field].map(\.key))
            return (value.plainTexts + (value.plainText.map { [$0] } ?? [])).filter(known.contains).map { key in
                Self.object([
                    ("id", NamedUUID.of("attribute", isActor ? "organization" : "service", id, taxonomy.field, key)),
                    ("link_id", isActor ? Self.organizationID(id) : Self.serviceID(id)),
                    ("link_type", taxonomy.field), ("link_entity", isActor ? "organization" : "service"),
                    ("taxonomy_term_id", Self.termID(taxonomy.field, key)),
                ])
            }
        }
    }

    // MARK: Identifiers

    private static func organizationID(_ id: String) -> String { NamedUUID.of("organization", id) }
    private static func serviceID(_ id: String) -> String { NamedUUID.of("service", id) }
    private static func termID(_ field: String, _ key: String) -> String { NamedUUID.of("taxonomy_term", field, key) }

    /// The identifier of an actor's organisation, where the actor is published.
    private func knownOrganization(_ id: String) -> String? {
        snapshot.actorRows.row(of: id) == nil ? nil : Self.organizationID(id)
    }

    /// The identifier of the place of a record; nil where it has none of its own.
    private func locationID(_ number: Int) -> String? {
        let (table, row, _) = record(number)
        let isActor = number < actors.count
        if !isActor, table.text(of: "precision", row) == "actor" { return nil }
        let isRemote = Self.isRemote(table.text(of: "delivery", row)) && table.text(of: "url", row) != nil
        guard table.point(row) != nil || table.text(of: "place", row) != nil || isRemote else { return nil }
        return NamedUUID.of("location", isActor ? "actor" : "offer", table.identifiers[row] ?? "")
    }

    private func record(_ number: Int) -> (table: Table, row: Int, organization: String?) {
        guard number >= actors.count else {
            return (actors, number, actors.identifiers[number].map(Self.organizationID))
        }
        let row = number - actors.count
        return (offers, row, offers.text(of: "actor_id", row).flatMap(knownOrganization))
    }

    private static func isRemote(_ delivery: String?) -> Bool { ["online", "telephone"].contains(delivery) }

    private func label(_ vocabulary: String, _ key: String) -> String {
        snapshot.vocabulary.name(vocabulary, key, language: "de")?.text ?? key
    }

    private func itemAddress(_ collection: String, _ id: String) -> String {
        exchange.url("/api/collections/\(collection)/items/\(PercentCoding.encode(id))")
    }

    /// The address of an area in the lists of DCAT-AP.de.
    private static func areaAddress(_ key: String) -> String? {
        let lists = [2: "stateKey", 5: "districtKey", 8: "municipalityKey"]
        return lists[key.utf8.count].map { "http://dcat-ap.de/def/politicalGeocoding/\($0)/\(key)" }
    }

    private static func object(_ members: [(String, String?)]) -> JSON {
        .object(members.compactMap { name, value in value.map { (name, .string($0)) } })
    }
}

extension Table {
    /// The text, code or date of a field; nil where nothing is stated.
    fileprivate func text(of field: String, _ row: Int) -> String? { self[field: field]?[row].plainText }
}
