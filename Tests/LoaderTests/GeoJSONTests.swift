import NetworkModel
import Testing

@testable import Loader

@Suite struct GeoJSONTests {
    private func feature(_ id: Int, _ extra: String = "") -> String {
        """
        {"type":"Feature","geometry":{"type":"Point","coordinates":[11.5,51.5]},"properties":{"id":"\(id)","title":"T\(id)"\(extra)}}
        """
    }

    @Test func readsCollectionsFeaturesAndSequences() async throws {
        let collection = "{\"type\":\"FeatureCollection\",\"features\":[\(feature(1)),\n\(feature(2))]}"
        let sequence = "\(feature(1))\n\u{1e}\(feature(2))\n"
        for (text, name) in [(collection, "a.geojson"), (sequence, "a.geojsonl")] {
            let outcome = try await load(.offers, text, name: name)
            #expect(outcome.texts("title") == ["T1", "T2"])
            #expect(outcome.report.addsUp)
        }
        #expect(try await load(.offers, feature(7), name: "a.json").texts("id") == ["7"])
    }

    @Test func readsEscapesListsAndValuesOfOtherTypes() async throws {
        let text = #"""
            {"features":[{"properties":{"id":12,"title":"a\"\\\/\nÄ\u00e4\ud83d\ude00","topics":["x","y\u0041"],"capacity":30.0,
            "cost":null,"un":{"a":[1,{"b":"}]"}]}},"geometry":null,"type":"Feature"}],"type":"FeatureCollection"}
            """#
        let outcome = try await load(.offers, text, name: "a.geojson")
        #expect(outcome.texts("id") == ["12"])
        #expect(outcome.texts("title") == ["a\"\\/\nÄä😀"])
        #expect(outcome.values("topics") == [.list(["x", "yA"])])
        #expect(outcome.values("capacity") == [.integer(30)])
        #expect(outcome.values("cost") == [.null])
        #expect(outcome.report.notes.contains { $0.contains("not used: un") })
    }

    @Test func takesTheFeaturesOwnIdWherePropertiesHaveNone() async throws {
        let outcome = try await load(
            .offers, #"{"type":"Feature","id":"f-1","properties":{"title":"a"},"geometry":null}"#, name: "a.json")
        #expect(outcome.texts("id") == ["f-1"])
    }

    @Test func newColumnsMayComeLate() async throws {
        let many = (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let text = "\(feature(1))\n\(feature(2, ",\(many)"))\n\(feature(3, ",\"cost\":\"5\""))"
        let outcome = try await load(.offers, text, name: "a.geojsonl")
        #expect(outcome.texts("cost") == ["", "", "5"])
    }

    /// Every feature with a name of its own, and one with very many: memory goes with what is stated, not with rows
    /// times names.
    @Test func manyNamesMakeSmallBatches() async throws {
        let many = (0..<2000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let files = [
            (1...2500).map { feature($0, ",\"n\($0)\":1") },
            (1...2500).map { feature($0, $0 == 2400 ? ",\(many)" : $0 == 2401 ? ",\"cost\":\"5\"" : "") },
        ]
        for features in files {
            let outcome = try await load(.offers, features.joined(separator: "\n"), name: "a.geojsonl")
            #expect(outcome.texts("id") == (1...2500).map(String.init))
            #expect(outcome.report.read == 2500)
            #expect(outcome.tables.count > 1)
        }
        let outcome = try await load(.offers, files[1].joined(separator: "\n"), name: "a.geojsonl")
        #expect(outcome.texts("cost")[2400] == "5")
        let unused = try #require(outcome.report.notes.first { $0.hasPrefix("columns not used") })
        #expect(unused.hasSuffix("k99 and 1900 more"))
    }

    @Test(arguments: [
        #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"1","title":"a"},"geometry":null},{"type":"Fea"#,
        #"{"type":"FeatureCollection","features":["#, #"{"type":"FeatureCollection""#,
    ])
    func saysWhereAFileBreaksOff(_ text: String) async throws {
        await #expect {
            try await load(.offers, text, name: "a.geojson")
        } throws: { "\($0)".contains("breaks off") && "\($0)".contains("a.geojson") }
    }

    @Test(arguments: [
        (#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":x}}]}"#, "no JSON value"),
        (#"[1,2]"#, "expected a FeatureCollection"), (#"{"type":"Topology"}"#, "Topology"),
        ("{\"type\":\"FeatureCollection\",\n\"features\":[\n}]}", "line 3"),
    ])
    func saysWhatIsNoGeoJSON(_ text: String, _ message: String) async throws {
        await #expect {
            try await load(.offers, text, name: "a.geojson")
        } throws: { "\($0)".contains(message) }
    }

    @Test func deepNestingCostsNoStack() async throws {
        let deep = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
        let outcome = try await load(.offers, feature(1, ",\"deep\":\(deep)"), name: "a.json")
        #expect(outcome.texts("id") == ["1"])
    }

    @Test func loneSurrogatesAndControlCharactersRejectTheRow() async throws {
        for bad in [#"\ud800"#, #"\u0000"#, #"\q"#] {
            let text = "\(feature(1, ",\"cost\":\"\(bad)\""))\n\(feature(2))"
            let outcome = try await load(.offers, text, name: "a.geojsonl")
            #expect(outcome.texts("id") == ["2"])
            #expect(outcome.issues(.rejected).first?.field == "cost")
        }
    }

    /// Features are cut off by the reading window at every place sooner or later.
    @Test func windowBordersChangeNothing() async throws {
        let filler = String(repeating: "ä\\u00e4", count: 5_000)
        let lines = (0..<400).map { feature($0, ",\"cost\":\"\(filler)\"") }.joined(separator: "\n")
        let outcome = try await load(.offers, lines, name: "a.geojsonl")
        #expect(outcome.texts("id") == (0..<400).map(String.init))
        #expect(Set(outcome.texts("cost")) == [String(repeating: "ä", count: 10_000)])
    }
}
