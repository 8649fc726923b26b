internal import Foundation
internal import GRDB
public import NetworkModel
public import struct NetworkModel.Table

/// One load into a project file: everything in one transaction, or nothing.
///
/// The records of a region are replaced as a whole: what the load does not bring again is removed. A load that
/// brings what is there already changes not a byte. Not thread-safe: one session belongs to one task; it blocks.
/// Until `finish` commits, nobody else sees anything of it; a session that is dropped or killed leaves the file as it
/// was.
public final class LoadSession {
    private let queue: DatabaseQueue
    private let file: ProjectFile
    private var path: String { file.path }
    /// Set when the file was made by this session and holds nothing yet.
    private let isNew: Bool
    /// Whether there was no project in the file.
    private let wasEmpty: Bool
    private var kinds: [RecordKind: KindLoad] = [:]
    private var regions: [String] = []
    /// The kinds whose records are replaced; nil for all.
    private var replacedKinds: Set<RecordKind>?
    private var reports: [InputReport] = []
    private var isOpen = true
    /// Why the one file is not the whole project after `finish`; nil where it is.
    public private(set) var unmerged: UnmergedLog?

    /// Opens the file (making it where there is none) and begins the transaction.
    ///
    /// - Throws: `StoreError.busy` at once where another load is running.
    public init(_ file: ProjectFile) throws(StoreError) {
        self.file = file
        isNew = !file.exists
        do {
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            configuration.busyMode = .immediateError
            configuration.foreignKeysEnabled = true
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            self.queue = queue
            wasEmpty = try queue.inDatabase { db in try Self.prepare(db, file: file) }
        } catch {
            throw StoreError(error, path: file.path)
        }
    }

    /// Begins the transaction. - Returns: whether there was no project in the file.
    private static func prepare(_ db: Database, file: ProjectFile) throws -> Bool {
        // Negative: KiB. A bulk load rewrites few pages, but must not spill the ones it works on.
        try db.execute(sql: "PRAGMA cache_size = -65536; PRAGMA synchronous = NORMAL")
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        if !isEmpty { try file.checkIdentity(db) }
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "BEGIN IMMEDIATE")
        if isEmpty { try GeoPackageSchema.create(db) } else { try GeoPackageSchema.upgrade(db) }
        return isEmpty
    }

    deinit {
        if isOpen { try? queue.inDatabase(rollback) }
    }

    /// Announces that a region's records follow; whatever of it is not brought again is removed at `finish`.
    public func begin(region: String) {
        if !regions.contains(region) { regions.append(region) }
    }

    /// Announces that the records of one kind follow; the region's other kinds are left as they are.
    ///
    /// - Throws: `StoreError.regionIsAPack` where the region was loaded as a pack: a file imported into it would
    ///   replace what the pack brought.
    public func begin(region: String, importing kind: RecordKind) throws(StoreError) {
        let isPack = try inDatabase { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM regions WHERE id = ? AND crs IS NOT NULL)", arguments: [region])
        }
        if isPack == true { throw .regionIsAPack(path: path, region: region) }
        begin(region: region)
        replacedKinds = (replacedKinds ?? []).union([kind, .regions])
    }

    /// Whether the records of a kind are replaced by this load.
    private func replaces(_ kind: RecordKind) -> Bool { replacedKinds?.contains(kind) ?? true }

    /// The tables of some kinds as they stood before the session, without the rows that this load replaces.
    public func otherRegions(_ kinds: [RecordKind]) throws(StoreError) -> [RecordKind: Table] {
        let regions = regions
        return try inDatabase { db in
            var tables: [RecordKind: Table] = [:]
            for kind in kinds {
                let isReplaced = replaces(kind)
                tables[kind] = try TableReader(schema: kind.schema).read(db) { !isReplaced || !regions.contains($0) }
            }
            return tables
        }
    }

    /// Appends a batch; its rows carry the region that they belong to.
    public func append(_ batch: Table) throws(StoreError) {
        let kind = batch.schema.kind
        do {
            try queue.inDatabase { db in
                let load = try kinds[kind] ?? open(kind, db)
                kinds[kind] = load
                try load.append(batch, db)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Keeps the account of an input; written with the records.
    public func record(_ report: InputReport) {
        reports.append(report)
    }

    /// Ends the load.
    ///
    /// What is committed is kept, whatever becomes of the merge after it: see `unmerged`.
    ///
    /// - Parameters:
    ///   - commits: whether to keep it; a dry run does not.
    ///   - patience: how long to wait for readers of the state before, so that the log can be merged into the file.
    /// - Returns: what the load changes. Where that is nothing, the file is left untouched.
    public func finish(
        commits: Bool, patience: Duration = .seconds(5)
    ) throws(StoreError) -> LoadDifference {
        do {
            return try queue.inDatabase { db in
                for kind in RecordKind.allCases
                where kinds[kind] == nil && replaces(kind) && kind.schema.position(of: "region") != nil {
                    if try hasRows(kind, db) { kinds[kind] = try open(kind, db) }
                }
                var difference = LoadDifference(kinds: [])
                for kind in RecordKind.allCases {
                    if let load = kinds[kind] { difference.kinds.append(try load.difference()) }
                }
                guard commits, isNew || !difference.isEmpty else {
                    try rollback(db)
                    return difference
                }
                for kind in RecordKind.allCases { try kinds[kind]?.finish(db) }
                try writeAccounts(db)
                try writeChanges(db)
                try db.execute(sql: "COMMIT")
                isOpen = false
                unmerged = Self.mergeLog(db, patience: patience)
                return difference
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Merges the log into the file: the one file is then the whole project, which can be copied, and opened where
    /// nothing can be written.
    ///
    /// - Returns: why it could not be merged; nil where it was.
    static func mergeLog(_ db: Database, patience: Duration) -> UnmergedLog? {
        do {
            try db.execute(sql: "PRAGMA busy_timeout = \(Int(patience / .milliseconds(1)))")
            let isBusy = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")?[0] as Int? != 0
            return isBusy ? .busy : nil
        } catch {
            return .failed((error as? DatabaseError)?.message ?? "\(error)")
        }
    }

    private func rollback(_ db: Database) throws {
        try db.execute(sql: "ROLLBACK")
        isOpen = false
        guard isNew else { return }
        // A dry run into a file that was not there leaves none behind.
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func hasRows(_ kind: RecordKind, _ db: Database) throws -> Bool {
        let marks = regions.map { _ in "?" }.joined(separator: ", ")
        return try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM \(GeoPackageSchema.quoted(kind.rawValue)) WHERE region IN (\(marks)))
                """, arguments: StatementArguments(regions)) ?? false
    }

    private func open(_ kind: RecordKind, _ db: Database) throws -> KindLoad {
        try KindLoad(kind, regions: regions, path: path, db)
    }

    private func inDatabase<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try queue.inDatabase(body) } catch { throw StoreError(error, path: path) }
    }

    /// Keeps what the load changes in what is published. In a new file everything is new: nothing is told of it.
    private func writeChanges(_ db: Database) throws {
        guard !wasEmpty else { return }
        // Another connection sees the file as it was before this transaction.
        let earlier = try file.snapshot()
        try ChangeTable.record(earlier, Snapshot(try ProjectFile.tables(RecordKind.allCases, db)), db)
    }

    private func writeAccounts(_ db: Database) throws {
        for region in regions {
            for kind in RecordKind.allCases where replaces(kind) {
                try db.execute(
                    sql: "DELETE FROM imports WHERE region = ? AND kind = ?", arguments: [region, kind.inputName])
            }
        }
        for report in reports {
            try db.execute(
                sql: """
                    INSERT INTO imports (region, kind, file, sha256, dialect, loaded_at, "read", loaded, repaired,
                      rejected, filtered, notes)
                    VALUES (?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    report.region, report.kind.inputName, report.file, report.sha256, report.dialect, report.read,
                    report.loaded, report.repaired, report.rejected, report.filtered,
                    report.notes.joined(separator: "\n"),
                ])
            let number = db.lastInsertedRowID
            let statement = try db.makeStatement(
                sql: "INSERT INTO rejects (import_fid, outcome, line, field, value, reason) VALUES (?, ?, ?, ?, ?, ?)")
            for issue in report.issues {
                try statement.execute(arguments: [
                    number, issue.outcome.rawValue, issue.line, issue.field, issue.value, issue.reason,
                ])
            }
        }
    }
}

/// The part of a load that concerns one table.
private final class KindLoad {
    private let schema: RecordSchema
    private let writer: TableWriter
    /// The regions' rows as they were, and where each stands by its identifier.
    private let before: Table
    private let beforeRows: IdentifierIndex
    private var isSeen: [Bool]
    private var counts: LoadDifference.Kind
    private let spatialIndex: SpatialIndex?
    private let path: String

    init(_ kind: RecordKind, regions: [String], path: String, _ db: Database) throws {
        self.path = path
        schema = kind.schema
        counts = LoadDifference.Kind(kind: kind)
        let name = GeoPackageSchema.quoted(kind.rawValue)
        // The table of regions itself has no region: there the identifier is one.
        let key = schema.position(of: "region") == nil ? schema.identifier.name : "region"
        let marks = regions.map { _ in "?" }.joined(separator: ", ")
        if key == "region" {
            before = try TableReader(schema: schema).read(db) { regions.contains($0) }
        } else {
            let all = try TableReader(schema: schema).read(db)
            before = all.gathered((0..<all.count).filter { regions.contains(all.identifiers[$0] ?? "") })
        }
        beforeRows = IdentifierIndex(before.loadKeys)
        isSeen = [Bool](repeating: false, count: before.count)
        spatialIndex = GeoPackageSchema.isFeatureTable(schema) ? SpatialIndex(table: kind.rawValue) : nil
        try spatialIndex?.dropTriggers(db)
        try db.execute(
            sql: "DELETE FROM \(name) WHERE \(key) IN (\(marks))", arguments: StatementArguments(regions))
        let highest = try Int64.fetchOne(db, sql: "SELECT max(fid) FROM \(name)") ?? 0
        // Sorting a finished table once is faster than keeping an index of random texts up to date.
        if highest == 0 { try GeoPackageSchema.dropIdentifierIndex(schema, db) }
        writer = try TableWriter(schema, firstFID: highest + 1, db)
    }

    func append(_ batch: Table, _ db: Database) throws {
        try writer.append(batch, db)
        guard before.count > 0 else {
            counts.added += batch.count
            return
        }
        let keys = batch.loadKeys
        keys.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<batch.count {
                let identifier = UnsafeBufferPointer(rebasing: bytes[keys.range(row)])
                guard let old = beforeRows.row(ofUTF8: identifier) else {
                    counts.added += 1
                    counts.note("+", batch.identifiers[row] ?? "")
                    continue
                }
                isSeen[old] = true
                if batch.row(row, equals: old, of: before) {
                    counts.unchanged += 1
                } else {
                    counts.changed += 1
                    counts.note("~", batch.identifiers[row] ?? "")
                }
            }
        }
    }

    func difference() throws -> LoadDifference.Kind {
        var result = counts
        for row in isSeen.indices where !isSeen[row] {
            result.removed += 1
            result.note("-", before.identifiers[row] ?? "")
        }
        return result
    }

    func finish(_ db: Database) throws {
        do {
            try GeoPackageSchema.createIdentifierIndex(schema, db)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError.duplicate(path: path, table: schema.kind.rawValue, message: error.message ?? "")
        }
        if let spatialIndex {
            try spatialIndex.rebuild(try otherEntries(db) + writer.entries, db)
            try spatialIndex.createTriggers(db)
            try updateExtent(db)
        }
        try db.execute(
            sql: """
                UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE table_name = ?
                """, arguments: [schema.kind.rawValue])
    }

    /// The boxes of the rows that this load did not write.
    private func otherEntries(_ db: Database) throws -> [RTreeEntry] {
        let first = writer.firstFID
        let name = "rtree_\(schema.kind.rawValue)_\(GeoPackageSchema.geometryColumn)"
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT r.id, r.minx, r.maxx, r.miny, r.maxy FROM \(name) r
                JOIN \(GeoPackageSchema.quoted(schema.kind.rawValue)) t ON t.fid = r.id WHERE r.id < ?
                """, arguments: [first])
        var entries: [RTreeEntry] = []
        while let row = try rows.next() {
            entries.append(RTreeEntry(rowid: row[0], minX: row[1], maxX: row[2], minY: row[3], maxY: row[4]))
        }
        return entries
    }

    private func updateExtent(_ db: Database) throws {
        let name = "rtree_\(schema.kind.rawValue)_\(GeoPackageSchema.geometryColumn)"
        try db.execute(
            sql: """
                UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) =
                  (SELECT min(minx), min(miny), max(maxx), max(maxy) FROM \(name)) WHERE table_name = ?
                """, arguments: [schema.kind.rawValue])
    }
}

extension Table {
    /// What tells the rows of one load apart: the identifier, and the region where several may bring the same one.
    fileprivate var loadKeys: TextColumn {
        guard schema.kind.isShared else { return identifiers }
        let regions = code("region")
        var keys = TextColumn()
        for row in 0..<count { keys.append("\(identifiers[row] ?? "")\u{0}\(regions[row] ?? "")") }
        return keys
    }
}
