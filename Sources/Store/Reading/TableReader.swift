internal import GRDB
internal import GRDBSQLite
internal import Geometry
internal import NetworkModel
internal import enum NetworkModel.Column
internal import struct NetworkModel.Table

/// Reads the rows of one table into columns, straight from SQLite's buffers.
struct TableReader {
    let schema: RecordSchema

    /// Reads all rows in the order of their `fid`; rows of unwanted regions are left out. A table or a field that a file
    /// of an older version has not is empty.
    ///
    /// - Complexity: O(bytes). Values that another program put in with another type are converted by SQLite's rules;
    ///   a geometry that cannot be read throws, naming the row.
    func read(_ db: Database, where isWanted: ((String) -> Bool)? = nil) throws -> Table {
        guard try db.tableExists(schema.kind.rawValue) else { return Table(schema) }
        let isFeature = GeoPackageSchema.isFeatureTable(schema)
        let present = Set(try db.columns(in: schema.kind.rawValue).map(\.name))
        let names =
            schema.fields.map { present.contains($0.name) ? GeoPackageSchema.quoted($0.name) : "NULL" }
            + (isFeature ? [GeoPackageSchema.geometryColumn] : [])
        let name = GeoPackageSchema.quoted(schema.kind.rawValue)
        var filter = ""
        var arguments: StatementArguments = []
        if let isWanted, schema.position(of: "region") != nil {
            let regions = try String.fetchAll(db, sql: "SELECT DISTINCT region FROM \(name)").filter(isWanted)
            filter = " WHERE region IN (\(regions.map { _ in "?" }.joined(separator: ", ")))"
            arguments = StatementArguments(regions)
        }
        let statement = try db.makeStatement(
            sql: "SELECT \(names.joined(separator: ", ")), fid FROM \(name)\(filter) ORDER BY fid")
        try statement.setArguments(arguments)
        return try read(statement, db)
    }

    private func read(_ statement: Statement, _ db: Database) throws -> Table {
        let handle = statement.sqliteStatement
        var table = Table(schema)
        var readers = schema.fields.indices.map { ColumnReader(schema.fields[$0].type, column: CInt($0)) }
        var longitudes: [Double] = []
        var latitudes: [Double] = []
        var surfaces: [MultiPolygon<Geographic>] = []
        let geometryIndex = CInt(schema.fields.count)
        let fidIndex = geometryIndex + (GeoPackageSchema.isFeatureTable(schema) ? 1 : 0)
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { break }
            guard code == SQLITE_ROW else {
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: code),
                    message: db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) })
            }
            for index in readers.indices { readers[index].read(handle) }
            guard schema.geometry != .none else { continue }
            do {
                let blob = Self.blob(handle, geometryIndex)
                if schema.geometry == .point {
                    let point: Coordinate<Geographic>? = try blob.map { try GeoPackageBlob.point(in: $0) } ?? nil
                    longitudes.append(point?.longitude ?? .nan)
                    latitudes.append(point?.latitude ?? .nan)
                } else {
                    surfaces.append(try blob.map(Self.surface) ?? MultiPolygon([]))
                }
            } catch {
                throw DatabaseError(
                    resultCode: .SQLITE_CORRUPT,
                    message: "table \(schema.kind.rawValue), fid \(sqlite3_column_int64(handle, fidIndex)): \(error)")
            }
        }
        sqlite3_reset(handle)
        table.columns = readers.map(\.result)
        switch schema.geometry {
        case .none: break
        case .point: table.geometry = .points(longitudes: longitudes, latitudes: latitudes)
        case .multiPolygon: table.geometry = .surfaces(surfaces)
        }
        return table
    }

    private static func blob(_ handle: OpaquePointer, _ column: CInt) -> UnsafeRawBufferPointer? {
        guard let bytes = sqlite3_column_blob(handle, column) else { return nil }
        return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column)))
    }

    private static func surface(_ bytes: UnsafeRawBufferPointer) throws(GeometryError) -> MultiPolygon<Geographic> {
        switch try GeoPackageBlob<Geographic>(decoding: bytes).geometry {
        case .polygon(let polygon): MultiPolygon([polygon])
        case .multiPolygon(let surface): surface
        default: throw .invalidEncoding(.geoPackage, offset: 0, reason: "a surface is expected here")
        }
    }
}

/// Collects one column while the rows go by.
private struct ColumnReader {
    private let column: CInt
    private let type: FieldType
    private var text = TextColumn()
    private var code = CodeColumn()
    private var codeList = CodeListColumn()
    private var integers: [Int64] = []
    private var reals: [Double] = []
    private var dates: [Int32] = []

    init(_ type: FieldType, column: CInt) {
        self.type = type
        self.column = column
    }

    var result: Column {
        switch type {
        case .text: .text(text)
        case .code: .code(code)
        case .codeList: .codeList(codeList)
        case .integer: .integer(integers)
        case .real: .real(reals)
        case .date: .date(dates)
        // No record has such a field.
        case .boolean, .timestamp: Column(type)
        }
    }

    mutating func read(_ handle: OpaquePointer) {
        // Most fields of most records are not stated: SQLite knows without looking for a text.
        if sqlite3_column_type(handle, column) == SQLITE_NULL {
            readNull()
            return
        }
        switch type {
        case .text: text.append(utf8: Self.utf8(handle, column))
        case .code: code.append(utf8: Self.utf8(handle, column))
        case .codeList: codeList.append(utf8: Self.utf8(handle, column), separator: TableWriter.listSeparator)
        case .integer: integers.append(sqlite3_column_int64(handle, column))
        case .real: reals.append(sqlite3_column_double(handle, column))
        case .date: dates.append(ReducedDate(utf8: Self.utf8(handle, column))?.packed ?? 0)
        case .boolean, .timestamp: break
        }
    }

    private mutating func readNull() {
        switch type {
        case .text: text.appendNull()
        case .code: code.appendNull()
        case .codeList: codeList.appendNull()
        case .integer: integers.append(Column.missingInteger)
        case .real: reals.append(.nan)
        case .date: dates.append(0)
        case .boolean, .timestamp: break
        }
    }

    private static func utf8(_ handle: OpaquePointer, _ column: CInt) -> UnsafeBufferPointer<UInt8> {
        let bytes = sqlite3_column_text(handle, column)
        return UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }
}
