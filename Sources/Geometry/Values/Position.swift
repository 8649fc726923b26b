/// Two ordinates without a frame, laid out like a `Coordinate`.
///
/// Frames exist at compile time only, but a generic function that another module calls is not specialised and pays for
/// its type parameter on each array access. So loops over many vertices work on positions; the frame is put back on
/// the way out.
struct Position: Equatable {
    var x: Double
    var y: Double

    /// The order from west to east, then from south to north.
    @inline(__always)
    func precedes(_ other: Self) -> Bool { x < other.x || (x == other.x && y < other.y) }
}

extension Array {
    /// Lends the coordinates as positions, without copying.
    func withPositions<Frame, Result>(_ body: (UnsafeBufferPointer<Position>) -> Result) -> Result
    where Element == Coordinate<Frame> {
        // Both types are two doubles and nothing else.
        withUnsafeBytes { body($0.assumingMemoryBound(to: Position.self)) }
    }

    /// Positions in a frame: one copy of the memory.
    init<Frame>(_ positions: some RandomAccessCollection<Position>) where Element == Coordinate<Frame> {
        self.init(unsafeUninitializedCapacity: positions.count) { buffer, initialized in
            UnsafeMutableRawBufferPointer(buffer).withMemoryRebound(to: Position.self) { buffer in
                _ = buffer.initialize(from: positions)
            }
            initialized = positions.count
        }
    }
}
