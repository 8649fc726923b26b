import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client has not taken anything of an answer for some time. One that reads slowly is served to
/// the end: bodies are written in small pieces, and each that leaves begins the time anew.
///
/// A client that stops reading would otherwise hold its answer's buffers, and the shutdown, for as long as it likes.
/// Any other closing waits until what was written has left: NIO drops pending writes with the channel, which would cut
/// the end off an answer that a shutdown overtakes.
final class StalledReaderHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The most bytes that are written at once; a line of 2 KB a second takes that much in the usual 30 seconds.
    static let piece = 64 << 10

    private let timeout: TimeAmount
    private var deadline: Scheduled<Void>?
    /// How many writes have not left yet.
    private var pending = 0
    /// The closing that waits for them.
    private var closing: EventLoopPromise<Void>?

    init(timeout: TimeAmount) { self.timeout = timeout }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watch(context)
        context.fireChannelWritabilityChanged()
    }

    /// Begins the time anew where the client has still to take something.
    private func watch(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        guard !context.channel.isWritable else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            // From here towards the socket: past `close` below, which would wait.
            context.close(mode: .all, promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .body(var bytes) = unwrapOutboundIn(data), bytes.readableBytes > Self.piece else {
            return forward(context, data, promise)
        }
        while bytes.readableBytes > Self.piece, let piece = bytes.readSlice(length: Self.piece) {
            forward(context, wrapOutboundOut(.body(piece)), nil)
        }
        forward(context, wrapOutboundOut(.body(bytes)), promise)
    }

    private func forward(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        pending += 1
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.pending -= 1
            if self.deadline != nil { self.watch(context) }
            if self.pending == 0, let closing = self.closing { context.close(mode: .all, promise: closing) }
        }
        context.write(data, promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, pending > 0, context.channel.isActive else {
            context.close(mode: mode, promise: promise)
            return
        }
        if let closing {
            closing.futureResult.cascade(to: promise)
        } else {
            closing = promise ?? context.eventLoop.makePromise()
            context.flush()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }
}
