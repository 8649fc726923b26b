/// The rule that decides what of a record may be seen (DOMAIN section 5: protected places).
enum Publication: Int, Comparable {
    /// Everything.
    case full
    /// The record, but of its place the district alone.
    case districtOnly
    /// Nothing.
    case no

    /// Reads the field `publish`; not stated is `full`. A word that is none of the three withholds the place.
    init(_ code: String?) {
        switch code?.lowercased() {
        case nil, "full": self = .full
        case "no": self = .no
        default: self = .districtOnly
        }
    }

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The fields of actors and offers that stay where only the district may be seen: names, codes, numbers and days.
    ///
    /// Whatever is not named here goes: it may say where the record is more closely than its district, as any free text
    /// can, or be a way to find out. `served_keys` and `precision` are made coarser instead.
    static let harmlessFields: Set<String> = [
        "id", "name", "title", "actor_id", "parent_id", "sector", "kind", "state", "category", "topics", "audiences",
        "languages", "delivery", "served_keys", "valid_from", "valid_to", "capacity", "participants", "sessions",
        "district_key", "precision", "publish", "source_id", "source_date", "region",
    ]

    /// The rule for each row of a table.
    static func rules(of table: Table) -> [Publication] {
        let column = table.code("publish")
        return (0..<table.count).map { Publication(column[$0]) }
    }

    /// The table with withheld rows left out and all but harmless fields emptied where only the district may be seen.
    static func apply(_ rules: [Publication], to table: Table) -> Table {
        guard rules.contains(where: { $0 != .full }) else { return table }
        let rows = rules.indices.filter { rules[$0] != .no }
        var result = table.gathered(rows)
        let hidden = rows.map { rules[$0] == .districtOnly }
        for (position, field) in table.schema.fields.enumerated() where !harmlessFields.contains(field.name) {
            result.columns[position] = result.columns[position].emptied(where: hidden)
        }
        if let position = table.schema.position(of: "served_keys") {
            // A municipality served by a protected place says where it is; its district does not.
            let served = result.codeList("served_keys")
            var coarse = CodeListColumn()
            for row in 0..<result.count {
                coarse.append(hidden[row] ? served[row].map { String($0.prefix(5)) } : served[row])
            }
            result.columns[position] = .codeList(coarse)
        }
        if let position = table.schema.position(of: "precision") {
            var precision = CodeColumn()
            let old = result.code("precision")
            let districts = result.code("district_key")
            for row in 0..<result.count {
                precision.append(hidden[row] ? (districts.codes[row] == 0 ? "none" : "district") : old[row] ?? "")
            }
            result.columns[position] = .code(precision)
        }
        if case .points(var longitudes, var latitudes) = result.geometry {
            for row in hidden.indices where hidden[row] {
                longitudes[row] = .nan
                latitudes[row] = .nan
            }
            result.geometry = .points(longitudes: longitudes, latitudes: latitudes)
        }
        return result
    }
}

extension Column {
    /// The column with the marked rows stating nothing. - Complexity: O(bytes)
    func emptied(where marks: [Bool]) -> Column {
        switch self {
        case .text(let column):
            var result = TextColumn()
            result.reserve(rows: column.count, bytes: column.bytes.count)
            for row in 0..<column.count {
                if marks[row] { result.appendNull() } else { result.append(utf8: column.bytes[column.range(row)]) }
            }
            return .text(result)
        case .code(let column):
            var result = CodeColumn()
            for row in 0..<column.count { result.append(marks[row] ? "" : column[row] ?? "") }
            return .code(result)
        case .codeList(let column):
            var result = CodeListColumn()
            for row in 0..<column.count { result.append(marks[row] ? [] : column[row]) }
            return .codeList(result)
        case .integer(let values):
            return .integer(zip(values, marks).map { $1 ? Self.missingInteger : $0 })
        case .real(let values):
            return .real(zip(values, marks).map { $1 ? .nan : $0 })
        case .date(let values):
            return .date(zip(values, marks).map { $1 ? 0 : $0 })
        case .boolean(let values):
            return .boolean(zip(values, marks).map { $1 ? 0 : $0 })
        case .timestamp(let values):
            return .timestamp(zip(values, marks).map { $1 ? Self.missingInteger : $0 })
        }
    }
}
