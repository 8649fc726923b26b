import CQL2
import Geometry
import TestSupport

/// Trees that both encodings can express.
extension SeededGenerator {
    mutating func predicate(depth: Int) -> FilterExpression {
        guard depth > 0 else {
            return FilterExpression(.comparison(pick(ComparisonOperator.allCases), property(), scalar(depth: 0)))
        }
        let deeper = depth - 1
        switch number(0...13) {
        case 0: return FilterExpression(.and((0...number(1...2)).map { _ in predicate(depth: deeper) }))
        case 1: return FilterExpression(.or((0...number(1...2)).map { _ in predicate(depth: deeper) }))
        case 2: return FilterExpression(.not(predicate(depth: deeper)))
        case 3: return FilterExpression(.like(text(depth: deeper), pattern: pattern(depth: deeper)))
        case 4:
            return FilterExpression(
                .between(sum(depth: deeper), sum(depth: deeper), sum(depth: deeper)))
        case 5: return FilterExpression(.isIn(property(), (0...number(0...3)).map { _ in sum(depth: deeper) }))
        case 6:
            let operand = pick([predicate(depth: deeper), scalar(depth: deeper), property(), geometry(), interval()])
            return FilterExpression(.isNull(operand))
        case 7, 8:
            let operands = [property(), geometry()].shuffled(using: &self)
            return FilterExpression(.spatial(pick(SpatialRelation.allCases), operands[0], operands[1]))
        case 9: return FilterExpression(.temporal(pick(TemporalRelation.allCases), property(), interval()))
        case 10: return FilterExpression(.array(pick(ArrayRelation.allCases), property(), list(depth: deeper)))
        case 11: return FilterExpression(.boolean(Bool.random(using: &self)))
        case 12: return FilterExpression(.function(identifier(), arguments(depth: deeper)))
        default:
            return FilterExpression(
                .comparison(pick(ComparisonOperator.allCases), sum(depth: deeper), sum(depth: deeper)))
        }
    }

    private mutating func identifier() -> String { pick(["f", "avg", "größe", "a.b", "layer:ids", "_x9", "名前"]) }

    private mutating func property() -> FilterExpression {
        let names = [
            "name", "größe", "a.b", "layer:ids", "date", "AND", "Point", "with blank", "quo\"te", "\"", "it's", "x-y",
            "9",
            "ü\u{301}", "\"\u{301}", "back\\slash\\",
        ]
        return FilterExpression(.property(pick(names)))
    }

    private mutating func string() -> String {
        let signs = [
            "a", "B", "'", "\"", "%", "_", "ø", "\u{301}", "日", "🏳️‍🌈", " ", "\n", "\t", "\\\\x", "\\%", "(", ",",
        ]
        return (0..<number(0...8)).map { _ in pick(signs) }.joined()
    }

    private mutating func instant() -> FilterExpression {
        let days = number(-719_528...2_932_896)
        guard Bool.random(using: &self) else {
            return CalendarDate(daysSince1970: days).map { .init(.date($0)) } ?? property()
        }
        let fraction = Int64(pick([0, 1, 500_000_000, 120_000_000, 999_999_999]))
        return Timestamp(secondsSince1970: Int64(days) * 86_400 + Int64(number(0...86_399)), nanoseconds: fraction)
            .map { .init(.timestamp($0)) } ?? property()
    }

    private mutating func interval() -> FilterExpression {
        let bounds: [IntervalBound] = [.unbounded, .instant(instant()), .instant(property())]
        return FilterExpression(
            .interval(pick(bounds), pick([.unbounded, .instant(property()), .instant(property())])))
    }

    private mutating func literalNumber() -> FilterExpression {
        switch number(0...3) {
        case 0: FilterExpression(.integer(Int64(number(-9...9))))
        case 1: FilterExpression(.integer(pick([.min, .max, 0, 9_007_199_254_740_993])))
        case 2: FilterExpression(.real(pick([0.5, -0.5, 1e300, -1e-300, .leastNonzeroMagnitude, 4, 1e16, 0.1])))
        default: FilterExpression(.real(Double.random(in: -1e6...1e6, using: &self)))
        }
    }

    private mutating func sum(depth: Int) -> FilterExpression {
        guard depth > 0, Bool.random(using: &self) else { return pick([literalNumber(), property()]) }
        let calculation = pick(ArithmeticOperator.allCases)
        return FilterExpression(.arithmetic(calculation, sum(depth: depth - 1), sum(depth: depth - 1)))
    }

    private mutating func text(depth: Int) -> FilterExpression {
        guard depth > 0 else { return pick([FilterExpression(.string(string())), property()]) }
        let inner = text(depth: depth - 1)
        return FilterExpression(Bool.random(using: &self) ? .caseInsensitive(inner) : .accentInsensitive(inner))
    }

    private mutating func pattern(depth: Int) -> FilterExpression {
        guard depth > 0, Bool.random(using: &self) else { return FilterExpression(.string(string())) }
        let inner = pattern(depth: depth - 1)
        return FilterExpression(Bool.random(using: &self) ? .caseInsensitive(inner) : .accentInsensitive(inner))
    }

    private mutating func scalar(depth: Int) -> FilterExpression {
        switch number(0...4) {
        case 0: text(depth: min(depth, 1))
        case 1: instant()
        case 2: FilterExpression(.boolean(Bool.random(using: &self)))
        default: sum(depth: depth)
        }
    }

    private mutating func list(depth: Int) -> FilterExpression {
        FilterExpression(.list((0..<number(0...3)).map { _ in element(depth: depth) }))
    }

    private mutating func element(depth: Int) -> FilterExpression {
        switch number(0...(depth > 0 ? 6 : 4)) {
        case 0: FilterExpression(.string(string()))
        case 1: instant()
        case 2: literalNumber()
        case 3: property()
        case 4: geometry()
        case 5: predicate(depth: depth - 1)
        // A nested array of one number cannot be told from a number in parentheses.
        default: FilterExpression(.list(pick([[], [FilterExpression(.string(string()))], [property(), property()]])))
        }
    }

    private mutating func arguments(depth: Int) -> [FilterExpression] {
        (0..<number(0...3)).map { _ in element(depth: depth) }
    }

    private mutating func position() -> Coordinate<Unreferenced> {
        Coordinate(x: Double.random(in: -180...180, using: &self), y: Double(number(-90...90)))
    }

    private mutating func line(_ count: ClosedRange<Int>) -> [Coordinate<Unreferenced>] {
        (0..<number(count)).map { _ in position() }
    }

    private mutating func polygon() -> Polygon<Unreferenced> {
        var rings: [Ring<Unreferenced>] = []
        for _ in 0...number(0...1) {
            let line = line(3...6)
            rings.append(Ring(line + line.prefix(1)))
        }
        return Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
    }

    private mutating func shape(_ kinds: Int) -> FeatureGeometry<Unreferenced> {
        switch number(0...kinds) {
        case 0: .point(position())
        case 1: .multiPoint(line(1...3))
        case 2: .lineString(line(2...4))
        case 3: .multiLineString((0...number(0...2)).map { _ in line(2...3) })
        case 4: .polygon(polygon())
        case 5: .multiPolygon(MultiPolygon((0...number(0...2)).map { _ in polygon() }))
        default: .collection((0...number(0...2)).map { _ in shape(5) })
        }
    }

    private mutating func geometry() -> FilterExpression {
        guard number(0...3) > 0 else {
            let corners = [position(), position()]
            return FilterExpression(
                .box(
                    BoxLiteral(
                        minX: corners[0].x, minY: min(corners[0].y, corners[1].y), maxX: corners[1].x,
                        maxY: max(corners[0].y, corners[1].y))))
        }
        return FilterExpression(.geometry(shape(6)))
    }
}
