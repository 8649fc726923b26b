import Analysis
import Foundation
import NetworkModel
import TestSupport
import Testing
import VectorTiles

@testable import Server

/// Layers and figures that are answers of analyses, as requests ask for them.
@Suite struct TileLayerTests {
    private let site: TestSite
    private static let path = "/tiles/kompass/8/136/85.mvt"

    init() throws { site = try TestSite() }

    /// The bytes that a tile must have, made from the analyses without the routes.
    private func tile(
        _ filter: [(String, String)] = [], layers: [String], rows: [(Tileset.Content, AnalyticalQuery)] = [],
        coverage: [(String, String)]? = nil
    ) throws -> [UInt8] {
        let served = site.server.site.current.served
        var questions = TileQuestions()
        for (content, query) in rows { questions.rows[content] = query }
        if let coverage {
            questions.coverage[.districts] = try AnalyticalQuery(.coverage, QueryParameters(coverage))
            questions.coverage[.municipalities] = try AnalyticalQuery(
                .coverage, QueryParameters(coverage + [("level", "municipality")]))
        }
        let answers = TileAnswers(Analyst(served.snapshot), tileset: served.tiles.tileset)
        return try served.tiles.tile(
            try #require(TileAddress(zoom: 8, x: 136, y: 85)),
            offers: OfferSelection(
                OfferFilter(parameters: filter.map { (name: $0.0, value: $0.1) }), in: served.snapshot),
            layers: layers,
            additions: answers.additions(layers: layers, zoom: 8, questions: questions))
    }

    private func query(_ question: AnalyticalQuestion, _ items: [(String, String)]) throws -> AnalyticalQuery {
        try AnalyticalQuery(question, QueryParameters(items))
    }

    @Test func gapsAnswerTheRequestsQuestion() async throws {
        let target = "\(Self.path)?layers=gaps"
        let all = try await site.send(target)
        #expect(all.status == 200)
        #expect(all.body == (try tile(layers: ["gaps"], rows: [(.gaps, query(.gaps, []))])))
        let items = [("category", "training"), ("radius", "5000"), ("level", "municipality")]
        let some = try await site.send("\(target)&radius=5e3&level=municipality&category=training")
        #expect(
            some.body
                == (try tile(
                    [("category", "training")], layers: ["gaps"], rows: [(.gaps, query(.gaps, items))])))
        #expect(some.body != all.body)
        #expect(some["ETag"] != all["ETag"])
    }

    @Test func accessAnswersTheRequestsQuestion() async throws {
        let target = "\(Self.path)?layers=access,districts"
        let all = try await site.send(target)
        #expect(all.body == (try tile(layers: ["districts", "access"], rows: [(.access, query(.access, []))])))
        let some = try await site.send("\(target)&area=15001")
        #expect(
            some.body
                == (try tile(
                    layers: ["districts", "access"], rows: [(.access, query(.access, [("area", "15001")]))])))
        #expect(some.body != all.body)
        #expect(all.text.contains("distance_m"))
    }

    @Test func coverageFiguresFollowTheFilter() async throws {
        let target = "\(Self.path)?layers=districts,municipalities"
        let plain = try await site.send(target)
        let all = try await site.send("\(target)&figures=coverage")
        #expect(all.body == (try tile(layers: ["districts", "municipalities"], coverage: [])))
        #expect(all.text.contains("share_within_15000_m") && !plain.text.contains("share_within_15000_m"))
        let some = try await site.send("\(target)&figures=coverage&category=training&radius=1000")
        #expect(
            some.body
                == (try tile(
                    [("category", "training")], layers: ["districts", "municipalities"],
                    coverage: [("category", "training"), ("radius", "1000")])))
        #expect(some.body != all.body)
    }

    @Test func thePresetTileAsksNoAnalysisOfOffers() async throws {
        let answer = try await site.send(Self.path)
        #expect(answer.status == 200)
        for name in ["gaps", "access", "share_within_15000_m", "distance_m"] { #expect(!answer.text.contains(name)) }
        let document = try await site.send("/tiles/kompass.json").json()
        let layers = try #require(document["vector_layers"] as? [[String: Any]])
        #expect(
            layers.compactMap { $0["id"] as? String } == [
                "districts", "municipalities", "borders", "labels", "offers", "actors", "links",
            ])
        let fields = try #require(layers[0]["fields"] as? [String: String])
        #expect(fields["rural_index"] != nil && fields["share_within_15000_m"] == nil)
    }

    @Test func tileJSONTellsWhatWasAskedFor() async throws {
        let document = try await site.send(
            "/tiles/kompass.json?layers=access,gaps,districts&figures=coverage&radius=5e3&category=training&lang=en"
        ).json()
        let layers = try #require(document["vector_layers"] as? [[String: Any]])
        #expect(layers.compactMap { $0["id"] as? String } == ["districts", "gaps", "access"])
        let fields = layers.compactMap { $0["fields"] as? [String: String] }
        #expect(fields[0]["distance_mean_m"] == "Mean distance to the nearest offer [m]")
        #expect(fields[1]["area_m2"] == "Geodesic area [m2]")
        #expect(fields[2]["distance_m"] == "Distance to the nearest offer [m]")
        #expect(layers[2]["minzoom"] as? Int == 7)
        let url = try #require((document["tiles"] as? [String])?.first)
        #expect(
            url.hasSuffix(
                "?v=\(site.tileVersion)&category=training&layers=districts,gaps,access&figures=coverage&radius=5000"))
        let tile = try await site.send(
            Received.target(url).replacing("{z}", with: "8").replacing("{x}", with: "136").replacing("{y}", with: "85"))
        #expect(tile.status == 200)
        #expect(tile["Cache-Control"]?.contains("immutable") == true)
    }

    @Test(arguments: [
        ("radius=5000", "radius"), ("layers=districts&radius=5000", "radius"), ("layers=access&radius=5000", "radius"),
        ("layers=gaps&radius=-1", "radius"), ("layers=gaps&level=village", "level"),
        ("figures=coverage&level=state", "level"), ("figures=heat", "figures"), ("layers=gaps&area=99999", "area"),
        ("layers=gaps&outreach=include", "outreach"), ("figures=coverage&curve=include", "curve"),
    ])
    func parametersBelongToWhatIsAskedFor(query: String, parameter: String) async throws {
        let answer = try await site.send("\(Self.path)?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == parameter)
    }
}
