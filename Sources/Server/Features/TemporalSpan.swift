import NetworkModel

/// From when to when the features of a collection are; nil is open.
struct TemporalSpan: Sendable, Hashable {
    /// The first instant (RFC 3339).
    let begin: String?
    /// The last instant.
    let end: String?

    /// Takes instants.
    init(begin: String?, end: String?) {
        self.begin = begin
        self.end = end
    }

    /// The span of the validity of offers. Validity without a stated end is open, whatever the last stated day is.
    init(offers: Table) {
        let (begins, ends) = (offers.date("valid_from"), offers.date("valid_to"))
        let day = { (packed: Int32?, time: String) -> String? in
            packed.flatMap { ReducedDate(packed: $0) }.map { "\($0)T\(time)Z" }
        }
        begin =
            begins.contains(0)
            ? nil : day(begins.compactMap { ReducedDate(packed: $0) }.min()?.firstDay, "00:00:00")
        end =
            ends.contains(0) ? nil : day(ends.compactMap { ReducedDate(packed: $0)?.lastDay }.max(), "23:59:59")
    }
}

/// The columns of a layer that say when its rows are: what the parameter `datetime` is about.
///
/// A file does not say which of its columns that is. Taken are two columns of one of the usual pairs of names, else the
/// only column of dates or instants; of a layer with none or with several, every row meets every interval.
struct LayerTime: Sendable, Hashable {
    /// The position of the column that says when a row begins.
    let from: Int
    /// The position of the column that says when it ends; the same where there is but one.
    let to: Int

    /// The usual names of a beginning and its end.
    private static let pairs = [
        ("valid_from", "valid_to"), ("start", "end"), ("begin", "end"), ("start_date", "end_date"), ("from", "to"),
        ("beginn", "ende"),
    ]

    /// Finds the columns; nil where none is plain.
    init?(_ fields: [Field]) {
        let positions = fields.indices.filter { fields[$0].type == .date || fields[$0].type == .timestamp }
        let position = { (name: String) in positions.first { fields[$0].name.lowercased() == name } }
        for (first, second) in Self.pairs {
            guard let from = position(first), let to = position(second) else { continue }
            self.from = from
            self.to = to
            return
        }
        guard positions.count == 1 else { return nil }
        from = positions[0]
        to = positions[0]
    }

    /// Whether a row meets an interval; a side that is not stated is open.
    func meets(_ interval: TemporalInterval, _ row: Int, of table: FeatureTable) -> Bool {
        if let last = interval.lastInstant, let begin = Self.bounds(table.columns[from], row)?.first, begin > last {
            return false
        }
        if let first = interval.firstInstant, let end = Self.bounds(table.columns[to], row)?.last, end < first {
            return false
        }
        return true
    }

    /// The span of all rows; a row that states nothing leaves it open on that side. - Complexity: O(n)
    func span(of table: FeatureTable) -> TemporalSpan {
        var (begin, end): (Int64?, Int64?) = (nil, nil)
        var (hasOpenBegin, hasOpenEnd) = (table.count == 0, table.count == 0)
        for row in 0..<table.count {
            if let bounds = Self.bounds(table.columns[from], row) {
                begin = min(begin ?? .max, bounds.first)
            } else {
                hasOpenBegin = true
            }
            if let bounds = Self.bounds(table.columns[to], row) {
                end = max(end ?? .min, bounds.last)
            } else {
                hasOpenEnd = true
            }
        }
        return TemporalSpan(
            begin: hasOpenBegin ? nil : begin.flatMap(TimestampText.text),
            end: hasOpenEnd ? nil : end.flatMap(TimestampText.text))
    }

    /// The first and last millisecond of a date, or the instant; nil where nothing is stated.
    private static func bounds(_ column: Column, _ row: Int) -> (first: Int64, last: Int64)? {
        switch column {
        case .timestamp(let instants): instants[row] == Column.missingInteger ? nil : (instants[row], instants[row])
        case .date(let dates):
            ReducedDate(packed: dates[row]).map {
                (TemporalInterval.milliseconds($0.firstDay), TemporalInterval.milliseconds($0.lastDay) + 86_399_999)
            }
        default: nil
        }
    }
}
