internal import GRDB
internal import GRDBSQLite
internal import Geometry
internal import NetworkModel
internal import enum NetworkModel.Column
internal import struct NetworkModel.Table

/// Appends batches to one table through one prepared statement, binding straight from the columns' buffers.
///
/// A row costs one `sqlite3_step` and no allocation: texts are bound where they lie and stay valid until the step is
/// done.
final class TableWriter {
    /// Lists are stored as one text with this separator (`;`).
    static let listSeparator: UInt8 = 0x3b

    private let statement: Statement
    private let schema: RecordSchema
    /// The boxes of the rows written, for the R-tree.
    private(set) var entries: [RTreeEntry] = []
    /// The number of the first row written.
    let firstFID: Int64
    private var nextFID: Int64
    private var buffer: [UInt8] = []

    /// Prepares the statement; rows get the numbers from `firstFID` on.
    init(_ schema: RecordSchema, firstFID: Int64, _ db: Database) throws {
        self.schema = schema
        self.firstFID = firstFID
        nextFID = firstFID
        var names = ["fid"] + schema.fields.map { GeoPackageSchema.quoted($0.name) }
        if GeoPackageSchema.isFeatureTable(schema) { names.append(GeoPackageSchema.geometryColumn) }
        statement = try db.makeStatement(
            sql: """
                INSERT INTO \(GeoPackageSchema.quoted(schema.kind.rawValue)) (\(names.joined(separator: ", ")))
                VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
                """)
    }

    /// Writes all rows of a batch. - Complexity: O(bytes)
    func append(_ table: Table, _ db: Database) throws {
        let handle = statement.sqliteStatement
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        let lists = table.columns.map(Self.joinedLists)
        for row in 0..<table.count {
            sqlite3_bind_int64(handle, 1, nextFID)
            for (index, column) in table.columns.enumerated() {
                bind(column, lists[index], row, CInt(index + 2), handle)
            }
            bindGeometry(table, row, CInt(table.columns.count + 2), handle)
            let code = sqlite3_step(handle)
            guard code == SQLITE_DONE else {
                let message = db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
                throw DatabaseError(resultCode: ResultCode(rawValue: code & 0xff), message: message)
            }
            sqlite3_reset(handle)
            nextFID += 1
        }
    }

    private func bind(_ column: Column, _ lists: [String], _ row: Int, _ index: CInt, _ handle: OpaquePointer) {
        switch column {
        case .text(let column):
            let range = column.range(row)
            if range.isEmpty { sqlite3_bind_null(handle, index) } else { bind(column.bytes, range, index, handle) }
        case .code(let column):
            let code = column.codes[row]
            if code == 0 { sqlite3_bind_null(handle, index) } else { bind(column.dictionary[code], index, handle) }
        case .codeList(let column):
            if column.isNull(row) { sqlite3_bind_null(handle, index) } else { bind(lists[row], index, handle) }
        case .integer(let values):
            if values[row] == Column.missingInteger {
                sqlite3_bind_null(handle, index)
            } else {
                sqlite3_bind_int64(handle, index, values[row])
            }
        case .real(let values):
            if values[row].isNaN {
                sqlite3_bind_null(handle, index)
            } else {
                sqlite3_bind_double(handle, index, values[row])
            }
        case .date(let values):
            if let date = ReducedDate(packed: values[row]) {
                bind(date.description, index, handle)
            } else {
                sqlite3_bind_null(handle, index)
            }
        // No record has such a field.
        case .boolean, .timestamp: sqlite3_bind_null(handle, index)
        }
    }

    /// The bytes lie in the batch, which outlives the step: SQLite need not copy them (SQLITE_STATIC, a nil destructor).
    private func bind(_ bytes: [UInt8], _ range: Range<Int>, _ index: CInt, _ handle: OpaquePointer) {
        bytes.withUnsafeBufferPointer { buffer in
            buffer[range].withContiguousStorageIfAvailable { text in
                text.withMemoryRebound(to: CChar.self) { text in
                    _ = sqlite3_bind_text(handle, index, text.baseAddress, CInt(text.count), nil)
                }
            }
        }
    }

    private func bind(_ text: String, _ index: CInt, _ handle: OpaquePointer) {
        var text = text
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { text in
                // A short string lives on the stack: SQLite takes a copy (SQLITE_TRANSIENT, destructor -1).
                _ = sqlite3_bind_text(handle, index, text.baseAddress, CInt(text.count), Self.transient)
            }
        }
    }

    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func bindGeometry(_ table: Table, _ row: Int, _ index: CInt, _ handle: OpaquePointer) {
        switch table.geometry {
        case .none: return
        case .points:
            guard let point = table.point(row) else {
                sqlite3_bind_null(handle, index)
                return
            }
            GeoPackageBlob<Geographic>.write(point: point, srsID: GeoPackageSchema.srsID, into: &buffer)
            entries.append(
                RTreeEntry(
                    rowid: nextFID, minX: point.longitude, maxX: point.longitude, minY: point.latitude,
                    maxY: point.latitude))
        case .surfaces(let surfaces):
            buffer = GeoPackageBlob<Geographic>.encode(.multiPolygon(surfaces[row]), srsID: GeoPackageSchema.srsID)
            let box = surfaces[row].boundingBox
            if !box.isEmpty {
                entries.append(
                    RTreeEntry(rowid: nextFID, minX: box.minX, maxX: box.maxX, minY: box.minY, maxY: box.maxY))
            }
        // No record has geometries of any kind.
        case .geometries:
            sqlite3_bind_null(handle, index)
            return
        }
        buffer.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob(handle, index, bytes.baseAddress, CInt(bytes.count), Self.transient)
        }
    }

    private static func joinedLists(_ column: Column) -> [String] {
        guard case .codeList(let column) = column else { return [] }
        return (0..<column.count).map { column[$0].joined(separator: ";") }
    }
}
