/// Why JSON text cannot be taken on.
enum JSONFault: Error {
    /// The buffer ends before the value does.
    case incomplete
    /// The text is not JSON.
    case malformed(Int, String)
}

/// Takes JSON values (RFC 8259) from a buffer of UTF-8, where they lie, without building a tree.
struct JSONScanner {
    let base: UnsafePointer<UInt8>
    let end: Int
    /// Whether the buffer ends where the file does.
    let isLast: Bool
    var position: Int

    init(_ base: UnsafePointer<UInt8>, from position: Int, to end: Int, isLast: Bool) {
        self.base = base
        self.position = position
        self.end = end
        self.isLast = isLast
    }

    func malformed(_ reason: String) -> JSONFault { .malformed(position, reason) }

    /// The next byte that is no blank; it is not taken.
    @inline(__always)
    mutating func peek() throws(JSONFault) -> UInt8 {
        while position < end {
            let byte = base[position]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            position += 1
        }
        throw .incomplete
    }

    @inline(__always)
    mutating func expect(_ byte: UInt8) throws(JSONFault) {
        guard try peek() == byte else { throw malformed("expected '\(Character(Unicode.Scalar(byte)))'") }
        position += 1
    }

    /// Takes a comma or the closing byte. - Returns: true for the comma.
    @inline(__always)
    mutating func another(closing: UInt8) throws(JSONFault) -> Bool {
        let byte = try peek()
        position += 1
        if byte == UInt8(ascii: ",") { return true }
        guard byte == closing else {
            position -= 1
            throw malformed("expected ',' or '\(Character(Unicode.Scalar(closing)))'")
        }
        return false
    }

    /// Takes an opening byte. - Returns: false where the closing one follows at once, which is taken too.
    @inline(__always)
    mutating func open(_ opening: UInt8, closing: UInt8) throws(JSONFault) -> Bool {
        try expect(opening)
        guard try peek() == closing else { return true }
        position += 1
        return false
    }

    /// Takes a string. - Returns: the bytes between its quotes, escapes as they stand.
    @inline(__always)
    mutating func string() throws(JSONFault) -> RawCell {
        try expect(UInt8(ascii: "\""))
        let start = position
        var hasEscapes = false
        while position < end {
            let byte = base[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return RawCell(start: start, count: position - 1 - start, kind: hasEscapes ? .escaped : .text)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            } else if byte == 0 {
                throw malformed("a zero byte stands in a text")
            }
            position += 1
        }
        throw .incomplete
    }

    /// The text of a string that was taken.
    func text(_ cell: RawCell) -> String {
        let bytes = Array(UnsafeBufferPointer(start: base + Int(cell.start), count: Int(cell.count)))
        guard cell.kind == .escaped else { return String(decoding: bytes, as: UTF8.self) }
        var copy = bytes
        let count = copy.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { JSONText.unescape($0, count: buffer.count) }
        }
        return String(decoding: copy.prefix(count ?? 0), as: UTF8.self)
    }

    /// Takes a member's name and the colon behind it.
    @inline(__always)
    mutating func name() throws(JSONFault) -> RawCell {
        let name = try string()
        try expect(UInt8(ascii: ":"))
        return name
    }

    /// Takes any value as a cell.
    @inline(__always)
    mutating func value() throws(JSONFault) -> RawCell {
        let first = try peek()
        let start = position
        switch first {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "{"):
            try skip()
            return RawCell(start: start, count: position - start, kind: .nested)
        case UInt8(ascii: "["):
            try skip()
            return RawCell(start: start, count: position - start, kind: .array)
        default:
            let kind = try literal()
            return RawCell(start: start, count: position - start, kind: kind)
        }
    }

    /// Takes a number or a word. `NaN` and `Infinity`, which some writers produce, are texts: no field takes them.
    @inline(__always)
    private mutating func literal() throws(JSONFault) -> RawCell.Kind {
        let start = position
        while position < end {
            let byte = base[position]
            guard byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2b || byte == 0x2d || byte == 0x2e else {
                break
            }
            position += 1
        }
        guard position < end || isLast else { throw .incomplete }
        let bytes = UnsafeBufferPointer(start: base + start, count: position - start)
        guard let first = bytes.first else { throw malformed("expected a value") }
        if first &- 0x30 < 10 || (first == 0x2d && bytes.count > 1 && bytes[1] &- 0x30 < 10) {
            return .number
        }
        if bytes.elementsEqual("null".utf8) { return .null }
        if bytes.elementsEqual("true".utf8) || bytes.elementsEqual("false".utf8) { return .boolean }
        if bytes.elementsEqual("NaN".utf8) || bytes.elementsEqual("Infinity".utf8)
            || bytes.elementsEqual("-Infinity".utf8)
        {
            return .text
        }
        position = start
        throw malformed("'\(String(decoding: bytes.prefix(20), as: UTF8.self))' is no JSON value")
    }

    /// Passes over any value. Brackets are matched without recursion: depth costs memory, never the stack.
    mutating func skip() throws(JSONFault) {
        var closings: [UInt8] = []
        repeat {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"):
                closings.append(UInt8(ascii: "}"))
                position += 1
            case UInt8(ascii: "["):
                closings.append(UInt8(ascii: "]"))
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard closings.popLast() == byte else { throw malformed("brackets do not match") }
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard !closings.isEmpty else { throw malformed("expected a value") }
                position += 1
            default: _ = try literal()
            }
        } while !closings.isEmpty
    }
}

/// Resolves what JSON writes in other signs.
enum JSONText {
    /// Resolves the escapes of a string in place. - Returns: the new number of bytes, or nil where an escape is
    /// wrong, a surrogate stands alone or the text holds a control character other than blanks.
    static func unescape(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Int? {
        var target = 0
        var source = 0
        while source < count {
            guard bytes[source] == UInt8(ascii: "\\") else {
                bytes[target] = bytes[source]
                target += 1
                source += 1
                continue
            }
            guard source + 1 < count else { return nil }
            let kind = bytes[source + 1]
            source += 2
            switch kind {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
                bytes[target] = kind
                target += 1
            case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                bytes[target] = kind == UInt8(ascii: "n") ? 0x0a : kind == UInt8(ascii: "r") ? 0x0d : 0x09
                target += 1
            case UInt8(ascii: "u"):
                guard var scalar = hexadecimal(bytes, at: source, count: count) else { return nil }
                source += 4
                if (0xd800..<0xdc00).contains(scalar) {
                    guard source + 6 <= count, bytes[source] == UInt8(ascii: "\\"),
                        bytes[source + 1] == UInt8(ascii: "u"),
                        let low = hexadecimal(bytes, at: source + 2, count: count), (0xdc00..<0xe000).contains(low)
                    else { return nil }
                    scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
                    source += 6
                }
                guard let unicode = Unicode.Scalar(scalar), scalar >= 0x20 || [0x09, 0x0a, 0x0d].contains(scalar) else {
                    return nil
                }
                for byte in unicode.utf8 {
                    bytes[target] = byte
                    target += 1
                }
            default: return nil
            }
        }
        return target
    }

    private static func hexadecimal(_ bytes: UnsafeMutablePointer<UInt8>, at start: Int, count: Int) -> UInt32? {
        guard start + 4 <= count else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = bytes[start + offset]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }

    /// Writes an array of texts and numbers as a list in place. - Returns: the new number of bytes, or nil where an
    /// element is neither or holds a control character.
    static func flatten(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Int? {
        var scanner = JSONScanner(bytes, from: 0, to: count, isLast: true)
        var target = 0
        do {
            guard try scanner.open(UInt8(ascii: "["), closing: UInt8(ascii: "]")) else { return 0 }
            repeat {
                let cell = try scanner.value()
                guard cell.kind == .text || cell.kind == .escaped || cell.kind == .number else { return nil }
                var length = Int(cell.count)
                if cell.kind == .escaped {
                    guard let resolved = unescape(bytes + Int(cell.start), count: length) else { return nil }
                    length = resolved
                }
                if target > 0 {
                    bytes[target] = RawCell.listSeparator
                    target += 1
                }
                for offset in 0..<length {
                    let byte = bytes[Int(cell.start) + offset]
                    guard byte >= 0x20 else { return nil }
                    bytes[target] = byte
                    target += 1
                }
            } while try scanner.another(closing: UInt8(ascii: "]"))
        } catch { return nil }
        return target
    }
}
