/// A straight piece between two different grid points.
struct GridSegment: Hashable, Comparable, Sendable, BitwiseCopyable {
    var start: GridPoint
    var end: GridPoint

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.start != rhs.start ? lhs.start < rhs.start : lhs.end < rhs.end
    }

    var reversed: Self { Self(start: end, end: start) }

    var box: GridBox { GridBox([start, end]) }
}

/// Segments by the cells of a coarse grid that they pass within one step of, in compressed rows.
struct SegmentCells {
    let layout: CellLayout
    private let starts: [Int32]
    private let items: [Int32]

    /// - Complexity: O(n + cells touched)
    init(_ segments: [GridSegment]) {
        let layout = CellLayout(segments)
        var starts = [Int32](repeating: 0, count: layout.count + 1)
        for segment in segments { layout.forEachCell(of: segment) { starts[$0 + 1] += 1 } }
        for cell in 0..<layout.count { starts[cell + 1] += starts[cell] }
        var items = [Int32](repeating: 0, count: Int(starts[layout.count]))
        var next = starts
        for (number, segment) in segments.enumerated() {
            layout.forEachCell(of: segment) { cell in
                items[Int(next[cell])] = Int32(number)
                next[cell] += 1
            }
        }
        self.layout = layout
        self.starts = starts
        self.items = items
    }

    /// The segments of a cell, ascending.
    func segments(in cell: Int) -> ArraySlice<Int32> { items[Int(starts[cell])..<Int(starts[cell + 1])] }
}

/// The cells of a coarse grid over some segments.
///
/// Cells are about as wide as segments are long, so that a cell holds few segments and a segment lies in few cells.
struct CellLayout {
    let columns: Int
    let rows: Int
    private let origin: GridPoint
    private let size: Int64

    /// - Complexity: O(n)
    init(_ segments: [GridSegment]) {
        var box = GridBox.empty
        var length: Int64 = 0
        for segment in segments {
            let own = segment.box
            box.formUnion(own)
            length += max(Int64(own.maxX) - Int64(own.minX), Int64(own.maxY) - Int64(own.minY))
        }
        guard !segments.isEmpty else {
            (columns, rows, origin, size) = (0, 0, GridPoint(x: 0, y: 0), 1)
            return
        }
        let width = Int64(box.maxX) - Int64(box.minX) + 1
        let height = Int64(box.maxY) - Int64(box.minY) + 1
        // At most about two cells a segment, however long or wide the whole is.
        let densest = (Double(width) * Double(height) / Double(2 * segments.count)).squareRoot()
        size = max(length / Int64(segments.count) * 2, Int64(densest), 4)
        columns = Int(width / size) + 1
        rows = Int(height / size) + 1
        origin = GridPoint(x: box.minX, y: box.minY)
    }

    var count: Int { columns * rows }

    /// The cell that holds a point, which must lie in the box around all segments.
    func cell(of point: GridPoint) -> Int { row(Int64(point.y)) * columns + column(Int64(point.x)) }

    /// The western border of a cell.
    func west(of cell: Int) -> Int64 { Int64(origin.x) + Int64(cell % columns) * size }

    private func column(_ x: Int64) -> Int { min(max(Int((x - Int64(origin.x)) / size), 0), columns - 1) }
    private func row(_ y: Int64) -> Int { min(max(Int((y - Int64(origin.y)) / size), 0), rows - 1) }

    /// Calls a closure for each cell that the segment passes within one step of.
    func forEachCell(of segment: GridSegment, _ body: (Int) -> Void) {
        let low = segment.start.y <= segment.end.y ? segment.start : segment.end
        let high = segment.start.y <= segment.end.y ? segment.end : segment.start
        let firstRow = row(Int64(low.y) - 1)
        let lastRow = row(Int64(high.y) + 1)
        let slope = low.y == high.y ? 0 : Double(high.x - low.x) / Double(high.y - low.y)
        for row in firstRow...lastRow {
            var west = Double(min(low.x, high.x))
            var east = Double(max(low.x, high.x))
            if firstRow < lastRow, low.y < high.y {
                // The part of the segment within the row and one step around it.
                let bottom = max(Double(Int64(origin.y) + Int64(row) * size) - 1, Double(low.y))
                let top = min(Double(Int64(origin.y) + Int64(row + 1) * size) + 1, Double(high.y))
                let atBottom = Double(low.x) + (bottom - Double(low.y)) * slope
                let atTop = Double(low.x) + (top - Double(low.y)) * slope
                west = max(west, min(atBottom, atTop))
                east = min(east, max(atBottom, atTop))
            }
            let firstColumn = column(Int64(west.rounded(.down)) - 1)
            let lastColumn = column(Int64(east.rounded(.up)) + 1)
            for column in firstColumn...max(firstColumn, lastColumn) { body(row * columns + column) }
        }
    }
}
