import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Server

/// OGC API Features part 3 and CQL2, on a network that is counted by hand.
@Suite struct FilterTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func answer(_ collection: String, _ parameters: [(String, String)]) async throws -> Received {
        let query = QueryParameters.encode(parameters.map { (name: $0.0, value: $0.1) })
        return try await site.send("/api/collections/\(collection)/items?\(query)")
    }

    private func ids(_ collection: String, _ filter: String, _ more: [(String, String)] = []) async throws -> [String] {
        let answer = try await answer(collection, [("filter", filter)] + more)
        #expect(answer.status == 200, "\(filter): \(answer.text)")
        return try answer.ids()
    }

    @Test(arguments: [
        ("offers", "category = 'training'", ["kurs", "treffen"]),
        ("offers", "category <> 'training'", ["beratung"]),
        ("offers", "valid_from IS NULL", ["beratung"]),
        ("offers", "valid_from >= DATE('2018-06-02')", ["treffen"]),
        ("offers", "valid_to = DATE('2018-06-30')", ["kurs"]),
        ("offers", "A_CONTAINS(languages, ('ar'))", ["beratung"]),
        ("offers", "CASEI(title) LIKE CASEI('KURS%') OR id = 'treffen'", ["kurs", "treffen"]),
        ("offers", "ACCENTI(actor_name) LIKE ACCENTI('%Madchen')", ["beratung", "kurs"]),
        ("offers", "source_year BETWEEN 2018 AND 2020 AND NOT (id IN ('kurs'))", ["beratung", "treffen"]),
        ("offers", "geometry IS NULL", ["treffen"]),
        ("offers", "S_INTERSECTS(geometry, BBOX(11, 51, 12, 52))", ["beratung", "kurs"]),
        ("offers", "S_DISJOINT(geometry, POINT(0 0))", ["beratung", "kurs"]),
        ("districts", "people > 60", ["15001"]),
        ("districts", "people * 2 = 100", ["15002"]),
        ("districts", "S_INTERSECTS(geometry, POINT(12 51.5))", ["15001", "15002"]),
        ("districts", "S_WITHIN(geometry, POLYGON((10 50, 12 50, 12 53, 10 53, 10 50)))", ["15001"]),
        ("districts", "S_TOUCHES(geometry, POLYGON((12 51, 13 51, 13 52, 12 52, 12 51)))", ["15001"]),
        ("municipalities", "district_key = '15002' AND name LIKE 'S_dort'", ["15002020"]),
        ("population", "people >= 100", ["1kmN1E1"]),
        ("actors", "sector = 'administration'", ["amt"]),
        ("links", "from_id = 'amt'", ["amt/verein/cooperation"]),
        ("coverage", "people > 60", ["15001"]),
        ("coverage", "S_CONTAINS(geometry, POINT(12.5 51.5))", ["15002"]),
        ("access", "people = 50", ["1kmN1E2"]),
        ("gaps", "people < 0", []),
    ])
    func conditionsSelect(collection: String, filter: String, ids: [String]) async throws {
        #expect(try await self.ids(collection, filter) == ids)
    }

    @Test func bothEncodingsAreOneCondition() async throws {
        let json = #"{"op":"=","args":[{"property":"category"},"training"]}"#
        let first = try await answer("offers", [("filter", json), ("filter-lang", "cql2-json")])
        let second = try await answer("offers", [("filter", "(category='training')"), ("filter-lang", "cql2-text")])
        #expect(first.status == 200 && first["ETag"] == second["ETag"])
        #expect(try first.ids() == ["kurs", "treffen"])
        // Text is the default, and JSON is none.
        #expect(try await answer("offers", [("filter", json)]).status == 400)
        #expect(try await answer("offers", [("filter", "a=1"), ("filter-lang", "cql2-json")]).status == 400)
    }

    @Test func everyQueryableCanBeAskedForAndOppositesShareNothing() async throws {
        for collection in ["offers", "actors", "districts", "municipalities", "population", "links", "coverage"] {
            let document = try await site.send(
                "/api/collections/\(collection)/queryables", ["Accept": "application/schema+json"])
            #expect(document["Content-Type"] == "application/schema+json")
            let schema = try document.json()
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            #expect(schema["$id"] as? String == "http://kompass.test/api/collections/\(collection)/queryables")
            #expect(schema["type"] as? String == "object")
            #expect(schema["additionalProperties"] as? Bool == false)
            let properties = try #require(schema["properties"] as? [String: [String: Any]])
            #expect(properties.count > 3)
            let all = try await site.send("/api/collections/\(collection)/items").ids()
            for (name, property) in properties {
                let isGeometry = (property["format"] as? String)?.hasPrefix("geometry-") == true
                #expect(isGeometry || property["type"] is String, "\(name)")
                #expect((name == "geometry") == isGeometry)
                let absent = try await ids(collection, "\"\(name)\" IS NULL")
                let stated = try await ids(collection, "\(name) IS NOT NULL")
                #expect(Set(absent).isDisjoint(with: stated), "\(name)")
                #expect(Set(absent).union(stated) == Set(all), "\(name)")
            }
            guard collection != "links" else {
                #expect(properties["geometry"] == nil)
                continue
            }
            let inside = try await ids(collection, "S_INTERSECTS(geometry, BBOX(-180, -90, 180, 90))")
            #expect(Set(inside) == Set(try await ids(collection, "geometry IS NOT NULL")))
        }
    }

    @Test func itemsNameTheirQueryables() async throws {
        for method in ["GET", "HEAD"] {
            let answer = try await site.send(
                "/api/collections/offers/items", method: method == "HEAD" ? .head : .get)
            #expect(
                answer["Link"] == """
                    <http://kompass.test/api/collections/offers/queryables>; \
                    rel="http://www.opengis.net/def/rel/ogc/1.0/queryables"; type="application/schema+json"
                    """)
        }
        #expect(
            try await site.send("/api/collections/offers").link("http://www.opengis.net/def/rel/ogc/1.0/queryables")
                == "/api/collections/offers/queryables")
    }

    @Test func geometriesAreReadInTheirCRS() async throws {
        let crs = "http://www.opengis.net/def/crs"
        // The western district, seen in each CRS; axes as the authority orders them.
        for (name, box) in [
            ("\(crs)/OGC/1.3/CRS84", "11.4, 51.4, 11.6, 51.6"), ("\(crs)/EPSG/0/4326", "51.4, 11.4, 51.6, 11.6"),
            ("\(crs)/EPSG/0/25832", "665000, 5695000, 682000, 5720000"),
            ("\(crs)/EPSG/0/3035", "3155000, 4415000, 3176000, 4440000"),
            ("\(crs)/EPSG/0/3857", "1269000, 6690000, 1292000, 6725000"),
        ] {
            for filter in ["S_INTERSECTS(geometry, BBOX(\(box)))", "S_WITHIN(geometry, BBOX(\(box)))"] {
                #expect(try await ids("offers", filter, [("filter-crs", name)]) == ["beratung", "kurs"], "\(name)")
            }
        }
        #expect(
            try await ids(
                "offers", "S_INTERSECTS(geometry, BBOX(5695000, 665000, 5720000, 682000))",
                [("filter-crs", "\(crs)/EPSG/0/25832")]
            ).isEmpty)
        let json = #"{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[51.4,11.4,51.6,11.6]}]}"#
        #expect(
            try await ids("offers", json, [("filter-lang", "cql2-json"), ("filter-crs", "\(crs)/EPSG/0/4326")])
                == ["beratung", "kurs"])
    }

    @Test func everyParameterMustHold() async throws {
        let training = "category = 'training'"
        #expect(try await ids("offers", training, [("bbox", "11,51,12,52")]) == ["kurs"])
        #expect(try await ids("offers", training, [("datetime", "2019-05-01")]) == ["treffen"])
        #expect(try await ids("offers", training, [("actor", "amt")]) == ["kurs"])
        #expect(try await ids("offers", training, [("bbox", "11,51,12,52"), ("q", "arabisch")]) == [])
        #expect(try await ids("municipalities", "people > 0", [("located_in", "15002")]) == ["15002020"])
        #expect(try await ids("coverage", "people > 0", [("bbox", "12.5,51,13,52")]) == ["15002"])
    }

    @Test(arguments: [
        ("offers", "title=Kurs", ["kurs"]), ("offers", "languages=ar", ["beratung"]),
        ("offers", "source_year=2018&id=treffen", ["treffen"]), ("offers", "valid_to=2018-06-30", ["kurs"]),
        ("offers", "actor_id=amt&category=training", ["kurs"]), ("offers", "title=Kurs&filter=id='treffen'", []),
        ("districts", "people=100", ["15001"]), ("districts", "people=1e2", ["15001"]),
        ("municipalities", "district_key=15002&bbox=12,51.6,13,52", ["15002010"]),
        ("links", "kind=cooperation", ["amt/verein/cooperation"]), ("links", "kind=nothing", []),
        ("population", "people=50", ["1kmN1E2"]), ("actors", "name=Amt%20f%C3%BCr%20M%C3%A4dchen", ["amt"]),
    ])
    func fieldsSelectByEquality(collection: String, query: String, ids: [String]) async throws {
        let answer = try await site.send("/api/collections/\(collection)/items?\(query)")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.ids() == ids)
        #expect(try await site.send("/api/collections/\(collection)/export?\(query)").ids() == ids)
        let own = try #require(try answer.link("self"))
        #expect(try await site.send(own).ids() == ids)
    }

    @Test(arguments: [
        "people=many", "people=", "people=nan", "people=1&people=1", "population_date=2018", "geometry=x",
    ])
    func valuesOfAnotherTypeAreRefused(query: String) async throws {
        let answer = try await site.send("/api/collections/districts/items?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == query.split(separator: "=").first.map(String.init))
    }

    @Test func combinationsAgreeWithTheAlgebraOfSets() async throws {
        let site = try TestSite(MadeNetwork.offers(120))
        let ids = { (filter: String) in
            Set(
                try await site.send("/api/collections/offers/items?limit=1000&filter=\(PercentCoding.encode(filter))")
                    .ids())
        }
        let all = try await ids("id IS NOT NULL")
        // Each of these is true or false of every offer, never unknown.
        let predicates = [
            "category = 'training'", "id LIKE 'o1%'", "languages IS NULL", "title BETWEEN 'Angebot 3' AND 'Angebot 7'",
            "geometry IS NOT NULL", "CASEI(title) IN (CASEI('ANGEBOT 7'), CASEI('Angebot 12'))",
        ]
        var sets: [Set<String>] = []
        for predicate in predicates { sets.append(try await ids(predicate)) }
        var generator = SeededGenerator(seed: 20_261_127)
        for _ in 0..<40 {
            let chosen = (0..<4).map { _ in Int.random(in: 0..<predicates.count, using: &generator) }
            let p = chosen.map { predicates[$0] }
            let s = chosen.map { sets[$0] }
            let found = try await ids(
                "((NOT \(p[0]) AND \(p[1])) OR (\(p[2]) AND NOT \(p[3])) OR NOT (\(p[0]) AND \(p[3])))")
            let expected = all.subtracting(s[0]).intersection(s[1]).union(s[2].subtracting(s[3]))
                .union(all.subtracting(s[0].intersection(s[3])))
            #expect(found == expected, "\(p)")
        }
    }

    @Test func whatCannotBeSaidIsCounted() async throws {
        let json = try await answer("offers", [("filter", "A_CONTAINS(languages, ('ar'))")]).json()
        #expect(json["numberMatched"] as? Int == 1)
        #expect((json["not_stated"] as? [String: Int])?["filter"] == 2)
        #expect((json["statuses"] as? [String: Int])?["undated_reported_2018"] == 1)
        // The unplaced offer has no position to be asked for; those elsewhere certainly do not lie there.
        let placed = try await answer("offers", [("filter", "S_INTERSECTS(geometry, BBOX(0,0,1,1))")]).json()
        #expect(placed["numberMatched"] as? Int == 0)
        #expect((placed["not_stated"] as? [String: Int])?["filter"] == 1)
        let figures = try await answer("coverage", [("filter", "people > 60")]).json()
        #expect((figures["not_stated"] as? [String: Int])?["filter"] == 0)
        #expect(figures["definition"] != nil)
    }

    @Test func aWalkKeepsItsCondition() async throws {
        let site = try TestSite(MadeNetwork.offers(100))
        let filter = PercentCoding.encode(
            "category = 'training' AND S_INTERSECTS(geometry, POLYGON((51 11, 52 11, 52 12.5, 51 12.5, 51 11)))")
        let crs = PercentCoding.encode("http://www.opengis.net/def/crs/EPSG/0/4326")
        var target: String? = "/api/collections/offers/items?limit=9&filter=\(filter)&filter-crs=\(crs)"
        var ids: [String] = []
        while let page = target {
            let answer = try await site.send(page)
            ids += try answer.ids()
            target = try answer.link("next")
        }
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids) == Set((0..<100).filter { $0 % 2 == 1 && $0 <= 75 }.map { "o\($0)" }))
    }

    @Test(arguments: [
        ("THIS IS NOT A FILTER", "filter", "at character"), ("", "filter", "filter"),
        ("this_is_not_a_queryable = 1", "filter", "there is no queryable 'this_is_not_a_queryable'"),
        ("publish = 'yes'", "filter", "there is no queryable 'publish'"),
        ("Category = 'training'", "filter", "did you mean 'category'?"),
        ("title = 'x' AND category = 5", "filter", "at character"),
        ("S_INTERSECTS(geometry, POINT(90 180))", "filter", "latitude 180"),
        ("S_INTERSECTS(geometry, BBOX(1000000, 1000000, 1000001, 1000001))", "filter", "longitude 1000000"),
        ("S_INTERSECTS(title, POINT(1 1))", "filter", "S_INTERSECTS"), ("foo(title) = 1", "filter", "no function"),
        ("title LIKE 'x\\\\", "filter", "filter"), ("valid_from = DATE('2018-02-30')", "filter", "2018-02-30"),
    ])
    func refusalsPointAtTheCharacter(filter: String, parameter: String, hint: String) async throws {
        let answer = try await answer("offers", [("filter", filter)])
        #expect(answer.status == 400)
        #expect(answer["Content-Type"] == "application/problem+json")
        let json = try answer.json()
        #expect(json["parameter"] as? String == parameter)
        #expect((json["detail"] as? String)?.contains(hint) == true, "\(json["detail"] ?? "")")
    }

    @Test(arguments: [
        ("filter-lang", "cql3-text"), ("filter-lang", ""),
        ("filter-crs", "http://www.opengis.net/def/crs/EPSG/0/31468"),
        ("filter-crs", ""), ("filter-crs", "x"), ("filter", "TRUE"),
    ])
    func valuesThatAreNotOfferedAreRefused(name: String, value: String) async throws {
        let parameters = [(name, value), (name == "filter" ? "filter" : "limit", "1")]
        let answer = try await answer("offers", parameters)
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == name)
    }

    @Test func costIsBounded() async throws {
        for filter in [
            String(repeating: "(", count: 2000) + "TRUE" + String(repeating: ")", count: 2000),
            (0..<600).map { "source_year=\($0)" }.joined(separator: " OR "),
        ] {
            let answer = try await answer("offers", [("filter", filter)])
            #expect(answer.status == 400 || answer.status == 414)
            #expect(answer.body.count < 3000)
        }
        let target = "/api/collections/offers/items?filter=\(String(repeating: "(", count: 10_000))"
        #expect(try await site.send(target).status == 414)
    }

    @Test func conformanceIsDeclared() async throws {
        let classes = try await site.send("/api/conformance").json()["conformsTo"] as? [String] ?? []
        for name in ["queryables", "filter", "features-filter"] {
            #expect(classes.contains("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/\(name)"))
        }
        for name in ["cql2-text", "cql2-json", "basic-cql2", "spatial-functions", "temporal-functions", "arithmetic"] {
            #expect(classes.contains("http://www.opengis.net/spec/cql2/1.0/conf/\(name)"))
        }
        // There are no functions beside the standard's own.
        #expect(!classes.contains("http://www.opengis.net/spec/cql2/1.0/conf/functions"))
    }
}
