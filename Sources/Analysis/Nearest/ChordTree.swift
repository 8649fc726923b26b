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
                        guard count >= Self.fewPoints else { return divider.divide(1) }
                        divider.divide(1, above: Self.firstShared)
                        // The nodes of one level share no memory.
                        nonisolated(unsafe) let shared = divider
                        ParallelPieces.run(Self.firstShared) { shared.divide(Self.firstShared + $0) }
                    }
                }
            }
        }
    }

    /// The entries below a node.
    func range(of node: Int) -> Range<Int> {
        let leaves = Self.leaves(of: node, leafCount: leafCount)
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

    /// Divides a node and all below it, or only those with a number below a limit.
    func divide(_ node: Int, above limit: Int = .max) {
        guard node < limit else { return }
        let leaves = ChordTree.leaves(of: node, leafCount: divisions.count)
        let range = Int(starts[leaves.lowerBound])..<Int(starts[leaves.upperBound])
        var box = ChordTree.Box()
        for entry in entries[range] {
            box.low = pointwiseMin(box.low, entry)
            box.high = pointwiseMax(box.high, entry)
        }
        boxes[node] = box
        guard node < divisions.count else { return }
        let sides = box.high - box.low
        let axis = sides.x >= sides.y ? (sides.x >= sides.z ? 0 : 2) : (sides.y >= sides.z ? 1 : 2)
        let middle = Int(starts[leaves.lowerBound + leaves.count / 2])
        if middle < range.upperBound {
            select(middle, in: range, axis)
            divisions[node] = ChordTree.Division(axis: axis, plane: entries[middle][axis])
        }
        divide(2 * node, above: limit)
        divide(2 * node + 1, above: limit)
    }

    /// Puts the entry that belongs there by order of the axis into a place, smaller ones before, greater ones behind
    /// it (Hoare 1961, CACM 4, 321-322).
    private func select(_ place: Int, in range: Range<Int>, _ axis: Int) {
        guard let base = entries.baseAddress else { return }
        base.withMemoryRebound(to: Double.self, capacity: 4 * entries.count) { ordinates in
            var (low, high) = (range.lowerBound, range.upperBound - 1)
            while low < high {
                let pivot = ordinates[4 * (low + (high - low) / 2) + axis]
                var (left, right) = (low, high)
                while left <= right {
                    while ordinates[4 * left + axis] < pivot { left += 1 }
                    while ordinates[4 * right + axis] > pivot { right -= 1 }
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
}
