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

    /// Calls a closure for each of some pieces of work, from several threads at once.
    static func run(_ pieces: Int, _ body: @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: pieces, execute: body)
    }

    /// An array whose elements the pieces put in place.
    ///
    /// - Parameter body: sets every element of a range; called from several threads at once.
    static func fill<Element: BitwiseCopyable>(
        _ count: Int, size: Int, of element: Element.Type,
        _ body: @Sendable (Range<Int>, UnsafeMutableBufferPointer<Element>) -> Void
    ) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            // The pieces share no memory.
            nonisolated(unsafe) let elements = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            run((count + size - 1) / size) { piece in
                body(piece * size..<min((piece + 1) * size, count), elements)
            }
            initialized = count
        }
    }

    /// Two arrays whose elements the pieces put in place.
    ///
    /// - Parameter body: sets every element of a range in both; called from several threads at once.
    /// - Throws: the error of the first piece, in order, that failed; `AnalysisError.cancelled`.
    static func fill<First: BitwiseCopyable, Second: BitwiseCopyable>(
        _ count: Int, size: Int, of first: First.Type, _ second: Second.Type, _ cancellation: Cancellation = .never,
        _ body:
            @Sendable (
                Range<Int>, UnsafeMutableBufferPointer<First>, UnsafeMutableBufferPointer<Second>
            ) throws(AnalysisError) -> Void
    ) throws(AnalysisError) -> ([First], [Second]) {
        var failure: AnalysisError?
        var seconds: [Second] = []
        let firsts = [First](unsafeUninitializedCapacity: count) { firstBuffer, initialized in
            seconds = [Second](unsafeUninitializedCapacity: count) { secondBuffer, initialized in
                // The pieces share no memory.
                nonisolated(unsafe) let (firsts, seconds) = (firstBuffer, secondBuffer)
                do throws(AnalysisError) {
                    _ = try map(count, size: size, cancellation) { (range) throws(AnalysisError) in
                        try body(range, firsts, seconds)
                    }
                    initialized = count
                } catch {
                    failure = error
                }
            }
            initialized = seconds.count
        }
        if let failure { throw failure }
        return (firsts, seconds)
    }
}
