/// A coverage (surfaces that share their borders vertex by vertex) as arcs: every stretch of border is stored once, with
/// the surface on either side, and cut where three or more borders meet.
///
/// What is done to an arc is done to both its sides, so borders stay shared under any simplification. Immutable and
/// freely shared between threads; the result depends on the input alone.
public struct CoverageArcs<Frame: ReferenceFrame>: Sendable {
    /// One stretch of border between two junctions, or a closed ring without junctions.
    public struct Arc: Hashable, Sendable {
        /// Where its vertices are in `coordinates` and `ranks`.
        public let vertices: Range<Int>
        /// The surfaces on the left in the direction of the vertices, ascending. One in a sound coverage; none on the
        /// outside; more where surfaces overlap.
        public let left: [Int]
        /// The surfaces on the right.
        public let right: [Int]
    }

    /// All arcs' vertices, end to end. Ends of neighbouring arcs are repeated.
    public private(set) var coordinates: [Coordinate<Frame>] = []
    /// For each vertex the area (square units of the frame) below which a tolerance keeps it; infinite for the ends, and
    /// for every vertex where the arcs were cut without ranks.
    public private(set) var ranks: [Double] = []
    /// The arcs, in the order in which the surfaces first run along them.
    public private(set) var arcs: [Arc] = []
    /// For each surface its polygons, for each polygon its rings, for each ring its arcs: an index, or the index's
    /// bitwise complement where the ring runs against the arc.
    private var surfaces: [[[[Int32]]]] = []

    /// Cuts surfaces into arcs.
    ///
    /// Rings are turned to RFC 7946's winding first, and repeated vertices are dropped.
    ///
    /// - Parameter ranked: whether to rank the vertices for simplification; a mere check of borders needs no ranks.
    /// - Complexity: O(n log n) in the vertices.
    /// - Throws: `GeometryError.malformedSurface` for a ring with fewer than three different vertices.
    public init(_ surfaces: [MultiPolygon<Frame>], ranked: Bool = true) throws(GeometryError) {
        var table = VertexTable(minimumCapacity: surfaces.reduce(0) { $0 + $1.vertexCount })
        var rings: [[[[Int32]]]] = []
        rings.reserveCapacity(surfaces.count)
        for (index, surface) in surfaces.enumerated() {
            rings.append(
                try surface.polygons.map { polygon throws(GeometryError) in
                    try polygon.rightHanded.rings.map { ring throws(GeometryError) in
                        let numbers = Self.numbers(of: ring, in: &table)
                        guard numbers.count >= 3 else {
                            throw .malformedSurface(reason: "surface \(index) has a ring without area")
                        }
                        return numbers
                    }
                }
            )
        }
        let isJunction = Self.junctions(of: rings, vertexCount: table.positions.count)
        var builder = ArcBuilder(table: table, isJunction: isJunction)
        for (index, surface) in rings.enumerated() {
            self.surfaces.append(surface.map { polygon in polygon.map { builder.cut($0, surface: index) } })
        }
        coordinates = Array(builder.positions)
        arcs = builder.arcs.map { Arc(vertices: $0.vertices, left: $0.left, right: $0.right) }
        ranks = ranked ? builder.ranks() : [Double](repeating: .infinity, count: coordinates.count)
    }

    /// The vertices' numbers, the closing one and repetitions left out.
    private static func numbers(of ring: Ring<Frame>, in table: inout VertexTable) -> [Int32] {
        var numbers: [Int32] = []
        numbers.reserveCapacity(ring.coordinates.count)
        ring.coordinates.withPositions { positions in
            for position in positions {
                let number = table.number(of: position)
                if number != numbers.last { numbers.append(number) }
            }
        }
        while numbers.count > 1, numbers.first == numbers.last { numbers.removeLast() }
        return numbers
    }

    /// A vertex is a junction if the rings through it do not all have the same two neighbours there.
    private static func junctions(of surfaces: [[[[Int32]]]], vertexCount: Int) -> [Bool] {
        var isJunction = [Bool](repeating: false, count: vertexCount)
        var neighbours = [(Int32, Int32)](repeating: (-1, -1), count: vertexCount)
        for ring in surfaces.lazy.joined().joined() {
            var before = ring[ring.count - 1]
            for position in ring.indices {
                let vertex = Int(ring[position])
                let after = position + 1 < ring.count ? ring[position + 1] : ring[0]
                let pair = (min(before, after), max(before, after))
                if neighbours[vertex].0 < 0 {
                    neighbours[vertex] = pair
                } else if neighbours[vertex] != pair {
                    isJunction[vertex] = true
                }
                before = ring[position]
            }
        }
        return isJunction
    }

    /// The number of surfaces.
    public var surfaceCount: Int { surfaces.count }

    /// The vertices of an arc that survive a tolerance.
    ///
    /// - Parameter tolerance: a triangle's area in square units of the frame; zero keeps all vertices.
    /// - Complexity: O(vertices of the arc)
    public func line(ofArc index: Int, tolerance: Double = 0) -> [Coordinate<Frame>] {
        let vertices = arcs[index].vertices
        guard tolerance > 0 else { return Array(coordinates[vertices]) }
        return vertices.filter { ranks[$0] >= tolerance }.map { coordinates[$0] }
    }

    /// A surface put together again, with RFC 7946's winding.
    ///
    /// Without a tolerance it is the surface that came in, up to the vertex where a ring starts. With one, neighbours
    /// still share their borders exactly; a ring never has fewer than three vertices, but may cross itself where the
    /// tolerance is large against its shape.
    ///
    /// - Complexity: O(vertices of the surface)
    public func surface(_ index: Int, tolerance: Double = 0) -> MultiPolygon<Frame> {
        MultiPolygon(
            surfaces[index].map { polygon in
                let rings = polygon.map { ring(of: $0, tolerance: tolerance) }
                return Polygon(exterior: rings.first ?? Ring([]), holes: Array(rings.dropFirst()))
            }
        )
    }

    private func ring(of arcs: [Int32], tolerance: Double) -> Ring<Frame> {
        var ring: [Coordinate<Frame>] = []
        for reference in arcs {
            let line = line(ofArc: Int(reference < 0 ? ~reference : reference), tolerance: tolerance)
            // The last vertex of each arc is the first of the next.
            if reference < 0 {
                ring.append(contentsOf: line.reversed().dropLast())
            } else {
                ring.append(contentsOf: line.dropLast())
            }
        }
        if let first = ring.first { ring.append(first) }
        return Ring(ring)
    }
}

/// Collects arcs ring by ring; an arc that has been seen, in either direction, is found again.
private struct ArcBuilder {
    struct Arc {
        var vertices: Range<Int>
        var ends: Ends
        var left: [Int] = []
        var right: [Int] = []
    }

    /// The vertices at which an arc starts and ends.
    struct Ends: Hashable {
        var first: Int32
        var last: Int32
    }

    let table: VertexTable
    let isJunction: [Bool]
    private(set) var positions: [Position] = []
    private(set) var arcs: [Arc] = []
    /// Arcs by their first edge. Between junctions the way is determined, so one edge names the arc.
    private var known: [UInt64: Int32] = [:]

    init(table: VertexTable, isJunction: [Bool]) {
        self.table = table
        self.isJunction = isJunction
    }

    mutating func cut(_ ring: [Int32], surface: Int) -> [Int32] {
        // A ring without junctions starts at its lowest vertex, so that whoever shares it starts there as well.
        let start =
            ring.firstIndex { isJunction[Int($0)] }
            ?? ring.indices.min { precedes(ring[$0], ring[$1]) } ?? 0
        var references: [Int32] = []
        var arc: [Int32] = [ring[start]]
        for step in 1...ring.count {
            let vertex = ring[(start + step) % ring.count]
            arc.append(vertex)
            if isJunction[Int(vertex)] || step == ring.count {
                references.append(add(arc, surface: surface))
                arc = [vertex]
            }
        }
        return references
    }

    /// Adds an arc or another use of it, and gives its index, complemented if the ring runs against it.
    private mutating func add(_ vertices: [Int32], surface: Int) -> Int32 {
        let last = vertices.count - 1
        // The canonical direction starts at the lower end; a closed arc goes to the lower neighbour of its end first.
        let runsForward =
            vertices[0] == vertices[last]
            ? !precedes(vertices[last - 1], vertices[1]) : precedes(vertices[0], vertices[last])
        let (first, second) = runsForward ? (vertices[0], vertices[1]) : (vertices[last], vertices[last - 1])
        let key = UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
        let index: Int32
        if let found = known[key] {
            index = found
        } else {
            index = Int32(arcs.count)
            known[key] = index
            let start = positions.count
            if runsForward {
                for vertex in vertices { positions.append(table.positions[Int(vertex)]) }
            } else {
                for vertex in vertices.reversed() { positions.append(table.positions[Int(vertex)]) }
            }
            let ends = Ends(first: first, last: runsForward ? vertices[last] : vertices[0])
            arcs.append(Arc(vertices: start..<positions.count, ends: ends))
        }
        // Shells run counter-clockwise and holes clockwise: the surface is always on the ring's left.
        if runsForward {
            arcs[Int(index)].left.append(surface)
        } else {
            arcs[Int(index)].right.append(surface)
        }
        return runsForward ? index : ~index
    }

    /// The ranks of all arcs' vertices.
    func ranks() -> [Double] {
        // Two arcs between the same junctions must not both become the same straight line.
        var between: [Ends: Int] = [:]
        for arc in arcs { between[arc.ends, default: 0] += 1 }
        var ranks: [Double] = []
        ranks.reserveCapacity(positions.count)
        for arc in arcs {
            // A ring needs two more vertices than its ends, a pair of arcs one.
            let isClosed = arc.ends.first == arc.ends.last
            let pinned = isClosed ? 2 : (between[arc.ends] ?? 1) > 1 ? 1 : 0
            ranks += VisvalingamRanks.ranks(of: Array(positions[arc.vertices]), pinned: pinned)
        }
        return ranks
    }

    private func precedes(_ a: Int32, _ b: Int32) -> Bool {
        table.positions[Int(a)].precedes(table.positions[Int(b)])
    }
}
