import TestSupport
import Testing

@testable import VectorTiles

@Suite struct TileClipTests {
    /// A patchwork of triangles, chosen by chance: its parts touch each other and the sides of the box in every way that
    /// lines on a grid can. What is cut out must be the chosen triangles in the box, no more and no less.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func cutIsWhatLiesInside(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let cells: Int32 = 9
        let step: Int32 = 4
        let share = Double.random(in: 0.2...0.9, using: &generator)
        let box = GridBox(minX: 3 * step, minY: 2 * step, maxX: 7 * step, maxY: 8 * step)
        var strands: [Strand] = []
        var inside: [[GridPoint]] = []
        for x in 0..<cells {
            for y in 0..<cells {
                let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)].map {
                    GridPoint(x: $0.0 * step, y: $0.1 * step)
                }
                let turn = Int.random(in: 0...1, using: &generator)
                for half in 0...1 {
                    guard Double.random(in: 0..<1, using: &generator) < share else { continue }
                    let triangle = [0, 1, 2].map { corners[($0 + turn + 2 * half) % 4] }
                    strands.append(
                        Strand(points: triangle + triangle.prefix(1), sides: [AreaSide(area: 0, winding: 1)]))
                    if box.contains(GridBox(triangle)) { inside.append(triangle) }
                }
            }
        }
        let arrangement = AreaArrangement(strands, tileLines: false)
        let polygons = arrangement.graph.polygons(
            arrangement.winners(among: 0..<1, precedence: [0]), count: 1)[0]
        let rings = TileClip(box).rings(of: polygons)
        #expect(rings.reduce(0) { $0 + TileGeometry.doubledArea($1) } == Int64(inside.count) * 16)
        var parts: [GridPolygon] = []
        for ring in rings {
            #expect(Set(ring).count == ring.count)
            #expect(ring.allSatisfy(box.contains))
            if TileGeometry.doubledArea(ring) > 0 {
                parts.append(GridPolygon(shell: ring))
            } else {
                #expect(!parts.isEmpty, "a hole before any shell")
                parts[parts.count - 1].holes.append(ring)
            }
        }
        // A mean of the vertices that counts one of them twice lies inside, on no edge.
        for triangle in inside {
            let middle = DoubledPoint(
                x: Int64(triangle[0].x + 2 * triangle[1].x + triangle[2].x) / 2,
                y: Int64(triangle[0].y + 2 * triangle[1].y + triangle[2].y) / 2)
            let owners = parts.count { part in
                middle.isInside(part.shell) && !part.holes.contains(where: middle.isInside)
            }
            #expect(owners == 1)
        }
    }

    @Test func boxInsideAnAreaIsCoveredAndInsideAHoleIsNot() {
        func square(_ low: Int32, _ high: Int32) -> [GridPoint] {
            [(low, low), (high, low), (high, high), (low, high)].map { GridPoint(x: $0.0, y: $0.1) }
        }
        let box = GridBox(minX: 40, minY: 40, maxX: 60, maxY: 60)
        var polygon = GridPolygon(shell: square(0, 100))
        #expect(TileClip(box).rings(of: [polygon]) == [square(40, 60)])
        polygon.holes = [square(50, 55).reversed()]
        #expect(TileClip(box).rings(of: [polygon]) == [square(40, 60), square(50, 55).reversed()])
        polygon.holes = [square(30, 70).reversed()]
        #expect(TileClip(box).rings(of: [polygon]).isEmpty)
        polygon.holes = [square(40, 60).reversed()]
        #expect(TileClip(box).rings(of: [polygon]).isEmpty)
    }

    @Test func lineIsCutIntoRuns() {
        let box = GridBox(minX: 0, minY: 0, maxX: 10, maxY: 10)
        let line = [(-5, 5), (0, 5), (5, 5), (5, 10), (5, 15), (8, 15), (8, 10), (8, 8)].map {
            GridPoint(x: $0.0, y: $0.1)
        }
        #expect(
            TileClip(box).lines(of: line, box: GridBox(line)) == [Array(line[1...3]), Array(line[6...7])])
    }
}
