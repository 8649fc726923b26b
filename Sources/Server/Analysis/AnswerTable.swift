import Analysis
import NetworkModel

/// A field of an answer with its values: what the columns of an `AnalysisAnswer` are made from.
struct AnswerColumn: Sendable {
    let field: Field
    let column: Column

    /// Makes a column of values of the field's type; other values are *not stated*.
    init(_ field: Field, _ values: [FieldValue]) {
        self.field = field
        column = Column(field.type, values)
    }

    /// Takes a column as it is.
    init(_ field: Field, _ column: Column) {
        self.field = field
        self.column = column
    }
}

extension Column {
    /// A column of a type; values of another type are *not stated*, and so is what is no finite number.
    fileprivate init(_ type: FieldType, _ values: [FieldValue]) {
        switch type {
        case .text:
            var column = TextColumn()
            for value in values { if case .text(let text) = value { column.append(text) } else { column.appendNull() } }
            self = .text(column)
        case .code:
            var column = CodeColumn()
            for value in values { if case .text(let text) = value { column.append(text) } else { column.appendNull() } }
            self = .code(column)
        case .codeList:
            var column = CodeListColumn()
            for value in values { if case .list(let list) = value { column.append(list) } else { column.appendNull() } }
            self = .codeList(column)
        case .integer:
            self = .integer(values.map { if case .integer(let number) = $0 { number } else { Self.missingInteger } })
        case .real:
            self = .real(
                values.map {
                    switch $0 {
                    case .real(let number) where number.isFinite: number
                    case .integer(let number): Double(number)
                    default: .nan
                    }
                })
        case .date:
            self = .date(
                values.map { if case .text(let text) = $0 { ReducedDate(text)?.packed ?? 0 } else { 0 } })
        case .boolean:
            self = .boolean(values.map { if case .boolean(let boolean) = $0 { boolean ? 2 : 1 } else { 0 } })
        // No analysis answers instants.
        case .timestamp: self = .timestamp(values.map { _ in Self.missingInteger })
        }
    }
}

extension Field {
    /// Why values of a row are null: `field=reason`, one for each.
    static let missing = Field(
        "missing", .codeList, de: "Fehlende Angaben und Gründe", en: "Missing figures and reasons")
}

/// Collects, row by row, why values are null.
struct MissingReasons: Sendable {
    private var column = CodeListColumn()
    private var row: [String] = []

    /// Notes a reason in the current row; nil where the value is there.
    mutating func note(_ field: String, _ reason: MissingReason?) { note(field, reason?.rawValue) }

    /// Notes a reason that is none of the figures' own.
    mutating func note(_ field: String, _ reason: String?) {
        if let reason { row.append("\(field)=\(reason)") }
    }

    /// Ends the current row.
    mutating func endRow() {
        column.append(row)
        row.removeAll(keepingCapacity: true)
    }

    /// The reasons of all rows as the last column of an answer.
    var answerColumn: AnswerColumn { AnswerColumn(.missing, .codeList(column)) }
}
