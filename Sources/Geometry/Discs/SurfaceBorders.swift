/// The borders of many surfaces in flat arrays, prepared for being cut by discs again and again.
///
/// The surfaces are a coverage: they may touch but do not overlap. Shells run counter-clockwise, holes clockwise, so
/// that a surface always lies to the left of its border. Immutable: any number of threads may use it at once.
public struct SurfaceBorders: Sendable {
    /// So many segments share a box.
    static let runLength = 16

    /// How many surfaces there are.
    public let count: Int
    /// The box around all of them.
    public let bounds: BoundingBox<Projected>
    /// The surfaces as they were given, with the winding of RFC 7946.
    public let surfaces: [MultiPolygon<Projected>]
    /// The box of each surface.
    public let boxes: [BoundingBox<Projected>]

    /// All rings' vertices, each ring closed.
    let vertices: [Position]
    /// For each surface the first of its rings; one more at the end.
    let firstRing: [Int32]
    /// For each ring its first vertex; one more at the end.
    let firstVertex: [Int32]
    /// For each ring the first of its runs; one more at the end.
    let firstRun: [Int32]
    /// The boxes of the runs of segments.
    let runs: [BoundingBox<Unreferenced>]

    /// Prepares surfaces. - Complexity: O(vertices)
    public init(_ input: [MultiPolygon<Projected>]) {
        surfaces = input.map(\.rightHanded)
        count = input.count
        boxes = surfaces.map(\.boundingBox)
        bounds = boxes.reduce(into: .empty) { $0.formUnion($1) }
        var vertices: [Position] = []
        vertices.reserveCapacity(input.reduce(0) { $0 + $1.vertexCount })
        var firstRing: [Int32] = [0]
        var firstVertex: [Int32] = [0]
        var firstRun: [Int32] = [0]
        var runs: [BoundingBox<Unreferenced>] = []
        for surface in surfaces {
            for polygon in surface.polygons {
                for ring in polygon.rings where ring.coordinates.count >= 4 {
                    let start = vertices.count
                    ring.coordinates.withPositions { vertices.append(contentsOf: $0) }
                    for run in stride(from: start, to: vertices.count - 1, by: Self.runLength) {
                        var box = BoundingBox<Unreferenced>.empty
                        for vertex in run...min(run + Self.runLength, vertices.count - 1) {
                            box.formUnion(Coordinate(x: vertices[vertex].x, y: vertices[vertex].y))
                        }
                        runs.append(box)
                    }
                    firstVertex.append(Int32(vertices.count))
                    firstRun.append(Int32(runs.count))
                }
            }
            firstRing.append(Int32(firstVertex.count - 1))
        }
        self.vertices = vertices
        self.firstRing = firstRing
        self.firstVertex = firstVertex
        self.firstRun = firstRun
        self.runs = runs
    }

    /// The first surface that a position lies in; nil for none.
    ///
    /// - Complexity: O(surfaces + edges at the position's height of those around it)
    func surface(at position: Position) -> Int? {
        let coordinate = Coordinate<Projected>(x: position.x, y: position.y)
        return (0..<count).first { boxes[$0].contains(coordinate) && contains(position, $0) }
    }

    /// Whether a surface contains a position: whether a ray to the east crosses its border an odd number of times.
    private func contains(_ position: Position, _ surface: Int) -> Bool {
        var isInside = false
        for ring in rings(of: surface) {
            let last = Int(firstVertex[ring + 1]) - 1
            for run in Int(firstRun[ring])..<Int(firstRun[ring + 1])
            where runs[run].minY <= position.y && position.y <= runs[run].maxY && position.x <= runs[run].maxX {
                let first = Int(firstVertex[ring]) + (run - Int(firstRun[ring])) * Self.runLength
                for vertex in first..<min(first + Self.runLength, last) {
                    let (a, b) = (vertices[vertex], vertices[vertex + 1])
                    guard (a.y > position.y) != (b.y > position.y) else { continue }
                    // Left of an upward edge, or right of a downward one: the ray crosses it.
                    let side = Orientation.sign(a.x, a.y, b.x, b.y, position.x, position.y)
                    if (side > 0) == (b.y > a.y) { isInside.toggle() }
                }
            }
        }
        return isInside
    }

    /// The rings of a surface.
    func rings(of surface: Int) -> Range<Int> { Int(firstRing[surface])..<Int(firstRing[surface + 1]) }
}
