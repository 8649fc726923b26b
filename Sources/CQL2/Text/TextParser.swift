internal import Geometry

/// Recursive descent over CQL2 Text, rule by rule of annex B of OGC 21-065r2.
///
/// One grammar for all types: whether an operand is a number or a predicate is judged afterwards by `TypeCheck`, which
/// can name the operand instead of the token at which the grammar gave up.
struct TextParser {
    let source: FilterSource
    let domain: CoordinateDomain
    private var lexer: TextLexer
    private var budget: Budget
    private(set) var token = TextToken(kind: .end, offset: 0, end: 0)

    init(_ source: FilterSource, domain: CoordinateDomain, limits: FilterLimits) throws(FilterError) {
        self.source = source
        self.domain = domain
        lexer = TextLexer(source)
        budget = Budget(limits)
        try advance()
    }

    mutating func filter() throws(FilterError) -> FilterExpression {
        let expression = try expression(0)
        guard token.kind == .end else { throw expected("AND, OR or the end of the filter") }
        return expression
    }

    // MARK: Tokens

    mutating func advance() throws(FilterError) { token = try lexer.next() }

    /// The token after the present one.
    private func peek() throws(FilterError) -> TextToken {
        var lexer = lexer
        return try lexer.next()
    }

    private func text(of token: TextToken) -> String {
        String(decoding: source.bytes[token.offset..<token.end], as: UTF8.self)
    }

    /// The present word in capitals, "" where there is none.
    var word: String { token.kind == .word ? text(of: token).uppercased() : "" }

    func expected(_ what: String) -> FilterError {
        let found = token.kind == .end ? "the end of the filter" : "'\(text(of: token).prefix(20))'"
        return source.error(.syntax, "expected \(what), found \(found)", at: token.offset)
    }

    mutating func take(_ sign: Unicode.Scalar) throws(FilterError) -> Bool {
        guard token.kind == .sign(sign) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ sign: Unicode.Scalar, or others: String = "") throws(FilterError) {
        guard try take(sign) else { throw expected("\(others)'\(sign)'") }
    }

    private mutating func take(word expected: String) throws(FilterError) -> Bool {
        guard word == expected else { return false }
        try advance()
        return true
    }

    private mutating func node(_ node: FilterExpression.Node, at offset: Int) throws(FilterError) -> FilterExpression {
        try budget.add(FilterExpression(node, offset: offset), in: source)
    }

    /// Ends the recursion. The height of the tree is what is limited; parentheses that add nothing to it, and the pair
    /// that each `NOT` may need, are allowed on top.
    private func checkNesting(_ depth: Int, at offset: Int) throws(FilterError) {
        try budget.checkDepth(depth / 2, at: offset, in: source)
    }

    mutating func countVertex(at offset: Int) throws(FilterError) { try budget.vertex(at: offset, in: source) }

    // MARK: Logic

    /// `booleanExpression`, or any operand.
    private mutating func expression(_ depth: Int) throws(FilterError) -> FilterExpression {
        try checkNesting(depth, at: token.offset)
        let first = try conjunction(depth)
        guard word == "OR" else { return first }
        var operands = [first]
        while try take(word: "OR") { operands.append(try conjunction(depth)) }
        return try node(.or(operands), at: first.offset)
    }

    private mutating func conjunction(_ depth: Int) throws(FilterError) -> FilterExpression {
        let first = try negation(depth)
        guard word == "AND" else { return first }
        var operands = [first]
        while try take(word: "AND") { operands.append(try negation(depth)) }
        return try node(.and(operands), at: first.offset)
    }

    private mutating func negation(_ depth: Int) throws(FilterError) -> FilterExpression {
        let start = token.offset
        guard try take(word: "NOT") else { return try predicate(depth) }
        try checkNesting(depth, at: start)
        return try node(.not(try negation(depth + 1)), at: start)
    }

    // MARK: Comparison

    private mutating func predicate(_ depth: Int) throws(FilterError) -> FilterExpression {
        let left = try sum(depth)
        let start = left.offset
        if case .comparison(let comparison) = token.kind {
            try advance()
            return try node(.comparison(comparison, left, try sum(depth)), at: start)
        }
        if try take(word: "IS") {
            let isNegated = try take(word: "NOT")
            guard try take(word: "NULL") else { throw expected(isNegated ? "NULL" : "NULL or NOT NULL") }
            return try negated(isNegated, try node(.isNull(left), at: start))
        }
        let isNegated = try take(word: "NOT")
        if try take(word: "LIKE") {
            return try negated(isNegated, try node(.like(left, pattern: try operand(depth)), at: start))
        }
        if try take(word: "ILIKE") {
            // No operator of CQL2, but GDAL sends it for its own.
            let value = try node(.caseInsensitive(left), at: start)
            let pattern = try operand(depth)
            let folded = try node(.caseInsensitive(pattern), at: pattern.offset)
            return try negated(isNegated, try node(.like(value, pattern: folded), at: start))
        }
        if try take(word: "BETWEEN") {
            let lower = try sum(depth)
            guard try take(word: "AND") else { throw expected("AND and the upper bound of BETWEEN") }
            return try negated(isNegated, try node(.between(left, lower, try sum(depth)), at: start))
        }
        if try take(word: "IN") {
            try expect("(")
            var candidates: [FilterExpression] = []
            repeat { candidates.append(try sum(depth)) } while try take(",")
            try expect(")", or: "',' or ")
            return try negated(isNegated, try node(.isIn(left, candidates), at: start))
        }
        guard !isNegated else { throw expected("LIKE, BETWEEN or IN") }
        return left
    }

    private mutating func negated(
        _ isNegated: Bool, _ predicate: FilterExpression
    ) throws(FilterError) -> FilterExpression {
        isNegated ? try node(.not(predicate), at: predicate.offset) : predicate
    }

    // MARK: Arithmetic

    private mutating func sum(_ depth: Int) throws(FilterError) -> FilterExpression {
        var left = try product(depth)
        while true {
            let calculation: ArithmeticOperator
            switch token.kind {
            case .sign("+"): calculation = .add
            case .sign("-"): calculation = .subtract
            default: return left
            }
            try advance()
            left = try node(.arithmetic(calculation, left, try product(depth)), at: left.offset)
        }
    }

    private mutating func product(_ depth: Int) throws(FilterError) -> FilterExpression {
        var left = try power(depth)
        while true {
            let calculation: ArithmeticOperator
            switch token.kind {
            case .sign("*"): calculation = .multiply
            case .sign("/"): calculation = .divide
            case .sign("%"): calculation = .remainder
            default:
                guard word == "DIV" else { return left }
                calculation = .integerDivide
            }
            try advance()
            left = try node(.arithmetic(calculation, left, try power(depth)), at: left.offset)
        }
    }

    private mutating func power(_ depth: Int) throws(FilterError) -> FilterExpression {
        let base = try operand(depth)
        guard try take("^") else { return base }
        let exponent = try operand(depth)
        guard token.kind != .sign("^") else {
            // The grammar leaves it undefined whether a ^ b ^ c groups to the left or to the right.
            throw source.error(.syntax, "'^' twice in a row: say with parentheses which comes first", at: token.offset)
        }
        return try node(.arithmetic(.power, base, exponent), at: base.offset)
    }

    // MARK: Operands

    private mutating func operand(_ depth: Int) throws(FilterError) -> FilterExpression {
        try checkNesting(depth, at: token.offset)
        let start = token.offset
        switch token.kind {
        case .number: return try node(try number(isNegative: false), at: start)
        case .sign("+"):
            try advance()
            guard token.kind == .number else { throw expected("a number") }
            return try node(try number(isNegative: false), at: start)
        case .sign("-"):
            try advance()
            if token.kind == .number { return try node(try number(isNegative: true), at: start) }
            let factor = try operand(depth + 1)
            let minusOne = try node(.integer(-1), at: start)
            return try node(.arithmetic(.multiply, minusOne, factor), at: start)
        case .string: return try node(.string(try string()), at: start)
        case .quotedName: return try node(.property(try quotedName()), at: start)
        case .sign("("): return try parenthesized(depth)
        case .word: return try worded(depth)
        default: throw expected("an operand")
        }
    }

    /// A group, or an array where the grammar allows nothing else.
    private mutating func parenthesized(_ depth: Int) throws(FilterError) -> FilterExpression {
        let start = token.offset
        try expect("(")
        if try take(")") { return try node(.list([]), at: start) }
        let first = try expression(depth + 1)
        guard token.kind == .sign(",") else {
            try expect(")", or: first.isGroupable ? "an operator or " : "")
            return first.isGroupable ? first : try node(.list([first]), at: start)
        }
        var elements = [first]
        while try take(",") { elements.append(try expression(depth + 1)) }
        try expect(")", or: "',' or ")
        return try node(.list(elements), at: start)
    }

    /// An argument of an array predicate: what stands in parentheses is an array even if it is one number.
    private mutating func arrayArgument(_ depth: Int) throws(FilterError) -> FilterExpression {
        let start = token.offset
        guard try take("(") else { return try expression(depth) }
        var elements: [FilterExpression] = []
        if token.kind != .sign(")") {
            repeat { elements.append(try expression(depth + 1)) } while try take(",")
        }
        try expect(")", or: "',' or ")
        return try node(.list(elements), at: start)
    }

    private mutating func worded(_ depth: Int) throws(FilterError) -> FilterExpression {
        let start = token.offset
        let capitals = word
        switch capitals {
        case "TRUE", "FALSE":
            try advance()
            return try node(.boolean(capitals == "TRUE"), at: start)
        case _ where Keyword.isOperator(capitals): throw expected("an operand")
        default: break
        }
        let next = try peek()
        let isGeometry = Keyword.isGeometry(capitals)
        if isGeometry, next.kind == .word, ["Z", "EMPTY"].contains(text(of: next).uppercased()) {
            return try node(.geometry(try geometry()), at: start)
        }
        guard next.kind == .sign("(") else {
            // Also a keyword such as DATE: without a parenthesis it can only be a name.
            let name = text(of: token)
            try advance()
            return try node(.property(name), at: start)
        }
        if isGeometry { return try node(.geometry(try geometry()), at: start) }
        let name = text(of: token)
        try advance()
        try expect("(")
        let result = try call(capitals, name, depth)
        return try node(result, at: start)
    }

    /// What follows a name and its opening parenthesis, the closing one included.
    private mutating func call(
        _ capitals: String, _ name: String, _ depth: Int
    ) throws(FilterError) -> FilterExpression.Node {
        if let relation = Keyword.relation(capitals, SpatialRelation.self) {
            let (first, second) = try pair(depth)
            return .spatial(relation, first, second)
        }
        if let relation = Keyword.relation(capitals, TemporalRelation.self) {
            let (first, second) = try pair(depth)
            return .temporal(relation, first, second)
        }
        if let relation = Keyword.relation(capitals, ArrayRelation.self) {
            let first = try arrayArgument(depth + 1)
            try expect(",")
            let second = try arrayArgument(depth + 1)
            try expect(")")
            return .array(relation, first, second)
        }
        switch capitals {
        case "CASEI", "ACCENTI":
            let argument = try operand(depth + 1)
            try expect(")")
            return capitals == "CASEI" ? .caseInsensitive(argument) : .accentInsensitive(argument)
        case "DATE", "TIMESTAMP":
            guard token.kind == .string else {
                throw expected(
                    capitals == "DATE" ? "a day such as '2022-04-16'" : "a time such as '2022-04-16T10:13:19Z'")
            }
            let instant = try instant(acceptsDate: capitals == "DATE", acceptsTimestamp: capitals == "TIMESTAMP")
            try expect(")")
            return instant
        case "INTERVAL":
            let first = try bound(depth + 1)
            try expect(",")
            let second = try bound(depth + 1)
            try expect(")")
            return .interval(first, second)
        case "BBOX":
            let box = try box()
            try expect(")")
            return .box(box)
        default:
            var arguments: [FilterExpression] = []
            if token.kind != .sign(")") {
                repeat { arguments.append(try expression(depth + 1)) } while try take(",")
            }
            try expect(")", or: "',' or ")
            return .function(name, arguments)
        }
    }

    private mutating func pair(_ depth: Int) throws(FilterError) -> (FilterExpression, FilterExpression) {
        let first = try sum(depth + 1)
        try expect(",")
        let second = try sum(depth + 1)
        try expect(")")
        return (first, second)
    }

    // MARK: Literals

    private mutating func number(isNegative: Bool) throws(FilterError) -> FilterExpression.Node {
        guard let node = NumberLiteral.node((isNegative ? "-" : "") + text(of: token)) else {
            throw source.error(.value, "the number is too great", at: token.offset)
        }
        try advance()
        return node
    }

    /// A signed number of a geometry.
    mutating func ordinate() throws(FilterError) -> Double {
        let isNegative = try take("-")
        if !isNegative { _ = try take("+") }
        guard token.kind == .number else { throw expected("a number") }
        let literal = NumberLiteral.node((isNegative ? "-" : "") + text(of: token))
        switch literal {
        case .integer(let number)?:
            try advance()
            return Double(number)
        case .real(let number)?:
            try advance()
            return number
        default: throw source.error(.value, "the number is too great", at: token.offset)
        }
    }

    private mutating func string() throws(FilterError) -> String {
        let quote = UInt8(ascii: "'")
        var characters: [UInt8] = []
        var index = token.offset + 1
        while index < token.end - 1 {
            let byte = source.bytes[index]
            // Both '' and \' stand for one quote.
            let isEscape = (byte == quote || byte == UInt8(ascii: "\\")) && source.bytes[index + 1] == quote
            characters.append(isEscape ? quote : byte)
            index += isEscape ? 2 : 1
        }
        try advance()
        return String(decoding: characters, as: UTF8.self)
    }

    private mutating func quotedName() throws(FilterError) -> String {
        var characters: [UInt8] = []
        var index = token.offset + 1
        while index < token.end - 1 {
            characters.append(source.bytes[index])
            index += source.bytes[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        let name = String(decoding: characters, as: UTF8.self)
        guard !name.isEmpty else { throw source.error(.syntax, "the name of a property is empty", at: token.offset) }
        try advance()
        return name
    }

    private mutating func instant(
        acceptsDate: Bool, acceptsTimestamp: Bool
    ) throws(FilterError) -> FilterExpression.Node {
        let start = token.offset
        let text = try string()
        if acceptsDate, let date = CalendarDate(text) { return .date(date) }
        if acceptsTimestamp, let timestamp = Timestamp(text) { return .timestamp(timestamp) }
        var forms: [String] = []
        if acceptsDate { forms.append("a day such as '2022-04-16'") }
        if acceptsTimestamp { forms.append("a time in UTC such as '2022-04-16T10:13:19Z'") }
        throw source.error(
            .value, "'\(text.prefix(30))' is not \(forms.joined(separator: " or "))", at: start)
    }

    private mutating func bound(_ depth: Int) throws(FilterError) -> IntervalBound {
        let start = token.offset
        switch token.kind {
        case .string:
            if text(of: token) == "'..'" {
                try advance()
                return .unbounded
            }
            return .instant(try node(try instant(acceptsDate: true, acceptsTimestamp: true), at: start))
        case .word, .quotedName: return .instant(try operand(depth))
        default: throw expected("a day, a time, '..' or the name of a property")
        }
    }

    private mutating func box() throws(FilterError) -> BoxLiteral {
        let start = token.offset
        var numbers: [Double] = []
        var offsets: [Int] = []
        repeat {
            guard numbers.count < 6 else { throw expected("')' after the six numbers of a box") }
            offsets.append(token.offset)
            numbers.append(try ordinate())
        } while try take(",")
        guard token.kind == .sign(")"), numbers.count == 4 || numbers.count == 6 else {
            throw expected("four or six numbers of a box")
        }
        return try BoxLiteral.checked(numbers, at: offsets, from: start, domain: domain, source: source)
    }
}

extension FilterExpression {
    /// Whether the grammar allows to put it in parentheses without making it an array of one element.
    var isGroupable: Bool {
        switch node {
        case .string, .date, .timestamp, .geometry, .box, .interval, .list, .caseInsensitive, .accentInsensitive: false
        default: true
        }
    }
}

/// Numbers as both encodings write them.
enum NumberLiteral {
    /// The fewest digits that read back to the same number, without the `.0` of whole ones.
    static func text(_ number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The literal that a number is, nil if it is too great. Without fraction and exponent it stays an integer.
    static func node(_ text: String) -> FilterExpression.Node? {
        if let integer = Int64(text) { return .integer(integer) }
        // Swift reads neither "1." nor ".5" alike on all platforms; CQL2 has both.
        var text = text
        if let point = text.firstIndex(of: ".") {
            let next = text.index(after: point)
            if next == text.endIndex || !("0"..."9").contains(text[next]) { text.insert("0", at: next) }
            if point == text.startIndex || !("0"..."9").contains(text[text.index(before: point)]) {
                text.insert("0", at: point)
            }
        }
        guard let real = Double(text), real.isFinite else { return nil }
        return .real(real)
    }
}

extension BoxLiteral {
    /// All four, in the order of both encodings.
    var borders: [Double] { [minX, minY, maxX, maxY] }

    /// A box of four or six numbers. The heights of six are read and left out: relations are planar.
    static func checked(
        _ numbers: [Double], at offsets: [Int], from start: Int, domain: CoordinateDomain, source: FilterSource
    ) throws(FilterError) -> Self {
        let picks = numbers.count == 6 ? [0, 1, 3, 4] : [0, 1, 2, 3]
        for (position, pick) in picks.enumerated() {
            if let defect = domain.defect(of: numbers[pick], axis: position % 2) {
                throw source.error(.value, defect, at: offsets[pick])
            }
        }
        if numbers.count == 6, numbers[2] > numbers[5] {
            throw source.error(.value, "the lower height of the box is above the upper one", at: offsets[2])
        }
        let box = Self(
            minX: numbers[picks[0]], minY: numbers[picks[1]], maxX: numbers[picks[2]], maxY: numbers[picks[3]])
        if let defect = domain.defect(of: box) { throw source.error(.value, "in a box, \(defect)", at: start) }
        return box
    }
}
