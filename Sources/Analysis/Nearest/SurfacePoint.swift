internal import Foundation
internal import Geometry

/// A position on the ellipsoid GRS 80 as a point in space: metres from the Earth's centre, x through Greenwich on the
/// equator, z through the north pole.
///
/// In space neither the antimeridian nor the poles are anything special, and the chord between two points bounds their
/// geodesic distance tightly from both sides (`ChordBounds`).
struct SurfacePoint: Sendable {
    let x: Double
    let y: Double
    let z: Double

    init(_ position: Coordinate<Geographic>) {
        let longitude = position.longitude * .pi / 180
        let latitude = position.latitude * .pi / 180
        let sine = sin(latitude)
        // The radius of curvature in the prime vertical.
        let radius = ChordBounds.equatorialRadius / (1 - ChordBounds.squaredEccentricity * sine * sine).squareRoot()
        x = radius * cos(latitude) * cos(longitude)
        y = radius * cos(latitude) * sin(longitude)
        z = radius * (1 - ChordBounds.squaredEccentricity) * sine
    }

    /// The square of the length of the chord, m².
    @inline(__always)
    func squaredChord(to other: SurfacePoint) -> Double {
        let (dx, dy, dz) = (x - other.x, y - other.y, z - other.z)
        return dx * dx + dy * dy + dz * dz
    }

    @inline(__always)
    subscript(axis: Int) -> Double { axis == 0 ? x : axis == 1 ? y : z }
}

/// What the chord between two points of GRS 80 says about their geodesic distance.
///
/// Every curvature of the surface lies between 1/R and 1/r with r = b²/a (meridian at the equator) and R = a²/b
/// (poles). So, for a chord c and a geodesic s,
///
///     2 R asin(c / 2R)  <=  s  <=  2 r asin(c / 2r).
///
/// *Left*: by Blaschke's rolling theorem the ellipsoid is an intersection of balls of radius R. With two points it
/// therefore holds their spindle, the body that the short arc of radius R over the chord sweeps when turned around it.
/// The nearest-point map onto that convex body lengthens nothing, so a way around it is at least as long as the arc.
/// *Right*: the geodesic's curvature in space is the surface's normal curvature, at most 1/r, and by Schur's theorem
/// the chord is then at least that of the circular arc of radius r and of the same length, as long as s <= πr. That
/// holds for c <= 2r: the ellipsoid is the sphere of radius a, flattened, so s <= 2 a asin(c / 2b), below 18,994 km.
///
/// At 10 km the two bounds are 0.02 mm apart, at 100 km 21 mm.
enum ChordBounds {
    /// GRS 80 (Moritz 2000, Geodetic Reference System 1980, J. Geodesy 74, 128-133).
    static let equatorialRadius = 6_378_137.0
    static let flattening = 1 / 298.257222101
    static let squaredEccentricity = flattening * (2 - flattening)
    /// b²/a
    static let smallestRadius = equatorialRadius * (1 - flattening) * (1 - flattening)
    /// a²/b
    static let greatestRadius = equatorialRadius / (1 - flattening)

    /// Above this chord the bound is not used: the arcsine loses its digits on the way to 2r.
    private static let longestChord = 12_000_000.0
    /// Room for rounding, metres. The coordinates are good to some 2 nm, so are chords; Karney's distances to 15 nm.
    private static let rounding = 1e-6

    /// The square of the longest chord that a point can have which is, along the geodesic, at most as far away as one
    /// with the given squared chord. Grows with its argument.
    static func reach(ofSquaredChord squaredChord: Double) -> Double {
        let chord = squaredChord.squareRoot()
        guard chord <= longestChord else { return .infinity }
        let geodesic = 2 * smallestRadius * asin(chord / (2 * smallestRadius))
        let reach = 2 * greatestRadius * sin(geodesic / (2 * greatestRadius)) + rounding
        return reach * reach
    }
}
