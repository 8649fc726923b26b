import NIOCore
import NIOHTTP1

/// Answers requests of HTTP/1.0 in its own way: a body of unknown length ends with the connection, since such a client
/// knows no pieces (RFC 9112 section 6.1), and the connection ends behind an answer unless the client asked to keep it.
///
/// Stands between the parser and what turns its parts into those of HTTPTypes, which have no version.
final class HTTP10Handler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// For each request that awaits its answer whether it is of HTTP/1.0, and whether its connection is to be kept.
    private var requests = CircularBuffer<(isOld: Bool, keepsAlive: Bool)>()
    /// Whether the answer that is being written ends the connection.
    private var endsConnection = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            requests.append((head.version == .http1_0, head.isKeepAlive))
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where !head.isInformational:
            guard let request = requests.popFirst(), request.isOld else { break }
            let isStated = head.headers.contains(name: "Content-Length")
            endsConnection = !request.keepsAlive || !isStated
            head.version = .http1_0
            head.headers.replaceOrAdd(name: "Connection", value: endsConnection ? "close" : "keep-alive")
            return context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where endsConnection:
            endsConnection = false
            let promise = promise ?? context.eventLoop.makePromise()
            promise.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .all, promise: nil) }
            return context.writeAndFlush(data, promise: promise)
        default: break
        }
        context.write(data, promise: promise)
    }
}

extension HTTPResponseHead {
    /// Whether another head follows.
    fileprivate var isInformational: Bool { status.code < 200 }
}
