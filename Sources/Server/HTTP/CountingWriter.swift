import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// How many bytes of a streamed answer have been sent.
final class ByteCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ bytes: Int) { count.wrappingAdd(bytes, ordering: .relaxed) }
}

/// Passes a streamed body on and counts its bytes.
struct CountingWriter: ResponseBodyWriter {
    var parent: any ResponseBodyWriter
    let count: ByteCount

    mutating func write(_ buffer: ByteBuffer) async throws {
        count.add(buffer.readableBytes)
        try await parent.write(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await parent.finish(trailingHeaders)
    }
}
