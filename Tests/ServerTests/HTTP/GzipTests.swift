import HTTPTypes
import NIOCore
import Testing

@testable import Server

@Suite struct GzipTests {
    @Test func roundTripAndEqualBytes() throws {
        let text = (0..<5000).map { "Zeile \($0)" }.joined(separator: "\n")
        let first = try Gzip.compress(ByteBuffer(string: text))
        let second = try Gzip.compress(ByteBuffer(string: text))
        #expect(first == second)
        #expect(first.readableBytes < text.utf8.count / 2)
        let received = Received(status: 200, headers: [:], body: Array(first.readableBytesView))
        #expect(try received.gunzipped() == Array(text.utf8))
    }

    @Test func smallOrIncompressibleBytesStayAsTheyAre() {
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(Representation(ByteBuffer(bytes: noise), mediaType: "x").gzip == nil)
        #expect(Representation(ByteBuffer(string: "short"), mediaType: "x").gzip == nil)
    }
}
