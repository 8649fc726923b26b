/// The comparisons of two scalars; the raw value is the operator in both encodings.
public enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
    /// Equal.
    case equal = "="
    /// Not equal.
    case notEqual = "<>"
    /// Less.
    case less = "<"
    /// Greater.
    case greater = ">"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater or equal.
    case greaterOrEqual = ">="
}

/// The calculations; the raw value is the operator in both encodings.
public enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
    /// Sum.
    case add = "+"
    /// Difference.
    case subtract = "-"
    /// Product.
    case multiply = "*"
    /// Quotient, with its fraction.
    case divide = "/"
    /// Remainder, with the sign of the dividend.
    case remainder = "%"
    /// Quotient without its fraction (towards zero).
    case integerDivide = "div"
    /// Power.
    case power = "^"
}

/// The relations of OGC Simple Features; the raw value is the name in JSON, in capitals the one in text.
public enum SpatialRelation: String, Hashable, Sendable, CaseIterable {
    /// They share a point.
    case intersects = "s_intersects"
    /// They cover the same points.
    case equals = "s_equals"
    /// They share no point.
    case disjoint = "s_disjoint"
    /// They share border points alone.
    case touches = "s_touches"
    /// The first lies in the second.
    case within = "s_within"
    /// They share a part of their own dimension and each has more.
    case overlaps = "s_overlaps"
    /// They share a part of a lower dimension and each has more.
    case crosses = "s_crosses"
    /// The second lies in the first.
    case contains = "s_contains"
}

/// The relations of OWL-Time; the raw value is the name in JSON, in capitals the one in text.
public enum TemporalRelation: String, Hashable, Sendable, CaseIterable {
    /// The first begins when the second is over.
    case after = "t_after"
    /// The first is over when the second begins.
    case before = "t_before"
    /// The second lies within, with room at both ends.
    case contains = "t_contains"
    /// They share no instant.
    case disjoint = "t_disjoint"
    /// The first lies within the second, with room at both ends.
    case during = "t_during"
    /// They begin and end together.
    case equals = "t_equals"
    /// They end together, the second begins later.
    case finishedBy = "t_finishedBy"
    /// They end together, the first begins later.
    case finishes = "t_finishes"
    /// They share an instant.
    case intersects = "t_intersects"
    /// The first ends at the instant at which the second begins.
    case meets = "t_meets"
    /// The first begins at the instant at which the second ends.
    case metBy = "t_metBy"
    /// The first begins within the second and ends after it.
    case overlappedBy = "t_overlappedBy"
    /// The first begins before the second and ends within it.
    case overlaps = "t_overlaps"
    /// They begin together, the second ends earlier.
    case startedBy = "t_startedBy"
    /// They begin together, the first ends earlier.
    case starts = "t_starts"

    /// Whether instants have this relation, too; the others are defined between intervals alone.
    public var acceptsInstants: Bool {
        switch self {
        case .after, .before, .disjoint, .equals, .intersects: true
        default: false
        }
    }
}

/// The relations of arrays as sets; the raw value is the name in JSON, in capitals the one in text.
public enum ArrayRelation: String, Hashable, Sendable, CaseIterable {
    /// The same elements.
    case equals = "a_equals"
    /// The first has all elements of the second.
    case contains = "a_contains"
    /// The second has all elements of the first.
    case containedBy = "a_containedBy"
    /// They share an element.
    case overlaps = "a_overlaps"
}
