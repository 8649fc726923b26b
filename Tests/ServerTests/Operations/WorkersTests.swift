import Analysis
import Synchronization
import Testing

@testable import Server

@Suite struct WorkersTests {
    @Test func workIsToldThatItsClientHasLeft() async throws {
        let workers = Workers(count: 1)
        let client = ClientPresence()
        await #expect(throws: AnalysisError.cancelled) {
            try await workers.run(for: client) { cancellation in
                try cancellation.check()
                client.leave()
                try cancellation.check()
            }
        }
        await #expect(throws: CancellationError.self) {
            try await workers.run(for: client) { _ in Issue.record("work for nobody was begun") }
        }
    }

    @Test func workIsToldThatItsTaskIsCancelled() async throws {
        let workers = Workers(count: 1)
        let hasBegun = Atomic<Bool>(false)
        let wasStopped = Atomic<Bool>(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await workers.run(for: ClientPresence()) { cancellation in
                    hasBegun.store(true, ordering: .sequentiallyConsistent)
                    do {
                        while true { try cancellation.check() }
                    } catch {
                        wasStopped.store(true, ordering: .sequentiallyConsistent)
                        throw error
                    }
                }
            }
            while !hasBegun.load(ordering: .sequentiallyConsistent) { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
            await #expect(throws: (any Error).self) { try await group.next() }
        }
        let stopped = wasStopped.load(ordering: .sequentiallyConsistent)
        #expect(stopped)
    }
}
