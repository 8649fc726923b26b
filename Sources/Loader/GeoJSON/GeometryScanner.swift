import Geometry

/// What a feature's geometry is.
enum ScannedGeometry {
    case none
    case point(x: Double, y: Double)
    case shape(FeatureGeometry<Unreferenced>)
    /// JSON, but no geometry.
    case problem(String)
}

/// Takes GeoJSON geometries. Positions are flattened while they are met, since the type may stand behind them.
struct GeometryScanner {
    private var positions: [Coordinate<Unreferenced>] = []
    /// For each list of positions the offset behind its last one.
    private var lineEnds: [Int] = []
    /// For each list of lists the offset behind its last one in `lineEnds`.
    private var polygonEnds: [Int] = []
    private var problem: String?

    /// Takes the value of a `geometry` member.
    mutating func geometry(_ scanner: inout JSONScanner, depth: Int = 0) throws(JSONFault) -> ScannedGeometry {
        guard try scanner.peek() == UInt8(ascii: "{") else {
            let cell = try scanner.value()
            return cell.kind == .null ? .none : .problem("the geometry is not an object")
        }
        positions.removeAll(keepingCapacity: true)
        lineEnds.removeAll(keepingCapacity: true)
        polygonEnds.removeAll(keepingCapacity: true)
        problem = nil
        var type: String?
        var level: Int?
        var parts: [ScannedGeometry]?
        guard try scanner.open(UInt8(ascii: "{"), closing: UInt8(ascii: "}")) else {
            return .problem("the geometry is empty")
        }
        repeat {
            let name = try scanner.name()
            if equals(scanner, name, "type") {
                guard try scanner.peek() == UInt8(ascii: "\"") else {
                    return try malformed(&scanner, "the geometry's type is no text")
                }
                type = scanner.text(try scanner.string())
            } else if equals(scanner, name, "coordinates") {
                level = try coordinates(&scanner, depth: 0)
            } else if equals(scanner, name, "geometries"), depth < 16 {
                parts = try collection(&scanner, depth: depth)
            } else {
                try scanner.skip()
            }
        } while try scanner.another(closing: UInt8(ascii: "}"))
        return assemble(type: type, level: level, parts: parts)
    }

    private func equals(_ scanner: JSONScanner, _ cell: RawCell, _ text: StaticString) -> Bool {
        Int(cell.count) == text.utf8CodeUnitCount
            && UnsafeBufferPointer(start: scanner.base + Int(cell.start), count: Int(cell.count))
                .elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func malformed(_ scanner: inout JSONScanner, _ reason: String) throws(JSONFault) -> ScannedGeometry {
        throw scanner.malformed(reason)
    }

    private func collection(_ scanner: inout JSONScanner, depth: Int) throws(JSONFault) -> [ScannedGeometry] {
        var parts: [ScannedGeometry] = []
        guard try scanner.open(UInt8(ascii: "["), closing: UInt8(ascii: "]")) else { return [] }
        repeat {
            var part = GeometryScanner()
            parts.append(try part.geometry(&scanner, depth: depth + 1))
        } while try scanner.another(closing: UInt8(ascii: "]"))
        return parts
    }

    /// Takes nested lists of positions. - Returns: how many lists stand around a position, or nil for an empty list.
    private mutating func coordinates(_ scanner: inout JSONScanner, depth: Int) throws(JSONFault) -> Int? {
        guard try scanner.peek() == UInt8(ascii: "[") else {
            try scanner.skip()
            problem = problem ?? "coordinates are not a list"
            return nil
        }
        guard depth < 6 else { throw scanner.malformed("coordinates are nested too deeply") }
        guard try scanner.open(UInt8(ascii: "["), closing: UInt8(ascii: "]")) else { return nil }
        let first = try scanner.peek()
        if first != UInt8(ascii: "[") {
            try position(&scanner)
            return 0
        }
        var level: Int?
        repeat {
            let inner = try coordinates(&scanner, depth: depth + 1)
            if let known = level, let inner, inner != known { problem = problem ?? "coordinates are nested unevenly" }
            level = level ?? inner
        } while try scanner.another(closing: UInt8(ascii: "]"))
        switch level {
        case 0: lineEnds.append(positions.count)
        case 1: polygonEnds.append(lineEnds.count)
        default: break
        }
        return level.map { $0 + 1 }
    }

    @inline(__always)
    private mutating func position(_ scanner: inout JSONScanner) throws(JSONFault) {
        var ordinates = (0.0, 0.0)
        var count = 0
        repeat {
            _ = try scanner.peek()
            let start = scanner.position
            if let value = NumberText.scan(scanner.base, &scanner.position, to: scanner.end) {
                guard scanner.position < scanner.end || scanner.isLast else { throw .incomplete }
                if !value.isFinite { problem = problem ?? "a coordinate is out of range" }
                if count == 0 { ordinates.0 = value } else if count == 1 { ordinates.1 = value }
            } else {
                scanner.position = start
                try scanner.skip()
                problem = problem ?? "a coordinate is not a number"
            }
            count += 1
        } while try scanner.another(closing: UInt8(ascii: "]"))
        if count < 2 { problem = problem ?? "a position has fewer than two numbers" }
        positions.append(Coordinate(x: ordinates.0, y: ordinates.1))
    }

    private func assemble(type: String?, level: Int?, parts: [ScannedGeometry]?) -> ScannedGeometry {
        if let problem { return .problem(problem) }
        guard let type else { return .problem("the geometry has no type") }
        if type == "GeometryCollection" { return assemble(parts ?? []) }
        let levels = [
            "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
        ]
        guard let expected = levels[type] else { return .problem("'\(type.prefix(40))' is no type of geometry") }
        guard level == nil || level == expected else { return .problem("the coordinates are not those of a \(type)") }
        switch type {
        case "Point": return positions.first.map { .point(x: $0.x, y: $0.y) } ?? .none
        case "MultiPoint": return .shape(.multiPoint(positions))
        case "LineString": return .shape(.lineString(positions))
        case "MultiLineString": return .shape(.multiLineString(lines(0..<lineEnds.count)))
        case "Polygon":
            return .shape(polygon(0..<lineEnds.count).map(FeatureGeometry.polygon) ?? .multiPolygon(MultiPolygon([])))
        default:
            var polygons: [Polygon<Unreferenced>] = []
            var start = 0
            for end in polygonEnds {
                if let polygon = polygon(start..<end) { polygons.append(polygon) }
                start = end
            }
            return .shape(.multiPolygon(MultiPolygon(polygons)))
        }
    }

    private func assemble(_ parts: [ScannedGeometry]) -> ScannedGeometry {
        var geometries: [FeatureGeometry<Unreferenced>] = []
        for part in parts {
            switch part {
            case .none: continue
            case .point(let x, let y): geometries.append(.point(Coordinate(x: x, y: y)))
            case .shape(let shape): geometries.append(shape)
            case .problem: return part
            }
        }
        return .shape(.collection(geometries))
    }

    private func lines(_ range: Range<Int>) -> [[Coordinate<Unreferenced>]] {
        range.map { Array(positions[($0 == 0 ? 0 : lineEnds[$0 - 1])..<lineEnds[$0]]) }
    }

    private func polygon(_ range: Range<Int>) -> Polygon<Unreferenced>? {
        let rings = lines(range).map { Ring($0) }
        guard let exterior = rings.first else { return nil }
        return Polygon(exterior: exterior, holes: Array(rings.dropFirst()))
    }
}
