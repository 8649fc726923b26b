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

    private func export(_ tables: [RecordKind: Table] = ExampleNetwork.tables) throws -> StaticExport {
        try StaticExport(Snapshot(tables), assets: Checkout.tiles, maplibre: maplibre.path, threads: 2)
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

    @Test func theFolderHoldsAPageForEachLanguageAndAllThatTheyName() throws {
        let path = "\(folder.path)/map"
        let count = try export().write(to: path)
        let files = try files(path)
        #expect(files.count == count)
        let languages = try PageRenderer(assets: Checkout.tiles).languages
        for language in languages {
            let page = StaticExport.page(in: language)
            let html = String(decoding: try #require(files[page]), as: UTF8.self)
            #expect(html.contains("<html lang=\"\(language)\""))
            #expect(html.contains(" data-static"))
            #expect(html.contains("http-equiv=\"Content-Security-Policy\""))
            #expect(!html.contains("/api"))
            let depth = page.split(separator: "/").count - 1
            for match in html.matches(of: #/(?:href|src)="([^"#?]+)/#) {
                let name = String(match.1)
                #expect(name.hasPrefix(depth == 0 ? "./" : "../"), "\(page): \(name)")
                #expect(files[String(name.drop { $0 == "." || $0 == "/" })] != nil, "\(page): \(name)")
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
