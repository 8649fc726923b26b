import HTTPTypes
import NetworkModel

/// The order of features that a request asks for: the parameter `sortby`.
struct FeatureOrder: Sendable, Hashable, CustomStringConvertible {
    /// A property to order by.
    struct Key: Sendable, Hashable {
        /// Its name.
        let name: String
        /// Whether the greatest comes first.
        let isDescending: Bool
    }

    /// The most properties: a bound on the work that one comparison makes.
    static let mostKeys = 8

    let keys: [Key]

    /// Reads a comma list of names, each with an optional sign. A plus that a query makes a blank is one.
    ///
    /// - Throws: a problem of status 400 for an empty list, a name that stands twice, and too many names.
    init(_ text: String) throws(Problem) {
        var keys: [Key] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isSigned = part.first.map { "+- ".contains($0) } ?? false
            let name = String(isSigned ? part.dropFirst() : part)
            guard !name.isEmpty, !keys.contains(where: { $0.name == name }), keys.count < Self.mostKeys else {
                throw Problem(
                    .badRequest,
                    """
                    parameter 'sortby' has the value '\(text.clipped)'; expected at most \(Self.mostKeys) different \
                    properties such as -people,name
                    """, parameter: QueryParameter.order.name)
            }
            keys.append(Key(name: name, isDescending: part.first == "-"))
        }
        self.keys = keys
    }

    /// As it stands in links.
    var description: String { keys.map { ($0.isDescending ? "-" : "") + $0.name }.joined(separator: ",") }

    /// Rows in this order: equals as they stood, what is not stated last.
    ///
    /// - Complexity: O(rows · log rows · keys)
    /// - Throws: a problem of status 400 for a property that the rows do not have or that gives no order.
    func sorted(_ rows: [Int], of table: FeatureTable) throws(Problem) -> [Int] {
        var columns: [(column: OrderedColumn, isDescending: Bool)] = []
        for key in keys {
            guard let column = table[field: key.name].flatMap(OrderedColumn.init) else {
                let names = zip(table.fields, table.columns).compactMap { field, column in
                    OrderedColumn(column) == nil ? nil : field.name
                }
                throw Problem(
                    .badRequest,
                    """
                    parameter 'sortby': '\(key.name.clipped)' gives no order; there are \
                    \(names.joined(separator: ", "))
                    """, parameter: QueryParameter.order.name)
            }
            columns.append((column, key.isDescending))
        }
        return rows.enumerated().sorted { first, second in
            for (column, isDescending) in columns {
                switch column.order(first.element, second.element, isDescending: isDescending) {
                case 0: continue
                case let order: return order < 0
                }
            }
            return first.offset < second.offset
        }.map(\.element)
    }
}

/// A column whose values have an order.
private enum OrderedColumn {
    case text(TextColumn)
    /// For each code its place in the byte order of the texts; 0 is not stated.
    case code([UInt32], ranks: [Int])
    case integer([Int64])
    case real([Double])
    case date([Int32])
    case boolean([UInt8])

    /// Takes a column; nil for lists.
    init?(_ column: Column) {
        switch column {
        case .text(let column): self = .text(column)
        case .code(let column):
            let texts = [""] + column.dictionary.codes
            var ranks = [Int](repeating: 0, count: texts.count)
            let order = texts.indices.sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }
            for (rank, number) in order.enumerated() { ranks[number] = rank }
            self = .code(column.codes, ranks: ranks)
        case .codeList: return nil
        case .integer(let values): self = .integer(values)
        case .real(let values): self = .real(values)
        case .date(let values): self = .date(values)
        case .boolean(let values): self = .boolean(values)
        case .timestamp(let values): self = .integer(values)
        }
    }

    private func isNull(_ row: Int) -> Bool {
        switch self {
        case .text(let column): column.isNull(row)
        case .code(let codes, _): codes[row] == 0
        case .integer(let values): values[row] == Column.missingInteger
        case .real(let values): values[row].isNaN
        case .date(let values): values[row] == 0
        case .boolean(let values): values[row] == 0
        }
    }

    /// -1, 0 or 1; what is not stated comes last in both directions.
    func order(_ first: Int, _ second: Int, isDescending: Bool) -> Int {
        switch (isNull(first), isNull(second)) {
        case (true, true): return 0
        case (true, false): return 1
        case (false, true): return -1
        case (false, false): break
        }
        let order =
            switch self {
            case .text(let column):
                column.precedes(first, second) ? -1 : column.precedes(second, first) ? 1 : 0
            case .code(let codes, let ranks): Self.order(ranks[Int(codes[first])], ranks[Int(codes[second])])
            case .integer(let values): Self.order(values[first], values[second])
            case .real(let values): Self.order(values[first], values[second])
            case .date(let values): Self.order(values[first], values[second])
            case .boolean(let values): Self.order(values[first], values[second])
            }
        return isDescending ? -order : order
    }

    private static func order<Value: Comparable>(_ first: Value, _ second: Value) -> Int {
        first < second ? -1 : first > second ? 1 : 0
    }
}
