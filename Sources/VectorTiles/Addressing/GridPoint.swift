internal import Geometry

/// A vertex of the world-wide integer grid of one zoom: 4096 steps a tile, x grows east, y grows *south*.
///
/// One grid for all tiles of a zoom is what makes borders of neighbouring tiles meet: a vertex is rounded once, not
/// once per tile. All predicates on grid points are exact in 64-bit integers.
struct GridPoint: Hashable, Comparable, Sendable, BitwiseCopyable {
    var x: Int32
    var y: Int32

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.x != rhs.x ? lhs.x < rhs.x : lhs.y < rhs.y }

    /// Twice the area of the triangle (a, b, self): positive where self lies on the left of a→b, x to the right and
    /// y *upwards*; "left" and "counter-clockwise" are used in that abstract sense throughout the coverage code, and
    /// a ring that is counter-clockwise in it has the positive area that the tile specification asks of a shell.
    func side(of a: GridPoint, _ b: GridPoint) -> Int64 {
        (Int64(b.x) - Int64(a.x)) * (Int64(y) - Int64(a.y)) - (Int64(b.y) - Int64(a.y)) * (Int64(x) - Int64(a.x))
    }
}

/// The grid of one zoom.
struct TileGrid: Hashable, Sendable {
    /// Steps along one side of a tile; the extent that every layer declares.
    static let extent: Int32 = 4096
    /// How far a tile's content reaches beyond its sides, in steps: 8 pixels of a 512-pixel tile, enough for the
    /// widest line and the halo of a point.
    static let buffer: Int32 = 64

    let zoom: Int

    /// Steps along one side of the world.
    var worldSize: Double { Double(Int64(Self.extent) << zoom) }

    /// The last step of the world that a tile holds.
    var lastStep: Int32 { Self.extent << Int32(zoom) - 1 }

    /// The nearest vertex; what lies beyond the square is moved to its border, so that an area at a pole keeps its shape
    /// elsewhere.
    func vertex(_ point: Coordinate<MercatorSquare>) -> GridPoint { GridPoint(x: step(point.x), y: step(point.y)) }

    /// The vertex of a point that stands by itself. What would round to the world's far side stays in the last tile, so
    /// that one tile holds it inside its sides.
    func place(_ point: Coordinate<MercatorSquare>) -> GridPoint {
        let vertex = vertex(point)
        return GridPoint(x: min(vertex.x, lastStep), y: min(vertex.y, lastStep))
    }

    private func step(_ ordinate: Double) -> Int32 {
        Int32((max(0, min(1, ordinate)) * worldSize + 0.5).rounded(.down))
    }
}

/// An axis-parallel rectangle of grid points, its border included.
struct GridBox: Hashable, Sendable {
    var minX: Int32
    var minY: Int32
    var maxX: Int32
    var maxY: Int32

    static let empty = GridBox(minX: .max, minY: .max, maxX: .min, maxY: .min)

    init(minX: Int32, minY: Int32, maxX: Int32, maxY: Int32) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// The tile with a margin around it.
    init(_ address: TileAddress, margin: Int32) {
        let west = Int32(address.x) * TileGrid.extent
        let north = Int32(address.y) * TileGrid.extent
        self.init(
            minX: west - margin, minY: north - margin, maxX: west + TileGrid.extent + margin,
            maxY: north + TileGrid.extent + margin)
    }

    init(_ points: some Sequence<GridPoint>) {
        self = .empty
        for point in points { formUnion(point) }
    }

    mutating func formUnion(_ point: GridPoint) {
        minX = min(minX, point.x)
        minY = min(minY, point.y)
        maxX = max(maxX, point.x)
        maxY = max(maxY, point.y)
    }

    mutating func formUnion(_ other: GridBox) {
        minX = min(minX, other.minX)
        minY = min(minY, other.minY)
        maxX = max(maxX, other.maxX)
        maxY = max(maxY, other.maxY)
    }

    func intersects(_ other: GridBox) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }

    func contains(_ point: GridPoint) -> Bool {
        point.x >= minX && point.x <= maxX && point.y >= minY && point.y <= maxY
    }

    func contains(_ other: GridBox) -> Bool {
        other.minX >= minX && other.maxX <= maxX && other.minY >= minY && other.maxY <= maxY
    }
}
