internal import Foundation

/// A file that comes to stand under its name only when it is whole.
///
/// Until `publish` it is `NAME.partial` beside it, locked, so that two programs never write the same one. What a killed
/// program leaves of it is overwritten by the next. Not thread-safe.
public final class UnfinishedFile {
    /// Where the file is until it is published.
    public let path: String
    /// Where it will be.
    private let target: String
    private let descriptor: Int32
    private var isOwned = true

    /// Makes the file, empty.
    ///
    /// - Throws: `StoreError.busy` where another program is writing it, `.database` where it cannot be made.
    public init(for target: String) throws(StoreError) {
        self.target = target
        path = target + ".partial"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            isOwned = false
            throw Self.failure(path, "cannot be made")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isStill(descriptor, at: path) else {
            close(descriptor)
            isOwned = false
            throw .busy(path: target)
        }
        guard ftruncate(descriptor, 0) == 0 else { throw Self.failure(path, "cannot be written") }
    }

    deinit {
        guard isOwned else { return }
        unlink(path)
        close(descriptor)
    }

    /// Appends bytes.
    ///
    /// - Throws: `StoreError.full`, `.database`.
    public func append(_ bytes: [UInt8]) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw Self.failure(path, "cannot be written")
            }
            done += count
        }
    }

    /// Appends all that another unfinished file holds.
    public func append(contentsOf other: UnfinishedFile) throws(StoreError) {
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        var offset: off_t = 0
        while true {
            let count = chunk.withUnsafeMutableBytes { pread(other.descriptor, $0.baseAddress, $0.count, offset) }
            if count == 0 { return }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw Self.failure(other.path, "cannot be read")
            }
            try append(Array(chunk.prefix(count)))
            offset += off_t(count)
        }
    }

    /// Puts the file in its place, over an older one, when it is safely on the disk.
    public func publish() throws(StoreError) {
        guard fsync(descriptor) == 0, rename(path, target) == 0 else { throw Self.failure(target, "cannot be written") }
        isOwned = false
        close(descriptor)
    }

    /// Whether the file that was opened is the one that has the name: another program may have published it in between.
    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }

    private static func failure(_ path: String, _ what: String) -> StoreError {
        let number = errno
        return number == ENOSPC
            ? .full(path: path) : .database(path: path, message: "\(what): \(String(cString: strerror(number)))")
    }
}
