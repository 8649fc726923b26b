internal import CGEOS
internal import Foundation

extension GEOSContext {
    /// A point well inside a surface, for a label: the centre of (nearly) the largest circle that fits.
    ///
    /// Its circle's radius is at most a thousandth of the surface's extent short of the largest one's.
    ///
    /// - Returns: nil for a surface without area.
    /// - Throws: `GeometryError.geos`.
    public func interiorPoint<Frame>(of surface: MultiPolygon<Frame>) throws(GeometryError) -> Coordinate<Frame>? {
        let box = surface.boundingBox
        let extent = max(box.maxX - box.minX, box.maxY - box.minY)
        guard !box.isEmpty, extent > 0, surface.planarArea > 0 else { return nil }
        let geometry = try handle.surface(surface)
        // A line from the centre to the circle; NULL on exception.
        let radius = try handle.take(geometry.lend { GEOSMaximumInscribedCircle_r(handle.pointer, $0, extent / 1000) })
        if case .lineString(let line) = try radius.value() as FeatureGeometry<Frame>, let centre = line.first {
            return centre
        }
        // NULL on exception.
        let point = try handle.take(geometry.lend { GEOSPointOnSurface_r(handle.pointer, $0) })
        guard case .point(let coordinate) = try point.value() as FeatureGeometry<Frame> else { return nil }
        return coordinate
    }
}

extension GEOSContext {
    /// A point well inside a surface given in degrees: a degree of longitude counts as much as it is long at the
    /// surface's mean latitude, so that the circle is round on the ground.
    public func interiorPoint(of surface: MultiPolygon<Geographic>) throws(GeometryError) -> Coordinate<Geographic>? {
        let box = surface.boundingBox
        guard !box.isEmpty else { return nil }
        let scale = max(cos((box.minY + box.maxY) / 2 * .pi / 180), 0.01)
        let stretched = surface.map { Coordinate<Unreferenced>(x: $0.x * scale, y: $0.y) }
        let point: Coordinate<Unreferenced>? = try interiorPoint(of: stretched)
        return point.map { Coordinate(x: $0.x / scale, y: $0.y) }
    }
}
