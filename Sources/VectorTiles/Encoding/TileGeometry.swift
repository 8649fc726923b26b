/// A feature's geometry as the command stream of a vector tile (specification 2.1, section 4.3), in tile units.
///
/// Takes geometry that is already clean: what would be a point twice in a row or an area of nothing is left out here
/// as the last line of defence, never written.
struct TileGeometry {
    /// The geometry type of the feature (`GeomType`).
    enum Kind: UInt64, Sendable, Hashable {
        case point = 1
        case line = 2
        case polygon = 3
    }

    private(set) var kind: Kind
    /// The commands and parameters, zigzag-coded.
    private(set) var commands: [UInt32] = []
    private var cursor = GridPoint(x: 0, y: 0)

    private enum Command: UInt32 {
        case moveTo = 1
        case lineTo = 2
        case closePath = 7
    }

    var isEmpty: Bool { commands.isEmpty }

    /// A point or multipoint: one MoveTo for all.
    init(points: some Collection<GridPoint>) {
        kind = .point
        guard !points.isEmpty else { return }
        commands.reserveCapacity(1 + 2 * points.count)
        command(.moveTo, count: points.count)
        for point in points { parameter(point) }
    }

    /// One or several lines. Repeated points are left out; a line without length is left out.
    init(lines: some Sequence<some BidirectionalCollection<GridPoint>>) {
        kind = .line
        for line in lines {
            let start = (commands.count, cursor)
            if path(line) < 1 { restore(start) }
        }
    }

    /// One or several areas as rings without their closing vertex: each shell (positive area) before its holes
    /// (negative area). Rings of fewer than three different vertices or without area are left out.
    init(rings: some Sequence<some BidirectionalCollection<GridPoint>>) {
        kind = .polygon
        for ring in rings where Self.doubledArea(ring) != 0 {
            // The edge from the last vertex to the first is the one that ClosePath draws: it must have a length too.
            var open = ring[...]
            while let first = open.first, let last = open.last, first == last, open.count > 1 { open.removeLast() }
            let start = (commands.count, cursor)
            if path(open) < 2 { restore(start) } else { command(.closePath, count: 1) }
        }
    }

    /// Twice the signed area of a ring by the surveyor's formula, positive for a shell.
    static func doubledArea(_ ring: some BidirectionalCollection<GridPoint>) -> Int64 {
        guard let origin = ring.first, var previous = ring.last else { return 0 }
        var sum: Int64 = 0
        for point in ring {
            // Wraps on the way where an outline is as large as the world; the sum itself always fits.
            sum &+= point.side(of: origin, previous)
            previous = point
        }
        return sum
    }

    /// Appends MoveTo and LineTo; tells how many segments it drew.
    private mutating func path(_ points: some BidirectionalCollection<GridPoint>) -> Int {
        guard let first = points.first else { return 0 }
        command(.moveTo, count: 1)
        parameter(first)
        let lineTo = commands.count
        commands.append(0)
        var count = 0
        for point in points.dropFirst() where point != cursor {
            parameter(point)
            count += 1
        }
        commands[lineTo] = UInt32(count) << 3 | Command.lineTo.rawValue
        return count
    }

    private mutating func command(_ command: Command, count: Int) {
        commands.append(UInt32(count) << 3 | command.rawValue)
    }

    private mutating func parameter(_ point: GridPoint) {
        commands.append((point.x - cursor.x).zigzag)
        commands.append((point.y - cursor.y).zigzag)
        cursor = point
    }

    private mutating func restore(_ start: (count: Int, cursor: GridPoint)) {
        commands.removeLast(commands.count - start.count)
        cursor = start.cursor
    }
}
