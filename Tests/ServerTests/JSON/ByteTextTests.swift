import Testing
import TestSupport

@testable import Server

@Suite struct ByteTextTests {
    private func text(_ body: (inout ByteText) -> Void) -> String {
        var text = ByteText(capacity: 1)
        body(&text)
        return text.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        0.0, -0.0, 0.001, 0.0009999, 1, -1, 11.63, -179.9999999, 90, 1e7, 99_999_999.999_999_9, 1e8, 1e15, 1e16, 1e-7,
        0.1 + 0.2,
        .pi, 123_456.789_012_3, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ])
    func realNumbersAreSpelledAsTheirDescription(_ value: Double) {
        #expect(text { $0.append(json: value) } == value.description)
        #expect(text { $0.append(json: -value) } == (-value).description)
    }

    @Test func randomNumbersAreSpelledAsTheirDescription() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let exact = Double.random(in: -200...200, using: &generator)
            let decimals = Double.random(in: 0...9, using: &generator).rounded()
            var scale = 1.0
            for _ in 0..<Int(decimals) { scale *= 10 }
            for value in [exact, (exact * scale).rounded() / scale, (exact * scale).rounded() * 1000 / scale] {
                #expect(text { $0.append(json: value) } == value.description)
            }
            let whole =
                Int64.random(in: .min ... .max, using: &generator) >> Int64.random(in: 0...63, using: &generator)
            #expect(text { $0.append(json: whole) } == whole.description)
        }
    }

    @Test func numbersThatJSONDoesNotKnowAreNull() {
        for value in [Double.nan, .infinity, -.infinity] { #expect(text { $0.append(json: value) } == "null") }
    }

    @Test(arguments: ["", "Kreis", "\"", "a\\b\n\u{1}ä", "Köthen (Anhalt)"])
    func textsAreEscapedAsElsewhere(_ value: String) {
        var expected: [UInt8] = []
        expected.append(json: value)
        var copy = value
        #expect(
            text { text in copy.withUTF8 { text.append(jsonUTF8: $0) } } == String(decoding: expected, as: UTF8.self))
    }
}
