import Foundation
import Geometry
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server over a snapshot source: pages, open data, tiles, operations.
///
/// Made with everything it needs at hand (files, templates, the first snapshot), so that whatever is missing is said
/// before it listens.
public struct KompassServer: Sendable {
    private let configuration: ServerConfiguration
    let site: Site
    let watcher: SnapshotWatcher

    /// Reads assets and templates and loads the first snapshot. Blocks for as long as that takes.
    ///
    /// - Throws: `ServerError` naming the file or setting and what to do.
    public init(configuration: ServerConfiguration, source: SnapshotSource, logger: Logger) throws(ServerError) {
        let assets = try AssetCatalogue(assets: configuration.assets, maplibre: configuration.maplibre)
        let pages = try PageRenderer(assets: configuration.assets, baseMap: configuration.baseMap)
        self.configuration = configuration
        var publicURL: BaseURL?
        if let text = configuration.publicURL {
            guard let url = BaseURL(publicURL: text) else { throw .invalidPublicURL(text) }
            publicURL = url
        }
        guard let frameAncestors = FrameAncestors(configuration.frameAncestors) else {
            throw .invalidFrameAncestors(configuration.frameAncestors)
        }
        let maker = "\(Program.version) \(assets.version)"
        let mark: SnapshotSource.Mark
        let first: ServedSnapshot
        do {
            // The mark is taken before the data: a change in between is seen as one.
            mark = try source.mark()
            first = try ServedSnapshot(
                try source.load(), tileset: assets.tileset, tileCacheLimit: configuration.tileCacheLimit,
                maker: maker)
        } catch {
            throw .unreadableData(reason: "\(error)")
        }
        let workers = Workers()
        let current = CurrentSnapshot(first)
        site = Site(
            publicURL: publicURL, trustsForwarding: configuration.trustForwardedHeaders,
            frameAncestors: frameAncestors, current: current, assets: assets, pages: pages, workers: workers,
            analysts: Workers(),
            coordinates: CoordinateExchange(), clients: ClientRegistry(), metrics: RequestMetrics(), logger: logger)
        watcher = SnapshotWatcher(
            source: source, current: current, tileset: assets.tileset, tileCacheLimit: configuration.tileCacheLimit,
            maker: maker, workers: Workers(count: 1), interval: configuration.pollInterval, logger: logger,
            initialMark: mark)
    }

    /// Serves until the process is told to end (SIGINT, SIGTERM); requests in flight are finished.
    ///
    /// - Parameter onListening: called once with the port, when connections are accepted.
    public func run(onListening: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        do {
            try await application(onListening: onListening).runService()
        } catch let error as IOError {
            throw ServerError.unusableAddress(
                host: configuration.host, port: configuration.port, reason: error.description)
        }
    }

    /// The application with all its services.
    func application(onListening: @escaping @Sendable (Int) -> Void) -> some ApplicationProtocol {
        let logger = site.logger
        let address = "\(configuration.host)"
        let timeout = TimeAmount(configuration.clientTimeout)
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                StalledReaderHandler(timeout: timeout), ClientPresenceHandler(site.clients),
            ],
            idleTimeout: timeout,
            httpDecoderConfiguration: .init(
                // Far more than a target may have: whoever writes too long a one is told so.
                maxHeaderFieldSize: 64 * 1024, maxHeaderListSize: 80 * 1024, maxHeaderFieldCount: 100))
        return Application(
            responder: Responder(site: site),
            server: HTTPServerBuilder { responder in
                LoopBoundConnections(base: HTTP1Channel(responder: responder, configuration: http))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            services: [watcher],
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("listening", metadata: ["host": "\(address)", "port": "\(port)"])
                onListening(port)
            },
            logger: logger)
    }

    /// The most connections at once; further ones wait to be accepted.
    private static let mostConnections = 2048
}
