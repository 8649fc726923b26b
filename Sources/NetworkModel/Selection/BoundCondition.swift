internal import CQL2
public import Geometry

/// A condition that is ready to be asked about rows. Safe to use from any thread.
public struct BoundCondition: Sendable {
    let filter: BoundFilter
    let rows: ConditionRows
    let parameter: String

    /// The boxes of which every row that has a geometry and passes must meet one; nil where the condition implies
    /// none. A row with a geometry that meets none of them does not pass, and that is certain, not unknown.
    public var necessaryBoxes: [BoundingBox<Geographic>]? {
        rows.hasGeometry ? filter.necessaryBoxes(of: rows.columns.count) : nil
    }

    /// For each of some rows whether it fulfils the condition; nil where that cannot be said because the row states
    /// nothing in a field that the condition needs.
    ///
    /// - Parameter isCancelled: asked every few rows whether nobody wants the result any more.
    /// - Complexity: O(rows · nodes), plus what GEOS takes where boxes do not decide.
    /// - Throws: `FilterError.invalidExpression` for geometries that are not valid, `.cancelled`.
    public func truths(
        of numbers: some Sequence<Int>, isCancelled: () -> Bool = { false }
    ) throws(FilterError) -> [Bool?] {
        var result: [Bool?] = []
        result.reserveCapacity(numbers.underestimatedCount)
        do throws(GeometryError) {
            let relations = try GEOSRelations()
            for number in numbers {
                if result.count % Self.rowsBetweenChecks == 0, isCancelled() { break }
                result.append(try filter.truth(of: RowValues(rows: rows, row: number), relations: relations))
            }
        } catch {
            throw .invalidExpression(
                parameter: parameter, message: "a geometry of the filter cannot be used: \(error)")
        }
        if isCancelled() { throw .cancelled(parameter: parameter) }
        return result
    }

    /// A row can take a millisecond where geometries have many corners.
    private static let rowsBetweenChecks = 64
}

/// Rows of columns as a condition sees them: which names it may use, and what stands behind each.
public struct ConditionRows: Sendable {
    let columns: [Column]
    /// For each column whether a date stands for its last day.
    let endsLate: [Bool]
    let queryables: [Queryable]
    let geometry: GeometryColumn
    let boxes: [BoundingBox<Geographic>]
    private let geometryName: String

    /// Takes columns of equal length.
    ///
    /// - Parameters:
    ///   - fields: the fields, one for each column.
    ///   - boxes: the box of each geometry; empty where the geometries are points or none.
    ///   - geometryName: the name of the queryable that is the geometry.
    public init(
        fields: [Field], columns: [Column], geometry: GeometryColumn, boxes: [BoundingBox<Geographic>] = [],
        geometryName: String = Self.geometryName
    ) {
        self.geometryName = geometryName
        self.columns = columns
        self.geometry = geometry
        self.boxes = boxes
        endsLate = fields.map { $0.name == "valid_to" }
        var queryables = fields.map { Queryable($0.name, $0.type.queryable) }
        if case .none = geometry {} else { queryables.append(Queryable(geometryName, .geometry)) }
        self.queryables = queryables
    }

    /// The name of the queryable that is the geometry, in the collections of Kompass.
    public static let geometryName = "geometry"

    /// Whether rows can have a geometry.
    var hasGeometry: Bool { queryables.count > columns.count }

    /// The position of a row, or nil.
    fileprivate func point(_ row: Int) -> Coordinate<Geographic>? {
        guard case .points(let longitudes, let latitudes) = geometry, !longitudes[row].isNaN else { return nil }
        return Coordinate(longitude: longitudes[row], latitude: latitudes[row])
    }
}

/// One row as a condition sees it.
private struct RowValues: PropertyValues {
    let rows: ConditionRows
    let row: Int

    func value(of queryable: Int) -> Value {
        guard queryable < rows.columns.count else {
            switch rows.geometry {
            case .surfaces(let surfaces):
                return surfaces[row].isEmpty ? .null : .geometry(.multiPolygon(surfaces[row]))
            case .geometries(let geometries): return geometries[row].map(Value.geometry) ?? .null
            case .points, .none: return rows.point(row).map { .geometry(.point($0)) } ?? .null
            }
        }
        if case .timestamp(let instants) = rows.columns[queryable] {
            return TimestampText.timestamp(instants[row]).map(Value.timestamp) ?? .null
        }
        guard case .date(let dates) = rows.columns[queryable] else { return Value(rows.columns[queryable][row]) }
        guard let date = ReducedDate(packed: dates[row]) else { return .null }
        let packed = Int(rows.endsLate[queryable] ? date.lastDay : date.firstDay)
        let day = CalendarDate(year: packed / 10_000, month: packed / 100 % 100, day: packed % 100)
        return day.map(Value.date) ?? .null
    }

    func bounds(of queryable: Int) -> BoundingBox<Geographic>? {
        guard queryable == rows.columns.count else { return nil }
        switch rows.geometry {
        case .surfaces(let surfaces):
            return surfaces[row].isEmpty || row >= rows.boxes.count ? nil : rows.boxes[row]
        case .geometries(let geometries):
            return geometries[row] == nil || row >= rows.boxes.count ? nil : rows.boxes[row]
        case .points, .none: break
        }
        return rows.point(row).map { BoundingBox(minX: $0.x, minY: $0.y, maxX: $0.x, maxY: $0.y) }
    }
}

extension Value {
    fileprivate init(_ value: FieldValue) {
        switch value {
        case .null: self = .null
        case .text(let text): self = .string(text)
        case .list(let list): self = .list(list.map(Value.string))
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .boolean(let boolean): self = .boolean(boolean)
        }
    }
}

extension FieldType {
    fileprivate var queryable: QueryableType {
        switch self {
        case .text, .code: .string
        case .codeList: .list
        case .integer, .real: .number
        case .date: .date
        case .boolean: .boolean
        case .timestamp: .timestamp
        }
    }
}
