import NetworkModel

/// Turns the cells of one batch into columns of fields; whatever cannot be one is logged against its row.
struct CellReader {
    /// The longest text that a field takes, bytes.
    static let longestText = 1 << 20

    let batch: RowBatch
    let decimal: DecimalMark
    /// The name of the option that cures wrong characters, which differs by format.
    let encodingCure: String
    var log: RowLog

    /// The values of a field.
    mutating func column(_ field: Field, _ origin: ColumnBinding.Origin) -> Column {
        switch origin {
        case .nothing: return empty(field)
        case .constant(let text): return constant(text, field)
        case .column(let index, let factor, let separator, let isOrganisation):
            switch field.type {
            case .text: return .text(texts(field, index, keepsContacts: isOrganisation || field.isContact))
            case .code: return .code(codes(field, index))
            case .codeList: return .codeList(lists(field, index, separator: separator))
            case .integer: return .integer(integers(field, index, factor: factor))
            case .real: return .real(reals(field, index, factor: factor))
            case .date: return .date(dates(field, index))
            // No record has such a field.
            case .boolean, .timestamp: return empty(field)
            }
        }
    }

    private func empty(_ field: Field) -> Column {
        var column = Column(field.type)
        for _ in 0..<batch.rowCount { column.appendNull() }
        return column
    }

    private mutating func constant(_ text: String, _ field: Field) -> Column {
        // A constant is read once, as if it stood in a file of one row.
        let single = RowBatch(arena: ByteArena(capacity: text.utf8.count + 1))
        var copy = text
        let start = copy.withUTF8 { single.arena.append($0) }
        single.width = 1
        single.cells = [RawCell(start: start, count: text.utf8.count, kind: .text)]
        single.lines = [0]
        var reader = CellReader(
            batch: single, decimal: .point, encodingCure: encodingCure, log: RowLog(lines: [0], budget: IssueBudget()))
        let value = reader.column(
            field, .column(0, factor: 1, separator: UInt8(ascii: ";"), isOrganisation: true))
        if !reader.log.isAlive(0) {
            for row in 0..<batch.rowCount {
                log.reject(row, field.name, text, "the mapping's constant does not fit the field")
            }
        }
        return value.gathered([Int](repeating: 0, count: batch.rowCount))
    }

    /// The bytes of a cell without blanks around them; nil where nothing is stated or the row has been rejected.
    @inline(__always)
    private mutating func bytes(_ row: Int, _ column: Int, _ field: Field) -> UnsafeBufferPointer<UInt8>? {
        guard log.isAlive(row) else { return nil }
        let cell = batch.cells[row * batch.width + column]
        switch cell.kind {
        case .null: return nil
        case .text, .number, .boolean: break
        case .list where field.type == .codeList: break
        default:
            reject(row, cell, field)
            return nil
        }
        let base = UnsafePointer(batch.arena.base)
        var low = Int(cell.start)
        var high = low + Int(cell.count)
        while low < high, Self.isBlank(base[low]) { low += 1 }
        while high > low, Self.isBlank(base[high - 1]) { high -= 1 }
        guard low < high else { return nil }
        guard high - low <= Self.longestText else {
            fail(row, field, text(cell, field), "the value has \(high - low) bytes; a field takes at most 1 MB")
            return nil
        }
        return UnsafeBufferPointer(start: base + low, count: high - low)
    }

    private mutating func reject(_ row: Int, _ cell: RawCell, _ field: Field) {
        let reason =
            switch cell.kind {
            case .list: "the value is a list; the field takes a single value"
            case .nested: "the value is an object or a nested list; no field takes one"
            default:
                "the value holds bytes that are no text in the file's encoding, or control characters; \(encodingCure)"
            }
        fail(row, field, text(cell, field), reason)
    }

    /// Rejects a row. The texts are made before the log is asked: failing rows are few.
    private mutating func fail(_ row: Int, _ field: Field, _ value: String, _ reason: String) {
        log.reject(row, field.name, value, reason)
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }

    /// A cell for a message: never that of a contact.
    private func text(_ cell: RawCell, _ field: Field) -> String {
        guard !field.isContact else { return "" }
        let cut = RawCell(start: Int(cell.start), count: min(Int(cell.count), 400), kind: cell.kind)
        return batch.text(cut)
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ field: Field) -> String {
        field.isContact ? "" : String(decoding: bytes.prefix(400), as: UTF8.self)
    }

    private mutating func texts(_ field: Field, _ column: Int, keepsContacts: Bool) -> TextColumn {
        var result = TextColumn()
        result.reserve(rows: batch.rowCount, bytes: batch.rowCount * 16)
        for row in 0..<batch.rowCount {
            guard let bytes = bytes(row, column, field) else {
                result.appendNull()
                continue
            }
            if !keepsContacts, bytes.contains(UInt8(ascii: "@")), let cut = withoutEmails(bytes) {
                log.repair(
                    row, field.name, "",
                    "an e-mail address was taken out; where it is an organisation's, map the column with organisation: true"
                )
                cut.withUnsafeBufferPointer { result.append(utf8: $0) }
            } else {
                result.append(utf8: bytes)
            }
        }
        return result
    }

    /// The text without its e-mail addresses, or nil where there are none.
    private func withoutEmails(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var text = Array(bytes)
        var hasAny = false
        while let range = ContactColumns.emailRange(text) {
            text.removeSubrange(range)
            hasAny = true
        }
        guard hasAny else { return nil }
        while let last = text.last, Self.isBlank(last) { text.removeLast() }
        return text
    }

    private mutating func codes(_ field: Field, _ column: Int) -> CodeColumn {
        var result = CodeColumn()
        for row in 0..<batch.rowCount {
            if let bytes = bytes(row, column, field) { result.append(utf8: bytes) } else { result.appendNull() }
        }
        return result
    }

    private mutating func lists(_ field: Field, _ column: Int, separator: UInt8) -> CodeListColumn {
        var result = CodeListColumn()
        for row in 0..<batch.rowCount {
            guard let bytes = bytes(row, column, field) else {
                result.appendNull()
                continue
            }
            let isList = batch.cells[row * batch.width + column].kind == .list
            result.append(utf8: bytes, separator: isList ? RawCell.listSeparator : separator)
        }
        return result
    }

    private mutating func integers(_ field: Field, _ column: Int, factor: Double) -> [Int64] {
        var result: [Int64] = []
        result.reserveCapacity(batch.rowCount)
        for row in 0..<batch.rowCount {
            result.append(
                bytes(row, column, field).flatMap { integer($0, row, field, factor: factor) } ?? Column.missingInteger)
        }
        return result
    }

    private mutating func integer(_ bytes: UnsafeBufferPointer<UInt8>, _ row: Int, _ field: Field, factor: Double)
        -> Int64?
    {
        if factor == 1, let value = NumberText.integer(bytes), value >= 0 { return value }
        guard var value = number(bytes, row, field) else { return nil }
        // Counts are whole; what comes from a conversion of units is rounded to the field's whole unit.
        if factor != 1 { value = (value * factor).rounded() }
        guard value == value.rounded(), abs(value) < 0x1p53 else {
            fail(row, field, text(bytes, field), "the field takes whole numbers only")
            return nil
        }
        if value < 0, field.unit == "{people}" || field.unit == "m2" {
            fail(row, field, text(bytes, field), "the number is below zero; leave the value empty where it is unknown")
            return nil
        }
        return Int64(value)
    }

    private mutating func reals(_ field: Field, _ column: Int, factor: Double) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(batch.rowCount)
        for row in 0..<batch.rowCount {
            result.append(bytes(row, column, field).flatMap { number($0, row, field) }.map { $0 * factor } ?? .nan)
        }
        return result
    }

    @inline(__always)
    private mutating func number(_ bytes: UnsafeBufferPointer<UInt8>, _ row: Int, _ field: Field) -> Double? {
        guard let value = NumberText.real(bytes, decimal: decimal) else {
            fail(row, field, text(bytes, field), Self.numberProblem(bytes, decimal: decimal))
            return nil
        }
        guard value.isFinite else {
            fail(row, field, text(bytes, field), "the number is out of range")
            return nil
        }
        return value
    }

    private static func numberProblem(_ bytes: UnsafeBufferPointer<UInt8>, decimal: DecimalMark) -> String {
        let other: DecimalMark = decimal == .point ? .comma : .point
        if NumberText.real(bytes, decimal: other)?.isFinite == true {
            return "not a number with a decimal \(decimal.rawValue); if the file uses a decimal \(other.rawValue), "
                + "state decimal: \"\(other == .comma ? "," : ".")\""
        }
        return "not a number; leave the value empty where it is unknown"
    }

    private mutating func dates(_ field: Field, _ column: Int) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(batch.rowCount)
        for row in 0..<batch.rowCount {
            guard let bytes = bytes(row, column, field) else {
                result.append(0)
                continue
            }
            switch DateText.read(bytes) {
            case .date(let date): result.append(date)
            case .repaired(let date):
                let stated = text(bytes, field)
                log.repair(
                    row, field.name, stated,
                    "the date was rewritten as \(ReducedDate(packed: date)?.description ?? "")")
                result.append(date)
            case .none:
                fail(row, field, text(bytes, field), "no date; write 2018, 2018-06 or 2018-06-29")
                result.append(0)
            }
        }
        return result
    }

    /// The ordinates of two columns; NaN where none is stated.
    mutating func positions(east: Int, north: Int) -> (xs: [Double], ys: [Double]) {
        let fields = (
            Field("x", .real, de: "Rechtswert", en: "Easting"), Field("y", .real, de: "Hochwert", en: "Northing")
        )
        let xs = reals(fields.0, east, factor: 1)
        let ys = reals(fields.1, north, factor: 1)
        for row in xs.indices where xs[row].isNaN != ys[row].isNaN {
            log.reject(row, xs[row].isNaN ? "x" : "y", "", "only one of the two coordinates is stated")
        }
        return (xs, ys)
    }

    /// A column's texts where they are stated, for geometries in well-known text.
    mutating func rawTexts(_ column: Int) -> [Int: UnsafeBufferPointer<UInt8>] {
        let field = Field("wkt", .text, de: "Geometrie", en: "Geometry")
        var result: [Int: UnsafeBufferPointer<UInt8>] = [:]
        for row in 0..<batch.rowCount where log.isAlive(row) {
            let cell = batch.cells[row * batch.width + column]
            guard cell.kind == .text else {
                if cell.kind != .null { reject(row, cell, field) }
                continue
            }
            if cell.count > 0 { result[row] = batch.bytes(cell) }
        }
        return result
    }
}
