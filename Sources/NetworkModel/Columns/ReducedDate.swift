/// A calendar date of ISO 8601 with the precision in which it was stated: a year, a month or a day.
///
/// Stored as `year * 10000 + month * 100 + day` with zeros for what was not stated, so that the original text and
/// precision are kept in four bytes.
public struct ReducedDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The packed number; 0 means *not stated*.
    public let packed: Int32

    /// Takes a packed number as it stands in a column, or nil for 0.
    public init?(packed: Int32) {
        guard packed != 0 else { return nil }
        self.packed = packed
    }

    /// Reads `2018`, `2018-06` or `2018-06-29`; nil where the text is none of these or no such day exists.
    public init?(_ text: String) {
        var text = text
        guard let date = text.withUTF8({ ReducedDate(utf8: $0) }) else { return nil }
        self = date
    }

    /// Reads a date given as UTF-8, as `init(_:)` does. - Complexity: O(1), no allocation
    public init?(utf8: UnsafeBufferPointer<UInt8>) {
        guard utf8.count == 4 || utf8.count == 7 || utf8.count == 10 else { return nil }
        var numbers: (year: Int32, month: Int32, day: Int32) = (0, 0, 0)
        for (position, byte) in utf8.enumerated() {
            if position == 4 || position == 7 {
                guard byte == 0x2d else { return nil }
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            let digit = Int32(byte - 0x30)
            switch position {
            case 0..<4: numbers.year = numbers.year * 10 + digit
            case 4..<7: numbers.month = numbers.month * 10 + digit
            default: numbers.day = numbers.day * 10 + digit
            }
        }
        guard numbers.year > 0, utf8.count < 7 || (1...12).contains(numbers.month) else { return nil }
        if utf8.count == 10 {
            let days = Self.days(inMonth: Int(numbers.month), year: Int(numbers.year))
            guard (1...days).contains(Int(numbers.day)) else { return nil }
        }
        packed = numbers.year * 10_000 + numbers.month * 100 + numbers.day
    }

    /// The year.
    public var year: Int { Int(packed) / 10_000 }
    /// The month, 1 to 12, or nil where only the year is stated.
    public var month: Int? { packed / 100 % 100 == 0 ? nil : Int(packed / 100 % 100) }
    /// The day of the month, or nil where it is not stated.
    public var day: Int? { packed % 100 == 0 ? nil : Int(packed % 100) }

    /// The first day that the date can mean, packed in full.
    public var firstDay: Int32 {
        Int32(year * 10_000 + (month ?? 1) * 100 + (day ?? 1))
    }

    /// The last day that the date can mean, packed in full.
    public var lastDay: Int32 {
        let month = month ?? 12
        return Int32(year * 10_000 + month * 100 + (day ?? Self.days(inMonth: month, year: year)))
    }

    /// The day after the last day that the date can mean, packed in full; nil for the last day that can be written, by
    /// which some mean that there is no end.
    public var dayAfter: Int32? {
        let (year, month, day) = (Int(lastDay) / 10_000, Int(lastDay) / 100 % 100, Int(lastDay) % 100)
        if day < Self.days(inMonth: month, year: year) { return lastDay + 1 }
        if month < 12 { return Int32(year * 10_000 + (month + 1) * 100 + 1) }
        return year < 9999 ? Int32((year + 1) * 10_000 + 101) : nil
    }

    /// Orders by first possible day, then by last.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.firstDay, lhs.lastDay) < (rhs.firstDay, rhs.lastDay)
    }

    /// The date in ISO 8601, in its own precision.
    public var description: String {
        let digits = String(packed + 1_0000_00_00).dropFirst()
        let year = digits.prefix(4)
        guard month != nil else { return String(year) }
        let month = digits.dropFirst(4).prefix(2)
        return day == nil ? "\(year)-\(month)" : "\(year)-\(month)-\(digits.suffix(2))"
    }

    /// How many days a month of the Gregorian calendar has.
    static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
