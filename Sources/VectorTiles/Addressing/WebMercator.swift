public import Geometry

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The spherical Mercator projection of EPSG:3857, scaled to the unit square.
///
/// Source of the formulas: OGC 17-083r4, annex D.1 (WebMercatorQuad), and EPSG guidance note 7-2, section 1.3.3.2.
public enum WebMercator {
    /// The latitude at which the square ends, degrees: `atan(sinh(π))`.
    public static let northernmostLatitude = 85.051_128_779_806_6

    /// Projects a position; latitudes beyond the square lie outside `0...1` in y, the poles at infinity.
    public static func project(_ position: Coordinate<Geographic>) -> Coordinate<MercatorSquare> {
        let sine = sin(position.latitude * .pi / 180)
        return Coordinate(
            x: position.longitude / 360 + 0.5,
            y: 0.5 - log((1 + sine) / (1 - sine)) / (4 * .pi))
    }

    /// The position of a point of the unit square.
    public static func unproject(_ point: Coordinate<MercatorSquare>) -> Coordinate<Geographic> {
        Coordinate(
            longitude: (point.x - 0.5) * 360,
            latitude: atan(sinh(.pi * (1 - 2 * point.y))) * 180 / .pi)
    }
}
