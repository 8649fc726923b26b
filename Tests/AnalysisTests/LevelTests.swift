import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

/// Levels made of districts, sectors, outreach and series, on tables counted by hand.
struct LevelTests {
    private static let degree = 111_319.490793273573

    private static var town: Town {
        var town = Town()
        town.districts = [("15001", 70, 1e8), ("15082", 160, 14e8), ("15083", nil, 20e8), ("05001", 5, 1e8)]
        town.municipalities = [("15001000", 70), ("15082010", 100), ("15082020", 60), ("15083010", 9), ("05001000", 5)]
        for (number, key) in ["15001000", "15082010", "15082020", "15083010", "05001000"].enumerated() {
            town.addCell(
                "c\(number)", Int64(10 * (number + 1)), Double(number) * 10_000 / degree, 0, municipality: key)
        }
        town.addOffer("office", 0, 0, municipality: "15001000", serves: ["15082"])
        return town
    }

    private func analysis(_ town: Town, outreach: Bool = false) throws -> CoverageAnalysis {
        let snapshot = town.snapshot
        var options = CoverageAnalysis.Options()
        options.includesOutreach = outreach
        return try CoverageAnalysis(OfferFilter(), options: options, demand: Demand(snapshot), in: snapshot)
    }

    @Test func withoutRegionKeysEachDistrictIsARegion() throws {
        let figures = try analysis(Self.town)
        let regions = try figures.figures(.region)
        let districts = try figures.figures(.district)
        #expect(regions.areas == districts.areas)
    }

    @Test func statesAreMadeOfDistricts() throws {
        let states = try analysis(Self.town).figures(.state)
        #expect(states.areas.map(\.key) == ["05", "15"])
        #expect(states.areas.map(\.people) == [.value(50), .value(100)])
        #expect(states.areas.map(\.registerPopulation) == [.value(5), .missing(.registerPopulationNotStated)])
        // A service area of a district lies in its state.
        #expect(states.areas.map(\.offersServing) == [0, 1])
    }

    /// Hand-computed: 15082 has people at 10 km (20) and 20 km (30).
    @Test func outreachIsASecondSet() throws {
        var town = Self.town
        town.addOffer("bus", district: "15082", delivery: "outreach", precision: "district", serves: ["15082020"])
        town.addOffer("all", district: "15082", delivery: "outreach", precision: "none", serves: ["15"])
        town.addOffer("two", delivery: "outreach", precision: "none", serves: ["15082", "15083"])
        town.addOffer("nowhere", delivery: "outreach", precision: "none")
        let plain = try analysis(town).figures(radius: Metres(5000))
        #expect(plain.outreach == nil && plain.areas.allSatisfy { $0.outreach == nil })
        let figures = try analysis(town, outreach: true).figures(radius: Metres(5000))
        let outreach = try #require(figures.outreach)
        #expect(outreach.rows.count == 1 && outreach.wider == 2 && outreach.withoutServiceArea == 1)
        let area = try #require(figures.areas.first { $0.key == "15082" })
        #expect(area.gapPeople == .value(50))
        let second = try #require(area.outreach)
        #expect(second.gapPeople == .value(20))
        #expect(second.distances.median == .value(Metres(0)))
        // The first set is what it is without the question.
        #expect(area.distances == plain.areas.first { $0.key == "15082" }?.distances)
        let names = area.properties.map(\.name)
        #expect(names.contains("outreach_people_within_5000_m") && names.contains("outreach_gap_people"))
    }

    @Test func outreachAloneReachesWhomItServes() throws {
        var town = Self.town
        town.offers = []
        town.addOffer("bus", delivery: "outreach", precision: "none", serves: ["15082"])
        let figures = try analysis(town, outreach: true).figures()
        let served = try #require(figures.areas.first { $0.key == "15082" }?.outreach)
        #expect(served.distances.maximum == .value(Metres(0)) && served.gapPeople == .value(0))
        let other = try #require(figures.areas.first { $0.key == "15083" }?.outreach)
        #expect(other.distances.mean == .missing(.noUsableOffer) && other.gapPeople == .value(40))
        #expect(figures.areas.allSatisfy { $0.gapPeople == .missing(.noUsableOffer) })
    }

    @Test func sectorsAreBalancedOverThreeLegs() {
        let balance = { (legs: [Int]) in SectorBalance(legs: legs, others: [], notStated: 0) }
        #expect(balance([4, 4, 4]).evenness.value.map { abs($0 - 1) < 1e-15 } == true)
        #expect(balance([7, 0, 0]).evenness == .value(0))
        #expect(balance([0, 0, 0]).evenness == .missing(.noActor))
        // H = ln 2 for two equal legs.
        #expect(balance([3, 0, 3]).evenness.value.map { abs($0 - 0.6309297535714575) < 1e-15 } == true)
        #expect(balance([3, 0, 3]).missing == ["business"])
        let mixed = SectorBalance(legs: [1, 0, 0], others: [.init(sector: "education", actors: 2)], notStated: 3)
        #expect(mixed.actors == 6)
    }

    @Test func seriesStepsWhereOffersBeginAndEnd() throws {
        var town = Self.town
        // The office runs for ever; a branch in 15083 in 2020, another one from 2020-06-15 with an open end.
        town.addOffer("branch", 30_000 / Self.degree, 0, municipality: "15083010")
        town.addOffer("late", 20_000 / Self.degree, 0, municipality: "15082020")
        town.offers[1]["valid_from"] = .text("2020")
        town.offers[1]["valid_to"] = .text("2020-12")
        town.offers[2]["valid_from"] = .text("2020-06-15")
        town.offers[2]["valid_to"] = .text("9999-12-31")
        let snapshot = town.snapshot
        let series = try CoverageSeries(
            OfferFilter(), radius: Metres(5000), demand: Demand(snapshot), in: snapshot)
        #expect(series.steps.map { $0.day?.description } == [nil, "2020-01-01", "2020-06-15", "2021-01-01"])
        #expect(series.steps.map(\.running) == [1, 2, 3, 2])
        #expect(series.undated == 1)
        let id = { (rows: [Int]) in rows.compactMap { snapshot.offerID(Int32($0)) } }
        #expect(series.steps.map { id($0.begins) } == [[], ["branch"], ["late"], []])
        #expect(series.steps.map { id($0.ends) } == [[], [], [], ["branch"]])
        let area = try #require(series.keys.firstIndex(of: "15083"))
        #expect(series.steps.map { $0.areas[area].gapPeople } == [40, 0, 0, 40].map { .value($0) })
        #expect(
            series.steps.map { $0.areas[area].gapPeopleChange }
                == [.missing(.firstStep), .value(-40), .value(0), .value(40)])
        // Each step says what a question for its day says.
        for step in series.steps {
            guard let day = step.day else { continue }
            let asked = try CoverageAnalysis(
                OfferFilter("date", day.description), demand: Demand(snapshot), in: snapshot
            ).figures(radius: Metres(5000))
            #expect(asked.areas.map(\.distances) == step.areas.map(\.distances))
            #expect(asked.areas.map(\.gapPeople) == step.areas.map(\.gapPeople))
        }
        // What ends before it begins never runs, and makes no step.
        town.addOffer("never", 0, 0, municipality: "15001000")
        town.offers[3]["valid_from"] = .text("2021-05-01")
        town.offers[3]["valid_to"] = .text("2020-03-01")
        let more = try CoverageSeries(
            OfferFilter(), radius: Metres(5000), demand: Demand(town.snapshot), in: town.snapshot)
        #expect(more.steps.map(\.day) == series.steps.map(\.day))
        #expect(more.steps.map(\.running) == series.steps.map(\.running))
        #expect(throws: AnalysisError.dateOfSeries) {
            _ = try CoverageSeries(
                OfferFilter("date", "2020-01-01"), demand: Demand(snapshot), in: snapshot)
        }
    }
}
