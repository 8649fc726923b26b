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
    let load: @Sendable () throws -> ServedContent

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
        self.load = { ServedContent(snapshot: try load()) }
    }

    /// Takes a project file and other GeoPackages, whose tables become further collections.
    ///
    /// A file that has not changed is not read again when another one has.
    /// - Parameters:
    ///   - file: the project; nil serves the other files alone.
    ///   - collections: the other files.
    ///   - notice: is told, once for each table read, what of it cannot be served.
    public init(
        _ file: ProjectFile?, collections: [GeoPackageFile] = [],
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let reader = LayerReader(files: collections, notice: notice)
        mark = {
            Mark(FileMarks(project: try file?.changeToken(), others: try collections.map { try $0.changeToken() }))
        }
        load = {
            ServedContent(
                snapshot: try file?.snapshot() ?? Snapshot([:]), layers: try reader.layers(besideProject: file != nil),
                hasProject: file != nil)
        }
    }
}

/// The states of all files.
private struct FileMarks: Equatable, Sendable {
    let project: ChangeToken?
    let others: [ChangeToken]
}
