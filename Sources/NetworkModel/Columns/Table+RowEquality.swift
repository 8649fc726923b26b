extension Table {
    /// Whether a row states the same as a row of another table of the same schema, geometry included.
    ///
    /// Codes are compared by their texts, as each table numbers them itself.
    public func row(_ row: Int, equals otherRow: Int, of other: Table) -> Bool {
        for (column, otherColumn) in zip(columns, other.columns) {
            guard column.row(row, equals: otherRow, of: otherColumn) else { return false }
        }
        switch (geometry, other.geometry) {
        case (.none, .none):
            return true
        case (.points(let xs, let ys), .points(let otherXs, let otherYs)):
            return xs[row].isSame(as: otherXs[otherRow]) && ys[row].isSame(as: otherYs[otherRow])
        case (.surfaces(let surfaces), .surfaces(let otherSurfaces)):
            return surfaces[row] == otherSurfaces[otherRow]
        case (.geometries(let geometries), .geometries(let otherGeometries)):
            return geometries[row] == otherGeometries[otherRow]
        default:
            return false
        }
    }
}

extension Column {
    fileprivate func row(_ row: Int, equals otherRow: Int, of other: Column) -> Bool {
        switch (self, other) {
        case (.text(let lhs), .text(let rhs)):
            lhs.bytes[lhs.range(row)] == rhs.bytes[rhs.range(otherRow)]
        case (.code(let lhs), .code(let rhs)):
            lhs.dictionary[lhs.codes[row]] == rhs.dictionary[rhs.codes[otherRow]]
        case (.codeList(let lhs), .codeList(let rhs)):
            lhs[row] == rhs[otherRow]
        case (.integer(let lhs), .integer(let rhs)):
            lhs[row] == rhs[otherRow]
        case (.real(let lhs), .real(let rhs)):
            lhs[row].isSame(as: rhs[otherRow])
        case (.date(let lhs), .date(let rhs)):
            lhs[row] == rhs[otherRow]
        case (.boolean(let lhs), .boolean(let rhs)):
            lhs[row] == rhs[otherRow]
        case (.timestamp(let lhs), .timestamp(let rhs)):
            lhs[row] == rhs[otherRow]
        default:
            false
        }
    }
}

extension Double {
    /// Equality in which *not stated* (NaN) equals itself.
    fileprivate func isSame(as other: Double) -> Bool { self == other || (isNaN && other.isNaN) }
}
