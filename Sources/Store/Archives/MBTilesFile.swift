internal import Foundation
internal import GRDB

/// A tile archive in one SQLite file (MBTiles 1.3), written in one go and put in place when it is whole.
///
/// Equal calls make equal bytes. Not thread-safe: one archive belongs to one task; it blocks. An archive that is
/// dropped before `finish` leaves nothing under its name.
public final class MBTilesFile {
    private let file: UnfinishedFile
    private let queue: DatabaseQueue
    private let path: String

    /// `MPBX` in ASCII, by which `file` knows the format.
    private static let applicationID = 0x4D50_4258

    /// Begins an archive.
    public init(path: String) throws(StoreError) {
        self.path = path
        file = try UnfinishedFile(for: path)
        do {
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            queue = try DatabaseQueue(path: file.path, configuration: configuration)
            try queue.inDatabase { db in
                // Nobody sees the file before it is whole, so nothing needs to be undone.
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = OFF")
                try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA application_id = \(Self.applicationID)")
                try db.execute(
                    sql: """
                        BEGIN;
                        CREATE TABLE metadata (name text, value text);
                        CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);
                        """)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// One tile.
    public struct Tile: Sendable {
        let zoom: Int
        let column: Int
        let row: Int
        let bytes: [UInt8]

        /// Describes a tile.
        ///
        /// - Parameters:
        ///   - row: counted from the north, as in the XYZ scheme; the archive counts from the south.
        ///   - bytes: the content as it stands in the archive, compressed with gzip.
        public init(zoom: Int, column: Int, row: Int, bytes: [UInt8]) {
            self.zoom = zoom
            self.column = column
            self.row = row
            self.bytes = bytes
        }
    }

    /// Appends tiles, each once. - Complexity: O(bytes)
    public func append(_ tiles: [Tile]) throws(StoreError) {
        try inDatabase { db in
            let statement = try db.cachedStatement(sql: "INSERT INTO tiles VALUES (?, ?, ?, ?)")
            for tile in tiles {
                let row = (1 << tile.zoom) - 1 - tile.row
                try statement.execute(arguments: [tile.zoom, tile.column, row, Data(tile.bytes)])
            }
        }
    }

    /// Writes the metadata and the index, and puts the archive in its place.
    ///
    /// - Throws: `StoreError.duplicate` where a tile stands twice.
    public func finish(metadata: [(name: String, value: String)]) throws(StoreError) {
        try inDatabase { db in
            for (name, value) in metadata {
                try db.execute(sql: "INSERT INTO metadata VALUES (?, ?)", arguments: [name, value])
            }
            try db.execute(
                sql: """
                    CREATE UNIQUE INDEX metadata_index ON metadata (name);
                    CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);
                    COMMIT;
                    """)
        }
        do {
            try queue.close()
        } catch {
            throw StoreError(error, path: path)
        }
        try file.publish()
    }

    private func inDatabase(_ body: (Database) throws -> Void) throws(StoreError) {
        do {
            try queue.inDatabase(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
