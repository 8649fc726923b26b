/// Judges every operand of a tree. A type of nil is one that is not known: of a property before binding, of a function.
struct TypeCheck {
    let source: FilterSource
    /// The types of the properties; nil where any name is accepted.
    var types: [String: QueryableType]?
    /// Whether functions are accepted. The standard has none but its own, so no filter with one can be bound.
    var acceptsFunctions = true

    init(source: FilterSource) { self.source = source }

    init(source: FilterSource, queryables: [Queryable]) {
        self.source = source
        types = Dictionary(queryables.map { ($0.name, $0.type) }) { first, _ in first }
        acceptsFunctions = false
    }

    /// Checks an expression that must be a predicate.
    func requirePredicate(_ expression: FilterExpression) throws(FilterError) {
        switch expression.node {
        case .property(let name):
            // The grammar has no bare property as a predicate, whatever its type.
            _ = try type(expression)
            throw error("expected a predicate; to test a boolean write '\(name) = TRUE'", expression)
        case .boolean, .comparison, .like, .between, .isIn, .isNull, .spatial, .temporal, .array, .and, .or, .not:
            _ = try type(expression)
        default:
            let type = try type(expression)
            guard let type, type != .boolean else { return }
            throw error("expected a predicate, found \(type.words)", expression)
        }
    }

    private func error(_ message: String, _ expression: FilterExpression) -> FilterError {
        source.error(.type, message, at: expression.offset)
    }

    /// The type, which must be one of some. Once per operand: twice would be exponential in the depth.
    @discardableResult
    private func require(
        _ accepted: [QueryableType], _ expression: FilterExpression, _ place: String
    ) throws(FilterError) -> QueryableType? {
        guard let type = try type(expression) else { return nil }
        guard !accepted.contains(type) else { return type }
        let words = accepted.map(\.words)
        let wanted =
            words.count == 1 ? words[0] : "\(words.dropLast().joined(separator: ", ")) or \(words[words.count - 1])"
        throw error("\(place) must be \(wanted), not \(type.words)", expression)
    }

    private static let scalars: [QueryableType] = [.string, .number, .boolean, .date, .timestamp]

    /// Checks scalars that are compared with the first of them.
    private func requireComparable(
        _ first: FilterExpression, _ others: [FilterExpression], to accepted: [QueryableType], _ place: String
    ) throws(FilterError) {
        let operands = [first] + others
        var types: [QueryableType?] = []
        for operand in operands { types.append(try require(accepted, operand, place)) }
        guard let firstType = types[0] else { return }
        let hasInstant = types.contains { $0?.isInstant == true }
        for (operand, type) in zip(operands, types).dropFirst() {
            guard let type, !firstType.isComparable(to: type) else { continue }
            // A string that writes an instant is cast to it.
            if hasInstant, (firstType == .string ? first : operand).castInstant != nil { continue }
            let hint = firstType.isInstant && type == .string ? "; write \(firstType.rawValue.uppercased())('…')" : ""
            throw error("\(type.words) cannot be compared with \(firstType.words)\(hint)", operand)
        }
    }

    /// The type of an expression, all of its operands checked. nil is unknown.
    ///
    /// - Complexity: O(nodes).
    private func type(_ expression: FilterExpression) throws(FilterError) -> QueryableType? {
        switch expression.node {
        case .string: return .string
        case .integer, .real: return .number
        case .boolean: return .boolean
        case .date: return .date
        case .timestamp: return .timestamp
        case .geometry, .box: return .geometry
        case .list(let elements):
            for element in elements { _ = try type(element) }
            return .list
        case .interval(let start, let end):
            try checkInterval(start, end, expression)
            return .interval
        case .property(let name): return try property(name, expression)
        case .function(let name, let arguments):
            guard acceptsFunctions else {
                throw source.error(.unknownFunction, "there is no function '\(name)'", at: expression.offset)
            }
            for argument in arguments { _ = try type(argument) }
            return nil
        case .caseInsensitive(let operand):
            try require([.string], operand, "the argument of CASEI")
            return .string
        case .accentInsensitive(let operand):
            try require([.string], operand, "the argument of ACCENTI")
            return .string
        case .arithmetic(let calculation, let left, let right):
            let place = "an operand of '\(calculation.rawValue)'"
            try require([.number], left, place)
            try require([.number], right, place)
            return .number
        default:
            try checkPredicate(expression)
            return .boolean
        }
    }

    private func checkPredicate(_ expression: FilterExpression) throws(FilterError) {
        switch expression.node {
        case .comparison(let comparison, let left, let right):
            let place = "an operand of '\(comparison.rawValue)'"
            try requireComparable(left, [right], to: Self.scalars, place)
        case .like(let value, let pattern):
            try require([.string], value, "the operand of LIKE")
            _ = try type(pattern)
            guard pattern.isPattern else {
                throw error("the pattern of LIKE must be a string, at most within CASEI and ACCENTI", pattern)
            }
        case .between(let value, let lower, let upper):
            try requireComparable(
                value, [lower, upper], to: [.number, .string, .date, .timestamp], "an operand of BETWEEN")
        case .isIn(let value, let candidates):
            try requireComparable(value, candidates, to: Self.scalars, "an operand of IN")
        case .isNull(let operand):
            _ = try type(operand)
            if case .list = operand.node { throw error("an array that is written out is never NULL", operand) }
        case .spatial(let relation, let first, let second):
            let place = "an argument of \(relation.rawValue.uppercased())"
            try require([.geometry], first, place)
            try require([.geometry], second, place)
        case .temporal(let relation, let first, let second):
            let place = "an argument of \(relation.rawValue.uppercased())"
            let accepted: [QueryableType] = relation.acceptsInstants ? [.date, .timestamp, .interval] : [.interval]
            try require(accepted, first, place)
            try require(accepted, second, place)
        case .array(let relation, let first, let second):
            let place = "an argument of \(relation.rawValue.uppercased())"
            try require([.list], first, place)
            try require([.list], second, place)
        case .and(let operands), .or(let operands):
            for operand in operands { try requirePredicate(operand) }
        case .not(let operand): try requirePredicate(operand)
        default: break
        }
    }

    private func checkInterval(
        _ start: IntervalBound, _ end: IntervalBound, _ expression: FilterExpression
    ) throws(FilterError) {
        var bounds: [(QueryableType, FilterExpression)] = []
        for case .instant(let bound) in [start, end] {
            switch bound.node {
            case .date, .timestamp, .property, .function: break
            default: throw error("a bound of INTERVAL must be a day, a time or a property", bound)
            }
            if let type = try require([.date, .timestamp], bound, "a bound of INTERVAL") {
                bounds.append((type, bound))
            }
        }
        guard bounds.count == 2 else { return }
        guard bounds[0].0 == bounds[1].0 else {
            throw error("both bounds of INTERVAL must be days or both times", bounds[1].1)
        }
        switch (bounds[0].1.node, bounds[1].1.node) {
        case (.date(let first), .date(let second)) where first > second: break
        case (.timestamp(let first), .timestamp(let second)) where first > second: break
        default: return
        }
        throw source.error(.value, "the interval ends before it begins", at: expression.offset)
    }

    private func property(_ name: String, _ expression: FilterExpression) throws(FilterError) -> QueryableType? {
        guard let types else { return nil }
        if let type = types[name] { return type }
        let lowercased = name.lowercased()
        let similar = types.keys.filter { $0.lowercased() == lowercased }.min()
        let names = types.keys.sorted()
        let hint =
            similar.map { "did you mean '\($0)'?" }
            ?? (names.isEmpty
                ? "there are none"
                : "there are " + names.prefix(30).joined(separator: ", ") + (names.count > 30 ? ", …" : ""))
        throw source.error(
            .unknownProperty, "there is no queryable '\(name)'; \(hint)", at: expression.offset)
    }
}

extension FilterExpression {
    /// The day or time that a string literal writes: `start >= '2022-04-16T00:00:00Z'` is what GDAL sends for a date.
    /// The standard permits such casts (`/per/basic-cql2/type-casts`), and where the other side is an instant there is
    /// but one meaning.
    var castInstant: Value? {
        guard case .string(let text) = node else { return nil }
        return CalendarDate(text).map { .date($0) } ?? Timestamp(text).map { .timestamp($0) }
    }

    /// Whether the grammar's rule `patternExpression` has it.
    var isPattern: Bool {
        switch node {
        case .string: true
        case .caseInsensitive(let operand), .accentInsensitive(let operand): operand.isPattern
        default: false
        }
    }
}
