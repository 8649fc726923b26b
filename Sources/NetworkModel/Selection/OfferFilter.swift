public import Geometry

/// Which offers are meant: the one grammar (DOMAIN 6.3) that items, tiles, exports, statistics and pages share.
///
/// Values of one field are alternatives, different fields must all hold. A value, not a closure: it is a cache key,
/// and it can be written back as the parameters it came from.
public struct OfferFilter: Sendable, Hashable {
    /// A field of the grammar whose values are codes.
    public enum CodeField: String, Sendable, Hashable, CaseIterable {
        /// The kind of offer.
        case category
        /// What it is about.
        case topic
        /// Whom it is for.
        case audience
        /// The languages it is given in.
        case language
        /// On site, online, ...
        case delivery
        /// The sector of its actor.
        case sector
        /// Its actor.
        case actor
        /// The district or municipality it is in.
        case locatedIn = "located_in"
        /// The districts or municipalities it is for.
        case serves

        /// The field of the published offers that it looks at.
        var column: String {
            switch self {
            case .category, .delivery, .sector: rawValue
            case .topic: "topics"
            case .audience: "audiences"
            case .language: "languages"
            case .actor: "actor_id"
            case .locatedIn: "district_key"
            case .serves: "served_keys"
            }
        }
    }

    /// The wanted codes of each field; a field without codes is not asked for.
    public private(set) var codes: [CodeField: [String]] = [:]
    /// A text that must occur, or nil.
    public private(set) var text: String?
    /// A day on which the offers must be running, packed as in `ReducedDate`, or nil.
    public private(set) var day: ReducedDate?
    /// Boxes of which one must contain the offer (two for a box across the antimeridian), or nil.
    public private(set) var box: [BoundingBox<Geographic>]?
    /// A condition in CQL2, or nil.
    public private(set) var expression: Condition?
    /// Whether only offers with a stated end are meant.
    public private(set) var datedOnly = false

    /// The value of any field of codes that means *states nothing in this field*: an alternative like the others, so that
    /// `language=ar,not_stated` keeps what is given in Arabic and what does not say.
    public static let notStated = "not_stated"

    /// The names of all parameters of the grammar.
    public static let parameterNames =
        CodeField.allCases.map(\.rawValue) + ["q", "date", "offer-bbox", expressionName, "validity"]
    /// The parameter of the condition in CQL2.
    public static let expressionName = "offer-filter"

    /// The filter that every offer passes.
    public init() {}

    /// Reads the filter from the parameters of a request or a command; others must have been taken out before.
    ///
    /// Empty values are *not asked for*, so that a form can be sent as it is.
    public init(parameters: [(name: String, value: String)]) throws(FilterError) {
        var seen: Set<String> = []
        for (name, value) in parameters {
            guard seen.insert(name).inserted else { throw .repeatedParameter(name) }
            if let field = CodeField(rawValue: name) {
                let list = value.split(separator: ",").map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
                guard list.count <= Self.mostValues else {
                    throw .invalidValue(
                        parameter: name, value: value, expected: "at most \(Self.mostValues) values")
                }
                if !list.isEmpty { codes[field] = Array(Set(list)).sorted() }
                continue
            }
            guard !value.isEmpty || name == "offer-bbox" else {
                guard Self.parameterNames.contains(name) else {
                    throw .unknownParameter(name, known: Self.parameterNames)
                }
                continue
            }
            switch name {
            case "q": text = try Self.text(value)
            case "date": day = try Self.day(value)
            case "offer-bbox": box = try Self.box(value, parameter: name)
            case Self.expressionName: expression = try Condition(value, parameter: name)
            case "validity":
                guard value == "dated" else {
                    throw .invalidValue(parameter: name, value: value, expected: "'dated'")
                }
                datedOnly = true
            default: throw .unknownParameter(name, known: Self.parameterNames)
            }
        }
    }

    /// Whether every offer passes.
    public var isEmpty: Bool { self == OfferFilter() }

    /// The filter as parameters in one fixed order: the same filter gives the same query, so the same cache key.
    public var parameters: [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        for field in CodeField.allCases {
            if let values = codes[field] { result.append((field.rawValue, values.joined(separator: ","))) }
        }
        if let text { result.append(("q", text)) }
        if let day { result.append(("date", day.description)) }
        if let first = box?.first, let last = box?.last {
            let numbers = [first.minX, first.minY, last.maxX, last.maxY]
            result.append(("offer-bbox", numbers.map { "\($0)" }.joined(separator: ",")))
        }
        if let expression { result.append((Self.expressionName, expression.text)) }
        if datedOnly { result.append(("validity", "dated")) }
        return result
    }

    /// About what it takes in memory, in bytes: what a cache counts for a key.
    public var cost: Int {
        codes.values.joined().reduce(256) { $0 + 32 + $1.utf8.count } + (text?.utf8.count ?? 0)
            + (expression?.cost ?? 0)
    }

    /// The same filter without one of the fields that an offer may leave empty, named as its parameter.
    public func without(_ parameter: String) -> OfferFilter {
        var result = self
        if let field = CodeField(rawValue: parameter) { result.codes[field] = nil }
        if parameter == Self.expressionName { result.expression = nil }
        return result
    }

    /// The most values that one field may list: a bound on the work that one request can ask for.
    static let mostValues = 500
    /// The longest text, in bytes.
    static let longestText = 200

    private static func text(_ value: String) throws(FilterError) -> String {
        guard value.utf8.count <= longestText else {
            throw .invalidValue(parameter: "q", value: value, expected: "at most \(longestText) bytes")
        }
        return value
    }

    private static func day(_ value: String) throws(FilterError) -> ReducedDate {
        guard let date = ReducedDate(value), date.day != nil else {
            throw .invalidValue(parameter: "date", value: value, expected: "a day such as 2024-06-30")
        }
        return date
    }

    /// Reads four numbers west,south,east,north; six are taken with their heights left aside.
    public static func box(
        _ value: String, parameter: String
    ) throws(FilterError) -> [BoundingBox<Geographic>] {
        let expected = "west,south,east,north in degrees, south not above north"
        let parts = value.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0.trimmingBlanks) }.filter(\.isFinite)
        guard numbers.count == parts.count, numbers.count == 4 || numbers.count == 6 else {
            throw .invalidValue(parameter: parameter, value: value, expected: expected)
        }
        let plane = numbers.count == 4 ? numbers : [numbers[0], numbers[1], numbers[3], numbers[4]]
        guard abs(plane[0]) <= 180, abs(plane[2]) <= 180, abs(plane[1]) <= 90, abs(plane[3]) <= 90,
            plane[1] <= plane[3]
        else { throw .invalidValue(parameter: parameter, value: value, expected: expected) }
        return BoundingBox.parts(west: plane[0], south: plane[1], east: plane[2], north: plane[3])
    }
}

extension StringProtocol {
    /// The text without blanks and tabs at its ends.
    var trimmingBlanks: SubSequence {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
