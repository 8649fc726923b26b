/// Numbers for a set of code texts: 0 is the empty text (*not stated*), the others count from 1.
public struct CodeDictionary: Sendable {
    private var texts: [String]
    private var index: IdentifierIndex

    /// Makes a dictionary with the empty text alone.
    public init() {
        texts = [""]
        index = IdentifierIndex()
    }

    /// How many codes there are, the empty one not counted.
    public var count: Int { texts.count - 1 }

    /// All codes in the order of their numbers, the empty one left out.
    public var codes: ArraySlice<String> { texts.dropFirst() }

    /// The text of a number handed out by this dictionary.
    public subscript(number: UInt32) -> String { texts[Int(number)] }

    /// The number of a code that is already known, or nil. - Complexity: O(1) expected
    public func known(_ code: String) -> UInt32? {
        code.isEmpty ? 0 : index.row(of: code).map { UInt32($0 + 1) }
    }

    /// The number of a code, a new one where it is not known yet. - Complexity: O(1) expected
    public mutating func number(of code: String) -> UInt32 {
        var code = code
        return code.withUTF8 { number(ofUTF8: $0) }
    }

    /// The number of a code given as UTF-8, a new one where it is not known yet. - Complexity: O(1) expected
    public mutating func number(ofUTF8 utf8: UnsafeBufferPointer<UInt8>) -> UInt32 {
        guard !utf8.isEmpty else { return 0 }
        let (row, isNew) = index.insert(utf8: utf8)
        if isNew { texts.append(String(decoding: utf8, as: UTF8.self)) }
        return UInt32(row + 1)
    }

    /// The dictionary of the codes that are used, in byte order, and the new number of each old one.
    func canonical(using codes: [UInt32]) -> (CodeDictionary, [UInt32]) {
        var isUsed = [Bool](repeating: false, count: texts.count)
        for code in codes { isUsed[Int(code)] = true }
        let order = texts.indices.dropFirst().filter { isUsed[$0] }
            .sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }
        var result = CodeDictionary()
        var numbers = [UInt32](repeating: 0, count: texts.count)
        for old in order { numbers[old] = result.number(of: texts[old]) }
        return (result, numbers)
    }
}
