/// The values of one field over all rows of a table.
public enum Column: Sendable {
    /// Free text.
    case text(TextColumn)
    /// One code of a vocabulary or one official key.
    case code(CodeColumn)
    /// Several codes or keys.
    case codeList(CodeListColumn)
    /// Whole numbers; `Column.missingInteger` means *not stated*.
    case integer([Int64])
    /// Real numbers; NaN means *not stated* (a NaN is never data: the loader rejects it).
    case real([Double])
    /// Dates in stated precision, packed as in `ReducedDate`; 0 means *not stated*.
    case date([Int32])
    /// True or false as 2 or 1; 0 means *not stated*.
    case boolean([UInt8])
    /// Instants as milliseconds since 1970 (`TimestampText`); `Column.missingInteger` means *not stated*.
    case timestamp([Int64])

    /// The whole number that stands for *not stated*.
    public static let missingInteger = Int64.min

    /// Makes an empty column for a type of field.
    public init(_ type: FieldType) {
        switch type {
        case .text: self = .text(TextColumn())
        case .code: self = .code(CodeColumn())
        case .codeList: self = .codeList(CodeListColumn())
        case .integer: self = .integer([])
        case .real: self = .real([])
        case .date: self = .date([])
        case .boolean: self = .boolean([])
        case .timestamp: self = .timestamp([])
        }
    }

    /// The number of rows.
    public var count: Int {
        switch self {
        case .text(let column): column.count
        case .code(let column): column.count
        case .codeList(let column): column.count
        case .integer(let values): values.count
        case .real(let values): values.count
        case .date(let values): values.count
        case .boolean(let values): values.count
        case .timestamp(let values): values.count
        }
    }

    /// Whether a row states nothing.
    public func isNull(_ row: Int) -> Bool {
        switch self {
        case .text(let column): column.isNull(row)
        case .code(let column): column.codes[row] == 0
        case .codeList(let column): column.isNull(row)
        case .integer(let values): values[row] == Self.missingInteger
        case .real(let values): values[row].isNaN
        case .date(let values): values[row] == 0
        case .boolean(let values): values[row] == 0
        case .timestamp(let values): values[row] == Self.missingInteger
        }
    }

    /// The value of a row.
    public subscript(row: Int) -> FieldValue {
        guard !isNull(row) else { return .null }
        switch self {
        case .text(let column): return column[row].map(FieldValue.text) ?? .null
        case .code(let column): return column[row].map(FieldValue.text) ?? .null
        case .codeList(let column): return .list(column[row])
        case .integer(let values): return .integer(values[row])
        case .real(let values): return .real(values[row])
        case .date(let values): return ReducedDate(packed: values[row]).map { .text($0.description) } ?? .null
        case .boolean(let values): return .boolean(values[row] == 2)
        case .timestamp(let values): return TimestampText.text(values[row]).map(FieldValue.text) ?? .null
        }
    }

    /// Appends a row that states nothing.
    public mutating func appendNull() {
        switch consume self {
        case .text(var column):
            column.appendNull()
            self = .text(column)
        case .code(var column):
            column.appendNull()
            self = .code(column)
        case .codeList(var column):
            column.appendNull()
            self = .codeList(column)
        case .integer(var values):
            values.append(Self.missingInteger)
            self = .integer(values)
        case .real(var values):
            values.append(.nan)
            self = .real(values)
        case .date(var values):
            values.append(0)
            self = .date(values)
        case .boolean(var values):
            values.append(0)
            self = .boolean(values)
        case .timestamp(var values):
            values.append(Self.missingInteger)
            self = .timestamp(values)
        }
    }

    /// The column with its rows in another order (or a part of them).
    public func gathered(_ rows: [Int]) -> Column {
        switch self {
        case .text(let column): .text(column.gathered(rows))
        case .code(let column): .code(column.gathered(rows))
        case .codeList(let column): .codeList(column.gathered(rows))
        case .integer(let values): .integer(rows.map { values[$0] })
        case .real(let values): .real(rows.map { values[$0] })
        case .date(let values): .date(rows.map { values[$0] })
        case .boolean(let values): .boolean(rows.map { values[$0] })
        case .timestamp(let values): .timestamp(rows.map { values[$0] })
        }
    }

    /// The same column with its codes numbered in byte order, so that equal content has equal bytes.
    public func canonical() -> Column {
        switch self {
        case .code(let column): .code(column.canonical())
        case .codeList(let column): .codeList(column.canonical())
        default: self
        }
    }
}

/// One value of a field, for answers that are written row by row.
public enum FieldValue: Sendable, Hashable {
    /// Not stated.
    case null
    /// A text, a code, a date or an instant.
    case text(String)
    /// Several codes.
    case list([String])
    /// A whole number.
    case integer(Int64)
    /// A real number, finite.
    case real(Double)
    /// True or false.
    case boolean(Bool)
}
