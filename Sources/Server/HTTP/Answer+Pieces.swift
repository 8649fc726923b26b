import Hummingbird
import NIOCore

extension Site {
    /// A body that is made piece by piece on the workers while it is sent: bounded memory, no work on the event loops.
    ///
    /// - Parameters:
    ///   - position: where to begin.
    ///   - size: about how many bytes a piece has.
    ///   - write: appends from a position on until about so many bytes are there; returns where to go on, nil at the end.
    func pieces<Position: Sendable>(
        from position: Position, of size: Int,
        _ write: @escaping @Sendable (_ from: Position, _ into: inout [UInt8], _ upTo: Int) -> Position?
    ) -> Answer.BodyStream {
        { [workers] writer in
            var next: Position? = position
            while let start = next {
                let (bytes, after) = try await workers.run {
                    var bytes: [UInt8] = []
                    bytes.reserveCapacity(size + 4096)
                    let after = write(start, &bytes, size)
                    return (ByteBuffer(bytes: bytes), after)
                }
                next = after
                try await writer.write(bytes)
            }
            try await writer.finish(nil)
        }
    }
}
