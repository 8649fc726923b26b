internal import NetworkModel

/// The codes by which a layer's clusters count their members.
struct CountedCodes: Sendable {
    /// The codes, in byte order.
    let codes: [String]
    /// For each record the position of its code, counted from 1; 0 where it has none that is counted.
    let kinds: [UInt8]

    /// At most so many codes are counted, the most frequent ones: a cluster stays small whatever a field holds.
    static let limit = 32

    /// - Parameter rows: The row of each record.
    /// - Complexity: O(n)
    init(_ field: String, of table: Table, rows: [UInt32]) {
        let column = table.code(field)
        guard column.count == table.count else {
            (codes, kinds) = ([], [UInt8](repeating: 0, count: rows.count))
            return
        }
        var counts = [Int](repeating: 0, count: column.dictionary.count + 1)
        for row in rows { counts[Int(column.codes[Int(row)])] += 1 }
        // Numbers of codes stand in the byte order of the codes.
        let counted = counts.indices.dropFirst().filter { counts[$0] > 0 }
            .sorted { (-counts[$0], $0) < (-counts[$1], $1) }.prefix(Self.limit).sorted()
        codes = counted.map { column.dictionary[UInt32($0)] }
        var kindOfCode = [UInt8](repeating: 0, count: counts.count)
        for (position, code) in counted.enumerated() { kindOfCode[code] = UInt8(position + 1) }
        kinds = rows.map { kindOfCode[Int(column.codes[Int($0)])] }
    }
}
