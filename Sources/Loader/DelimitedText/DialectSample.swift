/// The beginning of a delimited text, from which its delimiter and decimal mark are told.
struct DialectSample {
    private let window: ByteWindow
    private let headerRow: Int
    private let end: Int

    /// Looks at the first records of a window that stands at the beginning of its file.
    init(_ window: ByteWindow, headerRow: Int) {
        self.window = window
        self.headerRow = headerRow
        end = min(window.arena.count, 1 << 18)
    }

    /// The fields of the first records from the header on, blank ones left out.
    private func records(_ delimiter: UInt8) -> [[RawCell]] {
        let scanner = RecordScanner(delimiter: delimiter)
        let isLast = window.isAtEnd && end == window.arena.count
        var records: [[RawCell]] = []
        var position = 0
        var number = 0
        while position < end, records.count < 200 {
            var cells: [RawCell] = []
            guard
                case .record(let next, _, _) = scanner.scan(
                    window.arena.base, from: position, to: end, isLast: isLast, into: &cells)
            else { break }
            position = next
            number += 1
            if number >= headerRow, cells.contains(where: { $0.count > 0 }) { records.append(cells) }
        }
        return records
    }

    /// The delimiter with which most records have as many fields as the first one, and more than one; a comma
    /// where there is none.
    func delimiter() -> UInt8 {
        var best: (delimiter: UInt8, score: Double) = (UInt8(ascii: ","), 0)
        for delimiter in [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")] {
            let counts = records(delimiter).map(\.count)
            guard let width = counts.first, width > 1 else { continue }
            let alike = Double(counts.count { $0 == width }) / Double(counts.count)
            let score = alike * alike * (1 + Double(width)).squareRoot()
            if score > best.score { best = (delimiter, score) }
        }
        return best.delimiter
    }

    /// The mark that stands in more values that are plainly numbers.
    func decimal(delimiter: UInt8) -> DecimalMark {
        var points = 0
        var commas = 0
        for record in records(delimiter).dropFirst(headerRow > 0 ? 1 : 0) {
            for cell in record {
                switch mark(cell) {
                case UInt8(ascii: "."): points += 1
                case UInt8(ascii: ","): commas += 1
                default: break
                }
            }
        }
        return commas > points ? .comma : .point
    }

    /// The only mark among a value's digits, or nil.
    private func mark(_ cell: RawCell) -> UInt8? {
        var mark: UInt8?
        var digits = 0
        for offset in 0..<Int(cell.count) {
            let byte = window.arena.base[Int(cell.start) + offset]
            switch byte {
            case 0x30...0x39: digits += 1
            case UInt8(ascii: "-"), UInt8(ascii: "+"): if offset > 0 { return nil }
            case UInt8(ascii: "."), UInt8(ascii: ","):
                guard mark == nil, digits > 0 else { return nil }
                mark = byte
            default: return nil
            }
        }
        return digits > 1 ? mark : nil
    }
}
