import Synchronization

/// One answered request, without anything of its sender or its query.
struct RequestRecord: Hashable, Sendable {
    let method: String
    let route: String
    let status: Int
}

/// Counts answered requests. The labels are closed sets, so what is held is bounded.
final class RequestMetrics: Sendable {
    /// Upper bounds of the buckets of durations, in seconds.
    static let buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]

    /// The durations of one route.
    struct Durations: Sendable {
        var counts = [Int](repeating: 0, count: RequestMetrics.buckets.count)
        var count = 0
        var sum = 0.0
    }

    struct Account: Sendable {
        var requests: [RequestRecord: Int] = [:]
        var bytes: [String: Int] = [:]
        var durations: [String: Durations] = [:]
    }

    private let state = Mutex(Account())

    /// What has been counted so far.
    var account: Account { state.withLock { $0 } }

    /// Counts one answered request.
    func count(_ record: RequestRecord, bytes: Int, seconds: Double) {
        state.withLock { state in
            state.requests[record, default: 0] += 1
            state.bytes[record.route, default: 0] += bytes
            var durations = state.durations[record.route] ?? Durations()
            for (position, bound) in Self.buckets.enumerated() where seconds <= bound {
                durations.counts[position] += 1
            }
            durations.count += 1
            durations.sum += seconds
            state.durations[record.route] = durations
        }
    }
}
