/// An axis-parallel box, its borders included.
///
/// A geographic box never wraps: `minX <= maxX`. A box across the antimeridian is two boxes, see `parts(west:south:east:north:)`.
public struct BoundingBox<Frame: ReferenceFrame>: Hashable, Sendable {
    /// The western border.
    public var minX: Double
    /// The lower border in y.
    public var minY: Double
    /// The eastern border.
    public var maxX: Double
    /// The upper border in y.
    public var maxY: Double

    /// Makes a box from its borders, which must be ordered; an unordered box contains nothing.
    @inlinable
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// The box that contains nothing and that every union grows from.
    @inlinable
    public static var empty: Self {
        Self(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)
    }

    /// Whether the box contains no position.
    @inlinable
    public var isEmpty: Bool { !(minX <= maxX && minY <= maxY) }

    /// Grows the box to contain a coordinate.
    @inlinable
    public mutating func formUnion(_ coordinate: Coordinate<Frame>) {
        minX = Swift.min(minX, coordinate.x)
        minY = Swift.min(minY, coordinate.y)
        maxX = Swift.max(maxX, coordinate.x)
        maxY = Swift.max(maxY, coordinate.y)
    }

    /// Grows the box to contain another.
    @inlinable
    public mutating func formUnion(_ other: Self) {
        minX = Swift.min(minX, other.minX)
        minY = Swift.min(minY, other.minY)
        maxX = Swift.max(maxX, other.maxX)
        maxY = Swift.max(maxY, other.maxY)
    }

    /// Whether the two boxes share at least a point.
    @inlinable
    public func intersects(_ other: Self) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }

    /// Whether the box contains a coordinate, its border included.
    @inlinable
    public func contains(_ coordinate: Coordinate<Frame>) -> Bool {
        coordinate.x >= minX && coordinate.x <= maxX && coordinate.y >= minY && coordinate.y <= maxY
    }

    /// Whether the other box lies wholly inside, borders included.
    @inlinable
    public func contains(_ other: Self) -> Bool {
        other.minX >= minX && other.maxX <= maxX && other.minY >= minY && other.maxY <= maxY
    }

    /// The box grown by the same amount on all four sides.
    @inlinable
    public func expanded(by margin: Double) -> Self {
        Self(minX: minX - margin, minY: minY - margin, maxX: maxX + margin, maxY: maxY + margin)
    }
}

extension BoundingBox where Frame == Geographic {
    /// The whole globe.
    @inlinable
    public static var globe: Self { Self(minX: -180, minY: -90, maxX: 180, maxY: 90) }

    /// The one or two boxes that a box of RFC 7946 section 5 covers: `west > east` means across the antimeridian.
    public static func parts(west: Double, south: Double, east: Double, north: Double) -> [Self] {
        guard west > east else { return [Self(minX: west, minY: south, maxX: east, maxY: north)] }
        return [
            Self(minX: west, minY: south, maxX: 180, maxY: north),
            Self(minX: -180, minY: south, maxX: east, maxY: north),
        ]
    }
}
