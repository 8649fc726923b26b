internal import Synchronization

/// A transformation that several threads may ask for: some transformers, each used by one thread at a time.
///
/// PROJ takes tens of milliseconds to find the way between two CRSs, so a transformer must be kept, but it belongs to
/// one thread at a time. Here a thread borrows one that is free, and waits where none is.
public final class SharedTransformer<Source: ReferenceFrame, Target: ReferenceFrame>: Sendable {
    private final class Slot: Sendable {
        let transformer: Mutex<CoordinateTransformer<Source, Target>>

        init(_ source: String, _ target: String) throws(GeometryError) {
            // Each has a context of its own.
            let context = try ProjContext()
            let made = try CoordinateTransformer<Source, Target>(
                from: CoordinateReferenceSystem(source, in: context),
                to: CoordinateReferenceSystem(target, in: context), in: context)
            transformer = Mutex(made)
        }
    }

    private let slots: [Slot]

    /// Prepares transformers between two CRSs given as in `CoordinateReferenceSystem`.
    ///
    /// - Parameter count: how many threads can work at once, at least one.
    /// - Throws: `GeometryError` where a CRS is not known or PROJ knows no way between the two.
    public init(from source: String, to target: String, count: Int) throws(GeometryError) {
        var slots: [Slot] = []
        for _ in 0..<max(1, count) { slots.append(try Slot(source, target)) }
        self.slots = slots
    }

    /// Lends a transformer for the length of a call. Blocks while all are in use.
    public func use<Result: Sendable, Failure>(
        _ body: @Sendable (borrowing CoordinateTransformer<Source, Target>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        for slot in slots {
            let result = try slot.transformer.withLockIfAvailable { (transformer) throws(Failure) -> Result? in
                try body(transformer)
            }
            if let result = result ?? nil { return result }
        }
        return try slots[0].transformer.withLock { (transformer) throws(Failure) in try body(transformer) }
    }
}
