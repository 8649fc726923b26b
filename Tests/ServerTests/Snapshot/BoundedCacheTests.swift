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
}
