/// Keys with their names in each language, by field.
public struct Vocabulary: Sendable {
    /// One key with its names.
    public struct Entry: Sendable, Hashable {
        /// The key as it stands in records.
        public let key: String
        /// Names by language tag.
        public let labels: [String: String]
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

    /// The name of a key: in the language, else in German, else the key itself.
    public func label(_ field: String, _ key: String, language: String) -> String {
        guard let entry = entries[field]?.first(where: { $0.key == key }) else { return key }
        return entry.labels[language] ?? entry.labels["de"] ?? key
    }
}
