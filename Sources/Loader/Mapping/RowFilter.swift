/// The rows that a mapping takes: comparisons of columns with constants, all of which must hold (`GF = 4 AND EWZ > 0`).
public struct RowFilter: Sendable, Hashable {
    /// How a column's value relates to the constant.
    enum Comparison: String, Sendable, CaseIterable {
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case equal = "="
        case less = "<"
        case greater = ">"
    }

    /// One comparison.
    struct Term: Sendable, Hashable {
        let column: String
        let comparison: Comparison
        let text: String
        /// The constant as a number, where it is written without quotes and is one.
        let number: Double?

        /// Whether a value stands in the relation; a missing value stands in none but `!=`.
        func holds(text value: String, number valueNumber: Double?) -> Bool {
            if let number, let valueNumber { return holds(valueNumber, number) }
            return holds(value, text)
        }

        private func holds<Value: Comparable>(_ lhs: Value, _ rhs: Value) -> Bool {
            switch comparison {
            case .equal: lhs == rhs
            case .notEqual: lhs != rhs
            case .less: lhs < rhs
            case .lessOrEqual: lhs <= rhs
            case .greater: lhs > rhs
            case .greaterOrEqual: lhs >= rhs
            }
        }
    }

    let terms: [Term]
    /// The filter as it was written.
    public let text: String

    /// Reads a filter; nil where it is not one. Column names with blanks stand in double quotes, constants that are
    /// texts may stand in single quotes.
    public init?(_ text: String) {
        var scanner = Scanner(text)
        var terms: [Term] = []
        repeat {
            guard let column = scanner.name(), let comparison = scanner.comparison(), let constant = scanner.constant()
            else { return nil }
            terms.append(
                Term(
                    column: column, comparison: comparison, text: constant.text,
                    number: constant.isQuoted ? nil : Double(constant.text).flatMap { $0.isFinite ? $0 : nil }))
        } while scanner.conjunction()
        guard scanner.isAtEnd else { return nil }
        self.terms = terms
        self.text = text
    }

    private struct Scanner {
        private var rest: Substring

        init(_ text: String) { rest = text[...] }

        var isAtEnd: Bool { rest.allSatisfy(\.isWhitespace) }

        private mutating func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }

        private mutating func quoted(_ mark: Character) -> String? {
            guard rest.first == mark, let end = rest.dropFirst().firstIndex(of: mark) else { return nil }
            let text = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            return text
        }

        private mutating func word() -> String? {
            let word = rest.prefix { !$0.isWhitespace && !"=!<>'\"".contains($0) }
            rest = rest[word.endIndex...]
            return word.isEmpty ? nil : String(word)
        }

        mutating func name() -> String? {
            skipBlanks()
            return quoted("\"") ?? word()
        }

        mutating func comparison() -> Comparison? {
            skipBlanks()
            guard let found = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else { return nil }
            rest = rest.dropFirst(found.rawValue.count)
            return found
        }

        mutating func constant() -> (text: String, isQuoted: Bool)? {
            skipBlanks()
            if let text = quoted("'") ?? quoted("\"") { return (text, true) }
            return word().map { ($0, false) }
        }

        mutating func conjunction() -> Bool {
            skipBlanks()
            guard rest.prefix(3).lowercased() == "and", rest.dropFirst(3).first?.isWhitespace == true else {
                return false
            }
            rest = rest.dropFirst(3)
            return true
        }
    }
}
