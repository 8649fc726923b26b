/// A length in metres.
public struct Metres: Hashable, Comparable, Sendable {
    /// The number of metres.
    public var value: Double

    /// Makes a length.
    @inlinable
    public init(_ value: Double) { self.value = value }

    /// Orders lengths by size.
    @inlinable
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.value < rhs.value }
}

/// An area in square metres.
public struct SquareMetres: Hashable, Comparable, Sendable {
    /// The number of square metres.
    public var value: Double

    /// Makes an area.
    @inlinable
    public init(_ value: Double) { self.value = value }

    /// Orders areas by size.
    @inlinable
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.value < rhs.value }
}
