import Foundation
import GRDB
import Store
import Testing

struct ArchiveFileTests {
    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test func unfinishedFileStandsUnderItsNameOnlyWhenPublished() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.bin"
        let file = try UnfinishedFile(for: path)
        try file.append(Array("eins ".utf8))
        #expect(!exists(path))
        try file.append(Array("zwei".utf8))
        try file.publish()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "eins zwei")
        #expect(!exists(file.path))
    }

    @Test func droppedFileLeavesNothingAndAnOlderOneStays() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.bin"
        try Data("alt".utf8).write(to: URL(filePath: path))
        try Data("what a killed program left".utf8).write(to: URL(filePath: path + ".finishing"))
        do {
            let file = try UnfinishedFile(for: path)
            try file.append([1, 2, 3])
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "alt")
        #expect(!exists(path + ".finishing"))
    }

    @Test func twoWritersOfOneFileAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.bin"
        let first = try UnfinishedFile(for: path)
        try first.append([1])
        #expect(throws: StoreError.busy(path: path)) { _ = try UnfinishedFile(for: path) }
        try first.publish()
        #expect(try Data(contentsOf: URL(filePath: path)) == Data([1]))
    }

    @Test func folderThatIsNotThereIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/none/a.bin"
        let error = #expect(throws: StoreError.self) { _ = try UnfinishedFile(for: path) }
        #expect(error?.description.contains("none/a.bin") == true)
    }

    private func write(_ path: String, _ tiles: [MBTilesFile.Tile]) throws {
        let archive = try MBTilesFile(path: path)
        for tile in tiles { try archive.append([tile]) }
        try archive.finish(metadata: [("name", "Probe"), ("format", "pbf")])
    }

    @Test func rowsCountFromTheSouth() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.mbtiles"
        let tiles = [
            MBTilesFile.Tile(zoom: 0, column: 0, row: 0, bytes: [1]), .init(zoom: 3, column: 5, row: 2, bytes: [2, 3]),
        ]
        try write(path, tiles)
        try write(path + "2", tiles)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: path + "2")))
        #expect(!exists(path + ".finishing"))
        let queue = try DatabaseQueue(path: path)
        try queue.read { db in
            let whole = try Data.fetchOne(db, sql: "SELECT tile_data FROM tiles WHERE zoom_level = 0 AND tile_row = 0")
            #expect(whole == Data([1]))
            let part = try Data.fetchOne(
                db, sql: "SELECT tile_data FROM tiles WHERE zoom_level = 3 AND tile_column = 5 AND tile_row = 5")
            #expect(part == Data([2, 3]))
            let name = try String.fetchOne(db, sql: "SELECT value FROM metadata WHERE name = 'name'")
            #expect(name == "Probe")
            let identity = try Int.fetchOne(db, sql: "PRAGMA application_id")
            #expect(identity == 0x4D50_4258)
            let check = try String.fetchOne(db, sql: "PRAGMA integrity_check")
            #expect(check == "ok")
        }
    }

    @Test func tileThatStandsTwiceIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.mbtiles"
        let tile = MBTilesFile.Tile(zoom: 1, column: 0, row: 0, bytes: [1])
        #expect(throws: StoreError.self) { try write(path, [tile, tile]) }
        #expect(!exists(path))
        #expect(!exists(path + ".finishing"))
    }
}
