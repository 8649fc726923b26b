internal import NetworkModel

/// The numeric ids that features carry: stable across tiles, zooms and releases, and below 2^53, so that clients that
/// hold numbers as doubles keep them whole.
enum FeatureIdentifiers {
    /// The id for each of a column's identifiers, no two the same.
    ///
    /// An official key is its own number. Any other identifier is hashed. Where a number is taken already (which needs
    /// millions of records to happen by chance) the identifier is hashed again with a count: the earlier one in byte
    /// order keeps its number. An official key never loses its number to a hash.
    /// - Parameter hash: What hashes an identifier; tests choose one that collides.
    /// - Complexity: O(n) expected
    static func numbers(
        of identifiers: TextColumn,
        hash: (Slice<UnsafeBufferPointer<UInt8>>, UInt64) -> UInt64 = FeatureIdentifiers.hash(_:attempt:)
    ) -> [UInt64] {
        var taken = Set<UInt64>(minimumCapacity: identifiers.count)
        return identifiers.bytes.withUnsafeBufferPointer { bytes in
            let official = (0..<identifiers.count).map { row -> UInt64? in
                officialNumber(bytes[identifiers.range(row)]).flatMap { taken.insert($0).inserted ? $0 : nil }
            }
            return official.enumerated().map { row, number in
                if let number { return number }
                let identifier = bytes[identifiers.range(row)]
                var attempt: UInt64 = 0
                while true {
                    let number = hash(identifier, attempt)
                    if taken.insert(number).inserted { return number }
                    attempt += 1
                }
            }
        }
    }

    /// The number that a key of digits is; nil for anything else and for what would not stay below 2^53.
    private static func officialNumber(_ identifier: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        guard (1...15).contains(identifier.count), identifier.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return identifier.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    }

    /// The upper 53 bits of FNV-1a (64 bits) after the finalizer of MurmurHash3, which spreads the last bytes upwards.
    static func hash(_ identifier: some Sequence<UInt8>, attempt: UInt64) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 &+ attempt
        for byte in identifier { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return (hash ^ (hash >> 33)) >> 11
    }
}
