/// One word, literal or sign of CQL2 Text.
struct TextToken {
    enum Kind: Equatable {
        case end
        /// An identifier or keyword.
        case word
        /// A name in double quotes.
        case quotedName
        /// Characters in single quotes.
        case string
        /// Digits without a sign.
        case number
        case comparison(ComparisonOperator)
        /// `( ) , + - * / % ^`
        case sign(Unicode.Scalar)
    }

    var kind: Kind
    var offset: Int
    var end: Int
}

/// Cuts CQL2 Text into tokens, one at a time.
struct TextLexer {
    let source: FilterSource
    private var offset = 0

    init(_ source: FilterSource) { self.source = source }

    private var bytes: [UInt8] { source.bytes }

    mutating func next() throws(FilterError) -> TextToken {
        while offset < bytes.count, let blank = blankLength(at: offset) { offset += blank }
        let start = offset
        guard start < bytes.count else { return TextToken(kind: .end, offset: start, end: start) }
        let kind = try read()
        return TextToken(kind: kind, offset: start, end: offset)
    }

    private mutating func read() throws(FilterError) -> TextToken.Kind {
        let start = offset
        let byte = bytes[start]
        switch byte {
        case UInt8(ascii: "'"):
            try skipQuoted(UInt8(ascii: "'"), acceptsBackslash: true, name: "string")
            return .string
        case UInt8(ascii: "\""):
            try skipQuoted(UInt8(ascii: "\""), acceptsBackslash: false, name: "name")
            return .quotedName
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "^"):
            offset += 1
            return .sign(Unicode.Scalar(byte))
        case UInt8(ascii: "="):
            offset += 1
            return .comparison(.equal)
        case UInt8(ascii: "<"):
            offset += 1
            // The grammar writes the operators of two characters as two signs, so blanks between are allowed.
            return .comparison(take(">") ? .notEqual : take("=") ? .lessOrEqual : .less)
        case UInt8(ascii: ">"):
            offset += 1
            return .comparison(take("=") ? .greaterOrEqual : .greater)
        case 0x30...0x39, UInt8(ascii: "."):
            try skipNumber()
            return .number
        default:
            guard let scalar = scalar(at: start), scalar.beginsIdentifier else {
                let text = scalar(at: start).map { $0.value < 0x20 ? "U+00\(hex($0.value))" : "'\($0)'" } ?? ""
                throw source.error(.syntax, "unexpected character \(text)", at: start)
            }
            skipIdentifier()
            return .word
        }
    }

    private func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return value < 16 ? "0" + digits : digits
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        var place = offset
        while place < bytes.count, let blank = blankLength(at: place) { place += blank }
        guard place < bytes.count, bytes[place] == UInt8(ascii: sign) else { return false }
        offset = place + 1
        return true
    }

    private mutating func skipQuoted(_ quote: UInt8, acceptsBackslash: Bool, name: String) throws(FilterError) {
        let start = offset
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == quote {
                guard offset + 1 < bytes.count, bytes[offset + 1] == quote else {
                    offset += 1
                    return
                }
                offset += 2
            } else if acceptsBackslash, byte == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == quote
            {
                offset += 2
            } else if byte < 0x20, !Self.isAllowedControl(byte) {
                throw source.error(.syntax, "a control character is not allowed in a \(name)", at: offset)
            } else {
                offset += 1
            }
        }
        throw source.error(.syntax, "the \(name) that begins here has no closing quote", at: start)
    }

    /// The control characters that the rules `alpha` and `whitespace` of the grammar include.
    static func isAllowedControl(_ byte: UInt8) -> Bool { (0x07...0x0D).contains(byte) }

    private mutating func skipDigits() -> Bool {
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        return offset > start
    }

    private mutating func skipNumber() throws(FilterError) {
        let start = offset
        var hasDigits = skipDigits()
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            hasDigits = skipDigits() || hasDigits
        }
        guard hasDigits else { throw source.error(.syntax, "a number needs digits", at: start) }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            guard skipDigits() else { throw source.error(.syntax, "an exponent needs digits", at: offset) }
        }
        // "1.2.3" and "12ab" would otherwise fall into two tokens and be misunderstood.
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") || scalar(at: offset)?.beginsIdentifier == true {
            throw source.error(.syntax, "a number ends before this character", at: offset)
        }
    }

    private mutating func skipIdentifier() {
        while offset < bytes.count, let scalar = scalar(at: offset), scalar.continuesIdentifier {
            offset += UTF8.width(scalar)
        }
    }

    /// The scalar at an offset. The source is valid UTF-8 by now.
    private func scalar(at offset: Int) -> Unicode.Scalar? {
        guard bytes[offset] >= 0x80 else { return Unicode.Scalar(bytes[offset]) }
        return String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    }

    private func blankLength(at offset: Int) -> Int? {
        let byte = bytes[offset]
        if byte == 0x20 || (0x09...0x0D).contains(byte) { return 1 }
        guard byte >= 0xC2, let scalar = scalar(at: offset), scalar.properties.isWhitespace else { return nil }
        return UTF8.width(scalar)
    }
}

extension Unicode.Scalar {
    /// `identifierStart` of the grammar.
    var beginsIdentifier: Bool {
        switch value {
        case 0x3A, 0x5F, 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D,
            0x37F...0x1FFE, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF,
            0xFDF0...0xFFFD, 0x10000...0xEFFFF:
            // The range of note 1 includes a blank (U+1680).
            !properties.isWhitespace
        default: false
        }
    }

    /// `identifierPart` of the grammar.
    var continuesIdentifier: Bool {
        switch value {
        case 0x2E, 0x30...0x39, 0x300...0x36F, 0x203F...0x2040: true
        default: beginsIdentifier
        }
    }
}

/// The words of CQL2 Text that are not free for names.
enum Keyword {
    /// Whether a word has a meaning of its own, in any case of its letters.
    static func isReserved(_ word: String) -> Bool {
        let word = word.uppercased()
        return isOperator(word) || isConstructor(word)
    }

    /// Words that cannot stand for a property even where no parenthesis follows.
    static func isOperator(_ capitals: String) -> Bool {
        switch capitals {
        case "AND", "BETWEEN", "DIV", "FALSE", "IN", "IS", "LIKE", "NOT", "NULL", "OR", "TRUE": true
        default: false
        }
    }

    /// Words that have a meaning before a parenthesis.
    static func isConstructor(_ capitals: String) -> Bool {
        switch capitals {
        case "ACCENTI", "BBOX", "CASEI", "DATE", "INTERVAL", "TIMESTAMP": true
        default:
            isGeometry(capitals) || relation(capitals, SpatialRelation.self) != nil
                || relation(capitals, TemporalRelation.self) != nil || relation(capitals, ArrayRelation.self) != nil
        }
    }

    static func isGeometry(_ capitals: String) -> Bool {
        switch capitals {
        case "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION":
            true
        default: false
        }
    }

    /// The relation that a word in capitals names.
    static func relation<Relation: CaseIterable & RawRepresentable<String>>(
        _ capitals: String, _ type: Relation.Type
    ) -> Relation? {
        guard capitals.dropFirst().first == "_" else { return nil }
        return Relation.allCases.first { $0.rawValue.uppercased() == capitals }
    }
}
