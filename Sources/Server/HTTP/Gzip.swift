import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression

/// Compression by the one compressor that the packages bring: NIO's response compressor.
///
/// It is a channel handler and would compress each answer anew on an event loop. Run over a channel that exists in
/// memory only, on the calling thread, it compresses once what is then cached. Equal input gives equal bytes: the
/// header carries no time.
enum Gzip {
    /// Compresses bytes. Call it off the event loops. - Complexity: O(n)
    static func compress(_ bytes: ByteBuffer) throws -> ByteBuffer {
        let channel = EmbeddedChannel(handler: HTTPResponseCompressor(initialByteBufferCapacity: bytes.readableBytes))
        let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["accept-encoding": "gzip"])
        try channel.writeInbound(HTTPServerRequestPart.head(request))
        channel.write(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(bytes)), promise: nil)
        channel.write(HTTPServerResponsePart.end(nil), promise: nil)
        channel.flush()
        var result = ByteBuffer()
        while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
            if case .body(.byteBuffer(var buffer)) = part { result.writeBuffer(&buffer) }
        }
        _ = try channel.finish(acceptAlreadyClosed: true)
        return result
    }
}
