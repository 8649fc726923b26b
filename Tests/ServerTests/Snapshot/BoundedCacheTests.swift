import Testing

@testable import Server

@Suite struct BoundedCacheTests {
    @Test func keepsWhatIsUsedAndForgetsTheRest() {
        let cache = BoundedCache<Int, Int>(limit: 100)
        cache.insert(1, for: 1, cost: 10)
        for key in 2...40 {
            cache.insert(key, for: key, cost: 10)
            #expect(cache.value(for: 1) == 1)
        }
        #expect(cache.value(for: 2) == nil)
        #expect(cache.value(for: 40) == 40)
    }

    @Test func holdsNoMoreThanItsLimit() {
        let cache = BoundedCache<Int, Int>(limit: 100)
        for key in 1...1000 { cache.insert(key, for: key, cost: 7) }
        let held = (1...1000).filter { cache.value(for: $0) != nil }
        #expect(held.count * 7 <= 100)
        #expect(!held.isEmpty)
    }

    @Test func refusesWhatIsTooLarge() {
        let cache = BoundedCache<Int, Int>(limit: 100)
        cache.insert(1, for: 1, cost: 26)
        #expect(cache.value(for: 1) == nil)
    }

    @Test func accountsForWhatItHolds() {
        let cache = BoundedCache<Int, Int>(limit: 100)
        for key in 1...1000 {
            cache.insert(key, for: key % 30, cost: 6)
            _ = cache.value(for: key % 7)
            #expect(cache.account.cost == 6 * cache.account.entries)
            #expect(cache.account.cost <= 100)
            #expect(cache.account.entries >= min(key, 8))
        }
        #expect(cache.account.limit == 100 && cache.account.hits > 0 && cache.account.misses > 0)
    }

    @Test func withoutALimitItHoldsNothing() {
        let cache = BoundedCache<Int, Int>(limit: 0)
        cache.insert(1, for: 1, cost: 0)
        #expect(cache.value(for: 1) == nil)
        #expect(cache.account == CacheAccount())
    }
}
