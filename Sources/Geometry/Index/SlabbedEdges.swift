/// The edges of many surfaces, for each surface sorted into horizontal slabs, in flat arrays.
struct SlabbedEdges: Sendable {
    /// The slabs of one surface.
    struct Surface {
        var minX: Double
        var minY: Double
        var maxX: Double
        var maxY: Double
        /// Slabs per unit of y.
        var scale: Double
        /// The position of the first slab in `slabStarts`.
        var firstSlab: Int
        var slabCount: Int
        /// The edges in `vertices`: each vertex but the last of a ring starts one.
        var firstVertex: Int
        var lastVertex: Int
    }

    /// The box around each surface.
    private(set) var boxes: [BoundingBox<Unreferenced>] = []
    private(set) var edgeCount = 0
    private var surfaces: [Surface] = []
    /// All rings' vertices end to end, each ring closed.
    private var vertices: [Position] = []
    /// Whether the edge to the next vertex exists: false for the last vertex of a ring.
    private var startsEdge: [Bool] = []
    /// Where the edges of each slab begin in `slabEdges`; one more than there are slabs.
    private var slabStarts: [UInt32] = [0]
    /// The first vertices of the edges, slab by slab; an edge is in each slab that it passes through.
    private var slabEdges: [UInt32] = []

    init<Frame>(_ input: [MultiPolygon<Frame>]) {
        let vertexCount = input.reduce(0) { $0 + $1.vertexCount }
        vertices.reserveCapacity(vertexCount)
        startsEdge.reserveCapacity(vertexCount)
        slabEdges.reserveCapacity(vertexCount * 2)
        for surface in input {
            let firstVertex = vertices.count
            var box = BoundingBox<Unreferenced>.empty
            for polygon in surface.polygons {
                for ring in polygon.rings { ring.coordinates.withPositions { append($0, &box) } }
            }
            close(firstVertex: firstVertex, box)
        }
    }

    private mutating func append(_ ring: UnsafeBufferPointer<Position>, _ box: inout BoundingBox<Unreferenced>) {
        guard let first = ring.first, let last = ring.last else { return }
        let start = vertices.count
        vertices.append(contentsOf: ring)
        if first != last { vertices.append(first) }
        for vertex in start..<(vertices.count - 1) {
            let (a, b) = (vertices[vertex], vertices[vertex + 1])
            let isEdge = Self.isUsable(a) && Self.isUsable(b)
            startsEdge.append(isEdge)
            guard isEdge else { continue }
            box.formUnion(Coordinate(x: a.x, y: a.y))
            box.formUnion(Coordinate(x: b.x, y: b.y))
            edgeCount += 1
        }
        startsEdge.append(false)
    }

    /// Within ±1e150 the products of differences neither overflow nor become infinite; false for NaN.
    private static func isUsable(_ vertex: Position) -> Bool { abs(vertex.x) < 1e150 && abs(vertex.y) < 1e150 }

    /// Sorts the edges of the surface whose vertices come last.
    private mutating func close(firstVertex: Int, _ box: BoundingBox<Unreferenced>) {
        // A quarter as many slabs as edges: on a detailed border few edges are met, and few are stored twice.
        let slabCount = box.isEmpty ? 0 : max(1, min(4096, (vertices.count - firstVertex) / 4))
        let surface = Surface(
            minX: box.minX, minY: box.minY, maxX: box.maxX, maxY: box.maxY,
            scale: box.maxY > box.minY ? Double(slabCount) / (box.maxY - box.minY) : 0,
            firstSlab: slabStarts.count - 1, slabCount: slabCount,
            firstVertex: firstVertex, lastVertex: vertices.count
        )
        boxes.append(box)
        surfaces.append(surface)
        guard slabCount > 0 else { return }
        var counts = [UInt32](repeating: 0, count: slabCount)
        forEachEdge(of: surface) { _, slabs in for slab in slabs { counts[slab] += 1 } }
        var next: [UInt32] = []
        next.reserveCapacity(slabCount)
        var total = UInt32(slabEdges.count)
        for count in counts {
            next.append(total)
            total += count
            slabStarts.append(total)
        }
        var sorted = slabEdges
        slabEdges = []
        sorted.append(contentsOf: repeatElement(0, count: Int(total) - sorted.count))
        forEachEdge(of: surface) { vertex, slabs in
            for slab in slabs {
                sorted[Int(next[slab])] = UInt32(vertex)
                next[slab] += 1
            }
        }
        slabEdges = sorted
    }

    private func forEachEdge(of surface: Surface, _ body: (_ vertex: Int, _ slabs: ClosedRange<Int>) -> Void) {
        for vertex in surface.firstVertex..<surface.lastVertex where startsEdge[vertex] {
            let a = surface.slab(vertices[vertex].y)
            let b = surface.slab(vertices[vertex + 1].y)
            body(vertex, min(a, b)...max(a, b))
        }
    }

    /// The arrays without bounds checks, for loops over many points.
    struct Tables {
        let surfaces: UnsafeBufferPointer<Surface>
        let vertices: UnsafeBufferPointer<Position>
        let startsEdge: UnsafeBufferPointer<Bool>
        let slabStarts: UnsafeBufferPointer<UInt32>
        let slabEdges: UnsafeBufferPointer<UInt32>
    }

    func withTables<Result>(_ body: (Tables) -> Result) -> Result {
        surfaces.withUnsafeBufferPointer { surfaces in
            vertices.withUnsafeBufferPointer { vertices in
                startsEdge.withUnsafeBufferPointer { startsEdge in
                    slabStarts.withUnsafeBufferPointer { slabStarts in
                        slabEdges.withUnsafeBufferPointer { slabEdges in
                            body(
                                Tables(
                                    surfaces: surfaces, vertices: vertices, startsEdge: startsEdge,
                                    slabStarts: slabStarts, slabEdges: slabEdges
                                )
                            )
                        }
                    }
                }
            }
        }
    }
}

extension SlabbedEdges.Surface {
    /// The slab of a height within the surface's box: monotone, so a point is in a slab of every edge at its height.
    @inline(__always)
    func slab(_ y: Double) -> Int { gridCell((y - minY) * scale, of: slabCount) }
}

extension SlabbedEdges.Tables {
    /// Whether a point lies in a surface or on its border.
    @inline(__always)
    func covers(_ index: Int, _ x: Double, _ y: Double) -> Bool {
        let surface = surfaces[index]
        guard x >= surface.minX, x <= surface.maxX, y >= surface.minY, y <= surface.maxY else { return false }
        let slab = surface.firstSlab + surface.slab(y)
        var isInside = false
        for position in Int(slabStarts[slab])..<Int(slabStarts[slab + 1]) {
            let vertex = Int(slabEdges[position])
            let a = vertices[vertex]
            let b = vertices[vertex + 1]
            if (a.y > y) != (b.y > y) {
                // The edge crosses the point's height. Far to one side, no side needs to be decided.
                if a.x < x && b.x < x { continue }
                if a.x > x && b.x > x {
                    isInside.toggle()
                    continue
                }
                let sign = Orientation.sign(a.x, a.y, b.x, b.y, x, y)
                if sign == 0 { return true }
                // Left of an upward edge, or right of a downward one: the ray to the east crosses it.
                if (sign > 0) == (b.y > a.y) { isInside.toggle() }
            } else if a.y == y || b.y == y {
                // An end at this height (the other below), or a horizontal edge: on it or not.
                if (a.y == y && a.x == x) || (b.y == y && b.x == x) { return true }
                if a.y == b.y && min(a.x, b.x) <= x && x <= max(a.x, b.x) { return true }
            }
        }
        return isInside
    }

    /// Calls a closure with both ends of each edge of a surface.
    func forEachEdge(of index: Int, _ body: (Position, Position) -> Void) {
        let surface = surfaces[index]
        for vertex in surface.firstVertex..<surface.lastVertex where startsEdge[vertex] {
            body(vertices[vertex], vertices[vertex + 1])
        }
    }

    /// Calls a closure with each edge of a surface that reaches into a range of heights; some more than once.
    func forEachEdge(
        of index: Int, between low: Double, and high: Double, _ body: (Position, Position) -> Void
    ) {
        let surface = surfaces[index]
        guard low <= surface.maxY, high >= surface.minY else { return }
        let first = surface.firstSlab + surface.slab(max(low, surface.minY))
        let last = surface.firstSlab + surface.slab(min(high, surface.maxY))
        for position in Int(slabStarts[first])..<Int(slabStarts[last + 1]) {
            let vertex = Int(slabEdges[position])
            body(vertices[vertex], vertices[vertex + 1])
        }
    }
}
