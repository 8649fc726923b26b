import Testing

@testable import Server

/// The oracle is another encoder (PyPI: qrcode 8.2, level M, byte mode, mask 3); the acceptance tests ask it about more
/// lengths. The mask is given: encoders judge differently which one reads best.
@Suite struct QRCodeTests {
    @Test func aShortAddressIsThatOfAnotherEncoder() throws {
        let code = try #require(QRCode(Array("https://a.test".utf8)))
        let rows = code.modules.map { row in row.map { $0 ? "1" : "0" }.joined() }
        #expect(rows == Self.expected)
    }

    @Test func theVersionFollowsTheLength() throws {
        // ISO/IEC 18004 table 7: the most bytes at level M.
        for (version, most) in [(1, 14), (2, 26), (7, 122), (10, 213), (20, 666), (32, 1538), (40, 2331)] {
            let code = try #require(QRCode([UInt8](repeating: 0x61, count: most)))
            #expect(code.size == version * 4 + 17, "version \(version)")
            if version < 40 {
                #expect(QRCode([UInt8](repeating: 0x61, count: most + 1))?.size == version * 4 + 21)
            }
        }
        #expect(QRCode([UInt8](repeating: 0x61, count: 2332)) == nil)
        #expect(QRCode([])?.size == 21)
    }

    private static let expected = [
        "111111101111001111111",
        "100000101110001000001",
        "101110100111001011101",
        "101110101100001011101",
        "101110100111001011101",
        "100000100110001000001",
        "111111101010101111111",
        "000000001011000000000",
        "101101110011001001011",
        "110000010111011111111",
        "100110100110010001011",
        "000110000001100101010",
        "011011101100101011001",
        "000000001110101010000",
        "111111101101000010000",
        "100000101001100111101",
        "101110100010000010110",
        "101110101110101100010",
        "101110101101101100100",
        "100000100011011110001",
        "111111101001001011100",
    ]
}
