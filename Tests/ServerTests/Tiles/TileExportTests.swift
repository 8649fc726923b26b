import Foundation
import NetworkModel
import TestSupport
import Testing
import VectorTiles

@testable import Server

@Suite struct TileExportTests {
    private let snapshot = Snapshot(ExampleNetwork.tables)

    private func tileset() throws -> Tileset {
        let file = URL(filePath: Checkout.tiles).appending(path: "tileset.json")
        return try Tileset(json: Array(try Data(contentsOf: file)))
    }

    private func export(
        layers: [String]? = nil, zooms: (Int?, Int?) = (4, 8), filter: [(name: String, value: String)] = [],
        threads: Int? = nil
    ) throws -> TileExport {
        try TileExport(
            snapshot, tileset: try tileset(), filter: try OfferFilter(parameters: filter), layers: layers, zooms: zooms,
            language: "de", threads: threads)
    }

    @Test(arguments: TileExport.Format.allCases)
    func equalBytesForAnyNumberOfThreads(format: TileExport.Format) throws {
        let folder = try TemporaryFolder(files: [:])
        var files: [Data] = []
        for threads in [1, 2, 7] {
            let path = "\(folder.path)/\(threads)"
            #expect(try export(threads: threads).write(format, to: path, progress: { _ in }) > 5)
            files.append(try Data(contentsOf: URL(filePath: path)))
        }
        #expect(files[0] == files[1])
        #expect(files[0] == files[2])
    }

    @Test func progressReachesTheEndOfEachZoom() throws {
        let folder = try TemporaryFolder(files: [:])
        var done: [Int: Int] = [:]
        var counts: [Int: Int] = [:]
        _ = try export().write(.pmtiles, to: "\(folder.path)/a") { progress in
            #expect(progress.done >= done[progress.zoom] ?? 0)
            done[progress.zoom] = progress.done
            counts[progress.zoom] = progress.count
        }
        #expect(done == counts)
        #expect(done.keys.sorted() == [4, 5, 6, 7, 8])
    }

    @Test(arguments: TileExport.Format.allCases)
    func archiveWithoutTilesIsNotWritten(format: TileExport.Format) throws {
        let folder = try TemporaryFolder(files: [:])
        let path = "\(folder.path)/a"
        #expect(throws: ExportError.empty) {
            try export(layers: ["municipalities"], zooms: (4, 6)).write(format, to: path, progress: { _ in })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func wrongQuestionsAreRefused() throws {
        #expect(throws: TileError.zoomNotServed(3, served: 4...14)) { try export(zooms: (3, 8)) }
        #expect(throws: TileError.zoomNotServed(20, served: 4...14)) { try export(zooms: (20, nil)) }
        #expect(throws: TileError.self) { try export(zooms: (8, 6)) }
        #expect(throws: TileError.unknownLayer("rivers", known: try tileset().layerNames)) {
            try export(layers: ["rivers"])
        }
        #expect(throws: FilterError.self) { try export(filter: [("category", "unheard")]) }
    }
}
