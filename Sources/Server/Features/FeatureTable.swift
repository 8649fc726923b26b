import Geometry
import NetworkModel

/// Rows with their fields and geometries as a collection answers them: the records of a snapshot, or the figures of an
/// analysis, or a layer of another file.
///
/// Rows stand in the order of their identifiers, which are the first column: texts in byte order, numbers ascending.
/// Safe to use from any thread.
struct FeatureTable: Sendable {
    /// The fields, the identifier first.
    let fields: [Field]
    /// A column for each field.
    let columns: [Column]
    /// The geometries.
    let geometry: GeometryColumn
    /// The name of the queryable that is the geometry.
    let geometryName: String
    /// The box of each geometry; empty where the geometries are points or none.
    let boxes: [BoundingBox<Geographic>]
    /// The points by place, where there is such an index.
    let index: PointIndex?
    /// The boxes by place, where there is such an index.
    let boxIndex: BoxIndex<Geographic>?
    /// Whether the identifier stands among the properties, too.
    let hasIdentifierAsProperty: Bool
    /// The type of the geometries as GeoPackage spells it; nil where there are none.
    let geometryType: String?
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
        geometryName = ConditionRows.geometryName
        self.boxes =
            switch geometry {
            case .surfaces(let surfaces): boxes ?? surfaces.map(\.boundingBox)
            case .geometries(let geometries): geometries.map { $0?.boundingBox ?? .empty }
            case .points, .none: []
            }
        boxIndex = nil
        hasIdentifierAsProperty = true
        geometryType =
            switch geometry {
            case .none: nil
            case .points: "POINT"
            case .surfaces: "MULTIPOLYGON"
            case .geometries: "GEOMETRY"
            }
        writer = FeatureWriter(fields: fields, columns: columns, geometry: geometry)
    }

    /// Takes a layer of another file. Its identifiers are no properties: clients that make a number of their own for each
    /// feature (GDAL's `fid`) would find it twice. - Complexity: O(n log n)
    init(_ layer: Layer) {
        fields = layer.fields
        columns = layer.columns
        geometry = layer.geometry
        geometryName = layer.geometryName ?? ConditionRows.geometryName
        switch layer.geometry {
        case .points(let longitudes, let latitudes):
            (boxes, boxIndex) = ([], nil)
            index = PointIndex(xs: longitudes, ys: latitudes)
        case .geometries(let geometries):
            boxes = geometries.map { $0?.boundingBox ?? .empty }
            boxIndex = BoxIndex(boxes)
            index = nil
        case .surfaces, .none: (boxes, boxIndex, index) = ([], nil, nil)
        }
        hasIdentifierAsProperty = false
        geometryType = layer.geometryName == nil ? nil : layer.geometryType
        writer = FeatureWriter(
            fields: layer.fields, columns: layer.columns, geometry: layer.geometry, hasIdentifierAsProperty: false)
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
        ConditionRows(
            fields: fields, columns: columns, geometry: geometry, boxes: boxes, geometryName: geometryName)
    }

    /// The number of rows.
    var count: Int { columns.first?.count ?? 0 }

    /// The identifiers where they are texts, as those of records and analyses are.
    var identifiers: TextColumn {
        guard case .text(let column)? = columns.first else { return TextColumn() }
        return column
    }

    /// The identifier of a row.
    func identifier(_ row: Int) -> String {
        switch columns.first {
        case .text(let column)?: column[row] ?? ""
        case .integer(let values)?: values[row].description
        default: ""
        }
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

    /// The geometry of a row, or nil where it has none. - Complexity: O(vertices) for surfaces and others
    func shape(_ row: Int) -> FeatureGeometry<Geographic>? {
        switch geometry {
        case .none: nil
        case .points: point(row).map { .point($0) }
        case .surfaces(let surfaces): surfaces[row].isEmpty ? nil : .multiPolygon(surfaces[row])
        case .geometries(let geometries): geometries[row]
        }
    }

    /// The box around all geometries, or nil where there are none.
    var extent: BoundingBox<Geographic>? {
        var box = BoundingBox<Geographic>.empty
        for row in 0..<count { if let point = point(row) { box.formUnion(point) } }
        for surface in boxes { box.formUnion(surface) }
        return box.isEmpty ? nil : box
    }

    /// The row of an identifier. - Complexity: O(log n)
    func row(of id: String) -> Int? {
        switch columns.first {
        case .text(let column)?: return Self.row(of: id, in: column)
        case .integer(let values)?:
            guard let wanted = Int64(id), wanted.description == id else { return nil }
            var low = 0
            var high = values.count
            while low < high {
                let middle = (low + high) / 2
                if values[middle] < wanted { low = middle + 1 } else { high = middle }
            }
            return low < values.count && values[low] == wanted ? low : nil
        default: return nil
        }
    }

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
        case .geometries(let geometries): (0..<count).filter { geometries[$0] == nil }
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
        if rows == nil, let boxIndex {
            return Array(Set(wanted.flatMap(boxIndex.query) + unplacedRows)).sorted()
        }
        return (rows ?? Array(0..<count)).filter { row in
            switch geometry {
            case .none: true
            case .points: point(row).map { point in wanted.contains { $0.contains(point) } } ?? true
            case .surfaces(let surfaces):
                surfaces[row].isEmpty || wanted.contains { $0.intersects(boxes[row]) }
            case .geometries(let geometries):
                geometries[row] == nil || wanted.contains { $0.intersects(boxes[row]) }
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
        case .geometries(let geometries):
            let candidates =
                rows ?? boxIndex.map { index in Array(Set(wanted.flatMap(index.query))).sorted() }
                ?? Array(0..<count)
            return candidates.filter { row in
                geometries[row].map { geometry in
                    wanted.contains { $0.intersects(boxes[row]) && geometry.meets($0) }
                } ?? false
            }
        }
    }
}
