/// A piece of a text file in memory, as UTF-8, that moves along the file.
final class ByteWindow {
    /// How much is read at once.
    static let step = 1 << 22
    /// The longest record that is taken into memory; what is longer is a missing quote or bracket, not data.
    static let longestRecord = 1 << 28

    let arena: ByteArena
    private let file: SourceFile
    private let encoding: TextEncoding
    private var offset: Int
    /// Whether the last byte of the file is in the arena.
    private(set) var isAtEnd = false

    /// Opens a window at an offset of a file.
    init(_ file: SourceFile, encoding: TextEncoding, offset: Int) {
        self.file = file
        self.encoding = encoding
        self.offset = offset
        arena = ByteArena(capacity: Self.step * 2)
    }

    /// Drops the first bytes and reads on behind the last one.
    func advance(past used: Int) throws(LoaderError) {
        arena.discard(used)
        guard !isAtEnd else { return }
        if encoding == .utf8 {
            arena.reserve(Self.step)
            let got = try file.read(into: arena.base + arena.count, count: Self.step, at: offset)
            take(got)
            arena.advance(got)
        } else {
            let raw = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.step)
            defer { raw.deallocate() }
            let got = try file.read(into: raw, count: Self.step, at: offset)
            take(got)
            arena.reserve(got * 3)
            arena.advance(
                encoding.transcode(UnsafeBufferPointer(start: raw, count: got), to: arena.base + arena.count))
        }
    }

    private func take(_ got: Int) {
        offset += got
        isAtEnd = got < Self.step
    }
}
