public import Geometry

/// A CQL2 expression (OGC 21-065r2): one syntax tree for the text and the JSON encoding.
///
/// Two expressions are equal if their trees are; where they stood in their source is no part of that.
public struct FilterExpression: Sendable {
    /// What the expression is.
    public let node: Node
    /// Where it begins in its source, in bytes; 0 for an expression that was not read from one.
    public let offset: Int
    /// The number of levels of the tree, a literal having one.
    public let height: Int

    /// Makes an expression; nothing is checked here, `Filter` does that. - Complexity: O(operands).
    public init(_ node: Node, offset: Int = 0) {
        self.node = node
        self.offset = offset
        height = 1 + (node.operands.map(\.height).max() ?? 0)
    }

    /// The kinds of expressions.
    public indirect enum Node: Hashable, Sendable {
        /// Characters.
        case string(String)
        /// A number without a fraction.
        case integer(Int64)
        /// A finite number.
        case real(Double)
        /// `TRUE` or `FALSE`.
        case boolean(Bool)
        /// A day.
        case date(CalendarDate)
        /// An instant in UTC.
        case timestamp(Timestamp)
        /// A geometry, its ordinates in the order in which the source states them.
        case geometry(FeatureGeometry<Unreferenced>)
        /// A box, its borders in the order in which the source states them.
        case box(BoxLiteral)
        /// An interval, both bounds included.
        case interval(IntervalBound, IntervalBound)
        /// An array.
        case list([FilterExpression])
        /// The value of a property of the row.
        case property(String)
        /// The call of a function that is not one of the standard's own.
        case function(String, [FilterExpression])
        /// `CASEI`: characters without the difference of upper and lower case.
        case caseInsensitive(FilterExpression)
        /// `ACCENTI`: characters without diacritics.
        case accentInsensitive(FilterExpression)
        /// A calculation.
        case arithmetic(ArithmeticOperator, FilterExpression, FilterExpression)
        /// A comparison of two scalars.
        case comparison(ComparisonOperator, FilterExpression, FilterExpression)
        /// `LIKE`: the second is a string, possibly within `CASEI` and `ACCENTI`.
        case like(FilterExpression, pattern: FilterExpression)
        /// `BETWEEN`, both bounds included.
        case between(FilterExpression, FilterExpression, FilterExpression)
        /// `IN`: at least one candidate.
        case isIn(FilterExpression, [FilterExpression])
        /// `IS NULL`.
        case isNull(FilterExpression)
        /// A relation of two geometries.
        case spatial(SpatialRelation, FilterExpression, FilterExpression)
        /// A relation of two instants or intervals.
        case temporal(TemporalRelation, FilterExpression, FilterExpression)
        /// A relation of two arrays, which count as sets.
        case array(ArrayRelation, FilterExpression, FilterExpression)
        /// All of at least two predicates.
        case and([FilterExpression])
        /// Any of at least two predicates.
        case or([FilterExpression])
        /// The opposite of a predicate.
        case not(FilterExpression)
    }
}

extension FilterExpression.Node {
    /// The expressions directly below, in source order.
    public var operands: [FilterExpression] {
        switch self {
        case .string, .integer, .real, .boolean, .date, .timestamp, .geometry, .box, .property: []
        case .interval(let start, let end):
            [start, end].compactMap { bound in
                if case .instant(let instant) = bound { instant } else { nil }
            }
        case .list(let operands), .function(_, let operands), .and(let operands), .or(let operands): operands
        case .caseInsensitive(let operand), .accentInsensitive(let operand), .isNull(let operand), .not(let operand):
            [operand]
        case .arithmetic(_, let first, let second), .comparison(_, let first, let second),
            .like(let first, pattern: let second), .spatial(_, let first, let second),
            .temporal(_, let first, let second), .array(_, let first, let second):
            [first, second]
        case .between(let value, let lower, let upper): [value, lower, upper]
        case .isIn(let value, let candidates): [value] + candidates
        }
    }
}

extension FilterExpression: Hashable {
    /// Compares the trees.
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.node == rhs.node }

    /// Hashes the tree.
    public func hash(into hasher: inout Hasher) { hasher.combine(node) }
}

/// One end of an interval.
public enum IntervalBound: Hashable, Sendable {
    /// `..`: without an end.
    case unbounded
    /// A date or timestamp, the property or function that yields one.
    case instant(FilterExpression)
}

/// The four borders of `BBOX`, in the order and axes of the source.
///
/// On longitude and latitude the western border may be greater than the eastern one: across the antimeridian.
public struct BoxLiteral: Hashable, Sendable {
    /// The lower border on the first axis (longitude: the western one).
    public var minX: Double
    /// The lower border on the second axis.
    public var minY: Double
    /// The upper border on the first axis.
    public var maxX: Double
    /// The upper border on the second axis.
    public var maxY: Double

    /// Makes a box.
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }
}
