internal import Foundation

/// The state of an SQLite file and of its write-ahead log.
public struct ChangeToken: Sendable, Hashable {
    let file: FileStatus
    /// Nil where the log holds no commit.
    let log: LogState?
}

/// The state of a file as the file system tells it.
struct FileStatus: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
    let size: Int64
    let seconds: Int64
    let nanoseconds: Int64

    /// Asks the file system; nil where there is no such file.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = Int64(status.st_mtim.tv_sec)
        nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
}

/// What a write-ahead log holds (https://sqlite.org/fileformat2.html, section 4).
enum LogState: Sendable, Hashable {
    /// The number of the last frame that ends a transaction, and that frame's salts and checksum.
    case commit(frame: Int, marks: [UInt8])
    /// The log as a file, where it is too long to look for that frame.
    case file(FileStatus)

    private static let headerLength = 32
    private static let frameHeaderLength = 24
    /// So many frames are looked at; the last commit stands so far from the end only while a long load is under way.
    private static let mostFrames = 65_536

    /// Reads the state of a database's log, without opening the database; nil where it holds no commit. What a load
    /// has written and not committed does not count.
    ///
    /// The log alone is read: to open and close its index would take SQLite's locks on that away from this program.
    /// - Complexity: O(frames behind the last commit)
    init?(of path: String) {
        guard let status = FileStatus(of: path + "-wal"), status.size > Self.headerLength else { return nil }
        let descriptor = open(path + "-wal", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            self = .file(status)
            return
        }
        defer { close(descriptor) }
        func bytes(at offset: Int, count: Int) -> [UInt8]? {
            var result = [UInt8](repeating: 0, count: count)
            return pread(descriptor, &result, count, off_t(offset)) == count ? result : nil
        }
        guard let header = bytes(at: 0, count: Self.headerLength) else { return nil }
        let pageSize = header[8..<12].reduce(0) { $0 << 8 | Int($1) }
        let frameLength = Self.frameHeaderLength + pageSize
        let frames = (Int(status.size) - Self.headerLength) / frameLength
        for frame in stride(from: frames - 1, through: max(0, frames - Self.mostFrames), by: -1) {
            let position = Self.headerLength + frame * frameLength
            guard let found = bytes(at: position, count: Self.frameHeaderLength) else { continue }
            // A frame of an earlier round of the log has other salts; one within a transaction states no size.
            guard found[8..<16] == header[16..<24], found[4..<8].contains(where: { $0 != 0 }) else { continue }
            self = .commit(frame: frame, marks: Array(found[8...]))
            return
        }
        guard frames > Self.mostFrames else { return nil }
        self = .file(status)
    }
}
