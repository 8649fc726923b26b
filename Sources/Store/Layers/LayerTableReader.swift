internal import GRDB
internal import GRDBSQLite
internal import Geometry
internal import NetworkModel
internal import enum NetworkModel.Column

/// Reads one table of a foreign GeoPackage into a layer.
struct LayerTableReader {
    /// The most rows of a table: a view of a hostile file could go on for ever.
    static let mostRows = 100_000_000

    private let table: ContentsRow
    private let file: String
    private let db: Database
    private let columns: [TableColumn]
    private let identifier: IdentifierColumn
    private let geometry: GeometryDefinition?
    private var omissions = LayerOmissions()

    /// Looks at the definition of a table.
    ///
    /// - Parameter file: the name of the file without folder and ending.
    /// - Throws: `LayerFault` where the definition is contradictory; `DatabaseError`.
    init(_ table: ContentsRow, file: String, _ db: Database) throws {
        self.table = table
        self.file = file
        self.db = db
        let all = try TableColumn.all(of: table.name, db)
        guard !all.isEmpty else { throw LayerFault(reason: "gpkg_contents lists it, but there is no such table") }
        let definition = table.isFeatures ? try GeometryDefinition(of: table.name, all, db) : nil
        geometry = definition
        identifier = try IdentifierColumn(of: table.name, all, db)
        let titles = try DataColumns.titles(of: table.name, db)
        var kept: [TableColumn] = []
        for var column in all where column.name != definition?.column && column.name != identifier.name {
            column.title = titles[column.name]
            if column.type == nil { omissions.columns.append(column.name) } else { kept.append(column) }
        }
        columns = kept
        omissions.hasFurtherOrdinates = definition?.hasFurtherOrdinates ?? false
    }

    /// Reads all rows in the order of their identifiers.
    ///
    /// A column that holds other values than it declares is read as what holds them all: whole numbers as real ones,
    /// anything as text.
    /// - Complexity: O(bytes), once more for each column that has to be read as another type.
    func read() throws -> Layer {
        var types = columns.compactMap(\.type)
        while true {
            var reading = try Reading(columns: columns, types: types, identifier: identifier, geometry: geometry)
            guard let wider = try reading.run(statement(), db) else {
                return try layer(types, &reading)
            }
            types[wider.column] = wider.type
        }
    }

    private func statement() throws -> Statement {
        var names = [identifier.expression] + columns.map { GeoPackageSchema.quoted($0.name) }
        if let geometry { names.append(GeoPackageSchema.quoted(geometry.column)) }
        let order = identifier.order.map { " ORDER BY \($0)" } ?? ""
        return try db.makeStatement(
            sql: "SELECT \(names.joined(separator: ", ")) FROM \(GeoPackageSchema.quoted(table.name))\(order)")
    }

    private func layer(_ types: [FieldType], _ reading: inout Reading) throws -> Layer {
        var omissions = omissions
        omissions.values = reading.binaryValues
        let placed = try geometry.map { try $0.located(reading.shapes) }
        omissions.geometries = placed?.failures ?? 0
        let fields =
            [
                Field(
                    identifier.name, reading.hasTextIdentifiers ? .text : .integer, de: identifier.name,
                    en: identifier.name, isRequired: true)
            ]
            + zip(columns, types).map { column, type in
                let title = column.title ?? column.name
                return Field(column.name, type, de: title, en: title)
            }
        return Layer(
            name: table.name, file: file, title: table.identifier.flatMap { $0.isEmpty ? nil : $0 } ?? table.name,
            description: table.description ?? "", fields: fields, columns: reading.takeColumns(),
            geometry: placed?.column ?? .none, geometryName: geometry?.column,
            geometryType: geometry?.typeName ?? "", omissions: omissions)
    }
}

/// A column of a table as SQLite knows it.
struct TableColumn {
    let name: String
    let declaredType: String
    /// Its place in the primary key, from 1; 0 where it is no part of it.
    let keyPosition: Int
    var title: String?

    static func all(of table: String, _ db: Database) throws -> [TableColumn] {
        try Row.fetchAll(db, sql: "SELECT name, type, pk FROM pragma_table_info(?)", arguments: [table]).map { row in
            TableColumn(
                name: row[0] as String? ?? "", declaredType: row[1] as String? ?? "", keyPosition: row[2] as Int? ?? 0)
        }
    }

    /// What it holds by its declaration (OGC 12-128r18, table 1, and the spellings of other programs); nil for binary
    /// data and further geometries.
    var type: FieldType? {
        let name = declaredType.uppercased().prefix { $0 != "(" && $0 != " " }
        switch name {
        case "BOOLEAN", "BOOL": return .boolean
        case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "BIGINT": return .integer
        case "FLOAT", "DOUBLE", "REAL", "NUMERIC", "DECIMAL": return .real
        case "DATE": return .date
        case "DATETIME", "TIMESTAMP": return .timestamp
        case "BLOB", "GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON",
            "GEOMETRYCOLLECTION", "CURVE", "SURFACE", "CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE",
            "MULTISURFACE":
            return nil
        default: return .text
        }
    }
}

/// What identifies the rows of a table.
struct IdentifierColumn {
    /// The name of its field.
    let name: String
    /// What is selected.
    let expression: String
    /// What rows are ordered by; nil leaves them as they come and numbers them.
    let order: String?

    /// The primary key where it is one column, else the number of the row in the table, else that in the answer.
    init(of table: String, _ columns: [TableColumn], _ db: Database) throws {
        let keys = columns.filter { $0.keyPosition > 0 }
        if keys.count == 1 {
            name = keys[0].name
            expression = GeoPackageSchema.quoted(name)
            order = "\(expression) COLLATE BINARY"
            return
        }
        var free = "fid"
        while columns.contains(where: { $0.name.lowercased() == free }) { free += "_" }
        name = free
        let isTable =
            try String.fetchOne(db, sql: "SELECT type FROM sqlite_master WHERE name = ?", arguments: [table]) == "table"
        let hidesRowNumber = columns.contains { ["rowid", "_rowid_", "oid"].contains($0.name.lowercased()) }
        let hasRowNumber =
            isTable && !hidesRowNumber
            && (try? db.makeStatement(sql: "SELECT rowid FROM \(GeoPackageSchema.quoted(table))")) != nil
        expression = hasRowNumber ? "rowid" : "NULL"
        order = hasRowNumber ? "rowid" : nil
    }
}

/// The titles that the extension *Schema* gives columns.
private enum DataColumns {
    static func titles(of table: String, _ db: Database) throws -> [String: String] {
        guard try db.tableExists("gpkg_data_columns") else { return [:] }
        let rows = try Row.fetchAll(
            db, sql: "SELECT column_name, coalesce(title, name) FROM gpkg_data_columns WHERE table_name = ?",
            arguments: [table])
        return Dictionary(
            rows.compactMap { row in
                guard let column = row[0] as String?, let title = row[1] as String?, !title.isEmpty else { return nil }
                return (column, title)
            }
        ) { first, _ in first }
    }
}

/// One pass over the rows.
private struct Reading {
    private let columns: [TableColumn]
    private let identifier: IdentifierColumn
    private let geometry: GeometryDefinition?
    private var readers: [LayerColumnReader]
    private var numbers: [Int64] = []
    private var texts = TextColumn()
    /// The geometries as the file has them.
    private(set) var shapes = StoredShapes.points(xs: [], ys: [])
    /// Binary values in columns of other types.
    private(set) var binaryValues = 0

    init(columns: [TableColumn], types: [FieldType], identifier: IdentifierColumn, geometry: GeometryDefinition?)
        throws
    {
        self.columns = columns
        self.identifier = identifier
        self.geometry = geometry
        readers = types.enumerated().map { LayerColumnReader($1, column: CInt($0 + 1)) }
    }

    var hasTextIdentifiers: Bool { texts.count > 0 }

    mutating func takeColumns() -> [Column] {
        [hasTextIdentifiers ? .text(texts) : .integer(numbers)] + readers.map(\.result)
    }

    /// Reads all rows.
    ///
    /// - Returns: nil when all are read; a column and the type that it must be read as, where its values are of another.
    mutating func run(_ statement: Statement, _ db: Database) throws -> (column: Int, type: FieldType)? {
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        var row = 0
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return nil }
            guard code == SQLITE_ROW else {
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: code & 0xff),
                    message: db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) })
            }
            row += 1
            guard row <= LayerTableReader.mostRows else {
                throw LayerFault(reason: "it has more than \(LayerTableReader.mostRows) rows")
            }
            try readIdentifier(handle, row)
            for index in readers.indices {
                switch readers[index].read(handle) {
                case .taken: break
                case .binary: binaryValues += 1
                case .needs(let type): return (index, type)
                }
            }
            if geometry != nil { try readGeometry(handle) }
        }
    }

    private mutating func readIdentifier(_ handle: OpaquePointer, _ row: Int) throws {
        guard identifier.order != nil else {
            numbers.append(Int64(row))
            return
        }
        switch sqlite3_column_type(handle, 0) {
        case SQLITE_INTEGER where !hasTextIdentifiers:
            let number = sqlite3_column_int64(handle, 0)
            guard numbers.last.map({ $0 < number }) ?? true else {
                throw LayerFault(reason: "column '\(identifier.name)': the key \(number) stands twice")
            }
            numbers.append(number)
        case SQLITE_TEXT where numbers.isEmpty:
            let bytes = LayerColumnReader.utf8(handle, 0)
            let text = String(decoding: bytes, as: UTF8.self)
            let last = texts.count == 0 ? nil : texts[texts.count - 1]
            guard !text.isEmpty, last.map({ $0.utf8.lexicographicallyPrecedes(text.utf8) }) ?? true else {
                throw LayerFault(
                    reason: "column '\(identifier.name)': the key '\(text.prefix(40))' is empty or stands twice")
            }
            texts.append(text)
        default:
            throw LayerFault(
                reason: """
                    column '\(identifier.name)', row \(row): the key is neither a whole number nor a text like the \
                    others
                    """)
        }
    }

    private mutating func readGeometry(_ handle: OpaquePointer) throws {
        let column = CInt(readers.count + 1)
        do throws(GeometryError) {
            switch sqlite3_column_type(handle, column) {
            case SQLITE_NULL: shapes.append(nil)
            case SQLITE_BLOB:
                let blob = UnsafeRawBufferPointer(
                    start: sqlite3_column_blob(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
                try shapes.append(blob: blob)
            default:
                throw .invalidEncoding(.geoPackage, offset: 0, reason: "the value is no binary one")
            }
        } catch {
            let isCurve = "\(error)".contains("geometry type")
            let cure = isCurve ? "; make curves lines, e.g. by ogr2ogr -nlt CONVERT_TO_LINEAR" : ""
            throw LayerFault(
                reason: "column '\(geometry?.column ?? "")', row with key \(lastIdentifier): \(error)\(cure)")
        }
    }

    private var lastIdentifier: String {
        hasTextIdentifiers ? "'\(texts[texts.count - 1] ?? "")'" : numbers.last.map(String.init) ?? ""
    }
}
