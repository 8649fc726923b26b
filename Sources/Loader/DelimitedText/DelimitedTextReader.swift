import NetworkModel

/// Reads CSV, TSV and their relatives.
final class DelimitedTextReader: RowReader {
    private(set) var columns: [String] = []
    let decimal: DecimalMark
    let hasGeometry = false
    let crs: StatedCRS? = nil

    private let name: String
    private let window: ByteWindow
    private let scanner: RecordScanner
    private let encoding: TextEncoding
    private let headerRow: Int
    /// Whether rows must be checked for bytes that are not UTF-8 or for zero bytes.
    private let mayBeInvalid: Bool
    private var position = 0
    private var line = 1
    private var blankRows = 0
    private var unnamedColumns = 0
    private var detected: [String] = []

    init(_ file: SourceFile, survey: SourceFile.Survey, input: InputDefinition) throws(LoaderError) {
        name = file.name
        headerRow = input.headerRow
        let hasMark = survey.head.starts(with: [0xef, 0xbb, 0xbf])
        encoding = input.encoding ?? Self.encoding(survey.validity)
        mayBeInvalid = (encoding == .utf8 && !survey.validity.isValid) || survey.validity.zeros > 0
        window = ByteWindow(file, encoding: encoding, offset: hasMark ? 3 : 0)
        try window.advance(past: 0)
        let sample = DialectSample(window, headerRow: input.headerRow)
        let delimiter = input.delimiter ?? sample.delimiter()
        scanner = RecordScanner(delimiter: delimiter)
        decimal = input.decimal ?? sample.decimal(delimiter: delimiter)
        detected = [
            "delimited text", "\(encoding.rawValue)\(hasMark ? " with byte order mark" : "")",
            "delimiter \(delimiter == 0x09 ? "tab" : "'\(Character(Unicode.Scalar(delimiter)))'")",
            "decimal \(decimal.rawValue)", "header in record \(headerRow)",
        ]
        try readHeader()
    }

    var dialect: String { detected.joined(separator: ", ") }

    var notes: [String] {
        var notes: [String] = []
        if blankRows > 0 { notes.append("\(blankRows) blank rows passed over") }
        if unnamedColumns > 0 {
            notes.append("\(unnamedColumns) columns have no name (they can be mapped as column_N)")
        }
        return notes
    }

    /// A text with more sequences of UTF-8 than stray bytes is damaged UTF-8; any other is of a one-byte encoding.
    private static func encoding(_ validity: UTF8Validity) -> TextEncoding {
        if validity.isValid || validity.sequences > validity.invalidBytes { return .utf8 }
        return validity.invalidControls > 0 ? .windows1252 : .latin1
    }

    private func readHeader() throws(LoaderError) {
        var cells: [RawCell] = []
        var record = 0
        while record < max(1, headerRow) {
            cells.removeAll()
            guard let next = try nextRecord(&cells) else {
                throw .damaged(
                    file: name, line: nil,
                    reason: record == 0 ? "the file is empty" : "there is no header record \(headerRow)")
            }
            record += 1
            if headerRow > 0 {
                position = next.position
                line += next.lines
            }
        }
        var first: [String: Int] = [:]
        for (index, cell) in cells.enumerated() {
            let text = headerRow == 0 ? "" : headerName(cell)
            if text.isEmpty {
                unnamedColumns += headerRow == 0 ? 0 : 1
                columns.append("column_\(index + 1)")
            } else {
                first[text, default: index] = min(first[text, default: index], index)
                columns.append(text)
            }
        }
    }

    private func headerName(_ cell: RawCell) -> String {
        let raw = UnsafeBufferPointer(start: window.arena.base + Int(cell.start), count: Int(cell.count))
        let text = String(decoding: raw, as: UTF8.self).replacing("\"\"", with: "\"")
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func nextRecord(_ cells: inout [RawCell]) throws(LoaderError) -> (position: Int, lines: Int)? {
        while true {
            let kept = cells.count
            guard position < window.arena.count || !window.isAtEnd else { return nil }
            switch scanner.scan(
                window.arena.base, from: position, to: window.arena.count, isLast: window.isAtEnd, into: &cells)
            {
            case .record(let next, _, let lines), .misquoted(let next, let lines): return (next, lines)
            case .unclosed: throw unclosed()
            case .incomplete:
                cells.removeSubrange(kept...)
                try readOn()
            }
        }
    }

    private func readOn() throws(LoaderError) {
        guard window.arena.count - position <= ByteWindow.longestRecord else { throw unclosed() }
        try window.advance(past: position)
        position = 0
    }

    private func unclosed() -> LoaderError {
        .damaged(
            file: name, line: line,
            reason: "a quote is opened in this record and never closed; close it or double it (\"\")")
    }

    func read(into batch: RowBatch) throws(LoaderError) -> Bool {
        batch.removeAll()
        batch.arena = window.arena
        batch.width = columns.count
        if window.arena.count - position < ByteWindow.step / 2 { try readOn() }
        while true {
            try scanRows(into: batch)
            blankRows += batch.blankRows
            if batch.rowCount > 0 || !batch.rejections.isEmpty { return true }
            guard position < window.arena.count || !window.isAtEnd else { return false }
            batch.blankRows = 0
            try readOn()
        }
    }

    /// Takes records until the batch is full or the window holds no whole one.
    private func scanRows(into batch: RowBatch) throws(LoaderError) {
        let base = window.arena.base
        let end = window.arena.count
        let width = columns.count
        let isLast = window.isAtEnd
        while !batch.isFull, position < end {
            let kept = batch.cells.count
            let outcome = scanner.scan(base, from: position, to: end, isLast: isLast, into: &batch.cells)
            switch outcome {
            case .incomplete:
                batch.cells.removeSubrange(kept...)
                return
            case .unclosed: throw unclosed()
            case .misquoted(let next, let lines):
                batch.cells.removeSubrange(kept...)
                reject(
                    batch, next: next,
                    "there is text behind a closing quote; double quotes that belong to the text (\"\")")
                line += lines
                position = next
            case .record(let next, let fields, let lines):
                if isBlank(batch.cells, from: kept) {
                    batch.cells.removeSubrange(kept...)
                    batch.blankRows += 1
                } else if fields != width {
                    batch.cells.removeSubrange(kept...)
                    reject(
                        batch, next: next,
                        "the row has \(fields) values, the header \(width) columns; check delimiter and quotes")
                } else {
                    finish(batch, from: kept, next: next)
                    batch.lines.append(line)
                }
                line += lines
                position = next
            }
        }
    }

    @inline(__always)
    private func isBlank(_ cells: [RawCell], from first: Int) -> Bool {
        for index in first..<cells.count where cells[index].count > 0 {
            let cell = cells[index]
            for offset in 0..<Int(cell.count) {
                let byte = window.arena.base[Int(cell.start) + offset]
                if byte != 0x20 && byte != 0x09 { return false }
            }
        }
        return true
    }

    @inline(__always)
    private func finish(_ batch: RowBatch, from first: Int, next: Int) {
        for index in first..<batch.cells.count where batch.cells[index].kind == .escaped {
            let cell = batch.cells[index]
            let count = RecordScanner.unescape(window.arena.base + Int(cell.start), count: Int(cell.count))
            batch.cells[index] = RawCell(start: Int(cell.start), count: count, kind: .text)
        }
        guard mayBeInvalid else { return }
        for index in first..<batch.cells.count {
            let bytes = batch.bytes(batch.cells[index])
            if !UTF8Validity.isValid(bytes) || bytes.contains(0) { batch.cells[index].kind = .invalid }
        }
    }

    private func reject(_ batch: RowBatch, next: Int, _ reason: String) {
        let count = min(200, next - position)
        let value = String(
            decoding: UnsafeBufferPointer(start: window.arena.base + position, count: count), as: UTF8.self)
        batch.rejections.append(RowIssue(.rejected, line: line, value: value, reason: reason))
    }
}
