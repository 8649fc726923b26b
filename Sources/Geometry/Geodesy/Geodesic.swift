internal import CPROJ

/// Distances, directions and areas on an ellipsoid of revolution, exact to a few nanometres.
///
/// Karney, C. F. F. (2013): Algorithms for geodesics, J. Geodesy 87, 43-55, in the C implementation that PROJ carries.
/// A value of constants without any handle: it may be shared and used by any number of threads at once.
public struct Geodesic: Sendable {
    private let parameters: geod_geodesic

    /// The ellipsoid with the given equatorial radius (metres) and flattening.
    public init(equatorialRadius: Double, flattening: Double) {
        var parameters = geod_geodesic()
        geod_init(&parameters, equatorialRadius, flattening)
        self.parameters = parameters
    }

    /// GRS 80, the ellipsoid of ETRS89 (Moritz 2000, Geodetic Reference System 1980, J. Geodesy 74, 128-133).
    public static let grs80 = Geodesic(equatorialRadius: 6_378_137, flattening: 1 / 298.257222101)

    /// WGS 84 (NGA.STND.0036, 2014). It differs from GRS 80 by 0.1 mm in the polar radius.
    public static let wgs84 = Geodesic(equatorialRadius: 6_378_137, flattening: 1 / 298.257223563)

    /// The shortest way between two positions.
    public struct Inverse: Hashable, Sendable {
        /// Its length.
        public var distance: Metres
        /// The azimuth at the start, degrees clockwise from north, -180...180.
        public var initialAzimuth: Double
        /// The azimuth at the end, still in the direction of travel.
        public var finalAzimuth: Double
    }

    /// The length of the shortest way between two positions; NaN if one of them is not on the globe.
    ///
    /// - Complexity: O(1), about half a microsecond.
    public func distance(from start: Coordinate<Geographic>, to end: Coordinate<Geographic>) -> Metres {
        var distance = 0.0
        withUnsafePointer(to: parameters) {
            geod_inverse($0, start.latitude, start.longitude, end.latitude, end.longitude, &distance, nil, nil)
        }
        return Metres(distance)
    }

    /// The shortest way between two positions with its directions.
    public func inverse(from start: Coordinate<Geographic>, to end: Coordinate<Geographic>) -> Inverse {
        var inverse = (distance: 0.0, initial: 0.0, final: 0.0)
        withUnsafePointer(to: parameters) {
            geod_inverse(
                $0, start.latitude, start.longitude, end.latitude, end.longitude,
                &inverse.distance, &inverse.initial, &inverse.final
            )
        }
        return Inverse(
            distance: Metres(inverse.distance), initialAzimuth: inverse.initial, finalAzimuth: inverse.final
        )
    }

    /// The position reached from a start in a direction (degrees clockwise from north) after a distance.
    public func direct(
        from start: Coordinate<Geographic>, azimuth: Double, distance: Metres
    ) -> Coordinate<Geographic> {
        var end = Coordinate<Geographic>(longitude: 0, latitude: 0)
        withUnsafePointer(to: parameters) {
            geod_direct($0, start.latitude, start.longitude, azimuth, distance.value, &end.y, &end.x, nil)
        }
        return end
    }

    /// The area of a surface whose edges are geodesics: shells less their holes, whichever way the rings run.
    ///
    /// Rings across the antimeridian and around a pole are measured rightly, as long as each covers less than half of
    /// the globe. The parts must not overlap.
    ///
    /// - Complexity: O(n), about half a microsecond per vertex.
    public func area(of surface: MultiPolygon<Geographic>) -> SquareMetres {
        SquareMetres(surface.polygons.reduce(0) { $0 + area(of: $1).value })
    }

    /// The area of one polygon, see `area(of:)` for surfaces.
    public func area(of polygon: Polygon<Geographic>) -> SquareMetres {
        let shell = abs(signedArea(of: polygon.exterior).value)
        return SquareMetres(polygon.holes.reduce(shell) { $0 - abs(signedArea(of: $1).value) })
    }

    /// The area that a ring encloses, positive if it runs counter-clockwise.
    public func signedArea(of ring: Ring<Geographic>) -> SquareMetres {
        SquareMetres(measure(ring).area)
    }

    /// The length of a ring.
    public func perimeter(of ring: Ring<Geographic>) -> Metres {
        Metres(measure(ring).perimeter)
    }

    /// The length of an open line.
    public func length(of line: [Coordinate<Geographic>]) -> Metres {
        Metres(zip(line, line.dropFirst()).reduce(0) { $0 + distance(from: $1.0, to: $1.1).value })
    }

    private func measure(_ ring: Ring<Geographic>) -> (area: Double, perimeter: Double) {
        var polygon = geod_polygon()
        var measured = (area: 0.0, perimeter: 0.0)
        // PROJ closes the polygon itself.
        let isClosed = ring.coordinates.count > 1 && ring.coordinates.first == ring.coordinates.last
        let vertices = isClosed ? ring.coordinates.dropLast() : ring.coordinates[...]
        withUnsafePointer(to: parameters) { parameters in
            geod_polygon_init(&polygon, 0)
            for vertex in vertices { geod_polygon_addpoint(parameters, &polygon, vertex.latitude, vertex.longitude) }
            geod_polygon_compute(parameters, &polygon, 0, 1, &measured.area, &measured.perimeter)
        }
        return measured
    }
}
