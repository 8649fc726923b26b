import Synchronization

/// A value that is made when it is first asked for, and kept.
///
/// Whoever asks meanwhile waits, so it is made once: ask off the event loops. What could not be made is tried again at
/// the next question. Safe to use from any thread.
final class Once<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    /// The value where it is made already; does not wait for who is making it.
    var known: Value? { state.withLockIfAvailable { $0 } ?? nil }

    /// The value, made now where nobody has asked for it before.
    func value<Failure: Error>(_ make: () throws(Failure) -> Value) throws(Failure) -> Value {
        let result = state.withLock { state -> Result<Value, Failure> in
            if let state { return .success(state) }
            let made = Result { () throws(Failure) -> Value in try make() }
            if case .success(let value) = made { state = value }
            return made
        }
        return try result.get()
    }
}
