internal import Foundation
public import Geometry
internal import NetworkModel

extension CoverageAnalysis {
    /// How many vertices the discs of gap polygons have (DOMAIN 6.5).
    public static let discVertices = 256

    /// The discs around the usable offers: made once per radius, cut out of the areas of any level.
    public struct Discs: Sendable {
        /// The radius.
        public let radius: Metres
        /// Why there are no discs, nil where there are.
        public let reason: MissingReason?
        /// One union per plane of the outlines.
        let unions: [DiscUnion]
    }

    /// Draws the discs of a radius.
    ///
    /// - Parameter outlines: the outlines of the same snapshot.
    /// - Complexity: O(offers · log + visible discs · vertices), on all cores. Blocks.
    /// - Throws: `AnalysisError.invalidRadius`, `AnalysisError.outlines`, `AnalysisError.cancelled`.
    public func discs(
        radius: Metres = CoverageFigures.defaultRadius, outlines: AreaOutlines, cancellation: Cancellation = .never
    ) throws(AnalysisError) -> Discs {
        let radius = try CoverageFigures.checked(radius)
        if usable.rows.isEmpty { return Discs(radius: radius, reason: .noUsableOffer, unions: []) }
        guard radius <= GeodesicDiscs.largestRadius else {
            return Discs(radius: radius, reason: .radiusTooLargeToDraw, unions: [])
        }
        let unions = try outlines.planes.map { (plane) throws(AnalysisError) in
            try union(radius, plane, cancellation)
        }
        return Discs(radius: radius, reason: nil, unions: unions)
    }

    /// The gap polygons of all areas of a level.
    ///
    /// Without a usable offer, and for radii above `GeodesicDiscs.largestRadius`, there is no picture: the figures give
    /// the reason, and people are counted all the same.
    ///
    /// - Parameter outlines: the outlines of the same snapshot.
    /// - Complexity: as `discs`, and O(cells + open vertices · log)
    /// - Throws: `AnalysisError.invalidRadius`, `AnalysisError.outlines`, `AnalysisError.cancelled`.
    public func gaps(
        _ level: AreaLevel = .district, radius: Metres = CoverageFigures.defaultRadius, outlines: AreaOutlines,
        cancellation: Cancellation = .never
    ) throws(AnalysisError) -> GapFigures {
        try gaps(
            level, discs: discs(radius: radius, outlines: outlines, cancellation: cancellation), outlines: outlines,
            cancellation: cancellation)
    }

    /// The gap polygons of all areas of a level that discs leave.
    ///
    /// - Parameters:
    ///   - discs: discs of this very analysis.
    ///   - outlines: the outlines that they were made for.
    /// - Complexity: O(cells + open vertices · log), on all cores. Blocks.
    /// - Throws: `AnalysisError.outlines`, `AnalysisError.cancelled`.
    public func gaps(
        _ level: AreaLevel, discs: Discs, outlines: AreaOutlines, cancellation: Cancellation = .never
    ) throws(AnalysisError) -> GapFigures {
        let list = AreaList(level, in: snapshot)
        var open = [OpenArea](repeating: OpenArea(), count: list.count)
        for (plane, union) in zip(outlines.planes, discs.unions) {
            try openAreas(plane, level, union, outlines, into: &open, cancellation)
        }
        let uncovered = uncoveredCells(level, discs.radius, areas: list.count)
        var polygons: [GapPolygon] = []
        var areas: [AreaGaps] = []
        for area in 0..<list.count {
            let people = access == nil ? nil : uncovered[area].reduce(Int64(0)) { $0 + demand.people[Int($1)] }
            let start = polygons.count
            let found = open[area]
            let shares = found.shares(of: uncovered[area], outlines.cells)
            for (number, polygon) in found.geographic.enumerated() {
                polygons.append(
                    GapPolygon(
                        id: "\(list.keys[area])-\(number + 1)", areaKey: list.keys[area], areaName: list.names[area],
                        surface: MultiPolygon([polygon]),
                        people: shares[number].reduce(0) { $0 + demand.people[Int($1)] }, cells: shares[number].count,
                        area: found.areas[number]))
            }
            let gapArea = found.areas.reduce(0) { $0 + $1.value }
            let outline = outlines.areas[level]?[area].value ?? 0
            areas.append(
                AreaGaps(
                    key: list.keys[area], name: list.names[area],
                    gapArea: discs.reason.map { .missing($0) } ?? .value(SquareMetres(gapArea)),
                    coveredArea: discs.reason.map { .missing($0) } ?? .value(SquareMetres(max(0, outline - gapArea))),
                    gapPeople: Figure(people, else: missingAccess),
                    peopleWithoutPolygon: found.geographic.isEmpty ? people ?? 0 : 0,
                    polygons: start..<polygons.count))
        }
        return GapFigures(
            dataVersion: snapshot.dataVersion, filter: filter, level: level, radius: discs.radius,
            discVertices: Self.discVertices, polygons: polygons, areas: areas, reason: discs.reason)
    }

    /// For each area the demand points in it that no offer reaches, ascending.
    private func uncoveredCells(_ level: AreaLevel, _ radius: Metres, areas count: Int) -> [[Int32]] {
        var result = [[Int32]](repeating: [], count: count)
        guard let access else { return result }
        for (point, area) in demand.areas(level).enumerated()
        where area >= 0 && access.distances[point] > radius.value {
            result[Int(area)].append(Int32(point))
        }
        return result
    }

    /// What discs leave open of the areas in one plane.
    private func openAreas(
        _ plane: AreaOutlines.Plane, _ level: AreaLevel, _ union: DiscUnion, _ outlines: AreaOutlines,
        into result: inout [OpenArea], _ cancellation: Cancellation
    ) throws(AnalysisError) {
        guard let sheet = plane.sheets[level], sheet.borders.count > 0 else { return }
        let borders = sheet.borders
        let cuts = try ParallelPieces.map(borders.count, size: 4, cancellation) { range in
            range.map { union.findCuts($0, of: borders) }
        }.flatMap { $0 }
        let enclosed = union.enclosedArcs(cuts, of: borders)
        let surfaces = outlines.surfaces[level] ?? []
        // A piece for each area that is open at all: they differ much in their length.
        let candidates = cuts.indices.filter { !cuts[$0].isCovered }
        let open = try ParallelPieces.map(candidates.count, size: 1, cancellation) {
            (range) throws(AnalysisError) -> [OpenArea] in
            do throws(GeometryError) {
                let geos = try GEOSContext()
                return try candidates[range].map { (number) throws(GeometryError) -> OpenArea in
                    let uncovered = try union.uncovered(
                        number, of: borders, cuts[number], enclosed: enclosed[number], geos)
                    return try OpenArea(uncovered, surfaces[sheet.areas[number]], plane.transformer)
                }
            } catch {
                throw .outlines(error.description)
            }
        }.flatMap { $0 }
        for (number, area) in zip(candidates, open) { result[sheet.areas[number]] = area }
    }

    /// The discs around the usable offers near the areas of a plane, as a union.
    private func union(
        _ radius: Metres, _ plane: AreaOutlines.Plane, _ cancellation: Cancellation
    ) throws(AnalysisError) -> DiscUnion {
        // Offers farther away than the radius reach nothing. A degree of latitude is 110.57 km or more (GRS 80).
        let reach = radius.value / 110_000 + 0.01
        let extent = plane.extent
        let cosine = max(0.01, cos(max(abs(extent.minY), abs(extent.maxY)) * .pi / 180))
        let near = BoundingBox<Geographic>(
            minX: extent.minX - reach / cosine * 1.1, minY: extent.minY - reach,
            maxX: extent.maxX + reach / cosine * 1.1, maxY: extent.maxY + reach)
        // A disc of radius 0 covers its own place alone, which has no area.
        var centres = radius.value > 0 ? Array(Set(usable.positions.filter { near.contains($0) })) : []
        centres.sort { ($0.longitude, $0.latitude) < ($1.longitude, $1.latitude) }
        let places = centres
        let planar = plane.transformer.use { transformer in transformer.transform(places) }
        let scale = plane.scale
        let vertexCount = Self.discVertices
        let discs = planar.coordinates.map {
            Disc(
                centre: $0, inner: radius.value * scale.smallest * cos(.pi / Double(vertexCount)) * 0.9995,
                outer: radius.value * scale.largest * 1.0005)
        }
        let square = DiscUnion.square(around: plane.bounds, discs: discs, vertexCount: vertexCount)
        let drawing = radius.value > 0 ? GeodesicDiscs(radius: radius, vertexCount: vertexCount) : nil
        let visible = square.visible
        let drawn = try ParallelPieces.map(visible.count, size: 64, cancellation) {
            (range) throws(AnalysisError) -> DiscOutlines in
            try plane.transformer.use { (transformer) throws(AnalysisError) -> DiscOutlines in
                var outlines = DiscOutlines(vertexCount: vertexCount)
                for number in visible[range] {
                    guard let outline = drawing?.outline(around: places[number], in: transformer) else {
                        throw .outlines("\(plane.crs) cannot show a disc of \(radius.value) m around an offer")
                    }
                    outlines.append(outline, of: number, discs[number])
                }
                return outlines
            }
        }
        var outlines = DiscOutlines(vertexCount: vertexCount)
        for part in drawn { outlines.append(part) }
        return DiscUnion(square, outlines: outlines)
    }
}

/// What is open of one area.
private struct OpenArea: Sendable {
    /// The polygons in metric coordinates.
    private(set) var planar: [Polygon<Projected>] = []
    /// The same in degrees.
    private(set) var geographic: [Polygon<Geographic>] = []
    /// The geodesic area of each.
    private(set) var areas: [SquareMetres] = []

    init() {}

    init(
        _ uncovered: UncoveredSurface, _ outline: MultiPolygon<Geographic>,
        _ transformer: SharedTransformer<Geographic, Projected>
    ) throws(GeometryError) {
        planar = uncovered.surface.polygons
        // An area that nothing reaches keeps its own coordinates, in the winding that its planar outline has.
        geographic =
            uncovered.isWhole
            ? outline.rightHanded.polygons
            : try transformer.use { (transformer) throws(GeometryError) in
                try transformer.inverse(uncovered.surface).polygons
            }
        areas = geographic.map { Geodesic.grs80.area(of: $0) }
    }

    /// The cells of each polygon: those that it holds, and those in none that are nearest to it.
    func shares(of cells: [Int32], _ positions: [Coordinate<Projected>]) -> [[Int32]] {
        var result = [[Int32]](repeating: [], count: planar.count)
        guard !planar.isEmpty, !cells.isEmpty else { return result }
        guard planar.count > 1 else { return [cells] }
        let index = PolygonIndex(planar.map { MultiPolygon([$0]) })
        for cell in cells {
            let position = positions[Int(cell)]
            let number = index.locate(position) ?? nearest(to: position)
            result[number].append(cell)
        }
        return result
    }

    /// The polygon whose border comes closest; the first of several.
    private func nearest(to position: Coordinate<Projected>) -> Int {
        var best = (square: Double.infinity, number: 0)
        for (number, polygon) in planar.enumerated() {
            for ring in polygon.rings {
                for (a, b) in zip(ring.coordinates, ring.coordinates.dropFirst()) {
                    let (dx, dy) = (b.x - a.x, b.y - a.y)
                    let length = dx * dx + dy * dy
                    let along =
                        length > 0
                        ? max(0, min(1, ((position.x - a.x) * dx + (position.y - a.y) * dy) / length)) : 0
                    let (x, y) = (a.x + along * dx - position.x, a.y + along * dy - position.y)
                    if x * x + y * y < best.square { best = (x * x + y * y, number) }
                }
            }
        }
        return best.number
    }
}
