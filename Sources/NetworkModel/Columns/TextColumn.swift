/// A column of UTF-8 texts in one flat buffer; the empty text means *not stated*, but in layers of other files, where
/// an empty text can be stated (`appendBlank`).
///
/// One buffer and one array of ends instead of a million `String`s: 1 M titles cost their bytes plus 4 bytes each,
/// and SQLite, hashing and search read the bytes where they lie.
public struct TextColumn: Sendable, Hashable {
    /// All texts, one after the other.
    public private(set) var bytes: [UInt8]
    /// For each row the offset behind its last byte.
    public private(set) var ends: [UInt32]
    /// The rows that state an empty text.
    private var blanks: Set<Int> = []

    /// Makes an empty column.
    public init() {
        bytes = []
        ends = []
    }

    /// The number of rows.
    public var count: Int { ends.count }

    /// Sets room aside for rows and bytes still to come.
    public mutating func reserve(rows: Int, bytes byteCount: Int) {
        ends.reserveCapacity(ends.count + rows)
        bytes.reserveCapacity(bytes.count + byteCount)
    }

    /// Appends a text given as UTF-8 bytes (trusted to be valid UTF-8).
    ///
    /// - Precondition: the column stays below 4 GiB.
    public mutating func append(utf8: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: utf8)
        closeRow()
    }

    /// Appends a text given as UTF-8 bytes (trusted to be valid UTF-8).
    ///
    /// - Precondition: the column stays below 4 GiB.
    public mutating func append(utf8: ArraySlice<UInt8>) {
        bytes.append(contentsOf: utf8)
        closeRow()
    }

    /// Appends a text.
    public mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        closeRow()
    }

    /// Appends a row that states nothing.
    public mutating func appendNull() { closeRow() }

    /// Appends a row that states the empty text.
    public mutating func appendBlank() {
        blanks.insert(count)
        closeRow()
    }

    private mutating func closeRow() {
        precondition(bytes.count <= Int(UInt32.max), "a text column holds at most 4 GiB")
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// The bytes of a row within `bytes`. - Complexity: O(1)
    public func range(_ row: Int) -> Range<Int> {
        Int(row == 0 ? 0 : ends[row - 1])..<Int(ends[row])
    }

    /// Whether a row states nothing.
    public func isNull(_ row: Int) -> Bool { range(row).isEmpty && !isBlank(row) }

    private func isBlank(_ row: Int) -> Bool { !blanks.isEmpty && blanks.contains(row) }

    /// Whether some rows state an empty text.
    public var hasBlanks: Bool { !blanks.isEmpty }

    /// The text of a row, or nil where nothing is stated.
    public subscript(row: Int) -> String? {
        let range = range(row)
        return range.isEmpty ? isBlank(row) ? "" : nil : String(decoding: bytes[range], as: UTF8.self)
    }

    /// The column with its rows in another order (or a part of them).
    public func gathered(_ rows: [Int]) -> TextColumn {
        var result = TextColumn()
        result.reserve(rows: rows.count, bytes: rows.count == count ? bytes.count : 0)
        for row in rows {
            if isBlank(row) { result.appendBlank() } else { result.append(utf8: bytes[range(row)]) }
        }
        return result
    }

    /// Compares two rows by their bytes (which is by code point, the order of all ids here).
    public func precedes(_ lhs: Int, _ rhs: Int) -> Bool {
        bytes[range(lhs)].lexicographicallyPrecedes(bytes[range(rhs)])
    }
}
