import Dispatch
import Synchronization

/// Independent pieces of work of a command, shared out on some threads. Blocks until all are done.
struct ParallelWork: Sendable {
    /// How many pieces are done at once.
    let threads: Int

    /// The results in the order of their pieces, whichever is done first.
    ///
    /// - Throws: the error of the first piece, in their order, that has one.
    func map<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        let next = Atomic<Int>(0)
        let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while true {
                let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard position < count else { return }
                let result = Swift.Result { try body(position) }
                results.withLock { $0[position] = result }
            }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }
}
