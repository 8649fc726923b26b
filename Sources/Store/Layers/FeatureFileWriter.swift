internal import Foundation
internal import GRDB
internal import GRDBSQLite
public import Geometry
public import NetworkModel
public import enum NetworkModel.Column

/// Writes features to a new GeoPackage (OGC 12-128r18, version 1.3): one table with its R-tree, the fields' titles
/// (extension *Schema*) and a text about the data (extension *Metadata*), so that the file explains itself.
///
/// Equal features give equal bytes. Confined to one task.
public final class FeatureFileWriter {
    /// What a file says of itself.
    public struct Description: Sendable {
        /// The name of the table; letters, digits and `_`.
        public var table: String
        /// The title.
        public var title: String
        /// What it holds.
        public var description: String
        /// Sources, licence, attribution, version, for people.
        public var metadata: String
        /// The day that stands for the last change, `2024-06-30`; it is none of the clock, so that equal data make equal
        /// files.
        public var day: String

        /// Describes a file.
        public init(table: String, title: String, description: String, metadata: String, day: String) {
            self.table = table
            self.title = title
            self.description = description
            self.metadata = metadata
            self.day = day
        }
    }

    private let path: String
    private let queue: DatabaseQueue
    private let description: Description
    private let fields: [Field]
    private let geometryColumn: String?
    private let rowNumber: String
    private let srsID: Int32
    /// Whether the first field is the table's key.
    private let hasNumberedKey: Bool
    private var entries: [RTreeEntry] = []
    private var nextRow: Int64 = 1
    private var extent = BoundingBox<Unreferenced>.empty

    /// Makes the file, which must not exist, with its empty table.
    ///
    /// - Parameters:
    ///   - fields: the fields, of which a whole number in front becomes the table's key where it is an identifier.
    ///   - hasNumberedKey: whether that is so.
    ///   - dates: for each field whether all its dates are days, so that it can be of type `DATE`.
    ///   - geometryType: `POINT`, `MULTIPOLYGON`, `GEOMETRY`; nil without geometry.
    ///   - crs: what the coordinates are in; they are given east first in any case, as GeoPackage asks.
    /// - Throws: `StoreError`.
    public init(
        path: String, _ description: Description, fields: [Field], hasNumberedKey: Bool, dates: [Bool],
        geometryType: String?, crs: ExchangeCRS
    ) throws(StoreError) {
        self.path = path
        self.description = description
        self.fields = fields
        self.hasNumberedKey = hasNumberedKey
        srsID = crs.geoPackageID
        let names = Set(fields.map { $0.name.lowercased() })
        geometryColumn = geometryType == nil ? nil : Self.free(GeoPackageSchema.geometryColumn, names)
        rowNumber = hasNumberedKey ? fields[0].name : Self.free("fid", names)
        do {
            var configuration = Configuration()
            // One transaction from here to `finish`.
            configuration.allowsUnsafeTransactions = true
            // The file is nobody's yet: what is lost in a crash is made again.
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let columns = zip(fields, dates).dropFirst(hasNumberedKey ? 1 : 0).map {
                "\(GeoPackageSchema.quoted($0.name)) \(Self.sqlType($0, isDay: $1))"
            }
            try queue.writeWithoutTransaction { [rowNumber, geometryColumn, srsID] db in
                try db.execute(sql: "PRAGMA application_id = \(GeoPackageSchema.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(GeoPackageSchema.userVersion)")
                try db.beginTransaction()
                try GeoPackageSchema.createMetadata(db)
                if !crs.isGeographic {
                    let context = try ProjContext()
                    let definition = try CoordinateReferenceSystem(crs.rawValue, in: context).definition(in: context)
                    try db.execute(
                        sql: "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, '')",
                        arguments: [crs.rawValue, srsID, srsID, definition])
                }
                var definitions = ["\(GeoPackageSchema.quoted(rowNumber)) INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
                if let geometryColumn, let geometryType {
                    definitions.append("\(GeoPackageSchema.quoted(geometryColumn)) \(geometryType)")
                }
                try db.execute(
                    sql: """
                        CREATE TABLE \(GeoPackageSchema.quoted(description.table)) \
                        (\((definitions + columns).joined(separator: ", ")))
                        """)
                let changed = "\(description.day)T00:00:00.000Z"
                try db.execute(
                    sql: """
                        INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        description.table, geometryType == nil ? "attributes" : "features", description.title,
                        description.description, changed, geometryType == nil ? nil : srsID,
                    ])
                if let geometryColumn, let geometryType {
                    try db.execute(
                        sql: "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
                        arguments: [description.table, geometryColumn, geometryType, srsID])
                }
                try Self.describe(fields.dropFirst(hasNumberedKey ? 1 : 0), of: description, changed, db)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Appends rows.
    ///
    /// - Parameters:
    ///   - rows: their positions in the columns.
    ///   - shape: the geometry of a row, east first, in the CRS of the file.
    /// - Throws: `StoreError`.
    public func append(
        _ rows: ArraySlice<Int>, of columns: [Column], shape: (Int) -> FeatureGeometry<Unreferenced>?
    ) throws(StoreError) {
        do {
            try queue.writeWithoutTransaction { db in
                let names =
                    [rowNumber] + fields.dropFirst(hasNumberedKey ? 1 : 0).map(\.name)
                    + (geometryColumn.map { [$0] } ?? [])
                let statement = try db.cachedStatement(
                    sql: """
                        INSERT INTO \(GeoPackageSchema.quoted(description.table)) \
                        (\(names.map(GeoPackageSchema.quoted).joined(separator: ", "))) \
                        VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
                        """)
                let handle = statement.sqliteStatement
                defer {
                    sqlite3_reset(handle)
                    sqlite3_clear_bindings(handle)
                }
                for row in rows {
                    var number = nextRow
                    if hasNumberedKey, case .integer(let keys) = columns[0] { number = keys[row] }
                    sqlite3_bind_int64(handle, 1, number)
                    for (position, column) in columns.dropFirst(hasNumberedKey ? 1 : 0).enumerated() {
                        ColumnBinding.bind(column, row, CInt(position + 2), handle)
                    }
                    if geometryColumn != nil { bind(shape(row), number, CInt(names.count), handle) }
                    let code = sqlite3_step(handle)
                    guard code == SQLITE_DONE else {
                        let message = db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
                        throw DatabaseError(resultCode: ResultCode(rawValue: code & 0xff), message: message)
                    }
                    sqlite3_reset(handle)
                    nextRow += 1
                }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Completes the file: its extent and its R-tree, 24 bytes of memory for each geometry.
    ///
    /// - Throws: `StoreError`.
    public func finish() throws(StoreError) {
        do {
            try queue.writeWithoutTransaction { db in
                if let geometryColumn {
                    if !extent.isEmpty {
                        try db.execute(
                            sql: "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?",
                            arguments: [extent.minX, extent.minY, extent.maxX, extent.maxY])
                    }
                    try db.execute(
                        sql: """
                            INSERT INTO gpkg_extensions VALUES
                            (?, ?, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')
                            """, arguments: [description.table, geometryColumn])
                    let index = SpatialIndex(table: description.table, column: geometryColumn, key: rowNumber)
                    try index.create(db)
                    try index.rebuild(entries, db)
                }
                try db.commit()
            }
            try queue.close()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private func bind(_ shape: FeatureGeometry<Unreferenced>?, _ number: Int64, _ index: CInt, _ handle: OpaquePointer)
    {
        guard let shape else {
            sqlite3_bind_null(handle, index)
            return
        }
        let blob = GeoPackageBlob<Unreferenced>.encode(shape, srsID: srsID)
        let box = shape.boundingBox
        if !box.isEmpty {
            extent.formUnion(box)
            entries.append(
                RTreeEntry(rowid: number, minX: box.minX, maxX: box.maxX, minY: box.minY, maxY: box.maxY))
        }
        blob.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob(handle, index, bytes.baseAddress, CInt(bytes.count), ColumnBinding.transient)
        }
    }

    /// A name that no field has.
    private static func free(_ name: String, _ taken: Set<String>) -> String {
        var result = name
        while taken.contains(result) { result += "_" }
        return result
    }

    private static func sqlType(_ field: Field, isDay: Bool) -> String {
        switch field.type {
        case .text, .code, .codeList: "TEXT"
        case .date: isDay ? "DATE" : "TEXT"
        case .integer: "INTEGER"
        case .real: "DOUBLE"
        case .boolean: "BOOLEAN"
        case .timestamp: "DATETIME"
        }
    }

    /// The titles of the fields and the text about the data.
    private static func describe(
        _ fields: ArraySlice<Field>, of description: Description, _ changed: String, _ db: Database
    ) throws {
        try db.execute(
            sql: """
                CREATE TABLE gpkg_data_columns (
                  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
                  mime_type TEXT, constraint_name TEXT,
                  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name));
                CREATE TABLE gpkg_data_column_constraints (
                  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
                  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
                  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
                CREATE TABLE gpkg_metadata (
                  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
                  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
                  metadata TEXT NOT NULL DEFAULT '');
                CREATE TABLE gpkg_metadata_reference (
                  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
                  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
                  md_parent_id INTEGER,
                  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
                  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
                """)
        for (table, name, page) in [
            ("gpkg_data_columns", "gpkg_schema", "schema"), ("gpkg_data_column_constraints", "gpkg_schema", "schema"),
            ("gpkg_metadata", "gpkg_metadata", "metadata"), ("gpkg_metadata_reference", "gpkg_metadata", "metadata"),
        ] {
            try db.execute(
                sql: "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')",
                arguments: [table, name, "http://www.geopackage.org/spec121/#extension_\(page)"])
        }
        for field in fields {
            try db.execute(
                sql: "INSERT INTO gpkg_data_columns VALUES (?, ?, NULL, ?, ?, NULL, NULL)",
                arguments: [
                    description.table, field.name, field.titleDE,
                    [field.titleEN, field.unit.map { "[\($0)]" }].compactMap(\.self).joined(separator: " "),
                ])
        }
        try db.execute(
            sql: """
                INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)
                VALUES ('dataset', 'https://www.dublincore.org/specifications/dublin-core/', 'text/plain', ?)
                """, arguments: [description.metadata])
        try db.execute(
            sql: "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, 1, NULL)",
            arguments: [description.table, changed])
    }
}

extension ExchangeCRS {
    /// Its row in `gpkg_spatial_ref_sys`.
    fileprivate var geoPackageID: Int32 {
        switch self {
        case .longitudeLatitude, .latitudeLongitude: GeoPackageSchema.srsID
        case .utm32: 25832
        case .europeanGrid: 3035
        case .webMercator: 3857
        }
    }
}

/// Binds a column's value to a statement.
private enum ColumnBinding {
    static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    static func bind(_ column: Column, _ row: Int, _ index: CInt, _ handle: OpaquePointer) {
        if case .text(let column) = column, !column.isNull(row) {
            let range = column.range(row)
            column.bytes.withUnsafeBytes { bytes in
                let text = UnsafeRawBufferPointer(rebasing: bytes[range])
                // An empty text has no address; the literal has.
                if text.isEmpty {
                    _ = sqlite3_bind_text(handle, index, "", 0, transient)
                } else {
                    _ = sqlite3_bind_text(
                        handle, index, text.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(text.count),
                        transient)
                }
            }
            return
        }
        switch column[row] {
        case .null: sqlite3_bind_null(handle, index)
        case .text(let text): sqlite3_bind_text(handle, index, text, -1, transient)
        case .list(let list): sqlite3_bind_text(handle, index, list.joined(separator: ";"), -1, transient)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .real(let number): sqlite3_bind_double(handle, index, number)
        case .boolean(let boolean): sqlite3_bind_int(handle, index, boolean ? 1 : 0)
        }
    }
}
