import Geometry
import TestSupport
import Testing

@testable import Server

@Suite struct GeometryInBoxTests {
    private let frame = MultiPolygon<Geographic>([
        Polygon(
            exterior: MultiPolygon.rectangle(0, 0, 10, 10).polygons[0].exterior,
            holes: [MultiPolygon.rectangle(2, 2, 8, 8).polygons[0].exterior])
    ])

    private func meets(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Bool {
        frame.meets(BoundingBox(minX: west, minY: south, maxX: east, maxY: north))
    }

    @Test func insideOutsideAndInTheHole() {
        #expect(meets(1, 1, 1.5, 1.5))
        #expect(meets(-5, -5, 20, 20))
        #expect(!meets(4, 4, 6, 6))
        #expect(!meets(11, 0, 12, 10))
        #expect(meets(4, 4, 9, 5))
    }

    @Test func bordersBelongToBoth() {
        #expect(meets(10, 10, 12, 12))
        #expect(meets(-5, 5, 0, 6))
        #expect(meets(5, 5, 8, 6))
        #expect(meets(1, 1, 1, 1))
        #expect(!meets(10.0001, 0, 12, 12))
    }

    @Test func anEdgeThroughTheBoxCounts() {
        let diagonal = MultiPolygon<Geographic>([
            Polygon(exterior: Ring([(0, 0), (10, 9), (10, 10), (0, 0)].map { Coordinate(x: $0.0, y: $0.1) }))
        ])
        // The triangle's box holds this box, the triangle does not.
        #expect(!diagonal.meets(BoundingBox(minX: 6, minY: 1, maxX: 9, maxY: 3)))
        #expect(diagonal.meets(BoundingBox(minX: 4, minY: 3, maxX: 6, maxY: 6)))
    }
}
