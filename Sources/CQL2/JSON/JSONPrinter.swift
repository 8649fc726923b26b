internal import Geometry

extension Filter {
    /// The filter in CQL2 JSON, without blanks; it reads back to an equal tree, and the same tree gives the same bytes.
    ///
    /// - Throws: `FilterError` of kind `inexpressible` for numbers that are not finite and geometries without positions.
    public func json() throws(FilterError) -> String { try JSONPrinter.json(expression) }
}

/// The syntax tree to CQL2 JSON.
enum JSONPrinter {
    static func json(_ expression: FilterExpression) throws(FilterError) -> String {
        switch expression.node {
        case .string(let string): return quoted(string)
        case .integer(let number): return String(number)
        case .real(let number):
            guard number.isFinite else { throw inexpressible("a number that is not finite") }
            return number.description
        case .boolean(let boolean): return boolean ? "true" : "false"
        case .date(let date): return "{\"date\":\"\(date)\"}"
        case .timestamp(let timestamp): return "{\"timestamp\":\"\(timestamp)\"}"
        case .geometry(let geometry):
            guard geometry.isExpressible else { throw inexpressible("an empty, nested or infinite geometry") }
            return json(geometry)
        case .box(let box): return "{\"bbox\":[\(box.borders.map(NumberLiteral.text).joined(separator: ","))]}"
        case .interval(let start, let end): return "{\"interval\":[\(try bound(start)),\(try bound(end))]}"
        case .list(let elements): return try array(elements)
        case .property(let name): return "{\"property\":\(quoted(name))}"
        case .function(let name, let arguments): return try call(name, arguments)
        case .caseInsensitive(let operand): return try call("casei", [operand])
        case .accentInsensitive(let operand): return try call("accenti", [operand])
        case .arithmetic(let calculation, let left, let right): return try call(calculation.rawValue, [left, right])
        case .comparison(let comparison, let left, let right): return try call(comparison.rawValue, [left, right])
        case .like(let value, let pattern): return try call("like", [value, pattern])
        case .between(let value, let lower, let upper): return try call("between", [value, lower, upper])
        case .isIn(let value, let candidates):
            return try call("in", [value, FilterExpression(.list(candidates))])
        case .isNull(let operand): return try call("isNull", [operand])
        case .spatial(let relation, let first, let second): return try call(relation.rawValue, [first, second])
        case .temporal(let relation, let first, let second): return try call(relation.rawValue, [first, second])
        case .array(let relation, let first, let second): return try call(relation.rawValue, [first, second])
        case .and(let operands): return try call("and", operands)
        case .or(let operands): return try call("or", operands)
        case .not(let operand): return try call("not", [operand])
        }
    }

    private static func call(_ name: String, _ arguments: [FilterExpression]) throws(FilterError) -> String {
        "{\"op\":\(quoted(name)),\"args\":\(try array(arguments))}"
    }

    private static func array(_ elements: [FilterExpression]) throws(FilterError) -> String {
        var texts: [String] = []
        for element in elements { texts.append(try json(element)) }
        return "[\(texts.joined(separator: ","))]"
    }

    private static func bound(_ bound: IntervalBound) throws(FilterError) -> String {
        switch bound {
        case .unbounded: return "\"..\""
        case .instant(let instant):
            switch instant.node {
            case .date(let date): return "\"\(date)\""
            case .timestamp(let timestamp): return "\"\(timestamp)\""
            default: return try json(instant)
            }
        }
    }

    private static func json(_ geometry: FeatureGeometry<Unreferenced>) -> String {
        func geometryObject(_ type: String, _ coordinates: String) -> String {
            "{\"type\":\"\(type)\",\"coordinates\":\(coordinates)}"
        }
        return switch geometry {
        case .point(let position): geometryObject("Point", json(position))
        case .multiPoint(let positions): geometryObject("MultiPoint", array(positions, json))
        case .lineString(let line): geometryObject("LineString", array(line, json))
        case .multiLineString(let lines): geometryObject("MultiLineString", array(lines) { array($0, json) })
        case .polygon(let polygon): geometryObject("Polygon", json(polygon))
        case .multiPolygon(let surface): geometryObject("MultiPolygon", array(surface.polygons, json))
        case .collection(let members): "{\"type\":\"GeometryCollection\",\"geometries\":\(array(members, json))}"
        }
    }

    private static func json(_ polygon: Polygon<Unreferenced>) -> String {
        array(polygon.rings) { array($0.coordinates, json) }
    }

    private static func json(_ position: Coordinate<Unreferenced>) -> String {
        "[\(NumberLiteral.text(position.x)),\(NumberLiteral.text(position.y))]"
    }

    private static func array<Element>(_ elements: [Element], _ text: (Element) -> String) -> String {
        "[\(elements.map(text).joined(separator: ","))]"
    }

    private static func quoted(_ string: String) -> String {
        var json = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": json += "\\\(scalar)"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            default:
                if scalar.value < 0x20 {
                    json += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
                } else {
                    json.unicodeScalars.append(scalar)
                }
            }
        }
        return json + "\""
    }

    private static func inexpressible(_ what: String) -> FilterError {
        FilterSource.none.error(.inexpressible, "CQL2 JSON cannot express \(what)", at: 0)
    }
}
