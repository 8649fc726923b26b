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
    var encoded: some Sequence<ArraySlice<UInt8>> {
        (0..<count).lazy.map { content.bytes[range($0)] }
    }

    /// The number of a value, a new one where it has not occurred yet. - Complexity: O(bytes) expected
    mutating func number(of value: TileValue) -> UInt32 {
        let start = ends.last ?? 0
        value.write(to: &content)
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
        return content.bytes.withUnsafeBufferPointer { bytes in
            var slot = Int(truncatingIfNeeded: Self.hash(bytes, wanted)) & mask
            while slots[slot] >= 0 {
                let known = range(Int(slots[slot]))
                if known.count == wanted.count, zip(known, wanted).allSatisfy({ bytes[$0] == bytes[$1] }) { break }
                slot = (slot + 1) & mask
            }
            return slot
        }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for number in ends.indices { slots[slot(of: range(number))] = Int32(number) }
    }

    /// FNV-1a with a final mix, as only the low bits choose the slot.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash ^ (hash >> 32)
    }
}
