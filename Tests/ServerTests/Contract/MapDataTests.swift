import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

/// What the map's page reads once: the same records as the collections have, as columns.
@Suite struct MapDataTests {
    private let site: TestSite

    init() throws {
        var tables = ExampleNetwork.tables
        tables[.gazetteer] = Table(
            .gazetteer,
            [
                place("1", "Weststadt", "06842", "15001", 11.5, 51.5),
                place("2", "Fernstadt", "01067", "14612", 13.7, 51),
            ])
        site = try TestSite(tables)
    }

    /// The value of a column's row: codes resolved, absent columns and zeros are nil.
    private func value(_ columns: [String: Any], _ name: String, _ row: Int) -> Any? {
        if let list = columns[name] as? [Any] { return list[row] is NSNull ? nil : list[row] }
        guard let coded = columns[name] as? [String: Any], let values = coded["values"] as? [String],
            let rows = coded["rows"] as? [Any]
        else { return nil }
        if let numbers = rows[row] as? [Int] { return numbers.map { values[$0 - 1] } }
        guard let number = rows[row] as? Int, number > 0 else { return nil }
        return values[number - 1]
    }

    @Test(arguments: ["offers", "actors", "links"])
    func theColumnsSayWhatTheCollectionSays(_ name: String) async throws {
        let data = try await site.send("/data/\(name).json").json()
        let columns = try #require(data["columns"] as? [String: Any])
        let features = try await site.send("/api/collections/\(name)/items?limit=1000").features()
        #expect(data["count"] as? Int == features.count)
        #expect(data["data_version"] as? String == site.version)
        for (row, feature) in features.enumerated() {
            let properties = try #require(feature["properties"] as? [String: Any])
            for (field, stated) in properties {
                let found = value(columns, field, row)
                if stated is NSNull {
                    #expect(found == nil, "\(field)")
                } else {
                    #expect((stated as? NSObject) == (found as? NSObject), "\(field)")
                }
            }
            let coordinates = (feature["geometry"] as? [String: Any])?["coordinates"] as? [Double]
            #expect(value(columns, "longitude", row) as? Double == coordinates?.first)
            #expect(value(columns, "latitude", row) as? Double == coordinates?.last)
        }
    }

    @Test func placesAreThoseOfTheLoadedDistricts() async throws {
        let columns = try #require(try await site.send("/data/places.json").json()["columns"] as? [String: Any])
        #expect(columns["name"] as? [String] == ["Weststadt"])
        #expect(value(columns, "postcode", 0) as? String == "06842")
        #expect(columns["longitude"] as? [Double] == [11.5])
    }

    @Test func theVersionMakesThemKeepable() async throws {
        #expect(try await site.send("/data/offers.json")["Cache-Control"] == "no-cache")
        let kept = try await site.send("/data/offers.json?v=\(site.server.site.current.served.contentVersion)")
        #expect(kept["Cache-Control"]?.contains("immutable") == true)
        for path in ["/data", "/data/", "/data/people.json", "/data/offers", "/data/offers.json/x"] {
            #expect(try await site.send(path).status == 404, "\(path)")
        }
    }

    @Test func theServiceWorkerStandsAtTheRoot() async throws {
        let answer = try await site.send("/service-worker.js")
        #expect(answer["Content-Type"] == "text/javascript; charset=utf-8")
        #expect(answer["Cache-Control"] == "no-cache")
    }

    @Test func onlyTheEmbeddedPageMayBeFramed() async throws {
        let framed = try await site.send("/?embed=1&category=counselling&lang=de")
        #expect(framed["Content-Security-Policy"]?.contains("frame-ancestors *") == true)
        for path in ["/", "/?embed=0", "/api?f=html", "/api/collections/offers/items?f=html&embed=1"] {
            let policy = try await site.send(path)["Content-Security-Policy"]
            #expect(policy?.contains("frame-ancestors *") != true, "\(path)")
        }
    }

    @Test func anOperatorChoosesWhoMayFrameIt() async throws {
        let source = SnapshotSource(changeToken: { 0 }, load: { Snapshot(ExampleNetwork.tables) })
        let site = try TestSite(source: source, frameAncestors: " https://A.example   http://*.b.example:8443 ")
        let framed = try await site.send("/?embed=1")["Content-Security-Policy"]
        #expect(framed?.hasSuffix("; frame-ancestors 'self' https://a.example http://*.b.example:8443") == true)
        let page = try await site.send("/?lang=de")["Content-Security-Policy"]
        #expect(page?.hasSuffix("; frame-ancestors 'self'") == true)
        #expect(FrameAncestors("none")?.description == "'self'")
        for text in [
            "", "* https://a.example", "none https://a.example", "a.example", "https://", "https://a.example/path",
            "https://a.example;script-src *", "https://a_b.example", "https://a..example", "ftp://a.example",
            "https://a.example:0", "https://a.example:99999", "https://a.example:+80", "'self'", "https://*", "https:",
            "https://ä.example", "https://\(String(repeating: "a", count: 64)).example",
        ] {
            #expect(FrameAncestors(text) == nil, "\(text)")
            #expect(throws: ServerError.self) { try TestSite(source: source, frameAncestors: text) }
        }
    }

    @Test func aWayInChoosesItsCategories() async throws {
        let counselling = try await site.send("/?view=counselling&lang=de").text
        #expect(counselling.contains("Beratung auf Arabisch") && !counselling.contains("Treffen"))
        let training = try await site.send("/?view=trainers&lang=de&category=counselling").text
        #expect(training.contains("Treffen") && !training.contains("Beratung auf Arabisch"))
        #expect(training.contains("<input type=\"hidden\" name=\"view\" value=\"trainers\">"))
        // What no offer can be is no mistake of the visitor's.
        #expect(try await site.send("/?view=projects").status == 200)
        let unknown = try await site.send("/?view=nonsense&lang=de").text
        #expect(unknown.contains("Beratung auf Arabisch") && unknown.contains("Treffen"))
    }

    @Test func thePageCanAskForWhatSaysNothing() async throws {
        let silent = try await site.send("/?language=not_stated&lang=de").text
        #expect(silent.contains("Treffen") && !silent.contains("Beratung auf Arabisch"))
        #expect(silent.contains("<option value=\"not_stated\" data-count=\"2\" selected>"))
    }
}

private func place(
    _ id: String, _ name: String, _ postcode: String, _ district: String, _ lon: Double, _ lat: Double
) -> [String: FieldValue] {
    [
        "id": .text(id), "kind": .text("place"), "postcode": .text(postcode), "name": .text(name),
        "district_key": .text(district), "lon": .real(lon), "lat": .real(lat), "region": .text("example"),
    ]
}
