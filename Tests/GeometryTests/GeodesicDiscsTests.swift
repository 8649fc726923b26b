import Foundation
import Geometry
import TestSupport
import Testing

@Suite("Geodesic discs")
struct GeodesicDiscsTests {
    /// Interpolated vertices against Karney's and PROJ's own, all 256 of them.
    @Test(arguments: ["EPSG:25832", "EPSG:3035"], [1.0, 5000, 15_000, 200_000])
    func liesOnTheGeodesicCircle(crs: String, radius: Double) throws {
        let context = try ProjContext()
        let transformer = try CoordinateTransformer<Geographic, Projected>(
            from: CoordinateReferenceSystem("OGC:CRS84", in: context),
            to: CoordinateReferenceSystem(crs, in: context), in: context)
        let discs = GeodesicDiscs(radius: Metres(radius))
        for (longitude, latitude) in [(11.6, 52.1), (6.0, 50.8), (14.9, 54.4), (10.2, 47.4)] {
            let centre = Coordinate<Geographic>(longitude: longitude, latitude: latitude)
            let drawn = discs.outline(around: centre, in: transformer)
            let outline = try #require(drawn)
            #expect(outline.count == 256)
            for (vertex, place) in outline.enumerated() {
                let exact = try transformer.transform(
                    Geodesic.grs80.direct(
                        from: centre, azimuth: -360 * Double(vertex) / 256, distance: Metres(radius)))
                #expect(abs(place.x - exact.x) < 1e-4 && abs(place.y - exact.y) < 1e-4)
            }
        }
    }

    /// Every projected disc lies between the circles that the scale promises.
    @Test func staysWithinTheScale() throws {
        var generator = SeededGenerator(seed: 12)
        let context = try ProjContext()
        let transformer = try CoordinateTransformer<Geographic, Projected>(
            from: CoordinateReferenceSystem("OGC:CRS84", in: context),
            to: CoordinateReferenceSystem("EPSG:25832", in: context), in: context)
        let box = BoundingBox<Geographic>(minX: 5.8, minY: 47.2, maxX: 15.1, maxY: 55.1)
        let measured = ScaleRange(in: box, transformer)
        let scale = try #require(measured)
        #expect(scale.smallest < 0.9997 && scale.smallest > 0.998, "\(scale)")
        #expect(scale.largest > 1.002 && scale.largest < 1.01, "\(scale)")
        let radius = 15_000.0
        let discs = GeodesicDiscs(radius: Metres(radius))
        for _ in 0..<200 {
            let centre: Coordinate<Geographic> = generator.coordinate(in: box)
            let planar = try transformer.transform(centre)
            let drawn = discs.outline(around: centre, in: transformer)
            let outline = try #require(drawn)
            let disc = Disc(
                centre: planar, inner: radius * scale.smallest * cos(.pi / 256) * 0.9995,
                outer: radius * scale.largest * 1.0005)
            var outlines = DiscOutlines(vertexCount: 256)
            outlines.append(outline, of: 0, disc)
            for vertex in outline {
                let distance =
                    ((vertex.x - planar.x) * (vertex.x - planar.x)
                    + (vertex.y - planar.y) * (vertex.y - planar.y)).squareRoot()
                #expect(distance > disc.inner && distance < disc.outer)
            }
        }
    }

    @Test func isLentToManyThreads() throws {
        let shared = try SharedTransformer<Geographic, Projected>(from: "OGC:CRS84", to: "EPSG:25832", count: 2)
        DispatchQueue.concurrentPerform(iterations: 50) { index in
            let place = Coordinate<Geographic>(longitude: 11, latitude: 52)
            let x = shared.use { transformer in transformer.transform([place]).coordinates[0].x }
            #expect(abs(x - 637_294.4) < 1, "\(index): \(x)")
        }
    }
}
