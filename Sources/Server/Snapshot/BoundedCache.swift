import Synchronization

/// A cache of bounded cost that forgets what was not used for longest, roughly.
///
/// Two generations: entries are put into the young one; when it holds half of the limit it becomes the old one and
/// the former old one is dropped; a hit in the old one brings an entry back. Every operation is O(1), and what is
/// used survives. Safe to use from any thread.
final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var young: [Key: (value: Value, cost: Int)] = [:]
        var old: [Key: (value: Value, cost: Int)] = [:]
        var youngCost = 0
        var hits = 0
        var misses = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// Makes a cache that holds entries up to a total cost.
    init(limit: Int) { self.limit = limit }

    /// The value of a key, where it is held.
    func value(for key: Key) -> Value? {
        state.withLock { state in
            if let entry = state.young[key] {
                state.hits += 1
                return entry.value
            }
            guard let entry = state.old[key] else {
                state.misses += 1
                return nil
            }
            state.hits += 1
            insert(entry, for: key, into: &state)
            return entry.value
        }
    }

    /// Holds a value; one that alone costs more than a quarter of the limit is not held.
    func insert(_ value: Value, for key: Key, cost: Int) {
        guard cost <= limit / 4 else { return }
        state.withLock { insert((value, cost), for: key, into: &$0) }
    }

    /// How many look-ups found something, and how many did not.
    var account: (hits: Int, misses: Int) { state.withLock { ($0.hits, $0.misses) } }

    private func insert(_ entry: (value: Value, cost: Int), for key: Key, into state: inout State) {
        if state.youngCost + entry.cost > limit / 2 {
            state.old = state.young
            state.young = [:]
            state.youngCost = 0
        }
        state.youngCost += entry.cost - (state.young[key]?.cost ?? 0)
        state.young[key] = entry
    }
}
