import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

/// Gap polygons on two rectangles side by side, and what must hold for every picture of gaps.
struct GapTests {
    /// Two districts, 11-12 and 12-13 degrees east, in a pack of a given metric CRS.
    private static func snapshot(
        cells: [(Coordinate<Geographic>, Int64, String)], offers: [Coordinate<Geographic>], crs: String = "EPSG:25832"
    ) -> Snapshot {
        let keys = ["15001", "15002"]
        return Snapshot([
            .regions: Table(.regions, [["id": .text("st"), "key_prefix": .text("15"), "crs": .text(crs)]]),
            .districts: Table(
                .districts,
                keys.map { ["key": .text($0), "name": .text($0), "area_m2": .real(7e9), "region": .text("st")] },
                surfaces: [.rectangle(11, 51, 12, 52), .rectangle(12, 51, 13, 52)]),
            .populationCells: Table(
                .populationCells,
                cells.enumerated().map { number, cell in
                    [
                        "id": .text("c\(number)"), "people": .integer(cell.1), "role": .text("own"),
                        "lon": .real(cell.0.longitude), "lat": .real(cell.0.latitude), "state": .text("15"),
                        "district_key": .text(cell.2),
                    ]
                }),
            .offers: Table(
                .offers,
                offers.enumerated().map { number, place in
                    [
                        "id": .text("o\(number)"), "title": .text("o"), "delivery": .text("on_site"),
                        "precision": .text("coordinates"), "lon": .real(place.longitude), "lat": .real(place.latitude),
                    ]
                }),
        ])
    }

    private static func random(_ generator: inout SeededGenerator, offers count: Int) -> Snapshot {
        var cells: [(Coordinate<Geographic>, Int64, String)] = []
        for _ in 0..<400 {
            let longitude = Double.random(in: 11...13, using: &generator)
            // Some cells lie beyond the border and belong to the district all the same.
            let latitude = Double.random(in: 50.99...52.01, using: &generator)
            cells.append(
                (
                    Coordinate(longitude: longitude, latitude: latitude), .random(in: 1...900, using: &generator),
                    longitude < 12 ? "15001" : "15002"
                ))
        }
        let offers = (0..<count).map { _ in
            Coordinate<Geographic>(
                longitude: .random(in: 10.8...13.2, using: &generator),
                latitude: .random(in: 50.9...52.1, using: &generator))
        }
        return snapshot(cells: cells, offers: offers, crs: Bool.random(using: &generator) ? "EPSG:25832" : "EPSG:3035")
    }

    @Test(arguments: UInt64(1)...12)
    func peopleAndAreasAddUp(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let snapshot = Self.random(&generator, offers: Int(seed) * 3)
        let demand = try Demand(snapshot)
        let outlines = try AreaOutlines(snapshot, demand: demand)
        let analysis = try CoverageAnalysis(OfferFilter(), demand: demand, in: snapshot)
        let radius = Metres(.random(in: 3000...25_000, using: &generator))
        let geos = try GEOSContext()
        for level in [AreaLevel.district, .region, .state] {
            let gaps = try analysis.gaps(level, radius: radius, outlines: outlines)
            let figures = try analysis.figures(level, radius: radius)
            #expect(gaps.reason == nil)
            for (area, figure) in zip(gaps.areas, figures.areas) {
                #expect(area.key == figure.key && area.gapPeople == figure.gapPeople)
                let polygons = gaps.polygons[area.polygons]
                #expect(polygons.reduce(area.peopleWithoutPolygon) { $0 + $1.people } == area.gapPeople.value)
                let number = try #require(gaps.areas.firstIndex { $0.key == area.key })
                let outline = try #require(outlines.surfaces[level]?[number])
                let whole = Geodesic.grs80.area(of: outline).value
                let gap = try #require(area.gapArea.value).value
                #expect(abs(polygons.reduce(0) { $0 + $1.area.value } - gap) <= 1e-6 * whole)
                #expect(abs(gap + (try #require(area.coveredArea.value)).value - whole) <= 1e-6 * whole)
                for polygon in polygons { #expect(try geos.validity(of: polygon.surface).isValid) }
                // They do not overlap: united they are as large as all of them.
                let united = try geos.union(polygons.map(\.surface)).planarArea
                #expect(abs(united - polygons.reduce(0) { $0 + $1.surface.planarArea }) < 1e-9)
            }
        }
    }

    /// What the picture leaves open is what GEOS leaves of the outline without 256-gons of Karney's vertices.
    @Test(arguments: UInt64(1)...4)
    func agreesWithAnOverlayOfGeodesicDiscs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed + 100)
        let snapshot = Self.random(&generator, offers: 30)
        let demand = try Demand(snapshot)
        let outlines = try AreaOutlines(snapshot, demand: demand)
        let analysis = try CoverageAnalysis(OfferFilter(), demand: demand, in: snapshot)
        let radius = 15_000.0
        let gaps = try analysis.gaps(radius: Metres(radius), outlines: outlines)
        let geos = try GEOSContext()
        let plane = try #require(outlines.planes.first)
        let discs = try analysis.usable.positions.map { centre in
            let ring = (0...256).map { vertex in
                Geodesic.grs80.direct(
                    from: centre, azimuth: -360 * Double(vertex % 256) / 256, distance: Metres(radius))
            }
            return try plane.transformer.use { transformer in
                try transformer.transform(MultiPolygon([Polygon(exterior: Ring(ring))]))
            }
        }
        let union = try geos.union(discs)
        for (number, area) in gaps.areas.enumerated() {
            let outline = try #require(plane.sheets[.district]).borders.surfaces[number]
            let expected = try geos.difference(outline, union)
            let drawn = try plane.transformer.use { transformer in
                try transformer.transform(
                    MultiPolygon(gaps.polygons[area.polygons].flatMap(\.surface.polygons)))
            }
            #expect(abs(expected.planarArea - drawn.planarArea) < 1e-9 * outline.planarArea)
            #expect(try geos.difference(expected, drawn).planarArea < 1e-7 * outline.planarArea)
        }
    }

    @Test func borderCasesAreDefined() throws {
        var generator = SeededGenerator(seed: 3)
        let snapshot = Self.random(&generator, offers: 5)
        let demand = try Demand(snapshot)
        let outlines = try AreaOutlines(snapshot, demand: demand)
        let analysis = try CoverageAnalysis(OfferFilter(), demand: demand, in: snapshot)
        // Nothing is within 0 m: the whole outline, in its own coordinates.
        let none = try analysis.gaps(radius: Metres(0), outlines: outlines)
        #expect(none.polygons.map(\.surface) == (outlines.surfaces[.district] ?? []).map(\.rightHanded))
        #expect(none.areas.map(\.coveredArea) == [.value(SquareMetres(0)), .value(SquareMetres(0))])
        // Everything is within 180 km.
        let all = try analysis.gaps(radius: Metres(180_000), outlines: outlines)
        #expect(all.polygons.isEmpty && all.areas.allSatisfy { $0.gapPeople == .value(0) })
        // Beyond 200 km there is no picture, but people are counted.
        let far = try analysis.gaps(radius: Metres(300_000), outlines: outlines)
        #expect(far.reason == .radiusTooLargeToDraw && far.areas.allSatisfy { $0.gapPeople == .value(0) })
        #expect(far.areas.allSatisfy { $0.gapArea == .missing(.radiusTooLargeToDraw) })
        for radius in [-1, Double.nan, 1e9] {
            #expect(throws: AnalysisError.self) {
                _ = try analysis.gaps(radius: Metres(radius), outlines: outlines)
            }
        }
        #expect(throws: AnalysisError.cancelled) {
            _ = try analysis.gaps(outlines: outlines, cancellation: Cancellation { true })
        }
    }

    @Test func withoutOffersThereIsAReason() throws {
        let snapshot = Self.snapshot(
            cells: [(Coordinate(longitude: 11.5, latitude: 51.5), 10, "15001")], offers: [])
        let demand = try Demand(snapshot)
        let gaps = try CoverageAnalysis(OfferFilter(), demand: demand, in: snapshot)
            .gaps(outlines: AreaOutlines(snapshot, demand: demand))
        #expect(gaps.reason == .noUsableOffer && gaps.polygons.isEmpty)
        #expect(gaps.areas.allSatisfy { $0.gapPeople == .missing(.noUsableOffer) })
    }

    @Test func anUnknownCRSIsNamed() throws {
        let snapshot = Self.snapshot(cells: [], offers: [], crs: "EPSG:1")
        let demand = try Demand(snapshot)
        #expect {
            _ = try AreaOutlines(snapshot, demand: demand)
        } throws: {
            "\($0)".contains("EPSG:1")
        }
    }

    @Test func gapsOfSomeAreasAlone() throws {
        var generator = SeededGenerator(seed: 8)
        let snapshot = Self.random(&generator, offers: 9)
        let demand = try Demand(snapshot)
        let gaps = try CoverageAnalysis(OfferFilter(), demand: demand, in: snapshot)
            .gaps(radius: Metres(9000), outlines: AreaOutlines(snapshot, demand: demand))
        let east = gaps.only { $0 == "15002" }
        #expect(east.areas.map(\.key) == ["15002"] && !east.polygons.isEmpty)
        #expect(east.polygons == gaps.polygons.filter { $0.areaKey == "15002" })
        #expect(east.areas[0].polygons == 0..<east.polygons.count)
    }
}
