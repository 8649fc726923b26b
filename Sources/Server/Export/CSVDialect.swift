import NetworkModel

/// How values stand in CSV.
struct CSVDialect: Sendable {
    /// The byte between cells.
    let separator: UInt8
    /// Whether fractions begin with a comma.
    let hasDecimalComma: Bool
    /// Whether texts that a spreadsheet would compute get an apostrophe in front: it shows them and computes nothing.
    let guardsFormulas: Bool

    /// RFC 4180.
    static let standard = CSVDialect(separator: UInt8(ascii: ","), hasDecimalComma: false, guardsFormulas: false)
    /// What a German Excel reads.
    static let excel = CSVDialect(separator: UInt8(ascii: ";"), hasDecimalComma: true, guardsFormulas: true)

    /// Appends a value; what is not stated is an empty cell, a list is joined by semicolons.
    func append(_ value: FieldValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: break
        case .text(let text): append(text, to: &bytes)
        case .list(let list): append(list.joined(separator: ";"), to: &bytes)
        case .integer(let number): bytes.append(json: number)
        case .real(let number): append(number, to: &bytes)
        case .boolean(let boolean): bytes.append(ascii: boolean ? "true" : "false")
        }
    }

    /// Appends a real number; one that is not finite is an empty cell.
    func append(_ number: Double, to bytes: inout [UInt8]) {
        guard number.isFinite else { return }
        for byte in number.description.utf8 {
            bytes.append(hasDecimalComma && byte == UInt8(ascii: ".") ? UInt8(ascii: ",") : byte)
        }
    }

    /// Appends a text, in quotation marks where it needs them.
    func append(_ text: String, to bytes: inout [UInt8]) {
        let isFormula = guardsFormulas && text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } == true
        let needsQuotes = text.utf8.contains {
            $0 == separator || $0 == UInt8(ascii: "\"") || $0 == 0x0a || $0 == 0x0d
        }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    }
}
