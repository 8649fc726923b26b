import Geometry
import TestSupport
import Testing

@Suite final class PolygonIndexTests {
    let context: GEOSContext

    init() throws { context = try GEOSContext() }

    /// GEOS's answer: the first surface that covers the point, borders included.
    func oracle(_ point: Coordinate<Geographic>, _ surfaces: [MultiPolygon<Geographic>]) throws -> Int? {
        try surfaces.firstIndex {
            try $0.boundingBox.contains(point) && context.covers(.multiPolygon($0), .point(point))
        }
    }

    /// Random points, all vertices, points on and next to edges: the same answer as GEOS, in one call and in bulk.
    func compare(_ surfaces: [MultiPolygon<Geographic>], seed: UInt64, count: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let index = PolygonIndex(surfaces)
        var points = (0..<count).map { _ in generator.coordinate(in: index.bounds.expanded(by: 0.01)) }
        let edges = surfaces.flatMap(\.polygons).flatMap(\.rings).flatMap {
            Array(zip($0.coordinates, $0.coordinates.dropFirst()))
        }
        for _ in 0..<count {
            guard let (a, b) = edges.randomElement(using: &generator) else { break }
            let along = Double.random(in: 0...1, using: &generator)
            let place = Coordinate<Geographic>(x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along)
            points += [a, place, Coordinate(x: place.x.nextUp, y: place.y), Coordinate(x: place.x, y: a.y)]
        }
        var answers: [Int32] = []
        index.locate(xs: points.map(\.x), ys: points.map(\.y), into: &answers)
        #expect(answers.count == points.count)
        for (point, answer) in zip(points, answers) {
            let expected = try oracle(point, surfaces)
            #expect(answer == Int32(expected ?? -1), "seed \(seed) \(point)")
            #expect(index.locate(point) == expected, "seed \(seed) \(point)")
        }
        #expect(context.liveObjectCount == 0)
    }

    @Test(arguments: [81, 82] as [UInt64])
    func agreesWithGEOSOnACoverage(seed: UInt64) throws {
        try compare(CoverageArcsTests.coverage(seed: seed), seed: seed, count: 400)
    }

    @Test(arguments: [83, 84] as [UInt64])
    func agreesWithGEOSOnOverlapsAndHoles(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let box = BoundingBox<Geographic>(minX: -1, minY: -1, maxX: 1, maxY: 1)
        let surfaces = (0..<12).map { _ -> MultiPolygon<Geographic> in
            let centre = generator.coordinate(in: box)
            let star = generator.star(around: centre, radius: 0.6, vertices: 50)
            let half = star.coordinates.map {
                Coordinate<Geographic>(x: ($0.x + centre.x) / 2, y: ($0.y + centre.y) / 2)
            }
            let hole = Ring(half)
            return MultiPolygon([Polygon(exterior: star, holes: [hole.reversed])])
        }
        try compare(surfaces, seed: seed, count: 300)
    }

    /// Coordinates on a small integer grid: collinear edges, horizontal and vertical ones, shared corners everywhere.
    @Test(arguments: [85, 86] as [UInt64])
    func agreesWithGEOSOnDegenerateAlignments(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var surfaces: [MultiPolygon<Geographic>] = []
        while surfaces.count < 10 {
            let corner = (
                Double.random(in: 0...4, using: &generator).rounded(),
                Double.random(in: 0...4, using: &generator).rounded()
            )
            let ell: Ring<Geographic> = ring(
                corner, (corner.0 + 3, corner.1), (corner.0 + 3, corner.1 + 1), (corner.0 + 2, corner.1 + 1),
                (corner.0 + 1, corner.1 + 2), (corner.0 + 1, corner.1 + 3), (corner.0, corner.1 + 3), corner
            )
            surfaces.append(MultiPolygon([Polygon(exterior: ell)]))
        }
        let index = PolygonIndex(surfaces)
        for x in stride(from: -0.5, through: 8, by: 0.25) {
            for y in stride(from: -0.5, through: 8, by: 0.25) {
                let point = Coordinate<Geographic>(x: x, y: y)
                #expect(index.locate(point) == (try oracle(point, surfaces)), "seed \(seed) \(point)")
            }
        }
    }

    /// So many edges and points are shared out to all cores: the answers are those of one small index per surface.
    @Test func manyPointsAndEdges() {
        var generator = SeededGenerator(seed: 89)
        let box = BoundingBox<Geographic>(minX: -1, minY: -1, maxX: 1, maxY: 1)
        let surfaces = (0..<64).map { _ -> MultiPolygon<Geographic> in
            let centre = generator.coordinate(in: box)
            return MultiPolygon([Polygon(exterior: generator.star(around: centre, radius: 0.3, vertices: 1000))])
        }
        let index = PolygonIndex(surfaces)
        let each = surfaces.map { PolygonIndex([$0]) }
        let points = (0..<40_000).map { _ in generator.coordinate(in: index.bounds) }
        var answers: [Int32] = [7]
        index.locate(xs: points.map(\.x), ys: points.map(\.y), into: &answers)
        let expected = points.map { point in Int32(each.firstIndex { $0.locate(point) != nil } ?? -1) }
        #expect(answers == expected)
    }

    @Test func tiesGoToTheFirst() {
        let west: MultiPolygon<Geographic> = square(0, 0, 1)
        let east: MultiPolygon<Geographic> = square(1, 0, 1)
        #expect(PolygonIndex([west, east]).locate(Coordinate(x: 1, y: 0.5)) == 0)
        #expect(PolygonIndex([east, west]).locate(Coordinate(x: 1, y: 0.5)) == 0)
        #expect(PolygonIndex([west, east]).locate(Coordinate(x: 1, y: 1)) == 0)
        #expect(PolygonIndex([west, east]).locate(Coordinate(x: 2, y: 1)) == 1)
    }

    @Test func hostileInput() {
        let empty = PolygonIndex<Geographic>([])
        #expect(empty.locate(Coordinate(x: 0, y: 0)) == nil)
        let hollow = PolygonIndex([MultiPolygon<Geographic>([]), square(0, 0, 1)])
        #expect(hollow.locate(Coordinate(x: 0.5, y: 0.5)) == 1)
        for x in [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
            #expect(hollow.locate(Coordinate(x: x, y: 0.5)) == nil && hollow.locate(Coordinate(x: 0.5, y: x)) == nil)
        }
        let tiny = Double.leastNonzeroMagnitude
        let broken = PolygonIndex<Geographic>([
            MultiPolygon([Polygon(exterior: ring((0, 0), (.nan, 1), (1e308, -1e308), (tiny, 0), (0, tiny)))]),
            MultiPolygon([Polygon(exterior: ring((1, 1)))]),
            MultiPolygon([Polygon(exterior: ring((1, 1), (1, 1), (1, 1), (1, 1)))]),
            square(0.25, 0.25, 1),
        ])
        #expect(broken.locate(Coordinate(x: 0.5, y: 0.5)) == 3)
        #expect(broken.locate(Coordinate(x: 1, y: 1)) == 2)
    }

    @Test func nearest() throws {
        let surfaces: [MultiPolygon<Geographic>] = [square(10, 50, 1), square(12, 50, 1), square(10, 50, 1)]
        let index = PolygonIndex(surfaces)
        let inside = index.nearest(to: Coordinate(x: 10.5, y: 50.5), within: Metres(0))
        #expect(inside?.index == 0 && inside?.distance == Metres(0))
        let outside = Coordinate<Geographic>(longitude: 11.1, latitude: 50.5)
        let found = try #require(index.nearest(to: outside, within: Metres(50_000)))
        // The nearest place on a meridian is not at the same latitude, but 5 m away from it here.
        let beside = Geodesic.grs80.distance(from: outside, to: Coordinate(longitude: 11, latitude: 50.5))
        #expect(found.index == 0 && abs(found.distance.value - beside.value) < 0.5)
        #expect(index.nearest(to: outside, within: Metres(7000)) == nil)
        #expect(index.nearest(to: Coordinate(longitude: 11.9, latitude: 50.5), within: Metres(8000))?.index == 1)
        #expect(index.nearest(to: Coordinate(x: .nan, y: 50), within: Metres(1e9)) == nil)
    }

    /// Against the distance to every vertex and to 200 places on every edge.
    @Test(arguments: [87, 88] as [UInt64])
    func nearestAgreesWithBruteForce(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let surfaces = Array(CoverageArcsTests.coverage(seed: seed).prefix(2))
        let index = PolygonIndex(surfaces)
        let box = index.bounds.expanded(by: 0.4)
        var checked = 0
        while checked < 6 {
            let point = generator.coordinate(in: box)
            guard index.locate(point) == nil else { continue }
            checked += 1
            var best = (distance: Double.infinity, index: -1)
            for (number, surface) in surfaces.enumerated() {
                for ring in surface.polygons[0].rings {
                    for (a, b) in zip(ring.coordinates, ring.coordinates.dropFirst()) {
                        for step in 0..<200 {
                            let along = Double(step) / 200
                            let place = Coordinate<Geographic>(
                                x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along
                            )
                            let distance = Geodesic.grs80.distance(from: point, to: place).value
                            if distance < best.distance { best = (distance, number) }
                        }
                    }
                }
            }
            let found = try #require(index.nearest(to: point, within: Metres(100_000)))
            #expect(found.index == best.index, "seed \(seed) \(point)")
            #expect(abs(found.distance.value / best.distance - 1) < 1e-3, "seed \(seed) \(point)")
        }
    }

    /// Every district's label point lies in that district; the towns' place in the list is the district's.
    @Test(.enabled(if: TestData.isPresent, TestData.absence))
    func realDistricts() throws {
        let districts = try TestData.districts()
        try compare(districts.map(\.surface), seed: 89, count: 300)
        let index = PolygonIndex(districts.map(\.surface))
        let magdeburg = try #require(index.locate(Coordinate(longitude: 11.6276, latitude: 52.1205)))
        #expect(districts[magdeburg].key == "15003")
    }
}
