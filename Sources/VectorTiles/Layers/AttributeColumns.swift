internal import NetworkModel

/// The columns of a table that a layer's features carry.
struct AttributeColumns: Sendable {
    private let columns: [(name: String, minzoom: Int, column: Column)]

    init(_ attributes: [Tileset.Attribute], of table: Table) {
        columns = attributes.compactMap { attribute in
            table[field: attribute.name].map { (attribute.name, attribute.minzoom, $0) }
        }
    }

    /// Prepares the columns that are shown at a zoom for one layer of one tile.
    func writer(zoom: Int) -> TagWriter { TagWriter(columns.filter { $0.minzoom <= zoom }) }
}

/// Writes the tags of one layer's features. Codes, which repeat, are looked up once per code and tile.
struct TagWriter {
    private let columns: [(name: String, minzoom: Int, column: Column)]
    private var keys: [UInt32?]
    private var codeValues: [[UInt32?]]

    init(_ columns: [(name: String, minzoom: Int, column: Column)]) {
        self.columns = columns
        keys = [UInt32?](repeating: nil, count: columns.count)
        codeValues = [[UInt32?]](repeating: [], count: columns.count)
    }

    /// The tags of a row; what is not stated is left out.
    mutating func tags(of row: Int, in layer: inout LayerEncoder) -> [UInt32] {
        var tags: [UInt32] = []
        tags.reserveCapacity(2 * columns.count)
        for (index, (name, _, column)) in columns.enumerated() {
            guard let value = value(row, of: column, at: index, in: &layer) else { continue }
            let key = keys[index] ?? layer.key(name)
            keys[index] = key
            tags.append(key)
            tags.append(value)
        }
        return tags
    }

    private mutating func value(_ row: Int, of column: Column, at index: Int, in layer: inout LayerEncoder) -> UInt32? {
        if case .code(let column) = column {
            let code = Int(column.codes[row])
            guard code != 0 else { return nil }
            if codeValues[index].isEmpty {
                codeValues[index] = [UInt32?](repeating: nil, count: column.dictionary.count + 1)
            }
            if let known = codeValues[index][code] { return known }
            let number = layer.value(.text(column.dictionary[UInt32(code)]))
            codeValues[index][code] = number
            return number
        }
        return TileValue(column[row]).map { layer.value($0) }
    }
}

extension TileValue {
    /// The value of a field; nil for what is not stated. A list becomes one text with commas, as tiles know no lists.
    init?(_ value: FieldValue) {
        switch value {
        case .null: return nil
        case .text(let text): self = .text(text)
        case .list(let texts): self = .text(texts.joined(separator: ","))
        case .integer(let value): self = .whole(value)
        case .real(let value): self = .real(value)
        }
    }
}
