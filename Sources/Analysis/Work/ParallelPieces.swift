internal import Dispatch
internal import Synchronization

/// Work on a range cut into pieces, on all cores.
///
/// The pieces depend on the count alone and their results come back in order, so an answer does not depend on how many
/// threads there are or on which of them is first. Blocks the calling thread: call it off the event loops.
enum ParallelPieces {
    /// The results of all pieces, in order.
    ///
    /// - Parameters:
    ///   - count: how many elements there are.
    ///   - size: how many elements make a piece; large enough that a piece takes far longer than the few microseconds
    ///     that handing it out costs.
    ///   - body: works on a piece; called from several threads at once.
    /// - Throws: the error of the first piece, in order, that failed; `AnalysisError.cancelled`.
    static func map<Value: Sendable>(
        _ count: Int, size: Int, _ cancellation: Cancellation = .never,
        _ body: @Sendable (Range<Int>) throws(AnalysisError) -> Value
    ) throws(AnalysisError) -> [Value] {
        let pieces = (count + size - 1) / size
        @Sendable func run(_ piece: Int) -> Result<Value, AnalysisError> {
            do throws(AnalysisError) {
                try cancellation.check()
                return .success(try body(piece * size..<min((piece + 1) * size, count)))
            } catch {
                return .failure(error)
            }
        }
        var values: [Value] = []
        values.reserveCapacity(pieces)
        guard pieces > 1 else {
            if pieces == 1 { values.append(try run(0).get()) }
            return values
        }
        let results = Mutex([Result<Value, AnalysisError>?](repeating: nil, count: pieces))
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let result = run(piece)
            results.withLock { $0[piece] = result }
        }
        for case let result? in results.withLock({ $0 }) { values.append(try result.get()) }
        return values
    }
}
