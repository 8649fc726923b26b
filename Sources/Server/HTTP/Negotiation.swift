/// Choice among what a resource offers by a client's `Accept…` fields (RFC 9110 section 12).
enum Negotiation {
    /// One element of an `Accept…` field: a range and its weight in thousandths.
    struct Preference: Equatable, Sendable {
        var range: Substring
        var weight: Int
    }

    /// Reads the elements of a field; elements with a weight that is none are left out.
    static func preferences(_ field: String) -> [Preference] {
        field.split(separator: ",").compactMap { element in
            let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(\.trimmed)
            guard let range = parts.first, !range.isEmpty else { return nil }
            var result = Preference(range: range, weight: 1000)
            for part in parts.dropFirst() where part.lowercased().hasPrefix("q=") {
                guard let weight = weight(part.dropFirst(2)) else { return nil }
                result.weight = weight
            }
            return result
        }
    }

    /// The position of the media type that a client likes best, or nil where it accepts none.
    ///
    /// The most specific range that covers a type decides about it; among equal weights the earlier offer wins.
    /// - Parameter offers: for each representation the types by which it may be asked for, the own one first.
    static func mediaType(_ accept: String?, offers: [[String]]) -> Int? {
        guard let accept, !accept.allSatisfy(\.isWhitespace) else { return 0 }
        let preferences = preferences(accept)
        return best(offers.map { names in names.map { mediaWeight($0, preferences) }.max() ?? 0 })
    }

    /// The position of the language that a client likes best; 0 where it likes none of them.
    static func language(_ acceptLanguage: String?, offers: [String]) -> Int {
        guard let acceptLanguage else { return 0 }
        let preferences = preferences(acceptLanguage)
        let weights = offers.map { offer in
            let exact = preferences.filter { $0.range.lowercased().split(separator: "-").first == offer[...] }
            let any = preferences.first { $0.range == "*" }?.weight ?? 0
            return exact.map(\.weight).max() ?? any
        }
        return best(weights) ?? 0
    }

    /// Whether a client takes gzip: it names it (or `*`) with a weight above zero, and not the bytes as they are with a
    /// higher one.
    static func acceptsGzip(_ acceptEncoding: String?) -> Bool {
        guard let acceptEncoding else { return false }
        let preferences = preferences(acceptEncoding)
        let named = preferences.first { ["gzip", "x-gzip"].contains($0.range.lowercased()) }
        let gzip = (named ?? preferences.first { $0.range == "*" })?.weight ?? 0
        let identity = preferences.first { $0.range.lowercased() == "identity" }?.weight ?? 0
        return gzip > 0 && gzip >= identity
    }

    private static func best(_ weights: [Int]) -> Int? {
        guard let most = weights.max(), most > 0 else { return nil }
        return weights.firstIndex(of: most)
    }

    private static func mediaWeight(_ type: String, _ preferences: [Preference]) -> Int {
        let main = type.prefix { $0 != ";" }
        let family = main.prefix { $0 != "/" }
        var found: (specificity: Int, weight: Int) = (-1, 0)
        for preference in preferences {
            let range = preference.range.lowercased()
            let specificity =
                switch range {
                case let exact where exact[...] == main: 2
                case "\(family)/*": 1
                case "*/*", "*": 0
                default: -1
                }
            if specificity > found.specificity { found = (specificity, preference.weight) }
        }
        return found.specificity < 0 ? 0 : found.weight
    }

    /// A weight of at most three decimals, in thousandths.
    private static func weight(_ text: Substring) -> Int? {
        guard text.utf8.count <= 5, let value = Double(text), (0...1).contains(value) else { return nil }
        return Int((value * 1000).rounded())
    }
}

extension StringProtocol {
    /// The text without blanks and tabs at its ends.
    var trimmed: SubSequence {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
