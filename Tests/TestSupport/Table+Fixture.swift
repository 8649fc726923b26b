public import Geometry
public import NetworkModel

extension Table {
    /// A table of a kind with rows written as dictionaries; fields that a row leaves out are not stated.
    ///
    /// `lon` and `lat` make the point of a row where the kind has no such fields of its own.
    public init(_ kind: RecordKind, _ rows: [[String: FieldValue]], surfaces: [MultiPolygon<Geographic>] = []) {
        self.init(kind.schema)
        for (position, field) in schema.fields.enumerated() {
            columns[position] = Column(field.type, rows.map { $0[field.name] ?? .null })
        }
        switch schema.geometry {
        case .none: break
        case .point:
            geometry = .points(longitudes: rows.map { $0["lon"].number }, latitudes: rows.map { $0["lat"].number })
        case .multiPolygon: geometry = .surfaces(surfaces)
        }
    }
}

extension Column {
    fileprivate init(_ type: FieldType, _ values: [FieldValue]) {
        switch type {
        case .text:
            var column = TextColumn()
            for value in values { column.append(value.text) }
            self = .text(column)
        case .code:
            var column = CodeColumn()
            for value in values { column.append(value.text) }
            self = .code(column)
        case .codeList:
            var column = CodeListColumn()
            for value in values {
                if case .list(let codes) = value { column.append(codes) } else { column.appendNull() }
            }
            self = .codeList(column)
        case .integer:
            self = .integer(values.map { if case .integer(let number) = $0 { number } else { Column.missingInteger } })
        case .real:
            self = .real(values.map { Optional($0).number })
        case .date:
            self = .date(values.map { ReducedDate($0.text)?.packed ?? 0 })
        // No record has such a field.
        case .boolean, .timestamp: self = Column(type)
        }
    }
}

extension FieldValue {
    fileprivate var text: String { if case .text(let text) = self { text } else { "" } }
}

extension FieldValue? {
    fileprivate var number: Double {
        switch self {
        case .real(let value)?: value
        case .integer(let value)?: Double(value)
        default: .nan
        }
    }
}

extension MultiPolygon where Frame == Geographic {
    /// A rectangle, counter-clockwise.
    public static func rectangle(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Self {
        let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return Self([Polygon(exterior: Ring(corners.map { Coordinate(x: $0.0, y: $0.1) }))])
    }
}
