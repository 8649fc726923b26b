import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct SitingRouteTests {
    @Test func eachStopShowsWhatItAdds() async throws {
        let site = try TestSite()
        let answer = try await site.send("/api/siting?stops=2&radius=40000")
        let json = try answer.json()
        #expect((json["definition"] as? [String: Any])?["name"] as? String == "siting")
        #expect(json["base"] as? String == "census_cells")
        #expect(json["proven_optimal"] as? Bool == true)
        let before = try #require(json["before"] as? [String: Any])
        #expect(before["people_within"] as? Int == 100)
        let stops = try #require(json["stops"] as? [[String: Any]])
        #expect(stops.count == 2)
        // The cell in the east is near its own municipality's middle, and all people have an offer then.
        #expect(stops[0]["key"] as? String == "15002020")
        #expect(stops[0]["people_gained"] as? Int == 50)
        #expect(stops[0]["people_within"] as? Int == 150)
        #expect(stops[1]["people_gained"] as? Int == 0)
        #expect(json["objective"] as? Double == 50)
        #expect(json["objective_bound"] as? Double == 50)
        let parameters = try #require(json["parameters"] as? [String: Any])
        #expect(parameters["method"] as? String == "mclp")
        #expect(parameters["candidates"] as? String == "municipalities")
        let features = try await site.send("/api/siting?stops=2&radius=40000&f=geojson").features()
        #expect((features.first?["geometry"] as? [String: Any])?["coordinates"] as? [Double] == [12.5, 51.25])
        let rows = CSVReader.rows(try await site.send("/api/siting?stops=2&radius=40000&f=csv").text)
        #expect(rows?.count == 3)
    }

    @Test func givenPlacesAndAreasAreTaken() async throws {
        let site = try TestSite()
        let json = try await site.send(
            "/api/siting?candidates=12.2:51.2,11.2:51.2&stops=1&method=p-median&weights=uncovered"
        ).json()
        let stop = try #require((json["stops"] as? [[String: Any]])?.first)
        // 100 people have 40 km less, 50 people more than 50 km less.
        #expect(stop["key"] as? String == "point-2")
        #expect(stop["lon"] as? Double == 11.2)
        #expect(stop["name"] is NSNull)
        #expect((stop["missing"] as? [String])?.contains("name=point_without_name") == true)
        let east = try await site.send("/api/siting?area=15002&stops=2").json()
        #expect(east["people"] as? Int == 50)
        #expect(east["candidates"] as? Int == 2)
    }

    @Test(arguments: [
        ("stops", "0"), ("stops", "51"), ("stops", "-1"), ("stops", "two"), ("method", "best"), ("weights", "all"),
        ("radius", "-5"), ("radius", "nan"), ("candidates", "11.5"), ("candidates", "11.5:91"),
        ("candidates", "nan:51"), ("candidates", ""), ("area", "99"), ("level", "state"), ("category", "nichts"),
    ])
    func badParametersAreNamed(name: String, value: String) async throws {
        let answer = try await TestSite().send("/api/siting?\(name)=\(value)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == name)
    }

    @Test func moreStopsThanCandidatesAreRefused() async throws {
        let site = try TestSite()
        for (query, words) in [
            ("stops=4", "the network has 3 candidates; at most 3 stops"),
            ("stops=50&area=15001", "15001 has 1 candidate; at most 1 stop"),
            ("stops=2&candidates=11.5:51.5", "parameter 'candidates' has 1 candidate; at most 1 stop"),
        ] {
            let answer = try await site.send("/api/siting?\(query)")
            #expect(answer.status == 400)
            #expect(try answer.json()["parameter"] as? String == "stops")
            #expect(try answer.json()["detail"] as? String == "parameter 'stops': \(words) can be chosen")
        }
    }

    @Test func weightsWithoutMeaningAreRefused() async throws {
        for query in ["weights=uncovered", "weights=uncovered&method=mclp"] {
            let answer = try await TestSite().send("/api/siting?\(query)")
            #expect(answer.status == 400)
            #expect(try answer.json()["parameter"] as? String == "weights")
            let detail = try answer.json()["detail"] as? String
            #expect(detail == "parameter 'weights' has no meaning together with 'method=mclp'")
            let offline = OfflineAnalysis(Snapshot(ExampleNetwork.tables))
            #expect(throws: AnalysisRefusal(message: try #require(detail), isUsage: true)) {
                try offline.answer(.siting, parameters: [("weights", "uncovered")], form: .json)
            }
        }
        #expect(try await TestSite().send("/api/siting?weights=uncovered&method=p-median").status == 200)
    }

    @Test func anAreaWithoutCellsHasNoPopulation() async throws {
        var tables = ExampleNetwork.tables
        tables[.populationCells] = tables[.populationCells].map { $0.gathered([0]) }
        let json = try await TestSite(tables).send("/api/siting?area=15002").json()
        #expect(json["missing"] as? String == "no_population")
        #expect(json["people"] as? Int == 0)
        #expect((json["before"] as? [String: Any])?["missing"] as? String == "no_population")
    }

    @Test func withoutPeopleOrOffersTheReasonIsSaid() async throws {
        var tables = ExampleNetwork.tables
        tables[.populationCells] = nil
        let nobody = try await TestSite(tables).send("/api/siting").json()
        #expect((nobody["stops"] as? [Any])?.isEmpty == true)
        #expect(nobody["missing"] as? String == "population_not_loaded")
        let unserved = try await TestSite().send("/api/siting?q=nichts&radius=40000").json()
        let before = try #require(unserved["before"] as? [String: Any])
        #expect(before["distance_mean_m"] is NSNull)
        #expect(before["missing"] as? String == "no_usable_offer")
        #expect((unserved["stops"] as? [[String: Any]])?.first?["people_gained"] as? Int == 100)
    }
}
