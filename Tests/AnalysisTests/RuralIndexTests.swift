import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

struct PopulationPotentialTests {
    /// Over all pairs with Karney's geodesics, wherever on the globe.
    @Test(arguments: [(10.0, 52.0), (180.0, -16.5), (-30.0, 89.9), (0.0, 0.0)])
    func againstAllPairs(longitude: Double, latitude: Double) {
        var generator = SeededGenerator(seed: 20_261_125)
        let reachInLongitude = latitude > 89 ? 180.0 : 0.9 / cos(latitude * .pi / 180)
        let places = (0..<400).map { _ in
            var position = Coordinate<Geographic>(
                longitude: longitude + Double.random(in: -reachInLongitude...reachInLongitude, using: &generator),
                latitude: min(90, latitude + Double.random(in: -0.6...0.6, using: &generator)))
            if position.longitude > 180 {
                position = Coordinate(longitude: position.longitude - 360, latitude: position.latitude)
            }
            return (position, Int64.random(in: 1...9_000, using: &generator))
        }
        let potential = PopulationPotential(places.map { (SurfacePoint($0.0), $0.1) })
        for (position, _) in places.prefix(60) {
            let expected = places.reduce(0.0) { sum, place in
                let distance = Geodesic.grs80.distance(from: position, to: place.0).value
                return distance <= 50_000 ? sum + Double(place.1) / max(distance, 1_000) * 1_000 : sum
            }
            let point = SurfacePoint(position)
            let found = potential.value(at: point, potential.neighbourhood(of: PopulationPotential.block(of: point)))
            #expect(abs(found - expected) <= expected * 5e-8, "seed \(generator.seed), at \(position)")
        }
    }

    @Test func directions() {
        // A ring of places 35 km around one; then without those in the north-east.
        let middle = Coordinate<Geographic>(longitude: 11, latitude: 52)
        func found(_ azimuths: [Double]) -> UInt16 {
            let ring = azimuths.map { Geodesic.grs80.direct(from: middle, azimuth: $0, distance: Metres(35_000)) }
            let potential = PopulationPotential((ring + [middle]).map { (SurfacePoint($0), 10) })
            let point = SurfacePoint(middle)
            return potential.directions(
                around: point, potential.neighbourhood(of: PopulationPotential.block(of: point)))
        }
        let all = stride(from: 0.0, to: 360, by: 22.5).map { $0 }
        #expect(found(all) == .max)
        #expect(found(all.filter { $0 != 45 }) == UInt16.max ^ (1 << 2))
        #expect(found([0]) == 1)
        #expect(found([]) == 0)
    }
}

struct RuralIndicatorsTests {
    /// Two districts that make one region, and a third.
    private static var county: RuralCounty {
        var county = RuralCounty()
        county.districts = [("15001", "15082", 30_000), ("15082", "15082", 70_000), ("15090", "", 20_000)]
        county.land = [
            "15001": .init(
                settlement: 20_000_000, traffic: 5_000_000, agriculture: 30_000_000, forest: 20_000_000,
                total: 100_000_000),
            "15082": .init(
                settlement: 60_000_000, traffic: 15_000_000, agriculture: 500_000_000, forest: 150_000_000,
                total: 900_000_000),
            "15090": .init(
                settlement: 30_000_000, traffic: 10_000_000, agriculture: 700_000_000, forest: 100_000_000,
                total: 1_000_000_000),
        ]
        county.houses = ["15001": (2_000, 500, 2_500), "15082": (15_000, 2_500, 2_500), "15090": (900, 50, 50)]
        county.cities = RuralCounty.cities
        // Two cells of the region 10 km apart in the north, one cell of 15090 in the south; 5 km east of it context.
        county.addCell("a", 300, 12, 52, district: "15001")
        county.addCell("b", 100, 12.1457, 52, district: "15082")
        county.addCell("c", 50, 12, 50, district: "15090")
        county.addCell("d", 1_000, 12.0697, 50, role: "context")
        return county
    }

    @Test func figuresByHand() throws {
        let indicators = try RuralIndicators(.region, in: Self.county.snapshot())
        #expect(indicators.areas.map(\.key) == ["15082", "15090"])
        let region = try #require(indicators.areas.first)
        #expect(region.members == ["15082", "15001"])
        #expect(region.name == "Kreis 15082 / Kreis 15001")
        #expect(region.people == 400)
        // 100,000 people on 100 km².
        #expect(region.settlementDensity == .value(1_000))
        #expect(region[.settlementDensity] == .value(log(1_000)))
        // 700 of 1,000 km², copses not counted; 20,000 of 25,000 houses, dormitories not counted.
        #expect(region[.openLand] == .value(0.7))
        #expect(region[.smallHouses] == .value(0.8))
        // At a: 300 / 1 + 100 / d; at b: 100 / 1 + 300 / d; people per kilometre.
        let d =
            Geodesic.grs80.distance(
                from: Coordinate(longitude: 12, latitude: 52), to: Coordinate(longitude: 12.1457, latitude: 52)
            ).value / 1_000
        let potential = (300 * (300 + 100 / d) + 100 * (100 + 300 / d)) / 400
        #expect(abs(try #require(region[.potential].value) - potential) < potential * 1e-9)

        let other = indicators.areas[1]
        let near =
            Geodesic.grs80.distance(
                from: Coordinate(longitude: 12, latitude: 50), to: Coordinate(longitude: 12.0697, latitude: 50)
            ).value / 1_000
        #expect(abs(try #require(other[.potential].value) - (50 + 1_000 / near)) < 1e-6)
        // The cell stands in the city at 50 degrees: 5 km at least. The city at 60 degrees is none of the nearest five.
        let access = [(100_000.0, 48.0), (150_000, 49), (200_000, 50), (250_000, 51), (300_000, 52)].reduce(0.0) {
            let distance = Geodesic.grs80.distance(
                from: Coordinate(longitude: 12, latitude: 50), to: Coordinate(longitude: 12, latitude: $1.1)
            ).value
            return $0 + $1.0 / max(distance / 1_000, 5)
        }
        #expect(abs(try #require(other[.access].value) - access) < access * 1e-12)
        #expect(indicators.contextCells == 1)
        #expect(other.openSurroundings == .value(1))
    }

    @Test func districtsStandForThemselves() throws {
        let indicators = try RuralIndicators(.district, in: Self.county.snapshot())
        #expect(indicators.areas.map(\.key) == ["15001", "15082", "15090"])
        #expect(indicators.areas.map(\.people) == [300, 100, 50])
        #expect(indicators.areas[0].settlementDensity == .value(1_200))
    }

    @Test func theOrderOfRowsChangesNothing() throws {
        let one = try RuralIndicators(.region, in: Self.county.snapshot())
        let other = try RuralIndicators(.region, in: Self.county.snapshot(reversed: true))
        #expect(one.areas == other.areas)
        #expect(one.dataVersion == other.dataVersion)
    }

    /// What is missing is missing with a reason, never 0.
    @Test func missingTables() throws {
        var county = Self.county
        county.land["15001"] = nil
        county.houses = [:]
        county.cities.removeLast(2)
        county.districts[2].population = nil
        county.cells.removeAll { $0["id"] == .text("c") }
        let areas = try RuralIndicators(.region, in: county.snapshot()).areas
        #expect(areas[0][.settlementDensity] == .missing(.landUseNotStated), "one member of the region has none")
        #expect(areas[0][.openLand] == .missing(.landUseNotStated))
        #expect(areas[0][.smallHouses] == .missing(.buildingsNotStated))
        #expect(areas[0][.access] == .missing(.citiesNotLoaded))
        #expect(areas[0].values == nil)
        #expect(areas[0].reason == .landUseNotStated)
        #expect(areas[1][.settlementDensity] == .missing(.registerPopulationNotStated))
        #expect(areas[1][.potential] == .missing(.noPopulation))
        let empty = try RuralIndicators(.region, in: Snapshot([:]))
        #expect(empty.areas.isEmpty)
    }

    @Test func populationBeyondAllNumbers() {
        var county = Self.county
        county.addCell("e", Demand.mostPeople, 12, 52)
        #expect(throws: AnalysisError.implausiblePopulation(cell: "e")) {
            try RuralIndicators(.region, in: county.snapshot())
        }
    }

    @Test func cancelled() {
        #expect(throws: AnalysisError.cancelled) {
            try RuralIndicators(.region, in: Self.county.snapshot(), cancellation: Cancellation { true })
        }
    }

    // MARK: - Index

    private static func calibrated() -> RuralCounty {
        var county = county
        county.addCalibration("ln_settlement_density", mean: 7, deviation: 0.5, weight: -0.25)
        county.addCalibration("farm_and_woodland_share", mean: 0.75, deviation: 0.1, weight: 0.25)
        county.addCalibration("one_and_two_family_house_share", mean: 0.75, deviation: 0.1, weight: 0.25)
        county.addCalibration("population_potential_50_km", mean: 100_000, deviation: 50_000, weight: -0.25)
        county.addCalibration("access_to_five_cities", mean: 50_000, deviation: 25_000, weight: -0.25)
        return county
    }

    @Test func indexByHand() throws {
        let snapshot = Self.calibrated().snapshot()
        let indicators = try RuralIndicators(.region, in: snapshot)
        let index = RuralIndex(indicators, in: snapshot)
        #expect(index.basis == .calibration)
        #expect(index.calibration?.name == "test")
        let area = try #require(index.areas.first)
        let contributions = try #require(area.contributions)
        #expect(abs(contributions[.settlementDensity] - -0.25 * (log(1_000) - 7) / 0.5) < 1e-15)
        #expect(abs(contributions[.openLand] - -0.125) < 1e-15)
        #expect(abs(contributions[.smallHouses] - 0.125) < 1e-15)
        #expect(abs(try #require(area.index.value) - contributions.values.reduce(0, +)) < 1e-15)
        #expect(area.published == nil)
        #expect(index.comparison == nil)
    }

    /// Published values stand beside the own ones: with or without them, the index is the same to the last bit.
    @Test func publishedValuesAreNeverMixed() throws {
        var county = Self.calibrated()
        let plain = county.snapshot()
        let before = RuralIndex(try RuralIndicators(.region, in: plain), in: plain)
        county.published = [
            ("thuenen_laendlichkeit_2016", "15082", 0.28), ("thuenen_typ_2016", "15082", 4),
            ("thuenen_laendlichkeit_2016", "15090", 0.80), ("thuenen_typ_2016", "15090", 1),
        ]
        let snapshot = county.snapshot()
        let after = RuralIndex(try RuralIndicators(.region, in: snapshot), in: snapshot)
        #expect(before.areas.map(\.index) == after.areas.map(\.index))
        #expect(after.areas.map(\.published?.index) == [0.28, 0.80])
        #expect(after.areas.map(\.published?.type) == [4, 1])
        // A district that is only a part of a region has no published value of its own.
        let districts = RuralIndex(try RuralIndicators(.district, in: snapshot), in: snapshot)
        #expect(districts.areas.map(\.published?.index) == [nil, nil, 0.80])
    }

    @Test func withoutCalibrationTooFewAreasHaveNoIndex() throws {
        let snapshot = Self.county.snapshot()
        let index = RuralIndex(try RuralIndicators(.region, in: snapshot), in: snapshot)
        #expect(index.calibration == nil)
        #expect(index.areas.map(\.index) == [.missing(.noCalibration), .missing(.noCalibration)])
    }

    @Test func anIncompleteCalibrationIsNone() {
        var county = Self.calibrated()
        county.calibration.removeLast()
        #expect(RuralCalibration.all(in: county.snapshot()).isEmpty)
    }

    /// A calibration made of areas gives them the mean 0 and the variance 1; farmland loads positive.
    @Test func calibrationOfRandomAreas() throws {
        var generator = SeededGenerator(seed: 7)
        let areas = try (0..<50).map { _ in
            let rural = Double.random(in: -1...1, using: &generator)
            return try #require(
                RuralValues([
                    7 - rural + Double.random(in: -0.3...0.3, using: &generator),
                    0.6 + 0.2 * rural + Double.random(in: -0.1...0.1, using: &generator),
                    0.8 + 0.1 * rural + Double.random(in: -0.05...0.05, using: &generator),
                    1e5 - 9e4 * rural + Double.random(in: -2e4...2e4, using: &generator),
                    5e4 - 4e4 * rural + Double.random(in: -2e4...2e4, using: &generator),
                ]))
        }
        let calibration = try #require(RuralCalibration(areas))
        let indexes = areas.map(calibration.index)
        #expect(abs(indexes.reduce(0, +) / 50) < 1e-12)
        #expect(abs(indexes.reduce(0) { $0 + $1 * $1 } / 50 - 1) < 1e-12)
        #expect(calibration.loadings[.openLand] > 0.8)
        #expect(calibration.loadings[.potential] < -0.8)
        let squares = calibration.loadings.values.reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares / 5 - calibration.explainedVariance) < 1e-12)
    }

    @Test func classes() {
        #expect(
            [0.5, 0.499, -0.2, -0.201].map { RuralClass(index: $0) } == [
                .veryRural, .ratherRural, .ratherRural, .notRural,
            ])
        #expect(
            (0...6).map { RuralClass(publishedType: $0) } == [
                nil, .veryRural, .veryRural, .ratherRural, .ratherRural, .notRural, nil,
            ])
    }

    /// 40 regions, of which the published class of 10 is another one: counted cell by cell.
    @Test func comparison() throws {
        let areas = (0..<40).map { number in
            let own = Double(number) / 20 - 1
            let shell = RuralIndicators.Area(
                key: "\(number)", name: nil, members: [], people: 1, registerPopulation: .value(1),
                settlementDensity: .value(1), indicators: [], openSurroundings: .value(0))
            return RuralIndex.Area(
                indicators: shell, index: .value(own), contributions: nil,
                published: RuralIndex.Published(
                    index: 2 * own + 1, type: number < 16 ? 5 : number < 20 ? 3 : 1, source: nil))
        }
        let comparison = try #require(RuralComparison(areas))
        #expect(abs(comparison.correlation - 1) < 1e-14)
        #expect(comparison.classified == 40)
        // Own: not rural below -0.2 (16), rather rural up to 0.5 (14), very rural (10).
        #expect(comparison.confusion == [[10, 10, 0], [0, 4, 0], [0, 0, 16]])
        #expect(comparison.agreement == 0.75)
        #expect(RuralComparison(Array(areas.prefix(29))) == nil)
    }
}
