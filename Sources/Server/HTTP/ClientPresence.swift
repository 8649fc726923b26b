import NIOCore
import Synchronization

/// Whether the client that asked is still there, asked from any thread.
final class ClientPresence: Sendable {
    private let left = Atomic<Bool>(false)

    /// Whether the client has closed its side of the connection, so that nobody will read an answer.
    var hasLeft: Bool { left.load(ordering: .relaxed) }

    /// Notes that the client has gone.
    func leave() { left.store(true, ordering: .relaxed) }
}

/// The connections that are open, so that long work can be told that its client has gone away.
///
/// Hummingbird keeps a connection half open, for clients that close their side after asking, and hands out the request
/// without a sign of it: the handler notes it here.
final class ClientRegistry: Sendable {
    private let clients = Mutex<[ObjectIdentifier: ClientPresence]>([:])

    /// The client at the other end of a connection; one that is taken to be there where the connection is not known.
    func client(of channel: any Channel) -> ClientPresence {
        clients.withLock { $0[ObjectIdentifier(channel)] } ?? ClientPresence()
    }

    /// How many connected clients have not closed their side.
    var waiting: Int { clients.withLock { $0.values.count { !$0.hasLeft } } }

    fileprivate func open(_ channel: any Channel) -> ClientPresence {
        let client = ClientPresence()
        clients.withLock { $0[ObjectIdentifier(channel)] = client }
        return client
    }

    fileprivate func close(_ channel: any Channel) {
        clients.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}

/// Tells the registry when a connection opens, and its client when it closes its side.
final class ClientPresenceHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let registry: ClientRegistry
    private var client: ClientPresence?

    init(_ registry: ClientRegistry) { self.registry = registry }

    func handlerAdded(context: ChannelHandlerContext) { client = registry.open(context.channel) }

    func handlerRemoved(context: ChannelHandlerContext) {
        client?.leave()
        registry.close(context.channel)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { client?.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        client?.leave()
        context.fireChannelInactive()
    }
}
