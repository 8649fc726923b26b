/// Why a filter cannot be used, and where.
public struct FilterError: Error, Hashable, Sendable {
    /// What is wrong, for programs.
    public enum Kind: String, Hashable, Sendable {
        /// The bytes are no UTF-8.
        case encoding
        /// The text is not in the grammar.
        case syntax
        /// One of `FilterLimits` is exceeded.
        case limit
        /// A literal has no possible value: a day that does not exist, a latitude of 180.
        case value
        /// No queryable has this name.
        case unknownProperty
        /// No function has this name.
        case unknownFunction
        /// An operand is of a type that the operation is not defined for.
        case type
        /// The expression cannot be written in the encoding that is asked for.
        case inexpressible
    }

    /// What is wrong, for programs.
    public let kind: Kind
    /// What is wrong, for people: one English line that names what was found and what is expected.
    public let message: String
    /// Where, in bytes from the beginning of the source.
    public let offset: Int
    /// Where, in characters from the beginning of the source, the first being 1.
    public let character: Int
    /// The surroundings of the place, at most 61 characters of one line.
    public let excerpt: String
    /// The character of the excerpt that is meant, the first being 0.
    public let caret: Int
}

extension FilterError: CustomStringConvertible {
    /// Message, place, excerpt, and a caret under the place.
    public var description: String {
        guard !excerpt.isEmpty else { return message }
        return "\(message), at character \(character):\n\(excerpt)\n\(String(repeating: " ", count: caret))^"
    }
}

/// The bytes that a filter was read from, for errors to quote.
struct FilterSource: Sendable {
    let bytes: [UInt8]

    static let none = FilterSource(bytes: [])

    /// - Complexity: O(offset), once per filter.
    func error(_ kind: FilterError.Kind, _ message: String, at offset: Int) -> FilterError {
        let place = min(offset, bytes.count)
        // Scalars rather than grapheme clusters, and a blank for whatever would move the caret away.
        let before = String(decoding: bytes[..<place], as: UTF8.self).unicodeScalars
        let after = String(decoding: bytes[place..<min(bytes.count, place + 160)], as: UTF8.self).unicodeScalars
        let left = before.suffix(30).map(Self.visible)
        let right = after.prefix(31).map(Self.visible)
        return FilterError(
            kind: kind, message: message, offset: place, character: before.count + 1,
            excerpt: String(String.UnicodeScalarView(left + right)), caret: left.count
        )
    }

    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .nonspacingMark, .enclosingMark, .unassigned,
            .privateUse, .surrogate:
            " "
        default: scalar
        }
    }

    /// Checks length and encoding, before anything else looks at the bytes.
    func validate(_ limits: FilterLimits) throws(FilterError) {
        guard bytes.count <= limits.length else {
            throw FilterSource.none.error(
                .limit, "the filter has \(bytes.count) bytes; at most \(limits.length) are allowed", at: 0)
        }
        if let invalid = firstInvalidByte { throw error(.encoding, "the filter is not valid UTF-8", at: invalid) }
    }

    /// The first byte that no well-formed sequence begins at (The Unicode Standard, table 3-7).
    private var firstInvalidByte: Int? {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            let count: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0x00...0x7F: count = 1
            case 0xC2...0xDF: count = 2
            case 0xE0: (count, second) = (3, 0xA0...0xBF)
            case 0xED: (count, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: count = 3
            case 0xF0: (count, second) = (4, 0x90...0xBF)
            case 0xF4: (count, second) = (4, 0x80...0x8F)
            case 0xF1...0xF3: count = 4
            default: return index
            }
            guard index + count <= bytes.count else { return index }
            if count > 1, !second.contains(bytes[index + 1]) { return index }
            for next in bytes[index..<index + count].dropFirst(2) where !(0x80...0xBF).contains(next) { return index }
            index += count
        }
        return nil
    }
}
