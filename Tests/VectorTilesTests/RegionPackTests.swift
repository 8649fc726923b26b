import Foundation
import Geometry
import Testing

@testable import VectorTiles

/// The laws on the borders that ship.
@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: TestData.pack("sachsen-anhalt").path),
        "no region packs: build them with tools/build-region-pack"))
struct RegionPackTests {
    @Test(arguments: [
        ("sachsen-anhalt", 14, 4), ("sachsen-anhalt", 14, 6), ("sachsen-anhalt", 14, 7), ("sachsen-anhalt", 14, 9),
        ("sachsen-anhalt", 14, 14), ("nordrhein-westfalen", 53, 4), ("nordrhein-westfalen", 53, 8),
        ("nordrhein-westfalen", 53, 12),
    ])
    func coverageIsValid(pack: String, count: Int, zoom: Int) throws {
        let districts = try TestData.areas(pack, "districts.geojson")
        let municipalities = try TestData.areas(pack, "municipalities.geojson")
        #expect(districts.count == count)
        let coverage = try AreaCoverage(
            [
                AreaLevel(surfaces: districts.map(\.surface), keys: districts.map(\.key), minzoom: 0),
                AreaLevel(surfaces: municipalities.map(\.surface), keys: municipalities.map(\.key), minzoom: 7),
            ], maxzoom: 14)
        let drawn = coverage.drawn(zoom: zoom)
        for (areas, count) in zip(drawn.polygons, [districts.count, municipalities.count]) {
            #expect(areas.count == count)
            #expect(areas.allSatisfy { !$0.isEmpty })
            let laws = CoverageLaws(areas: areas)
            laws.checkBorders()
            #expect(laws.overlaps(samples: 200, seed: 3).several == 0)
        }
        // Municipalities fill their districts exactly.
        guard drawn.polygons.count == 2 else { return }
        var areaOfDistrict: [Substring: Int64] = [:]
        for (municipality, polygons) in zip(municipalities, drawn.polygons[1]) {
            areaOfDistrict[municipality.key.prefix(5), default: 0] += polygons.reduce(0) { $0 + $1.doubledArea }
        }
        for (district, polygons) in zip(districts, drawn.polygons[0]) {
            #expect(areaOfDistrict[district.key[...]] == polygons.reduce(0) { $0 + $1.doubledArea })
        }
    }

    /// Simplifying keeps every district's area: within 2.5 % where a pixel is 3 km wide, within 0.1 % from zoom 9 on.
    @Test(arguments: [(5, 0.025), (9, 0.001), (12, 0.000_1)])
    func areasStay(zoom: Int, tolerance: Double) throws {
        let districts = try TestData.areas("sachsen-anhalt", "districts.geojson")
        let level = AreaLevel(surfaces: districts.map(\.surface), keys: districts.map(\.key), minzoom: 0)
        let coverage = try AreaCoverage([level], maxzoom: 14)
        let full = coverage.drawn(zoom: 14).polygons[0]
        let scale = Double(Int64(1) << (2 * (14 - zoom)))
        for (drawn, whole) in zip(coverage.drawn(zoom: zoom).polygons[0], full) {
            let share =
                drawn.reduce(0.0) { $0 + Double($1.doubledArea) } * scale
                / whole.reduce(0.0) { $0 + Double($1.doubledArea) }
            #expect(abs(share - 1) < tolerance)
        }
    }
}
