/// A pattern of `LIKE`: `%` for any characters, `_` for one, `\` before either or itself for just that sign.
struct LikePattern: Hashable, Sendable {
    /// Bytes of UTF-8, and two signs beyond them.
    private var signs: [UInt16] = []
    private static let one: UInt16 = 256
    private static let many: UInt16 = 257

    /// nil where an escape has nothing to escape.
    init?(_ pattern: String) {
        var isEscaped = false
        for byte in pattern.utf8 {
            switch byte {
            case _ where isEscaped:
                signs.append(UInt16(byte))
                isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "%"):
                if signs.last != Self.many { signs.append(Self.many) }
            case UInt8(ascii: "_"): signs.append(Self.one)
            default: signs.append(UInt16(byte))
            }
        }
        guard !isEscaped else { return nil }
    }

    /// Whether the whole text has the pattern; a character is a Unicode scalar.
    ///
    /// - Complexity: O(text × pattern) at worst, without recursion: only the last `%` is ever taken back, since a
    ///   match that an earlier one allows, the last one allows as well.
    func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches($0) }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var place = 0
        var sign = 0
        var lastMany: (sign: Int, place: Int)?
        while place < text.count {
            if sign < signs.count {
                let expected = signs[sign]
                if expected == Self.many {
                    lastMany = (sign, place)
                    sign += 1
                    continue
                }
                if expected == Self.one {
                    place = Self.end(ofScalarAt: place, text)
                    sign += 1
                    continue
                }
                if expected == UInt16(text[place]) {
                    place += 1
                    sign += 1
                    continue
                }
            }
            guard let many = lastMany else { return false }
            place = Self.end(ofScalarAt: many.place, text)
            lastMany = (many.sign, place)
            sign = many.sign + 1
        }
        return signs[sign...].allSatisfy { $0 == Self.many }
    }

    private static func end(ofScalarAt place: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        var place = place + 1
        while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
        return place
    }
}
