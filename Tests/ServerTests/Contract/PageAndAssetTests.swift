import Foundation
import Testing

@testable import Server

@Suite struct PageAndAssetTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    @Test func theMapIsStrictAboutItsSources() async throws {
        let answer = try await site.send("/")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "text/html; charset=utf-8")
        let policy = try #require(answer["Content-Security-Policy"])
        let rules = ["default-src 'self'", "worker-src 'self' blob:", "img-src 'self' data: blob:", "style-src 'self'"]
        for rule in rules {
            #expect(policy.contains(rule))
        }
        #expect(!policy.contains("unsafe"))
        #expect(answer["X-Content-Type-Options"] == "nosniff")
        #expect(answer["Referrer-Policy"] == "no-referrer")
        #expect(answer["Permissions-Policy"] == "geolocation=(self)")
        #expect(answer["Set-Cookie"] == nil)
        #expect(answer["Access-Control-Allow-Origin"] == nil)
        #expect(!answer.text.contains(" style=\""))
        #expect(!answer.text.contains("{{"))
    }

    /// What a browser shows or runs is bound; data, of which tiles are asked for by the thousand, are not.
    @Test func policiesBindDocumentsAlone() async throws {
        for path in ["/?lang=en", "/assets/js/main.js", "/service-worker.js", "/assets/css/base.css", "/sitemap.xml"] {
            let answer = try await site.send(path)
            #expect(answer["Content-Security-Policy"]?.contains("default-src 'self'") == true, "\(path)")
        }
        for path in ["/tiles/kompass/9/270/170.mvt", "/api", "/data/offers.json", "/health/live"] {
            let answer = try await site.send(path)
            #expect(answer["Content-Security-Policy"] == nil && answer["Permissions-Policy"] == nil, "\(path)")
            #expect(answer["X-Content-Type-Options"] == "nosniff", "\(path)")
        }
    }

    @Test func everythingThatAPageNamesIsThere() async throws {
        for page in ["/", "/?lang=en", "/api?f=html", "/api/collections/offers/items?f=html"] {
            let text = try await site.send(page).text
            for attribute in ["src=\"", "href=\""] {
                for part in text.components(separatedBy: attribute).dropFirst() {
                    let target = part.prefix { $0 != "\"" }.replacing("&amp;", with: "&")
                    guard target.hasPrefix("/") else { continue }
                    #expect(try await site.send(String(target)).status == 200, "\(page): \(target)")
                }
            }
        }
    }

    @Test func theLanguageIsChosen() async throws {
        let german = try await site.send("/")
        #expect(german.text.contains("<html lang=\"de\""))
        #expect(german["Vary"]?.contains("Accept-Language") == true)
        #expect(try await site.send("/", ["Accept-Language": "en"]).text.contains("<html lang=\"en\""))
        #expect(try await site.send("/?lang=en", ["Accept-Language": "de"]).text.contains("<html lang=\"en\""))
        #expect(try await site.send("/?lang=xx").text.contains("<html lang=\"de\""))
    }

    @Test func thePageListsWhatItsQuerySelects() async throws {
        let all = try await site.send("/").text
        #expect(all.contains("Beratung auf Arabisch") && all.contains("Kurs") && all.contains("Treffen"))
        let some = try await site.send("/?category=counselling&fbclid=1&sector=nonsense&q=%ff").text
        #expect(some.contains("Beratung auf Arabisch"))
        #expect(!some.contains(">Kurs</a>") && all.contains(">Kurs</a>"))
    }

    @Test func assetsCarryTheirTypes() async throws {
        let expected = [
            "maplibre/maplibre-gl.js": "text/javascript; charset=utf-8",
            "maplibre/maplibre-gl.css": "text/css; charset=utf-8",
            "pages/api.css": "text/css; charset=utf-8", "locales/de.json": "application/json",
            "css/icon.svg": "image/svg+xml",
        ]
        for (path, type) in expected {
            let answer = try await site.send("/assets/\(path)")
            #expect(answer.status == 200, "\(path)")
            #expect(answer["Content-Type"] == type)
            #expect(answer["Cache-Control"] == "no-cache")
        }
        let version = site.server.site.assets.version
        #expect(
            try await site.send("/assets/pages/api.css?v=\(version)")["Cache-Control"]?.contains("immutable") == true)
    }

    @Test(arguments: [
        "../Package.swift", "..%2FPackage.swift", "%2e%2e/Package.swift", "css/../../Package.swift", "/etc/passwd",
        "pages/map.mustache", "README.md", "", "css", "css/", "pages/api.css/", "pages//api.css", "./pages/api.css",
        "pages/api.css%00.js", "pages%5Capi.css", "maplibre/../maplibre/maplibre-gl.js", ".git/config",
    ])
    func nothingElseIsServed(path: String) async throws {
        let answer = try await site.send("/assets/\(path)")
        #expect(answer.status == 404 || answer.status == 400)
    }

    @Test func linksOfTheFileSystemAreNotFollowed() throws {
        let tileset = try String(contentsOfFile: "\(Checkout.tiles)/tileset.json", encoding: .utf8)
        let folder = try TemporaryFolder(files: [
            "style/kompass.json": "{}", "tileset.json": tileset, "a.css": "", "secret.txt": "x",
        ])
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/b.css", withDestinationPath: "\(folder.path)/secret.txt")
        let maplibre = try TemporaryFolder(files: ["maplibre-gl.js": "", "maplibre-gl.css": ""])
        let catalogue = try AssetCatalogue(assets: folder.path, maplibre: maplibre.path)
        #expect(catalogue["a.css"] != nil)
        #expect(catalogue["b.css"] == nil)
        #expect(catalogue["secret.txt"] == nil)
    }

    @Test func whatIsMissingIsNamed() throws {
        let empty = try TemporaryFolder(files: [:])
        let error = #expect(throws: ServerError.self) {
            try AssetCatalogue(assets: Checkout.tiles, maplibre: empty.path)
        }
        #expect(error?.description.contains("maplibre-gl.js") == true)
        #expect(throws: ServerError.self) { try AssetCatalogue(assets: "/nonexistent", maplibre: empty.path) }
        #expect(throws: ServerError.self) { try PageRenderer(assets: empty.path) }
    }
}
