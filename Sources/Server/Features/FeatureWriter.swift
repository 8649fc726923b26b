import Geometry
import NetworkModel

/// Writes rows of columns as GeoJSON features (RFC 7946), straight from the columns.
///
/// Names, codes and what is the same in every row are spelled once, when the writer is made; a feature is then mostly
/// copied bytes. Safe to use from any thread.
struct FeatureWriter: Sendable {
    private let identifiers: WritableColumn
    private let geometry: GeometryColumn
    private let fields: [WritableField]
    /// The position of the first field that stands among the properties: 1 where the identifier is none of them.
    private let firstProperty: Int
    private var properties: WritableProperties
    /// How positions are written; nil as they are, on longitude and latitude.
    private var frame: PositionFrame?

    /// What stands between the features of an answer.
    enum Framing: Sendable {
        /// The elements of a JSON array.
        case array
        /// A sequence of JSON texts (RFC 8142).
        case sequence
    }

    /// Prepares columns for writing, the identifiers first. - Complexity: O(bytes of the columns)
    ///
    /// - Parameter hasIdentifierAsProperty: whether the identifier stands among the properties, too.
    init(fields: [Field], columns: [Column], geometry: GeometryColumn, hasIdentifierAsProperty: Bool = true) {
        self.fields = zip(fields, columns).map { field, column in
            WritableField(name: field.name, column: WritableColumn(column, isRequired: field.isRequired))
        }
        identifiers = self.fields.first?.column ?? WritableColumn(.text(TextColumn()), isRequired: true)
        self.geometry = geometry
        firstProperty = hasIdentifierAsProperty ? 0 : 1
        properties = WritableProperties(Array(self.fields.dropFirst(firstProperty)))
    }

    /// The writer that writes positions in another CRS, and of the fields only those at some positions.
    func writing(_ columns: [Int]? = nil, in frame: PositionFrame?) -> FeatureWriter {
        var result = self
        result.frame = frame
        if let columns {
            result.properties = WritableProperties(columns.filter { $0 >= firstProperty }.map { fields[$0] })
        }
        return result
    }

    /// Appends the feature of a row.
    ///
    /// - Parameters:
    ///   - members: foreign members, and
    ///   - links: the member `links`: for answers that are one feature.
    func write(_ row: Int, members: [(String, JSON)] = [], links: JSON? = nil, into bytes: inout [UInt8]) {
        _ = write([row], isFirst: true, framing: .array, into: &bytes, upTo: .max)
        let members = members + (links.map { [("links", $0)] } ?? [])
        guard !members.isEmpty else { return }
        bytes.removeLast()
        for (name, value) in members {
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
        withOpenFeatures { open in
            let room = size - bytes.count
            var text = ByteText(capacity: max(0, min(room, rows.count * 1024)) + 4096)
            var written = 0
            open.forEach(of: rows) { row, cells in
                guard text.count < room else { return false }
                switch framing {
                case .array: if written > 0 || !isFirst { text.append(UInt8(ascii: ",")) }
                case .sequence: text.append(0x1e)
                }
                open.writeFeature(row, cells, into: &text)
                if framing == .sequence { text.append(0x0a) }
                written += 1
                return true
            }
            text.withBytes { bytes.append(contentsOf: $0) }
            return written
        }
    }

    /// Appends the fields of a row as one object.
    func writeProperties(_ row: Int, into bytes: inout [UInt8]) {
        withOpenFeatures { open in
            var text = ByteText(capacity: 4096)
            open.forEach(of: [row]) { _, cells in
                open.writeProperties(cells, into: &text)
                return true
            }
            text.withBytes { bytes.append(contentsOf: $0) }
        }
    }

    /// Opens all columns at once, for as long as `body` runs.
    private func withOpenFeatures<Result>(_ body: (OpenFeatures) -> Result) -> Result {
        identifiers.withOpen { identifiers in
            geometry.withOpen { geometry in
                properties.withOpen { properties, suffix in
                    body(
                        OpenFeatures(
                            identifiers: identifiers, geometry: geometry, frame: frame, properties: properties,
                            suffix: suffix))
                }
            }
        }
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

    private mutating func append<Item>(list: [Item], _ body: (inout [UInt8], Item) -> Void) {
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
