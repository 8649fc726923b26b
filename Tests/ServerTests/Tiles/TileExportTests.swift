import Foundation
import NetworkModel
import Store
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
        threads: Int? = nil, clusters: Clustering = .declared
    ) throws -> TileExport {
        try TileExport(
            snapshot, tileset: try tileset(), filter: try OfferFilter(parameters: filter), layers: layers,
            clusters: clusters, zooms: zooms, language: "de", threads: threads)
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

    @Test(arguments: TileExport.Format.allCases)
    func clustersCanBeLeftOut(format: TileExport.Format) throws {
        let folder = try TemporaryFolder(files: [:])
        var files: [Data] = []
        for clusters in [Clustering.declared, .excluded] {
            let path = "\(folder.path)/\(clusters)"
            _ = try export(layers: ["offers"], clusters: clusters).write(format, to: path, progress: { _ in })
            files.append(try Data(contentsOf: URL(filePath: path)))
        }
        #expect(files[0] != files[1])
    }

    @Test func progressReachesTheEnd() throws {
        let folder = try TemporaryFolder(files: [:])
        var last: TileExport.Progress?
        _ = try export().write(.pmtiles, to: "\(folder.path)/a") { progress in
            #expect(progress.done > last?.done ?? -1)
            #expect(progress.zoom >= last?.zoom ?? 4)
            last = progress
        }
        #expect(last?.done == last?.count)
        #expect(last?.zoom == 8)
    }

    /// An export of the example to zoom 12, and what its journal held each time that a batch was done.
    private func watchedExport(
        _ format: TileExport.Format, in folder: TemporaryFolder
    ) throws -> (archive: Data, journals: [Data]) {
        let path = "\(folder.path)/whole"
        var journals: [Data] = []
        _ = try export(zooms: (4, 12)).write(format, to: path) { _ in
            if let journal = FileManager.default.contents(atPath: path + ".partial") { journals.append(journal) }
        }
        return (try Data(contentsOf: URL(filePath: path)), journals)
    }

    @Test(arguments: TileExport.Format.allCases)
    func aKilledExportIsTakenUpWithTheSameBytes(format: TileExport.Format) throws {
        let folder = try TemporaryFolder(files: [:])
        let (archive, journals) = try watchedExport(format, in: folder)
        #expect(journals.count >= 3)
        let whole = try #require(journals.last)
        // What a kill can leave: whole batches, and any part of one more.
        var states = journals
        for part in 1..<40 { states.append(whole.prefix(whole.count * part / 40)) }
        let path = "\(folder.path)/again"
        for state in states {
            try state.write(to: URL(filePath: path + ".partial"))
            var first: Int?
            var beginning: TileJournal.Beginning?
            _ = try export(zooms: (4, 12)).write(format, to: path, begun: { beginning = $0 }) { progress in
                first = first ?? progress.done
            }
            #expect(try Data(contentsOf: URL(filePath: path)) == archive)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["again", "whole"])
            #expect(beginning == (first == 0 ? .new : .resumed))
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test func anotherQuestionStartsAnew() throws {
        let folder = try TemporaryFolder(files: [:])
        let (_, journals) = try watchedExport(.pmtiles, in: folder)
        let journal = try #require(journals.last)
        let others: [(TileExport, TileJournal.Beginning)] = [
            (try export(zooms: (4, 12)), .resumed),
            (try export(zooms: (4, 11)), .other), (try export(zooms: (5, 12)), .other),
            (try export(layers: ["districts"], zooms: (4, 12)), .other),
            (try export(zooms: (4, 12), filter: [("category", "training")]), .other),
            (
                try TileExport(
                    Snapshot(MadeNetwork.offers(20)), tileset: try tileset(), filter: OfferFilter(), layers: nil,
                    zooms: (4, 12), language: "de", threads: nil), .other
            ),
        ]
        for (export, expected) in others {
            let path = "\(folder.path)/b"
            try journal.write(to: URL(filePath: path + ".partial"))
            var beginning: TileJournal.Beginning?
            _ = try export.write(.pmtiles, to: path, begun: { beginning = $0 }, progress: { _ in })
            let taken = try Data(contentsOf: URL(filePath: path))
            #expect(beginning == expected)
            _ = try export.write(.pmtiles, to: path, progress: { _ in })
            #expect(try Data(contentsOf: URL(filePath: path)) == taken)
        }
    }

    /// Tiles carry figures: what another definition made is not gone on with.
    @Test func theJournalKnowsTheDefinitions() throws {
        let key = try export().key
        #expect(!Definition.all.isEmpty)
        for definition in Definition.all {
            #expect(key.contains("\"\(definition.name) \(definition.version)\""), "\(definition.name)")
        }
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

    /// An archive says of which zooms its tiles are, not which were asked for.
    @Test func zoomsAreThoseOfTheTiles() throws {
        let folder = try TemporaryFolder(files: [:])
        let path = "\(folder.path)/a"
        for (layers, first) in [(["municipalities"], 7), (["districts"], 4), (["municipalities", "labels"], 4)] {
            _ = try export(layers: layers, zooms: (4, 9)).write(.pmtiles, to: path, progress: { _ in })
            let header = try Data(contentsOf: URL(filePath: path)).prefix(127)
            // PMTiles 3: tile type, then the first and the last zoom; at 118 the zoom of the centre.
            #expect([header[100], header[101]] == [UInt8(first), 9])
            #expect((UInt8(first)...9).contains(header[118]))
        }
    }

    @Test func wrongQuestionsAreRefused() throws {
        #expect(throws: TileError.zoomNotServed(15, served: 0...14)) { try export(zooms: (3, 15)) }
        #expect(throws: TileError.zoomNotServed(20, served: 0...14)) { try export(zooms: (20, nil)) }
        #expect(throws: TileError.self) { try export(zooms: (8, 6)) }
        #expect(throws: TileError.unknownLayer("rivers", known: try tileset().layerNames)) {
            try export(layers: ["rivers"])
        }
        #expect(throws: FilterError.self) { try export(filter: [("category", "unheard")]) }
    }
}
