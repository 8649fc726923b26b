internal import Foundation

/// One row's box in an R-tree, in the single precision that SQLite's R-tree stores, rounded outwards.
struct RTreeEntry {
    let rowid: Int64
    let minX: Float
    let maxX: Float
    let minY: Float
    let maxY: Float

    init(rowid: Int64, minX: Double, maxX: Double, minY: Double, maxY: Double) {
        self.rowid = rowid
        self.minX = Self.down(minX)
        self.maxX = Self.up(maxX)
        self.minY = Self.down(minY)
        self.maxY = Self.up(maxY)
    }

    fileprivate init(rowid: Int64, enclosing entries: ArraySlice<RTreeEntry>) {
        self.rowid = rowid
        minX = entries.lazy.map(\.minX).min() ?? 0
        maxX = entries.lazy.map(\.maxX).max() ?? 0
        minY = entries.lazy.map(\.minY).min() ?? 0
        maxY = entries.lazy.map(\.maxY).max() ?? 0
    }

    private static func down(_ value: Double) -> Float {
        let single = Float(value)
        return Double(single) > value ? single.nextDown : single
    }

    private static func up(_ value: Double) -> Float {
        let single = Float(value)
        return Double(single) < value ? single.nextUp : single
    }
}

/// A whole R-tree of SQLite in one go: sort-tile-recursive packing (Leutenegger, Lopez and Edgington 1997) written
/// in SQLite's node format (sqlite.org/src, ext/rtree/rtree.c, "Database Format of R-Tree Tables").
///
/// A million single insertions split and reshuffle nodes; packing sorts once and fills each node fully.
struct RTreePacking {
    /// Bytes of a cell: a 64-bit number and four 32-bit floats.
    private static let cellSize = 24
    /// SQLite never puts more cells into a node (RTREE_MAXCELLS).
    private static let mostCells = 51

    private let nodeSize: Int
    private let capacity: Int
    /// The entries of each level, leaves first; a level's entry numbers a node of the level below.
    private let levels: [[RTreeEntry]]
    /// For each level the number of its first node; the root has number 1, leaves have the highest numbers.
    private let firstNode: [Int]

    init(entries: [RTreeEntry], pageSize: Int) {
        // The rule of rtree.c, getNodeSize: a node fits into a page beside its record header.
        nodeSize = min(pageSize - 64, 4 + Self.cellSize * Self.mostCells)
        capacity = (nodeSize - 4) / Self.cellSize
        var levels = [Self.tiled(entries, capacity: capacity)]
        var nodeCounts = [max(1, (entries.count + capacity - 1) / capacity)]
        while let count = nodeCounts.last, count > 1 {
            nodeCounts.append((count + capacity - 1) / capacity)
        }
        var first: [Int] = []
        var next = 1
        for count in nodeCounts.reversed() {
            first.insert(next, at: 0)
            next += count
        }
        firstNode = first
        nodeCount = next - 1
        for level in nodeCounts.indices.dropLast() {
            let below = levels[level]
            levels.append(
                (0..<nodeCounts[level]).map { [capacity] node in
                    let cells = below[(node * capacity)..<min(below.count, (node + 1) * capacity)]
                    return RTreeEntry(rowid: Int64(first[level] + node), enclosing: cells)
                })
        }
        self.levels = levels
    }

    /// How many nodes the tree has; an empty tree has its root.
    let nodeCount: Int

    /// The level and the place within it of a node.
    private func place(ofNode number: Int) -> (level: Int, index: Int) {
        let level = firstNode.firstIndex { $0 <= number } ?? 0
        return (level, number - firstNode[level])
    }

    /// The number of the node that points to a node other than the root.
    func parent(ofNode number: Int) -> Int {
        let (level, index) = place(ofNode: number)
        return firstNode[level + 1] + index / capacity
    }

    /// The bytes of a node: depth (in the root alone), number of cells, cells, zeros; all big-endian.
    func data(ofNode number: Int) -> Data {
        let (level, index) = place(ofNode: number)
        let entries = levels[level]
        let cells = entries[min(entries.count, index * capacity)..<min(entries.count, (index + 1) * capacity)]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(nodeSize)
        bytes.append(bigEndian: number == 1 ? UInt16(levels.count - 1) : 0)
        bytes.append(bigEndian: UInt16(cells.count))
        for cell in cells {
            bytes.append(bigEndian: UInt64(bitPattern: cell.rowid))
            for border in [cell.minX, cell.maxX, cell.minY, cell.maxY] { bytes.append(bigEndian: border.bitPattern) }
        }
        bytes.append(contentsOf: repeatElement(0, count: nodeSize - bytes.count))
        return Data(bytes)
    }

    /// Each row with the number of its leaf, ascending by row.
    func leaves() -> [(rowid: Int64, leaf: Int)] {
        levels[0].enumerated().map { ($0.element.rowid, firstNode[0] + $0.offset / capacity) }
            .sorted { $0.rowid < $1.rowid }
    }

    /// Vertical slices by x, within each slice sorted by y: every run of `capacity` entries is one compact node.
    private static func tiled(_ entries: [RTreeEntry], capacity: Int) -> [RTreeEntry] {
        guard entries.count > capacity else { return entries }
        let nodes = (entries.count + capacity - 1) / capacity
        let slices = Int(Double(nodes).squareRoot().rounded(.up))
        let sliceSize = (nodes + slices - 1) / slices * capacity
        var sorted = entries.sorted { ($0.minX, $0.minY, $0.rowid) < ($1.minX, $1.minY, $1.rowid) }
        var start = 0
        while start < sorted.count {
            let end = min(sorted.count, start + sliceSize)
            sorted[start..<end].sort { ($0.minY, $0.minX, $0.rowid) < ($1.minY, $1.minX, $1.rowid) }
            start = end
        }
        return sorted
    }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
