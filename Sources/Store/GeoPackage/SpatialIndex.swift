internal import GRDB

/// The R-tree of a feature table (GeoPackage extension `gpkg_rtree_index`): the virtual table and the triggers
/// that keep it true when another program, such as QGIS, edits the table.
///
/// Kompass itself fills the R-tree in bulk (`RTreePacking`) with the triggers away: they call `ST_MinX` and its
/// kin, which GDAL and QGIS bring along and plain SQLite does not have.
struct SpatialIndex {
    /// The table; letters, digits and `_`.
    let table: String
    /// The column of the geometries; letters, digits and `_`.
    var column = GeoPackageSchema.geometryColumn
    /// The column of the row's number.
    var key = "fid"

    private var name: String { "rtree_\(table)_\(column)" }

    /// Makes the empty R-tree and its triggers.
    func create(_ db: Database) throws {
        try db.execute(sql: "CREATE VIRTUAL TABLE \(name) USING rtree(id, minx, maxx, miny, maxy)")
        try createTriggers(db)
    }

    /// Takes the triggers away for the time of a load.
    func dropTriggers(_ db: Database) throws {
        for trigger in triggers { try db.execute(sql: "DROP TRIGGER IF EXISTS \(name)_\(trigger.name)") }
    }

    /// Makes the triggers of the GeoPackage standard (12-128r18, annex F.3).
    func createTriggers(_ db: Database) throws {
        for trigger in triggers { try db.execute(sql: "CREATE TRIGGER \(name)_\(trigger.name) \(trigger.body)") }
    }

    /// Replaces the R-tree's content by the boxes of all rows, packed. - Complexity: O(n log n)
    func rebuild(_ entries: [RTreeEntry], _ db: Database) throws {
        try db.execute(sql: "DELETE FROM \(name)_node; DELETE FROM \(name)_parent; DELETE FROM \(name)_rowid")
        let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
        let packing = RTreePacking(entries: entries, pageSize: pageSize)
        let node = try db.makeStatement(sql: "INSERT INTO \(name)_node (nodeno, data) VALUES (?, ?)")
        let parent = try db.makeStatement(sql: "INSERT INTO \(name)_parent (nodeno, parentnode) VALUES (?, ?)")
        let row = try db.makeStatement(sql: "INSERT INTO \(name)_rowid (rowid, nodeno) VALUES (?, ?)")
        for number in 1...packing.nodeCount {
            try node.execute(arguments: [number, packing.data(ofNode: number)])
            if number > 1 { try parent.execute(arguments: [number, packing.parent(ofNode: number)]) }
        }
        // Ascending rowids append to the table's b-tree instead of splitting its pages.
        for (rowid, leaf) in packing.leaves() { try row.execute(arguments: [rowid, leaf]) }
    }

    private var triggers: [(name: String, body: String)] {
        let geom = column
        let fid = GeoPackageSchema.quoted(key)
        let table = GeoPackageSchema.quoted(table)
        let present = "NEW.\(geom) NOT NULL AND NOT ST_IsEmpty(NEW.\(geom))"
        let absent = "(NEW.\(geom) ISNULL OR ST_IsEmpty(NEW.\(geom)))"
        let insertion = """
            INSERT OR REPLACE INTO \(name) VALUES (NEW.\(fid), ST_MinX(NEW.\(geom)), ST_MaxX(NEW.\(geom)), \
            ST_MinY(NEW.\(geom)), ST_MaxY(NEW.\(geom)));
            """
        return [
            ("insert", "AFTER INSERT ON \(table) WHEN (\(present)) BEGIN \(insertion) END"),
            (
                "update1",
                "AFTER UPDATE OF \(geom) ON \(table) WHEN OLD.\(fid) = NEW.\(fid) AND (\(present)) BEGIN \(insertion) END"
            ),
            (
                "update2",
                "AFTER UPDATE OF \(geom) ON \(table) WHEN OLD.\(fid) = NEW.\(fid) AND \(absent) "
                    + "BEGIN DELETE FROM \(name) WHERE id = OLD.\(fid); END"
            ),
            (
                "update3",
                "AFTER UPDATE ON \(table) WHEN OLD.\(fid) != NEW.\(fid) AND (\(present)) "
                    + "BEGIN DELETE FROM \(name) WHERE id = OLD.\(fid); \(insertion) END"
            ),
            (
                "update4",
                "AFTER UPDATE ON \(table) WHEN OLD.\(fid) != NEW.\(fid) AND \(absent) "
                    + "BEGIN DELETE FROM \(name) WHERE id IN (OLD.\(fid), NEW.\(fid)); END"
            ),
            (
                "delete",
                "AFTER DELETE ON \(table) WHEN OLD.\(geom) NOT NULL BEGIN DELETE FROM \(name) WHERE id = OLD.\(fid); END"
            ),
        ]
    }
}
