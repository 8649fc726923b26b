internal import Dispatch
internal import Synchronization

/// A grid over surfaces that knows for each cell which of them may cover a point in it.
struct SurfaceGrid: Sendable {
    let edges: SlabbedEdges
    let bounds: BoundingBox<Unreferenced>
    /// The number of cells along each axis.
    private let side: Int
    private let scaleX: Double
    private let scaleY: Double
    /// For each cell: `nowhere`, or the surface that covers all of it, or `listFlag` and an offset in `candidates`.
    private let cells: [UInt32]
    /// Lists of surfaces, ascending: their number, then each shifted left by one, plus one if it covers the whole cell.
    private let candidates: [UInt32]

    private static let nowhere = UInt32.max
    private static let listFlag: UInt32 = 1 << 31

    init(_ edges: SlabbedEdges) {
        self.edges = edges
        var bounds = BoundingBox<Unreferenced>.empty
        for box in edges.boxes { bounds.formUnion(box) }
        self.bounds = bounds
        // As many cells as edges: then some four in five cells of a detailed map have no border in them. Four times as
        // many for small maps, up to 128 along each axis.
        let root = Int(Double(edges.edgeCount).squareRoot())
        side = bounds.isEmpty ? 1 : max(min(1024, root), min(128, 2 * root))
        scaleX = bounds.maxX > bounds.minX ? Double(side) / (bounds.maxX - bounds.minX) : 0
        scaleY = bounds.maxY > bounds.minY ? Double(side) / (bounds.maxY - bounds.minY) : 0
        (cells, candidates) = GridBuilder(edges: edges, bounds: bounds, side: side, scaleX: scaleX, scaleY: scaleY)
            .build(nowhere: Self.nowhere, listFlag: Self.listFlag)
    }

    /// The first surface that covers a point, -1 for none.
    func locate(_ x: Double, _ y: Double) -> Int32 {
        withTables { locate(x, y, $0) }
    }

    /// Appends the first surface that covers each point; many points are shared out to all cores.
    func locate(xs: [Double], ys: [Double], into answers: inout [Int32]) {
        let start = answers.count
        let pieces = (xs.count + Self.pointsPerPiece - 1) / Self.pointsPerPiece
        answers.append(contentsOf: repeatElement(-1, count: xs.count))
        answers.withUnsafeMutableBufferPointer { answers in
            xs.withUnsafeBufferPointer { xs in
                ys.withUnsafeBufferPointer { ys in
                    withTables { tables in
                        // Each piece writes the answers to its own points.
                        nonisolated(unsafe) let (xs, ys, tables, answers) = (xs, ys, tables, answers)
                        let locatePiece = { @Sendable (piece: Int) in
                            let first = piece * Self.pointsPerPiece
                            for index in first..<min(first + Self.pointsPerPiece, xs.count) {
                                answers[start + index] = locate(xs[index], ys[index], tables)
                            }
                        }
                        if pieces < 2 {
                            (0..<pieces).forEach(locatePiece)
                        } else {
                            DispatchQueue.concurrentPerform(iterations: pieces, execute: locatePiece)
                        }
                    }
                }
            }
        }
    }

    /// So many points take about a millisecond, far longer than it takes to hand them to another core.
    private static let pointsPerPiece = 16_384

    private struct Tables {
        let cells: UnsafeBufferPointer<UInt32>
        let candidates: UnsafeBufferPointer<UInt32>
        let edges: SlabbedEdges.Tables
    }

    private func withTables<Result>(_ body: (Tables) -> Result) -> Result {
        cells.withUnsafeBufferPointer { cells in
            candidates.withUnsafeBufferPointer { candidates in
                edges.withTables { body(Tables(cells: cells, candidates: candidates, edges: $0)) }
            }
        }
    }

    @inline(__always)
    private func locate(_ x: Double, _ y: Double, _ tables: Tables) -> Int32 {
        // False for NaN as well.
        guard x >= bounds.minX, x <= bounds.maxX, y >= bounds.minY, y <= bounds.maxY else { return -1 }
        let column = gridCell((x - bounds.minX) * scaleX, of: side)
        let row = gridCell((y - bounds.minY) * scaleY, of: side)
        let cell = tables.cells[row * side + column]
        if cell < Self.listFlag { return Int32(bitPattern: cell) }
        if cell == Self.nowhere { return -1 }
        let start = Int(cell & ~Self.listFlag)
        for position in (start + 1)...(start + Int(tables.candidates[start])) {
            let candidate = tables.candidates[position]
            if candidate & 1 == 1 || tables.edges.covers(Int(candidate >> 1), x, y) { return Int32(candidate >> 1) }
        }
        return -1
    }
}

/// Sorts surfaces into the cells of a grid.
private struct GridBuilder {
    /// A surface in a cell: its number shifted left by one, plus one if it covers the whole cell.
    typealias Entry = (cell: UInt32, candidate: UInt32)

    let edges: SlabbedEdges
    let bounds: BoundingBox<Unreferenced>
    let side: Int
    let scaleX: Double
    let scaleY: Double

    /// How far from an edge, in cells, a cell still counts as touched: far more than rounding, far less than a cell.
    private let slack = 1e-6

    private func cell(_ position: Double) -> Int { gridCell(position, of: side) }

    func build(nowhere: UInt32, listFlag: UInt32) -> (cells: [UInt32], candidates: [UInt32]) {
        guard !bounds.isEmpty else { return ([nowhere], []) }
        let surfaces = edges.boxes.count
        // Each piece needs a mark for every cell, so there are few of them.
        let pieces = edges.edgeCount < 50_000 ? 1 : min(4, surfaces)
        guard pieces > 1 else { return lists(entries(0..<surfaces), nowhere: nowhere, listFlag: listFlag) }
        let parts = Mutex([[Entry]](repeating: [], count: pieces))
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let part = entries(surfaces * piece / pieces..<surfaces * (piece + 1) / pieces)
            parts.withLock { $0[piece] = part }
        }
        return lists(parts.withLock { Array($0.joined()) }, nowhere: nowhere, listFlag: listFlag)
    }

    /// One entry per surface and cell, in ascending order of surfaces.
    private func entries(_ surfaces: Range<Int>) -> [Entry] {
        var entries: [Entry] = []
        var touchedBy = [Int32](repeating: -1, count: side * side)
        edges.withTables { tables in
            for surface in surfaces where !edges.boxes[surface].isEmpty {
                touch(surface, tables, &touchedBy, &entries)
                fill(surface, tables, touchedBy, &entries)
            }
        }
        return entries
    }

    /// Notes the cells that an edge of the surface passes through.
    private func touch(
        _ surface: Int, _ tables: SlabbedEdges.Tables, _ touchedBy: inout [Int32],
        _ entries: inout [Entry]
    ) {
        let stamp = Int32(surface)
        tables.forEachEdge(of: surface) { a, b in
            let (low, high) = a.y <= b.y ? (a, b) : (b, a)
            let x0 = (low.x - bounds.minX) * scaleX
            let y0 = (low.y - bounds.minY) * scaleY
            let x1 = (high.x - bounds.minX) * scaleX
            let y1 = (high.y - bounds.minY) * scaleY
            let slope = y1 > y0 ? (x1 - x0) / (y1 - y0) : 0
            for row in cell(y0 - slack)...max(cell(y0 - slack), cell(y1 + slack)) {
                // The stretch of the edge within the row; the first and last row hold its ends.
                var from = x0
                var to = x1
                if y1 > y0 {
                    let bottom = x0 + (max(y0, Double(row) - slack) - y0) * slope
                    let top = x0 + (min(y1, Double(row + 1) + slack) - y0) * slope
                    (from, to) = (bottom, top)
                }
                let first = cell(max(min(from, to), min(x0, x1)) - slack)
                let last = cell(min(max(from, to), max(x0, x1)) + slack)
                for column in min(first, last)...max(first, last) where touchedBy[row * side + column] != stamp {
                    touchedBy[row * side + column] = stamp
                    entries.append((UInt32(row * side + column), UInt32(surface) << 1))
                }
            }
        }
    }

    /// Notes the cells that lie wholly inside. Between two touched cells of a row, all are inside or none.
    private func fill(
        _ surface: Int, _ tables: SlabbedEdges.Tables, _ touchedBy: [Int32],
        _ entries: inout [Entry]
    ) {
        let box = edges.boxes[surface]
        let firstColumn = cell((box.minX - bounds.minX) * scaleX)
        let lastColumn = cell((box.maxX - bounds.minX) * scaleX)
        for row in cell((box.minY - bounds.minY) * scaleY)...cell((box.maxY - bounds.minY) * scaleY) {
            var isInside: Bool?
            for column in firstColumn...lastColumn {
                let cell = row * side + column
                if touchedBy[cell] == Int32(surface) {
                    isInside = nil
                    continue
                }
                let covers =
                    isInside
                    ?? tables.covers(
                        surface, bounds.minX + (Double(column) + 0.5) / scaleX,
                        bounds.minY + (Double(row) + 0.5) / scaleY
                    )
                isInside = covers
                if covers { entries.append((UInt32(cell), UInt32(surface) << 1 | 1)) }
            }
        }
    }

    private func lists(
        _ entries: [Entry], nowhere: UInt32, listFlag: UInt32
    ) -> (cells: [UInt32], candidates: [UInt32]) {
        var counts = [UInt32](repeating: 0, count: side * side)
        for entry in entries { counts[Int(entry.cell)] += 1 }
        var cells = [UInt32](repeating: nowhere, count: side * side)
        var next = [UInt32](repeating: 0, count: side * side)
        var total: UInt32 = 0
        for cell in counts.indices where counts[cell] > 0 {
            cells[cell] = listFlag | total
            next[cell] = total + 1
            total += counts[cell] + 1
        }
        var candidates = [UInt32](repeating: 0, count: Int(total))
        for cell in counts.indices where counts[cell] > 0 { candidates[Int(cells[cell] & ~listFlag)] = counts[cell] }
        // Entries come surface by surface, so each list is ascending.
        for entry in entries {
            candidates[Int(next[Int(entry.cell)])] = entry.candidate
            next[Int(entry.cell)] += 1
        }
        // Where the first candidate covers the whole cell, it is the answer, whoever else is there.
        for cell in counts.indices where counts[cell] > 0 {
            let first = candidates[Int(cells[cell] & ~listFlag) + 1]
            if first & 1 == 1 { cells[cell] = first >> 1 }
        }
        return (cells, candidates)
    }
}
