internal import Geometry

/// What is left when areas of several levels are laid over each other: pieces that belong to one area of each level.
///
/// Where levels are nested the pieces are the areas of the finest one. Simplifying pieces instead of areas keeps levels
/// consistent: a municipality never sticks out of its district, whatever happens to the lines.
struct AreaPieces: Sendable {
    /// For each piece its area of each level, -1 for none.
    private let areas: [[Int32]]
    private let counts: [Int]
    private let arcs: CoverageArcs<TileUnits>
    /// For each piece and each of its parts: where it is, and whether it is a whole part of some area.
    private let parts: [[Part]]
    /// For each piece its place by size: where two claim the same sliver, the smaller one needs it more.
    let precedence: [Int32]
    /// For each level and area its largest piece, -1 for an area without any.
    private let largestPieces: [[Int32]]

    private struct Part {
        let centre: GridPoint
        let isWhole: Bool
    }

    private struct Outline: Hashable {
        let box: GridBox
        let doubledArea: Int64
    }

    var count: Int { areas.count }

    /// - Parameters:
    ///   - labels: For each level the area of each face.
    ///   - counts: The number of areas of each level.
    init(labels: [[Int32]], counts: [Int], of graph: PlanarGraph) throws(GeometryError) {
        var areas: [[Int32]] = []
        var numbers: [[Int32]: Int32] = [:]
        let pieceOfFace = (0..<graph.faceCount).map { face -> Int32 in
            let own = labels.map { $0[face] }
            guard own.contains(where: { $0 >= 0 }) else { return -1 }
            if let number = numbers[own] { return number }
            let number = Int32(areas.count)
            numbers[own] = number
            areas.append(own)
            return number
        }
        self.areas = areas
        self.counts = counts
        let polygons = graph.polygons(pieceOfFace, count: areas.count)
        var whole: Set<Outline> = []
        for (level, count) in zip(labels, counts) {
            for polygon in graph.polygons(level, count: count).joined() { whole.insert(Self.outline(polygon)) }
        }
        parts = polygons.map { polygons in
            polygons.map { Part(centre: $0.box.centre, isWhole: whole.contains(Self.outline($0))) }
        }
        let sizes = polygons.map { $0.reduce(0) { $0 &+ $1.doubledArea } }
        let bySize = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        var precedence = [Int32](repeating: 0, count: areas.count)
        for (place, piece) in bySize.enumerated() { precedence[piece] = Int32(place) }
        self.precedence = precedence
        var largest = counts.map { [Int32](repeating: -1, count: $0) }
        for piece in bySize {
            for (level, area) in areas[piece].enumerated() where area >= 0 { largest[level][Int(area)] = Int32(piece) }
        }
        largestPieces = largest
        arcs = try CoverageArcs(polygons.map { MultiPolygon($0.map(\.surface)) })
    }

    private static func outline(_ polygon: GridPolygon) -> Outline {
        Outline(box: polygon.box, doubledArea: TileGeometry.doubledArea(polygon.shell))
    }

    /// The area of a piece, -1 for none; the piece -1 has none.
    func area(of piece: Int32, level: Int) -> Int32 { piece < 0 ? -1 : areas[Int(piece)][level] }

    /// The borders between pieces, simplified and rounded to the grid of a zoom that is `shift` levels higher.
    func strands(tolerance: Double, shift: Int) -> [Strand] {
        arcs.arcs.indices.map { index in
            let arc = arcs.arcs[index]
            let left = arc.left.map { AreaSide(area: Int32($0), winding: 1) }
            let right = arc.right.map { AreaSide(area: Int32($0), winding: -1) }
            return Strand(
                points: arcs.line(ofArc: index, tolerance: tolerance).map { GridPoint($0, shift: shift) },
                sides: (left + right).summed())
        }
    }

    /// The parts that become nothing when they are rounded, with the step that they lie in. A part that is only a
    /// remainder of levels that do not fit together is not one that anybody misses.
    func collapsedParts(tolerance: Double, shift: Int) -> [(piece: Int, place: GridPoint)] {
        areas.indices.flatMap { piece in
            zip(arcs.surface(piece, tolerance: tolerance).polygons, parts[piece]).compactMap { drawn, part in
                let shell = drawn.exterior.coordinates.map { GridPoint($0, shift: shift) }
                guard part.isWhole, TileGeometry.doubledArea(shell) <= 0 else { return nil }
                return (piece, part.centre.step(shift: shift))
            }
        }
    }

    /// For each area of which no piece has won a face its largest piece, each piece once.
    func lostAreas(_ winners: [Int32]) -> [Int] {
        var isPresent = [Bool](repeating: false, count: areas.count)
        for piece in winners where piece >= 0 { isPresent[Int(piece)] = true }
        var lost: Set<Int32> = []
        for (level, count) in counts.enumerated() {
            var hasFace = [Bool](repeating: false, count: count)
            for piece in areas.indices where isPresent[piece] && areas[piece][level] >= 0 {
                hasFace[Int(areas[piece][level])] = true
            }
            for area in 0..<count where !hasFace[area] && largestPieces[level][area] >= 0 {
                lost.insert(largestPieces[level][area])
            }
        }
        return lost.sorted().map(Int.init)
    }

    /// The step in which the middle of a piece's first part lies.
    func place(of piece: Int, shift: Int) -> GridPoint {
        (parts[piece].first?.centre ?? GridPoint(x: 0, y: 0)).step(shift: shift)
    }
}

extension GridPoint {
    /// A vertex of the deepest grid on the grid of a zoom that is `shift` levels higher, to the nearest step.
    fileprivate init(_ coordinate: Coordinate<TileUnits>, shift: Int) {
        let half = shift == 0 ? 0 : Int64(1) << (shift - 1)
        self.init(
            x: Int32((Int64(coordinate.x) + half) >> shift), y: Int32((Int64(coordinate.y) + half) >> shift))
    }

    /// The step of a higher grid that the point lies in.
    fileprivate func step(shift: Int) -> GridPoint { GridPoint(x: x >> Int32(shift), y: y >> Int32(shift)) }
}

extension GridBox {
    /// The middle, rounded to the north-west.
    fileprivate var centre: GridPoint {
        GridPoint(x: Int32((Int64(minX) + Int64(maxX)) >> 1), y: Int32((Int64(minY) + Int64(maxY)) >> 1))
    }
}

extension GridPolygon {
    /// The polygon as a surface with closed rings.
    fileprivate var surface: Polygon<TileUnits> {
        func closed(_ ring: [GridPoint]) -> Ring<TileUnits> {
            Ring((ring + ring.prefix(1)).map { Coordinate(x: Double($0.x), y: Double($0.y)) })
        }
        return Polygon(exterior: closed(shell), holes: holes.map(closed))
    }
}
