import Geometry
import NetworkModel

/// Rows with their fields and geometries as a collection answers them: the records of a snapshot, or the figures of an
/// analysis.
///
/// Rows stand in the byte order of their identifiers, which are the first column. Safe to use from any thread.
struct FeatureTable: Sendable {
    /// The fields, the identifier first.
    let fields: [Field]
    /// A column for each field.
    let columns: [Column]
    /// The geometries.
    let geometry: GeometryColumn
    /// The box of each surface; empty where the geometries are no surfaces.
    let boxes: [BoundingBox<Geographic>]
    /// The points by place, where there is such an index.
    let index: PointIndex?
    /// Writes the rows.
    let writer: FeatureWriter

    /// Takes columns of equal length, the identifiers first.
    init(
        fields: [Field], columns: [Column], geometry: GeometryColumn = .none,
        boxes: [BoundingBox<Geographic>]? = nil, index: PointIndex? = nil
    ) {
        self.fields = fields
        self.columns = columns
        self.geometry = geometry
        self.index = index
        self.boxes =
            switch geometry {
            case .surfaces(let surfaces): boxes ?? surfaces.map(\.boundingBox)
            default: []
            }
        writer = FeatureWriter(fields: fields, columns: columns, geometry: geometry)
    }

    /// Takes the records of a kind. What says how a record may be shown is not part of it.
    init(_ kind: RecordKind, in snapshot: Snapshot) {
        let table = snapshot[kind]
        let shown = table.schema.fields.indices.filter { table.schema.fields[$0].name != "publish" }
        self.init(
            fields: shown.map { table.schema.fields[$0] }, columns: shown.map { table.columns[$0] },
            geometry: table.geometry,
            boxes: kind == .districts
                ? snapshot.districtBoxes : kind == .municipalities ? snapshot.municipalityBoxes : nil,
            index: kind == .offers ? snapshot.offerPoints : kind == .actors ? snapshot.actorPoints : nil)
    }

    /// The rows as a condition sees them.
    var conditionRows: ConditionRows {
        ConditionRows(fields: fields, columns: columns, geometry: geometry, boxes: boxes)
    }

    /// The number of rows.
    var count: Int { columns.first?.count ?? 0 }

    /// The identifiers.
    var identifiers: TextColumn {
        guard case .text(let column)? = columns.first else { return TextColumn() }
        return column
    }

    /// The column of a field, or nil where there is none of that name.
    subscript(field name: String) -> Column? {
        fields.firstIndex { $0.name == name }.map { columns[$0] }
    }

    /// The position of a row, or nil where it has none.
    func point(_ row: Int) -> Coordinate<Geographic>? {
        guard case .points(let longitudes, let latitudes) = geometry, !longitudes[row].isNaN else { return nil }
        return Coordinate(longitude: longitudes[row], latitude: latitudes[row])
    }

    /// The surface of a row, or nil where the geometries are none.
    func surface(_ row: Int) -> MultiPolygon<Geographic>? {
        guard case .surfaces(let surfaces) = geometry else { return nil }
        return surfaces[row]
    }

    /// The box around all geometries, or nil where there are none.
    var extent: BoundingBox<Geographic>? {
        var box = BoundingBox<Geographic>.empty
        for row in 0..<count { if let point = point(row) { box.formUnion(point) } }
        for surface in boxes { box.formUnion(surface) }
        return box.isEmpty ? nil : box
    }

    /// The row of an identifier. - Complexity: O(log n)
    func row(of id: String) -> Int? { Self.row(of: id, in: identifiers) }

    /// The row of an identifier among identifiers in their byte order. - Complexity: O(log n)
    static func row(of id: String, in identifiers: TextColumn) -> Int? {
        let wanted = Array(id.utf8)
        var low = 0
        var high = identifiers.count
        while low < high {
            let middle = (low + high) / 2
            if identifiers.bytes[identifiers.range(middle)].lexicographicallyPrecedes(wanted) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < identifiers.count && identifiers.bytes[identifiers.range(low)].elementsEqual(wanted) ? low : nil
    }

    /// The rows that have no geometry. - Complexity: O(n)
    private var unplacedRows: [Int] {
        switch geometry {
        case .none: Array(0..<count)
        case .points(let longitudes, _): (0..<count).filter { longitudes[$0].isNaN }
        case .surfaces(let surfaces): (0..<count).filter { surfaces[$0].isEmpty }
        }
    }

    /// The rows that have no geometry or whose box meets one of the boxes, ascending: what a condition that implies
    /// these boxes is asked about.
    ///
    /// - Parameter rows: the rows to choose from; nil means all.
    /// - Complexity: O(rows)
    func rows(_ rows: [Int]?, unplacedOrIn wanted: [BoundingBox<Geographic>]) -> [Int] {
        if rows == nil, let index {
            return Array(Set(wanted.flatMap(index.query) + unplacedRows)).sorted()
        }
        return (rows ?? Array(0..<count)).filter { row in
            switch geometry {
            case .none: true
            case .points: point(row).map { point in wanted.contains { $0.contains(point) } } ?? true
            case .surfaces(let surfaces):
                surfaces[row].isEmpty || wanted.contains { $0.intersects(boxes[row]) }
            }
        }
    }

    /// The rows whose geometry meets one of the boxes, ascending.
    ///
    /// - Parameter rows: the rows to choose from; nil means all.
    /// - Complexity: O(answer) where there is an index and all rows are meant, else O(rows).
    func rows(_ rows: [Int]?, meeting wanted: [BoundingBox<Geographic>]) -> [Int] {
        switch geometry {
        case .none: return []
        case .points:
            guard rows == nil, let index else {
                return (rows ?? Array(0..<count)).filter { row in
                    point(row).map { point in wanted.contains { $0.contains(point) } } ?? false
                }
            }
            // The parts of a box across the antimeridian meet there: a point on it must not be given twice.
            return wanted.count == 1 ? index.query(wanted[0]) : Array(Set(wanted.flatMap(index.query))).sorted()
        case .surfaces(let surfaces):
            return (rows ?? Array(0..<count)).filter { row in
                wanted.contains { $0.intersects(boxes[row]) && surfaces[row].meets($0) }
            }
        }
    }
}
