import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct ItemsTests {
    @Test func featuresAreGeoJSONWithTheAccountOfTheSelection() async throws {
        let site = try TestSite()
        let answer = try await site.send("/api/collections/offers/items?category=training&language=ar,de")
        #expect(answer["Content-Type"] == "application/geo+json")
        let json = try answer.json()
        #expect(json["type"] as? String == "FeatureCollection")
        #expect(json["numberMatched"] as? Int == 0)
        #expect(json["not_stated"] as? [String: Int] == ["category": 0, "language": 2])
        let all = try await site.send("/api/collections/offers/items").json()
        #expect(all["numberMatched"] as? Int == 3)
        #expect(all["numberReturned"] as? Int == 3)
        #expect(all["data_version"] as? String == site.version)
        #expect(
            all["statuses"] as? [String: Int] == ["dated": 1, "open_end_reported_2018": 1, "undated_reported_2018": 1])
        let time = try #require(all["timeStamp"] as? String)
        #expect(abs(try Date(time, strategy: .iso8601).timeIntervalSinceNow) < 60)
    }

    @Test func aFeatureStatesItsRecord() async throws {
        let site = try TestSite()
        let answer = try await site.send("/api/collections/offers/items/beratung")
        let feature = try answer.json()
        #expect(feature["id"] as? String == "beratung")
        let geometry = try #require(feature["geometry"] as? [String: Any])
        #expect(geometry["type"] as? String == "Point")
        #expect(geometry["coordinates"] as? [Double] == [11.5, 51.5])
        let properties = try #require(feature["properties"] as? [String: Any])
        #expect(properties["title"] as? String == "Beratung auf Arabisch")
        #expect(properties["languages"] as? [String] == ["ar", "de"])
        #expect(properties["actor_name"] as? String == "Amt für Mädchen")
        #expect(properties["source_year"] as? Int == 2018)
        #expect(properties["topics"] is NSNull)
        #expect(properties["publish"] == nil)
        for rel in ["self", "alternate", "collection"] { #expect(try answer.link(rel) != nil) }
        let unplaced = try await site.send("/api/collections/offers/items/treffen").json()
        #expect(unplaced["geometry"] is NSNull)
    }

    @Test func surfacesRunByTheRightHandRule() async throws {
        let site = try TestSite()
        let district = try #require(try await site.send("/api/collections/districts/items").features().first)
        let geometry = try #require(district["geometry"] as? [String: Any])
        #expect(geometry["type"] as? String == "MultiPolygon")
        let rings = try #require(geometry["coordinates"] as? [[[[Double]]]])
        let ring = try #require(rings.first?.first)
        #expect(ring.first == ring.last)
        let area = zip(ring, ring.dropFirst()).reduce(0.0) { $0 + $1.0[0] * $1.1[1] - $1.1[0] * $1.0[1] }
        #expect(area > 0)
        let properties = try #require(district["properties"] as? [String: Any])
        #expect(properties["people"] as? Int == 100)
        #expect(properties["actors"] as? Int == 1)
        #expect(properties["data_status"] as? String == "data")
    }

    @Test(arguments: ["offers", "actors", "districts", "municipalities", "population", "links"])
    func aWalkGivesEveryFeatureOnce(collection: String) async throws {
        let site = try TestSite(MadeNetwork.offers(257))
        for limit in [1, 7, 100, 10_000] where collection == "offers" || limit < 8 {
            var target: String? = "/api/collections/\(collection)/items?limit=\(limit)"
            var ids: [String] = []
            var matched: Int?
            while let page = target {
                let answer = try await site.send(page)
                #expect(answer.status == 200)
                let json = try answer.json()
                matched = json["numberMatched"] as? Int
                #expect(json["numberReturned"] as? Int == (try answer.ids().count))
                ids += try answer.ids()
                target = try answer.link("next")
            }
            #expect(ids.count == matched)
            #expect(Set(ids).count == ids.count)
            #expect(!ids.isEmpty)
        }
    }

    @Test func aFilteredWalkKeepsItsFilter() async throws {
        let site = try TestSite(MadeNetwork.offers(100))
        var target: String? = "/api/collections/offers/items?limit=9&category=training&q=angebot&bbox=11,51,12.5,52"
        var ids: [String] = []
        while let page = target {
            let answer = try await site.send(page)
            for feature in try answer.features() {
                #expect((feature["properties"] as? [String: Any])?["category"] as? String == "training")
            }
            ids += try answer.ids()
            target = try answer.link("next")
        }
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids) == Set((0..<100).filter { $0 % 2 == 1 && $0 <= 75 }.map { "o\($0)" }))
    }

    @Test func limitIsCutToItsMaximum() async throws {
        let site = try TestSite(MadeNetwork.offers(10_020))
        #expect(try await site.send("/api/collections/offers/items").ids().count == 100)
        #expect(try await site.send("/api/collections/offers/items?limit=999999").ids().count == 10_000)
    }

    @Test func largeAnswersAreStreamedWholeAndTheSame() async throws {
        let site = try TestSite(MadeNetwork.offers(9000, titled: String(repeating: "Lang ", count: 40)))
        let answer = try await site.send("/api/collections/offers/items?limit=10000", ["Accept-Encoding": "gzip"])
        #expect(answer.body.count > Site.largestWhole)
        #expect(answer["Content-Encoding"] == nil)
        #expect(try answer.ids().count == 9000)
        let tag = try #require(answer["ETag"])
        #expect(tag.hasPrefix("W/"))
        let again = try await site.send("/api/collections/offers/items?limit=10000", ["If-None-Match": tag])
        #expect(again.status == 304)
    }

    @Test(arguments: [
        ("bbox=11,51,12,52", 1), ("bbox=11.5,51.5,11.5,51.5", 1), ("bbox=12,51,13,52", 0),
        ("bbox=11,51,0,12,52,100", 1),
        ("bbox=177,65,-177,70", 0), ("bbox=170,-90,12,90", 1), ("bbox=-180,-90,180,90", 1), ("bbox=-180,85,180,90", 0),
    ])
    func boxesSelectActors(query: String, count: Int) async throws {
        let site = try TestSite()
        #expect(try await site.send("/api/collections/actors/items?\(query)").ids().count == count)
    }

    @Test(arguments: [
        ("bbox=11.1,51.1,11.2,51.2", ["15001"]), ("bbox=11.9,51.1,12.1,51.2", ["15001", "15002"]),
        ("bbox=12,51,12,51", ["15001", "15002"]), ("bbox=0,0,1,1", []),
    ])
    func boxesSelectSurfaces(query: String, ids: [String]) async throws {
        let site = try TestSite()
        #expect(try await site.send("/api/collections/districts/items?\(query)").ids() == ids)
    }

    @Test(arguments: [
        ("2018-06-15", ["beratung", "kurs"]), ("2018-07-01/..", ["beratung", "treffen"]),
        ("../2018-05-31", ["beratung"]), ("2019-01-01T00:00:00Z", ["beratung", "treffen"]),
        ("2018-06-30/2018-12-31", ["beratung", "kurs"]),
    ])
    func datetimeSelectsByValidity(datetime: String, ids: [String]) async throws {
        let site = try TestSite()
        #expect(try await site.send("/api/collections/offers/items?datetime=\(datetime)").ids() == ids)
        // Nothing else states a time, so everything matches.
        #expect(try await site.send("/api/collections/districts/items?datetime=\(datetime)").ids().count == 2)
    }

    @Test func datetimeAndBoxTogether() async throws {
        let site = try TestSite()
        let both = "/api/collections/offers/items?datetime=2018-07-01/..&bbox=11,51,12,52"
        #expect(try await site.send(both).ids() == ["beratung"])
    }

    @Test(arguments: [
        ("actors", "q=madchen", ["amt"]), ("actors", "sector=administration", ["amt"]),
        ("actors", "located_in=15001", ["amt"]), ("actors", "located_in=15002", []), ("actors", "q=verein", ["verein"]),
        ("municipalities", "located_in=15002", ["15002010", "15002020"]), ("municipalities", "q=sud", ["15002020"]),
        ("municipalities", "located_in=15", ["15001000", "15002010", "15002020"]),
        ("municipalities", "located_in=15002020", ["15002020"]),
        ("districts", "q=ost", ["15002"]), ("population", "located_in=15002", ["1kmN1E2"]),
        ("offers", "located_in=15001", ["beratung", "kurs"]), ("offers", "actor=amt", ["beratung", "kurs"]),
        ("offers", "date=2018-06-10", ["beratung", "kurs"]), ("offers", "validity=dated", ["kurs"]),
        ("offers", "category=", ["beratung", "kurs", "treffen"]),
    ])
    func filtersSelect(collection: String, query: String, ids: [String]) async throws {
        let site = try TestSite()
        #expect(try await site.send("/api/collections/\(collection)/items?\(query)").ids() == ids)
    }

    @Test func silentActorsAreCounted() async throws {
        let site = try TestSite()
        let json = try await site.send("/api/collections/actors/items?sector=administration").json()
        #expect(json["not_stated"] as? [String: Int] == ["sector": 1])
    }

    @Test func whatIsNotStatedIsCountedInsideTheBox() async throws {
        let site = try TestSite()
        for (collection, query, counts) in [
            ("actors", "sector=administration&bbox=11,51,12,52", ["sector": 0]),
            ("offers", "language=ar&bbox=11,51,12,52", ["language": 1]),
            ("offers", "language=ar&bbox=11,51,12,52&offer-bbox=11,51,12,52", ["language": 1]),
            ("offers", "language=ar", ["language": 2]),
        ] {
            let json = try await site.send("/api/collections/\(collection)/items?\(query)").json()
            #expect(json["not_stated"] as? [String: Int] == counts, "\(query)")
            #expect(json["numberMatched"] as? Int == 1)
        }
        let link = try await site.send("/api/collections/offers/items?language=ar&bbox=11,51,12,52").link("self")
        #expect(link == "/api/collections/offers/items?language=ar&bbox=11,51,12,52&f=json")
    }

    @Test func anIdentifierWithSlashesIsFoundEitherWay() async throws {
        let site = try TestSite()
        let id = "amt/verein/cooperation"
        for spelling in [id, id.replacing("/", with: "%2F")] {
            let answer = try await site.send("/api/collections/links/items/\(spelling)")
            #expect(try answer.json()["id"] as? String == id)
        }
        #expect(try await site.send("/api/collections/links/items/amt/verein").status == 404)
        #expect(try await site.send("/api/collections/population/items/1kmN1E2").status == 200)
        #expect(try await site.send("/api/collections/population/items/1kmN1E3").status == 404)
    }

    @Test func aCursorOfOtherDataIsGoneAndSaysHowToRestart() async throws {
        let old = try TestSite(MadeNetwork.offers(20))
        let new = try TestSite(MadeNetwork.offers(21))
        let next = try #require(try await old.send("/api/collections/offers/items?limit=5").link("next"))
        let answer = try await new.send(next)
        #expect(answer.status == 410)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(try answer.json()["parameter"] as? String == "cursor")
        #expect(answer.text.contains("start again without"))
        #expect(try await old.send(next).status == 200)
    }

    /// Offsets that no collection has, the largest number among them, to which no page can be added.
    @Test(arguments: ["zzzzzzzz", "1y2p0ij32e8e7"]) func aCursorBeyondEverythingIsNone(offset: String) async throws {
        let site = try TestSite()
        for format in ["json", "html"] {
            let answer = try await site.send(
                "/api/collections/offers/items?cursor=\(site.version)-\(offset)&f=\(format)")
            #expect(answer.status == 400)
            #expect(try answer.json()["parameter"] as? String == "cursor")
        }
    }

    @Test func htmlShowsEveryValueAndEveryLink() async throws {
        let site = try TestSite()
        let json = try await site.send("/api/collections/offers/items?limit=2")
        let html = try await site.send("/api/collections/offers/items?limit=2&f=html")
        #expect(html["Content-Type"] == "text/html; charset=utf-8")
        for value in ["Beratung auf Arabisch", "ar, de", "Amt für Mädchen", "2018-06", "Bericht"] {
            #expect(html.text.contains(value))
        }
        let next = try #require(try json.link("next"))
        #expect(html.text.contains(next.split(separator: "?")[0]))
        #expect(html.text.contains("rel=\"next\""))
        let item = try await site.send("/api/collections/offers/items/beratung", ["Accept": "text/html"])
        #expect(item.text.contains("11.5, 51.5"))
    }
}
