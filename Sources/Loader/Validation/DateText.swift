import NetworkModel

/// Reads dates from text: ISO 8601 in reduced precision, and what people write instead.
enum DateText {
    /// What a text means.
    enum Outcome {
        case date(Int32)
        /// Not ISO 8601, but with one meaning only.
        case repaired(Int32)
        case none
    }

    /// Reads `2018`, `2018-06`, `2018-06-29`; repaired are `29.06.2018`, `06.2018` and dates with a time behind them.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
        if let packed = iso(bytes) { return .date(packed) }
        if bytes.count > 10, bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20,
            let packed = iso(UnsafeBufferPointer(rebasing: bytes[0..<10])),
            isTime(UnsafeBufferPointer(rebasing: bytes[11...]))
        {
            return .repaired(packed)
        }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let yearPart = parts.last, yearPart.count == 4,
            let year = number(yearPart),
            parts.dropLast().allSatisfy({ (1...2).contains($0.count) }), let month = number(parts[parts.count - 2])
        else { return .none }
        let day = parts.count == 3 ? number(parts[0]) : 0
        guard let day, year > 0, month > 0, parts.count == 2 || day > 0 else { return .none }
        return checked(year, month, day).map(Outcome.repaired) ?? .none
    }

    @inline(__always)
    private static func iso(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard bytes.count == 10 || bytes.count == 7 || bytes.count == 4, let year = number(bytes[0..<4]) else {
            return nil
        }
        guard bytes.count > 4 else { return year > 0 ? Int32(year * 10_000) : nil }
        guard bytes[4] == UInt8(ascii: "-"), let month = number(bytes[5..<7]), month > 0 else { return nil }
        guard bytes.count > 7 else { return checked(year, month, 0) }
        guard bytes[7] == UInt8(ascii: "-"), let day = number(bytes[8..<10]), day > 0 else { return nil }
        return checked(year, month, day)
    }

    private static func checked(_ year: Int, _ month: Int, _ day: Int) -> Int32? {
        guard year > 0, month <= 12 else { return nil }
        let packed = Int32(year * 10_000 + month * 100 + day)
        guard day > 28 else { return packed }
        // The month's length is what its last day, read back, says.
        return ReducedDate(packed: Int32(year * 10_000 + month * 100)).flatMap { $0.lastDay >= packed ? packed : nil }
    }

    @inline(__always)
    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        var value = 0
        for byte in digits {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(byte &- 0x30)
        }
        return digits.isEmpty ? nil : value
    }

    private static func isTime(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count >= 5 && bytes.allSatisfy { $0 &- 0x30 < 10 || ":.+-Z".utf8.contains($0) }
    }
}
