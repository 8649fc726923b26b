import NetworkModel
import Testing
import VectorTiles

@testable import Server

@Suite struct TileTests {
    private let site: TestSite
    private static let path = "/tiles/kompass/4/8/5.mvt"

    init() throws { site = try TestSite() }

    /// The bytes that the tile must have, made without the server.
    private func tile(_ parameters: [(String, String)] = [], layers: [String]? = nil) throws -> [UInt8] {
        let served = site.server.site.current.served
        let filter = try OfferFilter(parameters: parameters.map { (name: $0.0, value: $0.1) })
        return try served.tiles.tile(
            try #require(TileAddress(zoom: 4, x: 8, y: 5)), offers: OfferSelection(filter, in: served.snapshot),
            layers: layers)
    }

    @Test func tileJSONLeadsToTilesOfItsVersionAndFilter() async throws {
        let answer = try await site.send("/tiles/kompass.json?category=training&q=a%20b&layers=offers,districts")
        let json = try answer.json()
        #expect(json["tilejson"] as? String == "3.0.0")
        let url = try #require((json["tiles"] as? [String])?.first)
        #expect(
            url
                == "http://kompass.test/tiles/kompass/{z}/{x}/{y}.mvt?v=\(site.tileVersion)&category=training&q=a%20b&layers=districts,offers"
        )
        let target = Received.target(url).replacing("{z}", with: "4").replacing("{x}", with: "8").replacing(
            "{y}", with: "5")
        let tile = try await site.send(target)
        #expect(tile.status == 200)
        #expect(tile["Content-Type"] == "application/vnd.mapbox-vector-tile")
        #expect(tile["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(
            tile.body == (try self.tile([("category", "training"), ("q", "a b")], layers: ["districts", "offers"])))
    }

    @Test func theFilterReachesTheTile() async throws {
        let all = try await site.send(Self.path)
        #expect(all.body == (try tile()))
        let some = try await site.send("\(Self.path)?category=counselling")
        #expect(some.body == (try tile([("category", "counselling")])))
        #expect(some.body != all.body)
        #expect(some["ETag"] != all["ETag"])
    }

    @Test func noTileIsKeptUnderAVersionThatItIsNotOf() async throws {
        #expect(try await site.send(Self.path)["Cache-Control"] == "public, max-age=60")
        for version in ["0123456789abcdef", "", "x", site.version] {
            let answer = try await site.send("\(Self.path)?v=\(version)")
            #expect(answer.status == 200)
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer.body == (try tile()))
        }
    }

    @Test(arguments: ["4/0/0", "14/0/0", "2/0/0", "24/16777215/0"]) func anEmptyTileIs204(path: String) async throws {
        let answer = try await site.send("/tiles/kompass/\(path).mvt?v=\(site.tileVersion)")
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        #expect(answer["Content-Length"] == nil)
        #expect(answer["Cache-Control"] == "public, max-age=31536000, immutable")
    }

    @Test(arguments: ["25/0/0", "4/16/0", "4/0/16", "0/1/0", "99/0/0", "999999999/0/0"])
    func aTileOutsideTheMatrixIs404(path: String) async throws {
        #expect(try await site.send("/tiles/kompass/\(path).mvt").status == 404)
    }

    @Test(arguments: [
        "a/0/0", "4/-1/0", "4/0/1.5", "04/0/0", "4/%2B1/0", "4/٤/0", "4//0", "99999999999999999999/0/0", "4/0/",
    ])
    func aMalformedTileIs400(path: String) async throws {
        #expect(try await site.send("/tiles/kompass/\(path).mvt").status == 400)
    }

    @Test func layersAreChecked() async throws {
        let answer = try await site.send("/tiles/kompass/4/8/5.mvt?layers=offers,roads")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == "layers")
        let ordered = try await site.send("\(Self.path)?layers=offers,districts")
        #expect(ordered.body == (try tile(layers: ["districts", "offers"])))
    }

    @Test func clustersCanBeTurnedOff() async throws {
        let with = try await site.send("\(Self.path)?layers=offers")
        let without = try await site.send("\(Self.path)?layers=offers&clusters=exclude")
        let served = site.server.site.current.served
        let selection = try OfferSelection(OfferFilter(), in: served.snapshot)
        let address = try #require(TileAddress(zoom: 4, x: 8, y: 5))
        #expect(
            without.body
                == (try served.tiles.tile(address, offers: selection, layers: ["offers"], clusters: .excluded)))
        #expect(with.body == (try tile(layers: ["offers"])))
        #expect(with.body != without.body)
        #expect(try await site.send("\(Self.path)?layers=offers&clusters=").body == with.body)
        let url = try #require(
            (try await site.send("/tiles/kompass.json?clusters=exclude&q=x").json()["tiles"] as? [String])?.first)
        #expect(url.hasSuffix("&q=x&clusters=exclude"))
        for target in ["\(Self.path)?clusters=no", "/tiles/kompass.json?clusters=true"] {
            let refused = try await site.send(target)
            #expect(refused.status == 400)
            #expect(try refused.json()["parameter"] as? String == "clusters")
        }
    }

    @Test func styleNamesTheTiles() async throws {
        let style = try await site.send("/styles/kompass.json?utm_source=x").json()
        let source = (style["sources"] as? [String: [String: Any]])?["kompass"]
        #expect(source?["url"] as? String == "http://kompass.test/tiles/kompass.json")
        #expect(style["version"] as? Int == 8)
    }

    @Test func linksFollowThePublicURL() async throws {
        let site = try TestSite(publicURL: "https://kompass.example.org/karte/")
        let base = "https://kompass.example.org/karte"
        let tiles = try await site.send("/tiles/kompass.json", host: "inner").json()["tiles"] as? [String]
        #expect(tiles?.first?.hasPrefix("\(base)/tiles/kompass/") == true)
        #expect(try await site.send("/api", host: "evil.example").text.contains("evil") == false)
        #expect(try await site.send("/").text.contains("/karte/assets/"))
        let openAPI = try await site.send("/api/openapi.json").json()
        #expect((openAPI["servers"] as? [[String: String]])?.first?["url"] == base)
    }
}
