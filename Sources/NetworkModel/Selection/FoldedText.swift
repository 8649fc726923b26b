/// Search without regard to case and diacritics: `Mädchen` is found by `madchen`, `MÄDCHEN` and `maedchen`.
///
/// The fold works on UTF-8: ASCII is lowered; letters of Latin-1 Supplement and Latin Extended-A lose their marks
/// (ß becomes ss); every other character is lowered by Unicode's rules through `String`. Umlauts written out
/// (ae, oe, ue) are folded to the bare vowel on both sides, so that either spelling finds the other.
public enum FoldedText {
    /// The folded bytes of a text. - Complexity: O(n)
    public static func fold(_ text: String) -> [UInt8] {
        var text = text
        var result: [UInt8] = []
        text.withUTF8 { fold($0, into: &result) }
        return result
    }

    /// Appends the folded bytes of UTF-8 text. - Complexity: O(n)
    static func fold(_ utf8: UnsafeBufferPointer<UInt8>, into result: inout [UInt8]) {
        var index = 0
        while index < utf8.count {
            let byte = utf8[index]
            if byte < 0x80 {
                append(byte | (byte >= 0x41 && byte <= 0x5a ? 0x20 : 0), to: &result)
                index += 1
            } else if byte >= 0xc3, byte <= 0xc5, index + 1 < utf8.count {
                let scalar = UInt32(byte & 0x1f) << 6 | UInt32(utf8[index + 1] & 0x3f)
                appendLatin(scalar, to: &result)
                index += 2
            } else {
                var end = index + 1
                while end < utf8.count, utf8[end] & 0xc0 == 0x80 { end += 1 }
                let character = String(decoding: utf8[index..<end], as: UTF8.self)
                result.append(contentsOf: character.lowercased().utf8)
                index = end
            }
        }
    }

    /// An `e` behind a, o or u is dropped: the written-out umlaut and the folded one become the same.
    private static func append(_ byte: UInt8, to result: inout [UInt8]) {
        if byte == 0x65, let last = result.last, last == 0x61 || last == 0x6f || last == 0x75 { return }
        result.append(byte)
    }

    private static func appendLatin(_ scalar: UInt32, to result: inout [UInt8]) {
        if scalar == 0xdf {
            result.append(contentsOf: [0x73, 0x73])
            return
        }
        guard scalar >= 0xc0, scalar <= 0x17f, let base = Unicode.Scalar(scalar) else { return }
        let first = latinBases[Int(scalar - 0xc0)]
        if first != 0 {
            append(first, to: &result)
        } else {
            result.append(contentsOf: String(Character(base)).lowercased().utf8)
        }
    }

    /// The bare lower-case letter of each scalar from U+00C0 to U+017F, 0 where there is none.
    private static let latinBases: [UInt8] = {
        let bases: [(Character, String)] = [
            ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
            ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉ"), ("o", "òóôõöøōŏő"),
            ("r", "ŕŗř"), ("s", "śŝşšſ"), ("t", "ţťŧ"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
        ]
        var table = [UInt8](repeating: 0, count: 0x180 - 0xc0)
        for (base, letters) in bases {
            for letter in letters + letters.uppercased() {
                for scalar in letter.unicodeScalars where (0xc0..<0x180).contains(scalar.value) {
                    table[Int(scalar.value - 0xc0)] = base.asciiValue ?? 0
                }
            }
        }
        return table
    }()
}

/// A search for several words that must all occur, each anywhere in a row's texts.
struct TextSearch {
    private let words: [[UInt8]]

    /// Splits a query into words at blanks.
    init(_ query: String) {
        words = query.split(whereSeparator: \.isWhitespace).map { FoldedText.fold(String($0)) }.filter { !$0.isEmpty }
    }

    /// Whether each word occurs in one of the folded texts, which stand in one buffer apart by a zero byte.
    func matches(_ folded: [UInt8]) -> Bool {
        words.allSatisfy { word in folded.containsRun(word) }
    }
}

extension [UInt8] {
    /// Whether a run of bytes occurs. - Complexity: O(n·m) at worst, O(n) in practice
    fileprivate func containsRun(_ run: [UInt8]) -> Bool {
        guard let first = run.first, count >= run.count else { return run.isEmpty }
        return withUnsafeBufferPointer { bytes in
            for start in 0...(bytes.count - run.count) where bytes[start] == first {
                if bytes[start..<(start + run.count)].elementsEqual(run) { return true }
            }
            return false
        }
    }
}
