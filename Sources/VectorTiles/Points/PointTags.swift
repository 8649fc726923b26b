internal import NetworkModel

/// The attributes of a layer's points, made ready once: each distinct value encoded and numbered, so that a tile only
/// copies. 4 bytes for each point and attribute, and the values' bytes.
struct PointTags: Sendable {
    /// A value: 0 for what is not stated.
    typealias Code = UInt32

    /// The attributes, in the order in which features hold them.
    let attributes: [Tileset.Attribute]
    /// The codes of the first record's values, then of the second's, ...
    let codes: [Code]
    /// Values that occur more than once; their codes count from 1.
    let repeated: EncodedValues
    /// Values that occur once in the layer, which no tile has to look up; their codes count from `single`.
    let singular: EncodedValues
    /// The codes of whole numbers that clusters may state too.
    let numbers: [UInt64: Code]

    /// From this code on values are singular.
    static let single: Code = 1 << 31

    /// Encodes the values of the shown fields.
    ///
    /// - Parameter rows: The row of each record.
    /// - Complexity: O(n · attributes)
    init(_ attributes: [Tileset.Attribute], of table: Table, rows: [UInt32]) {
        let columns = attributes.compactMap { attribute in table[field: attribute.name].map { (attribute, $0) } }
        self.attributes = columns.map(\.0)
        var values = DistinctValues()
        var found = [UInt32](repeating: 0, count: rows.count * columns.count)
        var wholes: [UInt64: UInt32] = [:]
        for (offset, column) in columns.map(\.1).enumerated() {
            for (record, row) in rows.enumerated() {
                guard let number = values.number(of: column, row: Int(row)) else { continue }
                found[record * columns.count + offset] = number + 1
                if case .integer(let integers) = column, integers[Int(row)] >= 0, integers[Int(row)] <= rows.count {
                    wholes[UInt64(integers[Int(row)])] = number
                }
            }
            values.finishColumn()
        }
        var (repeated, singular) = (EncodedValues(), EncodedValues())
        // Singular values stand record by record: those of neighbouring records are one run of bytes.
        var final = [Code](repeating: 0, count: values.isRepeated.count)
        for number in final.indices where values.isRepeated[number] {
            repeated.append(values.table.bytes(number))
            final[number] = Code(repeated.count)
        }
        codes = found.map { number in
            guard number > 0 else { return 0 }
            let number = Int(number) - 1
            if final[number] == 0 {
                singular.append(values.table.bytes(number))
                final[number] = Self.single + Code(singular.count - 1)
            }
            return final[number]
        }
        numbers = wholes.mapValues { final[Int($0)] }
        self.repeated = repeated
        self.singular = singular
    }
}

/// The values of a layer as its fields, header and message, one after the other.
struct EncodedValues: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    var count: Int { ends.count }

    /// Appends a `Value` message. - Precondition: all together stay below 4 GiB.
    mutating func append(_ value: ArraySlice<UInt8>) {
        var field = ProtobufWriter()
        field.field(4, bytes: value)
        bytes.append(contentsOf: field.bytes)
        precondition(bytes.count <= Int(UInt32.max), "the values of a layer hold at most 4 GiB")
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// The bytes of a value's field within `bytes`.
    func range(_ number: Int) -> Range<Int> { Int(number == 0 ? 0 : ends[number - 1])..<Int(ends[number]) }
}

/// Values as they are met, each distinct one numbered.
private struct DistinctValues {
    private(set) var table = ValueTable()
    /// For each value whether it was met more than once.
    private(set) var isRepeated: [Bool] = []
    /// The numbers of the current column's codes, counted from 1.
    private var ofCodes: [UInt32] = []
    /// The numbers of the current column's whole numbers or dates.
    private var ofNumbers: [Int64: UInt32] = [:]

    mutating func number(of column: Column, row: Int) -> UInt32? {
        switch column {
        case .code(let codes):
            return codes.codes[row] == 0 ? nil : number(of: codes.codes[row], in: codes.dictionary)
        case .codeList(let lists) where lists.range(row).count == 1:
            return number(of: lists.codes[lists.range(row).lowerBound], in: lists.dictionary)
        case .text(let texts):
            let range = texts.range(row)
            return range.isEmpty ? nil : noted(table.number(ofUTF8: texts.bytes[range]))
        case .integer(let values): return number(of: values[row], of: column, row: row)
        case .date(let values): return number(of: Int64(values[row]), of: column, row: row)
        default: return TileValue(column[row]).map { noted(table.number(of: $0)) }
        }
    }

    /// Makes ready for another column.
    mutating func finishColumn() { (ofCodes, ofNumbers) = ([], [:]) }

    private mutating func number(of code: UInt32, in dictionary: CodeDictionary) -> UInt32 {
        if ofCodes.isEmpty { ofCodes = [UInt32](repeating: 0, count: dictionary.count + 1) }
        guard ofCodes[Int(code)] == 0 else { return again(ofCodes[Int(code)] - 1) }
        let number = noted(table.number(of: .text(dictionary[code])))
        ofCodes[Int(code)] = number + 1
        return number
    }

    /// A value that one number stands for.
    private mutating func number(of value: Int64, of column: Column, row: Int) -> UInt32? {
        if let known = ofNumbers[value] { return again(known) }
        guard let number = TileValue(column[row]).map({ noted(table.number(of: $0)) }) else { return nil }
        ofNumbers[value] = number
        return number
    }

    private mutating func again(_ number: UInt32) -> UInt32 {
        isRepeated[Int(number)] = true
        return number
    }

    private mutating func noted(_ number: UInt32) -> UInt32 {
        if Int(number) < isRepeated.count { isRepeated[Int(number)] = true } else { isRepeated.append(false) }
        return number
    }
}
