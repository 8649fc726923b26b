import Analysis
import HTTPTypes
import NIOPosix
import Synchronization

/// A few threads for work that takes long: tiles, large answers, reloads. Event loops stay free for the others.
///
/// The queue is bounded: where more work waits than will be done in a bearable time, a request is told so at once.
final class Workers: Sendable {
    private let pool: NIOThreadPool
    private let waiting = Atomic<Int>(0)

    /// The most requests that may wait for a thread.
    private static let longestQueue = 512

    /// Starts the threads.
    init(count: Int = 2) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    deinit { pool.shutdownGracefully { _ in } }

    /// Runs work for a client on one of the threads.
    ///
    /// The work is told when nobody wants its result any more: the client has gone away, or the task is cancelled. Work
    /// that is not begun by then never is.
    /// - Throws: as `run` does; `CancellationError`.
    func run<Value: Sendable>(
        for client: ClientPresence, _ work: @escaping @Sendable (Cancellation) throws -> Value
    ) async throws -> Value {
        let isCancelled = CancellationMark()
        let cancellation = Cancellation { isCancelled.isSet || client.hasLeft }
        return try await withTaskCancellationHandler {
            try await run {
                guard !isCancelled.isSet, !client.hasLeft else { throw CancellationError() }
                do {
                    return try work(cancellation)
                } catch {
                    // Whatever the work made of it.
                    throw cancellation.isRequested ? CancellationError() : error
                }
            }
        } onCancel: {
            isCancelled.set()
        }
    }

    /// Runs work on one of the threads.
    ///
    /// - Throws: what the work throws; a problem of status 503 where the queue is full.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let queued = waiting.wrappingAdd(1, ordering: .relaxed).newValue
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        guard queued <= Self.longestQueue else {
            throw Problem(.serviceUnavailable, "too many requests at once; try again", headers: [.retryAfter: "1"])
        }
        return try await pool.runIfActive(work)
    }
}

/// A mark that is set once, from any thread.
private final class CancellationMark: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
