import Geometry
import NetworkModel

/// Writes rows of columns as GeoJSON features (RFC 7946), straight from the columns.
///
/// Names and codes are escaped once, when the writer is made; a feature is then mostly copied bytes.
/// Safe to use from any thread.
struct FeatureWriter: Sendable {
    private let identifiers: Column?
    private let geometry: GeometryColumn
    private var fields: [(key: [UInt8], column: WritableColumn)]
    /// Whether the identifier stands among the properties, too.
    private let hasIdentifierAsProperty: Bool
    /// How positions are written; nil as they are, on longitude and latitude.
    private var frame: PositionFrame?

    /// Prepares columns for writing, the identifiers first.
    ///
    /// - Parameter hasIdentifierAsProperty: whether the identifier stands among the properties, too.
    init(fields: [Field], columns: [Column], geometry: GeometryColumn, hasIdentifierAsProperty: Bool = true) {
        identifiers = columns.first
        self.hasIdentifierAsProperty = hasIdentifierAsProperty
        self.geometry = geometry
        self.fields = zip(fields, columns).map { field, column in
            var key: [UInt8] = []
            key.append(json: field.name)
            key.append(UInt8(ascii: ":"))
            return (key, WritableColumn(column, isRequired: field.isRequired))
        }
        if !hasIdentifierAsProperty { self.fields.removeFirst() }
    }

    /// The writer that writes positions in another CRS, and of the fields only those at some positions.
    func writing(_ columns: [Int]? = nil, in frame: PositionFrame?) -> FeatureWriter {
        var result = self
        result.frame = frame
        if let columns {
            result.fields =
                hasIdentifierAsProperty
                ? columns.map { fields[$0] } : columns.filter { $0 > 0 }.map { fields[$0 - 1] }
        }
        return result
    }

    /// Appends the feature of a row.
    ///
    /// - Parameters:
    ///   - members: foreign members, and
    ///   - links: the member `links`: for answers that are one feature.
    func write(_ row: Int, members: [(String, JSON)] = [], links: JSON? = nil, into bytes: inout [UInt8]) {
        bytes.append(ascii: "{\"type\":\"Feature\",\"id\":")
        switch identifiers {
        case .text(let column)?: bytes.append(text: column, row)
        case .integer(let values)?: bytes.append(json: values[row])
        default: bytes.append(ascii: "\"\"")
        }
        bytes.append(ascii: ",\"geometry\":")
        writeGeometry(row, into: &bytes)
        bytes.append(ascii: ",\"properties\":")
        writeProperties(row, into: &bytes)
        for (name, value) in members + (links.map { [("links", $0)] } ?? []) {
            bytes.append(UInt8(ascii: ","))
            bytes.append(json: name)
            bytes.append(UInt8(ascii: ":"))
            value.write(into: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends the fields of a row as one object.
    func writeProperties(_ row: Int, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (position, field) in fields.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: field.key)
            field.column.write(row, into: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func writeGeometry(_ row: Int, into bytes: inout [UInt8]) {
        switch geometry {
        case .none: bytes.append(ascii: "null")
        case .points(let longitudes, let latitudes):
            guard longitudes[row].isFinite, latitudes[row].isFinite else {
                bytes.append(ascii: "null")
                return
            }
            var position = (longitudes[row], latitudes[row])
            if let frame {
                let place = Coordinate<Geographic>(longitude: longitudes[row], latitude: latitudes[row])
                guard let written = frame.positions(of: [place])?.first else {
                    bytes.append(ascii: "null")
                    return
                }
                position = (written.x, written.y)
            }
            bytes.append(ascii: "{\"type\":\"Point\",\"coordinates\":")
            bytes.append(position: position.0, position.1)
            bytes.append(UInt8(ascii: "}"))
        case .surfaces(let surfaces): bytes.append(surface: surfaces[row], in: frame)
        case .geometries(let geometries):
            if let geometry = geometries[row] {
                bytes.append(geometry: geometry, in: frame)
            } else {
                bytes.append(ascii: "null")
            }
        }
    }
}

/// A column with its codes escaped beforehand.
private enum WritableColumn: Sendable {
    case text(TextColumn)
    case code([UInt32], EscapedCodes)
    /// Where it is required, a list without elements is an empty one: it is known that there are none.
    case codeList(CodeListColumn, EscapedCodes, isRequired: Bool)
    case integer([Int64])
    case real([Double])
    case date([Int32])
    case boolean([UInt8])
    case timestamp([Int64])

    init(_ column: Column, isRequired: Bool) {
        switch column {
        case .text(let column): self = .text(column)
        case .code(let column): self = .code(column.codes, EscapedCodes(column.dictionary))
        case .codeList(let column):
            self = .codeList(column, EscapedCodes(column.dictionary), isRequired: isRequired)
        case .integer(let values): self = .integer(values)
        case .real(let values): self = .real(values)
        case .date(let values): self = .date(values)
        case .boolean(let values): self = .boolean(values)
        case .timestamp(let values): self = .timestamp(values)
        }
    }

    /// Appends the value of a row; what is not stated is null.
    func write(_ row: Int, into bytes: inout [UInt8]) {
        switch self {
        case .text(let column):
            if column.isNull(row) { bytes.append(ascii: "null") } else { bytes.append(text: column, row) }
        case .code(let codes, let escaped): escaped.write(codes[row], into: &bytes)
        case .codeList(let column, let escaped, let isRequired):
            let range = column.range(row)
            guard !range.isEmpty else {
                bytes.append(ascii: isRequired ? "[]" : "null")
                return
            }
            bytes.append(UInt8(ascii: "["))
            for position in range {
                if position > range.lowerBound { bytes.append(UInt8(ascii: ",")) }
                escaped.write(column.codes[position], into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .integer(let values):
            if values[row] == Column.missingInteger {
                bytes.append(ascii: "null")
            } else {
                bytes.append(json: values[row])
            }
        case .real(let values): bytes.append(json: values[row])
        case .date(let values):
            guard let date = ReducedDate(packed: values[row]) else {
                bytes.append(ascii: "null")
                return
            }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(ascii: date.description)
            bytes.append(UInt8(ascii: "\""))
        case .boolean(let values):
            bytes.append(ascii: values[row] == 0 ? "null" : values[row] == 2 ? "true" : "false")
        case .timestamp(let values):
            guard let text = TimestampText.text(values[row]) else {
                bytes.append(ascii: "null")
                return
            }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(ascii: text)
            bytes.append(UInt8(ascii: "\""))
        }
    }
}

/// The codes of a dictionary as JSON texts in one buffer; the code 0, *not stated*, is null.
private struct EscapedCodes: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(_ dictionary: CodeDictionary) {
        bytes.append(ascii: "null")
        ends.append(bytes.count)
        for code in dictionary.codes {
            bytes.append(json: code)
            ends.append(bytes.count)
        }
    }

    func write(_ number: UInt32, into target: inout [UInt8]) {
        let number = Int(number)
        target.append(contentsOf: bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]])
    }
}

extension [UInt8] {
    /// Appends a row of a text column as a JSON text.
    fileprivate mutating func append(text column: TextColumn, _ row: Int) {
        let range = column.range(row)
        column.bytes.withUnsafeBufferPointer { append(jsonUTF8: UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Appends a surface as a GeoJSON MultiPolygon; null where it is empty.
    ///
    /// - Parameter frame: how positions are written; nil on longitude and latitude.
    mutating func append(surface: MultiPolygon<Geographic>, in frame: PositionFrame? = nil) {
        let oriented = surface.rightHanded
        var written: [Coordinate<Unreferenced>]?
        if let frame {
            var vertices: [Coordinate<Geographic>] = []
            for polygon in oriented.polygons { for ring in polygon.rings { vertices += ring.coordinates } }
            written = frame.positions(of: vertices)
        }
        guard !surface.isEmpty, frame == nil || written != nil else {
            append(ascii: "null")
            return
        }
        var next = written?.makeIterator()
        append(ascii: "{\"type\":\"MultiPolygon\",\"coordinates\":[")
        for (position, polygon) in oriented.polygons.enumerated() {
            append(ascii: position > 0 ? ",[" : "[")
            for (ringPosition, ring) in polygon.rings.enumerated() {
                append(ascii: ringPosition > 0 ? ",[" : "[")
                for (vertex, coordinate) in ring.coordinates.enumerated() {
                    if vertex > 0 { append(UInt8(ascii: ",")) }
                    let place = next?.next() ?? Coordinate(x: coordinate.longitude, y: coordinate.latitude)
                    append(position: place.x, place.y)
                }
                append(UInt8(ascii: "]"))
            }
            append(UInt8(ascii: "]"))
        }
        append(ascii: "]}")
    }

    /// Appends any geometry as GeoJSON; null where the CRS cannot express it.
    ///
    /// - Parameter frame: how positions are written; nil on longitude and latitude.
    mutating func append(geometry: FeatureGeometry<Geographic>, in frame: PositionFrame? = nil) {
        let oriented = geometry.rightHanded
        guard let frame else { return append(oriented) }
        var vertices: [Coordinate<Geographic>] = []
        oriented.forEachCoordinate { vertices.append($0) }
        guard let positions = frame.positions(of: vertices) else { return append(ascii: "null") }
        var next = positions.makeIterator()
        append(oriented.map { next.next() ?? Coordinate<Unreferenced>(x: $0.x, y: $0.y) })
    }

    private mutating func append<Frame>(_ geometry: FeatureGeometry<Frame>) {
        append(ascii: "{\"type\":\"")
        append(ascii: geometry.typeName)
        append(ascii: "\",")
        if case .collection(let members) = geometry {
            append(ascii: "\"geometries\":")
            append(list: members) { $0.append($1) }
        } else {
            append(ascii: "\"coordinates\":")
            switch geometry {
            case .point(let coordinate): append(position: coordinate.x, coordinate.y)
            case .multiPoint(let coordinates), .lineString(let coordinates): append(coordinates)
            case .multiLineString(let lines): append(list: lines) { $0.append($1) }
            case .polygon(let polygon): append(polygon)
            case .multiPolygon(let surface): append(list: surface.polygons) { $0.append($1) }
            case .collection: break
            }
        }
        append(UInt8(ascii: "}"))
    }

    private mutating func append<Frame>(_ polygon: Polygon<Frame>) {
        append(list: polygon.exterior.coordinates.isEmpty ? [] : polygon.rings) { $0.append($1.coordinates) }
    }

    private mutating func append<Frame>(_ coordinates: [Coordinate<Frame>]) {
        append(list: coordinates) { $0.append(position: $1.x, $1.y) }
    }

    private mutating func append<Element>(list: [Element], _ body: (inout [UInt8], Element) -> Void) {
        append(UInt8(ascii: "["))
        for (position, element) in list.enumerated() {
            if position > 0 { append(UInt8(ascii: ",")) }
            body(&self, element)
        }
        append(UInt8(ascii: "]"))
    }

    /// Appends a position.
    fileprivate mutating func append(position first: Double, _ second: Double) {
        append(UInt8(ascii: "["))
        append(json: first)
        append(UInt8(ascii: ","))
        append(json: second)
        append(UInt8(ascii: "]"))
    }
}
