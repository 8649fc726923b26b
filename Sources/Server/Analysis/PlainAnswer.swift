import Analysis
import NetworkModel

/// An answer for reading on a terminal: a few columns, numbers rounded, and what they rest on in sentences.
public struct PlainAnswer: Sendable {
    /// A column's heading and whether its cells are numbers.
    public struct Heading: Sendable {
        /// The name of the field, as in the other forms, so that it can be looked up there.
        public let name: String
        /// Whether its cells stand to the right.
        public let isNumber: Bool
    }

    /// What was asked, in lines.
    public let introduction: [String]
    /// The headings.
    public let headings: [Heading]
    /// A cell for each heading in each row.
    public let rows: [[String]]
    /// What the figures rest on and leave open, in lines.
    public let notes: [String]

    init(_ answer: AnalysisAnswer, language: String) {
        let table = answer.table
        let shown = answer.plainFields.compactMap { name in table.fields.firstIndex { $0.name == name } }
        headings = shown.map {
            Heading(name: table.fields[$0].name, isNumber: [.integer, .real].contains(table.fields[$0].type))
        }
        rows = (answer.plainRows ?? Array(0..<table.count)).map { row in
            shown.map { Self.cell(table.columns[$0][row], table.fields[$0]).withoutControls }
        }
        let account = answer.account
        let completeness = account.completeness
        introduction = ["\(answer.definition.title[language]) (\(answer.definition.name) \(answer.definition.version))"]
        var notes = answer.totals.flatMap { Self.lines($0.0, $0.1) }
        if let shown = answer.plainRows, shown.count < table.count {
            notes.append("shown: \(shown.count) of \(table.count) rows, those that change something")
        }
        notes.append("parameters: \(String(decoding: account.parameters.bytes, as: UTF8.self))")
        notes.append(
            "offers: \(completeness.matched) matched, \(completeness.usable) with a usable place"
                + (completeness.obstacles.isEmpty
                    ? ""
                    : "; without: "
                        + completeness.obstacles.map { "\($0.obstacle.rawValue) \($0.count)" }.joined(separator: ", ")))
        for field in completeness.fields {
            notes.append(
                "\(field.field): \(field.notStated) of \(field.passingOthers) offers state nothing"
                    + (field.isInsufficient ? ": data insufficient" : ""))
        }
        let reasons = Self.reasons(table, shown: Set(headings.map(\.name)))
        if !reasons.isEmpty { notes.append("-: \(reasons.joined(separator: ", "))") }
        notes.append(
            "base: \(account.base ?? "none"), rates by: \(account.rateBase ?? "none"), date: \(account.date ?? "all"), data version \(account.dataVersion)"
        )
        notes.append("sources: \(account.attribution)")
        let cited = account.sources.compactMap { $0["title"]?.text }
        if !cited.isEmpty { notes.append("documents: \(cited.joined(separator: "; "))") }
        let dates = account.dataDates.map { "\($0.name) \($0.dates.joined(separator: ", "))" }
        if !dates.isEmpty { notes.append("data of: \(dates.joined(separator: "; "))") }
        self.notes = notes.map(\.withoutControls)
    }

    /// A total with its members, each in a line.
    private static func lines(_ name: String, _ value: JSON) -> [String] {
        switch value {
        case .integer(let number): ["\(name): \(number)"]
        case .real(let number): ["\(name): \(rounded(number, places: 3))"]
        case .string(let text): ["\(name): \(text)"]
        case .bool(let value): ["\(name): \(value ? "yes" : "no")"]
        case .object(let members): members.flatMap { lines("\(name).\($0.0)", $0.1) }
        default: ["\(name): -"]
        }
    }

    /// Why figures of the shown fields are missing, each reason once.
    static func reasons(_ table: FeatureTable, shown: Set<String>) -> [String] {
        guard case .codeList(let column)? = table[field: Field.missing.name] else { return [] }
        let reasons = column.dictionary.codes.compactMap { code -> String? in
            let parts = code.split(separator: "=")
            return parts.count == 2 && shown.contains(String(parts[0])) ? String(parts[1]) : nil
        }
        return Array(Set(reasons)).sorted()
    }

    /// A number with as many digits as a reader can use: whole metres and square metres, shares in thousandths.
    static func cell(_ value: FieldValue, _ field: Field) -> String {
        switch value {
        case .null: "-"
        case .text(let text): text
        case .list(let list): list.joined(separator: ", ")
        case .integer(let number): number.description
        case .real(let number):
            switch field.unit {
            case "m", "m2": rounded(number, places: 0)
            case "deg": rounded(number, places: 5)
            default: rounded(number, places: 3)
            }
        case .boolean(let boolean): boolean.description
        }
    }

    private static func rounded(_ number: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (number.magnitude * scale).rounded()
        guard scaled < 1e15 else { return number.description }
        let units = Int64(scaled)
        let sign = number < 0 && units > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(units)" }
        let whole = units / Int64(scale)
        let fraction = String(units % Int64(scale) + Int64(scale)).dropFirst()
        return "\(sign)\(whole).\(fraction)"
    }
}

extension String {
    /// The text with a blank for each character that would steer a terminal or break a line.
    fileprivate var withoutControls: String {
        let steers = { (scalar: Unicode.Scalar) in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: steers) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars { result.append(steers(scalar) ? " " : scalar) }
        return String(result)
    }
}
