/// A static k-d tree over points in space, for the nearest ones by the length of the chord.
///
/// Each range of the array is divided at its middle across its longest side (Bentley 1975, CACM 18, 509-517); the
/// point in the middle belongs to the node. Built once, never changed: any number of threads may ask at once.
struct ChordTree: Sendable {
    private static let leafSize = 8

    private struct Entry {
        let point: SurfacePoint
        let number: Int32
    }

    /// A point that may be in an answer.
    struct Candidate {
        let number: Int32
        let squaredChord: Double
    }

    private var entries: [Entry]
    /// The axis across which the range with its middle here is divided.
    private var axes: [UInt8]

    var count: Int { entries.count }

    /// Builds the tree; points are numbered by their positions in the array. - Complexity: O(n log n)
    init(_ points: [SurfacePoint]) {
        entries = zip(points, 0...).map { Entry(point: $0, number: $1) }
        axes = [UInt8](repeating: 0, count: points.count)
        divide(0..<points.count)
    }

    private mutating func divide(_ range: Range<Int>) {
        guard range.count > Self.leafSize else { return }
        let middle = range.lowerBound + range.count / 2
        let axis = longestSide(of: range)
        axes[middle] = UInt8(axis)
        select(middle, in: range, axis)
        divide(range.lowerBound..<middle)
        divide(middle + 1..<range.upperBound)
    }

    private func longestSide(of range: Range<Int>) -> Int {
        var sides = [0.0, 0.0, 0.0]
        for axis in 0..<3 {
            var (low, high) = (Double.infinity, -Double.infinity)
            for index in range {
                low = min(low, entries[index].point[axis])
                high = max(high, entries[index].point[axis])
            }
            sides[axis] = high - low
        }
        return sides[0] >= sides[1] ? (sides[0] >= sides[2] ? 0 : 2) : (sides[1] >= sides[2] ? 1 : 2)
    }

    /// Puts the entry that belongs there by order of the axis into a place, smaller ones before, greater ones behind
    /// it (Hoare 1961, CACM 4, 321-322).
    private mutating func select(_ place: Int, in range: Range<Int>, _ axis: Int) {
        var (low, high) = (range.lowerBound, range.upperBound - 1)
        while low < high {
            let pivot = entries[low + (high - low) / 2].point[axis]
            var (left, right) = (low, high)
            while left <= right {
                while entries[left].point[axis] < pivot { left += 1 }
                while entries[right].point[axis] > pivot { right -= 1 }
                if left <= right {
                    entries.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if place <= right {
                high = right
            } else if place >= left {
                low = left
            } else {
                return
            }
        }
    }

    /// All points that may be among the `count` nearest to a point along the geodesic, and no two of the same number.
    ///
    /// Takes one more than asked for by the chord: where that one is out of reach of the last one asked for, chord and
    /// geodesic agree on which points are in the answer. Otherwise everything within reach is collected.
    /// - Parameter candidates: Emptied, then filled, so that one buffer serves many questions.
    /// - Complexity: O(log n + count²) expected.
    func candidates(_ count: Int, near point: SurfacePoint, into candidates: inout [Candidate]) {
        candidates.removeAll(keepingCapacity: true)
        let wanted = min(count, entries.count)
        guard wanted > 0 else { return }
        var bound = Double.infinity
        visit(0..<entries.count, point, SIMD3(), &bound) { number, squaredChord, bound in
            guard squaredChord < bound || candidates.count <= wanted else { return }
            if candidates.count > wanted { candidates.removeLast() }
            let place = candidates.firstIndex { $0.squaredChord > squaredChord } ?? candidates.endIndex
            candidates.insert(Candidate(number: number, squaredChord: squaredChord), at: place)
            if candidates.count > wanted { bound = candidates[wanted].squaredChord }
        }
        guard candidates.count > wanted else { return }
        var reach = ChordBounds.reach(ofSquaredChord: candidates[wanted - 1].squaredChord)
        guard candidates[wanted].squaredChord <= reach else {
            candidates.removeLast()
            return
        }
        candidates.removeAll(keepingCapacity: true)
        visit(0..<entries.count, point, SIMD3(), &reach) { number, squaredChord, _ in
            candidates.append(Candidate(number: number, squaredChord: squaredChord))
        }
    }

    /// Calls a closure with each point whose squared chord is within the bound, which the closure may lower.
    ///
    /// - Parameter gap: How far the range's box is away along each axis, as known from the divisions above it (Arya
    ///   and Mount 1993, Algorithms for fast vector quantization).
    private func visit(
        _ range: Range<Int>, _ point: SurfacePoint, _ gap: SIMD3<Double>, _ bound: inout Double,
        _ body: (Int32, Double, inout Double) -> Void
    ) {
        entries.withUnsafeBufferPointer { entries in
            axes.withUnsafeBufferPointer { axes in
                Self.visit(entries, axes, range, point, gap, &bound, body)
            }
        }
    }

    private static func visit(
        _ entries: UnsafeBufferPointer<Entry>, _ axes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
        _ point: SurfacePoint, _ gap: SIMD3<Double>, _ bound: inout Double,
        _ body: (Int32, Double, inout Double) -> Void
    ) {
        guard range.count > leafSize else {
            for entry in entries[range] {
                let squaredChord = point.squaredChord(to: entry.point)
                if squaredChord <= bound { body(entry.number, squaredChord, &bound) }
            }
            return
        }
        let middle = range.lowerBound + range.count / 2
        let axis = Int(axes[middle])
        let offset = point[axis] - entries[middle].point[axis]
        let below = range.lowerBound..<middle
        let above = middle + 1..<range.upperBound
        visit(entries, axes, offset < 0 ? below : above, point, gap, &bound, body)
        let squaredChord = point.squaredChord(to: entries[middle].point)
        if squaredChord <= bound { body(entries[middle].number, squaredChord, &bound) }
        var gap = gap
        gap[axis] = offset
        if (gap * gap).sum() <= bound {
            visit(entries, axes, offset < 0 ? above : below, point, gap, &bound, body)
        }
    }
}
