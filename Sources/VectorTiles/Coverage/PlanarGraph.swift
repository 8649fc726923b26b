/// Edges that meet at their ends only, as a plane graph with its faces.
///
/// Edge `e` is two half-edges: `2e` from its start to its end, `2e + 1` back. A half-edge has its face on its left.
/// Face 0 is the unbounded one; a face with islands in it is one face, however many pieces its border has.
struct PlanarGraph {
    let nodes: [GridPoint]
    /// The node that each half-edge leaves.
    private let origins: [Int32]
    /// The half-edges that leave each node, counter-clockwise, in compressed rows.
    private let spokes: [Int32]
    private let spokeStarts: [Int32]
    /// Where each half-edge stands among the spokes.
    private let places: [Int32]
    /// The face on the left of each half-edge.
    private(set) var faces: [Int32] = []
    private(set) var faceCount = 1

    /// Builds the graph of noded edges, each once. - Complexity: O(n log n)
    init(_ segments: [GridSegment]) {
        var nodes = segments.map(\.start) + segments.map(\.end)
        nodes.sort()
        nodes = nodes.indices.filter { $0 == 0 || nodes[$0] != nodes[$0 - 1] }.map { nodes[$0] }
        self.nodes = nodes
        var origins: [Int32] = []
        origins.reserveCapacity(2 * segments.count)
        for segment in segments {
            origins.append(Self.position(of: segment.start, in: nodes))
            origins.append(Self.position(of: segment.end, in: nodes))
        }
        self.origins = origins
        var starts = [Int32](repeating: 0, count: nodes.count + 1)
        for origin in origins { starts[Int(origin) + 1] += 1 }
        for node in nodes.indices { starts[node + 1] += starts[node] }
        var spokes = [Int32](repeating: 0, count: origins.count)
        var next = starts
        for (halfEdge, origin) in origins.enumerated() {
            spokes[Int(next[Int(origin)])] = Int32(halfEdge)
            next[Int(origin)] += 1
        }
        for node in nodes.indices where starts[node + 1] - starts[node] > 1 {
            spokes[Int(starts[node])..<Int(starts[node + 1])].sort { lhs, rhs in
                Self.precedes(
                    nodes[Int(origins[Int(lhs) ^ 1])], nodes[Int(origins[Int(rhs) ^ 1])], around: nodes[node])
            }
        }
        var places = [Int32](repeating: 0, count: spokes.count)
        for (place, halfEdge) in spokes.enumerated() { places[Int(halfEdge)] = Int32(place) }
        self.spokes = spokes
        self.places = places
        spokeStarts = starts
        traceFaces(segments)
    }

    var halfEdgeCount: Int { origins.count }

    func origin(_ halfEdge: Int) -> Int { Int(origins[halfEdge]) }
    func start(_ halfEdge: Int) -> GridPoint { nodes[Int(origins[halfEdge])] }
    func end(_ halfEdge: Int) -> GridPoint { nodes[Int(origins[halfEdge ^ 1])] }
    func face(_ halfEdge: Int) -> Int { Int(faces[halfEdge]) }

    /// The half-edges that leave a node, counter-clockwise.
    func spokes(_ node: Int) -> ArraySlice<Int32> { spokes[Int(spokeStarts[node])..<Int(spokeStarts[node + 1])] }

    /// The next half-edge clockwise around the same origin.
    func clockwise(_ halfEdge: Int) -> Int {
        let node = origin(halfEdge)
        let place = places[halfEdge]
        return Int(spokes[Int(place == spokeStarts[node] ? spokeStarts[node + 1] - 1 : place - 1)])
    }

    private static func position(of point: GridPoint, in nodes: [GridPoint]) -> Int32 {
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle] < point { low = middle + 1 } else { high = middle }
        }
        return Int32(low)
    }

    /// Whether the direction to one point comes before that to another, counter-clockwise from due east.
    private static func precedes(_ one: GridPoint, _ other: GridPoint, around centre: GridPoint) -> Bool {
        let oneIsUpper = one.y > centre.y || (one.y == centre.y && one.x > centre.x)
        let otherIsUpper = other.y > centre.y || (other.y == centre.y && other.x > centre.x)
        if oneIsUpper != otherIsUpper { return oneIsUpper }
        return other.side(of: centre, one) > 0
    }
}

extension PlanarGraph {
    private mutating func traceFaces(_ segments: [GridSegment]) {
        var cycles = [Int32](repeating: -1, count: halfEdgeCount)
        var firsts: [Int] = []
        var areas: [Int64] = []
        for first in 0..<halfEdgeCount where cycles[first] < 0 {
            let cycle = Int32(firsts.count)
            let anchor = start(first)
            var area: Int64 = 0
            var halfEdge = first
            repeat {
                cycles[halfEdge] = cycle
                area &+= end(halfEdge).side(of: anchor, start(halfEdge))
                halfEdge = clockwise(halfEdge ^ 1)
            } while halfEdge != first
            firsts.append(first)
            areas.append(area)
        }
        // A connected part of the graph has one cycle around it (area not positive); the others enclose its faces.
        var faceOfCycle = [Int32](repeating: -1, count: firsts.count)
        for cycle in firsts.indices where areas[cycle] > 0 {
            faceOfCycle[cycle] = Int32(faceCount)
            faceCount += 1
        }
        let outside = outsideCycles(cycles: cycles, areas: areas)
        let cells = outside.count > 1 ? SegmentCells(segments) : nil
        // From west to east: what lies west of a part's westernmost node belongs to a part that is settled already.
        for (node, cycle) in outside {
            guard let cells, let bounding = halfEdge(westOf: nodes[node], in: cells, segments) else {
                faceOfCycle[cycle] = 0
                continue
            }
            faceOfCycle[cycle] = faceOfCycle[Int(cycles[bounding])]
        }
        faces = cycles.map { faceOfCycle[Int($0)] }
    }

    /// For each connected part its first node (westernmost, then lowest) and the cycle around it, ascending by node.
    private func outsideCycles(cycles: [Int32], areas: [Int64]) -> [(node: Int, cycle: Int)] {
        var parents = Array(0..<Int32(nodes.count))
        func root(_ node: Int32) -> Int32 {
            var node = node
            while parents[Int(node)] != node {
                parents[Int(node)] = parents[Int(parents[Int(node)])]
                node = parents[Int(node)]
            }
            return node
        }
        for edge in 0..<(halfEdgeCount / 2) {
            let (one, other) = (root(origins[2 * edge]), root(origins[2 * edge + 1]))
            // The smaller number becomes the root: nodes are sorted, so it is the part's first node.
            if one != other { parents[Int(max(one, other))] = min(one, other) }
        }
        var result = [Int32: Int32]()
        for halfEdge in 0..<halfEdgeCount where areas[Int(cycles[halfEdge])] <= 0 {
            result[root(origins[halfEdge])] = cycles[halfEdge]
        }
        return result.map { (Int($0.key), Int($0.value)) }.sorted { $0.0 < $1.0 }
    }

    /// The half-edge that is met first on the way west from a point and has the point's face on its left.
    ///
    /// Edges count where they reach from the point's height upwards, so that a ray through a vertex meets it once.
    private func halfEdge(westOf point: GridPoint, in cells: SegmentCells, _ segments: [GridSegment]) -> Int? {
        var best: (crossing: WestwardCrossing, halfEdge: Int)?
        let home = cells.layout.cell(of: point)
        let westernmost = home - home % cells.layout.columns
        for cell in stride(from: home, through: westernmost, by: -1) {
            for number in cells.segments(in: cell) {
                let segment = segments[Int(number)]
                guard let crossing = WestwardCrossing(segment, from: point) else { continue }
                if best.map({ $0.crossing.isWest(of: crossing) }) ?? true {
                    // Down is where y falls: the half-edge that runs down has the east on its left.
                    best = (crossing, 2 * Int(number) + (segment.start.y > segment.end.y ? 0 : 1))
                }
            }
            if let best, cell == westernmost || best.crossing.isAtOrEast(of: cells.layout.west(of: cell)) {
                return best.halfEdge
            }
        }
        return best?.halfEdge
    }
}

/// Where an edge meets the horizontal ray that runs west from a point.
private struct WestwardCrossing {
    /// The ordinate as a fraction, its denominator positive.
    private let numerator: Int128
    private let denominator: Int128
    /// The run of the edge per step upwards, as a fraction over `denominator`.
    private let run: Int64

    /// Nil where the edge does not reach from the point's height upwards, or not west of the point.
    init?(_ segment: GridSegment, from point: GridPoint) {
        let (low, high) =
            segment.start.y < segment.end.y
            ? (segment.start, segment.end) : (segment.end, segment.start)
        guard low.y <= point.y, point.y < high.y, point.side(of: low, high) < 0 else { return nil }
        run = Int64(high.x) - Int64(low.x)
        denominator = Int128(high.y) - Int128(low.y)
        numerator = Int128(low.x) * denominator + Int128(run) * (Int128(point.y) - Int128(low.y))
    }

    /// Whether this crossing is farther west; at the same place, whether its edge leans farther west.
    func isWest(of other: Self) -> Bool {
        let (own, its) = (numerator * other.denominator, other.numerator * denominator)
        return own != its ? own < its : Int128(run) * other.denominator < Int128(other.run) * denominator
    }

    func isAtOrEast(of x: Int64) -> Bool { numerator >= Int128(x) * denominator }
}
