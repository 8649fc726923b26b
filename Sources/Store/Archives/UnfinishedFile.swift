/// A file that comes to stand under its name only when it is whole.
///
/// Until `publish` it is `NAME.finishing` beside it, locked, so that two programs never write the same one. What a
/// killed program leaves of it is overwritten by the next. Not thread-safe.
public final class UnfinishedFile {
    /// Where the file is until it is published.
    public var path: String { file.path }
    /// Where it will be.
    private let target: String
    private let file: LockedFile

    /// Makes the file, empty.
    ///
    /// - Throws: `StoreError.busy` where another program is writing it, `.database` where it cannot be made.
    public init(for target: String) throws(StoreError) {
        self.target = target
        file = try LockedFile(path: target + ".finishing", target: target)
        try file.cut(to: 0)
    }

    deinit { file.remove() }

    /// Appends bytes.
    ///
    /// - Throws: `StoreError.full`, `.database`.
    public func append(_ bytes: [UInt8]) throws(StoreError) { try file.append(bytes) }

    /// Puts the file in its place, over an older one, when it is safely on the disk.
    public func publish() throws(StoreError) { try file.publish(as: target) }
}
