/// Writes the four wire shapes of Protocol Buffers that vector tiles need into one growing buffer.
///
/// Source: Protocol Buffers encoding guide; field numbers are the caller's.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// Sets room aside for bytes still to come.
    mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    /// Appends what another writer has written.
    mutating func append(_ other: ProtobufWriter) { bytes.append(contentsOf: other.bytes) }

    /// Appends bytes as they are.
    mutating func append(_ store: ByteStore) { bytes.append(contentsOf: store.written) }

    /// Appends bytes as they are.
    mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    /// Takes back what was written after a position.
    mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func field(_ number: UInt64, varint value: UInt64) {
        varint(number << 3)
        varint(value)
    }

    mutating func field(_ number: UInt64, bytes content: some Collection<UInt8>) {
        varint(number << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    mutating func field(_ number: UInt64, bits32 value: UInt32) {
        varint(number << 3 | 5)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func field(_ number: UInt64, bits64 value: UInt64) {
        varint(number << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A packed repeated field; writes nothing where there is nothing to repeat.
    mutating func field(_ number: UInt64, packed values: [UInt32]) {
        guard !values.isEmpty else { return }
        varint(number << 3 | 2)
        varint(UInt64(Self.length(packed: values)))
        for value in values { varint(UInt64(value)) }
    }

    /// The start of a nested message of a known length.
    mutating func header(_ number: UInt64, length: Int) {
        varint(number << 3 | 2)
        varint(UInt64(length))
    }

    /// How many bytes a number takes.
    static func length(varint value: UInt64) -> Int {
        value < 0x80 ? 1 : (70 - value.leadingZeroBitCount) / 7
    }

    /// How many bytes the content of a packed field takes.
    static func length(packed values: [UInt32]) -> Int {
        var sum = 0
        for value in values { sum += length(varint: UInt64(value)) }
        return sum
    }

    /// How many bytes a packed field below number 16 takes with its header; none where there is nothing to repeat.
    static func fieldLength(packed values: [UInt32]) -> Int {
        guard !values.isEmpty else { return 0 }
        let length = length(packed: values)
        return 1 + self.length(varint: UInt64(length)) + length
    }
}

extension FixedWidthInteger where Self: SignedInteger {
    /// The zigzag code: small numbers of either sign take few bits.
    var zigzag: Magnitude { Magnitude(truncatingIfNeeded: (self << 1) ^ (self >> (Self.bitWidth - 1))) }
}
