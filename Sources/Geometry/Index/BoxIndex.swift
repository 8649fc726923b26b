/// A static index over boxes: a packed R-tree in the order of a Hilbert curve through the boxes' centres.
///
/// Built once, never changed: any number of threads may ask at once. Empty boxes are in no answer.
public struct BoxIndex<Frame: ReferenceFrame>: Sendable {
    private static var groupSize: Int { 16 }

    /// The boxes in curve order.
    private let boxes: [BoundingBox<Frame>]
    /// Their positions in the input.
    private let order: [UInt32]
    private let tree: PackedTree<Frame>

    /// How many boxes are not empty.
    public var count: Int { order.count }

    /// The smallest box around all.
    public var bounds: BoundingBox<Frame> { tree.bounds }

    /// Indexes boxes. - Complexity: O(n)
    public init(_ boxes: [BoundingBox<Frame>]) {
        // A box without end has no centre; it may stand anywhere in the order.
        let xs = boxes.map { ($0.minX + $0.maxX) / 2 }.map { $0.isFinite ? $0 : 0 }
        let ys = boxes.map { ($0.minY + $0.maxY) / 2 }.map { $0.isFinite ? $0 : 0 }
        var centres = BoundingBox<Frame>.empty
        var members: [UInt32] = []
        for (index, box) in boxes.enumerated() where !box.isEmpty {
            centres.formUnion(Coordinate(x: xs[index], y: ys[index]))
            members.append(UInt32(index))
        }
        order = HilbertOrder.order(xs: xs, ys: ys, members: members, in: centres)
        let sorted = order.map { boxes[Int($0)] }
        self.boxes = sorted
        tree = PackedTree(
            groups: stride(from: 0, to: sorted.count, by: Self.groupSize).map { start in
                var group = BoundingBox<Frame>.empty
                for box in sorted[start..<min(start + Self.groupSize, sorted.count)] { group.formUnion(box) }
                return group
            }
        )
    }

    /// The boxes that share at least a point with a box, in ascending order of their positions in the input.
    ///
    /// - Complexity: O(log n + m log m) for m answers.
    public func query(_ box: BoundingBox<Frame>) -> [Int] {
        var result: [Int] = []
        forEach(meeting: box) { result.append($0) }
        result.sort()
        return result
    }

    /// Calls a closure for each box that shares at least a point with a box, in no particular but always the same order.
    ///
    /// - Complexity: O(log n + m) for m answers.
    public func forEach(meeting box: BoundingBox<Frame>, _ body: (Int) -> Void) {
        tree.forEachGroup(meeting: box) { group, isInside in
            let start = group * Self.groupSize
            for position in start..<min(start + Self.groupSize, order.count)
            where isInside || boxes[position].intersects(box) {
                body(Int(order[position]))
            }
        }
    }
}
