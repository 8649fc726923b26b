import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Server

/// The server over real connections.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SocketTests {
    /// Runs a server on a free port while a body uses it, then shuts it down gracefully.
    private func serving(_ site: TestSite, _ body: @Sendable (Int, ServiceGroup) async throws -> Void) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = site.server.application { continuation.yield($0) }
        let group = ServiceGroup(
            services: [application], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let running: Void = group.run()
        let port = try #require(await ports.first { _ in true })
        try await body(port, group)
        await group.triggerGracefulShutdown()
        try await running
    }

    /// Sends bytes and collects what comes back until the server closes.
    private func exchange(_ port: Int, _ text: String) async throws -> String {
        let channel = try await Self.connect(port)
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var received = ByteBuffer()
            for try await part in inbound { received.writeImmutableBuffer(part) }
            return String(buffer: received)
        }
    }

    private static func connect(_ port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }

    @Test func answersOverHTTP() async throws {
        try await serving(try TestSite()) { port, _ in
            let answer = try await exchange(
                port,
                "GET /api/collections/offers/items?limit=1 HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.contains("http://127.0.0.1:\(port)/api/collections/offers/items?limit=1&cursor="))
        }
    }

    @Test func twoRequestsOnOneConnection() async throws {
        try await serving(try TestSite()) { port, _ in
            let answer = try await exchange(
                port,
                "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nHEAD /api HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.components(separatedBy: "HTTP/1.1 200").count == 3)
        }
    }

    @Test func largeAnswersArriveWhole() async throws {
        let tables = MadeNetwork.offers(9000, titled: String(repeating: "Lang ", count: 40))
        try await serving(try TestSite(tables)) { port, _ in
            let answer = try await exchange(
                port, "GET /api/collections/offers/items?limit=10000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.lowercased().contains("transfer-encoding: chunked"))
            #expect(answer.components(separatedBy: "\"type\":\"Feature\",").count == 9001)
            #expect(answer.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func anOldClientGetsNoPieces() async throws {
        let tables = MadeNetwork.offers(9000, titled: String(repeating: "Lang ", count: 40))
        try await serving(try TestSite(tables)) { port, _ in
            let answer = try await exchange(
                port, "GET /api/collections/offers/items?limit=10000 HTTP/1.0\r\nHost: a\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.0 200") && !answer.lowercased().contains("chunked"))
            #expect(answer.components(separatedBy: "\"type\":\"Feature\",").count == 9001)
            #expect(answer.hasSuffix("]}"))
        }
    }

    @Test func aLargeBodyIsRefusedAndTheConnectionClosed() async throws {
        try await serving(try TestSite()) { port, _ in
            let answer = try await exchange(
                port, "POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /api HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 80_000))\r\n\r\n",
    ])
    func whatIsNoHTTPIsRefused(text: String) async throws {
        try await serving(try TestSite()) { port, _ in
            let answer = (try? await exchange(port, text)) ?? ""
            #expect(!answer.hasPrefix("HTTP/1.1 2"))
            let after = try await exchange(port, "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(after.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func aClientThatSendsNothingIsLetGo() async throws {
        let source = ChangingSource(ExampleNetwork.tables)
        let site = try TestSite(source: source.source, clientTimeout: .milliseconds(300))
        try await serving(site) { port, _ in
            // Ends only where the server closes: the client keeps its connection open.
            let answer = (try? await exchange(port, "GET /api HTTP/1.1\r\nHost: a")) ?? ""
            #expect(!answer.hasPrefix("HTTP/1.1 2"))
        }
    }

    @Test func aClientThatReadsNothingIsLetGo() async throws {
        let source = ChangingSource(MadeNetwork.offers(9000, titled: String(repeating: "Lang ", count: 400)))
        let site = try TestSite(source: source.source, clientTimeout: .milliseconds(500))
        try await serving(site) { port, _ in
            let channel = try await Self.connect(port)
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(
                    ByteBuffer(string: "GET /api/collections/offers/items?limit=10000 HTTP/1.1\r\nHost: a\r\n\r\n"))
                // The answer is larger than all buffers between; the server must give up on its own.
                var metrics = ""
                while !metrics.contains(
                    "kompass_request_duration_seconds_count{route=\"/api/collections/{collection}/items\"} 1")
                {
                    try await Task.sleep(for: .milliseconds(50))
                    // On a busy machine this client may be let go as well.
                    let answer = try? await exchange(
                        port, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    metrics = answer ?? ""
                }
            }
        }
    }

    @Test func workForAClientThatHasLeftIsNotBegun() async throws {
        let site = try TestSite()
        try await serving(site) { port, _ in
            let gate = Gate()
            // Both threads for analyses are busy: the request waits, and its client leaves meanwhile.
            async let first: Void = site.server.site.analysts.run { gate.wait() }
            async let second: Void = site.server.site.analysts.run { gate.wait() }
            try await gate.waitForArrivals(2)
            let channel = try await Self.connect(port)
            try await channel.executeThenClose { _, outbound in
                try await outbound.write(ByteBuffer(string: "GET /api/coverage HTTP/1.1\r\nHost: a\r\n\r\n"))
                while site.server.site.clients.waiting == 0 { try await Task.sleep(for: .milliseconds(5)) }
            }
            while site.server.site.clients.waiting > 0 { try await Task.sleep(for: .milliseconds(5)) }
            gate.open()
            try await first
            try await second
            // Whoever is there still gets an answer, and the one for the other was never made.
            let answer = try await exchange(
                port, "GET /api/nearest?lon=11&lat=51 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            let metrics = try await site.send("/metrics").text
            #expect(!metrics.contains("route=\"/api/coverage\""))
        }
    }

    @Test func shutdownLetsAnAnswerFinish() async throws {
        let tables = MadeNetwork.offers(9000, titled: String(repeating: "Lang ", count: 400))
        try await serving(try TestSite(tables)) { port, group in
            let channel = try await Self.connect(port)
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(
                    ByteBuffer(string: "GET /api/collections/offers/items?limit=10000 HTTP/1.1\r\nHost: a\r\n\r\n"))
                var iterator = inbound.makeAsyncIterator()
                var received = try await iterator.next() ?? ByteBuffer()
                await group.triggerGracefulShutdown()
                while let part = try await iterator.next() { received.writeImmutableBuffer(part) }
                let text = String(buffer: received)
                #expect(text.components(separatedBy: "\"type\":\"Feature\",").count == 9001)
                #expect(text.hasSuffix("0\r\n\r\n"))
            }
        }
    }
}

/// Holds threads until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let arrivals = Mutex(0)

    func wait() {
        arrivals.withLock { $0 += 1 }
        semaphore.wait()
        semaphore.signal()
    }

    func waitForArrivals(_ count: Int) async throws {
        while arrivals.withLock({ $0 }) < count { try await Task.sleep(for: .milliseconds(5)) }
    }

    func open() { semaphore.signal() }
}
