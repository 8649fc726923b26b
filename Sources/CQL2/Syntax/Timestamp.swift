/// An instant in UTC, to the nanosecond, years 0 to 9999. Leap seconds are not counted.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// The day in UTC.
    public let date: CalendarDate
    /// Nanoseconds since midnight.
    public let nanoseconds: Int64

    /// Makes an instant; nil for a time of day that does not exist.
    public init?(date: CalendarDate, nanoseconds: Int64) {
        guard (0..<86_400_000_000_000).contains(nanoseconds) else { return nil }
        self.date = date
        self.nanoseconds = nanoseconds
    }

    /// Makes an instant of seconds since 1 January 1970; nil outside the years 0 to 9999.
    public init?(secondsSince1970 seconds: Int64, nanoseconds: Int64 = 0) {
        guard (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let day = remainder < 0 ? quotient - 1 : quotient
        guard let date = CalendarDate(daysSince1970: Int(day)) else { return nil }
        self.init(date: date, nanoseconds: (seconds - day * 86_400) * 1_000_000_000 + nanoseconds)
    }

    /// Reads `2022-04-16T10:13:19Z` with up to nine digits of a second: the `utcTime` of CQL2's grammar.
    public init?(_ text: some StringProtocol) {
        self.init(digits: Array(text.utf8)[...])
    }

    init?(digits: ArraySlice<UInt8>) {
        let start = digits.startIndex
        guard digits.count >= 20, digits.last == UInt8(ascii: "Z"), digits[start + 10] == UInt8(ascii: "T"),
            digits[start + 13] == UInt8(ascii: ":"), digits[start + 16] == UInt8(ascii: ":"),
            let date = CalendarDate(digits: digits[start..<start + 10]),
            let hour = digits[start + 11..<start + 13].decimal, hour < 24,
            let minute = digits[start + 14..<start + 16].decimal, minute < 60,
            let second = digits[start + 17..<start + 19].decimal, second < 60
        else { return nil }
        var fraction = 0
        let rest = digits[start + 19..<digits.endIndex - 1]
        if let point = rest.first {
            let decimals = rest.dropFirst()
            guard point == UInt8(ascii: "."), decimals.count <= 9, let number = decimals.decimal else { return nil }
            fraction = (0..<9 - decimals.count).reduce(number) { number, _ in number * 10 }
        }
        self.init(date: date, nanoseconds: Int64((hour * 60 + minute) * 60 + second) * 1_000_000_000 + Int64(fraction))
    }

    /// Orders instants by time.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.date == rhs.date ? lhs.nanoseconds < rhs.nanoseconds : lhs.date < rhs.date
    }
}

extension Timestamp: CustomStringConvertible {
    /// `2022-04-16T10:13:19Z`, with as many digits of a second as it needs.
    public var description: String {
        let seconds = Int(nanoseconds / 1_000_000_000)
        var fraction = Int(nanoseconds % 1_000_000_000).padded(to: 9)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0.padded(to: 2) }.joined(separator: ":")
        return "\(date)T\(time)\(fraction.isEmpty ? "" : ".\(fraction)")Z"
    }
}
