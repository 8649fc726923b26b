import Geometry
import TestSupport
import Testing

@Suite struct GeodesicTests {
    typealias Position = Coordinate<Geographic>
    let geodesic = Geodesic.wgs84

    /// Distances in metres; the first is the nearly antipodal example of Karney (2013), table 4, the second the example
    /// in PROJ's `geodesic.h`, the others from pyproj 3.7.2.
    @Test(
        arguments: [
            (0, -30, 179.8, 29.9, 19_989_832.827610, 161.890524736),
            (-73.8, 40.6, -0.5, 51.6, 5_551_759.400319, 51.198882846),
            (179.5, 10, -179.5, 10, 109_639.322105, 89.913173758),
            (12, 90, 100, -90, 20_003_931.458625, 92),
            (11.6276, 52.1205, 11.9688, 51.4820, 74_838.971042, 161.535449031),
            (0, 0, 0, 0, 0, nil),
        ] as [(Double, Double, Double, Double, Double, Double?)])
    func inverse(
        longitude1: Double, latitude1: Double, longitude2: Double, latitude2: Double, distance: Double, azimuth: Double?
    ) {
        let start = Position(longitude: longitude1, latitude: latitude1)
        let end = Position(longitude: longitude2, latitude: latitude2)
        let inverse = geodesic.inverse(from: start, to: end)
        #expect(abs(inverse.distance.value - distance) < 1e-5)
        #expect(geodesic.distance(from: start, to: end) == inverse.distance)
        #expect(abs(geodesic.distance(from: end, to: start).value - distance) < 1e-5)
        if let azimuth { #expect(abs(inverse.initialAzimuth - azimuth) < 1e-8) }
    }

    @Test func direct() {
        let end = geodesic.direct(
            from: Position(longitude: 11.6276, latitude: 52.1205), azimuth: 90, distance: Metres(100_000)
        )
        #expect(abs(end.longitude - 13.08739656705782) < 1e-12)
        #expect(abs(end.latitude - 52.11146322820807) < 1e-12)
    }

    @Test(arguments: [31, 32] as [UInt64])
    func directUndoesInverse(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let start = generator.coordinate(in: BoundingBox<Geographic>.globe)
            let end = generator.coordinate(in: BoundingBox<Geographic>.globe)
            let way = geodesic.inverse(from: start, to: end)
            let reached = geodesic.direct(from: start, azimuth: way.initialAzimuth, distance: way.distance)
            #expect(geodesic.distance(from: reached, to: end).value < 1e-6, "seed \(seed) \(start) \(end)")
        }
    }

    /// The outline of Antarctica from GeographicLib's documentation: a ring around the pole and over the antimeridian.
    @Test func areaAroundAPole() {
        let latitudes = [
            -72.9, -71.9, -74.9, -74.3, -77.5, -77.4, -71.7, -65.9, -65.7, -66.6, -66.9, -69.8, -70.0, -71.0, -77.3,
            -77.9, -74.7,
        ]
        let longitudes: [Double] = [
            -74, -102, -102, -131, -163, 163, 172, 140, 113, 88, 59, 25, -4, -14, -33, -46, -61,
        ]
        var coordinates = zip(longitudes, latitudes).map { Position(longitude: $0, latitude: $1) }
        coordinates.append(coordinates[0])
        let antarctica = Ring(coordinates)
        #expect(abs(geodesic.signedArea(of: antarctica).value - 13_376_856_682_207.4) < 1)
        #expect(abs(geodesic.perimeter(of: antarctica).value - 14_710_425.40697) < 1e-4)
        #expect(abs(geodesic.signedArea(of: antarctica.reversed).value + 13_376_856_682_207.4) < 1)
    }

    @Test func areaOfADegree() {
        let degree: MultiPolygon<Geographic> = square(11, 52, 1)
        #expect(abs(Geodesic.grs80.area(of: degree).value - 7_556_565_706.2971) < 0.01)
        let hole: Ring<Geographic> = ring((11.2, 52.2), (11.8, 52.2), (11.8, 52.8), (11.2, 52.8), (11.2, 52.2))
        let small = Geodesic.grs80.area(of: Polygon(exterior: hole))
        for hole in [hole, hole.reversed] {
            let polygon = Polygon(exterior: degree.polygons[0].exterior.reversed, holes: [hole])
            #expect(abs(Geodesic.grs80.area(of: polygon).value - 7_556_565_706.2971 + small.value) < 0.01)
        }
    }

    @Test func areaAcrossTheAntimeridian() {
        let here = Geodesic.grs80.area(of: square(11, 52, 1) as MultiPolygon<Geographic>)
        let there: Ring<Geographic> = ring((179.5, 52), (-179.5, 52), (-179.5, 53), (179.5, 53), (179.5, 52))
        #expect(abs(Geodesic.grs80.area(of: Polygon(exterior: there)).value - here.value) < 0.01)
    }

    /// The land area of the VG1000 districts, measured with geopandas/pyproj: 20,552.18 km².
    @Test(.enabled(if: TestData.isPresent, TestData.absence))
    func areaOfSaxonyAnhalt() throws {
        let area = try TestData.districts().reduce(0) { $0 + Geodesic.grs80.area(of: $1.surface).value }
        #expect(abs(area / 1e6 - 20_552.18) < 0.05)
    }
}
