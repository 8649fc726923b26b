internal import Geometry

/// Geometry literals: WKT as the grammar of CQL2 has it, with the limits and ranges checked position by position.
extension TextParser {
    /// A geometry from its keyword on. Heights are read and left out: relations are planar.
    mutating func geometry(inCollection: Bool = false) throws(FilterError) -> FeatureGeometry<Unreferenced> {
        let keyword = word
        guard Keyword.isGeometry(keyword) else { throw expected("a geometry such as POINT(11.6 52.1)") }
        guard !(inCollection && keyword == "GEOMETRYCOLLECTION") else {
            throw expected("a geometry that is no collection itself")
        }
        try advance()
        if word == "Z" { try advance() }
        guard word != "EMPTY" else {
            throw source.error(.value, "an empty geometry has no relation to any other", at: token.offset)
        }
        switch keyword {
        case "POINT":
            try expect("(")
            let position = try position()
            try expect(")")
            return .point(position)
        case "MULTIPOINT":
            // Both MULTIPOINT((1 2), (3 4)) and the older MULTIPOINT(1 2, 3 4) are in use, in the standard as well.
            return .multiPoint(
                try members { parser throws(FilterError) in
                    guard try parser.take("(") else { return try parser.position() }
                    let position = try parser.position()
                    try parser.expect(")")
                    return position
                }
            )
        case "LINESTRING": return .lineString(try line())
        case "MULTILINESTRING":
            return .multiLineString(try members { parser throws(FilterError) in try parser.line() })
        case "POLYGON": return .polygon(try polygon())
        case "MULTIPOLYGON":
            return .multiPolygon(MultiPolygon(try members { parser throws(FilterError) in try parser.polygon() }))
        default:
            return .collection(
                try members { parser throws(FilterError) in try parser.geometry(inCollection: true) }
            )
        }
    }

    private mutating func members<Member>(
        _ member: (inout Self) throws(FilterError) -> Member
    ) throws(FilterError) -> [Member] {
        try expect("(")
        var members: [Member] = []
        repeat { members.append(try member(&self)) } while try take(",")
        try expect(")", or: "',' or ")
        return members
    }

    private mutating func position() throws(FilterError) -> Coordinate<Unreferenced> {
        try countVertex(at: token.offset)
        let x = try ordinate(axis: 0)
        let y = try ordinate(axis: 1)
        switch token.kind {
        case .number, .sign("-"), .sign("+"): _ = try ordinate()
        default: break
        }
        return Coordinate(x: x, y: y)
    }

    private mutating func ordinate(axis: Int) throws(FilterError) -> Double {
        let start = token.offset
        let number = try ordinate()
        if let defect = domain.defect(of: number, axis: axis) { throw source.error(.value, defect, at: start) }
        return number
    }

    private mutating func line() throws(FilterError) -> [Coordinate<Unreferenced>] {
        let start = token.offset
        let line = try members { parser throws(FilterError) in try parser.position() }
        if let defect = GeometryDefect.ofLine(line) { throw source.error(.value, defect, at: start) }
        return line
    }

    private mutating func polygon() throws(FilterError) -> Polygon<Unreferenced> {
        let rings: [Ring<Unreferenced>] = try members { parser throws(FilterError) in
            let start = parser.token.offset
            let ring = try parser.members { parser throws(FilterError) in try parser.position() }
            if let defect = GeometryDefect.ofRing(ring) { throw parser.source.error(.value, defect, at: start) }
            return Ring(ring)
        }
        return Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
    }
}

/// What keeps positions from being a line or ring, in words.
enum GeometryDefect {
    static func ofLine(_ positions: [Coordinate<Unreferenced>]) -> String? {
        positions.count < 2 ? "a line needs at least two positions" : nil
    }

    static func ofRing(_ positions: [Coordinate<Unreferenced>]) -> String? {
        if positions.count < 4 { return "a ring needs at least four positions, the last one repeating the first" }
        if positions.first != positions.last {
            return "the ring is not closed: its last position must repeat the first"
        }
        return nil
    }
}
