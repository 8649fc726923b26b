/// A static R-tree over groups of neighbouring items, in flat arrays: each node holds the box of 16 nodes of the level
/// below. Filled completely, built once, never changed.
struct PackedTree<Frame: ReferenceFrame>: Sendable {
    private static var fanOut: Int { 16 }

    /// The nodes' boxes, the groups' first; the last level is one node.
    private let levels: [[BoundingBox<Frame>]]

    /// Builds the levels above the groups. - Complexity: O(groups)
    init(groups: [BoundingBox<Frame>]) {
        var levels = [groups]
        while let below = levels.last, below.count > 1 {
            levels.append(
                stride(from: 0, to: below.count, by: Self.fanOut).map { start in
                    var box = BoundingBox<Frame>.empty
                    for child in below[start..<min(start + Self.fanOut, below.count)] { box.formUnion(child) }
                    return box
                }
            )
        }
        self.levels = levels
    }

    /// The box around everything.
    var bounds: BoundingBox<Frame> { levels.last?.first ?? .empty }

    /// Calls a closure with each group that meets a box, and whether the group lies inside it wholly.
    func forEachGroup(meeting box: BoundingBox<Frame>, _ body: (_ group: Int, _ isInside: Bool) -> Void) {
        guard !levels[0].isEmpty else { return }
        visit(level: levels.count - 1, nodes: 0..<1, box, body)
    }

    private func visit(
        level: Int, nodes: Range<Int>, _ box: BoundingBox<Frame>, _ body: (_ group: Int, _ isInside: Bool) -> Void
    ) {
        for node in nodes where levels[level][node].intersects(box) {
            if level == 0 {
                body(node, box.contains(levels[0][node]))
            } else {
                let start = node * Self.fanOut
                visit(level: level - 1, nodes: start..<min(start + Self.fanOut, levels[level - 1].count), box, body)
            }
        }
    }
}
