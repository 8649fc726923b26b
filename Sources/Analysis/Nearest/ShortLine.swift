/// The length of a short geodesic from its chord.
///
/// `ChordBounds` puts the geodesic s over a chord c between 2 R asin(c / 2R) and 2 r asin(c / 2r). With
/// asin x = x + x³/6 + 3x⁵/40 + ..., the value c + c³/24 · (1/r² + 1/R²) / 2 lies in the middle of the two except for
/// terms in c⁵ (less than 0.03 µm up to 25 km), so its error is at most half of their distance,
///
///     c³/48 · (1/r² - 1/R²),
///
/// 0.0013 mm at 5 km, 0.011 mm at 10 km, 0.17 mm at 25 km. Longer lines are left to Karney's algorithm; so are lines for
/// which a whole number of metres lies within the error, so that a radius in whole metres divides distances exactly as
/// Karney's algorithm does.
enum ShortLine {
    /// The square of the longest chord, 25 km.
    static let longestSquaredChord = 25_000.0 * 25_000
    /// (1/r² + 1/R²) / 48
    private static let correction =
        (1 / (ChordBounds.smallestRadius * ChordBounds.smallestRadius)
            + 1 / (ChordBounds.greatestRadius * ChordBounds.greatestRadius)) / 48
    /// (1/r² - 1/R²) / 48
    private static let uncertainty =
        (1 / (ChordBounds.smallestRadius * ChordBounds.smallestRadius)
            - 1 / (ChordBounds.greatestRadius * ChordBounds.greatestRadius)) / 48

    /// How far the length may be off, metres: the bound, and room for rounding and the terms left out.
    @inline(__always)
    static func error(chord: Double) -> Double { uncertainty * chord * chord * chord + 1e-6 }

    /// The length, metres, or nil where Karney's algorithm has to be asked.
    @inline(__always)
    static func length(squaredChord: Double) -> Double? {
        guard squaredChord <= longestSquaredChord else { return nil }
        let chord = squaredChord.squareRoot()
        let length = chord + correction * chord * squaredChord
        let nearestWhole = Double(Int(length + 0.5))
        guard abs(length - nearestWhole) > error(chord: chord) else { return nil }
        return length
    }
}
