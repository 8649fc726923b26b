import Foundation
import Geometry
import TestSupport
import Testing

@Suite final class GEOSContextTests {
    typealias Surface = MultiPolygon<Projected>
    let context: GEOSContext

    init() throws { context = try GEOSContext() }

    static let bowTie = Surface([Polygon(exterior: ring((0, 0), (2, 2), (2, 0), (0, 2), (0, 0)))])

    @Test func validity() throws {
        #expect(try context.validity(of: square(0, 0, 1, as: Projected.self)) == .valid)
        #expect(try context.validity(of: Surface([])) == .valid)
        #expect(
            try context.validity(of: Self.bowTie)
                == .invalid(reason: "Self-intersection", location: Coordinate(x: 1, y: 1))
        )
        let open = Surface([Polygon(exterior: ring((0, 0), (1, 0), (1, 1), (0, 1)))])
        #expect(try context.validity(of: open) == .invalid(reason: "Ring not closed", location: Coordinate(x: 0, y: 1)))
        let short = Surface([Polygon(exterior: ring((0, 0), (1, 0), (0, 0)))])
        #expect(try !context.validity(of: short).isValid)
        let infinite = Surface([Polygon(exterior: ring((0, 0), (.infinity, 0), (1, 1), (0, 0)))])
        #expect(try !context.validity(of: infinite).isValid)
        #expect(context.liveObjectCount == 0)
    }

    @Test func repairOfACrossing() throws {
        let repair = try context.repaired(Self.bowTie)
        #expect(try context.validity(of: repair.surface) == .valid)
        #expect(repair.surface.polygons.count == 2)
        #expect(repair.areaAfter == 2 && repair.areaBefore == 0)
        #expect(repair.droppedRings.isEmpty)
        #expect(context.liveObjectCount == 0)
    }

    @Test func repairOfAHoleOutside() throws {
        let hole: Ring<Projected> = ring((10, 10), (11, 10), (11, 11), (10, 11), (10, 10))
        let surface = Surface([Polygon(exterior: square(0, 0, 4).polygons[0].exterior, holes: [hole])])
        let repair = try context.repaired(surface)
        #expect(repair.finding == .invalid(reason: "Hole lies outside shell", location: Coordinate(x: 10, y: 10)))
        #expect(try context.validity(of: repair.surface) == .valid)
        #expect(repair.areaBefore == 15 && repair.areaAfter == 17)
    }

    @Test func repairOfATouch() throws {
        // A ring that touches itself in (2, 2): one shell with a pinched-off hole.
        let touching: Ring<Projected> = ring(
            (0, 0), (4, 0), (4, 4), (2, 4), (2, 2), (1, 3), (3, 3), (2, 2), (2, 4), (0, 4), (0, 0)
        )
        let repair = try context.repaired(Surface([Polygon(exterior: touching)]))
        #expect(!repair.finding.isValid)
        #expect(try context.validity(of: repair.surface) == .valid)
        #expect(abs(repair.areaAfter - 15) < 1e-12)
    }

    @Test func repairTellsWhatItDropped() throws {
        let spike: Ring<Projected> = ring((1, 1), (2, 2), (1, 1), (1, 1))
        let surface = Surface([
            Polygon(exterior: square(0, 0, 4).polygons[0].exterior, holes: [spike]),
            Polygon(exterior: ring((9, 9), (8, 8), (9, 9))),
            Polygon(exterior: ring((20, 0), (21, 0), (21, 1), (20, 1))),
        ])
        let repair = try context.repaired(surface)
        #expect(repair.droppedRings == [spike, ring((9, 9), (8, 8), (9, 9))])
        #expect(repair.closedRingCount == 1)
        #expect(repair.surface.polygons.count == 2 && repair.areaAfter == 17)
        #expect(context.liveObjectCount == 0)
    }

    @Test func validIsLeftAlone() throws {
        let surface: Surface = square(3, 4, 5)
        let repair = try context.repaired(surface)
        #expect(repair.finding == .valid && repair.surface == surface && repair.areaAfter == 25)
    }

    @Test func infiniteIsNotRepaired() {
        let surface = Surface([Polygon(exterior: ring((0, 0), (.nan, 0), (1, 1), (0, 0)))])
        #expect(throws: GeometryError.self) { try context.repaired(surface) }
        #expect(context.liveObjectCount == 0)
    }

    @Test func errorsCarryGEOSsMessage() {
        let open = Surface([
            square(0, 0, 1).polygons[0],
            Polygon(
                exterior: square(0, 0, 9).polygons[0].exterior,
                holes: [ring((0, 0), (1, 0), (1, 1), (0, 0)), ring((0, 0), (1, 0), (1, 1))]
            ),
        ])
        let error = #expect(throws: GeometryError.self) { try context.area(of: open) }
        #expect(error?.description.contains("GEOS: IllegalArgumentException") == true, "\(String(describing: error))")
        // A coverage union of what crosses itself is GEOS's own failure, in the middle of an operation.
        let overlapping = #expect(throws: GeometryError.self) {
            try context.coverageUnion([square(0, 0, 2, as: Projected.self), Self.bowTie])
        }
        #expect(overlapping != nil)
        #expect(context.liveObjectCount == 0)
    }

    @Test func overlays() throws {
        let a: Surface = square(0, 0, 2)
        let b: Surface = square(1, 1, 2)
        #expect(try context.intersection(a, b).planarArea == 1)
        #expect(try context.difference(a, b).planarArea == 3)
        #expect(try context.union(a, b).planarArea == 7)
        #expect(try context.intersection(a, square(2, 0, 1)).isEmpty, "only a border is shared")
        #expect(try context.area(of: Surface(a.polygons + square(5, 5, 1).polygons)) == 5)
        let row: [Surface] = (0..<10).map { square(Double($0), 0, 1) }
        let union = try context.coverageUnion(row)
        #expect(union.polygons.count == 1 && union.planarArea == 10)
        #expect(try context.union(row).planarArea == 10)
        #expect(try context.union([] as [Surface]).isEmpty)
        #expect(try context.difference(a, Surface([])) == a)
        #expect(context.liveObjectCount == 0)
    }

    @Test func distanceAndCovers() throws {
        let a = FeatureGeometry<Projected>.multiPolygon(square(0, 0, 2))
        #expect(try context.distance(from: a, to: .point(Coordinate(x: 5, y: 6))) == 5)
        #expect(try context.distance(from: a, to: .lineString([Coordinate(x: 1, y: 1), Coordinate(x: 9, y: 9)])) == 0)
        #expect(try context.covers(a, .multiPoint([Coordinate(x: 0, y: 0), Coordinate(x: 1, y: 1)])))
        #expect(try !context.covers(a, .multiPoint([Coordinate(x: 0, y: 0), Coordinate(x: 3, y: 1)])))
    }

    @Test func buffer() throws {
        let disc = try context.buffer(of: .point(Coordinate<Projected>(x: 0, y: 0)), by: 10, quadrantSegments: 32)
        #expect(disc.polygons[0].exterior.coordinates.count == 129)
        #expect(abs(disc.planarArea / (100 * Double.pi) - 1) < 5e-4)
    }

    @Test(arguments: [51, 52] as [UInt64])
    func clipIsTheIntersection(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let frame = BoundingBox<Projected>(minX: 0, minY: 0, maxX: 100, maxY: 100)
        for _ in 0..<100 {
            let centre = generator.coordinate(in: frame)
            let star = generator.star(around: centre, radius: 40, vertices: 60)
            let surface = Surface([Polygon(exterior: star)])
            let corner = generator.coordinate(in: frame)
            let box = BoundingBox<Projected>(minX: corner.x, minY: corner.y, maxX: corner.x + 30, maxY: corner.y + 30)
            let clipped = try context.clip(surface, to: box)
            let expected = try context.intersection(surface, Surface([box.polygon]))
            #expect(abs(clipped.planarArea - expected.planarArea) < 1e-9, "seed \(seed)")
            #expect(try context.validity(of: clipped).isValid, "seed \(seed)")
            #expect(clipped.isEmpty || box.contains(clipped.boundingBox), "seed \(seed)")
        }
        #expect(context.liveObjectCount == 0)
    }

    @Test func interiorPoint() throws {
        // A thin L: the middle of its box and its centroid are outside.
        let ell = Surface([Polygon(exterior: ring((0, 0), (10, 0), (10, 1), (1, 1), (1, 10), (0, 10), (0, 0)))])
        let point = try #require(try context.interiorPoint(of: ell))
        #expect(try context.covers(.multiPolygon(ell), .point(point)))
        // The largest circle touches both outer sides and the inner corner: r² = 2 (1 - r)².
        let radius = 2 - 2.0.squareRoot()
        #expect(abs(point.x - radius) < 0.02 && abs(point.y - radius) < 0.02)
        #expect(try context.interiorPoint(of: Surface([])) == nil)
        let flat = Surface([Polygon(exterior: ring((0, 0), (1, 1), (0, 0), (0, 0)))])
        #expect(try context.interiorPoint(of: flat) == nil)
        #expect(context.liveObjectCount == 0)
    }

    @Test(.enabled(if: TestData.isPresent, TestData.absence))
    func realDistricts() throws {
        let districts = try TestData.districts()
        #expect(districts.count == 14)
        for district in districts {
            #expect(try context.validity(of: district.surface) == .valid)
            let point = try #require(try context.interiorPoint(of: district.surface))
            #expect(try context.covers(.multiPolygon(district.surface), .point(point)), "\(district.key)")
        }
        let state = try context.coverageUnion(districts.map(\.surface))
        let sum = districts.reduce(0) { $0 + $1.surface.planarArea }
        #expect(abs(state.planarArea - sum) < 1e-9)
        #expect(context.liveObjectCount == 0)
    }

    /// A quarter of Magdeburg whose hole lies outside its shell.
    @Test(.enabled(if: TestData.isPresent, TestData.absence))
    func realRepair() throws {
        let quarters = try TestData.surfaces("grenzen/magdeburg/Stadtteile.geojson", property: "name")
        let invalid = try quarters.filter { try !context.validity(of: $0.surface).isValid }
        #expect(invalid.count == 1)
        let repair = try context.repaired(#require(invalid.first).surface)
        #expect(try context.validity(of: repair.surface) == .valid)
        #expect(repair.areaAfter != repair.areaBefore)
        #expect(context.liveObjectCount == 0)
    }
}
