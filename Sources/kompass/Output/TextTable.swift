/// A table in plain text: columns as wide as their widest cell, numbers to the right.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    private let headings: [(text: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ headings: [(text: String, alignment: Alignment)]) {
        self.headings = headings
    }

    mutating func append(_ cells: [String]) { rows.append(cells) }

    var description: String {
        let widths = headings.indices.map { index in
            rows.reduce(headings[index].text.count) { max($0, $1[index].count) }
        }
        let line = { (cells: [String]) in
            zip(cells, zip(widths, headings)).map { cell, column in
                let padding = String(repeating: " ", count: column.0 - cell.count)
                return column.1.alignment == .left ? cell + padding : padding + cell
            }
            .joined(separator: "  ").trimmingTrailingBlanks
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return ([line(headings.map(\.text)), rule] + rows.map(line)).joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}

extension BinaryInteger {
    /// The number with its thousands set apart by a comma.
    var grouped: String {
        let digits = String(magnitude.description.reversed())
        var result = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, position % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (self < 0 ? "-" : "") + String(result.reversed())
    }
}
