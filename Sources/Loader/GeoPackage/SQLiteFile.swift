import Foundation
import GRDBSQLite

/// A read-only connection to an SQLite file. Used by one task at a time.
final class SQLiteFile {
    private let connection: OpaquePointer
    private let name: String

    /// Opens a file without leaving anything beside it.
    init(_ url: URL, name: String) throws(LoaderError) {
        self.name = name
        // A file with a write-ahead log of its own must be read together with it; any other may lie in a folder
        // where nothing can be written, which only `immutable` allows.
        let log = url.path + "-wal"
        let hasLog = ((try? FileManager.default.attributesOfItem(atPath: log))?[.size] as? Int ?? 0) > 0
        let path = url.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? url.path
        let address = "file:\(path)?mode=ro\(hasLog ? "" : "&immutable=1")"
        var connection: OpaquePointer?
        let code = sqlite3_open_v2(
            address, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let connection else {
            let reason = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
            sqlite3_close(connection)
            throw .unreadableFile(file: name, reason: reason)
        }
        self.connection = connection
        // A foreign file's schema may call no functions but harmless ones, and is not trusted to be whole.
        _ = try texts("PRAGMA trusted_schema = OFF")
        _ = try texts("PRAGMA cell_size_check = ON")
    }

    deinit { sqlite3_close_v2(connection) }

    /// What SQLite says about the last call, as an error of the file.
    func failure() -> LoaderError {
        .damaged(
            file: name, line: nil,
            reason:
                "\(String(cString: sqlite3_errmsg(connection))): the file is cut off or no database; fetch or write it again"
        )
    }

    func query(_ sql: String) throws(LoaderError) -> SQLiteQuery {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw failure()
        }
        return SQLiteQuery(statement, in: self)
    }

    /// All rows of a small query as texts.
    func texts(_ sql: String) throws(LoaderError) -> [[String?]] {
        let query = try query(sql)
        var rows: [[String?]] = []
        while try query.step() { rows.append((0..<query.columnCount).map(query.text)) }
        return rows
    }

    /// A text as a constant of SQL.
    static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// A name as an identifier of SQL.
    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}

/// One running query.
final class SQLiteQuery {
    private let statement: OpaquePointer
    private let file: SQLiteFile

    fileprivate init(_ statement: OpaquePointer, in file: SQLiteFile) {
        self.statement = statement
        self.file = file
    }

    deinit { sqlite3_finalize(statement) }

    var columnCount: Int { Int(sqlite3_column_count(statement)) }

    /// Goes to the next row. - Returns: false behind the last one.
    func step() throws(LoaderError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw file.failure()
        }
    }

    func type(_ column: Int) -> Int32 { sqlite3_column_type(statement, Int32(column)) }

    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }

    func real(_ column: Int) -> Double { sqlite3_column_double(statement, Int32(column)) }

    func text(_ column: Int) -> String? {
        type(column) == SQLITE_NULL ? nil : String(decoding: utf8(column), as: UTF8.self)
    }

    /// The bytes of a text. Valid until the next step.
    func utf8(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let start = sqlite3_column_text(statement, Int32(column))
        return UnsafeBufferPointer(
            start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, Int32(column))))
    }

    /// The bytes of a blob. Valid until the next step.
    func blob(_ column: Int) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(statement, Int32(column))
        return UnsafeRawBufferPointer(
            start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, Int32(column))))
    }
}
