/// A position in a reference frame: x is east, y is north (south in tile frames).
///
/// Two doubles without padding, so an array of coordinates is one flat buffer that can be handed to GEOS and PROJ
/// in bulk.
public struct Coordinate<Frame: ReferenceFrame>: Hashable, Sendable, BitwiseCopyable {
    /// The eastward ordinate, in the frame's unit.
    public var x: Double
    /// The northward ordinate (southward in tile frames), in the frame's unit.
    public var y: Double

    /// Makes a coordinate from its two ordinates, x first.
    @inlinable
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// Whether both ordinates are finite numbers.
    @inlinable
    public var isFinite: Bool { x.isFinite && y.isFinite }
}

extension Coordinate where Frame == Geographic {
    /// Makes a geographic position, degrees.
    @inlinable
    public init(longitude: Double, latitude: Double) {
        self.init(x: longitude, y: latitude)
    }

    /// Degrees east of Greenwich.
    @inlinable
    public var longitude: Double { x }

    /// Degrees north of the equator.
    @inlinable
    public var latitude: Double { y }

    /// Whether the position lies on the globe: longitude within ±180, latitude within ±90, both finite.
    @inlinable
    public var isOnGlobe: Bool { x >= -180 && x <= 180 && y >= -90 && y <= 90 }
}
