import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct StaticExportTests {
    private let folder: TemporaryFolder
    private let maplibre: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder(files: [:])
        maplibre = try TemporaryFolder(files: ["maplibre-gl.js": "// maplibre", "maplibre-gl.css": ".map{}"])
    }

    private func export(
        _ tables: [RecordKind: Table] = ExampleNetwork.tables, languages: [String]? = ["ar"]
    ) throws -> StaticExport {
        try StaticExport(
            Snapshot(tables), assets: Checkout.tiles, maplibre: maplibre.path, languages: languages, threads: 2)
    }

    private func files(_ path: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
            if !isFolder.boolValue { result[name] = try Data(contentsOf: URL(filePath: "\(path)/\(name)")) }
        }
        return result
    }

    /// Every page that the server renders for people, in a language.
    private func pages(in language: String, of snapshot: Snapshot) -> [String] {
        let identifiers = { (table: Table) in (0..<table.count).compactMap { table.identifiers[$0] } }
        let pages =
            identifiers(snapshot.offers).map(PublicPage.offer) + identifiers(snapshot.actors).map(PublicPage.actor)
            + identifiers(snapshot.districts).flatMap { [.district($0), .sheet($0), .image($0)] }
            + [.districts, .network, .glossary, .duty(.imprint), .duty(.privacy), .duty(.accessibility)]
        return pages.map { StaticPath.page($0, in: language) } + [StaticPath.map(in: language)]
    }

    @Test func theFolderHoldsEveryPageInEachLanguageAndAllThatTheyName() throws {
        let path = "\(folder.path)/map"
        let count = try export(languages: nil).write(to: path)
        let files = try files(path)
        #expect(files.count == count)
        let languages = try PageRenderer(assets: Checkout.tiles).languages
        for language in languages {
            let pages = pages(in: language, of: Snapshot(ExampleNetwork.tables))
            #expect(pages.count > 15)
            for page in pages where !page.hasSuffix(".png") {
                let html = String(decoding: try #require(files[page], "\(page)"), as: UTF8.self)
                #expect(html.contains("<html lang=\"\(language)\""))
                #expect(html.contains(" data-static") == page.hasSuffix("index.html"))
                #expect(html.contains("http-equiv=\"Content-Security-Policy\""))
                #expect(!html.contains("/api"), "\(page)")
                #expect(!html.contains("rel=\"canonical\""), "nobody has said where the folder will stand")
                let depth = StaticPath.depth(of: page)
                for match in html.matches(of: #/(?:href|src)="(\.[^"#?]*)/#) {
                    let name = String(match.1)
                    #expect(name.hasPrefix(depth == 0 ? "./" : "../"), "\(page): \(name)")
                    #expect(files[String(name.drop { $0 == "." || $0 == "/" })] != nil, "\(page): \(name)")
                }
                #expect(!html.contains("href=\"/"), "\(page): a link from the root of the host")
            }
            for page in pages where page.hasSuffix(".png") {
                #expect(files[page]?.prefix(4) == Data([0x89] + "PNG".utf8), "\(page)")
            }
        }
        for name in ["offers", "actors", "links", "places", "vocabulary", "glossary"] {
            let data = try #require(files["data/\(name).json"])
            let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(json["data_version"] as? String == Snapshot(ExampleNetwork.tables).dataVersion.description)
            #expect(json["links"] == nil, "a document in a folder leads to no server")
        }
        #expect(files["tiles/kompass.pmtiles"]?.prefix(7) == Data("PMTiles".utf8))
        #expect(files["assets/js/service-worker.js"] == nil)
        #expect(files.keys.allSatisfy { !$0.hasPrefix("assets/pages") && !$0.hasPrefix("assets/tests") })
    }

    @Test func whereTheFolderWillStandIsStatedWhereItIsKnown() throws {
        let path = "\(folder.path)/known"
        _ = try StaticExport(
            Snapshot(ExampleNetwork.tables), assets: Checkout.tiles, maplibre: maplibre.path, languages: ["en"],
            publicURL: "https://example.org/kompass/", threads: 2
        ).write(to: path)
        let files = try files(path)
        let html = String(decoding: try #require(files["en/districts.html"]), as: UTF8.self)
        #expect(html.contains("<link rel=\"canonical\" href=\"https://example.org/kompass/en/districts.html\">"))
        #expect(html.contains("hreflang=\"de\" href=\"https://example.org/kompass/districts.html\""))
        let key = try #require(Snapshot(ExampleNetwork.tables).districts.identifiers[0])
        let sheet = String(decoding: try #require(files["en/districts/\(key)/sheet.html"]), as: UTF8.self)
        #expect(sheet.contains("https://example.org/kompass/en/districts/\(key).html"))
        #expect(files["ar/index.html"] == nil)
        #expect(!html.contains("hreflang=\"ar\""), "a language that is not there is not offered")
    }

    @Test func anUnknownLanguageIsNamed() throws {
        #expect(throws: StaticExportError.self) {
            try StaticExport(
                Snapshot(ExampleNetwork.tables), assets: Checkout.tiles, maplibre: maplibre.path,
                languages: ["en", "tlh"], threads: 2)
        }
    }

    @Test func identifiersBecomeNamesThatEveryHostServes() {
        #expect(StaticPath.name("asb-info-2") == "asb-info-2")
        #expect(StaticPath.name("A/b c_ü%.") == "=41=2fb=20c=5f=c3=bc=25=2e")
        #expect(StaticPath.page(.offer("x"), in: "de") == "offers/x.html")
        #expect(StaticPath.page(.sheet("15001"), in: "ar") == "ar/districts/15001/sheet.html")
    }

    @Test func longIdentifiersBecomeFolders() throws {
        let long = String(repeating: "ä", count: 100)
        let name = StaticPath.name(long)
        let pieces = name.split(separator: "/")
        #expect(pieces.map(\.utf8.count) == [201, 201, 200])
        #expect(name.replacing("=/", with: "") == String(repeating: "=c3=a4", count: 100))
        #expect(StaticPath.depth(of: StaticPath.page(.offer(long), in: "en")) == 4)
        // No page of one identifier stands where one of another does.
        let key = String(repeating: "x", count: 200)
        #expect(StaticPath.page(.district(key + "sheet"), in: "de") != StaticPath.page(.sheet(key), in: "de"))

        var tables = ExampleNetwork.tables
        tables[.offers] = Table(.offers, [ExampleNetwork.offer(long, "Lang", "training")])
        let path = "\(folder.path)/long"
        _ = try StaticExport(
            Snapshot(tables), assets: Checkout.tiles, maplibre: maplibre.path, languages: ["en"], threads: 2
        ).write(to: path)
        let page = try String(contentsOfFile: "\(path)/en/offers/\(name).html", encoding: .utf8)
        #expect(page.contains("\"../../../../assets/"))
    }

    @Test func equalDataMakeEqualFolders() throws {
        _ = try export().write(to: "\(folder.path)/a")
        _ = try export().write(to: "\(folder.path)/b")
        #expect(try files("\(folder.path)/a") == files("\(folder.path)/b"))
    }

    @Test func newDataReplaceTheOldAndLeaveOtherFiles() throws {
        let path = "\(folder.path)/map"
        _ = try export().write(to: path)
        try Data("own".utf8).write(to: URL(filePath: "\(path)/own.txt"))
        _ = try export(MadeNetwork.offers(30)).write(to: path)
        _ = try export(MadeNetwork.offers(30)).write(to: "\(folder.path)/fresh")
        var found = try files(path)
        #expect(found.removeValue(forKey: "own.txt") == Data("own".utf8))
        #expect(try found == files("\(folder.path)/fresh"))
    }

    @Test func aFolderOfSomebodyElseIsRefused() throws {
        let foreign = try TemporaryFolder(files: ["thesis.txt": "mine"])
        #expect(throws: StaticExportError.foreignFolder(foreign.path)) { try export().write(to: foreign.path) }
        #expect(try files(foreign.path).keys.sorted() == ["thesis.txt"])
    }
}
