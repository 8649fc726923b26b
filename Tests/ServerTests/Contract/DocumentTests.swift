import Foundation
import Testing

@testable import Server

@Suite struct DocumentTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    @Test func landingPageHasTheLinksAndFactsOfTheContract() async throws {
        let answer = try await site.send("/api", ["Accept": "application/json"])
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        let json = try answer.json()
        #expect(json["data_version"] as? String == site.version)
        #expect(json["bbox"] as? [Double] == [11, 51, 13, 52])
        #expect((json["region"] as? [String: String])?["de"] == "Beispiel")
        for rel in ["self", "alternate", "service-desc", "conformance", "data"] {
            #expect(try answer.link(rel) != nil, "\(rel)")
        }
    }

    @Test func everyLinkOfEveryDocumentResolvesToItsType() async throws {
        var targets = ["/api"]
        var seen: Set<String> = []
        while let target = targets.popLast() {
            guard seen.insert(target).inserted else { continue }
            let answer = try await site.send(target)
            #expect(answer.status == 200, "\(target)")
            guard answer["Content-Type"]?.contains("json") == true, !target.hasPrefix("/styles"),
                !target.hasPrefix("/tiles"), !target.contains("/export?")
            else { continue }
            for link in Self.links(try answer.json()) {
                let href = try #require(link["href"])
                #expect(href.hasPrefix("http://kompass.test/"))
                let type = try #require(link["type"], "\(href)")
                let linked = try await site.send(Received.target(href), ["Accept": type])
                #expect(linked.status == 200, "\(href)")
                #expect(
                    linked["Content-Type"]?.split(separator: ";").first == type.split(separator: ";").first,
                    "\(href) \(type)")
                targets.append(Received.target(href))
            }
        }
        #expect(seen.count > 30)
    }

    @Test(arguments: [
        "/api", "/api/conformance", "/api/collections", "/api/collections/offers", "/api/vocabulary", "/api/glossary",
        "/api/collections/offers/items/beratung", "/api/collections/links/items/amt%2Fverein%2Fcooperation",
    ])
    func htmlHasEveryLinkOfJSON(target: String) async throws {
        let hrefs = Self.links(try await site.send(target).json()).compactMap { $0["href"] }
        let html = try await site.send("\(target)?f=html").text
        #expect(!hrefs.isEmpty)
        for href in hrefs { #expect(html.contains("<a href=\"\(href.replacing("&", with: "&amp;"))\""), "\(href)") }
    }

    private static func links(_ json: Any) -> [[String: String]] {
        if let object = json as? [String: Any] {
            // A template leads nowhere as it stands.
            if object["templated"] != nil { return [] }
            if object["href"] != nil { return [object.compactMapValues { $0 as? String }] }
            return object.values.flatMap(links)
        }
        return (json as? [Any])?.flatMap(links) ?? []
    }

    @Test func conformanceNamesWhatIsKept() async throws {
        let classes = try await site.send("/api/conformance").json()["conformsTo"] as? [String]
        #expect(
            classes?.filter { $0.contains("/ogcapi-features-1/") }
                == ["core", "geojson", "html", "oas30"].map {
                    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/\($0)"
                })
    }

    @Test func collectionsHoldTheirGeometries() async throws {
        let list = try await site.send("/api/collections").json()["collections"] as? [[String: Any]] ?? []
        #expect(
            list.compactMap { $0["id"] as? String } == [
                "districts", "municipalities", "population", "actors", "offers", "links", "coverage", "gaps", "access",
            ])
        for collection in list {
            let id = try #require(collection["id"] as? String)
            let single = try await site.send("/api/collections/\(id)").json()
            for member in ["title", "description", "itemType"] {
                #expect(single[member] as? String == collection[member] as? String)
                #expect(single[member] != nil)
            }
            #expect(
                NSDictionary(dictionary: single["extent"] as? [String: Any] ?? [:])
                    == NSDictionary(dictionary: collection["extent"] as? [String: Any] ?? [:]))
            let links = collection["links"] as? [[String: Any]] ?? []
            let items = links.filter { $0["rel"] as? String == "items" }.compactMap { $0["type"] as? String }
            #expect(Set(items) == ["application/geo+json", "text/html"])
        }
    }

    @Test func openAPIDescribesEveryParameterThatTheRoutesTake() async throws {
        let answer = try await site.send(
            "/api/openapi.json", ["Accept": "application/vnd.oai.openapi+json;version=3.0"])
        #expect(answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0")
        let json = try answer.json()
        #expect(json["openapi"] as? String == "3.0.3")
        let paths = try #require(json["paths"] as? [String: [String: [String: Any]]])
        var operations: Set<String> = []
        for (path, methods) in paths {
            let get = try #require(methods["get"])
            #expect(operations.insert(try #require(get["operationId"] as? String)).inserted)
            guard !path.contains("{") else { continue }
            let parameters = get["parameters"] as? [[String: Any]] ?? []
            let required = parameters.filter { $0["required"] as? Bool == true }.compactMap { $0["name"] as? String }
            let query = required.map { "\($0)=1" }.joined(separator: "&")
            #expect(try await site.send("\(path)?\(query)").status == 200, "\(path)")
            for name in required {
                #expect(try await site.send("\(path)?\(query.replacing("\(name)=1", with: ""))").status == 400)
            }
            for parameter in parameters {
                let name = try #require(parameter["name"] as? String)
                // An empty value is refused by some and passed over by others, but never as unknown.
                // Tiles take what analyses are asked for where one is asked.
                let question = path.hasPrefix("/tiles") ? "layers=gaps,access&figures=coverage&" : ""
                let status = try await site.send("\(path)?\(question)\(name)=%20").text
                #expect(!status.contains("unknown parameter"), "\(path) \(name)")
            }
            #expect(try await site.send("\(path)?not_a_parameter=1").status == 400, "\(path)")
        }
        let items = try #require(paths["/api/collections/offers/items"]?["get"]?["parameters"] as? [[String: Any]])
        let limit = try #require(items.first { $0["name"] as? String == "limit" }?["schema"] as? [String: Any])
        #expect(limit["minimum"] as? Int == 1)
        #expect(limit["maximum"] as? Int == 10_000)
        #expect(limit["default"] as? Int == 100)
    }

    /// One of each case. A new case does not compile until it is named here, and then must be described or be a page, a
    /// file or an operation.
    private static let routes: [Route] = {
        let all: [Route] = [
            .map, .page(.glossary), .robots, .mapData(.offers), .serviceWorker, .asset("x"), .style, .tileJSON,
            .tile(zoom: "0", column: "0", row: "0"), .landing,
            .conformance, .openAPI, .collections, .collection("offers"), .items("offers"), .export("offers"), .archive,
            .item("offers", feature: "x"), .queryables("offers"), .schema("offers"), .vocabulary, .glossary,
            .definitions, .changes, .changeFeed, .catalogue, .humanServices, .sitemap(part: nil), .sitemap(part: "1"),
            .analysis(.coverage), .rural, .live, .ready, .metrics,
            .tileMatrixSets, .tileMatrixSet("x"), .tilesets(collection: nil),
            .tileset(collection: nil, tileMatrixSet: "x"),
            .tilesetTile(collection: nil, tileMatrixSet: "x", tileMatrix: "0", tileRow: "0", tileCol: "0"),
        ]
        for route in all {
            switch route {
            case .map, .page, .robots, .mapData, .serviceWorker, .asset, .style, .tileJSON, .tile, .landing,
                .conformance,
                .openAPI, .collections,
                .collection, .items, .export, .archive, .item, .queryables, .schema, .vocabulary, .glossary,
                .definitions,
                .changes, .changeFeed, .catalogue, .humanServices, .sitemap, .analysis, .rural, .live, .ready, .metrics,
                .tileMatrixSets, .tileMatrixSet,
                .tilesets, .tileset, .tilesetTile:
                break
            }
        }
        return all
    }()

    @Test func openAPIDescribesEveryRoute() async throws {
        let served = site.server.site.current.served
        let paths = try #require(try await site.send("/api/openapi.json").json()["paths"] as? [String: Any])
        let described = Set(Route.described(in: served).map(\.template))
        for route in Self.routes {
            let isAPI = route.template.hasPrefix("/api") || route.template.hasPrefix("/tiles")
            #expect((route.operation(in: served) != nil) == isAPI, "\(route.template)")
            #expect(described.contains(route.template) == isAPI, "\(route.template)")
        }
        #expect(paths.count == Route.described(in: served).count)
        #expect(paths["/api/collections/offers/items/{featureId}"] != nil)
        #expect(paths["/tiles/kompass/{z}/{x}/{y}.mvt"] != nil)
        // Every path that is described is a route.
        for path in paths.keys {
            #expect(try Route.parse(path.replacing("{", with: "").replacing("}", with: "")) != nil, "\(path)")
        }
    }

    @Test func schemaAndQueryablesAreJSONSchemas() async throws {
        let schema = try await site.send("/api/collections/offers/schema")
        #expect(schema["Content-Type"] == "application/schema+json")
        let properties = try #require(schema.json()["properties"] as? [String: [String: Any]])
        let feature = try #require(try await site.send("/api/collections/offers/items?limit=1").features().first)
        let stated = try #require(feature["properties"] as? [String: Any])
        #expect(Set(stated.keys).union(["geometry"]) == Set(properties.keys))
        #expect(properties["participants"]?["x-ogc-unit"] as? String == "{people}")
        let queryables = try await site.send("/api/collections/actors/queryables").json()
        let names = Set((queryables["properties"] as? [String: Any] ?? [:]).keys)
        #expect(names.isSuperset(of: ["id", "name", "sector", "kind", "district_key", "geometry"]))
        #expect(names.isDisjoint(with: ["publish", "q", "located_in"]))
    }

    @Test func vocabularyCountsOffersUnderTheFilter() async throws {
        let all = try await site.send("/api/vocabulary").json()
        #expect(Self.count(all, "category", "training") == 2)
        #expect(Self.count(all, "language", "ar") == 1)
        #expect((all["not_stated"] as? [String: Int])?["language"] == 2)
        let filtered = try await site.send("/api/vocabulary?category=counselling").json()
        #expect(Self.count(filtered, "category", "training") == 0)
        #expect(Self.count(filtered, "language", "ar") == 1)
    }

    private static func count(_ json: [String: Any], _ field: String, _ key: String) -> Int? {
        let entries = (json["fields"] as? [String: [[String: Any]]])?[field]
        return entries?.first { $0["key"] as? String == key }?["offers"] as? Int
    }

    @Test func languagesAreNegotiated() async throws {
        let english = try await site.send("/api/collections/districts", ["Accept-Language": "en-GB"])
        #expect(try english.json()["title"] as? String == "Districts")
        #expect(english["Vary"] == "Accept-Encoding, Accept, Accept-Language")
        #expect(try await site.send("/api/collections/districts?lang=en").json()["title"] as? String == "Districts")
        #expect(try await site.send("/api/collections/districts").json()["title"] as? String == "Kreise")
        #expect(try await site.send("/api/collections/districts?lang=xx").status == 400)
    }
}
