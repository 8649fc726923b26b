internal import Geometry

/// The areas of one level as they came in.
struct AreaLevel: Sendable {
    /// The surfaces, longitude and latitude.
    var surfaces: [MultiPolygon<Geographic>]
    /// The official keys, in the same order.
    var keys: [String]
    /// The zoom from which the level is shown.
    var minzoom: Int
}

/// The areas of all levels (districts, municipalities) as one coverage whose borders are shared at every zoom.
///
/// Built once per snapshot: outlines are rounded to the grid of the deepest zoom and noded there, so that a vertex
/// which one outline has and its neighbour lacks becomes a vertex of both. The smallest pieces that levels have in
/// common (a municipality within its district) are cut into arcs, and each arc's vertices are ranked. A zoom is then a
/// threshold over the ranks.
struct AreaCoverage: Sendable {
    private let keys: [[String]]
    private let minzooms: [Int]
    private let maxzoom: Int
    /// The pieces of the first level, of the first two, and so on.
    private let pieces: [AreaPieces]
    /// How many parts of areas are too small for the deepest grid and stand as one step of it.
    private let smallestParts: Int

    /// The smallest triangle that a border keeps, in square steps of the zoom's grid: 4 × 4 steps, of which 8 make a
    /// pixel of a 512-pixel tile. At the deepest zoom every vertex is kept.
    static let tolerance = 16.0

    /// - Parameter levels: The levels, ascending by `minzoom`.
    /// - Complexity: O(n log n) in the vertices.
    init(_ levels: [AreaLevel], maxzoom: Int) throws(GeometryError) {
        keys = levels.map(\.keys)
        minzooms = levels.map(\.minzoom)
        self.maxzoom = maxzoom
        let grid = TileGrid(zoom: maxzoom)
        let outlines = Self.outlines(levels, grid: grid)
        var stamps = outlines.stamps
        var ends: [Int32] = [0]
        for level in levels { ends.append(ends[ends.count - 1] + Int32(level.surfaces.count)) }
        let precedence = [Int32](repeating: 0, count: Int(ends[levels.count]))
        var arrangement = AreaArrangement(outlines.strands + stamps.strands, tileLines: false)
        var labels: [[Int32]]
        // An area that lies wholly under another one comes back as a step; each round brings back at least one.
        while true {
            let winners = levels.indices.map { level in
                arrangement.winners(among: ends[level]..<ends[level + 1], precedence: precedence)
            }
            labels = zip(winners, ends).map { winners, first in winners.map { $0 < 0 ? $0 : $0 - first } }
            let present = Set(winners.joined())
            let lost = outlines.places.indices.filter { !present.contains(Int32($0)) }
            let places = lost.compactMap { area in outlines.places[area].map { (area, $0) } }
            guard !places.isEmpty else { break }
            for (area, place) in places { stamps.add(area, at: place) }
            arrangement = AreaArrangement(outlines.strands + stamps.strands, tileLines: false)
        }
        smallestParts = stamps.count
        pieces = try levels.indices.map { last throws(GeometryError) in
            try AreaPieces(
                labels: Array(labels[...last]), counts: levels[...last].map(\.surfaces.count), of: arrangement.graph)
        }
    }

    /// Each ring with its area on the left, whatever way it came in; a stamp for each part smaller than a step; for each
    /// area the place of a vertex, nil where it has none.
    private static func outlines(
        _ levels: [AreaLevel], grid: TileGrid
    ) -> (strands: [Strand], stamps: Stamps, places: [GridPoint?]) {
        var strands: [Strand] = []
        var stamps = Stamps()
        var places: [GridPoint?] = []
        for surface in levels.lazy.flatMap(\.surfaces) {
            let area = places.count
            var place: GridPoint?
            for polygon in surface.polygons {
                for (position, ring) in polygon.rings.enumerated() {
                    var points = ring.coordinates.map { grid.vertex(WebMercator.project($0)) }
                    guard let first = points.first else { continue }
                    points.append(first)
                    place = place ?? first
                    let isShell = position == 0
                    let doubledArea = TileGeometry.doubledArea(points)
                    if isShell, doubledArea == 0 { stamps.add(area, at: first) }
                    if (doubledArea > 0) != isShell { points.reverse() }
                    strands.append(Strand(points: points, sides: [AreaSide(area: Int32(area), winding: 1)]))
                }
            }
            places.append(place)
        }
        return (strands, stamps, places)
    }

    /// The coverage as it is drawn at a zoom. - Complexity: O(n log n) in the vertices that remain.
    func drawn(zoom: Int) -> ZoomCoverage {
        let shown = minzooms.prefix { $0 <= zoom }.count
        guard shown > 0 else { return ZoomCoverage(zoom: zoom, polygons: [], borders: [], collapsedParts: 0) }
        let pieces = pieces[shown - 1]
        let shift = maxzoom - zoom
        let tolerance = shift == 0 ? 0 : Self.tolerance * Double(Int64(1) << (2 * shift))
        let lines = pieces.strands(tolerance: tolerance, shift: shift)
        var stamps = Stamps()
        for (piece, place) in pieces.collapsedParts(tolerance: tolerance, shift: shift) { stamps.add(piece, at: place) }
        // Each round brings back at least one area for good, so there are at most as many rounds as areas.
        while true {
            let arrangement = AreaArrangement(lines + stamps.strands, tileLines: true)
            let winners = arrangement.winners(among: 0..<Int32(pieces.count), precedence: pieces.precedence)
            let lost = pieces.lostAreas(winners)
            guard lost.isEmpty else {
                for piece in lost { stamps.add(piece, at: pieces.place(of: piece, shift: shift)) }
                continue
            }
            let labels = (0..<shown).map { level in winners.map { pieces.area(of: $0, level: level) } }
            return ZoomCoverage(
                zoom: zoom,
                polygons: labels.enumerated().map {
                    arrangement.graph.polygons($0.element, count: keys[$0.offset].count)
                },
                borders: arrangement.graph.borders { borderLevel(labels, $0, $1) },
                collapsedParts: stamps.count + (shift == 0 ? smallestParts : 0))
        }
    }

    /// What lies between two faces. The first level are districts: the first two digits of their keys are the state.
    private func borderLevel(_ labels: [[Int32]], _ left: Int, _ right: Int) -> BorderLevel? {
        let (one, other) = (labels[0][left], labels[0][right])
        if one != other {
            guard one >= 0, other >= 0 else { return .state }
            return keys[0][Int(one)].prefix(2) == keys[0][Int(other)].prefix(2) ? .district : .state
        }
        return labels.contains { $0[left] != $0[right] } ? .municipality : nil
    }
}

/// The areas of all levels at one zoom, on the grid of that zoom: a valid coverage.
struct ZoomCoverage: Sendable {
    let zoom: Int
    /// For each shown level and each of its areas the parts.
    let polygons: [[[GridPolygon]]]
    /// For each shown level and each of its areas the box around its parts.
    let boxes: [[GridBox]]
    /// For each shown level and each of its areas how many vertices it has.
    let vertexCounts: [[Int]]
    /// The borders, each once.
    let borders: [BorderLine]
    /// How many parts of areas were too small for the grid and stand as one square step.
    let collapsedParts: Int

    init(zoom: Int, polygons: [[[GridPolygon]]], borders: [BorderLine], collapsedParts: Int) {
        self.zoom = zoom
        self.polygons = polygons
        self.borders = borders
        self.collapsedParts = collapsedParts
        boxes = polygons.map { areas in
            areas.map { parts in parts.reduce(into: GridBox.empty) { $0.formUnion($1.box) } }
        }
        vertexCounts = polygons.map { areas in
            areas.map { parts in parts.reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.count } } }
        }
    }
}
