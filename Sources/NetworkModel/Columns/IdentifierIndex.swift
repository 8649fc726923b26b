/// An exact index from identifiers to their rows: open addressing over one flat buffer of UTF-8.
///
/// Used wherever a million ids must be told apart cheaply: duplicates in a file, the difference of two loads,
/// look-ups in a snapshot. The hash is FNV-1a finished by a mixer: its values never leave the process, and the
/// answer does not depend on it (equal hashes are compared byte by byte).
public struct IdentifierIndex: Sendable {
    private var identifiers = TextColumn()
    private var hashes: [UInt64] = []
    private var slots: [Int32] = []

    /// Makes an empty index.
    public init() {}

    /// Makes the index of a column whose texts are all different.
    ///
    /// Where a text stands more than once its first row is kept. - Complexity: O(n) expected
    public init(_ column: TextColumn) {
        reserve(column.count)
        column.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<column.count {
                _ = insert(utf8: UnsafeBufferPointer(rebasing: bytes[column.range(row)]))
            }
        }
    }

    /// How many different identifiers there are.
    public var count: Int { identifiers.count }

    /// The identifier of a row. Rows count from 0 in the order of first insertion.
    public func identifier(_ row: Int) -> String { identifiers[row] ?? "" }

    /// Sets room aside. - Complexity: O(n)
    public mutating func reserve(_ capacity: Int) {
        let wanted = max(16, (capacity * 2).nextPowerOfTwo)
        if wanted > slots.count { rehash(wanted) }
    }

    /// The row of an identifier, or nil. - Complexity: O(1) expected
    public func row(of identifier: String) -> Int? {
        var identifier = identifier
        return identifier.withUTF8 { row(ofUTF8: $0) }
    }

    /// The row of an identifier given as UTF-8, or nil. - Complexity: O(1) expected
    public func row(ofUTF8 utf8: UnsafeBufferPointer<UInt8>) -> Int? {
        guard !slots.isEmpty else { return nil }
        let found = slots[slot(of: utf8, hash: Self.hash(utf8))]
        return found < 0 ? nil : Int(found)
    }

    /// Inserts an identifier; tells its row and whether it was new. - Complexity: O(1) expected
    @discardableResult
    public mutating func insert(_ identifier: String) -> (row: Int, isNew: Bool) {
        var identifier = identifier
        return identifier.withUTF8 { insert(utf8: $0) }
    }

    /// Inserts an identifier given as UTF-8; tells its row and whether it was new. - Complexity: O(1) expected
    @discardableResult
    public mutating func insert(utf8: UnsafeBufferPointer<UInt8>) -> (row: Int, isNew: Bool) {
        if (identifiers.count + 1) * 2 > slots.count { rehash(max(16, slots.count * 2)) }
        let hash = Self.hash(utf8)
        let slot = slot(of: utf8, hash: hash)
        if slots[slot] >= 0 { return (Int(slots[slot]), false) }
        slots[slot] = Int32(identifiers.count)
        identifiers.append(utf8: utf8)
        hashes.append(hash)
        return (identifiers.count - 1, true)
    }

    private func slot(of utf8: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        return identifiers.bytes.withUnsafeBufferPointer { bytes in
            while true {
                let row = slots[slot]
                if row < 0 { return slot }
                if hashes[Int(row)] == hash, bytes[identifiers.range(Int(row))].elementsEqual(utf8) { return slot }
                slot = (slot + 1) & mask
            }
        }
    }

    private mutating func rehash(_ size: Int) {
        slots = [Int32](repeating: -1, count: size)
        for (row, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(row)
        }
    }

    private static func hash(_ utf8: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash ^= hash >> 32
        hash = hash &* 0x9e37_79b9_7f4a_7c15
        return hash ^ (hash >> 29)
    }
}

extension Int {
    /// The smallest power of two that is not below the number.
    fileprivate var nextPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
