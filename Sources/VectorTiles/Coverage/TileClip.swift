/// Cuts a tile out of a coverage whose lines have a vertex wherever they cross the side they are cut at.
///
/// No vertex is ever computed here: each edge lies wholly inside or wholly outside, so neighbours, and the same area in
/// neighbouring tiles, keep identical vertices. What the cut adds are the corners and sides of the tile.
struct TileClip {
    private let box: GridBox

    /// A clip at a tile's sides moved outwards by 0 or by `TileGrid.buffer`, the two margins that lines are noded at.
    init(_ box: GridBox) { self.box = box }

    /// The rings of the parts of an area inside the box, each shell before its holes.
    func rings(of polygons: [GridPolygon]) -> [[GridPoint]] {
        var rings: [[GridPoint]] = []
        for polygon in polygons where box.intersects(polygon.box) {
            if box.contains(polygon.box) {
                rings += polygon.rings
            } else {
                for part in parts(of: polygon) { rings += part.rings }
            }
        }
        return rings
    }

    /// The runs of a line inside the box.
    func lines(of line: [GridPoint], box lineBox: GridBox) -> [[GridPoint]] {
        if box.contains(lineBox), !isOnBorder(lineBox) { return [line] }
        guard box.intersects(lineBox) else { return [] }
        var runs: [[GridPoint]] = []
        var run: [GridPoint] = []
        for (start, end) in zip(line, line.dropFirst()) {
            if isInside(start, end) {
                if run.isEmpty { run.append(start) }
                run.append(end)
            } else if !run.isEmpty {
                runs.append(run)
                run = []
            }
        }
        if !run.isEmpty { runs.append(run) }
        return runs
    }

    private func isOnBorder(_ inner: GridBox) -> Bool {
        inner.minX == box.minX || inner.minY == box.minY || inner.maxX == box.maxX || inner.maxY == box.maxY
    }

    /// Whether an edge lies inside, not on the border: decided by its middle, as it crosses no side.
    private func isInside(_ start: GridPoint, _ end: GridPoint) -> Bool {
        let middle = DoubledPoint(between: start, end)
        return middle.x > 2 * Int64(box.minX) && middle.x < 2 * Int64(box.maxX) && middle.y > 2 * Int64(box.minY)
            && middle.y < 2 * Int64(box.maxY)
    }

    private func parts(of polygon: GridPolygon) -> [GridPolygon] {
        var chains: [[GridPoint]] = []
        var walks: [[GridPoint]] = []
        for ring in polygon.rings { collect(ring, &chains, &walks) }
        if chains.isEmpty {
            // No border passes through: the box is covered or not as a whole, apart from the rings inside it.
            let corner = DoubledPoint(x: 2 * Int64(box.minX) + 1, y: 2 * Int64(box.minY) + 1)
            if corner.isInside(polygon.shell), !polygon.holes.contains(where: corner.isInside) {
                walks.append(corners)
            }
        } else {
            walks += joined(chains)
        }
        return RingAssembly.polygons(of: walks)
    }

    /// Sorts a ring's edges into chains from side to side and rings that meet no side.
    private func collect(_ ring: [GridPoint], _ chains: inout [[GridPoint]], _ walks: inout [[GridPoint]]) {
        let count = ring.count
        withUnsafeTemporaryAllocation(of: Bool.self, capacity: count) { inside in
            let (first, last) = mark(ring, inside)
            guard first >= 0 else { return }
            guard let outside = inside.firstIndex(of: false) else {
                // A ring that meets the border at a vertex only is a chain from that vertex to itself.
                guard let touching = ring.firstIndex(where: isOnBorder) else {
                    walks.append(ring)
                    return
                }
                var chain: [GridPoint] = []
                for step in 0...count {
                    let vertex = ring[(touching + step) % count]
                    chain.append(vertex)
                    if step > 0, isOnBorder(vertex) {
                        chains.append(chain)
                        chain = [vertex]
                    }
                }
                return
            }
            // Where the first edge is outside, all inside ones lie between the first and the last of them.
            let isPlain = outside == 0
            var chain: [GridPoint] = []
            for step in isPlain ? first...last : 1...count {
                let index = isPlain ? step : (outside + step) % count
                if inside[index] {
                    if chain.isEmpty { chain.append(ring[index]) }
                    let end = ring[index + 1 < count ? index + 1 : 0]
                    chain.append(end)
                    if isOnBorder(end) {
                        chains.append(chain)
                        chain = []
                    }
                }
            }
        }
    }

    /// Marks the edges that lie inside, each at its start's place; tells the first and the last, -1 where there is none.
    private func mark(_ ring: [GridPoint], _ inside: UnsafeMutableBufferPointer<Bool>) -> (first: Int, last: Int) {
        let count = ring.count
        var (first, last) = (-1, -1)
        ring.withUnsafeBufferPointer { ring in
            for index in 0..<count {
                let isInside = isInside(ring[index], ring[index + 1 < count ? index + 1 : 0])
                inside.initializeElement(at: index, to: isInside)
                if isInside {
                    if first < 0 { first = index }
                    last = index
                }
            }
        }
        return (first, last)
    }

    private func isOnBorder(_ point: GridPoint) -> Bool {
        point.x == box.minX || point.x == box.maxX || point.y == box.minY || point.y == box.maxY
    }

    /// Joins chains along the box's sides into closed walks with the area on their left.
    private func joined(_ chains: [[GridPoint]]) -> [[GridPoint]] {
        var ends: [ChainEnd] = []
        for (number, chain) in chains.enumerated() {
            ends.append(
                ChainEnd(
                    place: place(of: chain[0]), point: chain[0], neighbour: chain[1], chain: number, isEntry: true))
            let last = chain.count - 1
            ends.append(
                ChainEnd(
                    place: place(of: chain[last]), point: chain[last], neighbour: chain[last - 1], chain: number,
                    isEntry: false))
        }
        ends.sort(by: <)
        var exits = [Int](repeating: 0, count: chains.count)
        for (index, end) in ends.enumerated() where !end.isEntry { exits[end.chain] = index }
        var isUsed = [Bool](repeating: false, count: chains.count)
        var walks: [[GridPoint]] = []
        for first in chains.indices where !isUsed[first] {
            var walk: [GridPoint] = []
            var chain = first
            repeat {
                isUsed[chain] = true
                walk += walk.last == chains[chain][0] ? chains[chain][1...] : chains[chain][...]
                // The area lies along the side from where a chain leaves to where the next one enters.
                let exit = exits[chain]
                var entry = (exit + 1) % ends.count
                while !ends[entry].isEntry { entry = (entry + 1) % ends.count }
                walk += cornersBetween(ends[exit].place, ends[entry].place, wraps: entry < exit)
                chain = ends[entry].chain
            } while !isUsed[chain]
            if walk.count > 1, walk.first == walk.last { walk.removeLast() }
            walks.append(walk)
        }
        return walks
    }

    private var width: Int64 { Int64(box.maxX) - Int64(box.minX) }
    private var height: Int64 { Int64(box.maxY) - Int64(box.minY) }

    /// The corners in the direction that keeps the box on the left.
    private var corners: [GridPoint] {
        [
            GridPoint(x: box.minX, y: box.minY), GridPoint(x: box.maxX, y: box.minY),
            GridPoint(x: box.maxX, y: box.maxY), GridPoint(x: box.minX, y: box.maxY),
        ]
    }

    /// How far along the sides a point of the border lies, from the first corner on.
    private func place(of point: GridPoint) -> Int64 {
        if point.y == box.minY { return Int64(point.x) - Int64(box.minX) }
        if point.x == box.maxX { return width + Int64(point.y) - Int64(box.minY) }
        if point.y == box.maxY { return width + height + Int64(box.maxX) - Int64(point.x) }
        return 2 * width + height + Int64(box.maxY) - Int64(point.y)
    }

    private func cornersBetween(_ exit: Int64, _ entry: Int64, wraps: Bool) -> [GridPoint] {
        let places = [0, width, width + height, 2 * width + height]
        let placed = zip(places, corners)
        guard wraps else { return placed.filter { $0.0 > exit && $0.0 < entry }.map(\.1) }
        return placed.filter { $0.0 > exit }.map(\.1) + placed.filter { $0.0 < entry }.map(\.1)
    }
}

/// Where a chain meets the border of the box.
private struct ChainEnd {
    let place: Int64
    let point: GridPoint
    /// The chain's next vertex inside.
    let neighbour: GridPoint
    let chain: Int
    let isEntry: Bool

    /// Orders ends as they are met on the way around; at one point, as a small circle inside the box meets them.
    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.place != rhs.place ? lhs.place < rhs.place : rhs.neighbour.side(of: lhs.point, lhs.neighbour) < 0
    }
}
