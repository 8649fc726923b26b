import GRDB
import NetworkModel
import Store
import TestSupport
import Testing

import struct NetworkModel.Table

/// The packed R-tree, judged by SQLite's own check and by a full scan.
struct SpatialIndexTests {
    @Test(arguments: [0, 1, 51, 52, 2_601, 2_602, 6_000])
    func packedTreeIsSound(_ count: Int) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: UInt64(count))
        let rows = (0..<count).map { number in
            var row = ExampleNetwork.offer("o\(number)", "T", "training")
            row["lon"] = .real(Double.random(in: 10.5...13.5, using: &random))
            row["lat"] = .real(Double.random(in: 50.9...53.1, using: &random))
            return row
        }
        let session = try LoadSession(folder.file())
        session.begin(region: "example")
        try session.append(Table(.offers, rows))
        _ = try session.finish(commits: true)

        let queue = try DatabaseQueue(path: folder.file().path)
        try queue.read { db in
            #expect(try String.fetchOne(db, sql: "SELECT rtreecheck('rtree_offers_geom')") == "ok")
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM rtree_offers_geom") == count)
            let box = (west: 11.0, south: 51.0, east: 11.5, north: 51.8)
            let expected = rows.filter { row in
                guard case .real(let lon)? = row["lon"], case .real(let lat)? = row["lat"] else { return false }
                return lon >= box.west && lon <= box.east && lat >= box.south && lat <= box.north
            }
            let found = try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM rtree_offers_geom WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?
                    """, arguments: [box.west, box.east, box.south, box.north])
            // Single precision is rounded outwards: nothing inside may be missing.
            #expect((found ?? 0) >= expected.count && (found ?? 0) <= expected.count + 2)
        }
    }
}
