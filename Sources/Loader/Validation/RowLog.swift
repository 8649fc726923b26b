import NetworkModel

/// What happens to the rows of one batch: the first reason for a rejection counts, repairs and notes of rejected
/// rows are dropped.
struct RowLog {
    /// How a row stands.
    enum Status: UInt8, BitwiseCopyable {
        case loaded
        case repaired
        case rejected
        /// Left out by the mapping's `where`.
        case filtered
    }

    private(set) var status: [Status]
    private var issues: [(row: Int, issue: RowIssue)] = []
    private let lines: [Int]
    /// How many more issues of each kind are listed; beyond that they are only counted.
    private var budget: IssueBudget

    init(lines: [Int], budget: IssueBudget) {
        self.lines = lines
        self.budget = budget
        status = [Status](repeating: .loaded, count: lines.count)
    }

    /// Whether a row is still on its way into the table.
    @inline(__always)
    func isAlive(_ row: Int) -> Bool { status[row].rawValue < Status.rejected.rawValue }

    /// Where a row begins in its file.
    func line(_ row: Int) -> Int { lines[row] }

    var hasLosses: Bool { status.contains { $0.rawValue >= Status.rejected.rawValue } }

    mutating func filter(_ row: Int) { status[row] = .filtered }

    mutating func reject(
        _ row: Int, _ field: String?, _ value: @autoclosure () -> String, _ reason: @autoclosure () -> String
    ) {
        guard isAlive(row) else { return }
        status[row] = .rejected
        guard budget.take(.rejected) else { return }
        issues.append((row, RowIssue(.rejected, line: lines[row], field: field, value: value(), reason: reason())))
    }

    mutating func repair(
        _ row: Int, _ field: String?, _ value: @autoclosure () -> String, _ reason: @autoclosure () -> String
    ) {
        guard isAlive(row) else { return }
        status[row] = .repaired
        guard budget.take(.repaired) else { return }
        issues.append((row, RowIssue(.repaired, line: lines[row], field: field, value: value(), reason: reason())))
    }

    mutating func note(
        _ row: Int, _ field: String?, _ value: @autoclosure () -> String, _ reason: @autoclosure () -> String
    ) {
        guard isAlive(row), budget.take(.noted) else { return }
        issues.append((row, RowIssue(.noted, line: lines[row], field: field, value: value(), reason: reason())))
    }

    /// Adds the batch to the account of its input.
    func close(into report: inout InputReport, budget: inout IssueBudget) {
        for status in status {
            switch status {
            case .loaded: report.loaded += 1
            case .repaired: report.repaired += 1
            case .rejected: report.rejected += 1
            case .filtered: report.filtered += 1
            }
        }
        budget = self.budget
        let kept = issues.filter { $0.issue.outcome == .rejected || isAlive($0.row) }
        report.issues += kept.sorted { $0.row < $1.row }.map(\.issue)
    }
}

/// How many issues an input's report still lists: a million of the same kind help nobody and fill the memory.
struct IssueBudget: Sendable {
    /// The most rejected rows, repairs and notes that a report lists.
    static let limits: [RowIssue.Outcome: Int] = [.rejected: 100_000, .repaired: 10_000, .noted: 10_000]

    private var used: [RowIssue.Outcome: Int] = [:]

    init() {}

    mutating func take(_ outcome: RowIssue.Outcome) -> Bool {
        used[outcome, default: 0] += 1
        return used[outcome, default: 0] <= Self.limits[outcome, default: 0]
    }

    /// What was counted and not listed.
    var notes: [String] {
        [RowIssue.Outcome.rejected, .repaired, .noted].compactMap { outcome in
            let over = used[outcome, default: 0] - Self.limits[outcome, default: 0]
            return over > 0
                ? "\(over) further issues of the kind '\(outcome.rawValue)' are counted but not listed" : nil
        }
    }
}
