internal import Crypto
internal import Foundation

/// What there is of an unfinished archive: a file that a killed program leaves and the next one takes up.
///
/// A head that says what is being made, then frames, one behind the other: the length, the content, and the digest of
/// the frame before together with both. A frame counts where its digest holds and every one before it counts: what a
/// kill or a failing power supply left half written, and in whatever order the disk wrote it, is cut off and made anew.
/// So nothing has to reach the disk at a certain time, and the journal cannot name what is not there.
///
/// It is `NAME.partial` beside the archive, locked, so that two programs never write the same one. Not thread-safe.
public final class TileJournal {
    /// What was found.
    public enum Beginning: Sendable, Hashable {
        /// Nothing.
        case new
        /// Frames of the same work.
        case resumed
        /// A journal of other work: it has been emptied.
        case other
    }

    /// Where the journal is.
    public let path: String
    /// What was found when it was opened.
    public private(set) var beginning = Beginning.new
    /// The content of the last frame that counts, as it was found.
    public private(set) var last: [UInt8]?

    private let file: LockedFile
    private let head: [UInt8]
    private var digest: [UInt8]
    private var end: Int

    /// The first bytes of every journal.
    private static let magic = Array("Kompass tiles 1\n".utf8)
    /// The length of a digest (SHA-256), in bytes.
    private static let digestLength = 32
    /// The longest content of a frame, so that a length that is none does not ask for memory.
    private static let longestContent = 1 << 30

    /// Opens the journal of an archive, or begins it.
    ///
    /// - Parameters:
    ///   - target: the path of the archive.
    ///   - key: what the work depends on, in any number of bytes; where it differs from what an old journal says, that
    ///     one is of no use.
    /// - Throws: `StoreError.busy` where another program is writing it, `.foreignFile` where a file of that name is no
    ///   journal, `.full`, `.database`.
    /// - Complexity: O(bytes of an old journal)
    public init(for target: String, key: [UInt8]) throws(StoreError) {
        path = target + ".partial"
        digest = Array(SHA256.hash(data: key))
        head = Self.magic + digest
        end = head.count
        let file = try LockedFile(path: path, target: target)
        let found = try file.read(at: 0, count: head.count)
        // A head that a kill cut short, even to nothing, is one, too.
        guard found.starts(with: Self.magic) || Self.magic.starts(with: found) else {
            throw .foreignFile(path: path, reason: "is a file that no export has left")
        }
        self.file = file
        if found == head {
            last = try scan()
            beginning = last == nil ? .new : .resumed
            try file.cut(to: end)
        } else {
            // A head that a kill cut short is no other work.
            beginning = head.starts(with: found) ? .new : .other
            try file.cut(to: 0)
            try file.append(head)
        }
    }

    deinit {
        // What holds no frame is of no use to anybody.
        if end == head.count { file.remove() }
    }

    /// Appends a frame.
    ///
    /// - Throws: `StoreError.full`, `.database`; the frames before it still count.
    public func append(_ content: [UInt8]) throws(StoreError) {
        let length = Self.bytes(of: content.count)
        let next = Self.digest(digest, length, content)
        try file.append(length + content + next)
        digest = next
        end += length.count + content.count + next.count
    }

    /// Hands on the contents of all frames in their order.
    ///
    /// - Throws: `StoreError.damaged` where the file is no longer what was written; what `body` throws.
    public func forEach(_ body: ([UInt8]) throws -> Void) throws {
        var position = head.count
        var digest = Array(head.suffix(Self.digestLength))
        while position < end {
            guard let frame = try frame(at: position, after: digest) else {
                throw StoreError.damaged(path: path, message: "it was changed while it was in use")
            }
            try body(frame.content)
            (position, digest) = (frame.end, frame.digest)
        }
    }

    /// Removes the journal: its work is done.
    public func remove() { file.remove() }

    /// Finds the end of the frames that count; returns the content of the last one.
    private func scan() throws(StoreError) -> [UInt8]? {
        var last: [UInt8]?
        while let frame = try frame(at: end, after: digest) {
            (end, digest, last) = (frame.end, frame.digest, frame.content)
        }
        return last
    }

    private func frame(
        at position: Int, after previous: [UInt8]
    ) throws(StoreError) -> (content: [UInt8], digest: [UInt8], end: Int)? {
        let length = try file.read(at: position, count: 4)
        guard length.count == 4 else { return nil }
        let count = length.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard count <= Self.longestContent else { return nil }
        var content = try file.read(at: position + 4, count: count + Self.digestLength)
        guard content.count == count + Self.digestLength else { return nil }
        let stated = Array(content.suffix(Self.digestLength))
        content.removeLast(Self.digestLength)
        guard Self.digest(previous, length, content) == stated else { return nil }
        return (content, stated, position + 4 + count + Self.digestLength)
    }

    private static func digest(_ previous: [UInt8], _ length: [UInt8], _ content: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: previous)
        hash.update(data: length)
        hash.update(data: content)
        return Array(hash.finalize())
    }

    /// A number in four bytes, the least significant first.
    private static func bytes(of number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { Array($0) }
    }
}
