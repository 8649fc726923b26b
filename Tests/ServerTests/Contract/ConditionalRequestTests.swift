import HTTPTypes
import Testing

@testable import Server

@Suite struct ConditionalRequestTests {
    private let site: TestSite
    private static let targets = [
        "/", "/api", "/api/conformance", "/api/openapi.json", "/api/collections", "/api/collections/offers",
        "/api/collections/offers/items", "/api/collections/offers/items?f=html", "/api/collections/offers/items/kurs",
        "/api/collections/offers/schema", "/api/collections/offers/queryables", "/api/vocabulary", "/api/glossary",
        "/tiles/kompass.json", "/tiles/kompass/4/8/5.mvt", "/styles/kompass.json", "/assets/maplibre/maplibre-gl.js",
        "/robots.txt",
    ]

    init() throws { site = try TestSite() }

    @Test(arguments: targets) func anUnchangedAnswerIsNotSentAgain(target: String) async throws {
        for encoding in ["gzip", "identity"] {
            let first = try await site.send(target, ["Accept-Encoding": encoding])
            #expect(first.status == 200)
            let tag = try #require(first["ETag"])
            for field in [tag, "\"x\", \(tag)", "*", tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : "W/\(tag)"] {
                let again = try await site.send(target, ["Accept-Encoding": encoding, "If-None-Match": field])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again["ETag"] == tag)
                #expect(again["Vary"] == first["Vary"])
                #expect(again["Cache-Control"] == first["Cache-Control"])
                #expect(again["Content-Length"] == nil)
            }
            #expect(try await site.send(target, ["Accept-Encoding": encoding, "If-None-Match": "\"x\""]).status == 200)
        }
    }

    @Test(arguments: targets) func headHasTheFieldsOfGet(target: String) async throws {
        let get = try await site.send(target)
        let head = try await site.send(target, method: .head)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        for name in ["Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control"] {
            #expect(head[name] == get[name])
        }
        #expect(get["Content-Length"] == get.body.count.description)
    }

    @Test(arguments: targets) func gzipHoldsTheSameBytes(target: String) async throws {
        let plain = try await site.send(target)
        let packed = try await site.send(target, ["Accept-Encoding": "gzip"])
        #expect(plain["Content-Encoding"] == nil)
        #expect(plain["Vary"]?.contains("Accept-Encoding") == true)
        guard packed["Content-Encoding"] == "gzip" else {
            return #expect(plain.body.count < 600 || packed.body == plain.body)
        }
        #expect(try packed.gunzipped() == plain.body)
        #expect(packed.body.count < plain.body.count)
        let tag = try #require(plain["ETag"])
        if !tag.hasPrefix("W/") { #expect(packed["ETag"] != tag) }
    }

    @Test func aPreflightIsAnswered() async throws {
        let answer = try await site.send(
            "/api/collections/offers/items", method: .options,
            ["Origin": "https://other.example", "Access-Control-Request-Method": "GET"])
        #expect(answer.status == 204)
        #expect(answer["Access-Control-Allow-Origin"] == "*")
        #expect(answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS")
        #expect(answer["Allow"] == "GET, HEAD, OPTIONS")
        #expect(answer["Content-Length"] == nil)
        #expect(try await site.send("/", method: .options)["Access-Control-Allow-Origin"] == nil)
    }

    @Test func everyAnswerOfDataNamesItsVersion() async throws {
        for target in ["/api", "/tiles/kompass/4/8/5.mvt", "/api/collections/offers/items"] {
            #expect(try await site.send(target)["Kompass-Data-Version"] == site.version)
        }
    }
}
