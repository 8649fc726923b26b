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
        let incompressible = Representation(ByteBuffer(bytes: noise), mediaType: "x")
        #expect(incompressible.awaitsCompression)
        incompressible.compress()
        #expect(incompressible.gzip == nil && !incompressible.awaitsCompression)
        let short = Representation(ByteBuffer(string: "short"), mediaType: "x")
        #expect(short.gzip == nil && !short.awaitsCompression)
    }

    @Test func compressedOnceAndOnlyWhenAskedFor() {
        let answer = Representation(ByteBuffer(string: String(repeating: "Zeile ", count: 500)), mediaType: "x")
        #expect(answer.gzip == nil && answer.awaitsCompression)
        let bound = answer.cost
        answer.compress()
        #expect(answer.gzip != nil && !answer.awaitsCompression)
        #expect(answer.cost == bound)
    }
}
