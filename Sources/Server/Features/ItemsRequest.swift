import Geometry
import HTTPTypes
import NetworkModel

/// A request for features, read and checked against its collection.
struct ItemsRequest: Sendable {
    /// How many features are given where `limit` says nothing: a page that a person can read and a client can show.
    static let defaultLimit = 100
    /// The most features in one answer.
    static let largestLimit = 10_000

    let collection: FeatureCollection
    let limit: Int
    let cursor: PageCursor?
    /// How many features of the selection stand in front of the page.
    let offset: Int
    /// The box that the features must meet.
    let box: RequestedBox?
    /// Whether the box is part of the grammar's filter already.
    let isBoxFiltered: Bool
    let interval: TemporalInterval?
    let filter: Filter
    /// What the features must fulfil beside, in CQL2 or by equality with a field.
    let conditions: [Condition]
    /// The order of the features; nil for that of their identifiers.
    let order: FeatureOrder?
    /// The properties that are wanted; nil for all.
    let properties: [String]?
    /// The CRS that the answer is written in.
    let crs: ExchangeCRS
    /// Takes coordinates to other CRSs and back.
    let coordinates: CoordinateExchange
    /// The selecting parameters in one fixed order: what links repeat and caches are keyed by.
    let selection: [QueryParameters.Item]
    /// The parameter limit, where it was given.
    let statedLimit: String?
    /// The parameter offset, where it was given.
    private let statedOffset: String?

    /// What selects the features, beside box and time.
    enum Filter: Sendable {
        /// Records of a kind by their own fields.
        case records(RecordKind, RecordFilter)
        /// All rows of an analysis; its parameters choose the offers.
        case analysis(AnalyticalQuery)
        /// All rows of a layer of another file.
        case layer
    }

    /// The selection of records by their own fields.
    enum RecordFilter: Sendable {
        /// Offers by their grammar.
        case offers(OfferFilter)
        /// Actors by theirs.
        case actors(ActorFilter)
        /// Areas and cells by words and place.
        case places(text: String?, areas: [String]?)
    }

    /// Reads the parameters of a request.
    ///
    /// - Parameters:
    ///   - parameters: the parameters that may be given; nil for those of the collection's items.
    ///   - largestLimit: the most features that the form of the answer holds.
    /// - Throws: a problem of status 400 naming the parameter, or 410 for a cursor of another data version.
    init(
        _ query: QueryParameters, collection: FeatureCollection, parameters: [QueryParameter]? = nil, version: String,
        coordinates: CoordinateExchange, largestLimit: Int = Self.largestLimit
    ) throws(Problem) {
        self.collection = collection
        self.coordinates = coordinates
        try query.require(only: (parameters ?? collection.parameters).map(\.name))
        statedLimit = query["limit"]
        limit = min(try Self.limit(query["limit"]), largestLimit)
        cursor = try Self.cursor(query["cursor"], version: version)
        statedOffset = query["offset"]
        let skipped = try Self.offset(statedOffset, beside: cursor)
        offset = cursor?.offset ?? skipped
        interval = if let text = query["datetime"] { try TemporalInterval(text) } else { nil }
        let boxCRS = try ExchangeCRS(parameter: QueryParameter.boxCRS.name, of: query)
        if let text = query["bbox"] {
            box = try RequestedBox(text, crs: boxCRS, coordinates: coordinates)
        } else {
            box = nil
        }
        crs = try ExchangeCRS(parameter: QueryParameter.crs.name, of: query)
        var selection: [QueryParameters.Item]
        switch collection.source {
        case .records(let kind):
            (filter, isBoxFiltered, selection) = try Self.records(
                kind, query.picking(collection.filters.map(\.name)), box)
        case .analysis(let question):
            let asked = try AnalyticalQuery(question, query)
            filter = .analysis(asked)
            isBoxFiltered = false
            selection = asked.items
        case .layer:
            (filter, isBoxFiltered, selection) = (.layer, false, [])
        }
        if let text = query["bbox"] { selection.append(("bbox", text)) }
        if boxCRS != .longitudeLatitude, box != nil { selection.append((QueryParameter.boxCRS.name, boxCRS.uri)) }
        if let text = query["datetime"] { selection.append(("datetime", text)) }
        var conditions = try Self.equalities(query, collection.equalities)
        selection += conditions.map { ($0.parameter, query[$0.parameter] ?? "") }
        if let condition = try Self.condition(query) {
            conditions.append(condition)
            selection.append((QueryParameter.condition.name, condition.text))
            if condition.crs != .longitudeLatitude {
                selection.append((QueryParameter.conditionCRS.name, condition.crs.uri))
            }
        }
        self.conditions = conditions
        order = if let text = query[QueryParameter.order.name] { try FeatureOrder(text) } else { nil }
        if let order { selection.append((QueryParameter.order.name, order.description)) }
        properties = try Self.properties(query[QueryParameter.properties.name])
        self.selection = selection
    }

    /// The fields that must have a stated value, in the order of the fields.
    private static func equalities(_ query: QueryParameters, _ fields: [Field]) throws(Problem) -> [Condition] {
        var result: [Condition] = []
        for field in fields {
            guard let text = query[field.name] else { continue }
            do throws(FilterError) {
                result.append(try Condition(field, equals: text))
            } catch {
                throw Problem(error)
            }
        }
        return result
    }

    /// What the draft of the standard called CQL2 text, and GDAL's driver still does.
    static let draftName = "cql-text"

    /// The condition in CQL2. What says how it is written is checked where there is none, too.
    private static func condition(_ query: QueryParameters) throws(Problem) -> Condition? {
        var encoding = Condition.Encoding.text
        if let text = query[QueryParameter.conditionEncoding.name] {
            guard let known = Condition.Encoding(rawValue: text == draftName ? "cql2-text" : text) else {
                let names = Condition.Encoding.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(
                    .badRequest, "parameter 'filter-lang' has the value '\(text.clipped)'; expected one of \(names)",
                    parameter: QueryParameter.conditionEncoding.name)
            }
            encoding = known
        }
        let crs = try ExchangeCRS(parameter: QueryParameter.conditionCRS.name, of: query)
        guard let text = query[QueryParameter.condition.name] else { return nil }
        do throws(FilterError) {
            return try Condition(text, parameter: QueryParameter.condition.name, encoding: encoding, crs: crs)
        } catch {
            throw Problem(error)
        }
    }

    /// The selection of records, whether the box is part of it, and the parameters that it was read from.
    private static func records(
        _ kind: RecordKind, _ fields: [QueryParameters.Item], _ box: RequestedBox?
    ) throws(Problem) -> (Filter, Bool, [QueryParameters.Item]) {
        do throws(FilterError) {
            switch kind {
            case .offers:
                let filter = try OfferFilter(parameters: fields)
                // For offers both boxes mean the same. As part of the filter it counts for what is not stated, too.
                if let text = box?.text, !filter.isEmpty, filter.box == nil {
                    let boxed = try OfferFilter(parameters: fields + [("offer-bbox", text)])
                    return (.records(kind, .offers(boxed)), true, filter.parameters)
                }
                return (.records(kind, .offers(filter)), false, filter.parameters)
            case .actors:
                let filter = try ActorFilter(parameters: fields)
                return (.records(kind, .actors(filter)), false, filter.parameters)
            default:
                // The grammar of actors holds what areas can be selected by; the route has refused all else.
                let filter = try ActorFilter(parameters: fields)
                return (
                    .records(kind, .places(text: filter.text, areas: filter.codes[.locatedIn])), false,
                    filter.parameters
                )
            }
        } catch {
            throw Problem(error)
        }
    }

    /// The names of the wanted properties; which of them there are only the table can tell.
    private static func properties(_ text: String?) throws(Problem) -> [String]? {
        guard let text else { return nil }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
        guard names.allSatisfy({ !$0.isEmpty }), Set(names).count == names.count else {
            throw Problem(
                .badRequest, "parameter 'properties' has the value '\(text.clipped)'; expected different names",
                parameter: QueryParameter.properties.name)
        }
        return names
    }

    private static func limit(_ text: String?) throws(Problem) -> Int {
        guard let text else { return defaultLimit }
        guard text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let limit = Int(text),
            limit > 0
        else {
            throw Problem(
                .badRequest, "parameter 'limit' has the value '\(text.clipped)'; expected a whole number from 1",
                parameter: "limit")
        }
        return limit
    }

    private static func offset(_ text: String?, beside cursor: PageCursor?) throws(Problem) -> Int {
        guard let text else { return 0 }
        guard cursor == nil else {
            throw Problem(
                .badRequest, "parameter 'offset': the parameter cursor says already where to go on", parameter: "offset"
            )
        }
        guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let offset = Int(text)
        else {
            throw Problem(
                .badRequest, "parameter 'offset' has the value '\(text.clipped)'; expected a whole number from 0",
                parameter: "offset")
        }
        return offset
    }

    private static func cursor(_ text: String?, version: String) throws(Problem) -> PageCursor? {
        guard let text else { return nil }
        guard let cursor = PageCursor(text) else {
            throw Problem(
                .badRequest, "parameter 'cursor' is none that this server has given; take it from the link next",
                parameter: "cursor")
        }
        guard cursor.version == version else {
            throw Problem(
                .gone,
                """
                the data have changed since this walk began (it was version \(cursor.version), now it is \(version)); \
                start again without the parameter cursor
                """, parameter: "cursor")
        }
        return cursor
    }

    /// The positions of the wanted properties among those of a table, in the table's order; nil for all.
    ///
    /// - Throws: a problem of status 400 for a property that the table does not have.
    func columns(of table: FeatureTable) throws(Problem) -> [Int]? {
        guard let properties else { return nil }
        for name in properties where table[field: name] == nil {
            throw Problem(
                .badRequest,
                """
                parameter 'properties': there is no property '\(name.clipped)'; there are \
                \(table.fields.map(\.name).joined(separator: ", "))
                """, parameter: QueryParameter.properties.name)
        }
        return table.fields.indices.filter { properties.contains(table.fields[$0].name) }
    }

    /// How positions are written.
    var frame: PositionFrame? { PositionFrame(crs, coordinates) }

    /// The parameters of a link to a page of the same selection.
    func parameters(cursor: PageCursor?, format: String?) -> [QueryParameters.Item] {
        var result = selection
        if let properties { result.append((QueryParameter.properties.name, properties.joined(separator: ","))) }
        if crs != .longitudeLatitude { result.append((QueryParameter.crs.name, crs.uri)) }
        if let statedLimit { result.append(("limit", statedLimit)) }
        if let cursor {
            result.append(("cursor", cursor.description))
        } else if let statedOffset {
            result.append(("offset", statedOffset))
        }
        if let format { result.append(("f", format)) }
        return result
    }
}

extension ExchangeCRS {
    /// Reads a parameter; longitude and latitude where it is not given.
    ///
    /// - Throws: a problem of status 400 for a CRS that is not offered.
    init(parameter name: String, of query: QueryParameters) throws(Problem) {
        guard let text = query[name] else {
            self = .longitudeLatitude
            return
        }
        guard let known = ExchangeCRS(text) else {
            let uris = Self.allCases.map(\.uri).joined(separator: ", ")
            throw Problem(
                .badRequest, "parameter '\(name)' has the value '\(text.clipped)'; expected one of \(uris)",
                parameter: name)
        }
        self = known
    }
}

extension Problem {
    /// A refusal of the filter grammar.
    init(_ error: FilterError) {
        self.init(.badRequest, error.description, parameter: error.parameter.clipped)
    }
}
