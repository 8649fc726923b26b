internal import CGEOS

/// Whether surfaces form a coverage: no overlaps, no gaps, borders shared vertex by vertex.
///
/// Only stretches of border that do not have exactly one surface on each side are looked at with GEOS: for a sound
/// coverage that is its outline alone. Two surfaces under one key are two surfaces here; their overlap is reported.
public struct CoverageCheck<Key: Hashable & Sendable>: Sendable {
    /// A place that two surfaces both claim.
    public struct Overlap: Hashable, Sendable {
        /// The surface that came first in the input.
        public var first: Key
        /// The other.
        public var second: Key
        /// The place and its size.
        public var patch: CoveragePatch
    }

    /// A place within the outline that no surface claims. A foreign enclave looks the same.
    public struct Gap: Hashable, Sendable {
        /// The surfaces around it, in input order.
        public var neighbours: [Key]
        /// The place and its size.
        public var patch: CoveragePatch
    }

    /// A line inside the coverage along which two surfaces meet with different vertices. Nothing is missing there, but
    /// the border is not shared, and would come apart if simplified.
    public struct UnmatchedBorder: Hashable, Sendable {
        /// The surfaces along it, in input order.
        public var neighbours: [Key]
        /// Its vertices.
        public var line: [Coordinate<Geographic>]
    }

    /// Overlaps, ordered by the surfaces' input order, then by place.
    public private(set) var overlaps: [Overlap] = []
    /// Gaps, ordered by place (west to east, then south to north).
    public private(set) var gaps: [Gap] = []
    /// Borders that are not shared, ordered by place.
    public private(set) var unmatchedBorders: [UnmatchedBorder] = []

    /// Whether nothing was found.
    public var isSound: Bool { overlaps.isEmpty && gaps.isEmpty && unmatchedBorders.isEmpty }

    /// Checks surfaces, each of which must be valid by itself (`GEOSContext.repaired`).
    ///
    /// How many surfaces cover a place can only change across a border whose two sides do not cancel out. So those
    /// borders are noded and made into faces, and each face is covered by 0 (gap), 1 or more (overlap) surfaces.
    ///
    /// - Complexity: O(n log n) in all vertices; GEOS is asked only about the unmatched ones.
    /// - Throws: `GeometryError.malformedSurface`, `GeometryError.geos`.
    public init(
        _ surfaces: [(key: Key, surface: MultiPolygon<Geographic>)],
        in context: borrowing GEOSContext,
        geodesic: Geodesic = .grs80
    ) throws(GeometryError) {
        let arcs = try CoverageArcs(surfaces.map(\.surface), ranked: false)
        let frontier = arcs.arcs.indices.filter { arcs.arcs[$0].left.count != arcs.arcs[$0].right.count }
        guard !frontier.isEmpty else { return }
        let parts = try context.handle.polygonized(frontier.map { arcs.line(ofArc: $0) })
        let boxes = surfaces.map(\.surface.boundingBox)

        // The surfaces whose unshared borders pass through a vertex.
        var owners: [Coordinate<Geographic>: Set<Int>] = [:]
        for index in frontier {
            let arc = arcs.arcs[index]
            for vertex in arcs.coordinates[arc.vertices] { owners[vertex, default: []].formUnion(arc.left + arc.right) }
        }
        func neighbours(of vertices: some Sequence<Coordinate<Geographic>>) -> [Key] {
            vertices.reduce(into: Set<Int>()) { $0.formUnion(owners[$1] ?? []) }.sorted().map { surfaces[$0].key }
        }

        var found: [(first: Int, second: Int, patch: CoveragePatch)] = []
        var unmatched = UnmatchedEdges()
        for face in parts.faces {
            let surface = MultiPolygon([face])
            let point = try context.pointOnSurface(of: surface)
            let covering = boxes.indices.filter { boxes[$0].contains(point) && surfaces[$0].surface.contains(point) }
            if !covering.isEmpty { unmatched.add(face, covering: covering.count) }
            if covering.isEmpty {
                let patch = CoveragePatch(surface, location: point, geodesic: geodesic)
                gaps.append(Gap(neighbours: neighbours(of: face.rings.lazy.flatMap(\.coordinates)), patch: patch))
            } else if covering.count > 1 {
                let box = surface.boundingBox
                let pieces = try boxes.indices.filter { boxes[$0].intersects(box) }
                    .map { index throws(GeometryError) in
                        (index, try context.intersection(surfaces[index].surface, surface))
                    }
                    .filter { !$0.1.isEmpty }
                for (position, first) in pieces.enumerated() {
                    for second in pieces[(position + 1)...] {
                        let shared = try context.intersection(first.1, second.1)
                        guard !shared.isEmpty else { continue }
                        let location = try context.pointOnSurface(of: shared)
                        found.append(
                            (first.0, second.0, CoveragePatch(shared, location: location, geodesic: geodesic))
                        )
                    }
                }
            }
        }
        found.sort { a, b in
            (a.first, a.second, a.patch.location.x, a.patch.location.y)
                < (b.first, b.second, b.patch.location.x, b.patch.location.y)
        }
        overlaps = found.map {
            Overlap(first: surfaces[$0.first].key, second: surfaces[$0.second].key, patch: $0.patch)
        }
        gaps.sort { ($0.patch.location.x, $0.patch.location.y) < ($1.patch.location.x, $1.patch.location.y) }
        unmatchedBorders = try context.handle.merged(parts.leftovers + unmatched.edges)
            .map { UnmatchedBorder(neighbours: neighbours(of: $0), line: $0) }
            .sorted { ($0.line[0].x, $0.line[0].y, $0.line[1].x) < ($1.line[0].x, $1.line[0].y, $1.line[1].x) }
    }
}

/// Edges with equally many surfaces on both sides: nothing changes there, so the borders should have cancelled out.
private struct UnmatchedEdges {
    private struct Edge: Hashable {
        let start: Coordinate<Geographic>
        let end: Coordinate<Geographic>
    }

    private(set) var edges: [[Coordinate<Geographic>]] = []
    /// The faces' edges in their direction, with the number of surfaces that cover the face.
    private var covering: [Edge: Int] = [:]

    /// Adds a face. Faces have their inside on the same side of all their edges, so a neighbour runs the other way.
    mutating func add(_ face: Polygon<Geographic>, covering count: Int) {
        for ring in face.rightHanded.rings {
            for (start, end) in zip(ring.coordinates, ring.coordinates.dropFirst()) {
                if covering[Edge(start: end, end: start)] == count { edges.append([start, end]) }
                covering[Edge(start: start, end: end)] = count
            }
        }
    }
}

/// A place at which a coverage is unsound.
public struct CoveragePatch: Hashable, Sendable {
    /// The place itself.
    public let surface: MultiPolygon<Geographic>
    /// A point in it.
    public let location: Coordinate<Geographic>
    /// Its geodesic area.
    public let area: SquareMetres
    /// Twice the area over the perimeter: small against the length for slivers, which come from borders that were
    /// digitised twice.
    public let meanWidth: Metres

    init(_ surface: MultiPolygon<Geographic>, location: Coordinate<Geographic>, geodesic: Geodesic) {
        self.surface = surface
        self.location = location
        area = geodesic.area(of: surface)
        let perimeter = surface.polygons.lazy.flatMap(\.rings).reduce(0) { $0 + geodesic.perimeter(of: $1).value }
        meanWidth = Metres(perimeter > 0 ? 2 * area.value / perimeter : 0)
    }
}

extension MultiPolygon {
    /// Whether a point lies inside, by counting crossings; on the border it is either. - Complexity: O(n)
    func contains(_ point: Coordinate<Frame>) -> Bool {
        var isInside = false
        for ring in polygons.lazy.flatMap(\.rings) {
            for (a, b) in zip(ring.coordinates, ring.coordinates.dropFirst()) where (a.y > point.y) != (b.y > point.y) {
                let (low, high) = a.y < b.y ? (a, b) : (b, a)
                let side = (high.x - low.x) * (point.y - low.y) - (point.x - low.x) * (high.y - low.y)
                if side > 0 { isInside.toggle() }
            }
        }
        return isInside
    }
}

extension GEOSContext {
    /// Any point inside a surface that is not empty.
    func pointOnSurface<Frame>(of surface: MultiPolygon<Frame>) throws(GeometryError) -> Coordinate<Frame> {
        let geometry = try handle.surface(surface)
        // NULL on exception.
        let point = try handle.take(geometry.lend { GEOSPointOnSurface_r(handle.pointer, $0) })
        guard case .point(let coordinate) = try point.value() as FeatureGeometry<Frame> else {
            throw .malformedSurface(reason: "a surface without area")
        }
        return coordinate
    }
}

extension GEOSHandle {
    /// The faces that lines enclose, and what of the lines encloses nothing.
    func polygonized<Frame>(
        _ lines: [[Coordinate<Frame>]]
    ) throws(GeometryError) -> (faces: [Polygon<Frame>], leftovers: [[Coordinate<Frame>]]) {
        let raw = try geometry(.multiLineString(lines))
        // The union nodes the lines: afterwards they meet in vertices only, and none is there twice. NULL on exception.
        let noded = try take(raw.lend { GEOSUnaryUnion_r(pointer, $0) })
        var cuts: OpaquePointer?
        var dangles: OpaquePointer?
        var invalid: OpaquePointer?
        // NULL on exception; the three others are the caller's to free.
        let faces = try take(noded.lend { GEOSPolygonize_full_r(pointer, $0, &cuts, &dangles, &invalid) })
        let cutLines = try take(cuts)
        let dangleLines = try take(dangles)
        let invalidLines = try take(invalid)
        let leftovers: [FeatureGeometry<Frame>] = try [cutLines.value(), dangleLines.value(), invalidLines.value()]
        return (try faces.surface().polygons, leftovers.flatMap(\.lines))
    }
}

extension GEOSHandle {
    /// Lines joined wherever two, and only two, of them meet.
    func merged<Frame>(_ lines: [[Coordinate<Frame>]]) throws(GeometryError) -> [[Coordinate<Frame>]] {
        guard !lines.isEmpty else { return [] }
        let separate = try geometry(.multiLineString(lines))
        // NULL on exception.
        let joined: FeatureGeometry<Frame> = try take(separate.lend { GEOSLineMerge_r(pointer, $0) }).value()
        return joined.lines
    }
}

extension FeatureGeometry {
    /// The lines, also those inside collections.
    fileprivate var lines: [[Coordinate<Frame>]] {
        switch self {
        case .lineString(let line): [line]
        case .multiLineString(let lines): lines
        case .collection(let members): members.flatMap(\.lines)
        default: []
        }
    }
}
