import HTTPTypes
import NetworkModel

/// A span of days from the parameter `datetime`, an open side being nil.
///
/// Validity is stated in days, months or years, so days are what is compared: of a date-time its calendar day counts.
struct TemporalInterval: Hashable, Sendable {
    /// The first day, packed as year, month, day.
    let first: Int32?
    /// The last day, included.
    let last: Int32?
    /// The first instant, in milliseconds since 1970: for features that state instants, not days.
    let firstInstant: Int64?
    /// The last instant, included.
    let lastInstant: Int64?

    private static let expected =
        "an instant such as 2024-06-30 or 2024-06-30T12:00:00Z, or an interval a/b, ../b or a/.."

    /// Reads an instant or an interval as OGC API Features defines them.
    init(_ text: String) throws(Problem) {
        let problem = Problem(
            .badRequest, "parameter 'datetime' has the value '\(text.clipped)'; expected \(Self.expected)",
            parameter: "datetime")
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1, let day = Self.day(parts[0]) {
            first = day
            last = day
            firstInstant = Self.instant(parts[0], day, isEnd: false)
            lastInstant = Self.instant(parts[0], day, isEnd: true)
            return
        }
        guard parts.count == 2 else { throw problem }
        let ends = parts.map { (isOpen: $0.isEmpty || $0 == "..", day: Self.day($0)) }
        guard ends.allSatisfy({ $0.isOpen || $0.day != nil }), !ends.allSatisfy(\.isOpen) else { throw problem }
        first = ends[0].day
        last = ends[1].day
        firstInstant = ends[0].day.flatMap { Self.instant(parts[0], $0, isEnd: false) }
        lastInstant = ends[1].day.flatMap { Self.instant(parts[1], $0, isEnd: true) }
        if let first, let last, first > last { throw problem }
        if let firstInstant, let lastInstant, firstInstant > lastInstant { throw problem }
    }

    /// Whether a stated validity meets the span; a side that is not stated is open.
    func meets(from: ReducedDate?, to: ReducedDate?) -> Bool {
        if let last, let from, from.firstDay > last { return false }
        if let first, let to, to.lastDay < first { return false }
        return true
    }

    /// The instant of a date-time, or the first or last millisecond of a day.
    private static func instant(_ text: Substring, _ day: Int32, isEnd: Bool) -> Int64? {
        guard text.utf8.count > 10 else { return milliseconds(day) + (isEnd ? 86_399_999 : 0) }
        var text = String(text)
        // A leap second is the end of its day.
        return text.withUTF8 { TimestampText.milliseconds(utf8: $0) } ?? milliseconds(day) + 86_399_999
    }

    /// The first millisecond of a day that is packed as year, month, day.
    static func milliseconds(_ day: Int32) -> Int64 {
        var text = ReducedDate(packed: day).map { "\($0)T00:00Z" } ?? ""
        return text.withUTF8 { TimestampText.milliseconds(utf8: $0) } ?? 0
    }

    /// The day of a full date or of a date-time of RFC 3339.
    private static func day(_ text: Substring) -> Int32? {
        let date = text.prefix(10)
        guard date.utf8.count == 10, let day = ReducedDate(String(date)), day.day != nil else { return nil }
        let time = text.dropFirst(10)
        return time.isEmpty || isTime(time) ? day.firstDay : nil
    }

    /// Whether a text is `T`, a time of day and an offset.
    private static func isTime(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[0] | 0x20 == UInt8(ascii: "t"),
            let hour = twoDigits(bytes[1...]), hour < 24, bytes[3] == 0x3a,
            let minute = twoDigits(bytes[4...]), minute < 60, bytes[6] == 0x3a,
            let second = twoDigits(bytes[7...]), second <= 60
        else { return false }
        var rest = bytes[9...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return false }
            rest = rest[digits.endIndex...]
        }
        if rest.count == 1 { return rest.first.map { $0 | 0x20 } == UInt8(ascii: "z") }
        guard rest.count == 6, rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") else { return false }
        let offset = Array(rest)
        guard let hours = twoDigits(offset[1...]), let minutes = twoDigits(offset[4...]) else { return false }
        return hours < 24 && offset[3] == 0x3a && minutes < 60
    }

    private static func twoDigits(_ bytes: ArraySlice<UInt8>) -> Int? {
        let digits = bytes.prefix(2).compactMap { (0x30...0x39).contains($0) ? Int($0) - 0x30 : nil }
        return digits.count == 2 ? digits[0] * 10 + digits[1] : nil
    }
}
