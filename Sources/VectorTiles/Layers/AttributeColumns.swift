internal import NetworkModel

/// The columns of a table that a layer's features carry.
struct AttributeColumns: Sendable {
    /// The attributes in the order in which features hold them, with the values that are known already: those of
    /// figures come with a request.
    private let columns: [(attribute: Tileset.Attribute, values: AttributeColumn?)]

    /// - Parameter values: The values of an attribute by its name; nil where there are none.
    init(_ attributes: [Tileset.Attribute], values: (String) -> Column?) {
        columns = attributes.map { attribute in
            let own = attribute.figures == nil ? values(attribute.name) : nil
            return (
                attribute,
                own.map { AttributeColumn(name: attribute.name, minzoom: attribute.minzoom, values: $0) }
            )
        }
    }

    init(_ attributes: [Tileset.Attribute], of table: Table) {
        self.init(attributes) { table[field: $0] }
    }

    /// Prepares the columns that are shown at a zoom for one layer of one tile.
    ///
    /// - Parameters:
    ///   - figures: Columns that stand beside the layer's own.
    ///   - rows: How many values such a column must have.
    func writer(zoom: Int, figures: TileAdditions.Figures? = nil, rows: Int = 0) -> TagWriter {
        TagWriter(
            columns.compactMap { attribute, values in
                guard attribute.minzoom <= zoom else { return nil }
                return values ?? (attribute.figures == nil ? nil : figures?.column(attribute.name, rows: rows))
            })
    }
}

/// One column. An object, so that a million features touch one reference instead of a column's many buffers.
final class AttributeColumn: Sendable {
    let name: String
    let minzoom: Int
    let values: Column

    init(name: String, minzoom: Int, values: Column) {
        self.name = name
        self.minzoom = minzoom
        self.values = values
    }
}

/// Writes the tags of one layer's features. Codes, which repeat, are looked up once per code and tile.
struct TagWriter {
    private var columns: [TagColumn]
    /// The tags of the row that was asked for last.
    private(set) var tags: [UInt32] = []

    fileprivate init(_ columns: [AttributeColumn]) { self.columns = columns.map(TagColumn.init) }

    /// Makes the tags of a row; what is not stated is left out.
    mutating func take(_ row: Int, in layer: inout LayerEncoder) {
        tags.removeAll(keepingCapacity: true)
        for index in columns.indices {
            guard let value = columns[index].value(row, in: &layer) else { continue }
            tags.append(columns[index].key(in: &layer))
            tags.append(value)
        }
    }
}

/// One column and what is known of it in one layer of one tile.
private struct TagColumn {
    private let column: AttributeColumn
    private var key: UInt32?
    /// For each code the number of its value, counted from 1; 0 for a code that has not occurred yet.
    private var numbers: [UInt32]

    init(_ column: AttributeColumn) {
        self.column = column
        numbers =
            if case .code(let codes) = column.values {
                [UInt32](repeating: 0, count: codes.dictionary.count + 1)
            } else {
                []
            }
    }

    mutating func key(in layer: inout LayerEncoder) -> UInt32 {
        if let key { return key }
        let number = layer.key(column.name)
        key = number
        return number
    }

    mutating func value(_ row: Int, in layer: inout LayerEncoder) -> UInt32? {
        switch column.values {
        case .code(let codes):
            let code = codes.codes[row]
            guard code != 0 else { return nil }
            let known = numbers[Int(code)]
            guard known == 0 else { return known - 1 }
            let number = layer.value(.text(codes.dictionary[code]))
            numbers[Int(code)] = number + 1
            return number
        case .text(let texts):
            let range = texts.range(row)
            return range.isEmpty ? nil : layer.value(utf8: texts.bytes[range])
        default:
            return TileValue(column.values[row]).map { layer.value($0) }
        }
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
        case .boolean(let value): self = .text(value ? "true" : "false")
        }
    }
}
