import Synchronization

/// A cache of bounded cost that forgets what was not used for longest, roughly.
///
/// Two generations: entries are put into the young one; when it holds half of the limit it becomes the old one and
/// the former old one is dropped; a hit in the old one brings an entry back. Every operation is O(1), and what is
/// used survives. Safe to use from any thread.
final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Entry = (value: Value, cost: Int)

    private struct State {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngCost = 0
        var oldCost = 0
        var hits = 0
        var misses = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// Makes a cache that holds entries up to a total cost; with a limit of 0 it holds nothing and counts nothing.
    init(limit: Int) { self.limit = limit }

    /// The value of a key, where it is held.
    func value(for key: Key) -> Value? {
        guard limit > 0 else { return nil }
        return state.withLock { state in
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
        guard limit > 0, cost <= limit / 4 else { return }
        state.withLock { insert((value, cost), for: key, into: &$0) }
    }

    /// What is held, and how many look-ups found something.
    var account: CacheAccount {
        state.withLock {
            CacheAccount(
                entries: $0.young.count + $0.old.count, cost: $0.youngCost + $0.oldCost, limit: limit, hits: $0.hits,
                misses: $0.misses)
        }
    }

    private func insert(_ entry: Entry, for key: Key, into state: inout State) {
        // An entry stands in one generation only, so that none is counted twice.
        if let former = state.old.removeValue(forKey: key) { state.oldCost -= former.cost }
        if let former = state.young.removeValue(forKey: key) { state.youngCost -= former.cost }
        if state.youngCost + entry.cost > limit / 2 {
            state.old = state.young
            state.oldCost = state.youngCost
            state.young = [:]
            state.youngCost = 0
        }
        state.young[key] = entry
        state.youngCost += entry.cost
    }
}

/// What a cache holds and what it was asked for.
struct CacheAccount: Sendable, Hashable {
    /// The number of entries that are held.
    var entries = 0
    /// What they cost together; never more than `limit`.
    var cost = 0
    /// What they may cost.
    var limit = 0
    /// How many look-ups found something.
    var hits = 0
    /// How many did not.
    var misses = 0
}
