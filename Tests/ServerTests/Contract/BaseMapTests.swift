import TestSupport
import Testing

@testable import Server

/// A base map of another host: none until the operator names one, and then only in the map's page.
@Suite struct BaseMapTests {
    private static let template = "https://tiles.example.org:8443/v1/{z}/{x}/{y}.png?style=grey"

    private func site(_ baseMap: BaseMap?) throws -> TestSite {
        try TestSite(source: ChangingSource(ExampleNetwork.tables).source, baseMap: baseMap)
    }

    @Test func withoutOneNoOtherHostCanBeReached() async throws {
        let page = try await site(nil).send("/?lang=de")
        #expect(!page.text.contains("data-base-map"))
        #expect(page["Content-Security-Policy"]?.contains("connect-src") == false)
        #expect(page["Content-Security-Policy"]?.contains("https:") == false)
        #expect(try await site(nil).send("/privacy?lang=de").text.contains("nichts von anderen Anbietern geladen"))
    }

    @Test func theMapsPageAloneMayReachIt() async throws {
        let map = try #require(BaseMap(template: Self.template, attribution: "© Beispiel <Amt>"))
        let site = try site(map)
        for path in ["/?lang=de", "/?embed=1"] {
            let page = try await site.send(path)
            #expect(page.text.contains("data-base-map=\"\(Self.template)\""))
            #expect(page.text.contains("data-base-map-host=\"tiles.example.org:8443\""))
            #expect(page.text.contains("data-base-map-attribution=\"© Beispiel &lt;Amt&gt;\""))
            let policy = try #require(page["Content-Security-Policy"])
            #expect(policy.contains("img-src 'self' data: blob: https://tiles.example.org:8443;"))
            #expect(policy.contains("connect-src 'self' https://tiles.example.org:8443;"))
            #expect(policy.contains("default-src 'self';"))
        }
        for path in ["/districts?lang=de", "/api?f=html", "/assets/js/main.js", "/service-worker.js"] {
            #expect(try await site.send(path)["Content-Security-Policy"]?.contains("example.org") == false, "\(path)")
        }
        let privacy = try await site.send("/privacy?lang=de").text
        #expect(privacy.contains("tiles.example.org:8443"))
        #expect(!privacy.contains("nichts von anderen Anbietern geladen"))
    }

    @Test(arguments: [
        "https://tiles.example.org/{z}/{x}/{y}.png", "https://TILES.example.org/{z}/{y}/{x}",
        "http://localhost:80/{z}{x}{y}",
        "http://127.0.0.1:8081/a/{z}/{x}/{y}.webp",
    ])
    func addressesOfPicturesAreTaken(template: String) {
        #expect(BaseMap(template: template, attribution: "© A")?.template == template)
    }

    @Test(arguments: [
        "", "tiles", "/tiles/{z}/{x}/{y}.png", "https://tiles.example.org", "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{y}", "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://user@tiles.example.org/{z}/{x}/{y}.png", "https://*.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png\"><script>",
        "https://tiles.example.org/{z}/{x}/{y}.png; script-src *",
        "https://tiles.example.org/{z}/{x}/{y}#a", "javascript:alert(1)//{z}/{x}/{y}", "https://a b/{z}/{x}/{y}",
        "https://{s}.example.org/{z}/{x}/{y}.png", "https://tiles.example.org/{s}/{z}/{x}/{y}.png",
    ])
    func otherAddressesAreRefused(template: String) {
        #expect(BaseMap(template: template, attribution: "© A") == nil)
        #expect(BaseMap(template: Self.template, attribution: "  ") == nil)
    }
}
