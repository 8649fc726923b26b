import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Server

@Suite struct HTTP10Tests {
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel(handler: HTTP10Handler())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Asks and answers; gives the head as it is written.
    private func answer(
        to version: HTTPVersion, _ asked: HTTPHeaders = [:], _ answered: HTTPHeaders = [:]
    ) throws -> HTTPResponseHead {
        let request = HTTPRequestHead(version: version, method: .GET, uri: "/", headers: asked)
        try channel.writeInbound(HTTPServerRequestPart.head(request))
        let response = HTTPResponseHead(version: .http1_1, status: .ok, headers: answered)
        try channel.writeOutbound(HTTPServerResponsePart.head(response))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else {
            throw ChannelError.eof
        }
        while try channel.readOutbound(as: HTTPServerResponsePart.self) != nil {}
        return head
    }

    @Test func aBodyOfUnknownLengthEndsWithTheConnection() throws {
        let head = try answer(to: .http1_0, ["Connection": "keep-alive"])
        #expect(head.version == .http1_0 && head.headers["Connection"] == ["close"])
        #expect(!channel.isActive)
    }

    @Test func aConnectionIsKeptWhereItIsAskedFor() throws {
        let head = try answer(to: .http1_0, ["Connection": "keep-alive"], ["Content-Length": "0"])
        #expect(head.version == .http1_0 && head.headers["Connection"] == ["keep-alive"])
        #expect(channel.isActive)
        _ = try answer(to: .http1_0, [:], ["Content-Length": "0"])
        #expect(!channel.isActive)
    }

    @Test func newerRequestsAreLeftAlone() throws {
        let head = try answer(to: .http1_1)
        #expect(head.version == .http1_1 && head.headers["Connection"].isEmpty)
        #expect(channel.isActive)
    }
}
