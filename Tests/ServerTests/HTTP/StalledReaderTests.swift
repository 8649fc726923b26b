import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Server

@Suite struct StalledReaderTests {
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel(handler: StalledReaderHandler(timeout: .seconds(30)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func write(_ size: Int) {
        channel.write(HTTPResponsePart.body(ByteBuffer(repeating: 7, count: size)), promise: nil)
    }

    private func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    @Test func bodiesAreWrittenInSmallPieces() throws {
        write(3 * StalledReaderHandler.piece + 5)
        channel.flush()
        var sizes: [Int] = []
        while case .body(let bytes)? = try channel.readOutbound(as: HTTPResponsePart.self) {
            sizes.append(bytes.readableBytes)
        }
        #expect(sizes == [StalledReaderHandler.piece, StalledReaderHandler.piece, StalledReaderHandler.piece, 5])
    }

    @Test func whoTakesNothingIsLetGo() {
        write(10)
        setWritable(false)
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test func whoTakesSlowlyIsServed() {
        setWritable(false)
        for _ in 0..<10 {
            write(10)
            channel.embeddedEventLoop.advanceTime(by: .seconds(20))
            // The piece leaves; there is still more than the channel wants to hold.
            channel.flush()
            #expect(channel.isActive)
        }
        setWritable(true)
        channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        #expect(channel.isActive)
    }
}
