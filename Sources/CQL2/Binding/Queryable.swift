/// A property that filters may name, as `/queryables` lists it.
public struct Queryable: Hashable, Sendable {
    /// The name, which is matched letter by letter.
    public var name: String
    /// The type of its values.
    public var type: QueryableType

    /// Makes a queryable.
    public init(_ name: String, _ type: QueryableType) {
        self.name = name
        self.type = type
    }
}

/// The types of values that a filter can compare.
public enum QueryableType: String, Hashable, Sendable, CaseIterable {
    /// Characters.
    case string
    /// Integers and other numbers alike.
    case number
    /// True or false.
    case boolean
    /// A day.
    case date
    /// An instant.
    case timestamp
    /// A period.
    case interval
    /// Any geometry.
    case geometry
    /// An array.
    case list

    /// With its article, for errors.
    var words: String {
        switch self {
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .date: "a date"
        case .timestamp: "a timestamp"
        case .interval: "an interval"
        case .geometry: "a geometry"
        case .list: "an array"
        }
    }

    var isInstant: Bool { self == .date || self == .timestamp }

    /// Whether values of both types can be compared: a day and an instant can, see `Instant`.
    func isComparable(to other: Self) -> Bool { self == other || isInstant && other.isInstant }
}
