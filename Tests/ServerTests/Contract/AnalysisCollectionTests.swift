import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct AnalysisCollectionTests {
    /// A network of 137 cells in a row, from west to east.
    private static var tables: [RecordKind: Table] {
        var tables = ExampleNetwork.tables
        tables[.populationCells] = Table(
            .populationCells,
            (0..<137).map { number in
                let district = number < 70 ? "15001" : "15002"
                return [
                    "id": .text("cell\(String(number + 1000).dropFirst())"), "people": .integer(Int64(number + 1)),
                    "state": .text("15"), "role": .text("own"), "district_key": .text(district),
                    "municipality_key": .text(number < 70 ? "15001000" : "15002020"),
                    "lon": .real(11 + Double(number) / 70), "lat": .real(51.25),
                ]
            })
        return tables
    }

    @Test func cellsAreWalkedWithTheOfferThatServesThem() async throws {
        let site = try TestSite(Self.tables)
        var target: String? = "/api/collections/access/items?limit=50&category=counselling"
        var features: [[String: Any]] = []
        while let page = target {
            let answer = try await site.send(page)
            #expect(try answer.json()["numberMatched"] as? Int == 137)
            #expect(try answer.json()["base"] as? String == "census_cells")
            #expect((try answer.json()["completeness"] as? [String: Any])?["offers_matched"] as? Int == 1)
            features += try answer.features()
            target = try answer.link("next")
        }
        #expect(features.count == 137)
        let properties = features.compactMap { $0["properties"] as? [String: Any] }
        #expect(properties.allSatisfy { $0["nearest_offer_id"] as? String == "beratung" })
        let everybody = properties.compactMap { $0["people"] as? Int }.reduce(0, +)
        #expect(everybody == 9453)
        // A figure can be traced: the cells of a district give its mean.
        let coverage = try await site.send("/api/coverage?category=counselling").json()["areas"] as? [[String: Any]]
        let west = properties.filter { $0["district_key"] as? String == "15001" }
        let people = west.compactMap { $0["people"] as? Double }
        let distances = west.compactMap { $0["distance_m"] as? Double }
        let mean = zip(people, distances).reduce(0) { $0 + $1.0 * $1.1 } / people.reduce(0, +)
        let stated = try #require(coverage?.first?["distance_mean_m"] as? Double)
        #expect(abs(mean - stated) < 1e-6)
    }

    @Test func theCollectionsParametersChooseFeaturesAndTheGrammarsChooseOffers() async throws {
        let site = try TestSite(Self.tables)
        let ids = { (query: String) in try await site.send("/api/collections/access/items?limit=1000&\(query)").ids() }
        #expect(try await ids("bbox=11,51,11.1,52").count == 8)
        #expect(try await ids("bbox=11,51,11.1,52&datetime=2020-01-01").count == 8)
        #expect(try await ids("area=15002").count == 67)
        #expect(try await ids("area=15002020,15001").count == 137)
        #expect(try await ids("offer-bbox=0,0,1,1").count == 137)
        let unserved = try await site.send("/api/collections/access/items?limit=1&offer-bbox=0,0,1,1").features()
        let properties = try #require(unserved.first?["properties"] as? [String: Any])
        #expect(properties["distance_m"] is NSNull)
        #expect(properties["missing"] as? [String] == ["distance_m=no_usable_offer", "access_2sfca=no_usable_offer"])
        let areas = try await site.send("/api/collections/coverage/items?bbox=12.5,51,13,52&radius=5000").features()
        #expect(areas.compactMap { $0["id"] as? String } == ["15002"])
        for bad in ["radius=5", "level=state", "k=3", "lon=11"] {
            #expect(try await site.send("/api/collections/access/items?\(bad)").status == 400, "\(bad)")
        }
        for bad in ["radius=-5", "level=planet", "area=1", "limit=0", "bbox=1", "datetime=x", "curious=1"] {
            #expect(try await site.send("/api/collections/coverage/items?\(bad)").status == 400, "\(bad)")
        }
    }

    @Test func aFeatureIsFoundUnderTheSameParameters() async throws {
        let site = try TestSite(Self.tables)
        let query = "?category=counselling&radius=12345"
        let page = try await site.send("/api/collections/coverage/items\(query)")
        let listed = try #require(try page.features().first)
        let answer = try await site.send("/api/collections/coverage/items/15001\(query)")
        let single = try answer.json()
        #expect(
            NSDictionary(dictionary: listed["properties"] as? [String: Any] ?? [:])
                == NSDictionary(dictionary: single["properties"] as? [String: Any] ?? [:]))
        #expect((single["definition"] as? [String: Any])?["name"] as? String == "coverage")
        let own = try #require(try answer.link("self"))
        #expect(own.contains("radius=12345") && own.contains("category=counselling"))
        #expect(try await site.send(own).json()["id"] as? String == "15001")
        #expect(try await site.send("/api/collections/access/items/cell007").status == 200)
        #expect(try await site.send("/api/collections/access/items/cell999").status == 404)
        #expect(try await site.send("/api/collections/access/items/cell007?radius=3").status == 400)
        #expect(try await site.send("/api/collections/offers/items/beratung?category=training").status == 400)
    }

    @Test(arguments: ["coverage", "access", "gaps"]) func schemaHoldsForFeatures(collection: String) async throws {
        let site = try TestSite(Self.tables)
        let schema = try await site.send("/api/collections/\(collection)/schema").json()
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        let page = try await site.send("/api/collections/\(collection)/items?limit=1")
        let feature = try #require(try page.features().first)
        let stated = try #require(feature["properties"] as? [String: Any])
        #expect(Set(stated.keys).union(["geometry"]) == Set(properties.keys))
        let queryables = try await site.send("/api/collections/\(collection)/queryables").json()
        #expect(Set((queryables["properties"] as? [String: Any] ?? [:]).keys) == Set(properties.keys))
        guard collection == "coverage" else { return }
        let pattern = try #require((schema["patternProperties"] as? [String: Any])?.keys.first)
        let other = try await site.send(
            "/api/collections/coverage/items?limit=1&radius=1234.5&outreach=include&bands=1000:0.5"
        ).features()
        for name in try #require(other.first?["properties"] as? [String: Any]).keys where properties[name] == nil {
            #expect(name.range(of: pattern, options: .regularExpression) != nil, "\(name)")
        }
    }

    @Test func gapsHoldThePeopleBeyondTheRadius() async throws {
        let site = try TestSite(Self.tables)
        for (query, level) in [("radius=15000", "district"), ("radius=3000&level=municipality", "municipality")] {
            let json = try await site.send("/api/collections/gaps/items?limit=1000&\(query)").json()
            let features = try #require(json["features"] as? [[String: Any]])
            let ids = features.compactMap { $0["id"] as? String }
            #expect(!ids.isEmpty && ids == ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            let people = features.compactMap { ($0["properties"] as? [String: Any])?["people"] as? Int }.reduce(0, +)
            let coverage = try await site.send("/api/coverage?\(query)").json()["areas"] as? [[String: Any]] ?? []
            let beyond = coverage.compactMap { $0["gap_people"] as? Int }.reduce(0, +)
            #expect(people == beyond && json["gap_people"] as? Int == beyond, "\(level)")
            #expect(try await site.send("/api/collections/gaps/items/\(ids[0])?\(query)").status == 200)
        }
        let none = try await site.send("/api/collections/gaps/items?q=nichts").json()
        #expect(none["numberMatched"] as? Int == 0)
        #expect(none["missing"] as? String == "no_usable_offer")
        #expect(none["gap_people"] is NSNull)
        let wide = try await site.send("/api/collections/gaps/items?radius=500000").json()
        #expect(wide["missing"] as? String == "radius_too_large_to_draw")
        #expect(wide["gap_people"] as? Int == 0)
    }

    @Test func answersAreKeptAndSpelledInOneWay() async throws {
        let site = try TestSite(Self.tables)
        let first = try await site.send("/api/coverage?radius=15e3&category=counselling,training")
        let second = try await site.send("/api/coverage?category=training,counselling&radius=15000.0")
        #expect(first.body == second.body)
        #expect(first["ETag"] == second["ETag"])
        let again = try await site.send("/api/coverage?radius=15e3", ["If-None-Match": "*"])
        #expect(again.status == 304)
    }
}
