/// A static index over points: a grid of cells in compressed rows, each with the points that lie in it.
///
/// Built once by counting sort, read from any thread. NaN positions (*not placed*) are in no cell and in no answer.
public struct PointIndex: Sendable {
    private let xs: [Double]
    private let ys: [Double]
    private let bounds: BoundingBox<Geographic>
    private let columns: Int
    private let rows: Int
    private let scaleX: Double
    private let scaleY: Double
    /// For each cell the offset of its first point in `order`; one more entry than cells.
    private let starts: [UInt32]
    /// The points' positions in the input, cell by cell, ascending within a cell.
    private let order: [UInt32]

    /// How many points have a position.
    public var count: Int { order.count }

    /// Indexes points given as two columns (longitude and latitude). - Complexity: O(n)
    public init(xs: [Double], ys: [Double]) {
        self.xs = xs
        self.ys = ys
        var bounds = BoundingBox<Geographic>.empty
        var placed = 0
        for (x, y) in zip(xs, ys) where x.isFinite && y.isFinite {
            bounds.formUnion(Coordinate(x: x, y: y))
            placed += 1
        }
        self.bounds = bounds
        // About four points a cell: small enough to skip much, large enough for the cells to fit into cache.
        let side = max(1, min(2048, Int((Double(placed) / 4).squareRoot())))
        columns = side
        rows = side
        scaleX = bounds.maxX > bounds.minX ? Double(side) / (bounds.maxX - bounds.minX) : 0
        scaleY = bounds.maxY > bounds.minY ? Double(side) / (bounds.maxY - bounds.minY) : 0
        var starts = [UInt32](repeating: 0, count: side * side + 1)
        var cells = [Int32](repeating: -1, count: xs.count)
        for index in xs.indices where xs[index].isFinite && ys[index].isFinite {
            let column = min(side - 1, Int((xs[index] - bounds.minX) * scaleX))
            let row = min(side - 1, Int((ys[index] - bounds.minY) * scaleY))
            let cell = row * side + column
            cells[index] = Int32(cell)
            starts[cell + 1] += 1
        }
        for cell in 1..<starts.count { starts[cell] += starts[cell - 1] }
        var next = starts
        var order = [UInt32](repeating: 0, count: placed)
        for (index, cell) in cells.enumerated() where cell >= 0 {
            order[Int(next[Int(cell)])] = UInt32(index)
            next[Int(cell)] += 1
        }
        self.starts = starts
        self.order = order
    }

    /// The points in a box, its border included, in ascending order of their positions in the input.
    ///
    /// - Complexity: O(cells touched + m log m) for m answers.
    public func query(_ box: BoundingBox<Geographic>) -> [Int] {
        var result: [Int] = []
        forEach(in: box) { result.append($0) }
        result.sort()
        return result
    }

    /// Calls a closure for each point in a box, in no particular but always the same order.
    public func forEach(in box: BoundingBox<Geographic>, _ body: (Int) -> Void) {
        guard box.intersects(bounds), count > 0 else { return }
        let firstColumn = min(columns - 1, Int(max(0, (box.minX - bounds.minX) * scaleX)))
        let lastColumn = min(columns - 1, Int(max(0, (min(box.maxX, bounds.maxX) - bounds.minX) * scaleX)))
        let firstRow = min(rows - 1, Int(max(0, (box.minY - bounds.minY) * scaleY)))
        let lastRow = min(rows - 1, Int(max(0, (min(box.maxY, bounds.maxY) - bounds.minY) * scaleY)))
        for row in firstRow...max(firstRow, lastRow) {
            let first = Int(starts[row * columns + firstColumn])
            let last = Int(starts[row * columns + max(firstColumn, lastColumn) + 1])
            for position in first..<last {
                let index = Int(order[position])
                if box.contains(Coordinate(x: xs[index], y: ys[index])) { body(index) }
            }
        }
    }
}
