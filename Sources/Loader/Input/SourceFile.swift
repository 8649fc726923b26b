import Crypto
import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file open for reading, which is read in pieces: a file that is cut off meanwhile ends early instead of
/// crashing the process, as a mapped one would.
final class SourceFile {
    /// What one reading of the whole file found.
    struct Survey: Sendable {
        /// Bytes.
        var size = 0
        /// SHA-256 of the bytes, lower-case hexadecimal.
        var sha256 = ""
        /// The first bytes, at most 4,096.
        var head: [UInt8] = []
        /// How much of it is UTF-8.
        var validity = UTF8Validity()
    }

    let name: String
    private let descriptor: Int32

    /// Opens a file. - Throws: `LoaderError` where it is missing, no file, or not readable.
    init(_ url: URL) throws(LoaderError) {
        name = url.lastPathComponent
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? .missingFile(file: url.path)
                : .unreadableFile(file: url.path, reason: String(cString: strerror(errno)))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unreadableFile(file: url.path, reason: "it is not a file")
        }
    }

    deinit { close(descriptor) }

    /// Reads up to `count` bytes at an offset; fewer only at the end of the file.
    func read(into target: UnsafeMutablePointer<UInt8>, count: Int, at offset: Int) throws(LoaderError) -> Int {
        var done = 0
        while done < count {
            let got = pread(descriptor, target + done, count - done, off_t(offset + done))
            if got < 0 {
                if errno == EINTR { continue }
                throw .unreadableFile(file: name, reason: String(cString: strerror(errno)))
            }
            if got == 0 { break }
            done += got
        }
        return done
    }

    /// Reads the whole file once: its hash, its first bytes and whether it is UTF-8. - Complexity: O(bytes)
    func survey() throws(LoaderError) -> Survey {
        var survey = Survey()
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        let bytes = buffer.bindMemory(to: UInt8.self)
        guard let base = bytes.baseAddress else { return survey }
        while true {
            let got = try read(into: base, count: bytes.count, at: survey.size)
            guard got > 0 else { break }
            let piece = UnsafeBufferPointer(start: base, count: got)
            hash.update(bufferPointer: UnsafeRawBufferPointer(piece))
            if survey.size == 0 { survey.head = Array(piece.prefix(4096)) }
            survey.validity.scan(piece)
            survey.size += got
        }
        survey.validity.finish()
        survey.sha256 = hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        return survey
    }
}
