import Foundation
import Geometry
import TestSupport
import Testing

/// A coverage of `columns` x `rows` wobbly cells that share their borders vertex by vertex.
struct WobblyGrid {
    let columns: Int
    let rows: Int
    var surfaces: [MultiPolygon<Geographic>] = []
    let box: BoundingBox<Geographic>

    /// - Parameter detail: the number of edges between two corners.
    init(
        columns: Int, rows: Int, detail: Int, in box: BoundingBox<Geographic>, using generator: inout SeededGenerator
    ) {
        self.columns = columns
        self.rows = rows
        self.box = box
        let width = (box.maxX - box.minX) / Double(columns)
        let height = (box.maxY - box.minY) / Double(rows)
        func side(_ a: Coordinate<Geographic>, _ b: Coordinate<Geographic>) -> [Coordinate<Geographic>] {
            let across = Coordinate<Geographic>(x: (b.y - a.y) * 0.1, y: (a.x - b.x) * 0.1)
            return [a]
                + (1..<detail).map { step in
                    let along = Double(step) / Double(detail)
                    let off = Double.random(in: -1...1, using: &generator) * min(along, 1 - along)
                    return Coordinate(
                        x: a.x + (b.x - a.x) * along + across.x * off, y: a.y + (b.y - a.y) * along + across.y * off
                    )
                } + [b]
        }
        func corner(_ column: Int, _ row: Int) -> Coordinate<Geographic> {
            Coordinate(x: box.minX + Double(column) * width, y: box.minY + Double(row) * height)
        }
        let horizontal = (0...rows).map { row in
            (0..<columns).map { side(corner($0, row), corner($0 + 1, row)) }
        }
        let vertical = (0...columns).map { column in
            (0..<rows).map { side(corner(column, $0), corner(column, $0 + 1)) }
        }
        for row in 0..<rows {
            for column in 0..<columns {
                let ring =
                    horizontal[row][column].dropLast() + vertical[column + 1][row].dropLast()
                    + horizontal[row + 1][column].reversed().dropLast() + vertical[column][row].reversed()
                surfaces.append(MultiPolygon([Polygon(exterior: Ring(Array(ring)))]))
            }
        }
    }
}

/// The same ring from another vertex on.
func rotated<Frame>(_ ring: Ring<Frame>, by steps: Int) -> Ring<Frame> {
    let open = Array(ring.coordinates.dropLast())
    let start = steps % open.count
    let turned = Array(open[start...] + open[..<start])
    return Ring(turned + [turned[0]])
}

/// The ring from its lowest vertex on: equal for rings that differ in their start alone.
func normalized<Frame>(_ ring: Ring<Frame>) -> Ring<Frame> {
    let open = ring.coordinates.dropLast()
    let start = open.indices.min { (open[$0].x, open[$0].y) < (open[$1].x, open[$1].y) } ?? 0
    return rotated(ring, by: start)
}

@Suite struct CoverageArcsTests {
    /// Cells with random starts, and an island in the first cell that is another surface.
    static func coverage(seed: UInt64) -> [MultiPolygon<Geographic>] {
        var generator = SeededGenerator(seed: seed)
        let box = BoundingBox<Geographic>(minX: 10, minY: 50, maxX: 14, maxY: 53)
        var surfaces = WobblyGrid(columns: 4, rows: 3, detail: 30, in: box, using: &generator).surfaces
        let island = generator.star(around: Coordinate(longitude: 10.5, latitude: 50.5), radius: 0.2, vertices: 25)
        surfaces[0].polygons[0].holes = [rotated(island.reversed, by: 7)]
        surfaces.append(MultiPolygon([Polygon(exterior: island)]))
        for index in surfaces.indices {
            let ring = surfaces[index].polygons[0].exterior
            surfaces[index].polygons[0].exterior = rotated(ring, by: Int.random(in: 0..<100, using: &generator))
        }
        return surfaces
    }

    @Test(arguments: [61, 62, 63] as [UInt64])
    func ringsAreRebuilt(seed: UInt64) throws {
        let surfaces = Self.coverage(seed: seed)
        let arcs = try CoverageArcs(surfaces)
        #expect(arcs.surfaceCount == surfaces.count)
        for (index, surface) in surfaces.enumerated() {
            let rebuilt = arcs.surface(index)
            #expect(rebuilt.polygons.count == surface.polygons.count)
            for (a, b) in zip(rebuilt.polygons, surface.rightHanded.polygons) {
                #expect(a.rings.map(normalized) == b.rings.map(normalized), "seed \(seed)")
            }
        }
    }

    /// 4 x 3 cells have 17 inner borders. The outline is cut at its 10 junctions, plus the island's one ring.
    @Test func everyBorderOnce() throws {
        let arcs = try CoverageArcs(Self.coverage(seed: 64))
        let inner = arcs.arcs.filter { !$0.left.isEmpty && !$0.right.isEmpty }
        #expect(inner.count == 17 + 1)
        #expect(arcs.arcs.count == 17 + 1 + 10)
        #expect(arcs.arcs.allSatisfy { $0.left.count <= 1 && $0.right.count <= 1 })
        let island = inner.filter { $0.left == [12] || $0.right == [12] }
        #expect(island.count == 1 && Set(island[0].left + island[0].right) == [0, 12])
    }

    @Test func sidesAreRight() throws {
        let arcs = try CoverageArcs([square(0, 0, 1, as: Projected.self), square(1, 0, 1)])
        let border = try #require(arcs.arcs.firstIndex { !$0.left.isEmpty && !$0.right.isEmpty })
        // The canonical direction is upwards here, so the western square is on the left.
        #expect(arcs.line(ofArc: border) == [Coordinate(x: 1, y: 0), Coordinate(x: 1, y: 1)])
        #expect(arcs.arcs[border].left == [0] && arcs.arcs[border].right == [1])
    }

    @Test(arguments: [65, 66] as [UInt64])
    func neighboursStayTogetherAtEveryTolerance(seed: UInt64) throws {
        let surfaces = Self.coverage(seed: seed)
        let arcs = try CoverageArcs(surfaces)
        var previous = Int.max
        for tolerance in [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1, .infinity] {
            let simplified = surfaces.indices.map { arcs.surface($0, tolerance: tolerance) }
            let count = simplified.reduce(0) { $0 + $1.vertexCount }
            #expect(count <= previous)
            previous = count
            for ring in simplified.flatMap(\.polygons).flatMap(\.rings) {
                #expect(ring.coordinates.count >= 4 && ring.coordinates.first == ring.coordinates.last)
                #expect(ring.doubledSignedArea != 0, "seed \(seed), tolerance \(tolerance)")
            }
            // What each cell loses, its neighbour gains: the outline alone decides the sum.
            let again = try CoverageArcs(simplified)
            #expect(again.arcs.count == arcs.arcs.count, "seed \(seed), tolerance \(tolerance)")
            for (a, b) in zip(again.arcs, arcs.arcs) { #expect(Set([a.left, a.right]) == Set([b.left, b.right])) }
        }
        #expect(previous < surfaces.reduce(0) { $0 + $1.vertexCount } / 10)
    }

    /// A square with a small roof on its upper side, by hand.
    @Test func effectiveAreas() throws {
        let roof: Ring<Projected> = ring((0, 0), (10, 0), (10, 10), (6, 10), (5, 11), (4, 10), (0, 10), (0, 0))
        let arcs = try CoverageArcs([MultiPolygon([Polygon(exterior: roof)])])
        // The point of the roof (area 1) goes first; then 6 and 4 lie on a straight line.
        #expect(arcs.line(ofArc: 0, tolerance: 0.9).count == 8)
        #expect(arcs.line(ofArc: 0, tolerance: 1.1).count == 5)
        #expect(arcs.line(ofArc: 0, tolerance: .infinity).count == 4)
    }

    @Test func endsArePinned() throws {
        let arcs = try CoverageArcs(Self.coverage(seed: 67))
        for arc in arcs.arcs {
            #expect(arcs.ranks[arc.vertices.lowerBound] == .infinity)
            #expect(arcs.ranks[arc.vertices.upperBound - 1] == .infinity)
            #expect(arcs.ranks[arc.vertices].allSatisfy { $0 > 0 })
        }
    }

    @Test func degenerateRingIsRefused() {
        #expect(throws: GeometryError.self) {
            try CoverageArcs([MultiPolygon<Projected>([Polygon(exterior: ring((0, 0), (1, 1), (0, 0)))])])
        }
    }

    @Test(.enabled(if: TestData.isPresent, TestData.absence))
    func realDistricts() throws {
        let districts = try TestData.districts()
        let arcs = try CoverageArcs(districts.map(\.surface))
        for (index, district) in districts.enumerated() {
            for (a, b) in zip(arcs.surface(index).polygons, district.surface.rightHanded.polygons) {
                #expect(a.rings.map(normalized) == b.rings.map(normalized))
            }
        }
        #expect(arcs.arcs.allSatisfy { $0.left.count <= 1 && $0.right.count <= 1 })
        let context = try GEOSContext()
        // 1e-4 square degrees are 0.8 km²: the districts still form a coverage.
        for tolerance in [1e-6, 1e-5, 1e-4] {
            let simplified = districts.indices.map { (districts[$0].key, arcs.surface($0, tolerance: tolerance)) }
            let check = try CoverageCheck(simplified.map { (key: $0.0, surface: $0.1) }, in: context)
            #expect(check.isSound, "tolerance \(tolerance)")
        }
    }
}

@Suite final class CoverageCheckTests {
    let context: GEOSContext

    init() throws { context = try GEOSContext() }

    func check(_ surfaces: [MultiPolygon<Geographic>]) throws -> CoverageCheck<Int> {
        let check = try CoverageCheck(surfaces.enumerated().map { (key: $0.offset, surface: $0.element) }, in: context)
        #expect(context.liveObjectCount == 0)
        return check
    }

    @Test(arguments: [71, 72] as [UInt64])
    func soundCoverage(seed: UInt64) throws {
        #expect(try check(CoverageArcsTests.coverage(seed: seed)).isSound, "seed \(seed)")
        #expect(try check([]).isSound)
        #expect(try check([square(0, 0, 1)]).isSound)
        #expect(try check([square(0, 0, 1), square(5, 5, 1)]).isSound, "apart")
        #expect(try check([square(0, 0, 1), square(1, 1, 1)]).isSound, "one shared corner")
    }

    @Test func plantedOverlap() throws {
        let check = try check([square(10, 50, 1), square(10.9, 50, 1), square(20, 50, 1)])
        let overlap = try #require(check.overlaps.first)
        #expect(check.overlaps.count == 1 && check.gaps.isEmpty && check.unmatchedBorders.isEmpty)
        #expect(overlap.first == 0 && overlap.second == 1)
        let box = BoundingBox<Geographic>(minX: 10.9, minY: 50, maxX: 11, maxY: 51)
        #expect(box.contains(overlap.patch.location))
        let expected = Geodesic.grs80.area(of: box.polygon).value
        #expect(abs(overlap.patch.area.value / expected - 1) < 1e-9)
    }

    @Test func identicalAndContained() throws {
        let identical = try check([square(10, 50, 1), square(10, 50, 1)])
        #expect(identical.overlaps.map { [$0.first, $0.second] } == [[0, 1]])
        let contained = try check([square(10, 50, 1), square(10.2, 50.2, 0.1)])
        #expect(contained.overlaps.map { [$0.first, $0.second] } == [[0, 1]])
        #expect(contained.gaps.isEmpty)
        let expected = Geodesic.grs80.area(of: square(10.2, 50.2, 0.1) as MultiPolygon<Geographic>).value
        #expect(abs((contained.overlaps.first?.patch.area.value ?? 0) / expected - 1) < 1e-9)
        // Two whole coverages, one on the other: each cell with its double, in order.
        let cells = CoverageArcsTests.coverage(seed: 73)
        let doubled = try check(cells + cells)
        #expect(doubled.overlaps.map { [$0.first, $0.second] } == cells.indices.map { [$0, $0 + cells.count] })
    }

    @Test func plantedGap() throws {
        var surfaces = CoverageArcsTests.coverage(seed: 74)
        let missing = surfaces.remove(at: 5)
        let check = try check(surfaces)
        #expect(check.overlaps.isEmpty && check.gaps.count == 1)
        let gap = try #require(check.gaps.first)
        // The four cells that share a border with it; the later ones have moved up by one.
        #expect(gap.neighbours == [1, 4, 5, 8])
        #expect(abs(gap.patch.area.value / Geodesic.grs80.area(of: missing).value - 1) < 1e-9)
    }

    @Test func plantedSliver() throws {
        // The eastern square's western border bulges by 1e-5 degrees: the other does not follow.
        let bulging: Ring<Geographic> = ring(
            (11, 50), (12, 50), (12, 51), (11, 51), (11.00001, 50.5), (11, 50)
        )
        let gap = try check([square(10, 50, 1), MultiPolygon([Polygon(exterior: bulging)])])
        #expect(gap.overlaps.isEmpty && gap.gaps.count == 1)
        #expect(gap.gaps.first?.neighbours == [0, 1])
        // Half of 0.7 m on average.
        #expect(abs((gap.gaps.first?.patch.meanWidth.value ?? 0) - 0.35) < 0.02)
        let other: Ring<Geographic> = ring((11, 50), (12, 50), (12, 51), (11, 51), (10.99999, 50.5), (11, 50))
        let overlap = try check([square(10, 50, 1), MultiPolygon([Polygon(exterior: other)])])
        #expect(overlap.gaps.isEmpty && overlap.overlaps.count == 1)
    }

    @Test func unmatchedBorder() throws {
        // One more vertex exactly on the shared border: nothing is missing, but it is not shared.
        let extra: Ring<Geographic> = ring((11, 50), (12, 50), (12, 51), (11, 51), (11, 50.5), (11, 50))
        let check = try check([square(10, 50, 1), MultiPolygon([Polygon(exterior: extra)])])
        #expect(check.gaps.isEmpty && check.overlaps.isEmpty)
        #expect(!check.unmatchedBorders.isEmpty)
        #expect(check.unmatchedBorders.first?.neighbours == [0, 1])
        #expect(check.unmatchedBorders.flatMap(\.line).contains(Coordinate(longitude: 11, latitude: 50.5)))
    }

    @Test(arguments: [75, 76, 77] as [UInt64])
    func damagedCoverage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var surfaces = CoverageArcsTests.coverage(seed: seed)
        // Ten vertices of the outer rings are moved in one surface alone.
        for _ in 0..<10 {
            let surface = Int.random(in: 1..<12, using: &generator)
            let vertex = Int.random(in: 1..<100, using: &generator)
            let shift = Double.random(in: -0.001...0.001, using: &generator)
            surfaces[surface].polygons[0].exterior.coordinates[vertex].x += shift
        }
        let check = try check(surfaces)
        #expect(!check.isSound)
        // Areas add up: what is claimed, less what is claimed twice, plus the gaps, is the whole (but for its outline).
        // In the plane: a geodesic between two vertices is another line than the two geodesics over a point between.
        let claimed = surfaces.reduce(0) { $0 + $1.planarArea }
        let twice = check.overlaps.reduce(0) { $0 + $1.patch.surface.planarArea }
        let gaps = check.gaps.reduce(0) { $0 + $1.patch.surface.planarArea }
        let union = try context.union(surfaces)
        let whole = MultiPolygon(union.polygons.map { Polygon(exterior: $0.exterior) }).planarArea
        #expect(twice > 1e-9 && gaps > 1e-9, "seed \(seed)")
        #expect(abs(claimed - twice + gaps - whole) < 1e-10, "seed \(seed)")
    }

    @Test(.enabled(if: TestData.isPresent, TestData.absence))
    func realDistricts() throws {
        let check = try CoverageCheck(TestData.districts(), in: context)
        #expect(check.isSound)
        #expect(context.liveObjectCount == 0)
    }
}
