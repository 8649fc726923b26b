public import Geometry

/// The value of a property of a row, or what an expression has become.
public enum Value: Hashable, Sendable {
    /// Not stated.
    case null
    /// Characters.
    case string(String)
    /// A number without a fraction.
    case integer(Int64)
    /// A number. One that is not finite counts as not stated.
    case real(Double)
    /// True or false.
    case boolean(Bool)
    /// A day.
    case date(CalendarDate)
    /// An instant.
    case timestamp(Timestamp)
    /// A period, both bounds included.
    case interval(Interval)
    /// A geometry on longitude and latitude.
    case geometry(FeatureGeometry<Geographic>)
    /// An array.
    case list([Value])
}

/// A date or an instant.
///
/// Two of the same kind compare exactly. A day and an instant compare by days: an instant equals the UTC day that it
/// lies in. The standard leaves this cast to the implementation (`/per/basic-cql2/type-casts`).
public enum Instant: Hashable, Sendable {
    /// A day.
    case date(CalendarDate)
    /// An instant in UTC.
    case timestamp(Timestamp)

    private var day: CalendarDate {
        switch self {
        case .date(let date): date
        case .timestamp(let timestamp): timestamp.date
        }
    }

    /// -1, 0 or 1.
    func order(_ other: Self) -> Int {
        if case .timestamp(let first) = self, case .timestamp(let second) = other {
            return first == second ? 0 : first < second ? -1 : 1
        }
        return day == other.day ? 0 : day < other.day ? -1 : 1
    }
}

/// A period from an instant to another, both included; nil is without an end.
public struct Interval: Hashable, Sendable {
    /// The first instant.
    public var start: Instant?
    /// The last instant.
    public var end: Instant?

    /// Makes a period.
    public init(start: Instant?, end: Instant?) {
        self.start = start
        self.end = end
    }
}

/// What a filter sees of a row.
public protocol PropertyValues {
    /// The value of the queryable at a position of the array that the filter was bound to.
    ///
    /// It must be `null` or of the queryable's type; a value of another type counts as `null`.
    func value(of queryable: Int) -> Value

    /// A box around a geometry, where it is cheaper to have than the geometry: most rows are decided by it. nil is not
    /// known, or the value is null.
    ///
    /// It may be larger than need be, as the boxes of an R-tree in single precision are, but not smaller. The box of an
    /// empty geometry is empty, or nil.
    func bounds(of queryable: Int) -> BoundingBox<Geographic>?
}

extension PropertyValues {
    /// Not known.
    public func bounds(of queryable: Int) -> BoundingBox<Geographic>? { nil }
}
