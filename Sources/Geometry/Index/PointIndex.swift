/// A static index over points: the points in the order of a Hilbert curve, under a packed R-tree.
///
/// Built once, never changed: any number of threads may ask at once. Outliers do not slow it down. Points that are not
/// finite (*not placed*) are in no answer. A million points are built in about 0.1 s and take 21 MB.
public struct PointIndex: Sendable {
    private static let groupSize = 32

    /// The points in curve order.
    private let xs: [Double]
    private let ys: [Double]
    /// The points' positions in the input.
    private let order: [UInt32]
    private let tree: PackedTree<Geographic>

    /// How many points have a position.
    public var count: Int { order.count }

    /// The smallest box around the points.
    public var bounds: BoundingBox<Geographic> { tree.bounds }

    /// Indexes points given as two columns of equal length (longitude and latitude). - Complexity: O(n)
    public init(xs: [Double], ys: [Double]) {
        precondition(xs.count == ys.count, "as many x as y are needed")
        var bounds = BoundingBox<Geographic>.empty
        var members: [UInt32] = []
        members.reserveCapacity(xs.count)
        for index in xs.indices where xs[index].isFinite && ys[index].isFinite {
            bounds.formUnion(Coordinate(x: xs[index], y: ys[index]))
            members.append(UInt32(index))
        }
        let order = HilbertOrder.order(xs: xs, ys: ys, members: members, in: bounds)
        let sortedXs = order.map { xs[Int($0)] }
        let sortedYs = order.map { ys[Int($0)] }
        let groups = stride(from: 0, to: order.count, by: Self.groupSize).map { start in
            var box = BoundingBox<Geographic>.empty
            for position in start..<min(start + Self.groupSize, order.count) {
                box.formUnion(Coordinate(x: sortedXs[position], y: sortedYs[position]))
            }
            return box
        }
        self.xs = sortedXs
        self.ys = sortedYs
        self.order = order
        tree = PackedTree(groups: groups)
    }

    /// The points in a box, its border included, in ascending order of their positions in the input.
    ///
    /// - Complexity: O(log n + m log m) for m answers.
    public func query(_ box: BoundingBox<Geographic>) -> [Int] {
        var result: [Int] = []
        forEach(in: box) { result.append($0) }
        result.sort()
        return result
    }

    /// Calls a closure for each point in a box, in no particular but always the same order.
    ///
    /// - Complexity: O(log n + m) for m answers.
    public func forEach(in box: BoundingBox<Geographic>, _ body: (Int) -> Void) {
        tree.forEachGroup(meeting: box) { group, isInside in
            let start = group * Self.groupSize
            for position in start..<min(start + Self.groupSize, order.count)
            where isInside || box.contains(Coordinate(x: xs[position], y: ys[position])) {
                body(Int(order[position]))
            }
        }
    }
}
