/// What a load did to one published record, or to so many of a kind that only their number is kept.
public struct RecordChange: Sendable, Hashable {
    /// What happened; the raw value stands in files and answers.
    public enum Sort: String, Sendable, Hashable, CaseIterable {
        /// It is published and was not before.
        case added
        /// It states something else than before.
        case changed
        /// It is no longer published.
        case removed
    }

    /// The kind of the record.
    public let kind: RecordKind
    /// What happened.
    public let sort: Sort
    /// The record's identifier; nil where this stands for several records.
    public let identifier: String?
    /// How many records this stands for.
    public let records: Int
    /// What a removed record was called when it was last published.
    public let title: String?
    /// What was last said of a removed offer's validity.
    public let status: String?
    /// What else tells what a removed record was (`Snapshot.lastFields`).
    public let lastPublished: [String: String]

    /// Describes one record.
    public init(
        _ sort: Sort, _ kind: RecordKind, _ identifier: String, title: String? = nil, status: String? = nil,
        lastPublished: [String: String] = [:]
    ) {
        self.kind = kind
        self.sort = sort
        self.identifier = identifier
        records = 1
        self.title = title
        self.status = status
        self.lastPublished = lastPublished
    }

    /// Describes several records by their number.
    public init(_ sort: Sort, _ kind: RecordKind, records: Int) {
        self.kind = kind
        self.sort = sort
        self.records = records
        identifier = nil
        title = nil
        status = nil
        lastPublished = [:]
    }
}
