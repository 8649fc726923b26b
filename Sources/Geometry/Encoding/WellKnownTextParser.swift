/// Recursive descent over the UTF-8 of one WKT geometry.
struct WellKnownTextParser {
    private let text: [UInt8]
    private var offset = 0

    init(_ text: some StringProtocol) {
        self.text = Array(text.utf8)
    }

    private func failure(_ reason: String) -> GeometryError {
        .invalidEncoding(.wellKnownText, offset: offset, reason: reason)
    }

    private mutating func skipBlanks() {
        while offset < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[offset]) { offset += 1 }
    }

    /// Takes the next character if it is this one.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard offset < text.count, text[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(GeometryError) {
        guard take(character) else { throw failure("'\(character)' is expected") }
    }

    /// The next run of letters in capitals, empty where there is none.
    private mutating func word() -> String {
        skipBlanks()
        let start = offset
        while offset < text.count, (0x41...0x5A).contains(text[offset] & 0xDF) { offset += 1 }
        return String(decoding: text[start..<offset].map { $0 & 0xDF }, as: UTF8.self)
    }

    /// Takes the next word if it is this one.
    private mutating func take(word expected: String) -> Bool {
        let start = offset
        if word() == expected { return true }
        offset = start
        return false
    }

    mutating func spatialReferenceID() throws(GeometryError) -> Int32? {
        guard take(word: "SRID") else { return nil }
        try expect("=")
        skipBlanks()
        let start = offset
        while offset < text.count, (0x30...0x39).contains(text[offset]) { offset += 1 }
        guard let number = Int32(String(decoding: text[start..<offset], as: UTF8.self)) else {
            throw failure("the number of an SRID is expected")
        }
        try expect(";")
        return number
    }

    mutating func end() throws(GeometryError) {
        skipBlanks()
        guard offset == text.count else { throw failure("text follows the geometry") }
    }

    mutating func geometry<Frame>(depth: Int) throws(GeometryError) -> FeatureGeometry<Frame> {
        guard depth < WellKnownBinary.maximumDepth else {
            throw failure("collections are nested more than \(WellKnownBinary.maximumDepth) deep")
        }
        skipBlanks()
        let start = offset
        var keyword = word()
        // "POINTZ" and "POINT Z" both occur; the number of ordinates is counted anyway.
        for suffix in ["ZM", "Z", "M"] where keyword.hasSuffix(suffix) {
            keyword = String(keyword.dropLast(suffix.count))
            break
        }
        if !take(word: "ZM") && !take(word: "Z") { _ = take(word: "M") }
        switch keyword {
        case "POINT":
            guard !take(word: "EMPTY") else { return .multiPoint([]) }
            return .point(try parenthesized())
        case "MULTIPOINT":
            // Both MULTIPOINT ((1 2), (3 4)) and the older MULTIPOINT (1 2, 3 4) are in use.
            let members: [Coordinate<Frame>?] = try list { parser throws(GeometryError) in
                if parser.take(word: "EMPTY") { return nil }
                return try parser.isAtParenthesis() ? parser.parenthesized() : parser.coordinate()
            }
            return .multiPoint(members.compactMap(\.self))
        case "LINESTRING": return .lineString(try line())
        case "MULTILINESTRING":
            return .multiLineString(try list { parser throws(GeometryError) in try parser.line() })
        case "POLYGON": return .polygon(try polygon())
        case "MULTIPOLYGON":
            let polygons: [Polygon<Frame>] = try list { parser throws(GeometryError) in try parser.polygon() }
            return .multiPolygon(MultiPolygon(polygons))
        case "GEOMETRYCOLLECTION":
            return .collection(
                try list { parser throws(GeometryError) in try parser.geometry(depth: depth + 1) }
            )
        default:
            offset = start
            throw failure("the name of a geometry type is expected")
        }
    }

    private mutating func isAtParenthesis() -> Bool {
        skipBlanks()
        return offset < text.count && text[offset] == UInt8(ascii: "(")
    }

    private mutating func list<Element>(
        _ element: (inout Self) throws(GeometryError) -> Element
    ) throws(GeometryError) -> [Element] {
        guard !take(word: "EMPTY") else { return [] }
        try expect("(")
        var elements: [Element] = []
        repeat { elements.append(try element(&self)) } while take(",")
        try expect(")")
        return elements
    }

    private mutating func line<Frame>() throws(GeometryError) -> [Coordinate<Frame>] {
        try list { parser throws(GeometryError) in try parser.coordinate() }
    }

    private mutating func polygon<Frame>() throws(GeometryError) -> Polygon<Frame> {
        let rings: [Ring<Frame>] = try list { parser throws(GeometryError) in Ring(try parser.line()) }
        return Polygon(exterior: rings.first ?? Ring([]), holes: Array(rings.dropFirst()))
    }

    private mutating func parenthesized<Frame>() throws(GeometryError) -> Coordinate<Frame> {
        try expect("(")
        let coordinate: Coordinate<Frame> = try coordinate()
        try expect(")")
        return coordinate
    }

    private mutating func coordinate<Frame>() throws(GeometryError) -> Coordinate<Frame> {
        let coordinate = Coordinate<Frame>(x: try number(), y: try number())
        var extra = 0
        while isAtNumber() {
            guard extra < 2 else { throw failure("a coordinate has more than four numbers") }
            _ = try number()
            extra += 1
        }
        return coordinate
    }

    private mutating func isAtNumber() -> Bool {
        skipBlanks()
        return offset < text.count && Self.isOfNumber(text[offset])
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func number() throws(GeometryError) -> Double {
        skipBlanks()
        let start = offset
        while offset < text.count, Self.isOfNumber(text[offset]) { offset += 1 }
        let digits = String(decoding: text[start..<offset], as: UTF8.self)
        guard let number = Double(digits), number.isFinite else {
            offset = start
            throw failure("a finite number is expected")
        }
        return number
    }
}
