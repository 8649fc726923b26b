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

extension ChordTreeSearch {
    /// Calls a closure with the entries below a node that lie in each band around a point: ranges of entries in
    /// ascending order, none twice.
    ///
    /// A node whose box lies within one band is taken whole, so the cost grows with the borders of the bands rather than
    /// with what they hold.
    /// - Parameters:
    ///   - limits: the radii that end the bands.
    ///   - referee: the number of the band of an entry where the chord does not decide, or the number of bands for one
    ///     beyond them all.
    ///   - body: gets a range of entries and the number of their band.
    @inline(__always)
    func bands(
        around point: SIMD4<Double>, below root: Int, _ limits: ChordLimits, referee: (Int) -> Int,
        _ body: (Range<Int>, Int) -> Void
    ) {
        limits.inner.withUnsafeBufferPointer { inner in
            limits.outer.withUnsafeBufferPointer { outer in
                let bands = outer.count
                let firstLeaf = divisions.count
                stack[0] = root
                var pending = 1
                while pending > 0 {
                    pending -= 1
                    let node = stack[pending]
                    let near = boxes[node].squaredDistance(to: point)
                    var band = 0
                    while band < bands, near > outer[band] { band += 1 }
                    guard band < bands else { continue }
                    if boxes[node].greatestSquaredDistance(to: point) <= inner[band] {
                        body(ChordTree.range(of: node, starts: starts), band)
                    } else if node < firstLeaf {
                        stack[pending] = 2 * node + 1
                        stack[pending + 1] = 2 * node
                        pending += 2
                    } else {
                        for entry in ChordTree.range(of: node, starts: starts) {
                            let squaredChord = squaredChord(point, entry)
                            var own = band
                            while own < bands, squaredChord > outer[own] { own += 1 }
                            guard own < bands else { continue }
                            if squaredChord > inner[own] { own = referee(entry) }
                            if own < bands { body(entry..<entry + 1, own) }
                        }
                    }
                }
            }
        }
    }
}
