import Analysis
import Foundation
import Geometry
import HTTPTypes
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct CoverageRouteTests {
    /// The example's offers stand here.
    private static let offers = Coordinate<Geographic>(longitude: 11.5, latitude: 51.5)

    private static func distance(_ longitude: Double, _ latitude: Double) -> Double {
        Geodesic.grs80.distance(from: Coordinate(longitude: longitude, latitude: latitude), to: offers).value
    }

    @Test func figuresCarryAllThatTheyRestOn() async throws {
        let site = try TestSite()
        let json = try await site.send("/api/coverage?radius=40000&language=ar,de&date=2019-05-01").json()
        let definition = try #require(json["definition"] as? [String: Any])
        #expect(definition["name"] as? String == "coverage")
        #expect(definition["version"] as? Int == 1)
        for member in ["title", "text"] {
            #expect(Set((definition[member] as? [String: String] ?? [:]).keys) == ["de", "en"])
        }
        #expect(json["data_version"] as? String == site.version)
        #expect(json["base"] as? String == "census_cells")
        #expect(json["date"] as? String == "2019-05-01")
        let parameters = try #require(json["parameters"] as? [String: Any])
        #expect(parameters["radius"] as? Int == 40_000)
        #expect(parameters["level"] as? String == "district")
        #expect(parameters["language"] as? String == "ar,de")
        let completeness = try #require(json["completeness"] as? [String: Any])
        #expect(completeness["offers_matched"] as? Int == 1)
        #expect(completeness["offers_usable"] as? Int == 1)
        #expect(completeness["usable_placed_by_municipality"] as? Int == 1)
        #expect(completeness["share_placed_by_municipality"] as? Double == 1)
        #expect(json["not_stated"] as? [String: Int] == ["language": 1])
        #expect(json["data_insufficient"] as? Bool == false)
        let sources = try #require(json["sources"] as? [[String: Any]])
        #expect(sources.compactMap { $0["title"] as? String } == ["Bericht"])
        #expect(json["attribution"] is String)
        for rel in ["self", "alternate", "describedby"] {
            let link = (json["links"] as? [[String: String]])?.first { $0["rel"] == rel }?["href"]
            #expect(try await site.send(Received.target(try #require(link))).status == 200)
        }
    }

    @Test func figuresAreThoseOfTheDefinition() async throws {
        let json = try await TestSite().send("/api/coverage?radius=40000").json()
        let areas = try #require(json["areas"] as? [[String: Any]])
        #expect(areas.compactMap { $0["key"] as? String } == ["15001", "15002"])
        let west = areas[0]
        let distance = Self.distance(11.2, 51.2)
        #expect(distance > 39_000 && distance < 40_000)
        #expect(west["people"] as? Int == 100)
        for name in ["mean", "median", "p90", "max", "median_cells"] {
            #expect(west["distance_\(name)_m"] as? Double == distance)
        }
        #expect(west["people_within_30000_m"] as? Int == 0)
        #expect(west["people_within_40000_m"] as? Int == 100)
        #expect(west["share_within_40000_m"] as? Double == 1)
        #expect(west["gap_people"] as? Int == 0)
        #expect(west["offers_located"] as? Int == 2)
        #expect(west["offers_located_per_100_km2"] as? Double == 0.2)
        #expect(west["offers_located_per_10000_people"] is NSNull)
        let missing = try #require(west["missing"] as? [String])
        #expect(missing.contains("offers_located_per_10000_people=register_population_not_stated"))
        let east = areas[1]
        #expect(east["distance_mean_m"] as? Double == Self.distance(12.2, 51.2))
        #expect(east["gap_people"] as? Int == 50)
        #expect(json["people"] as? Int == 150)
        // The meeting states no place at all.
        #expect(json["offers_located_in_no_area"] as? Int == 0)
        #expect(json["offers_without_place"] as? Int == 1)
    }

    @Test func everyFigureHasAFieldWithTitles() throws {
        let snapshot = Snapshot(ExampleNetwork.tables)
        var options = CoverageAnalysis.Options()
        options.includesOutreach = true
        let analysis = try CoverageAnalysis(OfferFilter(), options: options, demand: Demand(snapshot), in: snapshot)
        let figures = try analysis.figures(.district, radius: Metres(1234.5))
        #expect(!figures.areas.isEmpty)
        let area = try #require(figures.areas.first)
        for property in area.properties {
            let field = try #require(CoverageFields.field(property.name), "\(property.name)")
            #expect(field.name == property.name)
            switch property.value {
            case .real: #expect(field.type == .real, "\(property.name)")
            case .integer: #expect(field.type == .integer, "\(property.name)")
            case .list: #expect(field.type == .codeList, "\(property.name)")
            default: break
            }
        }
    }

    @Test(arguments: [
        "", "?level=municipality&radius=1234.5", "?category=counselling&language=ar", "?q=nichts&level=state",
    ])
    func allFormsHoldTheSameFigures(query: String) async throws {
        let site = try TestSite()
        let target = "/api/coverage\(query)"
        let json = try await site.send(target).json()
        let areas = try #require(json["areas"] as? [[String: Any]])
        let columns = try #require(json["columns"] as? [[String: Any]]).compactMap { $0["name"] as? String }
        #expect(areas.allSatisfy { Set($0.keys) == Set(columns) })
        let answer = try await site.send(target, ["Accept": "text/csv"])
        #expect(answer["Content-Type"] == "text/csv; charset=utf-8; header=present")
        let rows = try #require(CSVReader.rows(answer.text))
        #expect(Array(rows[0].prefix(columns.count)) == columns)
        #expect(rows.count == areas.count + 1)
        for (row, area) in zip(rows.dropFirst(), areas) {
            for (name, cell) in zip(rows[0], row) {
                switch area[name] {
                case let text as String: #expect(cell == text)
                case let number as NSNumber:
                    // Foundation reads some numbers a unit in the last place beside.
                    let value = try #require(Double(cell), "\(name)")
                    #expect(abs(value - number.doubleValue) <= 1e-14 * abs(value), "\(name)")
                case let list as [String]: #expect(cell == list.joined(separator: ";"))
                default: #expect(cell.isEmpty || area[name] == nil, "\(name)")
                }
            }
        }
        let features = try await site.send("\(target)\(query.isEmpty ? "?" : "&")f=geojson").features()
        #expect(features.count == areas.count)
        for (feature, area) in zip(features, areas) {
            #expect(feature["id"] as? String == area["key"] as? String)
            #expect(
                NSDictionary(dictionary: feature["properties"] as? [String: Any] ?? [:])
                    == NSDictionary(dictionary: area))
            #expect((feature["geometry"] as? [String: Any])?["type"] as? String == "MultiPolygon")
        }
        let html = try await site.send(target, ["Accept": "text/html"]).text
        for area in areas { #expect(html.contains(HTMLText.escape(area["key"] as? String ?? "?"))) }
    }

    @Test(arguments: [OfflineAnalysis.Form.json, .csv, .geojson])
    func theCommandWritesWhatTheRouteAnswers(form: OfflineAnalysis.Form) async throws {
        let site = try TestSite()
        let offline = OfflineAnalysis(Snapshot(ExampleNetwork.tables))
        let parameters = [("level", "municipality"), ("radius", "7000.5"), ("category", "training,counselling")]
        let output = try offline.answer(.coverage, parameters: parameters, form: form)
        guard case .bytes(let bytes) = output else { throw Unexpected() }
        let query = parameters.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        let answer = try await site.send("/api/coverage?\(query)&f=\(form.rawValue)")
        if form == .csv {
            #expect(answer.body == bytes)
        } else {
            // The links are the last member.
            let text = answer.text
            let start = try #require(text.range(of: ",\"links\":", options: .backwards)).lowerBound
            #expect(text[..<start] + "}" == String(decoding: bytes, as: UTF8.self))
        }
    }

    private struct Unexpected: Error {}

    @Test func commandAndRouteRefuseInTheSameWords() async throws {
        let site = try TestSite()
        let offline = OfflineAnalysis(Snapshot(ExampleNetwork.tables))
        for (name, value) in [("radius", "-1"), ("category", "nichts"), ("level", "planet"), ("unknown", "1")] {
            let detail = try await site.send("/api/coverage?\(name)=\(value)").json()["detail"] as? String
            do {
                _ = try offline.answer(.coverage, parameters: [(name, value)], form: .json)
                Issue.record("\(name) is not refused")
            } catch {
                #expect(error.isUsage)
                let first = error.message.split(separator: ";").first
                #expect(first == detail?.split(separator: ";").first)
            }
        }
    }

    @Test func figuresAreChosenByAreaAndLevel() async throws {
        let site = try TestSite()
        let keys = { (query: String) async throws -> [String] in
            let json = try await site.send("/api/coverage?\(query)").json()
            return (json["areas"] as? [[String: Any]] ?? []).compactMap { $0["key"] as? String }
        }
        #expect(try await keys("level=municipality") == ["15001000", "15002010", "15002020"])
        #expect(try await keys("level=municipality&area=15002") == ["15002010", "15002020"])
        #expect(try await keys("level=state") == ["15"])
        #expect(try await keys("area=15002") == ["15002"])
        #expect(try await keys("area=15002,15001") == ["15001", "15002"])
        #expect(try await keys("area=15") == ["15001", "15002"])
        #expect(try await keys("level=region") == ["15001", "15002"])
        let state = try await site.send("/api/coverage?level=state&f=geojson").features()
        let geometry = try #require(state.first?["geometry"] as? [String: Any])
        let polygons = try #require(geometry["coordinates"] as? [[[[Double]]]])
        // Two districts that share a border make one rectangle.
        #expect(polygons.count == 1)
        #expect(polygons[0][0].map { $0[0] }.max() == 13)
        #expect(polygons[0][0].map { $0[0] }.min() == 11)
    }

    @Test(arguments: [
        ("radius", "-1"), ("radius", "nan"), ("radius", "inf"), ("radius", "1e9"), ("radius", ""), ("radius", "0x10"),
        ("radius", "5km"), ("level", "planet"), ("level", ""), ("area", "99999"), ("area", "15001,abc"),
        ("category", "nichts"), ("date", "2019"), ("date", "2019-02-30"), ("offer-bbox", "1,2,3"), ("validity", "x"),
        ("area", "15001000"), ("outreach", "yes"), ("catchment", "-1"), ("catchment", "1000001"), ("catchment", "nan"),
        ("bands", "5000"), ("bands", "5000:2"), ("bands", "5000:1,4000:0.5"), ("bands", "nan:1"), ("bands", ""),
        ("supply", "two"), ("curve", "1"), ("series", "true"), ("f", "xml"), ("lang", "fr"), ("k", "3"), ("limit", "5"),
        ("bbox", "1,2,3,4"),
    ])
    func badParametersAreNamed(name: String, value: String) async throws {
        let answer = try await TestSite().send("/api/coverage?\(name)=\(value)")
        #expect(answer.status == 400)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(try answer.json()["parameter"] as? String == name)
    }

    @Test func repeatedParametersAndUnknownValuesAreRefused() async throws {
        let site = try TestSite()
        let repeated = try await site.send("/api/coverage?radius=1&radius=2")
        #expect(repeated.status == 400)
        #expect(try repeated.json()["parameter"] as? String == "radius")
        let unknown = try await site.send("/api/coverage?category=nichts").json()["detail"] as? String
        #expect(unknown?.contains("counselling, training") == true)
        #expect(try await site.send("/api/coverage", ["Accept": "application/xml"]).status == 406)
        #expect(try await site.send("/api/coverage", method: .post).status == 405)
        let list = Array(repeating: "x", count: 501).enumerated().map { "\($0.element)\($0.offset)" }
        let long = try await site.send("/api/coverage?category=\(list.joined(separator: ","))")
        #expect(long.status == 400)
        #expect(try long.json()["parameter"] as? String == "category")
    }

    @Test(arguments: [
        ("bands", "bands=5000:1&catchment=3000"), ("series", "series=include&curve=include"),
        ("date", "series=include&date=2019-01-01"), ("bands", "series=include&bands=5000:1"),
        ("catchment", "series=include&catchment=5000"), ("supply", "series=include&supply=capacity"),
        ("outreach", "series=include&outreach=include"), ("bands", "curve=include&bands=5000:1"),
        ("catchment", "curve=include&catchment=5000"), ("supply", "curve=include&supply=capacity"),
        ("outreach", "curve=include&outreach=include"), ("radius", "curve=include&radius=5000"),
        ("area", "level=state&area=15001"),
    ])
    func parametersThatExcludeEachOtherAreNamed(name: String, query: String) async throws {
        let answer = try await TestSite().send("/api/coverage?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == name)
    }

    @Test func aDistrictThatIsPartOfARegionIsSmallerThanIt() async throws {
        var tables = ExampleNetwork.tables
        let districts = try #require(tables[.districts])
        tables[.districts] = Table(
            .districts,
            (0..<districts.count).map { row in
                var values: [String: FieldValue] = ["district_region_key": .text("15002")]
                for name in ["key", "name", "area_m2", "region"] { values[name] = districts[field: name]?[row] }
                return values
            }, surfaces: (0..<districts.count).map { districts.surface($0) ?? .rectangle(0, 0, 1, 1) })
        let site = try TestSite(tables)
        let part = try await site.send("/api/coverage?level=region&area=15001")
        #expect(part.status == 400)
        #expect(try part.json()["parameter"] as? String == "area")
        #expect((try part.json()["detail"] as? String)?.contains("smaller than the areas of level 'region'") == true)
        let whole = try await site.send("/api/coverage?level=region&area=15002").json()
        #expect((whole["areas"] as? [[String: Any]])?.compactMap { $0["key"] as? String } == ["15002"])
        #expect(whole["people"] as? Int == 150)
    }

    @Test func documentsAndDaysOfTheFoundationsAreNamed() async throws {
        var tables = ExampleNetwork.tables
        tables[.regions] = Table(
            .regions,
            [
                [
                    "id": .text("example"), "name_de": .text("Beispiel"), "as_of": .text("2024-12-31"),
                    "attribution": .text("© Zählung; © Grenzen 2024"),
                ]
            ])
        tables[.sources] = Table(
            .sources,
            [
                [
                    "id": .text("census"), "title": .text("Zensus"), "date": .text("2011-05-09"),
                    "attribution": .text("© Zählung"),
                ],
                ["id": .text("other"), "title": .text("Anderes"), "attribution": .text("© Andere")],
                ["id": .text("houses"), "title": .text("Gebäude"), "attribution": .text("© Zählung")],
                ["id": .text("report"), "title": .text("Bericht")],
            ])
        // Buildings play no part in figures over distances.
        tables[.buildings] = Table(.buildings, [["key": .text("15001"), "source_id": .text("houses")]])
        let districts = try #require(tables[.districts])
        tables[.districts] = Table(
            .districts,
            (0..<districts.count).map { row in
                var values: [String: FieldValue] = [
                    "population": .integer(1000), "population_date": .text("2023-12-31"),
                ]
                for name in ["key", "name", "area_m2", "region"] { values[name] = districts[field: name]?[row] }
                return values
            }, surfaces: (0..<districts.count).map { districts.surface($0) ?? .rectangle(0, 0, 1, 1) })
        let site = try TestSite(tables)
        let titles = { (json: [String: Any]) in
            (json["sources"] as? [[String: Any]] ?? []).compactMap { $0["title"] as? String }
        }
        for target in ["/api/coverage", "/api/siting", "/api/collections/gaps/items", "/api/collections/access/items"] {
            let json = try await site.send(target).json()
            #expect(titles(json) == ["Bericht", "Zensus"], "\(target)")
            let isFigures = target == "/api/coverage"
            var dates = ["boundaries": ["2024-12-31"], "census": ["2011-05-09"]]
            if isFigures { dates["register"] = ["2023-12-31"] }
            #expect(json["data_dates"] as? [String: [String]] == dates, "\(target)")
            #expect(json["rate_base"] as? String == (isFigures ? "register" : nil), "\(target)")
        }
        let rows = try #require(CSVReader.rows(try await site.send("/api/coverage?f=csv").text))
        let column = try #require(rows[0].firstIndex(of: "data_dates"))
        #expect(rows[1][column] == "register=2023-12-31;boundaries=2024-12-31;census=2011-05-09")
        let rate = try #require(rows[0].firstIndex(of: "rate_base"))
        #expect(rows[1][rate] == "register")
        #expect(titles(try await site.send("/api/nearest?lon=11.5&lat=51.5").json()) == ["Bericht"])
    }

    @Test func pagesRoundAndSayWhyThereIsNothing() async throws {
        let site = try TestSite()
        let target = "/api/coverage?radius=40000&f=html&lang=en"
        let page = try await site.send(target).text
        let distance = Self.distance(11.2, 51.2)
        #expect(page.contains("<td>\(Int(distance.rounded()))</td>") && !page.contains("<td>\(distance)</td>"))
        #expect(page.contains("title=\"register_population_not_stated\">–</span>"))
        #expect(page.contains("the register population is not stated"))
        #expect(page.contains("Area within the radius (m²)"))
        let title = Definition.coverage.title.en
        // In the trail, as the heading, and as the name of the small map; the definition does not say it again.
        #expect(page.components(separatedBy: "<h1>\(title)</h1>").count == 2)
        #expect(page.components(separatedBy: ">\(title)<").count == 4)
        let german = try await site.send("/api/coverage?f=html&lang=de").text
        #expect(german.contains("Angebote mit Einzugsgebiet hier") && !german.contains("Angebote für hier"))
    }

    @Test func noMissingSectorIsAnEmptyList() async throws {
        var tables = ExampleNetwork.tables
        tables[.actors] = Table(
            .actors,
            ["administration", "business", "civil_society"].map {
                ["id": .text($0), "name": .text($0), "sector": .text($0), "district_key": .text("15001")]
            })
        let json = try await TestSite(tables).send("/api/coverage").json()
        let areas = try #require(json["areas"] as? [[String: Any]])
        #expect((areas[0]["sectors_missing"] as? [String])?.isEmpty == true)
        #expect((areas[0]["missing"] as? [String])?.contains { $0.hasPrefix("sectors_missing") } == false)
        #expect((areas[1]["sectors_missing"] as? [String])?.count == 3)
    }

    @Test func tablesHoldNoCharacterThatSteersATerminal() throws {
        var tables = ExampleNetwork.tables
        let title = "Kurs\n\u{1b}[31m\u{2028}rot"
        tables[.offers] = Table(.offers, [ExampleNetwork.offer("kurs", title, "training", actor: "amt")])
        let output = try OfflineAnalysis(Snapshot(tables)).answer(
            .nearest, parameters: [("lon", "11"), ("lat", "51")], form: .table)
        guard case .plain(let answer) = output else { throw Unexpected() }
        #expect(answer.rows[0].contains("Kurs  [31m rot"))
    }

    @Test func definitionsNameFormulasAndTheDegreeOfUrbanisation() async throws {
        let json = try await TestSite().send("/api/definitions").text
        for words in ["degree_of_urbanisation", "978-92-76-20306-3", "(2 W² · mean)", "Σ wᵢ Aᵢ / W"] {
            #expect(json.contains(words), "\(words)")
        }
        for definition in Definition.all {
            #expect(!definition.text.de.isEmpty && !definition.text.en.isEmpty, "\(definition.name)")
        }
    }

    @Test func peopleWhomNobodyCountedAreNoZero() async throws {
        var tables = ExampleNetwork.tables
        tables[.populationCells] = nil
        let site = try TestSite(tables)
        for query in ["level=district", "curve=include"] {
            let json = try await site.send("/api/coverage?\(query)").json()
            #expect(json["base"] as? String == "none")
            for name in ["people", "people_in_no_area", "cells_in_no_area"] { #expect(json[name] is NSNull, "\(name)") }
            #expect(json["missing"] as? String == "population_not_loaded")
        }
        let area = (try await site.send("/api/coverage").json()["areas"] as? [[String: Any]])?.first
        #expect(area?["cells"] is NSNull)
        #expect((area?["missing"] as? [String])?.contains("cells=population_not_loaded") == true)
        let gaps = try await site.send("/api/collections/gaps/items").json()
        #expect(gaps["gap_people"] is NSNull)
        #expect(gaps["gap_people_without_polygon"] is NSNull)
        #expect(gaps["missing"] as? String == "population_not_loaded")
        let features = try #require(gaps["features"] as? [[String: Any]])
        let gap = try #require(features.first?["properties"] as? [String: Any])
        #expect(gap["people"] is NSNull)
        #expect(gap["missing"] as? [String] == ["people=population_not_loaded", "cells=population_not_loaded"])
        let siting = try await site.send("/api/siting").json()
        #expect(siting["people"] is NSNull)
        #expect(siting["missing"] as? String == "population_not_loaded")
    }

    @Test func catchmentsAndSectorsAreInTheFigures() async throws {
        let site = try TestSite()
        let plain = try await site.send("/api/coverage?catchment=40000").json()
        let west = try #require((plain["areas"] as? [[String: Any]])?.first)
        // Two offers for 100 people.
        #expect(west["access_2sfca"] as? Double == 0.02)
        #expect(west["actors_administration"] as? Int == 1)
        #expect(west["sectors_missing"] as? [String] == ["business", "civil_society"])
        let banded = try await site.send("/api/coverage?bands=10000:1,40000:0.5").json()
        let parameters = try #require(banded["parameters"] as? [String: Any])
        #expect(parameters["catchment_method"] as? String == "e2sfca")
        #expect((parameters["bands"] as? [[String: Double]])?.last == ["radius": 40_000, "weight": 0.5])
        let score = (banded["areas"] as? [[String: Any]])?.first?["access_e2sfca"] as? Double
        #expect(score == 0.02)
    }

    @Test func gapsAndCoverOfAnAreaAddUp() async throws {
        let json = try await TestSite().send("/api/coverage?radius=20000").json()
        for area in try #require(json["areas"] as? [[String: Any]]) {
            let gap = try #require(area["gap_area_m2"] as? Double)
            let cover = try #require(area["covered_area_m2"] as? Double)
            let key = try #require(area["key"] as? String)
            let outline: MultiPolygon<Geographic> =
                key == "15001" ? .rectangle(11, 51, 12, 52) : .rectangle(12, 51, 13, 52)
            let whole = Geodesic.grs80.area(of: outline).value
            #expect(abs(gap + cover - whole) <= 1e-6 * whole)
            #expect(key == "15001" ? cover > 1.2e9 : cover == 0, "\(key)")
        }
        let wide = try await TestSite().send("/api/coverage?radius=1e6").json()
        let area = try #require((wide["areas"] as? [[String: Any]])?.first)
        #expect(area["gap_people"] as? Int == 0)
        #expect(area["gap_area_m2"] is NSNull)
        #expect((area["missing"] as? [String])?.contains("gap_area_m2=radius_too_large_to_draw") == true)
    }

    @Test func theCurveRisesToAllPeople() async throws {
        let json = try await TestSite().send("/api/coverage?curve=include&level=state").json()
        #expect((json["definition"] as? [String: Any])?["name"] as? String == "coverage_curve")
        let steps = try #require(json["steps"] as? [[String: Any]])
        #expect(steps.compactMap { $0["radius_m"] as? Double } == (1...50).map { Double($0) * 1000 })
        let people = steps.compactMap { $0["people_within"] as? Int }
        #expect(people == people.sorted() && people.first == 0 && people.last == 100)
    }

    @Test func theSeriesShowsWhatBreaksWhenAnOfferEnds() async throws {
        var tables = ExampleNetwork.tables
        tables[.offers] = Table(
            .offers, [ExampleNetwork.offer("kurs", "Kurs", "training", from: "2018-06", to: "2018-06", actor: "amt")])
        let site = try TestSite(tables)
        let json = try await site.send("/api/coverage?series=include&level=state&radius=40000").json()
        #expect((json["definition"] as? [String: Any])?["name"] as? String == "coverage_series")
        let rows = try #require(json["rows"] as? [[String: Any]])
        #expect(rows.map { $0["day"] as? String } == [nil, "2018-06-01", "2018-07-01"])
        #expect(rows.map { $0["offers_running"] as? Int } == [0, 1, 0])
        #expect(rows.map { $0["gap_people"] as? Int } == [nil, 50, nil])
        #expect(rows[1]["offers_begin"] as? [String] == ["kurs"])
        #expect(rows[2]["offers_ended"] as? [String] == ["kurs"])
        #expect((rows[2]["missing"] as? [String])?.contains("gap_people=no_usable_offer") == true)
        let csv = try await site.send("/api/coverage?series=include&level=state&f=csv").text
        #expect(CSVReader.rows(csv)?.count == 4)
    }

    @Test func radiiAtTheirBoundsAreAnswered() async throws {
        let site = try TestSite()
        for (radius, gap) in [("0", 150), ("-0.0", 150), ("20100000", 0), ("1e-300", 150)] {
            let json = try await site.send("/api/coverage?radius=\(radius)&level=state").json()
            let area = try #require((json["areas"] as? [[String: Any]])?.first, "\(radius)")
            #expect(area["gap_people"] as? Int == gap)
        }
    }

    /// Networks in which something that figures need is absent, with the reason that the answer gives.
    static let poor: [(String, [RecordKind: Table], String)] = {
        var noPeople = ExampleNetwork.tables
        noPeople[.populationCells] = nil
        var noOffers = ExampleNetwork.tables
        noOffers[.offers] = nil
        var emptyDistrict = ExampleNetwork.tables
        emptyDistrict[.populationCells] = emptyDistrict[.populationCells].map { $0.gathered([0]) }
        return [
            ("no population", noPeople, "distance_mean_m=population_not_loaded"),
            ("no offers", noOffers, "distance_mean_m=no_usable_offer"),
            ("a district without cells", emptyDistrict, "distance_mean_m=no_population"),
            ("nothing", [:], ""),
        ]
    }()

    @Test(arguments: 0..<4) func whatIsAbsentIsSaid(number: Int) async throws {
        let (name, tables, reason) = Self.poor[number]
        let site = try TestSite(tables)
        for target in [
            "/api/coverage?f=json", "/api/coverage?f=csv", "/api/coverage?f=geojson",
            "/api/coverage?f=html&level=state",
            "/api/collections/coverage/items", "/api/collections/access/items", "/api/nearest?lon=11&lat=51",
        ] {
            let answer = try await site.send(target)
            #expect(answer.status == 200, "\(name) \(target)")
            let text = answer.text.lowercased()
            for number in [":nan", ":inf", ":-inf", ",nan,", ",inf,"] {
                #expect(!text.contains(number), "\(name) \(target)")
            }
        }
        let json = try await site.send("/api/coverage").json()
        let missing = (json["areas"] as? [[String: Any]] ?? []).compactMap { $0["missing"] as? [String] }.flatMap { $0 }
        if !reason.isEmpty { #expect(missing.contains(reason), "\(name)") }
    }

    @Test func anEmptySelectionGivesNoFigureInsteadOfZero() async throws {
        let json = try await TestSite().send("/api/coverage?q=nichts").json()
        for area in try #require(json["areas"] as? [[String: Any]]) {
            #expect(area["distance_mean_m"] is NSNull)
            #expect(area["share_within_15000_m"] is NSNull)
            #expect(area["gap_people"] is NSNull)
            #expect(area["offers_located"] as? Int == 0)
        }
        #expect((json["completeness"] as? [String: Any])?["share_placed_by_municipality"] is NSNull)
    }
}

/// Reads RFC 4180 strictly: another reader than the writer that is tested.
enum CSVReader {
    /// The rows; nil where the text is none.
    static func rows(_ text: String) -> [[String]]? {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [Unicode.Scalar] = []
        var isQuoted = false
        let scalars = Array(text.unicodeScalars)
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if isQuoted {
                if scalar != "\"" {
                    cell.append(scalar)
                } else if position < scalars.count, scalars[position] == "\"" {
                    cell.append(scalar)
                    position += 1
                } else {
                    isQuoted = false
                }
                continue
            }
            switch scalar {
            case "\"":
                guard cell.isEmpty else { return nil }
                isQuoted = true
            case ",", "\r":
                row.append(String(String.UnicodeScalarView(cell)))
                cell = []
                guard scalar == "\r" else { continue }
                guard position < scalars.count, scalars[position] == "\n" else { return nil }
                position += 1
                rows.append(row)
                row = []
            case "\n": return nil
            default: cell.append(scalar)
            }
        }
        return isQuoted || !row.isEmpty || !cell.isEmpty ? nil : rows
    }
}
