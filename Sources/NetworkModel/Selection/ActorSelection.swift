public import Geometry

/// Which actors are meant: the grammar of the actors' items. Values of one field are alternatives, different fields
/// must all hold.
public struct ActorFilter: Sendable, Hashable {
    /// A field of the grammar whose values are codes.
    public enum CodeField: String, Sendable, Hashable, CaseIterable {
        /// The sector.
        case sector
        /// The kind.
        case kind
        /// The district or municipality that the actor is in.
        case locatedIn = "located_in"
    }

    /// The wanted codes of each field; a field without codes is not asked for.
    public private(set) var codes: [CodeField: [String]] = [:]
    /// A text that must occur, or nil.
    public private(set) var text: String?

    /// The names of all parameters of the grammar.
    public static let parameterNames = CodeField.allCases.map(\.rawValue) + ["q"]

    /// The filter that every actor passes.
    public init() {}

    /// Reads the filter from the parameters of a request; others must have been taken out before.
    ///
    /// Empty values are *not asked for*, so that a form can be sent as it is.
    public init(parameters: [(name: String, value: String)]) throws(FilterError) {
        var offers: [(name: String, value: String)] = []
        for parameter in parameters {
            guard Self.parameterNames.contains(parameter.name) else {
                throw .unknownParameter(parameter.name, known: Self.parameterNames)
            }
            // What both grammars have is read by the one for offers: the same limits, the same messages.
            if parameter.name != CodeField.kind.rawValue { offers.append(parameter) }
        }
        let shared = try OfferFilter(parameters: offers)
        codes[.sector] = shared.codes[.sector]
        codes[.locatedIn] = shared.codes[.locatedIn]
        text = shared.text
        let kinds = parameters.filter { $0.name == CodeField.kind.rawValue }
        guard kinds.count <= 1 else { throw .repeatedParameter(CodeField.kind.rawValue) }
        if let value = kinds.first?.value {
            let list = value.split(separator: ",").map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
            guard list.count <= OfferFilter.mostValues else {
                throw .invalidValue(
                    parameter: CodeField.kind.rawValue, value: value,
                    expected: "at most \(OfferFilter.mostValues) values")
            }
            if !list.isEmpty { codes[.kind] = Array(Set(list)).sorted() }
        }
    }

    /// Whether every actor passes.
    public var isEmpty: Bool { self == ActorFilter() }

    /// The filter as parameters in one fixed order: the same filter gives the same query, so the same cache key.
    public var parameters: [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        for field in CodeField.allCases {
            if let values = codes[field] { result.append((field.rawValue, values.joined(separator: ","))) }
        }
        if let text { result.append(("q", text)) }
        return result
    }
}

/// The actors that pass a filter, with the account that answers give of it.
public struct ActorSelection: Sendable {
    /// The rows of the published actors that pass, ascending.
    public let rows: [Int]
    /// For each filtered field: how many actors pass everything else but state nothing in it.
    public let notStated: [(field: String, count: Int)]

    /// Selects from a snapshot. - Complexity: O(n · conditions).
    ///
    /// - Parameter boxes: where given, only actors in one of them pass.
    /// - Throws: `FilterError.unknownValue` for a code that neither vocabulary nor data know.
    public init(
        _ filter: ActorFilter, within boxes: [BoundingBox<Geographic>]? = nil, in snapshot: Snapshot
    ) throws(FilterError) {
        let actors = snapshot.actors
        var evaluation = FilterEvaluation(count: actors.count)
        for field in [ActorFilter.CodeField.sector, .kind] {
            guard let values = filter.codes[field] else { continue }
            let column = actors.code(field.rawValue)
            let listed = snapshot.vocabulary[field.rawValue].map(\.key)
            var wanted = [Bool](repeating: false, count: column.dictionary.count + 1)
            for value in values {
                if value == OfferFilter.notStated {
                    wanted[0] = true
                } else if let number = column.dictionary.known(value) {
                    wanted[Int(number)] = true
                } else if !listed.contains(value) {
                    throw .unknownValue(
                        parameter: field.rawValue, value: value,
                        known: Array(Set(listed).union(column.dictionary.codes)).sorted())
                }
            }
            evaluation.apply(name: field.rawValue, keepsSilent: wanted[0]) { row in
                column.codes[row] == 0 ? nil : wanted[Int(column.codes[row])]
            }
        }
        if let values = filter.codes[.locatedIn] {
            let name = ActorFilter.CodeField.locatedIn.rawValue
            let stated = values.filter { $0 != OfferFilter.notStated }
            evaluation.applyLocation(
                try AreaKeys(stated, parameter: name, in: snapshot), districts: actors.code("district_key"),
                municipalities: actors.code("municipality_key"), name: name,
                keepsSilent: stated.count < values.count)
        }
        if let text = filter.text {
            let search = TextSearch(text)
            let columns = [
                "name", "short_name", "description", "place", "district_name", "municipality_name", "postcode",
            ]
            .compactMap { actors[field: $0] }
            var folded: [UInt8] = []
            evaluation.apply { row in
                folded.removeAll(keepingCapacity: true)
                for column in columns { column.fold(row, into: &folded) }
                return search.matches(folded)
            }
        }
        if let boxes {
            evaluation.apply { row in
                actors.point(row).map { point in boxes.contains { $0.contains(point) } } ?? false
            }
        }
        rows = evaluation.passing
        notStated = evaluation.notStated
    }
}
