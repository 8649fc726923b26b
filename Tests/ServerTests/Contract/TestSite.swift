import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression
import NetworkModel
import Synchronization
import TestSupport

@testable import Server

/// A server without sockets: requests go in at the responder, answers come back whole.
struct TestSite: Sendable {
    let server: KompassServer
    let responder: Responder

    /// Serves tables; the assets are those of the checkout.
    init(
        _ tables: [RecordKind: Table] = ExampleNetwork.tables, publicURL: String? = nil, trustsForwarding: Bool = false,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        let snapshot = Snapshot(tables)
        try self.init(
            source: SnapshotSource(changeToken: { 0 }, load: { snapshot }), publicURL: publicURL,
            trustsForwarding: trustsForwarding, logger: logger)
    }

    init(
        source: SnapshotSource, publicURL: String? = nil, trustsForwarding: Bool = false, port: Int = 0,
        pollInterval: Duration = .seconds(1), clientTimeout: Duration = .seconds(600),
        frameAncestors: String = "*", baseMap: BaseMap? = nil,
        tileCacheLimit: Int = ServerConfiguration.defaultTileCacheLimit,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        let maplibre = try TemporaryFolder(files: [
            "maplibre-gl.js": String(repeating: "// maplibre\n", count: 200), "maplibre-gl.css": ".map{}",
        ])
        let configuration = ServerConfiguration(
            port: port, publicURL: publicURL, assets: Checkout.tiles, maplibre: maplibre.path,
            trustForwardedHeaders: trustsForwarding, frameAncestors: frameAncestors, baseMap: baseMap,
            pollInterval: pollInterval, clientTimeout: clientTimeout,
            tileCacheLimit: tileCacheLimit)
        server = try KompassServer(configuration: configuration, source: source, logger: logger)
        responder = Responder(site: server.site)
    }

    /// The data version that is served.
    var version: String { server.site.current.served.version }

    /// What stands for the version in tile URLs.
    var tileVersion: String { server.site.current.served.tileVersion }

    /// Sends a request.
    func send(
        _ target: String, method: HTTPRequest.Method = .get, host: String? = "kompass.test",
        _ headers: [String: String] = [:]
    ) async throws -> Received {
        var fields: HTTPFields = [:]
        for (name, value) in headers { fields.set(name, value) }
        let head = HTTPRequest(method: method, scheme: "http", authority: host, path: target, headerFields: fields)
        let context = Responder.Context(
            source: ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        let response = try await responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())), context: context)
        let collected = CollectedBody()
        try? await response.body.write(collected)
        return Received(status: response.status.code, headers: response.headers, body: collected.bytes)
    }
}

/// An answer as a client sees it.
struct Received: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: [UInt8]

    subscript(name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body read by Foundation: another reader than the one that is tested.
    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
    }

    /// The features of a FeatureCollection.
    func features() throws -> [[String: Any]] { try json()["features"] as? [[String: Any]] ?? [] }

    /// The identifiers of the features.
    func ids() throws -> [String] { try features().compactMap { $0["id"] as? String } }

    /// The address of a link, as a target on this server.
    func link(_ rel: String, type: String? = nil) throws -> String? {
        let links = try json()["links"] as? [[String: Any]] ?? []
        let found = links.first { $0["rel"] as? String == rel && (type == nil || $0["type"] as? String == type) }
        return (found?["href"] as? String).map(Self.target)
    }

    /// The path and query of an absolute URL.
    static func target(_ url: String) -> String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? "/\(parts[3])" : "/"
    }

    /// The body decompressed.
    func gunzipped() throws -> [UInt8] {
        let channel = EmbeddedChannel(handler: NIOHTTPResponseDecompressor(limit: .none))
        channel.write(
            HTTPClientRequestPart.head(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")), promise: nil)
        let head = HTTPResponseHead(
            version: .http1_1, status: .ok,
            headers: ["content-encoding": "gzip", "content-length": body.count.description])
        try channel.writeInbound(HTTPClientResponsePart.head(head))
        try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(bytes: body)))
        try channel.writeInbound(HTTPClientResponsePart.end(nil))
        var result: [UInt8] = []
        while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
            if case .body(let buffer) = part { result += Array(buffer.readableBytesView) }
        }
        return result
    }
}

/// Collects a response's body.
final class CollectedBody: ResponseBodyWriter, Sendable {
    private let state = Mutex<[UInt8]>([])

    var bytes: [UInt8] { state.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws { state.withLock { $0 += Array(buffer.readableBytesView) } }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// A folder that lives as long as the value that made it is used by the process.
struct TemporaryFolder {
    let path: String

    init(files: [String: String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kompass-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        path = folder.path
    }
}

/// Where the files of the checkout are.
enum Checkout {
    static let tiles = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Tiles").path
}

/// Networks that are made by rule.
enum MadeNetwork {
    /// Offers in a grid of places around 11.5° E, 51.5° N; every tenth has no place.
    static func offers(_ count: Int, titled title: String = "Angebot") -> [RecordKind: Table] {
        var tables = ExampleNetwork.tables
        tables[.offers] = Table(
            .offers,
            (0..<count).map { number in
                var row = ExampleNetwork.offer(
                    "o\(number)", "\(title) \(number)", number.isMultiple(of: 2) ? "counselling" : "training",
                    languages: number.isMultiple(of: 3) ? ["de"] : [], actor: "amt",
                    isPlaced: !number.isMultiple(of: 10))
                if !number.isMultiple(of: 10) {
                    row["lon"] = .real(11 + Double(number % 100) / 50)
                    row["lat"] = .real(51 + Double(number / 100 % 100) / 100)
                }
                return row
            })
        return tables
    }
}
