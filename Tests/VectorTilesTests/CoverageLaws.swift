import TestSupport
import Testing

@testable import VectorTiles

/// The laws of a coverage on the grid, judged without any of the code that makes it.
struct CoverageLaws {
    let areas: [[GridPolygon]]

    private struct DirectedEdge: Hashable {
        let start: GridPoint
        let end: GridPoint
    }

    /// Winding, simple rings, edges that are shared in full or not at all, and no two that cross or touch elsewhere.
    func checkBorders(sourceLocation: SourceLocation = #_sourceLocation) {
        var owners: [DirectedEdge: Int] = [:]
        for (area, polygons) in areas.enumerated() {
            for polygon in polygons {
                #expect(signedArea(polygon.shell) > 0, "a shell must be positive", sourceLocation: sourceLocation)
                for hole in polygon.holes {
                    #expect(signedArea(hole) < 0, "a hole must be negative", sourceLocation: sourceLocation)
                    #expect(polygon.box.contains(GridBox(hole)), sourceLocation: sourceLocation)
                }
                for ring in polygon.rings {
                    #expect(Set(ring).count == ring.count, "a ring touches itself", sourceLocation: sourceLocation)
                    for (start, end) in zip(ring, ring.dropFirst() + ring.prefix(1)) {
                        let former = owners.updateValue(area, forKey: DirectedEdge(start: start, end: end))
                        #expect(former == nil, "two areas on one side of an edge", sourceLocation: sourceLocation)
                    }
                }
            }
        }
        for (edge, area) in owners {
            let opposite = owners[DirectedEdge(start: edge.end, end: edge.start)]
            #expect(opposite != area, "an area on both sides of its edge", sourceLocation: sourceLocation)
        }
        let edges = Set(owners.keys.map { $0.start < $0.end ? $0 : DirectedEdge(start: $0.end, end: $0.start) })
        #expect(crossings(Array(edges)) == 0, "edges cross or touch", sourceLocation: sourceLocation)
    }

    /// Positions that lie in more than one area: none, wherever one looks.
    func overlaps(samples: Int, seed: UInt64) -> (several: Int, none: Int) {
        var generator = SeededGenerator(seed: seed)
        var box = GridBox.empty
        for polygon in areas.joined() { box.formUnion(polygon.box) }
        var (several, none) = (0, 0)
        for _ in 0..<samples {
            // Odd in half steps: on no vertex, and on no upright or level edge.
            let x = 2 * Int64.random(in: Int64(box.minX)..<Int64(box.maxX), using: &generator) + 1
            let y = 2 * Int64.random(in: Int64(box.minY)..<Int64(box.maxY), using: &generator) + 1
            let owners = areas.count { $0.contains { isInside($0, x, y) } }
            if owners > 1 { several += 1 }
            if owners == 0 { none += 1 }
        }
        return (several, none)
    }

    private func isInside(_ polygon: GridPolygon, _ x: Int64, _ y: Int64) -> Bool {
        polygon.rings.reduce(0) { $0 + winding($1, x, y) } != 0
    }

    /// The winding number of a ring around a position in half steps; 0 for a position on an edge.
    private func winding(_ ring: [GridPoint], _ x: Int64, _ y: Int64) -> Int {
        var winding = 0
        for (start, end) in zip(ring, ring.dropFirst() + ring.prefix(1)) {
            let (startX, startY) = (2 * Int64(start.x), 2 * Int64(start.y))
            let (endX, endY) = (2 * Int64(end.x), 2 * Int64(end.y))
            let side = (endX - startX) * (y - startY) - (endY - startY) * (x - startX)
            if side == 0, min(startX, endX) <= x, x <= max(startX, endX), min(startY, endY) <= y, y <= max(startY, endY)
            {
                return 0
            }
            if startY <= y, endY > y, side > 0 { winding += 1 }
            if startY > y, endY <= y, side < 0 { winding -= 1 }
        }
        return winding
    }

    private func signedArea(_ ring: [GridPoint]) -> Int64 {
        zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) { sum, edge in
            sum + Int64(edge.0.x) * Int64(edge.1.y) - Int64(edge.1.x) * Int64(edge.0.y)
        }
    }

    /// Pairs of edges that share more than an end.
    private func crossings(_ edges: [DirectedEdge]) -> Int {
        let edges = edges.sorted { ($0.start.x, $0.start.y, $0.end.y) < ($1.start.x, $1.start.y, $1.end.y) }
        var active: [DirectedEdge] = []
        var count = 0
        for edge in edges {
            active.removeAll { $0.end.x < edge.start.x }
            count += active.count { meet($0, edge) }
            active.append(edge)
        }
        return count
    }

    private func meet(_ one: DirectedEdge, _ other: DirectedEdge) -> Bool {
        guard min(one.start.y, one.end.y) <= max(other.start.y, other.end.y),
            min(other.start.y, other.end.y) <= max(one.start.y, one.end.y)
        else { return false }
        let ends = [one.start, one.end, other.start, other.end]
        if Set(ends).count < 3 { return true }
        let a = other.start.side(of: one.start, one.end).signum()
        let b = other.end.side(of: one.start, one.end).signum()
        let c = one.start.side(of: other.start, other.end).signum()
        let d = one.end.side(of: other.start, other.end).signum()
        if a * b < 0, c * d < 0 { return true }
        func touches(_ side: Int64, _ point: GridPoint, _ edge: DirectedEdge) -> Bool {
            side == 0 && point != edge.start && point != edge.end && GridBox([edge.start, edge.end]).contains(point)
        }
        return touches(a, other.start, one) || touches(b, other.end, one) || touches(c, one.start, other)
            || touches(d, one.end, other)
    }
}
