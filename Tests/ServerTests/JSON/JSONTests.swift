import Foundation
import TestSupport
import Testing

@testable import Server

@Suite struct JSONTests {
    @Test func keepsOrderAndSpellings() throws {
        let text = #"{"b":1.50,"a":[1e3,-0,true,false,null,"x"],"c":{}}"#
        #expect(String(decoding: try JSONParser.parse(Array(text.utf8)).bytes, as: UTF8.self) == text)
    }

    @Test func readsEscapesAndBlanks() throws {
        let json = try JSONParser.parse(Array(" { \"a\\u00e4\\ud83d\\ude00\" : \"\\\"\\\\\\/\\b\\f\\n\\r\\t\" } ".utf8))
        #expect(json["aä😀"]?.text == "\"\\/\u{8}\u{c}\n\r\t")
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "\"a", "\"\\x\"", "\"\\ud800\"", "01x", "+1", ".5", "nul", "1e999", "\"\u{1}\"",
        "{\"a\":1} x", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ])
    func refusesWhatIsNoJSON(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func anyTextReadsBackThroughAnotherReader() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let scalars = (0..<Int.random(in: 0...40, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2ffff, using: &generator) % 0x1000)
            }
            let text = String(String.UnicodeScalarView(scalars)) + "\"\\\u{0}\u{1f}\u{7f}"
            var bytes: [UInt8] = []
            bytes.append(UInt8(ascii: "["))
            bytes.append(json: text)
            bytes.append(UInt8(ascii: "]"))
            let read = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String])
            #expect(Array(read[0].unicodeScalars) == Array(text.unicodeScalars))
            #expect(
                try JSONParser.parse(bytes).elements.first?.text.map { Array($0.unicodeScalars) }
                    == Array(text.unicodeScalars))
        }
    }

    @Test(arguments: [0.1, -0.0, 1e-7, 1e21, 11.123456789012345, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    func numbersReadBackExactly(value: Double) throws {
        var bytes: [UInt8] = []
        bytes.append(json: value)
        #expect(Double(String(decoding: bytes, as: UTF8.self))?.bitPattern == value.bitPattern)
        #expect(throws: Never.self) { try JSONParser.parse(bytes) }
    }

    @Test func whatIsNoNumberIsNull() {
        var bytes: [UInt8] = []
        bytes.append(json: .nan)
        bytes.append(json: .infinity)
        #expect(bytes == Array("nullnull".utf8))
    }
}
