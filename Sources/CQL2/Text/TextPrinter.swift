internal import Geometry

extension Filter {
    /// The filter in CQL2 Text, which reads back to an equal tree. Names are quoted where they must be.
    ///
    /// - Throws: `FilterError` of kind `inexpressible` for what the grammar of the text has no way to write: a string
    ///   in which a backslash precedes a quote or the end, and an array of one number, name, or predicate within
    ///   another array or a function's arguments.
    public func text() throws(FilterError) -> String { try TextPrinter.text(expression, 0) }
}

/// Precedence climbing in reverse: parentheses where a looser operator stands inside a tighter one.
enum TextPrinter {
    /// - Parameter minimum: how tightly the expression must bind to go without parentheses; 0 or at once.
    static func text(_ expression: FilterExpression, _ minimum: Int) throws(FilterError) -> String {
        let text = try plain(expression)
        return expression.binding < minimum ? "(\(text))" : text
    }

    private static func plain(_ expression: FilterExpression) throws(FilterError) -> String {
        switch expression.node {
        case .string(let string): return try quoted(string)
        case .integer(let number): return String(number)
        case .real(let number):
            guard number.isFinite else { throw inexpressible("a number that is not finite") }
            return number.description
        case .boolean(let boolean): return boolean ? "TRUE" : "FALSE"
        case .date(let date): return "DATE('\(date)')"
        case .timestamp(let timestamp): return "TIMESTAMP('\(timestamp)')"
        case .geometry(let geometry):
            guard geometry.isExpressible else { throw inexpressible("an empty, nested or infinite geometry") }
            return WellKnownText.format(geometry)
        case .box(let box):
            return "BBOX(\(box.borders.map(NumberLiteral.text).joined(separator: ", ")))"
        case .interval(let start, let end): return "INTERVAL(\(try bound(start)), \(try bound(end)))"
        case .list(let elements): return try list(elements)
        case .property(let name): return try Self.name(name)
        case .function(let name, let arguments):
            guard name.isIdentifier, !Keyword.isReserved(name) else {
                throw inexpressible("a function of the name '\(name)'")
            }
            return "\(name)\(arguments.isEmpty ? "()" : try list(arguments))"
        case .caseInsensitive(let argument): return "CASEI(\(try text(argument, 0)))"
        case .accentInsensitive(let argument): return "ACCENTI(\(try text(argument, 0)))"
        case .arithmetic(let calculation, let left, let right):
            // Left-associative, and no chains of powers.
            let least = expression.binding + (calculation == .power ? 1 : 0)
            let separator = calculation == .integerDivide ? "DIV" : calculation.rawValue
            return "\(try text(left, least)) \(separator) \(try text(right, expression.binding + 1))"
        case .comparison(let comparison, let left, let right):
            return "\(try text(left, 5)) \(comparison.rawValue) \(try text(right, 5))"
        case .not(let operand):
            switch operand.node {
            case .like, .between, .isIn, .isNull: return try comparison(operand, isNegated: true)
            case .comparison: return "NOT (\(try text(operand, 0)))"
            default: return "NOT \(try text(operand, 4))"
            }
        case .like, .between, .isIn, .isNull: return try comparison(expression, isNegated: false)
        case .spatial(let relation, let first, let second): return try call(relation.rawValue, first, second)
        case .temporal(let relation, let first, let second): return try call(relation.rawValue, first, second)
        case .array(let relation, let first, let second):
            return "\(relation.rawValue.uppercased())(\(try array(first)), \(try array(second)))"
        case .and(let operands): return try joined(operands, "AND", 3)
        case .or(let operands): return try joined(operands, "OR", 2)
        }
    }

    private static func comparison(
        _ expression: FilterExpression, isNegated: Bool
    ) throws(FilterError) -> String {
        let not = isNegated ? "NOT " : ""
        switch expression.node {
        case .like(let value, let pattern): return "\(try text(value, 5)) \(not)LIKE \(try text(pattern, 8))"
        case .between(let value, let lower, let upper):
            return "\(try text(value, 5)) \(not)BETWEEN \(try text(lower, 5)) AND \(try text(upper, 5))"
        case .isIn(let value, let candidates):
            var texts: [String] = []
            for candidate in candidates { texts.append(try text(candidate, 5)) }
            return "\(try text(value, 5)) \(not)IN (\(texts.joined(separator: ", ")))"
        case .isNull(let value): return "\(try text(value, 5)) IS \(not)NULL"
        default: return try plain(expression)
        }
    }

    private static func joined(
        _ operands: [FilterExpression], _ word: String, _ minimum: Int
    ) throws(FilterError) -> String {
        guard operands.count >= 2 else { throw inexpressible("\(word) of fewer than two operands") }
        var texts: [String] = []
        for operand in operands { texts.append(try text(operand, minimum)) }
        return texts.joined(separator: " \(word) ")
    }

    private static func call(
        _ name: String, _ first: FilterExpression, _ second: FilterExpression
    ) throws(FilterError) -> String {
        "\(name.uppercased())(\(try text(first, 5)), \(try text(second, 5)))"
    }

    private static func array(_ expression: FilterExpression) throws(FilterError) -> String {
        guard case .list(let elements) = expression.node else { return try text(expression, 0) }
        return try list(elements)
    }

    /// Elements in parentheses, each as it would read alone.
    private static func list(_ elements: [FilterExpression]) throws(FilterError) -> String {
        var texts: [String] = []
        for element in elements {
            if case .list(let inner) = element.node, inner.count == 1, inner[0].isGroupable {
                throw inexpressible("an array of this one element within parentheses")
            }
            texts.append(try text(element, 0))
        }
        return "(\(texts.joined(separator: ", ")))"
    }

    private static func bound(_ bound: IntervalBound) throws(FilterError) -> String {
        switch bound {
        case .unbounded: return "'..'"
        case .instant(let instant):
            switch instant.node {
            case .date(let date): return "'\(date)'"
            case .timestamp(let timestamp): return "'\(timestamp)'"
            default: return try text(instant, 8)
            }
        }
    }

    private static func quoted(_ string: String) throws(FilterError) -> String {
        guard string.utf8.allSatisfy({ $0 >= 0x20 || TextLexer.isAllowedControl($0) }) else {
            throw inexpressible("a control character")
        }
        // A backslash before a quote escapes it and nothing escapes a backslash (rule `escapeQuote`).
        guard string.utf8.last != UInt8(ascii: "\\"), !string.utf8.containsEscapedQuote else {
            throw inexpressible("a string with a backslash before a quote or at its end")
        }
        return "'\(string.doubling("'"))'"
    }

    private static func name(_ name: String) throws(FilterError) -> String {
        if name.isIdentifier, !Keyword.isReserved(name) { return name }
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 >= 0x20 || TextLexer.isAllowedControl($0) }) else {
            throw inexpressible("an empty name or one with control characters")
        }
        return "\"\(name.doubling("\""))\""
    }

    private static func inexpressible(_ what: String) -> FilterError {
        FilterSource.none.error(.inexpressible, "CQL2 Text cannot express \(what)", at: 0)
    }
}

extension String.UTF8View {
    fileprivate var containsEscapedQuote: Bool {
        zip(self, dropFirst()).contains { $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "'") }
    }
}

extension String {
    /// The text with a sign written twice. By scalars: a combining mark after a quote leaves it a quote.
    fileprivate func doubling(_ sign: Unicode.Scalar) -> String {
        var scalars = UnicodeScalarView()
        for scalar in unicodeScalars {
            scalars.append(scalar)
            if scalar == sign { scalars.append(scalar) }
        }
        return String(scalars)
    }

    /// Whether the grammar lets the text stand as a name without quotes.
    var isIdentifier: Bool {
        unicodeScalars.first?.beginsIdentifier == true && unicodeScalars.allSatisfy(\.continuesIdentifier)
    }
}

extension FilterExpression {
    /// How tightly the operator of the expression binds, in the order of the grammar's rules.
    var binding: Int {
        switch node {
        case .or: 1
        case .and: 2
        case .not(let operand):
            // Printed as NOT LIKE and so on.
            switch operand.node {
            case .like, .between, .isIn, .isNull: 4
            default: 3
            }
        case .comparison, .like, .between, .isIn, .isNull: 4
        case .arithmetic(.add, _, _), .arithmetic(.subtract, _, _): 5
        case .arithmetic(.power, _, _): 7
        case .arithmetic: 6
        default: 8
        }
    }
}

extension FeatureGeometry {
    /// Whether the grammars have a way to write it: nothing empty, no collection in a collection, finite numbers.
    var isExpressible: Bool {
        var isFinite = true
        forEachCoordinate { isFinite = isFinite && $0.isFinite }
        guard isFinite else { return false }
        switch self {
        case .point: return true
        case .multiPoint(let positions): return !positions.isEmpty
        case .lineString(let line): return !line.isEmpty
        case .multiLineString(let lines): return !lines.isEmpty && lines.allSatisfy { !$0.isEmpty }
        case .polygon(let polygon): return polygon.rings.allSatisfy { !$0.coordinates.isEmpty }
        case .multiPolygon(let surface):
            return !surface.polygons.isEmpty
                && surface.polygons.allSatisfy { $0.rings.allSatisfy { !$0.coordinates.isEmpty } }
        case .collection(let members):
            return !members.isEmpty
                && members.allSatisfy { member in
                    if case .collection = member { return false }
                    return member.isExpressible
                }
        }
    }
}
