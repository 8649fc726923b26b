import NIOCore

/// Closes a connection whose client has not taken anything of an answer for some time.
///
/// A client that stops reading would otherwise hold its answer's buffers, and the shutdown, for as long as it likes.
/// Any other closing waits until what was written has left: NIO drops pending writes with the channel, which would cut
/// the end off an answer that a shutdown overtakes.
final class StalledReaderHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    private let timeout: TimeAmount
    private var deadline: Scheduled<Void>?
    /// How many writes have not left yet.
    private var pending = 0
    /// The closing that waits for them.
    private var closing: EventLoopPromise<Void>?

    init(timeout: TimeAmount) { self.timeout = timeout }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        if !context.channel.isWritable {
            deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
                // From here towards the socket: past `close` below, which would wait.
                context.close(mode: .all, promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        pending += 1
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.pending -= 1
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
