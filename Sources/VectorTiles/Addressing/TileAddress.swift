public import Geometry

/// The address of one tile in the XYZ scheme (WebMercatorQuad): y counts from north to south.
public struct TileAddress: Hashable, Sendable {
    /// The zoom level; the world is `2^z` tiles wide and high.
    public let z: Int
    /// The column, from west to east.
    public let x: Int
    /// The row, from north to south.
    public let y: Int

    /// The deepest zoom at which grid positions still fit into 32 bits with room for the arithmetic.
    public static let deepestZoom = 18

    /// Makes an address; nil outside the matrix of its zoom.
    public init?(zoom: Int, x: Int, y: Int) {
        guard (0...Self.deepestZoom).contains(zoom) else { return nil }
        let side = 1 << zoom
        guard (0..<side).contains(x), (0..<side).contains(y) else { return nil }
        z = zoom
        self.x = x
        self.y = y
    }

    /// The tile without its buffer, in the unit square of Web Mercator.
    public var square: BoundingBox<MercatorSquare> {
        let side = Double(1 << z)
        return BoundingBox(
            minX: Double(x) / side, minY: Double(y) / side, maxX: Double(x + 1) / side, maxY: Double(y + 1) / side)
    }

    /// The tile without its buffer, longitude and latitude in degrees.
    public var bounds: BoundingBox<Geographic> {
        let square = square
        let northWest = WebMercator.unproject(Coordinate(x: square.minX, y: square.minY))
        let southEast = WebMercator.unproject(Coordinate(x: square.maxX, y: square.maxY))
        return BoundingBox(
            minX: northWest.longitude, minY: southEast.latitude, maxX: southEast.longitude, maxY: northWest.latitude)
    }
}
