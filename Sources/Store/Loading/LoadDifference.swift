public import NetworkModel

/// What a load changes: identifiers added, changed and removed per kind of record.
public struct LoadDifference: Sendable {
    /// The difference of one kind.
    public struct Kind: Sendable {
        /// The kind.
        public let kind: RecordKind
        /// How many records are new.
        public var added = 0
        /// How many records have other content than before.
        public var changed = 0
        /// How many records are no longer there.
        public var removed = 0
        /// How many records are as they were.
        public var unchanged = 0
        /// The first few identifiers of each sort, for people.
        public var examples: [String] = []

        /// How many examples are kept.
        static let mostExamples = 20

        mutating func note(_ sign: String, _ identifier: String) {
            if examples.count < Self.mostExamples { examples.append("\(sign)\(identifier)") }
        }
    }

    /// One entry per kind that the load touched, in the order of `RecordKind`.
    public internal(set) var kinds: [Kind]

    /// Whether nothing is added, changed or removed.
    public var isEmpty: Bool { kinds.allSatisfy { $0.added + $0.changed + $0.removed == 0 } }
}
