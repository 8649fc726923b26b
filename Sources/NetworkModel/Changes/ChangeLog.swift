/// What changed in a project file's published content, load by load, the oldest first.
///
/// The log begins with the first load that changed what a file already published: before that, everything is new. It
/// tells of published records only, and is no part of the data version. It is bounded: see the rules below.
public struct ChangeLog: Sendable, Hashable {
    /// What one load changed.
    public struct Step: Sendable, Hashable {
        /// The data version that the load found.
        public let before: String
        /// The data version that it left.
        public let after: String
        /// When it did so, RFC 3339 in UTC.
        public let time: String
        /// What it did, by kind and identifier.
        public let changes: [RecordChange]

        /// Describes a load.
        public init(before: String, after: String, time: String, changes: [RecordChange]) {
            self.before = before
            self.after = after
            self.time = time
            self.changes = changes
        }
    }

    /// The most records of one kind that a load adds, changes or removes and that are kept one by one; of more, the
    /// number is kept.
    public static let mostRecordsOfAKind = 5_000
    /// The most records in the whole log: where there are more, the oldest loads keep numbers alone, removed records
    /// last of all.
    public static let mostRecords = 50_000
    /// The most loads in the log: older ones are forgotten.
    public static let mostSteps = 1_000

    /// The loads, the oldest first.
    public let steps: [Step]
    /// Where the last removal of a record stands.
    private let removals: [RecordKind: [String: Removal]]

    private struct Removal: Hashable {
        let step: Int
        let change: Int
    }

    /// Takes the loads, the oldest first. - Complexity: O(changes)
    public init(_ steps: [Step] = []) {
        self.steps = steps
        var removals: [RecordKind: [String: Removal]] = [:]
        for (number, step) in steps.enumerated() {
            for (position, change) in step.changes.enumerated() where change.sort == .removed {
                guard let identifier = change.identifier else { continue }
                removals[change.kind, default: [:]][identifier] = Removal(step: number, change: position)
            }
        }
        self.removals = removals
    }

    /// The last removal of a record, with the load that did it; nil where none is known. Whether the record is
    /// published again, the caller knows. - Complexity: O(1)
    public func removal(of kind: RecordKind, _ identifier: String) -> (change: RecordChange, step: Step)? {
        guard let removal = removals[kind]?[identifier] else { return nil }
        return (steps[removal.step].changes[removal.change], steps[removal.step])
    }

    /// The loads after a data version was last there; nil where the log knows nothing of it.
    ///
    /// - Parameter current: the version that is served, which the log of a new file does not name.
    /// - Complexity: O(loads)
    public func steps(since version: String, current: String) -> ArraySlice<Step>? {
        if version == current { return [] }
        if let last = steps.lastIndex(where: { $0.after == version }) { return steps[(last + 1)...] }
        // The version that the log begins with, or one that another program left between two loads.
        return steps.lastIndex { $0.before == version }.map { steps[$0...] }
    }

    /// Whether some loads name every record that changed up to a version, without a gap between them.
    public static func isComplete(_ steps: ArraySlice<Step>, upTo current: String) -> Bool {
        guard let last = steps.last else { return true }
        let hasGap = zip(steps, steps.dropFirst()).contains { $0.after != $1.before }
        return last.after == current && !hasGap
            && steps.allSatisfy { $0.changes.allSatisfy { $0.identifier != nil } }
    }
}
