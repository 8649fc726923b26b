internal import GRDB
internal import NetworkModel

/// The tables of a project file: a GeoPackage (OGC 12-128r18, version 1.3) with Kompass's own tables in it.
enum GeoPackageSchema {
    /// `GPKG` in ASCII.
    static let applicationID = 0x4750_4B47
    /// GeoPackage 1.3.0.
    static let userVersion = 10300
    /// The version of Kompass's own tables; a file with a higher one is refused.
    static let projectVersion = 4
    /// All positions are stored as longitude and latitude.
    static let srsID: Int32 = 4326
    /// The name of every geometry column.
    static let geometryColumn = "geom"

    /// Sets up an empty file. Runs in one transaction.
    static func create(_ db: Database) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(userVersion)")
        try createMetadata(db)
        try db.execute(sql: "CREATE TABLE kompass_project (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)")
        for kind in RecordKind.allCases { try createTable(kind.schema, db) }
        try createAccounts(db)
        try createChanges(db)
        try db.execute(
            sql: "INSERT INTO kompass_project (key, value) VALUES ('version', ?)", arguments: ["\(projectVersion)"])
    }

    /// Brings the tables of an older version up to this one: adds what is missing, touches no row.
    static func upgrade(_ db: Database) throws {
        let version = try String.fetchOne(db, sql: "SELECT value FROM kompass_project WHERE key = 'version'")
        guard version != "\(projectVersion)" else { return }
        for kind in RecordKind.allCases {
            guard try db.tableExists(kind.rawValue) else {
                try createTable(kind.schema, db)
                continue
            }
            let present = Set(try db.columns(in: kind.rawValue).map(\.name))
            for field in kind.schema.fields where !present.contains(field.name) {
                try db.execute(
                    sql: "ALTER TABLE \(quoted(kind.rawValue)) ADD COLUMN \(quoted(field.name)) \(sqlType(field))")
            }
        }
        if try !db.tableExists(ChangeTable.name) { try createChanges(db) }
        try db.execute(
            sql: "UPDATE kompass_project SET value = ? WHERE key = 'version'", arguments: ["\(projectVersion)"])
    }

    /// Whether a table has geometries.
    static func isFeatureTable(_ schema: RecordSchema) -> Bool { schema.geometry != .none }

    /// A name as an SQL identifier.
    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    /// Makes the tables that every GeoPackage has.
    static func createMetadata(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE gpkg_spatial_ref_sys (
                  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
                  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
                CREATE TABLE gpkg_contents (
                  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
                  description TEXT DEFAULT '',
                  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
                  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
                  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
                CREATE TABLE gpkg_geometry_columns (
                  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
                  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
                  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
                  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
                  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
                  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
                CREATE TABLE gpkg_extensions (
                  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
                  scope TEXT NOT NULL,
                  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
                """)
        let wgs84 = """
            GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],\
            AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",\
            0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],\
            AUTHORITY["EPSG","4326"]]
            """
        let systems: [(String, Int, String, Int, String, String)] = [
            ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, wgs84, "longitude/latitude coordinates in decimal degrees"),
        ]
        for system in systems {
            try db.execute(
                sql: "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [system.0, system.1, system.2, system.3, system.4, system.5])
        }
    }

    private static func createTable(_ schema: RecordSchema, _ db: Database) throws {
        let table = schema.kind.rawValue
        var columns = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
        if isFeatureTable(schema) { columns.append("\(geometryColumn) \(geometryType(schema))") }
        for field in schema.fields {
            columns.append("\(quoted(field.name)) \(sqlType(field))\(field.isRequired ? " NOT NULL" : "")")
        }
        try db.execute(sql: "CREATE TABLE \(quoted(table)) (\(columns.joined(separator: ", ")))")
        try createIdentifierIndex(schema, db)
        if isFeatureTable(schema) {
            try db.execute(
                sql: """
                    INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, ?)
                    """, arguments: [table, table, srsID])
            try db.execute(
                sql: "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
                arguments: [table, geometryColumn, geometryType(schema), srsID])
            try db.execute(
                sql: """
                    INSERT INTO gpkg_extensions VALUES
                    (?, ?, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')
                    """, arguments: [table, geometryColumn])
            try SpatialIndex(table: table).create(db)
        } else {
            try registerAttributes(table, db)
        }
    }

    /// Makes the index that keeps identifiers unique; dropped and made anew around a bulk load.
    static func createIdentifierIndex(_ schema: RecordSchema, _ db: Database) throws {
        let key = [schema.identifier.name] + (schema.kind.isShared ? ["region"] : [])
        try db.execute(
            sql: """
                CREATE UNIQUE INDEX IF NOT EXISTS \(quoted(schema.kind.rawValue + "_identifier"))
                ON \(quoted(schema.kind.rawValue)) (\(key.map(quoted).joined(separator: ", ")))
                """)
    }

    /// Drops the index that keeps identifiers unique.
    static func dropIdentifierIndex(_ schema: RecordSchema, _ db: Database) throws {
        try db.execute(sql: "DROP INDEX IF EXISTS \(quoted(schema.kind.rawValue + "_identifier"))")
    }

    private static func createAccounts(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE imports (
                  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL,
                  file TEXT NOT NULL, sha256 TEXT NOT NULL, dialect TEXT, loaded_at TEXT NOT NULL,
                  "read" INTEGER NOT NULL, loaded INTEGER NOT NULL, repaired INTEGER NOT NULL,
                  rejected INTEGER NOT NULL, filtered INTEGER NOT NULL, notes TEXT);
                CREATE TABLE rejects (
                  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
                  import_fid INTEGER NOT NULL REFERENCES imports(fid) ON DELETE CASCADE,
                  outcome TEXT NOT NULL, line INTEGER NOT NULL, field TEXT, value TEXT, reason TEXT NOT NULL);
                CREATE INDEX rejects_import ON rejects (import_fid);
                """)
        try registerAttributes("imports", db)
        try registerAttributes("rejects", db)
    }

    private static func createChanges(_ db: Database) throws {
        try ChangeTable.create(db)
        try registerAttributes(ChangeTable.name, db)
    }

    private static func registerAttributes(_ table: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
            arguments: [table, table])
    }

    private static func geometryType(_ schema: RecordSchema) -> String {
        schema.geometry == .multiPolygon ? "MULTIPOLYGON" : "POINT"
    }

    private static func sqlType(_ field: Field) -> String {
        switch field.type {
        case .text, .code, .codeList, .date: "TEXT"
        case .integer: "INTEGER"
        case .boolean: "BOOLEAN"
        case .timestamp: "DATETIME"
        case .real: "DOUBLE"
        }
    }
}
