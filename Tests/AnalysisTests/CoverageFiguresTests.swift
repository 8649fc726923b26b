import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

/// The figures of DOMAIN 6.5 on tables counted by hand.
///
/// All cells lie on the equator east of one offer at 0, 0: a degree is 111,319.490793 m there, so distances are known
/// without any algorithm.
struct CoverageFiguresTests {
    private static let degree = 111_319.490793273573

    /// District 15001 has four cells at 1, 2, 3 and 19 km, 15002 one at 9 km, 15003 none; one more cell is listed.
    private static var town: Town {
        var town = Town()
        town.districts = [("15001", 50_000, 2e8), ("15002", nil, nil), ("15003", 0, 1e8)]
        town.municipalities = [("15001000", nil), ("15002010", nil), ("15003010", nil)]
        let cells: [(String, Int64, Double, String)] = [
            ("a", 10, 1, "15001000"), ("b", 20, 2, "15001000"), ("c", 15, 3, "15001000"), ("d", 5, 19, "15001000"),
            ("e", 7, 9, "15002010"), ("f", 3, 16, ""),
        ]
        for (id, people, kilometres, key) in cells {
            town.addCell(id, people, kilometres * 1000 / degree, 0, municipality: key)
        }
        town.addCell("context", 1000, 0.001, 0, municipality: "14001000", role: "context", state: "14")
        town.addCell("empty", 0, 0.001, 0, municipality: "15001000")
        town.addOffer("office", 0, 0, municipality: "15001000", serves: ["15"])
        town.addOffer("web", delivery: "online", precision: "none", serves: ["15002", "15003010"])
        town.addOffer("bus", district: "15002", delivery: "outreach", precision: "district")
        return town
    }

    private func analysis(_ town: Town, _ filter: OfferFilter = OfferFilter()) throws -> CoverageAnalysis {
        let snapshot = town.snapshot
        return try CoverageAnalysis(filter, demand: Demand(snapshot), in: snapshot)
    }

    private func rounded(_ figure: Figure<Metres>) -> Double? { figure.value.map { ($0.value * 1e4).rounded() / 1e4 } }

    @Test func districtsAsCountedByHand() throws {
        let figures = try analysis(Self.town).figures(.district, radius: Metres(2500))
        #expect(figures.areas.map(\.key) == ["15001", "15002", "15003"])
        #expect(figures.base == .censusCells)
        #expect(figures.totalPeople == 60)
        #expect(figures.unassigned == .init(cells: 1, people: 3))
        let west = figures.areas[0]
        #expect(west.people == .value(50))
        #expect(west.cells == 4)
        // (10 + 40 + 45 + 95) / 50
        #expect(rounded(west.distances.mean) == 3800)
        // 25 of 50 people are reached with the second cell, 45 with the third; two of four cells with the second.
        #expect(rounded(west.distances.median) == 2000)
        #expect(rounded(west.distances.p90) == 3000)
        #expect(rounded(west.distances.maximum) == 19_000)
        #expect(rounded(west.distances.cellMedian) == 2000)
        #expect(west.distances.within.map(\.radius.value) == [2500, 5000, 8250, 10_000, 15_000, 20_000, 30_000])
        #expect(west.distances.within.prefix(6).map(\.people) == [30, 45, 45, 45, 45, 50].map { .value($0) })
        #expect(west.distances.within.map(\.share).first == .value(0.6))
        #expect(west.gapPeople == .value(20))
        #expect(west.offersLocated == 1)
        #expect(west.offersServing == 1)
        #expect(west.locatedPerTenThousand == .value(0.2))
        #expect(west.locatedPerHundredSquareKilometres == .value(0.5))

        let east = figures.areas[1]
        #expect(rounded(east.distances.median) == 9000)
        #expect(east.offersLocated == 1)
        #expect(east.offersServing == 2)
        #expect(east.locatedPerTenThousand == .missing(.registerPopulationNotStated))
        #expect(east.servingPerHundredSquareKilometres == .missing(.areaNotStated))

        let nobody = figures.areas[2]
        #expect(nobody.people == .value(0))
        #expect(nobody.distances.mean == .missing(.noPopulation))
        #expect(nobody.distances.within[0].people == .value(0))
        #expect(nobody.distances.within[0].share == .missing(.noPopulation))
        #expect(nobody.gapPeople == .value(0))
        #expect(nobody.offersServing == 2)
        #expect(nobody.servingPerTenThousand == .missing(.noPopulation))
        #expect(nobody.servingPerHundredSquareKilometres == .value(2))
        #expect(figures.offersLocatedInNoArea == 1)
    }

    @Test func stateHoldsListedCells() throws {
        let figures = try analysis(Self.town).figures(.state)
        #expect(figures.areas.map(\.key) == ["15"])
        #expect(figures.areas[0].name == "Musterland")
        #expect(figures.areas[0].people == .value(60))
        #expect(figures.areas[0].cells == 6)
        #expect(figures.unassigned == .init(cells: 0, people: 0))
        // 52 of 60 people within 15 km; 54 are nine tenths: the cell at 16 km.
        #expect(figures.areas[0].gapPeople == .value(8))
        #expect(rounded(figures.areas[0].distances.p90) == 16_000)
        #expect(figures.areas[0].registerPopulation == .missing(.registerPopulationNotStated))
        #expect(figures.areas[0].offersServing == 2)
        #expect(figures.radius == Metres(15_000))
    }

    @Test func municipalitiesAreServedFromAboveAndBelow() throws {
        let figures = try analysis(Self.town).figures(.municipality)
        #expect(figures.areas.map(\.offersServing) == [1, 2, 2])
        // The bus is located to a district alone, the web nowhere.
        #expect(figures.offersLocatedInNoArea == 2)
    }

    @Test func quantilesAreDecidedInWholeNumbers() throws {
        var town = Town()
        town.districts = [("15001", nil, nil)]
        for (number, people) in [Int64(9), 1].enumerated() {
            town.addCell("\(number)", people, Double(number + 1) / 100, 0, municipality: "15001000")
        }
        town.addOffer("o", 0, 0)
        // Exactly nine of ten people live in the first cell.
        let first = try analysis(town).figures().areas[0].distances
        #expect(first.p90 == first.median)
        #expect(first.p90 != first.maximum)
        #expect(first.cellMedian == first.median)
        // With the smallest majority beyond it, it is the second.
        town.cells[0]["people"] = .integer(8_999_999_999_999)
        town.cells[1]["people"] = .integer(1_000_000_000_001)
        let second = try analysis(town).figures().areas[0].distances
        #expect(second.p90 == second.maximum)
    }

    @Test func whoIsExactlyAtTheRadiusIsWithin() throws {
        let analysis = try analysis(Self.town)
        let farthest = try #require(analysis.access?.distances.max())
        #expect(try analysis.figures(.state, radius: Metres(farthest)).areas[0].gapPeople == .value(0))
        #expect(try analysis.figures(.state, radius: Metres(farthest.nextDown)).areas[0].gapPeople == .value(5))
    }

    @Test func withoutUsableOfferFiguresAreNullForAReason() throws {
        var town = Self.town
        town.offers.removeFirst()
        let analysis = try analysis(town)
        #expect(analysis.access == nil)
        let area = try analysis.figures().areas[0]
        #expect(area.people == .value(50))
        #expect(area.distances.mean == .missing(.noUsableOffer))
        #expect(area.distances.within.allSatisfy { $0.people == .missing(.noUsableOffer) })
        #expect(area.distances.within.allSatisfy { $0.share == .missing(.noUsableOffer) })
        #expect(area.gapPeople == .missing(.noUsableOffer))
        #expect(analysis.completeness.withoutUsablePlace == 2)
        #expect(analysis.completeness.shareByMunicipality == .missing(.noUsableOffer))
    }

    @Test func withoutPopulationFiguresAreNullForAReason() throws {
        var town = Self.town
        town.cells = []
        let area = try analysis(town).figures().areas[0]
        #expect(area.people == .missing(.populationNotLoaded))
        #expect(area.distances.p90 == .missing(.populationNotLoaded))
        #expect(area.gapPeople == .missing(.populationNotLoaded))
        #expect(area.offersLocated == 1)
    }

    @Test func municipalitiesStandInForAMissingGrid() throws {
        var town = Self.town
        town.cells = []
        town.municipalities = [("15001000", 50), ("15002010", 8), ("15003010", nil)]
        let figures = try analysis(town).figures()
        #expect(figures.base == .municipalityRegister)
        #expect(figures.areas.map(\.people) == [.value(50), .value(8), .value(0)])
        #expect(figures.totalPeople == 58)
    }

    @Test func emptyNetworkHasNoFigures() throws {
        let figures = try analysis(Town()).figures()
        #expect(figures.areas.isEmpty)
        #expect(figures.base == .none)
        #expect(figures.totalPeople == 0)
    }

    @Test func radiusMustBeALength() throws {
        let analysis = try analysis(Self.town)
        for radius in [Double.nan, -1, 1e9, .infinity] {
            #expect(throws: AnalysisError.self) { _ = try analysis.figures(radius: Metres(radius)) }
        }
        let zero = try analysis.figures(radius: Metres(-0.0))
        #expect(zero.areas[0].gapPeople == .value(50))
        #expect(zero.areas[0].properties.contains { $0.name == "people_within_0_m" })
    }

    @Test func namesCarryUnitsAndNoNumberIsLost() throws {
        let figures = try analysis(Self.town).figures(radius: Metres(1234.5))
        let names = figures.areas[0].properties.map(\.name)
        #expect(
            names == [
                "key", "name", "people", "cells", "distance_mean_m", "distance_median_m", "distance_p90_m",
                "distance_max_m", "distance_median_cells_m", "people_within_1234.5_m", "share_within_1234.5_m",
                "people_within_5000_m", "share_within_5000_m", "people_within_8250_m", "share_within_8250_m",
                "people_within_10000_m", "share_within_10000_m", "people_within_15000_m", "share_within_15000_m",
                "people_within_20000_m", "share_within_20000_m", "people_within_30000_m", "share_within_30000_m",
                "distance_gini", "gap_people", "access_2sfca", "offers_located", "offers_serving",
                "offers_located_per_10000_people", "offers_serving_per_10000_people", "offers_located_per_100_km2",
                "offers_serving_per_100_km2", "register_population", "area_m2", "actors_located",
                "actors_administration", "actors_business", "actors_civil_society", "actors_other_sectors",
                "actors_sector_not_stated", "sector_evenness", "sectors_missing",
            ])
        for area in figures.areas {
            #expect(area.properties.map(\.name) == names)
            #expect(area.properties.allSatisfy { ($0.value == .null) == ($0.reason != nil) })
        }
    }

    @Test func populationBeyondAllMeasureIsRefused() {
        var town = Self.town
        town.addCell("z", Demand.mostPeople, 0, 0, municipality: "15001000")
        let snapshot = town.snapshot
        #expect(throws: AnalysisError.implausiblePopulation(cell: "z")) { _ = try Demand(snapshot) }
    }

    @Test func cellsWithoutPositionAreReported() throws {
        var town = Self.town
        town.addCell("z", 4, .nan, 0, municipality: "15001000")
        let demand = try Demand(town.snapshot)
        #expect(demand.totalPeople == 60)
        #expect(demand.leftOut == .init(notOwn: 1, uninhabited: 1, unplaced: 1, unplacedPeople: 4))
    }

    @Test func insufficientDataAreMarked() throws {
        var town = Self.town
        town.words = [("language", "ar"), ("delivery", "on_site"), ("delivery", "online")]
        town.offers[0]["languages"] = .list(["ar"])
        let arabic = try analysis(town, OfferFilter("language", "ar")).completeness
        #expect(arabic.matched == 1)
        #expect(arabic.fields == [.init(field: "language", notStated: 2, passingOthers: 3)])
        #expect(arabic.isInsufficient)
        // Half is not more than half.
        town.offers.removeLast()
        let half = try analysis(town, OfferFilter("language", "ar")).completeness
        #expect(half.fields == [.init(field: "language", notStated: 1, passingOthers: 2)])
        #expect(!half.isInsufficient)
        #expect(half.withoutServiceArea == 0)
        #expect(throws: AnalysisError.self) { _ = try analysis(town, OfferFilter("language", "xx")) }
    }
}
