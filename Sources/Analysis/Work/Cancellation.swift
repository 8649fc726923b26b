/// Asks whether an analysis is still wanted: long loops ask between their pieces, so that work for a client who has
/// gone away ends soon.
///
/// A value instead of `Task.isCancelled`, because the pieces of an analysis run on threads that belong to no task.
public struct Cancellation: Sendable {
    private let isCancelled: @Sendable () -> Bool

    /// Takes the question; it is asked from several threads at once.
    public init(_ isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

    /// The analysis runs to its end.
    public static let never = Cancellation { false }

    /// Whether the analysis is no longer wanted.
    public var isRequested: Bool { isCancelled() }

    /// Throws where the analysis is no longer wanted.
    ///
    /// - Throws: `AnalysisError.cancelled`.
    public func check() throws(AnalysisError) {
        if isCancelled() { throw .cancelled }
    }
}
