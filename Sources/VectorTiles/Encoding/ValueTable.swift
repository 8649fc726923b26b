/// The distinct values of one layer, numbered in the order in which they first occur.
///
/// Values are told apart by their encoded bytes, which hold type and content: 1 and 1.0 stay two values. An open
/// hash table over one buffer, because a tile of many points looks up several values per point.
struct ValueTable {
    private var content = ProtobufWriter()
    private var ends: [Int] = []
    private var slots = [Int32](repeating: -1, count: 64)

    var count: Int { ends.count }

    /// The encoded values, one after the other.
    var encoded: some Sequence<ArraySlice<UInt8>> { (0..<count).lazy.map(bytes) }

    /// A value as it is encoded.
    func bytes(_ number: Int) -> ArraySlice<UInt8> { content.bytes[range(number)] }

    /// The number of a value, a new one where it has not occurred yet. - Complexity: O(bytes) expected
    mutating func number(of value: TileValue) -> UInt32 {
        value.write(to: &content)
        return numberOfLast()
    }

    /// The number of a text given as UTF-8, a new one where it has not occurred yet.
    mutating func number(ofUTF8 text: ArraySlice<UInt8>) -> UInt32 {
        TileValue.write(utf8: text, to: &content)
        return numberOfLast()
    }

    /// Numbers the value that stands at the end of the buffer; takes it back where it is known.
    private mutating func numberOfLast() -> UInt32 {
        let start = ends.last ?? 0
        let slot = slot(of: start..<content.bytes.count)
        if slots[slot] >= 0 {
            content.truncate(to: start)
            return UInt32(slots[slot])
        }
        let number = ends.count
        ends.append(content.bytes.count)
        slots[slot] = Int32(number)
        if ends.count * 2 > slots.count { grow() }
        return UInt32(number)
    }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    /// The slot that holds the bytes, or the free one where they belong.
    private func slot(of wanted: Range<Int>) -> Int {
        let mask = slots.count - 1
        return content.bytes.withUnsafeBytes { bytes in
            let value = UnsafeRawBufferPointer(rebasing: bytes[wanted])
            var slot = Int(truncatingIfNeeded: Self.hash(value)) & mask
            while slots[slot] >= 0, !value.elementsEqual(bytes[range(Int(slots[slot]))]) { slot = (slot + 1) & mask }
            return slot
        }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for number in ends.indices { slots[slot(of: range(number))] = Int32(number) }
    }

    /// Eight bytes at a time; the multiplier is that of MurmurHash3's finalizer. Never leaves the tile: the answer does
    /// not depend on it, as equal hashes are compared byte by byte.
    private static func hash(_ value: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(value.count)
        var offset = 0
        while offset + 8 <= value.count {
            hash = (hash ^ value.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xff51_afd7_ed55_8ccd
            hash ^= hash >> 32
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < value.count {
            rest = rest << 8 | UInt64(value[offset])
            offset += 1
        }
        hash = (hash ^ rest) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash >> 32)
    }
}
