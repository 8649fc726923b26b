import Foundation
import FoundationXML
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct CatalogueTests {
    /// A network whose sources state licences, and whose region states its publisher.
    private static var tables: [RecordKind: Table] {
        var tables = ExampleNetwork.tables
        tables[.regions] = Table(
            .regions,
            [
                [
                    "id": .text("example"), "name_de": .text("Beispiel"), "name_en": .text("Example"),
                    "key_prefix": .text("15"), "as_of": .text("2024-12-31"), "publisher": .text("Amt & Söhne"),
                    "publisher_url": .text("https://amt.example/"),
                    "contributor_id": .text("http://dcat-ap.de/def/contributors/amt"),
                    "kind_sources": .list(["districts/outlines", "population_cells/census"]),
                ]
            ])
        tables[.sources] = Table(
            .sources,
            [
                [
                    "id": .text("census"), "title": .text("Zensus"), "date": .text("2011-05-09"),
                    "licence": .text("https://www.govdata.de/dl-de/by-2-0"), "attribution": .text("© Zensus"),
                ],
                [
                    "id": .text("outlines"), "title": .text("Umrisse"), "date": .text("2024"),
                    "url": .text("https://outlines.example"),
                    "licence": .text("https://creativecommons.org/licenses/by/4.0/"), "attribution": .text("© Umrisse"),
                ],
                [
                    "id": .text("report"), "title": .text("Bericht"), "publisher": .text("Verein"),
                    "year": .integer(2018), "date": .text("2018-06-06"),
                ],
                ["id": .text("unused"), "title": .text("Unbenutzt"), "attribution": .text("© Niemand")],
            ])
        return tables
    }

    private func dataset(_ id: String, of site: TestSite) async throws -> [String: Any] {
        let catalogue = try await site.send("/api/catalogue").json()
        let all = catalogue["dcat:dataset"] as? [[String: Any]] ?? []
        return try #require(all.first { $0["dct:identifier"] as? String == id })
    }

    private func id(_ value: Any?) -> String? { (value as? [String: Any])?["@id"] as? String }

    @Test func theCatalogueHasADataSetForEachCollection() async throws {
        let site = try TestSite(Self.tables)
        let answer = try await site.send("/api/catalogue")
        #expect(answer["Content-Type"] == "application/ld+json")
        let json = try answer.json()
        #expect(json["@type"] as? String == "dcat:Catalog")
        let sets = try #require(json["dcat:dataset"] as? [[String: Any]])
        #expect(
            sets.compactMap { $0["dct:identifier"] as? String }
                == site.server.site.current.served.collections.map(\.id))
        for set in sets {
            for name in [
                "dct:title", "dct:description", "dcat:keyword", "dcat:theme", "dct:publisher", "dcatde:contributorID",
                "dcatde:politicalGeocodingURI", "dct:modified", "dcat:distribution", "dcat:landingPage",
            ] { #expect(set[name] != nil, "\(name)") }
            let languages = (set["dct:title"] as? [[String: String]] ?? []).compactMap { $0["@language"] }
            #expect(languages == ["de", "en"])
            for file in set["dcat:distribution"] as? [[String: Any]] ?? [] {
                #expect(id(file["dcat:accessURL"])?.hasPrefix("http://kompass.test/api/collections/") == true)
                if let address = id(file["dcat:downloadURL"]) {
                    let download = try await site.send(Received.target(address))
                    #expect(download.status == 200, "\(address)")
                    let type = download["Content-Type"]?.prefix { $0 != ";" } ?? ""
                    #expect(
                        id(file["dcat:mediaType"]) == "https://www.iana.org/assignments/media-types/\(type)")
                }
            }
        }
        let codes = sets.first?["dcatde:politicalGeocodingURI"] as? [[String: String]]
        #expect(codes?.compactMap { $0["@id"] } == ["http://dcat-ap.de/def/politicalGeocoding/stateKey/15"])
    }

    @Test func licencesAreThoseOfWhatACollectionRestsOn() async throws {
        let site = try TestSite(Self.tables)
        let expected = [
            "districts": "http://dcat-ap.de/def/licenses/cc-by/4.0",
            "population": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
        ]
        for (collection, licence) in expected {
            let file = (try await dataset(collection, of: site)["dcat:distribution"] as? [[String: Any]])?.first
            #expect(id(file?["dct:license"]) == licence)
        }
        // A report that states none, and sources that differ: nothing is claimed.
        for collection in ["offers", "coverage", "municipalities"] {
            let file = (try await dataset(collection, of: site)["dcat:distribution"] as? [[String: Any]])?.first
            #expect(file?["dct:license"] == nil, "\(collection)")
        }
        let offers = try await site.send("/api/collections/offers").json()
        #expect(offers["attribution"] as? String == "Verein, Bericht, 2018")
        #expect((offers["licences"] as? [String])?.isEmpty == true)
        let districts = try await site.send("/api/collections/districts").json()
        #expect(districts["attribution"] as? String == "© Umrisse")
        #expect(districts["licences"] as? [String] == ["https://creativecommons.org/licenses/by/4.0/"])
        #expect((districts["sources"] as? [[String: Any]])?.first?["id"] as? String == "outlines")
        let links = districts["links"] as? [[String: String]] ?? []
        #expect(links.first { $0["rel"] == "license" }?["href"] == "https://creativecommons.org/licenses/by/4.0/")
        #expect(links.first { $0["rel"] == "via" }?["href"] == "https://outlines.example")
        let interval = ((districts["extent"] as? [String: Any])?["temporal"] as? [String: Any])?["interval"]
        #expect((interval as? [[String]])?.first == ["2024-01-01T00:00:00Z", "2024-12-31T23:59:59Z"])
    }

    @Test func whatThePackDoesNotSayIsNotThere() async throws {
        let site = try TestSite()
        let text = try await site.send("/api/catalogue").text
        for word in ["publisher", "contributorID", "politicalGeocoding", "modified", "dct:license", "null"] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test func theCatalogueIsNegotiated() async throws {
        let site = try TestSite()
        #expect(try await site.send("/api/catalogue", ["Accept": "application/json"]).status == 200)
        #expect(try await site.send("/api/catalogue", ["Accept": "text/csv"]).status == 406)
        #expect(try await site.send("/api/catalogue?f=json").status == 400)
        #expect(
            try await site.send("/api/catalogue").body == TestSite().send("/api/catalogue").body)
    }

    /// The JSON-LD of a page, as a browser reads a data block.
    private func block(_ target: String, of site: TestSite) async throws -> [String: Any] {
        let html = try await site.send(target).text
        let parts = html.components(separatedBy: "<script type=\"application/ld+json\">")
        #expect(parts.count == 2, "\(target)")
        let text = parts.last?.components(separatedBy: "</script>").first ?? ""
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func pagesDescribeThemselves() async throws {
        var tables = Self.tables
        var offer = ExampleNetwork.offer(
            "beratung", "Beratung </script><script>alert(1)</script> & mehr", "counselling", languages: ["ar", "de"],
            actor: "amt")
        offer["served_keys"] = .list(["15001", "15002020"])
        offer["email"] = .text("post@amt.example")
        tables[.offers] = Table(.offers, [offer])
        let site = try TestSite(tables)
        let set = try await block("/api/collections/districts?f=html", of: site)
        #expect(set["@type"] as? String == "Dataset")
        #expect(set["license"] as? [String] == ["https://creativecommons.org/licenses/by/4.0/"])
        let service = try await block("/api/collections/offers/items/beratung?f=html", of: site)
        #expect(service["@type"] as? String == "Service")
        #expect(service["name"] as? String == "Beratung </script><script>alert(1)</script> & mehr")
        #expect((service["provider"] as? [String: Any])?["name"] as? String == "Amt für Mädchen")
        let areas = service["areaServed"] as? [[String: Any]] ?? []
        #expect(areas.compactMap { $0["name"] as? String } == ["Westkreis", "Südort"])
        let channel = service["availableChannel"] as? [String: Any]
        #expect(channel?["availableLanguage"] as? [String] == ["ar", "de"])
        #expect(!"\(service)".contains("post@"))
        #expect(
            try await block("/api/collections/actors/items/amt?f=html", of: site)["@type"] as? String == "Organization")
        #expect(
            try await block("/api/collections/districts/items/15001?f=html", of: site)["@type"] as? String
                == "AdministrativeArea")
        let cell = try await site.send("/api/collections/population/items/1kmN1E1?f=html").text
        #expect(!cell.contains("ld+json"))
    }

    @Test func theSitemapListsPagesThatThereAre() async throws {
        let site = try TestSite()
        let answer = try await site.send("/sitemap.xml")
        #expect(answer["Content-Type"] == "application/xml")
        let addresses = try Addresses(answer.body).all
        #expect(addresses.count == Set(addresses).count)
        #expect(addresses.contains("http://kompass.test/api/collections/offers/items/beratung?f=html"))
        for address in addresses {
            #expect(try await site.send(Received.target(address)).status == 200, "\(address)")
        }
        for page in ["/", "/offers/beratung", "/actors/amt", "/districts/15001", "/network", "/glossary", "/imprint"] {
            #expect(addresses.contains("http://kompass.test\(page)?lang=de"), "\(page)")
            #expect(answer.text.contains("hreflang=\"x-default\" href=\"http://kompass.test\(page)\"/>"), "\(page)")
            for tag in site.server.site.pages.languages {
                #expect(
                    answer.text.contains(
                        "<xhtml:link rel=\"alternate\" hreflang=\"\(tag)\" href=\"http://kompass.test\(page)?lang=\(tag)\"/>"
                    ),
                    "\(page) \(tag)")
            }
        }
        #expect(!addresses.contains { $0.contains("/sheet") }, "a page that asks not to be listed")
        let robots = try await site.send("/robots.txt")
        #expect(robots.text.contains("\nSitemap: http://kompass.test/sitemap.xml\n"))
        #expect(try await site.send("/sitemap-1.xml").body == answer.body)
        for name in ["0", "2", "01", "", "x", "-1", "99999999999999999999"] {
            #expect(try await site.send("/sitemap-\(name).xml").status == 404, "\(name)")
        }
    }

    @Test func aLongSitemapIsSplit() async throws {
        let site = try TestSite(MadeNetwork.offers(50_001))
        let parts = try Addresses(try await site.send("/sitemap.xml").body).all
        #expect(parts == (1...parts.count).map { "http://kompass.test/sitemap-\($0).xml" })
        var addresses: [String] = []
        for part in parts {
            let list = try await site.send(Received.target(part))
            #expect(list.body.count <= 50_000_000, "the protocol's limit")
            let found = try Addresses(list.body).all
            #expect(found.count <= 50_000 && !found.isEmpty, "the protocol's limit")
            addresses += found
        }
        #expect(Set(addresses).count == addresses.count)
        #expect(addresses.count { $0.contains("/offers/items/") } == 50_001)
        #expect(addresses.count { $0.hasPrefix("http://kompass.test/offers/") } == 50_001)
    }
}

@Suite struct HSDSTests {
    private func export(_ tables: [RecordKind: Table], _ query: String = "") async throws -> [String: Any] {
        let answer = try await TestSite(tables).send("/api/hsds\(query)")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        return try answer.json()
    }

    /// The fields that HSDS 3 requires of each table.
    private static let required = [
        "organization": ["id", "name", "description"], "service": ["id", "name", "status"],
        "location": ["id", "location_type"], "service_at_location": ["id", "service_id", "location_id"],
        "service_area": ["id"], "language": ["id"], "taxonomy": ["id", "name", "description"],
        "taxonomy_term": ["id", "name", "description"],
        "attribute": ["id", "link_id", "link_entity", "taxonomy_term_id"],
        "organization_identifier": ["id", "organization_id", "identifier_type", "identifier"], "schedule": ["id"],
        "url": ["id", "url"],
        "address": [
            "id", "address_1", "city", "state_province", "postal_code", "country", "address_type",
        ],
    ]

    private static var tables: [RecordKind: Table] {
        var tables = ExampleNetwork.tables
        var served = ExampleNetwork.offer("beratung", "Beratung", "counselling", languages: ["ar"], actor: "amt")
        served["served_keys"] = .list(["15001", "15002020", "16"])
        var ended = ExampleNetwork.offer("kurs", "Kurs", "training", from: "2018-06", to: "2018-06", actor: "amt")
        ended["precision"] = .text("actor")
        ended["phone"] = .text("0123 45678")
        ended["email"] = .text("frau.muster@amt.example")
        var online = ExampleNetwork.offer("netz", "Netz", "platform", isPlaced: false)
        online["delivery"] = .text("online")
        online["url"] = .text("https://netz.example")
        tables[.offers] = Table(.offers, [served, ended, online])
        return tables
    }

    private func rows(_ json: [String: Any], _ table: String) -> [[String: Any]] {
        json[table] as? [[String: Any]] ?? []
    }

    @Test func everyTableHasItsRequiredFieldsAndEveryReferenceItsRow() async throws {
        let json = try await export(Self.tables)
        for (table, names) in Self.required {
            #expect(json[table] != nil, "\(table)")
            for row in rows(json, table) {
                for name in names { #expect(row[name] as? String != nil, "\(table).\(name)") }
                let id = try #require(row["id"] as? String)
                #expect(UUID(uuidString: id) != nil)
            }
            #expect(Set(rows(json, table).compactMap { $0["id"] as? String }).count == rows(json, table).count)
        }
        let ids = { (table: String) in Set(rows(json, table).compactMap { $0["id"] as? String }) }
        let references = [
            ("service", "organization_id", "organization"), ("service_at_location", "service_id", "service"),
            ("service_at_location", "location_id", "location"), ("location", "organization_id", "organization"),
            ("service_area", "service_id", "service"), ("language", "service_id", "service"),
            ("attribute", "taxonomy_term_id", "taxonomy_term"), ("taxonomy_term", "taxonomy_id", "taxonomy"),
            ("address", "location_id", "location"), ("schedule", "service_id", "service"),
            ("organization_identifier", "organization_id", "organization"), ("url", "service_id", "service"),
        ]
        for (table, field, target) in references {
            let known = ids(target)
            for row in rows(json, table) {
                if let id = row[field] as? String { #expect(known.contains(id), "\(table).\(field)") }
            }
        }
        #expect(rows(json, "organization").count == 2)
        #expect(rows(json, "service").count == 3)
        #expect(rows(json, "service_area").compactMap { $0["name"] as? String } == ["Westkreis", "Südort", "16"])
        #expect(Set(rows(json, "location").compactMap { $0["location_type"] as? String }) == ["physical", "virtual"])
        // The course is where its actor is.
        let places = rows(json, "service_at_location")
        #expect(places.count == 3)
        #expect(rows(json, "location").count == 3)
    }

    @Test func noWayToReachAPersonIsPartOfIt() async throws {
        let text = try await TestSite(Self.tables).send("/api/hsds").text
        #expect(!text.contains("muster") && !text.contains("0123"))
        #expect(!text.contains("\"email\"") && !text.contains("\"phone\"") && !text.contains("\"contact\""))
    }

    @Test func statusIsThatOfAStatedDay() async throws {
        let status = { (query: String) async throws -> [String] in
            try await rows(export(Self.tables, query), "service").compactMap { $0["status"] as? String }
        }
        #expect(try await status("?date=2018-06-30") == ["active", "active", "active"])
        #expect(try await status("?date=2018-07-01") == ["active", "inactive", "active"])
        // No day is known where the region states none: nothing is said to have ended.
        #expect(try await status("") == ["active", "active", "active"])
        for date in ["2018", "x", "", "2018-13-01"] {
            #expect(try await TestSite().send("/api/hsds?date=\(date)").status == 400)
        }
    }

    @Test func aLargeNetworkIsStreamedWhole() async throws {
        let site = try TestSite(MadeNetwork.offers(5_000))
        let answer = try await site.send("/api/hsds")
        #expect(answer["Content-Length"] == nil)
        #expect(rows(try answer.json(), "service").count == 5_000)
        #expect(try await site.send("/api/hsds").body == answer.body)
        let tag = try #require(answer["ETag"])
        #expect(try await site.send("/api/hsds", ["If-None-Match": tag]).status == 304)
    }
}

/// The addresses of a sitemap as Foundation's parser reads them.
private final class Addresses: NSObject, XMLParserDelegate {
    var all: [String] = []
    private var text = ""

    init(_ bytes: [UInt8]) throws {
        super.init()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = self
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) { text = "" }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name == "loc" { all.append(text) }
    }
}
