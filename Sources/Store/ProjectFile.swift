internal import Foundation
internal import GRDB
public import NetworkModel
public import struct NetworkModel.Table

/// A project file: the GeoPackage in which the records of one or more regions live.
///
/// A value that names the file; each call opens it, works in one transaction and closes it, so that it can be used
/// from any thread and the file can be replaced between calls.
public struct ProjectFile: Sendable, Hashable {
    /// The path as the user gave it.
    public let path: String

    /// Names a project file, which need not exist yet.
    public init(path: String) {
        self.path = path
    }

    /// Whether there is a file at the path.
    public var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether another path leads to the same file, so that an answer is never written over the data.
    public func isSame(as other: String) throws(StoreError) -> Bool {
        let own = try changeToken().file
        guard let token = try? ProjectFile(path: other).changeToken().file else { return false }
        return token.device == own.device && token.inode == own.inode
    }

    /// Reads everything that is published, in one transaction.
    ///
    /// - Complexity: O(n log n) in the rows. Blocks; call it off the event loops.
    public func snapshot() throws(StoreError) -> Snapshot {
        try read { db in
            Snapshot(try Self.tables(RecordKind.allCases, db), changes: try ChangeTable.read(db))
        }
    }

    /// Reads the tables of some kinds as they are stored, in one transaction, rows in stored order.
    ///
    /// - Parameter regions: where given, rows of the regions for which the closure answers false are left out.
    public func tables(
        _ kinds: [RecordKind], where isWanted: (@Sendable (String) -> Bool)? = nil
    ) throws(StoreError) -> [RecordKind: Table] {
        try read { db in try Self.tables(kinds, db, where: isWanted) }
    }

    /// Reads the tables of some kinds within a transaction.
    static func tables(
        _ kinds: [RecordKind], _ db: Database, where isWanted: ((String) -> Bool)? = nil
    ) throws -> [RecordKind: Table] {
        var tables: [RecordKind: Table] = [:]
        for kind in kinds { tables[kind] = try TableReader(schema: kind.schema).read(db, where: isWanted) }
        return tables
    }

    /// What tells two states of the file apart without opening it; cheap enough to ask for every second.
    ///
    /// What was committed while others were reading stands in the write-ahead log: the token names its last commit, too.
    /// Who only reads, or writes without committing, changes nothing of it.
    public func changeToken() throws(StoreError) -> ChangeToken {
        guard let status = FileStatus(of: path) else { throw .missing(path: path) }
        return ChangeToken(file: status, log: LogState(of: path))
    }

    /// Opens the file for reading and runs a closure in one transaction.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        guard exists else { throw .missing(path: path) }
        do {
            let queue = try openForReading()
            return try queue.read { db in
                try checkIdentity(db)
                return try body(db)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// A file in a folder that cannot be written has no place for SQLite's shared memory: it is opened as one that
    /// never changes, which is what it is.
    ///
    /// - Parameter isTrusted: whether the file's schema may call what functions it likes, and is taken to be whole.
    func openForReading(isTrusted: Bool = true) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        if !isTrusted {
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
            }
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { db in _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") }
            return queue
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
        {
            let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
            return try DatabaseQueue(path: "file:\(escaped)?immutable=1", configuration: configuration)
        }
    }

    /// Refuses whatever is not a project file of this version or an older one.
    func checkIdentity(_ db: Database) throws {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
        guard try db.tableExists("kompass_project") else {
            throw StoreError.notAProject(
                path: path,
                reason: application == GeoPackageSchema.applicationID
                    ? "a GeoPackage, but without the table kompass_project" : "an SQLite database of another kind")
        }
        let version = try String.fetchOne(db, sql: "SELECT value FROM kompass_project WHERE key = 'version'") ?? ""
        guard let number = Int(version), number <= GeoPackageSchema.projectVersion else {
            throw StoreError.tooNew(path: path, version: version)
        }
    }
}
