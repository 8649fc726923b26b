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
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let widths = [4, 2, 2]
        guard (1...3).contains(parts.count) else { return nil }
        var numbers = [0, 0, 0]
        for (position, part) in parts.enumerated() {
            guard part.utf8.count == widths[position], part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(part), number > 0
            else { return nil }
            numbers[position] = number
        }
        guard numbers[1] <= 12, numbers[2] <= Self.days(inMonth: max(1, numbers[1]), year: numbers[0]) else {
            return nil
        }
        packed = Int32(numbers[0] * 10_000 + numbers[1] * 100 + numbers[2])
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
