internal import CQL2

/// Instants as they stand in columns, milliseconds since 1 January 1970 in UTC, and their text (RFC 3339).
public enum TimestampText {
    /// The milliseconds of a text; nil where it is no instant of the years 0 to 9999.
    ///
    /// Read are `2022-04-16T10:13:19Z`, without seconds, with a fraction, with an offset, with a blank for the T, and
    /// without any zone, which GeoPackage forbids and SQLite's own functions write: that is taken for UTC.
    /// - Complexity: O(bytes)
    public static func milliseconds(utf8: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard utf8.count >= 16, utf8.count <= 40, utf8[10] == 0x54 || utf8[10] == 0x74 || utf8[10] == 0x20,
            let date = ReducedDate(utf8: UnsafeBufferPointer(rebasing: utf8[0..<10])), date.day != nil,
            let day = CalendarDate(year: date.year, month: date.month ?? 0, day: date.day ?? 0),
            let hour = twoDigits(utf8, 11), hour < 24, utf8[13] == 0x3a, let minute = twoDigits(utf8, 14), minute < 60
        else { return nil }
        var position = 16
        var second = 0
        var fraction = 0
        if position < utf8.count, utf8[position] == 0x3a {
            guard let stated = twoDigits(utf8, 17), stated < 60 else { return nil }
            second = stated
            position = 19
            if position < utf8.count, utf8[position] == 0x2e {
                position += 1
                var scale = 100
                let start = position
                while position < utf8.count, (0x30...0x39).contains(utf8[position]) {
                    fraction += Int(utf8[position] - 0x30) * scale
                    scale /= 10
                    position += 1
                }
                guard position > start else { return nil }
            }
        }
        guard let offset = offset(utf8, position) else { return nil }
        let seconds = day.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        let result = Int64(seconds * 1000 + fraction)
        return timestamp(result) == nil ? nil : result
    }

    /// The seconds east of UTC that a text states from a position on; nil where it is no zone.
    private static func offset(_ utf8: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
        guard position < utf8.count else { return 0 }
        switch utf8[position] {
        case 0x5a, 0x7a: return position + 1 == utf8.count ? 0 : nil
        case 0x2b, 0x2d:
            guard utf8.count == position + 6, utf8[position + 3] == 0x3a, let hours = twoDigits(utf8, position + 1),
                let minutes = twoDigits(utf8, position + 4), hours < 24, minutes < 60
            else { return nil }
            return (hours * 3600 + minutes * 60) * (utf8[position] == 0x2b ? 1 : -1)
        default: return nil
        }
    }

    private static func twoDigits(_ utf8: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
        guard position + 1 < utf8.count, (0x30...0x39).contains(utf8[position]),
            (0x30...0x39).contains(utf8[position + 1])
        else { return nil }
        return Int(utf8[position] - 0x30) * 10 + Int(utf8[position + 1] - 0x30)
    }

    /// The text of a column's value, in UTC; nil where nothing is stated.
    public static func text(_ milliseconds: Int64) -> String? { timestamp(milliseconds)?.description }

    /// A column's value as conditions compare it; nil where nothing is stated.
    static func timestamp(_ milliseconds: Int64) -> Timestamp? {
        guard milliseconds != Column.missingInteger else { return nil }
        var (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1000) }
        return Timestamp(secondsSince1970: seconds, nanoseconds: rest * 1_000_000)
    }
}
