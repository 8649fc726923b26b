extension Snapshot {
    /// The fields that tell what a removed record was: no way to reach anybody, no place closer than the district, no
    /// reference to another record, which may come to be withheld.
    public static let lastFields = [
        "category", "topics", "sector", "kind", "district_key", "district_name", "valid_from", "valid_to",
        "source_title", "source_year", "source_date",
    ]

    /// What is published here and was not so in an earlier state, by kind and identifier.
    ///
    /// Records are compared by their own fields as they are published; names and counts that a snapshot derives from
    /// other records are not theirs.
    ///
    /// - Parameter most: of more records of a kind that were added, changed or removed, the number alone is told.
    /// - Complexity: O(bytes)
    public func changes(
        since earlier: Snapshot, most: Int = ChangeLog.mostRecordsOfAKind
    ) -> [RecordChange] {
        RecordKind.allCases.flatMap { kind in
            let difference = TableDifference(earlier[kind].ownFields, self[kind].ownFields)
            return [
                Self.changes(.added, kind, difference.added, in: self[kind], most: most),
                Self.changes(.changed, kind, difference.changed, in: self[kind], most: most),
                Self.changes(.removed, kind, difference.removed, in: earlier[kind], most: most),
            ].flatMap { $0 }
        }
    }

    private static func changes(
        _ sort: RecordChange.Sort, _ kind: RecordKind, _ rows: [Int], in table: Table, most: Int
    ) -> [RecordChange] {
        guard rows.count <= most else { return [RecordChange(sort, kind, records: rows.count)] }
        return rows.map { row in
            let identifier = table.identifiers[row] ?? ""
            guard sort == .removed else { return RecordChange(sort, kind, identifier) }
            var last: [String: String] = [:]
            for name in lastFields { last[name] = table[field: name]?[row].plainText }
            return RecordChange(
                sort, kind, identifier, title: table.title(row), status: table[field: "status"]?[row].plainText,
                lastPublished: last)
        }
    }
}

extension Table {
    /// What a record is called, where its kind has a name; of a link that would be the names of others.
    public func title(_ row: Int) -> String? {
        ["title", "name", "term", "label_de"].lazy.compactMap { self[field: $0]?[row].plainText }.first
    }

    /// The table without the fields that a snapshot adds.
    fileprivate var ownFields: Table {
        var result = self
        result.columns = Array(columns.prefix(schema.kind.schema.fields.count))
        return result
    }
}

extension FieldValue {
    /// The value as a text; nil where nothing is stated. Lists are joined by semicolons.
    fileprivate var plainText: String? {
        switch self {
        case .null: nil
        case .text(let text): text
        case .list(let list): list.joined(separator: ";")
        case .integer(let number): number.description
        case .real(let number): number.description
        case .boolean(let boolean): boolean.description
        }
    }
}

/// The rows that two canonical tables of the same schema do not share.
private struct TableDifference {
    /// Rows of the later table whose identifier the earlier one does not have.
    var added: [Int] = []
    /// Rows of the later table that state something else than the earlier row of the same identifier.
    var changed: [Int] = []
    /// Rows of the earlier table whose identifier the later one does not have.
    var removed: [Int] = []

    /// Walks both tables in the byte order of their identifiers. - Complexity: O(bytes)
    init(_ earlier: Table, _ later: Table) {
        let (olds, news) = (earlier.identifiers, later.identifiers)
        var old = 0
        var new = 0
        while old < earlier.count || new < later.count {
            let oldBytes = old < earlier.count ? olds.bytes[olds.range(old)] : nil
            let newBytes = new < later.count ? news.bytes[news.range(new)] : nil
            if let oldBytes, newBytes.map({ oldBytes.lexicographicallyPrecedes($0) }) ?? true {
                removed.append(old)
                old += 1
            } else if let newBytes, oldBytes.map({ newBytes.lexicographicallyPrecedes($0) }) ?? true {
                added.append(new)
                new += 1
            } else {
                if !later.row(new, equals: old, of: earlier) { changed.append(new) }
                old += 1
                new += 1
            }
        }
    }
}
