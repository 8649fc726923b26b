import Foundation
import HTTPTypes
import NIOCore
import TestSupport
import Testing
import VectorTiles

@testable import Server

/// Finished tiles are kept once, within their limit, and change nothing about what is answered.
@Suite struct TileCacheTests {
    private static let targets = (4...9).flatMap { zoom in
        ["", "?category=counselling", "?layers=districts"].map { query in
            let side = 1 << (zoom - 4)
            return "/tiles/kompass/\(zoom)/\(8 * side + side / 2)/\(5 * side + side / 4).mvt\(query)"
        }
    }

    private func site(limit: Int) throws -> TestSite {
        try TestSite(source: ChangingSource(ExampleNetwork.tables).source, tileCacheLimit: limit)
    }

    private func account(_ site: TestSite) -> CacheAccount {
        site.server.site.current.served.tileCache.account
    }

    @Test func aTileIsMadeOnceForAllWhoAskForIt() async throws {
        let site = try site(limit: 1 << 20)
        let answers = site.server.site.current.served.representations.account
        let target = "/tiles/kompass/4/8/5.mvt"
        let plain = try await site.send(target)
        #expect(account(site).misses == 1)
        let kept = try #require(
            site.server.site.current.served.tileCache.value(
                for: TileKey(position: try TilePosition(zoom: "4", column: "8", row: "5"), question: "")))
        for encoding in ["identity", "gzip", "br, gzip;q=0.5", "*"] {
            let again = try await site.send(target, ["Accept-Encoding": encoding])
            let isPacked = again["Content-Encoding"] == "gzip"
            #expect(isPacked == (encoding != "identity" && kept.gzip != nil))
            #expect(again.body == Array((isPacked ? try #require(kept.gzip) : kept.plain).readableBytesView))
            #expect(again["ETag"] == (isPacked ? kept.tag.gzipped : kept.tag).description)
        }
        #expect(try await site.send(target, method: .head)["Content-Length"] == plain.body.count.description)
        // The same question in another spelling is the same tile, and so is the one under its version.
        _ = try await site.send("\(target)?v=\(site.tileVersion)")
        _ = try await site.send("\(target)?category=")
        #expect(account(site).misses == 1)
        #expect(account(site).entries == 1)
        #expect(account(site).hits == 8)
        #expect(site.server.site.current.served.representations.account == answers, "tiles have a cache of their own")
    }

    @Test func noMoreIsKeptThanTheLimit() async throws {
        let site = try site(limit: 8192)
        for _ in 0..<3 {
            for target in Self.targets {
                _ = try await site.send(target)
                #expect(account(site).cost <= 8192)
            }
        }
        #expect(account(site).entries > 0)
        #expect(account(site).entries < Self.targets.count)
    }

    @Test func withoutACacheTheAnswersAreTheSame() async throws {
        let (with, without) = (try site(limit: 1 << 20), try site(limit: 0))
        for target in Self.targets + Self.targets {
            let (one, other) = (
                try await with.send(target, ["Accept-Encoding": "gzip"]),
                try await without.send(target, ["Accept-Encoding": "gzip"])
            )
            #expect(one.status == other.status)
            #expect(one.body == other.body)
            #expect(one.headers == other.headers)
        }
        #expect(account(with).hits >= Self.targets.count)
        #expect(account(without) == CacheAccount())
    }

    @Test func metricsTellSizeAndUse() async throws {
        let site = try site(limit: 1 << 20)
        for target in ["/tiles/kompass/4/8/5.mvt", "/tiles/kompass/4/8/5.mvt", "/tiles/kompass/4/0/0.mvt"] {
            _ = try await site.send(target)
        }
        let account = account(site)
        let text = try await site.send("/metrics").text
        for line in [
            "kompass_cache_lookups_total{cache=\"tiles\",outcome=\"hit\"} 1",
            "kompass_cache_lookups_total{cache=\"tiles\",outcome=\"miss\"} 2",
            "kompass_cache_entries{cache=\"tiles\"} 2", "kompass_cache_bytes{cache=\"tiles\"} \(account.cost)",
            "kompass_cache_limit_bytes{cache=\"tiles\"} 1048576", "# TYPE kompass_cache_bytes gauge",
            "# TYPE kompass_cache_lookups_total counter",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
        #expect(account.cost > 512)
    }
}

/// What every answer about tiles carries, the errors too.
@Suite struct TileHeaderTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    @Test(arguments: [
        ("/tiles/kompass/4/8/5.mvt", 200), ("/tiles/kompass/4/0/0.mvt", 204), ("/tiles/kompass/4/16/0.mvt", 404),
        ("/tiles/kompass/4/a/0.mvt", 400), ("/tiles/kompass/4/8/5.mvt?layers=roads", 400),
        ("/tiles/kompass/4/8/5.mvt?category=unheard", 400), ("/tiles/kompass/4/8/5.mvt?x=1", 400),
        ("/tiles/kompass/4/8/5.mvt?q=%FF", 400), ("/tiles/%FF/4/8/5.mvt", 400), ("/tiles/other/4/8/5.mvt", 404),
        ("/tiles/kompass.json", 200), ("/tiles/kompass.json?x=1", 400),
        ("/tiles/kompass/4/8/5.mvt?q=\(String(repeating: "a", count: 9000))", 414),
    ])
    func otherOriginsMayReadEveryAnswer(target: String, status: Int) async throws {
        let answer = try await site.send(target, ["Origin": "https://other.example"])
        #expect(answer.status == status)
        #expect(answer["Access-Control-Allow-Origin"] == "*")
        #expect(answer["Timing-Allow-Origin"] == "*")
        if status >= 400 {
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer["Cache-Control"] == "no-store")
            #expect(try answer.json()["status"] as? Int == status)
        } else {
            #expect(answer["Vary"]?.contains("Accept-Encoding") == true)
        }
    }

    @Test func otherMethodsAreRefusedReadably() async throws {
        let answer = try await site.send("/tiles/kompass/4/8/5.mvt", method: .put)
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "GET, HEAD, OPTIONS")
        #expect(answer["Access-Control-Allow-Origin"] == "*")
        let large = try await site.send("/tiles/kompass/4/8/5.mvt", method: .post, ["Content-Length": "100000000"])
        #expect(large.status == 413)
        #expect(large["Access-Control-Allow-Origin"] == "*")
    }

    @Test func encodingsHaveStrongTagsOfTheirOwn() async throws {
        let target = "/tiles/kompass/4/8/5.mvt"
        let plain = try #require(try await site.send(target)["ETag"])
        let packed = try await site.send(target, ["Accept-Encoding": "gzip"])
        #expect(packed["Content-Encoding"] == "gzip")
        let tag = try #require(packed["ETag"])
        #expect(!plain.hasPrefix("W/") && !tag.hasPrefix("W/") && plain != tag)
        // The tag of the other encoding is another representation's.
        #expect(try await site.send(target, ["Accept-Encoding": "gzip", "If-None-Match": plain]).status == 200)
        #expect(try await site.send(target, ["If-None-Match": tag]).status == 200)
        let head = try await site.send(target, method: .head, ["If-None-Match": "\"x\", W/\(plain)"])
        #expect(head.status == 304)
    }

    /// TileJSON 3.0.0, each member as its specification asks for it.
    @Test(arguments: ["de", "en"]) func tileJSONIsComplete(language: String) async throws {
        let answer = try await site.send("/tiles/kompass.json?lang=\(language)")
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer["Cache-Control"] == "no-cache")
        let json = try answer.json()
        #expect(json["tilejson"] as? String == "3.0.0")
        #expect(json["scheme"] as? String == "xyz")
        let version = try #require(json["version"] as? String)
        #expect(version.wholeMatch(of: /(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)/) != nil)
        for name in ["name", "description", "attribution"] { #expect(json[name] is String) }
        let tiles = try #require(json["tiles"] as? [String])
        #expect(tiles.count == 1 && tiles[0].hasPrefix("http://kompass.test/") && tiles[0].contains("{z}/{x}/{y}"))
        let (low, high) = (try #require(json["minzoom"] as? Int), try #require(json["maxzoom"] as? Int))
        #expect(0 <= low && low <= high && high <= 30)
        let bounds = try #require(json["bounds"] as? [Double])
        #expect(bounds.count == 4)
        #expect(-180 <= bounds[0] && bounds[0] < bounds[2] && bounds[2] <= 180)
        #expect(-85.06 < bounds[1] && bounds[1] < bounds[3] && bounds[3] < 85.06)
        let center = try #require(json["center"] as? [Double])
        #expect(center.count == 3)
        #expect((bounds[0]...bounds[2]).contains(center[0]) && (bounds[1]...bounds[3]).contains(center[1]))
        #expect((low...high).contains(Int(center[2])) && center[2] == center[2].rounded())
        let layers = try #require(json["vector_layers"] as? [[String: Any]])
        #expect(Set(layers.compactMap { $0["id"] as? String }).count == layers.count)
        for layer in layers {
            #expect(layer["description"] is String)
            let (first, last) = (try #require(layer["minzoom"] as? Int), try #require(layer["maxzoom"] as? Int))
            #expect(low <= first && first <= last && last <= high)
            let fields = try #require(layer["fields"] as? [String: String])
            #expect(!fields.isEmpty && fields.values.allSatisfy { !$0.isEmpty })
        }
        let districts = try #require(
            layers.first { $0["id"] as? String == "districts" }?["fields"] as? [String: String])
        #expect(districts["area_m2"]?.hasSuffix("[m2]") == true)
        #expect(districts["people"]?.hasSuffix("[{people}]") == true)
    }

    /// Another tileset file of the same data has other tiles, so other URLs.
    @Test func tileURLsNameDataAndTileset() throws {
        let served = site.server.site.current.served
        #expect(site.tileVersion.hasPrefix("\(site.version)-"))
        let text = try String(contentsOfFile: "\(Checkout.tiles)/tileset.json", encoding: .utf8)
        func serving(_ text: String, maker: String = "") throws -> ServedSnapshot {
            let content = ServedContent(snapshot: served.snapshot)
            return try ServedSnapshot(
                content, tileset: Tileset(json: Array(text.utf8)), tileCacheLimit: 0, maker: maker)
        }
        func version(_ text: String) throws -> String { try serving(text).tileVersion }
        #expect(try version(text) == site.tileVersion)
        let other = try version(text.replacing("\"maxzoom\": 14", with: "\"maxzoom\": 13"))
        #expect(other.hasPrefix("\(site.version)-") && other != site.tileVersion)
        let (one, two) = (try serving(text, maker: "1"), try serving(text, maker: "2"))
        #expect(one.tileVersion == two.tileVersion)
        #expect(one.contentVersion != two.contentVersion && one.tag(of: "a") != two.tag(of: "a"))
    }
}
