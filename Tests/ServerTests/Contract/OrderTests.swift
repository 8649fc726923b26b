import Foundation
import TestSupport
import Testing

@testable import Server

/// The order of features and the choice of their properties.
@Suite struct OrderTests {
    @Test(arguments: [
        ("offers", "title", ["beratung", "kurs", "treffen"]), ("offers", "-title", ["treffen", "kurs", "beratung"]),
        ("offers", "%2Btitle", ["beratung", "kurs", "treffen"]), ("offers", "+title", ["beratung", "kurs", "treffen"]),
        ("offers", "category,-id", ["beratung", "treffen", "kurs"]),
        ("offers", "-category", ["kurs", "treffen", "beratung"]),
        // What is not stated comes last in both directions.
        ("offers", "valid_from", ["kurs", "treffen", "beratung"]),
        ("offers", "-valid_from", ["treffen", "kurs", "beratung"]),
        ("districts", "people", ["15002", "15001"]), ("districts", "-people", ["15001", "15002"]),
        ("coverage", "-people", ["15001", "15002"]), ("coverage", "people,key", ["15002", "15001"]),
        ("access", "people", ["1kmN1E2", "1kmN1E1"]),
        ("municipalities", "-name", ["15001000", "15002020", "15002010"]),
    ])
    func featuresAreOrdered(collection: String, order: String, ids: [String]) async throws {
        let site = try TestSite()
        let answer = try await site.send("/api/collections/\(collection)/items?sortby=\(order)")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.ids() == ids)
    }

    @Test(arguments: ["category", "-category,lon", "-title", "-source_year,category"])
    func anOrderedWalkGivesEveryFeatureOnceInOrder(order: String) async throws {
        let site = try TestSite(MadeNetwork.offers(257))
        let order = order.replacing(",lon", with: "")
        let whole = try await site.send("/api/collections/offers/items?limit=1000&sortby=\(order)").ids()
        #expect(whole.count == 257)
        for limit in [1, 10, 100] {
            var target: String? = "/api/collections/offers/items?limit=\(limit)&sortby=\(order)"
            var ids: [String] = []
            while let page = target {
                let answer = try await site.send(page)
                ids += try answer.ids()
                target = try answer.link("next")
            }
            #expect(ids == whole)
        }
        // Equals stand in the order of their identifiers.
        guard order == "category" else { return }
        let sorted = (0..<257).map { "o\($0)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let isEven = { (id: String) in Int(id.dropFirst())?.isMultiple(of: 2) == true }
        #expect(whole == sorted.filter(isEven) + sorted.filter { !isEven($0) })
    }

    @Test func onlyWantedPropertiesAreGiven() async throws {
        let site = try TestSite(MadeNetwork.offers(30))
        var target: String? = "/api/collections/offers/items?limit=7&properties=title,category&sortby=-title"
        var count = 0
        while let page = target {
            let answer = try await site.send(page)
            for feature in try answer.features() {
                count += 1
                let properties = try #require(feature["properties"] as? [String: Any])
                #expect(Set(properties.keys) == ["title", "category"])
                #expect(feature["id"] is String)
                #expect(feature["geometry"] != nil)
            }
            target = try answer.link("next")
        }
        #expect(count == 30)
        let figures = try await site.send("/api/collections/coverage/items?properties=people").features()
        #expect(figures.allSatisfy { ($0["properties"] as? [String: Any])?.count == 1 })
        let page = try await site.send("/api/collections/offers/items?properties=title&f=html&lang=en").text
        #expect(page.contains("o7") && !page.contains("counselling"))
    }

    @Test(arguments: [
        ("sortby=", "sortby"), ("sortby=colour", "sortby"), ("sortby=languages", "sortby"), ("sortby=title,", "sortby"),
        ("sortby=title,-title", "sortby"), ("sortby=--title", "sortby"), ("sortby=publish", "sortby"),
        ("sortby=geometry", "sortby"), ("sortby=a,b,c,d,e,f,g,h,i", "sortby"), ("properties=", "properties"),
        ("properties=colour", "properties"), ("properties=title,title", "properties"),
        ("properties=publish", "properties"), ("sortby=title&sortby=title", "sortby"),
    ])
    func whatIsNotThereIsRefused(query: String, parameter: String) async throws {
        let site = try TestSite()
        for format in ["json", "html"] {
            let answer = try await site.send("/api/collections/offers/items?\(query)&f=\(format)")
            #expect(answer.status == 400)
            #expect(try answer.json()["parameter"] as? String == parameter)
        }
    }
}
