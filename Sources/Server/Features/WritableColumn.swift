import NetworkModel

/// A field of features, ready to be written as a member of `properties`.
struct WritableField: Sendable {
    /// The name with its quotation marks and colon.
    let key: [UInt8]
    let column: WritableColumn

    init(name: String, column: WritableColumn) {
        var key: [UInt8] = []
        key.append(json: name)
        key.append(UInt8(ascii: ":"))
        self.key = key
        self.column = column
    }
}

/// The fields of a feature in their order. What is the same in every row is one text with the keys around it: many
/// fields are stated by no row.
struct WritableProperties: Sendable {
    private var varying: [(prefix: [UInt8], column: WritableColumn)] = []
    private let suffix: [UInt8]

    init(_ fields: [WritableField]) {
        var text = [UInt8(ascii: "{")]
        for (position, field) in fields.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            text += field.key
            if let constant = field.column.constant {
                text += constant
            } else {
                varying.append((text, field.column))
                text = []
            }
        }
        suffix = text + [UInt8(ascii: "}")]
    }

    /// Opens the columns that vary, with the text in front of each and the text behind the last, for as long as `body`
    /// runs.
    func withOpen<Result>(
        _ body: (UnsafeBufferPointer<OpenFeatures.Property>, UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var open: [OpenFeatures.Property] = []
        open.reserveCapacity(varying.count)
        return suffix.withUnsafeBufferPointer { suffix in withOpenRest(&open) { body($0, suffix) } }
    }

    /// Opens the columns behind those that are open already, one within the other.
    private func withOpenRest<Result>(
        _ open: inout [OpenFeatures.Property], _ body: (UnsafeBufferPointer<OpenFeatures.Property>) -> Result
    ) -> Result {
        guard open.count < varying.count else { return open.withUnsafeBufferPointer(body) }
        let field = varying[open.count]
        return field.prefix.withUnsafeBufferPointer { prefix in
            field.column.withOpen { column in
                open.append(OpenFeatures.Property(prefix: prefix, column: column))
                return withOpenRest(&open, body)
            }
        }
    }
}

/// A column with its codes escaped beforehand.
struct WritableColumn: Sendable {
    private enum Kind: Sendable {
        case text(TextColumn, needsEscapes: Bool)
        case code([UInt32], EscapedCodes)
        /// Where it is required, a list without elements is an empty one: it is known that there are none.
        case codeList(CodeListColumn, EscapedCodes, isRequired: Bool)
        case integer([Int64])
        case real([Double])
        case date([Int32])
        case boolean([UInt8])
        case timestamp([Int64])
    }

    private let kind: Kind
    /// What every row has, as JSON; nil where rows differ.
    private(set) var constant: [UInt8]?

    /// Prepares a column. - Complexity: O(bytes)
    init(_ column: Column, isRequired: Bool) {
        kind =
            switch column {
            case .text(let column):
                .text(column, needsEscapes: column.bytes.contains(where: \.needsEscapeInJSON))
            case .code(let column): .code(column.codes, EscapedCodes(column.dictionary))
            case .codeList(let column): .codeList(column, EscapedCodes(column.dictionary), isRequired: isRequired)
            case .integer(let values): .integer(values)
            case .real(let values): .real(values)
            case .date(let values): .date(values)
            case .boolean(let values): .boolean(values)
            case .timestamp(let values): .timestamp(values)
            }
        let isConstant =
            switch column {
            case .text(let column): column.bytes.isEmpty && !column.hasBlanks
            case .code(let column): column.codes.allSatisfy { $0 == column.codes.first }
            case .codeList(let column): column.codes.isEmpty
            case .integer(let values): values.allSatisfy { $0 == values.first }
            case .real(let values): values.allSatisfy { $0.bitPattern == values.first?.bitPattern }
            case .date(let values): values.allSatisfy { $0 == values.first }
            case .boolean(let values): values.allSatisfy { $0 == values.first }
            case .timestamp(let values): values.allSatisfy { $0 == values.first }
            }
        guard isConstant, column.count > 0 else { return }
        constant = withOpen { open in
            var text = ByteText(capacity: 64)
            open.write(open.cell(0), into: &text)
            return text.withBytes(Array.init)
        }
    }

    /// Opens the column for as long as `body` runs.
    func withOpen<Result>(_ body: (OpenColumn) -> Result) -> Result {
        switch kind {
        case .text(let column, _) where column.hasBlanks: body(.textWithBlanks(column))
        case .text(let column, let needsEscapes):
            column.bytes.withUnsafeBufferPointer { bytes in
                column.ends.withUnsafeBufferPointer { body(.text(bytes, ends: $0, needsEscapes: needsEscapes)) }
            }
        case .code(let codes, let escaped):
            codes.withUnsafeBufferPointer { codes in escaped.withOpen { body(.code(codes, $0)) } }
        case .codeList(let column, let escaped, let isRequired):
            column.codes.withUnsafeBufferPointer { codes in
                column.ends.withUnsafeBufferPointer { ends in
                    escaped.withOpen { body(.codeList(codes, ends: ends, $0, isRequired: isRequired)) }
                }
            }
        case .integer(let values): values.withUnsafeBufferPointer { body(.integer($0)) }
        case .real(let values): values.withUnsafeBufferPointer { body(.real($0)) }
        case .date(let values): values.withUnsafeBufferPointer { body(.date($0)) }
        case .boolean(let values): values.withUnsafeBufferPointer { body(.boolean($0)) }
        case .timestamp(let values): values.withUnsafeBufferPointer { body(.timestamp($0)) }
        }
    }
}

/// The codes of a dictionary as JSON texts in one buffer; the code 0, *not stated*, is null.
private struct EscapedCodes: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(_ dictionary: CodeDictionary) {
        bytes.append(ascii: "null")
        ends.append(bytes.count)
        for code in dictionary.codes {
            bytes.append(json: code)
            ends.append(bytes.count)
        }
    }

    func withOpen<Result>(_ body: (OpenCodes) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            ends.withUnsafeBufferPointer { body(OpenCodes(bytes: bytes, ends: $0)) }
        }
    }
}
