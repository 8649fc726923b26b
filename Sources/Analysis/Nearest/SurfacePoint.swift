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

    @inline(__always)
    init(_ position: Coordinate<Geographic>) {
        let (sines, cosines) = DegreeTrigonometry.sinesAndCosines(SIMD2(position.longitude, position.latitude))
        // The radius of curvature in the prime vertical.
        let radius =
            ChordBounds.equatorialRadius / (1 - ChordBounds.squaredEccentricity * sines.y * sines.y).squareRoot()
        x = radius * cosines.y * cosines.x
        y = radius * cosines.y * sines.x
        z = radius * (1 - ChordBounds.squaredEccentricity) * sines.y
    }

    /// The points of many positions. - Complexity: O(n), on all cores.
    static func points(_ positions: [Coordinate<Geographic>]) -> [SurfacePoint] {
        ParallelPieces.fill(positions.count, size: 16_384, of: SurfacePoint.self) { range, points in
            for index in range { points[index] = SurfacePoint(positions[index]) }
        }
    }

    /// The square of the length of the chord, m².
    @inline(__always)
    func squaredChord(to other: SurfacePoint) -> Double {
        let (dx, dy, dz) = (x - other.x, y - other.y, z - other.z)
        return dx * dx + dy * dy + dz * dz
    }

    /// The point in the first three lanes.
    @inline(__always)
    var vector: SIMD4<Double> { SIMD4(x, y, z, 0) }
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
    /// Room for rounding, metres. The coordinates are good to some 5 nm, so are chords; Karney's distances to 15 nm.
    static let rounding = 1e-6

    /// The square of the longest chord that a point can have which is, along the geodesic, at most as far away as one
    /// with the given squared chord. Grows with its argument.
    static func reach(ofSquaredChord squaredChord: Double) -> Double {
        let chord = squaredChord.squareRoot()
        guard chord <= longestChord else { return .infinity }
        let geodesic = 2 * smallestRadius * asin(chord / (2 * smallestRadius))
        let reach = 2 * greatestRadius * sin(geodesic / (2 * greatestRadius)) + rounding
        return reach * reach
    }

    /// A bound for `reach(ofSquaredChord:)` that is quick, for searches that ask again and again; it is wider by
    /// 1 µm at 1 km and by 3 cm at 0.
    ///
    /// Up to 100 km, with c the chord, s = 2 r asin(c / 2r) <= c + c³ / 24r² · (1 + 1e-4), and the chord of the arc s of
    /// radius R is at most s - s³ / 24R² · (1 - 1e-4). So it exceeds c by at most c³ / 24 · (1/r² - 1/R²) + 2e-4 · c³ / 24r²,
    /// less than 2.5e-17 · c³ m, and its square exceeds c² by less than 6e-17 · c⁴. Of the room for rounding ρ = 1 µm,
    /// 2ρc <= 1e-9 · c² + 1e-3.
    @inline(__always)
    static func quickReach(ofSquaredChord squaredChord: Double) -> Double {
        guard squaredChord <= 1e10 else { return reach(ofSquaredChord: squaredChord) }
        return squaredChord * (1 + 2e-9 + 6e-17 * squaredChord) + 1.1e-3
    }
}
