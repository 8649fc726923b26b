public import Geometry

/// The geometries of a table's rows.
public enum GeometryColumn: Sendable {
    /// The table has none.
    case none
    /// One optional position per row, longitude and latitude apart; NaN means *not placed*.
    case points(longitudes: [Double], latitudes: [Double])
    /// One surface per row.
    case surfaces([MultiPolygon<Geographic>])
    /// Any geometry or none per row: layers of other files.
    case geometries([FeatureGeometry<Geographic>?])
}

/// Records of one kind as columns: what the loader hands to the store and what a snapshot is made of.
public struct Table: Sendable {
    /// The definition of the fields.
    public let schema: RecordSchema
    /// One column per field of the schema, all of the same length.
    public var columns: [Column]
    /// The geometries, as many as there are rows.
    public var geometry: GeometryColumn

    /// Makes an empty table.
    public init(_ schema: RecordSchema) {
        self.schema = schema
        columns = schema.fields.map { Column($0.type) }
        geometry =
            switch schema.geometry {
            case .none: .none
            case .point: .points(longitudes: [], latitudes: [])
            case .multiPolygon: .surfaces([])
            }
    }

    /// The number of rows.
    public var count: Int { columns[0].count }

    /// The column of a field, or nil where the schema has no such field.
    public subscript(field name: String) -> Column? {
        schema.position(of: name).map { columns[$0] }
    }

    /// The identifiers. Every schema's first field is a text.
    public var identifiers: TextColumn { text(0) }

    /// The text column at a position; an empty column where the schema has another type there.
    public func text(_ position: Int) -> TextColumn {
        guard case .text(let column) = columns[position] else { return TextColumn() }
        return column
    }

    /// The text column of a field.
    public func text(_ name: String) -> TextColumn { schema.position(of: name).map(text) ?? TextColumn() }

    /// The code column of a field; an empty one where the schema has no such field.
    public func code(_ name: String) -> CodeColumn {
        guard case .code(let column)? = self[field: name] else { return CodeColumn() }
        return column
    }

    /// The code-list column of a field; an empty one where the schema has no such field.
    public func codeList(_ name: String) -> CodeListColumn {
        guard case .codeList(let column)? = self[field: name] else { return CodeListColumn() }
        return column
    }

    /// The whole numbers of a field; empty where the schema has no such field.
    public func integer(_ name: String) -> [Int64] {
        guard case .integer(let values)? = self[field: name] else { return [] }
        return values
    }

    /// The real numbers of a field; empty where the schema has no such field.
    public func real(_ name: String) -> [Double] {
        guard case .real(let values)? = self[field: name] else { return [] }
        return values
    }

    /// The packed dates of a field; empty where the schema has no such field.
    public func date(_ name: String) -> [Int32] {
        guard case .date(let values)? = self[field: name] else { return [] }
        return values
    }

    /// The position of a row of a point table, or nil where it is not placed.
    public func point(_ row: Int) -> Coordinate<Geographic>? {
        guard case .points(let longitudes, let latitudes) = geometry, !longitudes[row].isNaN else { return nil }
        return Coordinate(longitude: longitudes[row], latitude: latitudes[row])
    }

    /// The surface of a row, or nil where the table has none.
    public func surface(_ row: Int) -> MultiPolygon<Geographic>? {
        guard case .surfaces(let surfaces) = geometry else { return nil }
        return surfaces[row]
    }

    /// The table with its rows in another order (or a part of them).
    public func gathered(_ rows: [Int]) -> Table {
        var result = self
        result.columns = columns.map { $0.gathered(rows) }
        switch geometry {
        case .none: break
        case .points(let longitudes, let latitudes):
            result.geometry = .points(longitudes: rows.map { longitudes[$0] }, latitudes: rows.map { latitudes[$0] })
        case .surfaces(let surfaces):
            result.geometry = .surfaces(rows.map { surfaces[$0] })
        case .geometries(let geometries):
            result.geometry = .geometries(rows.map { geometries[$0] })
        }
        return result
    }

    /// The table in its canonical form: rows in the byte order of their ids, codes numbered in byte order.
    ///
    /// Two tables with the same records have the same canonical form, in whatever order they were loaded.
    /// - Complexity: O(n log n)
    public func canonical() -> Table {
        let order = identifiers.sortedRows()
        let isSorted = zip(order, 0...).allSatisfy { $0 == $1 }
        var result = isSorted ? self : gathered(order)
        result.columns = result.columns.map { $0.canonical() }
        return result
    }

    /// A canonical table in which no identifier stands twice.
    ///
    /// Of several rows the one of role `own` is kept, else that of the region first in byte order: so the answer does
    /// not depend on the order of loading. - Complexity: O(n)
    func oneRowPerIdentifier() -> Table {
        let roles = schema.position(of: "role") == nil ? nil : code("role")
        let regions = code("region")
        let rank = { (row: Int) in (roles?[row] == "own" ? 0 : 1, regions.count == 0 ? "" : regions[row] ?? "") }
        var rows: [Int] = []
        rows.reserveCapacity(count)
        for row in 0..<count {
            let isRepeated =
                row > 0
                && identifiers.bytes[identifiers.range(row)].elementsEqual(
                    identifiers.bytes[identifiers.range(row - 1)])
            if let last = rows.last, isRepeated {
                if rank(row) < rank(last) { rows[rows.count - 1] = row }
            } else {
                rows.append(row)
            }
        }
        guard rows.count < count else { return self }
        var result = gathered(rows)
        result.columns = result.columns.map { $0.canonical() }
        return result
    }
}

extension TextColumn {
    /// The rows in the byte order of their texts; equal texts in row order.
    ///
    /// The first eight bytes decide nearly always: they are compared as one number. - Complexity: O(n log n)
    public func sortedRows() -> [Int] {
        var keys: [(prefix: UInt64, row: Int)] = []
        keys.reserveCapacity(count)
        for row in 0..<count {
            var prefix: UInt64 = 0
            let range = range(row)
            for offset in 0..<8 {
                let index = range.lowerBound + offset
                prefix = prefix << 8 | (index < range.upperBound ? UInt64(bytes[index]) : 0)
            }
            keys.append((prefix, row))
        }
        keys.sort { lhs, rhs in
            if lhs.prefix != rhs.prefix { return lhs.prefix < rhs.prefix }
            if precedes(lhs.row, rhs.row) { return true }
            if precedes(rhs.row, lhs.row) { return false }
            return lhs.row < rhs.row
        }
        return keys.map(\.row)
    }
}
