internal import Geometry

/// CQL2 JSON to the syntax tree, after the JSON Schema of OGC 21-065r2. Members that it does not know are errors:
/// what is not understood must not be passed over in a filter.
struct JSONReader {
    let source: FilterSource
    let domain: CoordinateDomain
    private let limits: FilterLimits
    private var budget: Budget

    init(_ source: FilterSource, domain: CoordinateDomain, limits: FilterLimits) {
        self.source = source
        self.domain = domain
        self.limits = limits
        budget = Budget(limits)
    }

    mutating func filter() throws(FilterError) -> FilterExpression {
        // Each level of the tree is an object and an array; geometries add five at the leaves.
        var scanner = JSONScanner(source, maximumDepth: 2 * limits.depth + 8)
        return try expression(try scanner.document(), 0)
    }

    func failure(_ message: String, at offset: Int) -> FilterError { source.error(.syntax, message, at: offset) }

    mutating func countVertex(at offset: Int) throws(FilterError) { try budget.vertex(at: offset, in: source) }

    private mutating func expression(_ node: JSONNode, _ depth: Int) throws(FilterError) -> FilterExpression {
        // On the way down, so that the recursion ends; on the way up, the height of the tree is checked again.
        try budget.checkDepth(depth + 1, at: node.offset, in: source)
        return try budget.add(FilterExpression(try content(node, depth), offset: node.offset), in: source)
    }

    private mutating func expressions(
        _ nodes: [JSONNode], _ depth: Int
    ) throws(FilterError) -> [FilterExpression] {
        var expressions: [FilterExpression] = []
        for node in nodes { expressions.append(try expression(node, depth)) }
        return expressions
    }

    private mutating func content(_ node: JSONNode, _ depth: Int) throws(FilterError) -> FilterExpression.Node {
        switch node.value {
        case .null: throw failure("null is no operand; write {\"op\": \"isNull\", …}", at: node.offset)
        case .boolean(let boolean): return .boolean(boolean)
        case .string(let string): return .string(string)
        case .array(let elements): return .list(try expressions(elements, depth + 1))
        case .number(let digits):
            guard let number = NumberLiteral.node(digits) else {
                throw source.error(.value, "the number is too great", at: node.offset)
            }
            return number
        case .object(let members): return try content(members, at: node.offset, depth)
        }
    }

    private mutating func content(
        _ members: [JSONNode.Member], at offset: Int, _ depth: Int
    ) throws(FilterError) -> FilterExpression.Node {
        let names = Set(members.map(\.name))
        guard
            let kind = ["op", "property", "date", "timestamp", "interval", "bbox", "type"].first(where: names.contains)
        else {
            throw failure(
                "expected a member 'op', 'property', 'date', 'timestamp', 'interval', 'bbox' or 'type'", at: offset)
        }
        if kind == "type" { return .geometry(try geometry(members, at: offset)) }
        if kind == "bbox", names.contains("type") { return .geometry(try geometry(members, at: offset)) }
        if let stranger = members.first(where: { $0.name != kind && !(kind == "op" && $0.name == "args") }) {
            throw failure("unexpected member '\(stranger.name)' beside '\(kind)'", at: stranger.offset)
        }
        let value = members.first { $0.name == kind }?.value ?? JSONNode(value: .null, offset: offset)
        switch kind {
        case "op":
            let operation = try string(value, "the name of an operation")
            guard let arguments = members.first(where: { $0.name == "args" }) else {
                throw failure("expected a member 'args' beside 'op'", at: offset)
            }
            return try call(operation, at: value.offset, try array(arguments.value, "the arguments"), at: offset, depth)
        case "property":
            let name = try string(value, "the name of a property")
            guard !name.isEmpty else { throw failure("the name of a property is empty", at: value.offset) }
            return .property(name)
        case "date", "timestamp":
            return try instant(
                try string(value, "a string"), at: value.offset, isDate: kind == "date",
                isTimestamp: kind == "timestamp")
        case "interval":
            let bounds = try array(value, "two bounds")
            guard bounds.count == 2 else { throw failure("an interval needs two bounds", at: value.offset) }
            return .interval(try bound(bounds[0], depth + 1), try bound(bounds[1], depth + 1))
        default:
            let nodes = try array(value, "four or six numbers")
            var numbers: [Double] = []
            for node in nodes { numbers.append(try number(node)) }
            guard numbers.count == 4 || numbers.count == 6 else {
                throw failure("a box needs four or six numbers", at: value.offset)
            }
            return .box(
                try BoxLiteral.checked(
                    numbers, at: nodes.map(\.offset), from: value.offset, domain: domain, source: source))
        }
    }

    // MARK: Operations

    private mutating func call(
        _ operation: String, at place: Int, _ arguments: [JSONNode], at offset: Int, _ depth: Int
    ) throws(FilterError) -> FilterExpression.Node {
        func require(_ counts: ClosedRange<Int>) throws(FilterError) {
            guard !counts.contains(arguments.count) else { return }
            let needed = counts.count == 1 ? "\(counts.lowerBound)" : "at least \(counts.lowerBound)"
            throw failure("'\(operation)' needs \(needed) arguments, not \(arguments.count)", at: place)
        }
        let deeper = depth + 1
        switch operation {
        case "and", "or":
            try require(2...Int.max - 1)
            let operands = try expressions(arguments, deeper)
            return operation == "and" ? .and(operands) : .or(operands)
        case "in":
            try require(2...2)
            let value = try expression(arguments[0], deeper)
            let candidates = try array(arguments[1], "an array of candidates")
            guard !candidates.isEmpty else {
                throw failure("'in' needs at least one candidate", at: arguments[1].offset)
            }
            return .isIn(value, try expressions(candidates, deeper))
        case "not", "isNull", "casei", "accenti":
            try require(1...1)
            let operand = try expression(arguments[0], deeper)
            switch operation {
            case "not": return .not(operand)
            case "isNull": return .isNull(operand)
            case "casei": return .caseInsensitive(operand)
            default: return .accentInsensitive(operand)
            }
        case "between":
            try require(3...3)
            let operands = try expressions(arguments, deeper)
            return .between(operands[0], operands[1], operands[2])
        default: break
        }
        if let make = binary(operation) {
            try require(2...2)
            let operands = try expressions(arguments, deeper)
            return make(operands[0], operands[1])
        }
        guard operation.isIdentifier else { throw failure("there is no operation '\(operation)'", at: place) }
        guard !Keyword.isReserved(operation) else {
            throw failure("there is no operation '\(operation)'; mind upper and lower case", at: place)
        }
        return .function(operation, try expressions(arguments, deeper))
    }

    private func binary(
        _ operation: String
    ) -> ((FilterExpression, FilterExpression) -> FilterExpression.Node)? {
        if operation == "like" { return { .like($0, pattern: $1) } }
        if let comparison = ComparisonOperator(rawValue: operation) { return { .comparison(comparison, $0, $1) } }
        if let calculation = ArithmeticOperator(rawValue: operation) { return { .arithmetic(calculation, $0, $1) } }
        if let relation = SpatialRelation(rawValue: operation) { return { .spatial(relation, $0, $1) } }
        if let relation = TemporalRelation(rawValue: operation) { return { .temporal(relation, $0, $1) } }
        if let relation = ArrayRelation(rawValue: operation) { return { .array(relation, $0, $1) } }
        return nil
    }

    // MARK: Literals

    private func instant(
        _ text: String, at offset: Int, isDate: Bool, isTimestamp: Bool
    ) throws(FilterError) -> FilterExpression.Node {
        if isDate, let date = CalendarDate(text) { return .date(date) }
        if isTimestamp, let timestamp = Timestamp(text) { return .timestamp(timestamp) }
        var forms: [String] = []
        if isDate { forms.append("a day such as \"2022-04-16\"") }
        if isTimestamp { forms.append("a time in UTC such as \"2022-04-16T10:13:19Z\"") }
        throw source.error(.value, "'\(text.prefix(30))' is not \(forms.joined(separator: " or "))", at: offset)
    }

    private mutating func bound(_ node: JSONNode, _ depth: Int) throws(FilterError) -> IntervalBound {
        guard case .string(let text) = node.value else { return .instant(try expression(node, depth)) }
        guard text != ".." else { return .unbounded }
        let instant = try instant(text, at: node.offset, isDate: true, isTimestamp: true)
        return .instant(try budget.add(FilterExpression(instant, offset: node.offset), in: source))
    }

    func string(_ node: JSONNode, _ what: String) throws(FilterError) -> String {
        guard case .string(let string) = node.value else { throw failure("expected \(what)", at: node.offset) }
        return string
    }

    func array(_ node: JSONNode, _ what: String) throws(FilterError) -> [JSONNode] {
        guard case .array(let elements) = node.value else {
            throw failure("expected an array: \(what)", at: node.offset)
        }
        return elements
    }

    func number(_ node: JSONNode) throws(FilterError) -> Double {
        guard case .number(let digits) = node.value else { throw failure("expected a number", at: node.offset) }
        switch NumberLiteral.node(digits) {
        case .integer(let integer)?: return Double(integer)
        case .real(let real)?: return real
        default: throw source.error(.value, "the number is too great", at: node.offset)
        }
    }
}
