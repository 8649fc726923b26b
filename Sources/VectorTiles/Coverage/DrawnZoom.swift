internal import Synchronization

/// The coverage of one zoom, made once by whoever needs it first; others wait for it.
final class DrawnZoom: Sendable {
    private let made = Mutex<ZoomCoverage?>(nil)

    /// The coverage where it is made already; does not wait for who is making it.
    var known: ZoomCoverage? { made.withLockIfAvailable { $0 } ?? nil }

    /// The coverage, made now where nobody has asked for it before.
    func value(_ make: () -> ZoomCoverage) -> ZoomCoverage {
        made.withLock { made in
            if let made { return made }
            let new = make()
            made = new
            return new
        }
    }
}
