internal import Foundation

/// Radii around a point as chords: up to which chord a point certainly is within each of them, and from which on it
/// certainly is not (`ChordBounds`). In between Karney's algorithm decides.
struct ChordLimits: Sendable {
    /// For each radius, ascending, the square of the longest chord that is certainly within; negative where none is.
    let inner: [Double]
    /// The square of the chord above which a point is certainly outside.
    let outer: [Double]

    /// Takes radii in metres, ascending, of any length.
    init(_ radii: [Double]) {
        inner = radii.map { radius in
            let chord = 2 * ChordBounds.smallestRadius * sin(min(radius / (2 * ChordBounds.smallestRadius), .pi / 2))
            let certain = chord - ChordBounds.rounding
            return certain < 0 ? -1 : certain * certain
        }
        outer = radii.map { radius in
            let chord = 2 * ChordBounds.greatestRadius * sin(min(radius / (2 * ChordBounds.greatestRadius), .pi / 2))
            let certain = chord + ChordBounds.rounding
            return certain * certain
        }
    }
}
