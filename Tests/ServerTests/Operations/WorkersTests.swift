import Analysis
import Synchronization
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(10))) struct WorkersTests {
    @Test func workIsToldThatItsClientHasLeft() async throws {
        let workers = Workers(count: 1)
        let client = ClientPresence()
        // Whatever the work makes of it.
        await #expect(throws: CancellationError.self) {
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
        let events = Events()
        let task = Task {
            try await workers.run(for: ClientPresence()) { cancellation in
                events.note("begun")
                do {
                    while true { try cancellation.check() }
                } catch {
                    events.note("stopped")
                    throw error
                }
            }
        }
        while events.all.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(events.all == ["begun", "stopped"])
    }

    /// What happened, in order.
    private final class Events: Sendable {
        private let events = Mutex<[String]>([])

        var all: [String] { events.withLock { $0 } }

        func note(_ event: String) { events.withLock { $0.append(event) } }
    }
}
