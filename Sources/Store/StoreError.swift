internal import GRDB

/// What can go wrong with a project file. The description names the file and what to do.
public enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no file at the path.
    case missing(path: String)
    /// The file is no project file of Kompass (some other database, or no database at all).
    case notAProject(path: String, reason: String)
    /// The file was written by a newer Kompass.
    case tooNew(path: String, version: String)
    /// Another program is writing to the file.
    case busy(path: String)
    /// The disk is full.
    case full(path: String)
    /// Where an unfinished file would be written stands something that is none; the reason says what.
    case foreignFile(path: String, reason: String)
    /// The file is damaged: what SQLite says of it.
    case damaged(path: String, message: String)
    /// The same identifier would stand twice in one table.
    case duplicate(path: String, table: String, message: String)
    /// A single file was to be imported into a region that is a pack.
    case regionIsAPack(path: String, region: String)
    /// The file is no GeoPackage whose tables can be served.
    case notAGeoPackage(path: String, reason: String)
    /// A table of another GeoPackage cannot be served; the reason names the column or row.
    case unusableTable(path: String, table: String, reason: String)
    /// Anything else that SQLite reports.
    case database(path: String, message: String)

    /// What is wrong, in which file, and what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): there is no such file; make one with 'kompass load Data/sachsen-anhalt --into \(path)'"
        case .notAProject(let path, let reason):
            "\(path): not a Kompass project file (\(reason)); name another file, or move this one away to make a new one"
        case .tooNew(let path, let version):
            "\(path): written by a newer Kompass (\(version)); update Kompass"
        case .busy(let path):
            "\(path): another program is writing to this file; nothing was changed; try again when it has finished"
        case .full(let path):
            "\(path): the disk is full; nothing was changed; make room and try again"
        case .foreignFile(let path, let reason):
            "\(path): \(reason); nothing was changed; move it away, or choose another name for the output"
        case .damaged(let path, let message):
            "\(path): the file is damaged (\(message)); restore a copy, or load the packs into a new file"
        case .duplicate(let path, let table, let message):
            "\(path): an identifier would stand twice in table \(table) (\(message)); nothing was changed"
        case .regionIsAPack(let path, let region):
            "\(path): region '\(region)' is a pack; an import would replace its records; name another with --region"
        case .notAGeoPackage(let path, let reason):
            "\(path): no GeoPackage that can be served (\(reason))"
        case .unusableTable(let path, let table, let reason):
            "\(path), table '\(table)': \(reason)"
        case .database(let path, let message):
            "\(path): \(message)"
        }
    }

    /// Maps SQLite's result codes.
    init(_ error: any Error, path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .database(path: path, message: "\(error)")
            return
        }
        let message = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_CORRUPT: self = .damaged(path: path, message: message)
        case .SQLITE_NOTADB: self = .notAProject(path: path, reason: "not an SQLite database")
        case .SQLITE_CANTOPEN: self = .database(path: path, message: "cannot be opened: \(message)")
        case .SQLITE_READONLY:
            self = .database(path: path, message: "cannot be written: \(message); check the permissions")
        case .SQLITE_IOERR: self = .database(path: path, message: "reading or writing failed: \(message)")
        default: self = .database(path: path, message: message)
        }
    }
}
