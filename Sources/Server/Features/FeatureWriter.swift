import Geometry
import NetworkModel

/// Writes rows of columns as GeoJSON features (RFC 7946), straight from the columns.
///
/// Names and codes are escaped once, when the writer is made; a feature is then mostly copied bytes.
/// Safe to use from any thread.
struct FeatureWriter: Sendable {
    private let identifiers: WritableColumn
    private let geometry: GeometryColumn
    private var fields: [(key: [UInt8], column: WritableColumn)]
    /// How positions are written; nil as they are, on longitude and latitude.
    private var frame: PositionFrame?

    /// What stands between the features of an answer.
    enum Framing: Sendable {
        /// The elements of a JSON array.
        case array
        /// A sequence of JSON texts (RFC 8142).
        case sequence
    }

    /// Prepares columns for writing, the identifiers first. - Complexity: O(bytes of the texts)
    init(fields: [Field], columns: [Column], geometry: GeometryColumn) {
        if case .text(let column)? = columns.first {
            identifiers = WritableColumn(.text(column), isRequired: true)
        } else {
            identifiers = WritableColumn(.text(TextColumn()), isRequired: true)
        }
        self.geometry = geometry
        self.fields = zip(fields, columns).map { field, column in
            var key: [UInt8] = []
            key.append(json: field.name)
            key.append(UInt8(ascii: ":"))
            return (key, WritableColumn(column, isRequired: field.isRequired))
        }
    }

    /// The writer that writes positions in another CRS, and of the fields only those at some positions.
    func writing(_ columns: [Int]? = nil, in frame: PositionFrame?) -> FeatureWriter {
        var result = self
        result.frame = frame
        if let columns { result.fields = columns.map { fields[$0] } }
        return result
    }

    /// Appends the feature of a row.
    ///
    /// - Parameters:
    ///   - members: foreign members, and
    ///   - links: the member `links`: for answers that are one feature.
    func write(_ row: Int, members: [(String, JSON)] = [], links: JSON? = nil, into bytes: inout [UInt8]) {
        withOpenColumns { open in
            var text = ByteText(capacity: 4096)
            open.write(row, into: &text)
            text.withBytes { bytes.append(contentsOf: $0.dropLast()) }
        }
        for (name, value) in members + (links.map { [("links", $0)] } ?? []) {
            bytes.append(UInt8(ascii: ","))
            bytes.append(json: name)
            bytes.append(UInt8(ascii: ":"))
            value.write(into: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends the features of rows until all are written or a number of bytes is reached.
    ///
    /// - Parameters:
    ///   - isFirst: whether nothing stands in front of them.
    ///   - size: the number of bytes, counted from the beginning of `bytes`.
    /// - Returns: how many are written.
    func write(
        _ rows: ArraySlice<Int>, isFirst: Bool, framing: Framing, into bytes: inout [UInt8], upTo size: Int
    ) -> Int {
        withOpenColumns { open in
            let room = size - bytes.count
            var text = ByteText(capacity: max(0, min(room, rows.count * 1024)) + 4096)
            var written = 0
            for row in rows {
                if text.count >= room { break }
                switch framing {
                case .array: if written > 0 || !isFirst { text.append(UInt8(ascii: ",")) }
                case .sequence: text.append(0x1e)
                }
                open.write(row, into: &text)
                if framing == .sequence { text.append(0x0a) }
                written += 1
            }
            text.withBytes { bytes.append(contentsOf: $0) }
            return written
        }
    }

    /// Appends the fields of a row as one object.
    func writeProperties(_ row: Int, into bytes: inout [UInt8]) {
        withOpenColumns { open in
            var text = ByteText(capacity: 4096)
            open.writeProperties(row, into: &text)
            text.withBytes { bytes.append(contentsOf: $0) }
        }
    }

    /// Opens all columns at once, for as long as `body` runs.
    private func withOpenColumns<Result>(_ body: (OpenFeatures) -> Result) -> Result {
        identifiers.withOpen { identifiers in
            geometry.withOpen { geometry in
                var open: [OpenFeatures.Property] = []
                open.reserveCapacity(fields.count)
                return withOpenFields(&open) { properties in
                    body(
                        OpenFeatures(identifiers: identifiers, geometry: geometry, frame: frame, properties: properties)
                    )
                }
            }
        }
    }

    /// Opens the fields behind those that are open already, one within the other.
    private func withOpenFields<Result>(
        _ open: inout [OpenFeatures.Property], _ body: (UnsafeBufferPointer<OpenFeatures.Property>) -> Result
    ) -> Result {
        guard open.count < fields.count else { return open.withUnsafeBufferPointer(body) }
        let field = fields[open.count]
        return field.key.withUnsafeBufferPointer { key in
            field.column.withOpen { column in
                open.append(OpenFeatures.Property(key: key, column: column))
                return withOpenFields(&open, body)
            }
        }
    }
}

/// Rows whose columns lie open: plain pointers, so that a row costs no reference counting. Ends with the closure that
/// it is given to.
private struct OpenFeatures {
    struct Property {
        let key: UnsafeBufferPointer<UInt8>
        let column: OpenColumn
    }

    let identifiers: OpenColumn
    let geometry: OpenGeometry
    let frame: PositionFrame?
    let properties: UnsafeBufferPointer<Property>

    func write(_ row: Int, into text: inout ByteText) {
        text.append(ascii: "{\"type\":\"Feature\",\"id\":")
        identifiers.write(row, into: &text)
        text.append(ascii: ",\"geometry\":")
        writeGeometry(row, into: &text)
        text.append(ascii: ",\"properties\":")
        writeProperties(row, into: &text)
        text.append(UInt8(ascii: "}"))
    }

    func writeProperties(_ row: Int, into text: inout ByteText) {
        text.append(UInt8(ascii: "{"))
        for position in properties.indices {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            text.append(properties[position].key)
            properties[position].column.write(row, into: &text)
        }
        text.append(UInt8(ascii: "}"))
    }

    private func writeGeometry(_ row: Int, into text: inout ByteText) {
        switch geometry {
        case .none: text.append(ascii: "null")
        case .points(let longitudes, let latitudes):
            guard longitudes[row].isFinite, latitudes[row].isFinite else {
                text.append(ascii: "null")
                return
            }
            var position = (longitudes[row], latitudes[row])
            if let frame {
                let place = Coordinate<Geographic>(longitude: longitudes[row], latitude: latitudes[row])
                guard let written = frame.positions(of: [place])?.first else {
                    text.append(ascii: "null")
                    return
                }
                position = (written.x, written.y)
            }
            text.append(ascii: "{\"type\":\"Point\",\"coordinates\":[")
            text.append(json: position.0)
            text.append(UInt8(ascii: ","))
            text.append(json: position.1)
            text.append(ascii: "]}")
        case .surfaces(let surfaces):
            var bytes: [UInt8] = []
            bytes.append(surface: surfaces[row], in: frame)
            text.append(contentsOf: bytes)
        }
    }
}

/// A column of geometries that lies open.
private enum OpenGeometry {
    case none
    case points(UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>)
    case surfaces([MultiPolygon<Geographic>])
}

extension GeometryColumn {
    fileprivate func withOpen<Result>(_ body: (OpenGeometry) -> Result) -> Result {
        switch self {
        case .none: body(.none)
        case .points(let longitudes, let latitudes):
            longitudes.withUnsafeBufferPointer { longitudes in
                latitudes.withUnsafeBufferPointer { body(.points(longitudes, $0)) }
            }
        case .surfaces(let surfaces): body(.surfaces(surfaces))
        }
    }
}

/// A column with its codes escaped beforehand.
private enum WritableColumn: Sendable {
    case text(TextColumn, needsEscapes: Bool)
    case code([UInt32], EscapedCodes)
    /// Where it is required, a list without elements is an empty one: it is known that there are none.
    case codeList(CodeListColumn, EscapedCodes, isRequired: Bool)
    case integer([Int64])
    case real([Double])
    case date([Int32])

    init(_ column: Column, isRequired: Bool) {
        switch column {
        case .text(let column): self = .text(column, needsEscapes: column.bytes.contains(where: \.needsEscapeInJSON))
        case .code(let column): self = .code(column.codes, EscapedCodes(column.dictionary))
        case .codeList(let column):
            self = .codeList(column, EscapedCodes(column.dictionary), isRequired: isRequired)
        case .integer(let values): self = .integer(values)
        case .real(let values): self = .real(values)
        case .date(let values): self = .date(values)
        }
    }

    func withOpen<Result>(_ body: (OpenColumn) -> Result) -> Result {
        switch self {
        case .text(let column, let needsEscapes):
            column.bytes.withUnsafeBufferPointer { bytes in
                column.ends.withUnsafeBufferPointer { body(.text(bytes, ends: $0, needsEscapes: needsEscapes)) }
            }
        case .code(let codes, let escaped):
            codes.withUnsafeBufferPointer { codes in escaped.withOpen { body(.code(codes, $0)) } }
        case .codeList(let column, let escaped, let isRequired):
            column.codes.withUnsafeBufferPointer { codes in
                column.ends.withUnsafeBufferPointer { ends in
                    escaped.withOpen { body(.codeList(codes, ends: ends, $0, isRequired: isRequired)) }
                }
            }
        case .integer(let values): values.withUnsafeBufferPointer { body(.integer($0)) }
        case .real(let values): values.withUnsafeBufferPointer { body(.real($0)) }
        case .date(let values): values.withUnsafeBufferPointer { body(.date($0)) }
        }
    }
}

/// A column that lies open.
private enum OpenColumn {
    case text(UnsafeBufferPointer<UInt8>, ends: UnsafeBufferPointer<UInt32>, needsEscapes: Bool)
    case code(UnsafeBufferPointer<UInt32>, OpenCodes)
    case codeList(UnsafeBufferPointer<UInt32>, ends: UnsafeBufferPointer<UInt32>, OpenCodes, isRequired: Bool)
    case integer(UnsafeBufferPointer<Int64>)
    case real(UnsafeBufferPointer<Double>)
    case date(UnsafeBufferPointer<Int32>)

    /// Appends the value of a row; what is not stated is null.
    func write(_ row: Int, into text: inout ByteText) {
        switch self {
        case .text(let bytes, let ends, let needsEscapes):
            let range = Self.range(row, ends)
            guard !range.isEmpty else { return text.append(ascii: "null") }
            let value = UnsafeBufferPointer(rebasing: bytes[range])
            if needsEscapes { text.append(jsonUTF8: value) } else { text.append(plainJSON: value) }
        case .code(let codes, let escaped): text.append(escaped[codes[row]])
        case .codeList(let codes, let ends, let escaped, let isRequired):
            let range = Self.range(row, ends)
            guard !range.isEmpty else {
                text.append(ascii: isRequired ? "[]" : "null")
                return
            }
            text.append(UInt8(ascii: "["))
            for position in range {
                if position > range.lowerBound { text.append(UInt8(ascii: ",")) }
                text.append(escaped[codes[position]])
            }
            text.append(UInt8(ascii: "]"))
        case .integer(let values):
            if values[row] == Column.missingInteger {
                text.append(ascii: "null")
            } else {
                text.append(json: values[row])
            }
        case .real(let values): text.append(json: values[row])
        case .date(let values):
            guard let date = ReducedDate(packed: values[row]) else { return text.append(ascii: "null") }
            var spelled = date.description
            spelled.withUTF8 { text.append(plainJSON: $0) }
        }
    }

    private static func range(_ row: Int, _ ends: UnsafeBufferPointer<UInt32>) -> Range<Int> {
        Int(row == 0 ? 0 : ends[row - 1])..<Int(ends[row])
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

    func withOpen<Result>(_ body: (OpenCodes) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            ends.withUnsafeBufferPointer { body(OpenCodes(bytes: bytes, ends: $0)) }
        }
    }
}

/// Escaped codes that lie open.
private struct OpenCodes {
    let bytes: UnsafeBufferPointer<UInt8>
    let ends: UnsafeBufferPointer<Int>

    subscript(number: UInt32) -> UnsafeBufferPointer<UInt8> {
        let number = Int(number)
        return UnsafeBufferPointer(rebasing: bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]])
    }
}

extension [UInt8] {
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

    /// Appends a position.
    fileprivate mutating func append(position first: Double, _ second: Double) {
        append(UInt8(ascii: "["))
        append(json: first)
        append(UInt8(ascii: ","))
        append(json: second)
        append(UInt8(ascii: "]"))
    }
}
