/// A JSON value with its place in the source.
struct JSONNode {
    enum Value {
        case null
        case boolean(Bool)
        /// The digits as they stand.
        case number(String)
        case string(String)
        case array([JSONNode])
        case object([Member])
    }

    struct Member {
        var name: String
        var offset: Int
        var value: JSONNode
    }

    var value: Value
    var offset: Int
}

/// Recursive descent over JSON (RFC 8259). Members that occur twice are errors.
struct JSONScanner {
    private let source: FilterSource
    private let maximumDepth: Int
    private var offset = 0

    init(_ source: FilterSource, maximumDepth: Int) {
        self.source = source
        self.maximumDepth = maximumDepth
    }

    private var bytes: [UInt8] { source.bytes }

    mutating func document() throws(FilterError) -> JSONNode {
        let node = try value(depth: 0)
        skipBlanks()
        guard offset == bytes.count else { throw failure("expected the end of the JSON") }
        return node
    }

    private func failure(_ message: String) -> FilterError { source.error(.syntax, message, at: offset) }

    private mutating func skipBlanks() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: sign) else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(FilterError) -> JSONNode {
        skipBlanks()
        let start = offset
        guard depth <= maximumDepth else {
            throw source.error(.limit, "the JSON is nested more than \(maximumDepth) deep", at: start)
        }
        guard start < bytes.count else { throw failure("expected a JSON value, found the end") }
        switch bytes[start] {
        case UInt8(ascii: "{"): return JSONNode(value: .object(try members(depth: depth)), offset: start)
        case UInt8(ascii: "["):
            offset += 1
            var elements: [JSONNode] = []
            if take("]") { return JSONNode(value: .array([]), offset: start) }
            repeat { elements.append(try value(depth: depth + 1)) } while take(",")
            guard take("]") else { throw failure("expected ',' or ']'") }
            return JSONNode(value: .array(elements), offset: start)
        case UInt8(ascii: "\""): return JSONNode(value: .string(try string()), offset: start)
        case UInt8(ascii: "-"), 0x30...0x39: return JSONNode(value: .number(try number()), offset: start)
        default:
            for (word, value) in [("true", JSONNode.Value.boolean(true)), ("false", .boolean(false)), ("null", .null)]
            where bytes[start...].starts(with: word.utf8) {
                offset += word.utf8.count
                return JSONNode(value: value, offset: start)
            }
            throw failure("expected a JSON value")
        }
    }

    private mutating func members(depth: Int) throws(FilterError) -> [JSONNode.Member] {
        offset += 1
        var members: [JSONNode.Member] = []
        var names: Set<String> = []
        guard !take("}") else { return [] }
        repeat {
            skipBlanks()
            let start = offset
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
                throw failure("expected the name of a member in double quotes")
            }
            let name = try string()
            guard names.insert(name).inserted else {
                throw source.error(.syntax, "the member '\(name)' occurs twice", at: start)
            }
            guard take(":") else { throw failure("expected ':'") }
            members.append(JSONNode.Member(name: name, offset: start, value: try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw failure("expected ',' or '}'") }
        return members
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        return offset - start
    }

    private mutating func number() throws(FilterError) -> String {
        let start = offset
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let first = offset
        let count = skipDigits()
        guard count > 0, count == 1 || bytes[first] != UInt8(ascii: "0") else {
            throw source.error(.syntax, "malformed number", at: start)
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            guard skipDigits() > 0 else { throw failure("a number needs digits after its point") }
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            guard skipDigits() > 0 else { throw failure("an exponent needs digits") }
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func string() throws(FilterError) -> String {
        let start = offset
        offset += 1
        var text: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                let scalar = try escape()
                text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            case 0..<0x20: throw failure("a control character must be escaped in a JSON string")
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw source.error(.syntax, "the string that begins here has no closing quote", at: start)
    }

    private mutating func escape() throws(FilterError) -> Unicode.Scalar {
        let start = offset
        guard offset + 1 < bytes.count else { throw failure("an escape is cut short") }
        let byte = bytes[offset + 1]
        offset += 2
        var scalar: Unicode.Scalar?
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(byte)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"):
            guard let unit = codeUnit() else { break }
            if UTF16.isLeadSurrogate(unit) {
                guard bytes[offset...].starts(with: [0x5C, 0x75]) else { break }
                offset += 2
                guard let trail = codeUnit(), UTF16.isTrailSurrogate(trail) else { break }
                scalar = Unicode.Scalar(0x1_0000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00))
            } else {
                scalar = Unicode.Scalar(unit)
            }
        default: break
        }
        guard let scalar else { throw source.error(.syntax, "no escape of JSON begins here", at: start) }
        guard scalar.value >= 0x20 || TextLexer.isAllowedControl(UInt8(scalar.value)) else {
            throw source.error(.syntax, "a control character is not allowed in a string of CQL2", at: start)
        }
        return scalar
    }

    private mutating func codeUnit() -> UInt16? {
        guard offset + 4 <= bytes.count else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        offset += 4
        return unit
    }
}
