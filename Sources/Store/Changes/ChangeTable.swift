internal import Foundation
internal import GRDB
internal import NetworkModel

/// The table `changes`: what each load changed in what is published, a row for each record (or for a number of them).
///
/// It is no part of the data version. What was never published never stands in it; of a record that is withheld later
/// on, only its identifier and its last status stay.
enum ChangeTable {
    /// The name of the table.
    static let name = "changes"

    /// Makes the table. The caller registers it.
    static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE changes (
                  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, step INTEGER NOT NULL,
                  version_before TEXT NOT NULL, version_after TEXT NOT NULL, changed_at TEXT NOT NULL,
                  kind TEXT NOT NULL, change TEXT NOT NULL, record_id TEXT, records INTEGER NOT NULL,
                  title TEXT, status TEXT, last_published TEXT);
                CREATE INDEX changes_step ON changes (step);
                """)
    }

    /// Reads the log; that of a file of an older version is empty. - Complexity: O(rows)
    static func read(_ db: Database) throws -> ChangeLog {
        guard try db.tableExists(name) else { return ChangeLog() }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT step, version_before, version_after, changed_at, kind, change, record_id, records, title, status,
                  last_published FROM changes ORDER BY step, fid
                """)
        var steps: [ChangeLog.Step] = []
        var open: (number: Int64, before: String, after: String, time: String)?
        var changes: [RecordChange] = []
        let close = {
            if let open {
                steps.append(
                    ChangeLog.Step(before: open.before, after: open.after, time: open.time, changes: changes))
            }
            changes = []
        }
        while let row = try rows.next() {
            let number: Int64 = row[0]
            if open?.number != number {
                close()
                open = (number, row[1], row[2], row[3])
            }
            // A kind or a sort of change that this version does not know says nothing here.
            guard let kind = RecordKind(rawValue: row[4]), let sort = RecordChange.Sort(rawValue: row[5]) else {
                continue
            }
            guard let identifier: String = row[6] else {
                changes.append(RecordChange(sort, kind, records: row[7]))
                continue
            }
            let last: String? = row[10]
            let fields = last.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
            changes.append(
                RecordChange(
                    sort, kind, identifier, title: row[8], status: row[9], lastPublished: fields ?? [:]))
        }
        close()
        return ChangeLog(steps)
    }

    /// Appends what a load changed, takes back what has come to be withheld, and keeps the log within its bounds.
    static func record(_ earlier: Snapshot, _ later: Snapshot, _ db: Database) throws {
        if earlier.dataVersion != later.dataVersion { try append(earlier, later, db) }
        try withhold(db)
        try bound(db)
    }

    private static func append(_ earlier: Snapshot, _ later: Snapshot, _ db: Database) throws {
        let step = (try Int64.fetchOne(db, sql: "SELECT max(step) FROM changes") ?? 0) + 1
        let statement = try db.makeStatement(
            sql: """
                INSERT INTO changes (step, version_before, version_after, changed_at, kind, change, record_id, records,
                  title, status, last_published)
                VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?, ?, ?, ?, ?, ?)
                """)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for change in later.changes(since: earlier) {
            let last =
                change.lastPublished.isEmpty
                ? nil : String(decoding: try encoder.encode(change.lastPublished), as: UTF8.self)
            try statement.execute(arguments: [
                step, earlier.dataVersion.description, later.dataVersion.description, change.kind.rawValue,
                change.sort.rawValue, change.identifier, change.records, change.title, change.status, last,
            ])
        }
    }

    /// Whoever says `publish: no` wants a record unseen: what it was called and said must not outlive that here.
    private static func withhold(_ db: Database) throws {
        for kind in [RecordKind.actors, .offers] {
            try db.execute(
                sql: """
                    UPDATE changes SET title = NULL, last_published = NULL WHERE kind = ? AND record_id IN
                      (SELECT id FROM \(GeoPackageSchema.quoted(kind.rawValue)) WHERE lower(publish) = 'no')
                    """, arguments: [kind.rawValue])
        }
    }

    /// Applies the bounds that `ChangeLog` states.
    static func bound(
        _ db: Database, mostRecords: Int = ChangeLog.mostRecords, mostSteps: Int = ChangeLog.mostSteps
    ) throws {
        let count = { try Int.fetchOne(db, sql: "SELECT count(*) FROM changes WHERE record_id IS NOT NULL") ?? 0 }
        for condition in ["change <> 'removed'", "TRUE"] {
            while try count() > mostRecords,
                let step = try Int64.fetchOne(
                    db, sql: "SELECT min(step) FROM changes WHERE record_id IS NOT NULL AND \(condition)")
            {
                try db.execute(
                    sql: """
                        INSERT INTO changes (step, version_before, version_after, changed_at, kind, change, records)
                          SELECT step, version_before, version_after, changed_at, kind, change, sum(records)
                          FROM changes WHERE step = :step AND record_id IS NOT NULL AND \(condition)
                          GROUP BY kind, change ORDER BY min(fid);
                        """, arguments: ["step": step])
                try db.execute(
                    sql: "DELETE FROM changes WHERE step = ? AND record_id IS NOT NULL AND \(condition)",
                    arguments: [step])
            }
        }
        try db.execute(
            sql: "DELETE FROM changes WHERE step <= (SELECT max(step) FROM changes) - ?", arguments: [mostSteps])
    }
}
