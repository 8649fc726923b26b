internal import Foundation

/// A static k-d tree over points in space, for questions about the length of the chord.
///
/// A complete binary tree in the order of a heap: the children of node k are 2k and 2k + 1, the leaves are the last
/// nodes and hold up to eight points each. Every other node divides its points in the middle across the longest side
/// of their box (Bentley 1975, CACM 18, 509-517). Built once, never changed: any number of threads may ask at once.
struct ChordTree: Sendable {
    /// Where a node is divided: no point of its first child lies above the plane across the axis, none of its second
    /// child below.
    struct Division {
        var axis = 0
        var plane = 0.0
    }

    /// The smallest box along the axes around the points of a node; without points it is inside out.
    struct Box {
        var low = SIMD4<Double>(repeating: .infinity)
        var high = SIMD4<Double>(repeating: -.infinity)

        /// Takes in another box.
        @inline(__always)
        mutating func extend(to other: Box) {
            low = low.replacing(with: other.low, where: other.low .< low)
            high = high.replacing(with: other.high, where: other.high .> high)
        }

        /// The square of the distance from a point, 0 inside.
        @inline(__always)
        func squaredDistance(to point: SIMD4<Double>) -> Double {
            let below = low - point
            let above = point - high
            let x = max(below.x, above.x, 0)
            let y = max(below.y, above.y, 0)
            let z = max(below.z, above.z, 0)
            return x * x + y * y + z * z
        }

        /// The square of the distance from a point to the farthest corner.
        @inline(__always)
        func greatestSquaredDistance(to point: SIMD4<Double>) -> Double {
            let below = point - low
            let above = high - point
            let x = max(below.x, above.x)
            let y = max(below.y, above.y)
            let z = max(below.z, above.z)
            return x * x + y * y + z * z
        }
    }

    private static let leafSize = 8
    /// Fewer points than these are divided faster by one thread.
    private static let fewPoints = 16_384
    /// The first node of the level whose nodes are shared out among the threads.
    private static let firstShared = 16

    /// The points in the order of the leaves: x, y, z and, in the fourth lane, the number.
    private(set) var entries: [SIMD4<Double>]
    /// The divisions of the nodes that are no leaves, by node.
    private(set) var divisions: [Division]
    /// The boxes of all nodes, by node.
    private(set) var boxes: [Box]
    /// For each leaf the place of its first entry, and the number of entries at the end.
    let starts: [Int32]

    /// How many points there are.
    var count: Int { entries.count }
    /// How many leaves there are, a power of two; the first leaf is the node of this number.
    var leafCount: Int { divisions.count }

    /// Builds the tree; points are numbered by their positions in the array.
    ///
    /// - Complexity: O(n log n), on all cores.
    init(_ points: [SurfacePoint]) {
        let count = points.count
        var leafCount = 1
        while leafCount * Self.leafSize < count { leafCount *= 2 }
        starts = (0...leafCount).map { Int32($0 * count / leafCount) }
        entries = points.indices.map { SIMD4(points[$0].x, points[$0].y, points[$0].z, Double($0)) }
        divisions = [Division](repeating: Division(), count: leafCount)
        boxes = [Box](repeating: Box(), count: 2 * leafCount)
        starts.withUnsafeBufferPointer { starts in
            entries.withUnsafeMutableBufferPointer { entries in
                divisions.withUnsafeMutableBufferPointer { divisions in
                    boxes.withUnsafeMutableBufferPointer { boxes in
                        let divider = ChordTreeDivider(
                            entries: entries, divisions: divisions, boxes: boxes, starts: starts)
                        let firstShared = count < Self.fewPoints ? 1 : Self.firstShared
                        divider.divide(1, above: firstShared)
                        // The nodes of one level share no memory.
                        nonisolated(unsafe) let shared = divider
                        ParallelPieces.run(firstShared) { part in
                            shared.divide(firstShared + part)
                            shared.bound(firstShared + part)
                        }
                        for node in stride(from: firstShared - 1, to: 0, by: -1) { divider.join(node) }
                    }
                }
            }
        }
    }

    /// Nodes that hold every entry once, in the order of the entries: work is shared out among threads by them.
    var parts: Range<Int> {
        let first = min(Self.firstShared, leafCount)
        return first..<2 * first
    }

    /// The entries below a node.
    func range(of node: Int) -> Range<Int> { starts.withUnsafeBufferPointer { Self.range(of: node, starts: $0) } }

    /// The entries below a node of the tree whose leaves start there.
    @inline(__always)
    static func range(of node: Int, starts: UnsafeBufferPointer<Int32>) -> Range<Int> {
        let leaves = leaves(of: node, leafCount: starts.count - 1)
        return Int(starts[leaves.lowerBound])..<Int(starts[leaves.upperBound])
    }

    /// The leaves below a node, numbered from 0.
    @inline(__always)
    static func leaves(of node: Int, leafCount: Int) -> Range<Int> {
        let levelsBelow = node.leadingZeroBitCount - leafCount.leadingZeroBitCount
        let first = node << levelsBelow - leafCount
        return first..<first + 1 << levelsBelow
    }
}

/// Divides the nodes of a tree that is being built.
struct ChordTreeDivider {
    let entries: UnsafeMutableBufferPointer<SIMD4<Double>>
    let divisions: UnsafeMutableBufferPointer<ChordTree.Division>
    let boxes: UnsafeMutableBufferPointer<ChordTree.Box>
    let starts: UnsafeBufferPointer<Int32>

    /// A node of more entries is divided across the longest side of the box around a sample of that many.
    private static let sampleSize = 64

    /// Divides a node and all below it, or only those with a number below a limit.
    func divide(_ node: Int, above limit: Int = .max) {
        guard node < limit, node < divisions.count else { return }
        let leaves = ChordTree.leaves(of: node, leafCount: divisions.count)
        let range = Int(starts[leaves.lowerBound])..<Int(starts[leaves.upperBound])
        let middle = Int(starts[leaves.lowerBound + leaves.count / 2])
        let box = box(range, step: max(1, range.count / Self.sampleSize))
        let sides = box.high - box.low
        let axis = sides.x >= sides.y ? (sides.x >= sides.z ? 0 : 2) : (sides.y >= sides.z ? 1 : 2)
        if let base = entries.baseAddress {
            base.withMemoryRebound(to: Double.self, capacity: 4 * entries.count) {
                select(middle, low: range.lowerBound, high: range.upperBound - 1, $0 + axis)
            }
        }
        divisions[node] = ChordTree.Division(axis: axis, plane: entries[middle][axis])
        divide(2 * node, above: limit)
        divide(2 * node + 1, above: limit)
    }

    /// Finds the boxes of a node and all below it.
    func bound(_ node: Int) {
        if node < divisions.count {
            bound(2 * node)
            bound(2 * node + 1)
            join(node)
        } else {
            let leaf = node - divisions.count
            boxes[node] = box(Int(starts[leaf])..<Int(starts[leaf + 1]), step: 1)
        }
    }

    /// Makes the box of a node from those of its children.
    func join(_ node: Int) {
        boxes[node] = boxes[2 * node]
        boxes[node].extend(to: boxes[2 * node + 1])
    }

    /// The box around every so manieth of a range of entries.
    private func box(_ range: Range<Int>, step: Int) -> ChordTree.Box {
        var box = ChordTree.Box()
        for entry in stride(from: range.lowerBound, to: range.upperBound, by: step) {
            box.extend(to: ChordTree.Box(low: entries[entry], high: entries[entry]))
        }
        return box
    }

    /// Puts the entry that belongs there by order of an axis into a place, smaller ones before, greater ones behind it
    /// (Floyd and Rivest 1975, CACM 18, 173, algorithm 489).
    ///
    /// - Parameter ordinates: the ordinates along the axis; those of neighbouring entries are four apart.
    private func select(_ place: Int, low: Int, high: Int, _ ordinates: UnsafeMutablePointer<Double>) {
        var (low, high) = (low, high)
        while low < high {
            if high - low > 600 {
                // First within a sample around the place, so that what then stands there is close to what belongs there.
                let count = Double(high - low + 1)
                let rank = Double(place - low + 1)
                let sample = 0.5 * exp(2 * log(count) / 3)
                let spread =
                    0.5 * (log(count) * sample * (count - sample) / count).squareRoot() * (rank < count / 2 ? -1 : 1)
                select(
                    place, low: max(low, Int(Double(place) - rank * sample / count + spread)),
                    high: min(high, Int(Double(place) + (count - rank) * sample / count + spread)), ordinates)
            }
            let pivot = ordinates[4 * place]
            var (left, right) = (low, high)
            while left <= right {
                while ordinates[4 * left] < pivot { left += 1 }
                while ordinates[4 * right] > pivot { right -= 1 }
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
}
