internal import GRDB
internal import NetworkModel

/// What is wrong with a project file, found by reading all of it.
public struct ProjectCheck: Sendable {
    /// One finding.
    public struct Finding: Sendable, Hashable {
        /// How bad it is.
        public enum Severity: String, Sendable, Hashable {
            /// Answers are wrong or missing because of it.
            case error
            /// Somebody should look at it.
            case warning
        }

        /// How bad it is.
        public let severity: Severity
        /// The table in question.
        public let table: String
        /// What is wrong, with how many records and the first few of them.
        public let message: String

        /// Describes a finding.
        public init(_ severity: Severity, table: String, _ message: String) {
            self.severity = severity
            self.table = table
            self.message = message
        }
    }

    /// The findings, errors first, then by table.
    public let findings: [Finding]

    /// Whether answers are wrong or missing because of something found.
    public var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// Checks a file: SQLite's own checks, the R-trees against their tables, then the records among themselves.
    ///
    /// - Complexity: O(bytes). Blocks.
    public init(_ file: ProjectFile) throws(StoreError) {
        let structure = try file.read { db in try Self.structure(db) }
        let tables = try file.tables(RecordKind.allCases)
        let records = RecordCheck(tables).findings
        findings = (structure + records).sorted {
            ($0.severity == .error ? 0 : 1, $0.table) < ($1.severity == .error ? 0 : 1, $1.table)
        }
    }

    private static func structure(_ db: Database) throws -> [Finding] {
        var findings: [Finding] = []
        for message in try String.fetchAll(db, sql: "PRAGMA integrity_check(20)") where message != "ok" {
            findings.append(Finding(.error, table: "(file)", message))
        }
        for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
            findings.append(Finding(.error, table: row[0] ?? "", "a row refers to one that is not there"))
        }
        for kind in RecordKind.allCases where kind.schema.geometry != .none {
            // A file of an older version lacks the kinds that came later.
            guard try db.tableExists(kind.rawValue) else { continue }
            let tree = "rtree_\(kind.rawValue)_\(GeoPackageSchema.geometryColumn)"
            let message = try String.fetchOne(db, sql: "SELECT rtreecheck(?)", arguments: [tree]) ?? "ok"
            if message != "ok" { findings.append(Finding(.error, table: tree, message)) }
            let missing =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM \(GeoPackageSchema.quoted(kind.rawValue))
                        WHERE \(GeoPackageSchema.geometryColumn) IS NOT NULL AND fid NOT IN (SELECT id FROM \(tree))
                        """) ?? 0
            if missing > 0 {
                findings.append(Finding(.error, table: kind.rawValue, "\(missing) rows are not in the spatial index"))
            }
        }
        return findings
    }
}
