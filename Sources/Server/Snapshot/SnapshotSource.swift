public import NetworkModel
public import Store

/// Where snapshots come from, and how a change is noticed.
public struct SnapshotSource: Sendable {
    /// A state of the source; two equal marks mean that nothing has changed.
    struct Mark: Equatable, Sendable {
        private let value: any Equatable & Sendable

        init(_ value: any Equatable & Sendable) { self.value = value }

        static func == (lhs: Mark, rhs: Mark) -> Bool {
            func isEqual<Value: Equatable>(_ value: Value) -> Bool { rhs.value as? Value == value }
            return isEqual(lhs.value)
        }
    }

    /// Looks at the source; cheap enough for every second. Blocks.
    let mark: @Sendable () throws -> Mark
    /// Reads the source. Blocks.
    let load: @Sendable () throws -> Snapshot

    /// Takes any source.
    ///
    /// - Parameters:
    ///   - changeToken: a value that differs when the content may have changed; asked for every second.
    ///   - load: reads the content. Both are called on a thread that may block, never two at once.
    public init(
        changeToken: @escaping @Sendable () throws -> any Equatable & Sendable,
        load: @escaping @Sendable () throws -> Snapshot
    ) {
        mark = { Mark(try changeToken()) }
        self.load = load
    }

    /// Takes a project file.
    public init(_ file: ProjectFile) {
        self.init(changeToken: { try file.changeToken() }, load: { try file.snapshot() })
    }
}
