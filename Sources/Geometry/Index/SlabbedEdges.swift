/// The edges of many surfaces, for each surface sorted into horizontal slabs, in flat arrays.
struct SlabbedEdges<Frame: ReferenceFrame>: Sendable {
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
    let boxes: [BoundingBox<Frame>]
    let edgeCount: Int
    private let surfaces: [Surface]
    /// All rings' vertices end to end, each ring closed.
    private let vertices: [Coordinate<Frame>]
    /// Whether the edge to the next vertex exists: false for the last vertex of a ring.
    private let startsEdge: [Bool]
    /// Where the edges of each slab begin in `slabEdges`; one more than there are slabs.
    private let slabStarts: [UInt32]
    /// The first vertices of the edges, slab by slab; an edge is in each slab that it passes through.
    private let slabEdges: [UInt32]

    init(_ input: [MultiPolygon<Frame>]) {
        var boxes: [BoundingBox<Frame>] = []
        var surfaces: [Surface] = []
        var vertices: [Coordinate<Frame>] = []
        var startsEdge: [Bool] = []
        var slabStarts: [UInt32] = [0]
        var slabEdges: [UInt32] = []
        var edgeCount = 0
        vertices.reserveCapacity(input.reduce(0) { $0 + $1.vertexCount })
        startsEdge.reserveCapacity(vertices.capacity)
        for surface in input {
            let firstVertex = vertices.count
            var box = BoundingBox<Frame>.empty
            var count = 0
            for ring in surface.polygons.lazy.flatMap(\.rings) {
                var ring = ring.coordinates
                if let first = ring.first, first != ring.last { ring.append(first) }
                for (position, vertex) in ring.enumerated() {
                    let isEdge = position + 1 < ring.count && Self.isUsable(vertex) && Self.isUsable(ring[position + 1])
                    vertices.append(vertex)
                    startsEdge.append(isEdge)
                    guard isEdge else { continue }
                    box.formUnion(vertex)
                    box.formUnion(ring[position + 1])
                    count += 1
                }
            }
            edgeCount += count
            boxes.append(box)
            // A quarter as many slabs as edges: on a detailed border few edges are met, and few are stored twice.
            let slabCount = box.isEmpty ? 0 : max(1, min(4096, count / 4))
            let entry = Surface(
                minX: box.minX, minY: box.minY, maxX: box.maxX, maxY: box.maxY,
                scale: box.maxY > box.minY ? Double(slabCount) / (box.maxY - box.minY) : 0,
                firstSlab: slabStarts.count - 1, slabCount: slabCount,
                firstVertex: firstVertex, lastVertex: vertices.count
            )
            surfaces.append(entry)
            Self.sort(entry, vertices, startsEdge, &slabStarts, &slabEdges)
        }
        self.boxes = boxes
        self.edgeCount = edgeCount
        self.surfaces = surfaces
        self.vertices = vertices
        self.startsEdge = startsEdge
        self.slabStarts = slabStarts
        self.slabEdges = slabEdges
    }

    /// Within ±1e150 the products of differences neither overflow nor become infinite; false for NaN.
    private static func isUsable(_ vertex: Coordinate<Frame>) -> Bool { abs(vertex.x) < 1e150 && abs(vertex.y) < 1e150 }

    /// A counting sort of one surface's edges by slab.
    private static func sort(
        _ surface: Surface, _ vertices: [Coordinate<Frame>], _ startsEdge: [Bool],
        _ slabStarts: inout [UInt32], _ slabEdges: inout [UInt32]
    ) {
        guard surface.slabCount > 0 else { return }
        func forEach(_ body: (_ vertex: Int, _ slabs: ClosedRange<Int>) -> Void) {
            for vertex in surface.firstVertex..<surface.lastVertex where startsEdge[vertex] {
                let a = surface.slab(vertices[vertex].y)
                let b = surface.slab(vertices[vertex + 1].y)
                body(vertex, min(a, b)...max(a, b))
            }
        }
        var counts = [UInt32](repeating: 0, count: surface.slabCount)
        forEach { _, slabs in for slab in slabs { counts[slab] += 1 } }
        var next: [UInt32] = []
        next.reserveCapacity(counts.count)
        var total = UInt32(slabEdges.count)
        for count in counts {
            next.append(total)
            total += count
            slabStarts.append(total)
        }
        slabEdges.append(contentsOf: repeatElement(0, count: Int(total) - slabEdges.count))
        forEach { vertex, slabs in
            for slab in slabs {
                slabEdges[Int(next[slab])] = UInt32(vertex)
                next[slab] += 1
            }
        }
    }

    /// The arrays without bounds checks, for loops over many points.
    struct Tables {
        let surfaces: UnsafeBufferPointer<Surface>
        let vertices: UnsafeBufferPointer<Coordinate<Frame>>
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
    func forEachEdge(of index: Int, _ body: (Coordinate<Frame>, Coordinate<Frame>) -> Void) {
        let surface = surfaces[index]
        for vertex in surface.firstVertex..<surface.lastVertex where startsEdge[vertex] {
            body(vertices[vertex], vertices[vertex + 1])
        }
    }

    /// Calls a closure with each edge of a surface that reaches into a range of heights; some more than once.
    func forEachEdge(
        of index: Int, between low: Double, and high: Double, _ body: (Coordinate<Frame>, Coordinate<Frame>) -> Void
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
