/// What happened to one row of a source, where it was anything but plainly loaded.
public struct RowIssue: Sendable, Hashable {
    /// How the row ended.
    public enum Outcome: String, Sendable, Hashable {
        /// It was loaded after a named repair.
        case repaired
        /// It was not loaded.
        case rejected
        /// It was loaded as it is; somebody should look at it.
        case noted
    }

    /// How the row ended.
    public var outcome: Outcome
    /// The first line of the row in its file, counted from 1; the position of the feature where a format has no lines.
    public var line: Int
    /// The field in question, where it is one.
    public var field: String?
    /// The value in question as the file states it, cut to 200 characters; empty for contact fields.
    public var value: String
    /// What is wrong and what to do, or what was repaired.
    public var reason: String

    /// Describes what happened to a row.
    public init(_ outcome: Outcome, line: Int, field: String? = nil, value: String = "", reason: String) {
        self.outcome = outcome
        self.line = line
        self.field = field
        self.value = value.count > 200 ? String(value.prefix(199)) + "…" : value
        self.reason = reason
    }
}

/// The account of one input: every row read is loaded, loaded with a repair, or rejected.
public struct InputReport: Sendable {
    /// What was read.
    public var kind: RecordKind
    /// The pack or import it belongs to.
    public var region: String
    /// The file's name as the user gave it.
    public var file: String
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    public var sha256: String
    /// What was detected or told: format, encoding, delimiter, CRS, ...
    public var dialect: String = ""
    /// Rows read, blank lines not counted.
    public var read = 0
    /// Rows loaded as they are.
    public var loaded = 0
    /// Rows loaded with a named repair.
    public var repaired = 0
    /// Rows rejected.
    public var rejected = 0
    /// Rows that the mapping's `where` left out on purpose.
    public var filtered = 0
    /// Statements about the whole input: columns dropped, blank rows passed over, ...
    public var notes: [String] = []
    /// What happened to single rows; `noted` ones are loaded rows that stay counted as such.
    public var issues: [RowIssue] = []

    /// Opens the account of an input.
    public init(kind: RecordKind, region: String, file: String, sha256: String) {
        self.kind = kind
        self.region = region
        self.file = file
        self.sha256 = sha256
    }

    /// Whether every row read ended in exactly one way.
    public var addsUp: Bool { read == loaded + repaired + rejected + filtered }
}
