import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Serves each connection on its own event loop: reading, answering and writing change threads only where an answer
/// takes work that goes to the `Workers`.
///
/// Without it Swift's own threads run what a connection does, and each small answer pays for two changes of threads,
/// which cost more than most answers do. It makes the rule that nothing long runs outside the workers strict: what
/// does holds up every connection of the loop.
struct LoopBoundConnections<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(HTTP10Handler(), position: .after(parser))
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        let executor = EventLoopTaskExecutor(value.channel.eventLoop)
        await withTaskExecutorPreference(executor) { await base.handle(value: value, logger: logger) }
    }
}

/// Runs tasks on an event loop.
private final class EventLoopTaskExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
