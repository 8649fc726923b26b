internal import Foundation

/// A surface and how far away it is.
public struct NearestSurface: Hashable, Sendable {
    /// Its position in the input.
    public var index: Int
    /// The geodesic distance; zero inside and on the border.
    public var distance: Metres
}

extension PolygonIndex where Frame == Geographic {
    /// The surface nearest to a point, if one lies within a distance: for points that fall just outside, into the sea or
    /// beyond a generalised border.
    ///
    /// The nearest place on each border is found on a plane that is true to scale at the point, then the distance to
    /// that place is measured on the ellipsoid. Meant for some tens of kilometres: the place is off by less than 0.1 %
    /// of the distance at 50 km; the antimeridian is not crossed. Equally near surfaces: the first in the input wins.
    ///
    /// - Complexity: O(edges within the distance to the north and south)
    public func nearest(
        to point: Coordinate<Geographic>, within limit: Metres, geodesic: Geodesic = .grs80
    ) -> NearestSurface? {
        guard point.isFinite, limit.value >= 0 else { return nil }
        if let index = locate(point) { return NearestSurface(index: index, distance: Metres(0)) }
        // A degree of latitude is 110.57 km at the equator and more elsewhere (GRS 80); of longitude, by the cosine.
        let scale = max(cos(point.latitude * .pi / 180), 1e-3)
        let margin = limit.value / 110_000
        let reach = BoundingBox<Unreferenced>(
            minX: point.x - margin / scale * 1.1, minY: point.y - margin, maxX: point.x + margin / scale * 1.1,
            maxY: point.y + margin
        )
        // On the ellipsoid a degree of longitude is up to 0.7 % longer against one of latitude than on the sphere.
        let stretch = scale * Self.meridianStretch(at: point.latitude)
        var found: [(square: Double, index: Int, place: Coordinate<Geographic>)] = []
        let origin = Position(x: point.x, y: point.y)
        grid.edges.withTables { tables in
            for (index, box) in grid.edges.boxes.enumerated() where box.intersects(reach) {
                var best = (square: Double.infinity, place: origin)
                tables.forEachEdge(of: index, between: reach.minY, and: reach.maxY) { a, b in
                    let place = Self.nearestPlace(on: a, b, to: origin, stretch: stretch)
                    if place.square < best.square { best = place }
                }
                if best.square < .infinity {
                    found.append((best.square, index, Coordinate(x: best.place.x, y: best.place.y)))
                }
            }
        }
        guard let closest = found.map(\.square).min() else { return nil }
        return
            found.lazy.filter { $0.square <= closest * 1.02 }
            .map { NearestSurface(index: $0.index, distance: geodesic.distance(from: point, to: $0.place)) }
            .filter { $0.distance <= limit }
            .min { ($0.distance, $0.index) < ($1.distance, $1.index) }
    }

    /// The ratio of the radii of curvature along the parallel and along the meridian, 1 + e'² cos² φ.
    private static func meridianStretch(at latitude: Double) -> Double {
        // The second eccentricity squared of GRS 80 (Moritz 2000).
        let cosine = cos(latitude * .pi / 180)
        return 1 + 0.006_739_496_775_48 * cosine * cosine
    }

    private static func nearestPlace(
        on a: Position, _ b: Position, to point: Position, stretch: Double
    ) -> (square: Double, place: Position) {
        let ax = (a.x - point.x) * stretch
        let ay = a.y - point.y
        let dx = (b.x - a.x) * stretch
        let dy = b.y - a.y
        let square = dx * dx + dy * dy
        let along = square > 0 ? max(0, min(1, -(ax * dx + ay * dy) / square)) : 0
        let x = ax + along * dx
        let y = ay + along * dy
        let place = Position(x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along)
        return (x * x + y * y, place)
    }
}
