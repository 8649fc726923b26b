/// A column of single codes (vocabulary keys, official keys) as numbers into a dictionary; 0 means *not stated*.
public struct CodeColumn: Sendable {
    /// The codes' texts; entry 0 is the empty text.
    public private(set) var dictionary: CodeDictionary
    /// For each row the number of its code.
    public private(set) var codes: [UInt32]

    /// Makes an empty column.
    public init() {
        dictionary = CodeDictionary()
        codes = []
    }

    private init(dictionary: CodeDictionary, codes: [UInt32]) {
        self.dictionary = dictionary
        self.codes = codes
    }

    /// The number of rows.
    public var count: Int { codes.count }

    /// Appends a code; the empty text is *not stated*.
    public mutating func append(_ code: String) { codes.append(dictionary.number(of: code)) }

    /// Appends a code given as UTF-8 bytes.
    public mutating func append(utf8: UnsafeBufferPointer<UInt8>) { codes.append(dictionary.number(ofUTF8: utf8)) }

    /// Appends a row that states nothing.
    public mutating func appendNull() { codes.append(0) }

    /// The number of a code in this column's dictionary, a new one where it is not known yet.
    public mutating func number(of code: String) -> UInt32 { dictionary.number(of: code) }

    /// Appends a number that `number(of:)` gave.
    public mutating func append(number: UInt32) { codes.append(number) }

    /// The code of a row, or nil where nothing is stated.
    public subscript(row: Int) -> String? {
        let code = codes[row]
        return code == 0 ? nil : dictionary[code]
    }

    /// The column with its rows in another order (or a part of them), its dictionary unchanged.
    public func gathered(_ rows: [Int]) -> CodeColumn {
        CodeColumn(dictionary: dictionary, codes: rows.map { codes[$0] })
    }

    /// The same column with the used codes numbered in their byte order, so that equal content has equal bytes.
    public func canonical() -> CodeColumn {
        let (dictionary, numbers) = dictionary.canonical(using: codes)
        return CodeColumn(dictionary: dictionary, codes: codes.map { numbers[Int($0)] })
    }
}

/// A column of lists of codes; an empty list means *not stated*. Order within a list is kept as stated.
public struct CodeListColumn: Sendable {
    /// The codes' texts; entry 0 is the empty text and never used.
    public private(set) var dictionary: CodeDictionary
    /// All lists, one after the other.
    public private(set) var codes: [UInt32]
    /// For each row the offset behind its last code.
    public private(set) var ends: [UInt32]

    /// Makes an empty column.
    public init() {
        dictionary = CodeDictionary()
        codes = []
        ends = []
    }

    private init(dictionary: CodeDictionary, codes: [UInt32], ends: [UInt32]) {
        self.dictionary = dictionary
        self.codes = codes
        self.ends = ends
    }

    /// The number of rows.
    public var count: Int { ends.count }

    /// Appends a list; repeated and empty codes are left out.
    public mutating func append(_ list: some Sequence<String>) {
        for code in list where !code.isEmpty { appendToLast(dictionary.number(of: code)) }
        ends.append(UInt32(codes.count))
    }

    /// Appends a list written as one text with a separator byte; blanks around codes are cut.
    public mutating func append(utf8: UnsafeBufferPointer<UInt8>, separator: UInt8) {
        var start = 0
        for end in 0...utf8.count where end == utf8.count || utf8[end] == separator {
            var low = start
            var high = end
            while low < high, utf8[low] == 0x20 { low += 1 }
            while high > low, utf8[high - 1] == 0x20 { high -= 1 }
            if low < high {
                appendToLast(dictionary.number(ofUTF8: UnsafeBufferPointer(rebasing: utf8[low..<high])))
            }
            start = end + 1
        }
        ends.append(UInt32(codes.count))
    }

    /// Appends a row that states nothing.
    public mutating func appendNull() { ends.append(UInt32(codes.count)) }

    private mutating func appendToLast(_ code: UInt32) {
        let start = Int(ends.last ?? 0)
        guard !codes[start...].contains(code) else { return }
        codes.append(code)
    }

    /// The positions of a row's codes within `codes`. - Complexity: O(1)
    public func range(_ row: Int) -> Range<Int> {
        Int(row == 0 ? 0 : ends[row - 1])..<Int(ends[row])
    }

    /// Whether a row states nothing.
    public func isNull(_ row: Int) -> Bool { range(row).isEmpty }

    /// The codes of a row, in stated order.
    public subscript(row: Int) -> [String] { codes[range(row)].map { dictionary[$0] } }

    /// The column with its rows in another order (or a part of them), its dictionary unchanged.
    public func gathered(_ rows: [Int]) -> CodeListColumn {
        var result = CodeListColumn(dictionary: dictionary, codes: [], ends: [])
        result.ends.reserveCapacity(rows.count)
        result.codes.reserveCapacity(rows.count == count ? codes.count : 0)
        for row in rows {
            result.codes.append(contentsOf: codes[range(row)])
            result.ends.append(UInt32(result.codes.count))
        }
        return result
    }

    /// The same column with the used codes numbered in their byte order, so that equal content has equal bytes.
    public func canonical() -> CodeListColumn {
        let (dictionary, numbers) = dictionary.canonical(using: codes)
        return CodeListColumn(dictionary: dictionary, codes: codes.map { numbers[Int($0)] }, ends: ends)
    }
}
