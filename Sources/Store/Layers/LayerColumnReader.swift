internal import GRDBSQLite
internal import NetworkModel
internal import enum NetworkModel.Column

/// Collects one column of a foreign table while the rows go by. SQLite's columns may hold values of any type.
struct LayerColumnReader {
    /// What became of a value.
    enum Outcome {
        /// It is in the column.
        case taken
        /// It is binary, and stands as not stated.
        case binary
        /// The column must be read as another type.
        case needs(FieldType)
    }

    private let column: CInt
    private let type: FieldType
    private var text = TextColumn()
    private var numbers: [Int64] = []
    private var reals: [Double] = []
    private var dates: [Int32] = []
    private var booleans: [UInt8] = []

    init(_ type: FieldType, column: CInt) {
        self.type = type
        self.column = column
    }

    /// The column.
    var result: Column {
        switch type {
        case .integer: .integer(numbers)
        case .timestamp: .timestamp(numbers)
        case .real: .real(reals)
        case .date: .date(dates)
        case .boolean: .boolean(booleans)
        case .text, .code, .codeList: .text(text)
        }
    }

    /// Takes the value of the current row.
    mutating func read(_ handle: OpaquePointer) -> Outcome {
        let stored = sqlite3_column_type(handle, column)
        if stored == SQLITE_NULL || stored == SQLITE_BLOB {
            appendNull()
            return stored == SQLITE_BLOB ? .binary : .taken
        }
        switch type {
        case .text, .code, .codeList:
            let bytes = Self.utf8(handle, column)
            if bytes.isEmpty {
                text.appendBlank()
            } else if let valid = String(validating: bytes, as: UTF8.self) {
                _ = valid
                text.append(utf8: bytes)
            } else {
                // What is no UTF-8 becomes U+FFFD: answers must be.
                text.append(String(decoding: bytes, as: UTF8.self))
            }
        case .integer:
            switch stored {
            case SQLITE_INTEGER: numbers.append(sqlite3_column_int64(handle, column))
            case SQLITE_FLOAT: return .needs(.real)
            default: return .needs(.text)
            }
        case .real:
            guard stored != SQLITE_TEXT else { return .needs(.text) }
            let number = sqlite3_column_double(handle, column)
            reals.append(number.isFinite ? number : .nan)
        case .boolean:
            guard stored == SQLITE_INTEGER else { return .needs(stored == SQLITE_FLOAT ? .real : .text) }
            let number = sqlite3_column_int64(handle, column)
            guard number == 0 || number == 1 else { return .needs(.integer) }
            booleans.append(UInt8(number) + 1)
        case .date:
            guard stored == SQLITE_TEXT, let date = ReducedDate(utf8: Self.utf8(handle, column)) else {
                return .needs(.text)
            }
            dates.append(date.packed)
        case .timestamp:
            guard stored == SQLITE_TEXT,
                let instant = TimestampText.milliseconds(utf8: Self.utf8(handle, column))
            else { return .needs(.text) }
            numbers.append(instant)
        }
        return .taken
    }

    private mutating func appendNull() {
        switch type {
        case .integer, .timestamp: numbers.append(Column.missingInteger)
        case .real: reals.append(.nan)
        case .date: dates.append(0)
        case .boolean: booleans.append(0)
        case .text, .code, .codeList: text.appendNull()
        }
    }

    /// The bytes of a text; valid until the next step.
    static func utf8(_ handle: OpaquePointer, _ column: CInt) -> UnsafeBufferPointer<UInt8> {
        let bytes = sqlite3_column_text(handle, column)
        return UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }
}
