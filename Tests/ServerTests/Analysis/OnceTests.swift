import Synchronization
import Testing

@testable import Server

@Suite struct OnceTests {
    @Test func aValueIsMadeOnceAndAFailureTriedAgain() async throws {
        let once = Once<Int>()
        let calls = Calls()
        #expect(throws: CancellationError.self) {
            try once.value { () throws(CancellationError) -> Int in throw CancellationError() }
        }
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { once.value { calls.note() } } }
            for await value in group { #expect(value == 7) }
        }
        #expect(calls.count == 1)
    }

    private final class Calls: Sendable {
        private let calls = Mutex(0)

        var count: Int { calls.withLock { $0 } }

        func note() -> Int {
            calls.withLock { $0 += 1 }
            return 7
        }
    }
}
