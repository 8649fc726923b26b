import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct RuralRouteTests {
    @Test func noVisitorOfTheDistrictPagesWaitsForTheIndex() async throws {
        let site = try TestSite()
        #expect(site.server.site.current.served.ruralOfRegions.known == nil)
        await site.server.watcher.prepare()
        #expect(site.server.site.current.served.ruralOfRegions.known != nil)
    }

    @Test func figuresCarryAllThatTheyRestOn() async throws {
        let site = try TestSite()
        let answer = try await site.send("/api/rural")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        let json = try answer.json()
        let definition = try #require(json["definition"] as? [String: Any])
        #expect(definition["name"] as? String == "rural")
        #expect(json["data_version"] as? String == site.version)
        let method = try #require(json["method"] as? [String: Any])
        #expect(method["basis"] as? String == "loaded_areas")
        #expect(method["calibration"] is NSNull)
        #expect((method["indicators"] as? [[String: Any]])?.count == 5)
        let regions = try #require(json["regions"] as? [[String: Any]])
        #expect(regions.map { $0["ags"] as? String } == ["15001", "15002"])
        for region in regions {
            #expect(region["index"] is NSNull)
            #expect(region["published_index"] is NSNull)
            let missing = try #require(region["missing"] as? [String])
            #expect(missing.contains("farm_and_woodland_share=land_use_not_stated"))
            #expect(missing.contains("access_to_five_cities=cities_not_loaded"))
        }
    }

    @Test func municipalitiesHaveTheirDegreeOfUrbanisation() async throws {
        let json = try await TestSite().send("/api/rural?level=municipality").json()
        #expect((json["regions"] as? [[String: Any]])?.count == 3)
        let degree = try #require(json["degree_of_urbanisation"] as? [String: Any])
        #expect(degree["compared_with_official_level1"] as? Int == 0)
    }

    @Test func formsAreChosenByParameterAndHeader() async throws {
        let site = try TestSite()
        let csv = try await site.send("/api/rural?f=csv")
        #expect(csv["Content-Type"]?.hasPrefix("text/csv") == true)
        #expect(csv.text.hasPrefix("ags,name,index,class,published_index,published_type,"))
        let rows = try #require(CSVReader.rows(csv.text))
        #expect(rows.count == 3)
        let trace = ["definition", "parameters", "data_version", "base", "data_dates", "sources"]
        #expect(Array(rows[0].suffix(trace.count)) == trace)
        for row in rows.dropFirst() {
            #expect(row.count == rows[0].count)
            #expect(row[row.count - 6] == "rural 1")
            #expect(row[row.count - 5] == #"{"level":"region"}"#)
            #expect(row[row.count - 4] == site.version)
            #expect(row[row.count - 3].contains("settlement_density=register"))
        }
        let features = try await site.send("/api/rural", ["Accept": "application/geo+json"]).json()
        #expect(features["type"] as? String == "FeatureCollection")
        let first = try #require((features["features"] as? [[String: Any]])?.first)
        #expect((first["geometry"] as? [String: Any])?["type"] as? String == "MultiPolygon")
        #expect(try await site.send("/api/rural", ["Accept": "text/xml"]).status == 406)
    }

    @Test(arguments: [
        ("level=state", "level"), ("level=", "level"), ("f=xml", "f"), ("radius=5", "radius"),
        ("level=region&level=region", "level"),
    ])
    func mistakesAreNamed(query: String, parameter: String) async throws {
        let answer = try await TestSite().send("/api/rural?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == parameter)
    }

    @Test func thePageHasAMapAndARowForEachArea() async throws {
        let page = try await TestSite().send("/api/rural?f=html&level=district&lang=en")
        #expect(page.status == 200)
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("<svg class=\"sketch\" role=\"img\""))
        #expect(page.text.contains("<td>15001</td>") && page.text.contains("<td>15002</td>"))
        #expect(page.text.contains("/api/rural?level=district&amp;f=csv"))
    }

    @Test func theOpenAPIDocumentNamesTheRoute() async throws {
        let json = try await TestSite().send("/api/openapi.json").json()
        #expect((json["paths"] as? [String: Any])?["/api/rural"] != nil)
    }
}
