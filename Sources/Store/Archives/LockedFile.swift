internal import Foundation

/// A file that this program alone writes. Not thread-safe.
final class LockedFile {
    let path: String
    private let descriptor: Int32
    private var isOpen = true

    /// Opens a file, or makes it, and locks it. A link is not followed: what it names is somebody else's.
    ///
    /// - Parameter target: what a person knows the work by.
    /// - Throws: `StoreError.busy` where another program has it, `.foreignFile` where it is a link, `.database` where it
    ///   cannot be made.
    init(path: String, target: String) throws(StoreError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else {
            isOpen = false
            throw errno == ELOOP
                ? .foreignFile(path: path, reason: "is a link") : Self.failure(path, "cannot be made")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isStill(descriptor, at: path) else {
            close(descriptor)
            isOpen = false
            throw .busy(path: target)
        }
    }

    deinit {
        if isOpen { close(descriptor) }
    }

    /// Appends bytes.
    ///
    /// - Throws: `StoreError.full`, `.database`.
    func append(_ bytes: [UInt8]) throws(StoreError) {
        guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw Self.failure(path, "cannot be written") }
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

    /// Reads bytes; fewer where the file ends before.
    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        var length = stat()
        guard fstat(descriptor, &length) == 0 else { throw Self.failure(path, "cannot be read") }
        var result = [UInt8](repeating: 0, count: max(0, min(count, Int(length.st_size) - offset)))
        var done = 0
        while done < result.count {
            let count = result.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
            }
            guard count > 0 else {
                if count == 0 { return Array(result.prefix(done)) }
                if errno == EINTR { continue }
                throw Self.failure(path, "cannot be read")
            }
            done += count
        }
        return result
    }

    /// Ends the file at a length.
    func cut(to length: Int) throws(StoreError) {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.failure(path, "cannot be written") }
    }

    /// Gives the file another name, over an older one, when it is safely on the disk.
    func publish(as target: String) throws(StoreError) {
        guard fsync(descriptor) == 0, rename(path, target) == 0 else { throw Self.failure(target, "cannot be written") }
        // The name too must be safe before anything that the file was made from goes.
        let folder = open(URL(filePath: target).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        shut()
    }

    /// Removes the file.
    func remove() {
        guard isOpen else { return }
        unlink(path)
        shut()
    }

    private func shut() {
        isOpen = false
        close(descriptor)
    }

    /// Whether the file that was opened is the one that has the name: another program may have published it in between.
    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }

    private static func failure(_ path: String, _ what: String) -> StoreError {
        let number = errno
        return number == ENOSPC
            ? .full(path: path) : .database(path: path, message: "\(what): \(String(cString: strerror(number)))")
    }
}
