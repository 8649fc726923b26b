import Synchronization

/// The snapshot that is served now, swapped as a whole, with the account of the reloads.
final class CurrentSnapshot: Sendable {
    /// How the last attempts to load went.
    struct ReloadAccount: Sendable {
        /// Snapshots taken over since the start, the first one left aside.
        var succeeded = 0
        /// Attempts that failed since the start.
        var failed = 0
        /// Whether the last attempt failed, so that what is served may be older than the file.
        var isFailing = false
    }

    private let state: Mutex<(served: ServedSnapshot, account: ReloadAccount)>

    /// Starts with a first snapshot.
    init(_ first: ServedSnapshot) { state = Mutex((first, ReloadAccount())) }

    /// What a request takes, once.
    var served: ServedSnapshot { state.withLock { $0.served } }

    /// How reloading goes.
    var account: ReloadAccount { state.withLock { $0.account } }

    /// Takes over a new snapshot. Requests that hold the old one finish with it.
    func replace(with next: ServedSnapshot) {
        state.withLock {
            $0.served = next
            $0.account.succeeded += 1
            $0.account.isFailing = false
        }
    }

    /// Notes that the source was looked at and holds what is served.
    func noteUnchanged() { state.withLock { $0.account.isFailing = false } }

    /// Notes that a reload failed: the old snapshot stays.
    func noteFailure() {
        state.withLock {
            $0.account.failed += 1
            $0.account.isFailing = true
        }
    }
}
