import Testing

@testable import Server

/// The oracle is segno 1.6.6 (`segno.make(data, error='m', mode='byte', boost_error=False)`): its matrices here, and
/// those of many lengths in the acceptance tests.
@Suite struct QRCodeTests {
    @Test func aShortAddressIsThatOfAnotherEncoder() throws {
        let code = try #require(QRCode(Array("https://a.test".utf8)))
        let rows = code.modules.map { row in row.map { $0 ? "1" : "0" }.joined() }
        #expect(rows == Self.expected)
    }

    @Test func theVersionFollowsTheLength() throws {
        // ISO/IEC 18004 table 7: the most bytes at level M.
        for (version, most) in [(1, 14), (2, 26), (7, 122), (10, 213), (20, 666), (32, 1541), (40, 2331)] {
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
        "111111100100001111111",
        "100000101111101000001",
        "101110101001101011101",
        "101110101010001011101",
        "101110100010101011101",
        "100000100100101000001",
        "111111101010101111111",
        "000000001010100000000",
        "100000101101111001110",
        "111110011001010001110",
        "001011101011111100110",
        "110100010011010111100",
        "000000110111110000010",
        "000000001111000011101",
        "111111100011110100110",
        "100000100111101001100",
        "101110100111101111011",
        "101110100100011110100",
        "101110100110110111111",
        "100000100010110111100",
        "111111101111111101010",
    ]
}
