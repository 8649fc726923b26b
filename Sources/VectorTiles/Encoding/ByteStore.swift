/// A growing buffer for bytes of which many small runs are written: room is made and checked once a run, not once a
/// byte.
struct ByteStore {
    private var bytes: [UInt8] = []
    /// How many of the bytes are written.
    private(set) var count = 0

    /// What is written.
    var written: ArraySlice<UInt8> { bytes[..<count] }

    /// Sees to room for so many further bytes.
    mutating func makeRoom(for further: Int) {
        let missing = count + further - bytes.count
        if missing > 0 { bytes.append(contentsOf: repeatElement(0, count: max(missing, bytes.count))) }
    }

    /// Appends what a closure writes, at most so many bytes.
    @inline(__always)
    mutating func append(upTo most: Int, _ body: (inout Cursor) -> Void) {
        if count + most > bytes.count { makeRoom(for: most) }
        let start = count
        count += bytes.withUnsafeMutableBufferPointer { room in
            var cursor = Cursor(UnsafeMutableBufferPointer(rebasing: room[start..<(start + most)]))
            body(&cursor)
            return cursor.count
        }
    }

    /// A place to write at.
    struct Cursor {
        private let room: UnsafeMutableBufferPointer<UInt8>
        fileprivate private(set) var count = 0

        fileprivate init(_ room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

        @inline(__always)
        mutating func write(_ byte: UInt8) {
            room[count] = byte
            count += 1
        }

        @inline(__always)
        mutating func write(varint value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                write(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            write(UInt8(truncatingIfNeeded: rest))
        }
    }
}
