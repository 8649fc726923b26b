/// JSON values written straight into a buffer of UTF-8.
extension [UInt8] {
    /// Appends text that needs no escape, such as a literal of this program.
    @inline(__always)
    mutating func append(ascii text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends the description of a number.
    @inline(__always)
    mutating func append(ascii text: String) { append(contentsOf: text.utf8) }

    /// Appends a text with quotation marks and escapes.
    mutating func append(json text: String) {
        var text = text
        text.withUTF8 { append(jsonUTF8: $0) }
    }

    /// Appends UTF-8 with quotation marks and escapes: what RFC 8259 demands, and no more.
    ///
    /// Runs without a character to escape, which is nearly all text, are copied whole. - Complexity: O(n)
    mutating func append(jsonUTF8 utf8: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var start = 0
        for index in utf8.indices {
            let byte = utf8[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            append(contentsOf: utf8[start..<index])
            append(escaped: byte)
            start = index + 1
        }
        append(contentsOf: utf8[start...])
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escaped byte: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        switch byte {
        case UInt8(ascii: "\""): append(ascii: "\\\"")
        case UInt8(ascii: "\\"): append(ascii: "\\\\")
        case 0x0a: append(ascii: "\\n")
        case 0x0d: append(ascii: "\\r")
        case 0x09: append(ascii: "\\t")
        default:
            append(ascii: "\\u00")
            append(digits[Int(byte >> 4)])
            append(digits[Int(byte & 15)])
        }
    }

    /// Appends a real number in the fewest digits that read back as the same number; null where it is not finite.
    mutating func append(json value: Double) {
        guard value.isFinite else {
            append(ascii: "null")
            return
        }
        append(ascii: value.description)
    }

    /// Appends a whole number.
    mutating func append(json value: Int64) { append(ascii: value.description) }
}
