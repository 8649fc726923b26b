import Dispatch
import Foundation
import Geometry
import Synchronization

/// Discs in the plane and what they leave open of polygons: `offers`, `polygons` (both in metres), `radius`,
/// `segments`; `index=kept` leaves the preparation of the polygons, which a server keeps, out of the time.
///
/// The discs' outlines have the vertices that GEOS gives a buffer with the same segments.
enum DiscsTask {
    @Sendable
    static func prepare(_ request: Request, _ inputs: Inputs) throws -> () throws -> [String: Double] {
        let centres: [Coordinate<Projected>] = try inputs.positions(request.text("offers"))
        let surfaces = try inputs.surfaces(request.text("polygons"), Projected.self)
        let radius = try request.number("radius")
        let segments = Int(try request.number("segments"))
        let kept = request.optional("index") == "kept" ? SurfaceBorders(surfaces) : nil
        let area = surfaces.reduce(0) { $0 + $1.planarArea }
        return {
            let open = try uncovered(
                kept ?? SurfaceBorders(surfaces), PlanarDiscs(centres: centres, radius: radius, segments: segments))
            let gaps = open.lazy.flatMap(\.surface.polygons)
            return [
                "share": 1 - open.reduce(0) { $0 + $1.surface.planarArea } / area, "gaps": Double(gaps.count),
                "by_overlay": Double(open.count(where: \.isByOverlay)),
            ]
        }
    }

    private static func uncovered(_ borders: SurfaceBorders, _ discs: PlanarDiscs) throws -> [UncoveredSurface] {
        let union = discs.union(around: borders)
        let cuts = try inPieces(borders.count) { surface, _ in union.findCuts(surface, of: borders) }
        let enclosed = union.enclosedArcs(cuts, of: borders)
        return try inPieces(borders.count) { surface, geos in
            try union.uncovered(surface, of: borders, cuts[surface], enclosed: enclosed[surface], geos)
        }
    }

    /// Works on numbers on all cores, a piece of them with a GEOS context of its own, and gives the results in order.
    private static func inPieces<Value: Sendable>(
        _ count: Int, _ body: @Sendable (Int, borrowing GEOSContext) throws -> Value
    ) throws -> [Value] {
        let size = 16
        let pieces = (count + size - 1) / size
        let results = Mutex([Result<[Value], any Error>?](repeating: nil, count: pieces))
        try withoutActuallyEscaping(body) { body in
            DispatchQueue.concurrentPerform(iterations: pieces) { piece in
                let result = Result {
                    let geos = try GEOSContext()
                    return try (piece * size..<min((piece + 1) * size, count)).map { try body($0, geos) }
                }
                results.withLock { $0[piece] = result }
            }
        }
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }
}

/// Discs of one radius as regular polygons.
private struct PlanarDiscs {
    let centres: [Coordinate<Projected>]
    let radius: Double
    let segments: Int

    func union(around borders: SurfaceBorders) -> DiscUnion {
        let inner = radius * cos(.pi / Double(segments)) * (1 - 1e-9)
        let discs = centres.map { Disc(centre: $0, inner: inner, outer: radius * (1 + 1e-9)) }
        let square = DiscUnion.square(around: borders.bounds, discs: discs, vertexCount: segments)
        let steps = (0..<segments).map { 2 * Double.pi * Double($0) / Double(segments) }
        let offsets = steps.map { Coordinate<Projected>(x: radius * cos($0), y: radius * sin($0)) }
        var outlines = DiscOutlines(vertexCount: segments)
        for number in square.visible {
            let centre = centres[number]
            outlines.append(
                offsets.map { Coordinate(x: centre.x + $0.x, y: centre.y + $0.y) }, of: number, discs[number])
        }
        return DiscUnion(square, outlines: outlines)
    }
}
