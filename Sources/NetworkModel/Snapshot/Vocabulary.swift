/// Keys with their names in each language, by field.
public struct Vocabulary: Sendable {
    /// One key with its names.
    public struct Entry: Sendable, Hashable {
        /// The key as it stands in records.
        public let key: String
        /// Names by language tag.
        public let labels: [String: String]

        /// The name in a language, else in the language that it is a variant of (`de` for `de-simple`), else in German;
        /// and the language that it is in. nil where there is none.
        public func name(_ language: String) -> (text: String, language: String)? {
            for tag in [language, String(language.prefix { $0 != "-" }), "de"] {
                if let text = labels[tag] { return (text, tag) }
            }
            return nil
        }
    }

    /// The records behind it.
    public let table: Table
    private let entries: [String: [Entry]]

    init(_ table: Table) {
        self.table = table
        let fields = table.code("field")
        let keys = table.text("key")
        let german = table.text("label_de")
        let english = table.text("label_en")
        var entries: [String: [Entry]] = [:]
        for row in 0..<table.count {
            guard let field = fields[row], let key = keys[row] else { continue }
            var labels: [String: String] = [:]
            labels["de"] = german[row]
            labels["en"] = english[row]
            entries[field, default: []].append(Entry(key: key, labels: labels))
        }
        self.entries = entries
    }

    /// The fields that have a vocabulary, in byte order.
    public var fields: [String] { entries.keys.sorted() }

    /// The keys of a field, in byte order.
    public subscript(field: String) -> [Entry] { entries[field] ?? [] }

    /// The name of a key in a language or what stands in for it, and the language that it is in; nil where none is.
    public func name(_ field: String, _ key: String, language: String) -> (text: String, language: String)? {
        entries[field]?.first { $0.key == key }?.name(language)
    }
}
