import NetworkModel

/// Checks and repairs official keys and postcodes in all fields that hold them.
enum KeyCheck {
    /// The fields with official keys and the levels of area they may name; nil where a field holds none.
    private static func levels(_ field: String, _ kind: RecordKind) -> OfficialKey.Levels? {
        switch (field, kind) {
        case ("key", .districts): .district
        case ("key", .municipalities): .municipality
        case ("key", .landUse), ("key", .buildings): [.district, .municipality]
        case ("key", .cities): .municipality
        case ("district_key", _), ("district_region_key", _): .district
        case ("municipality_key", _): .municipality
        case ("served_keys", _): [.country, .state, .district, .municipality]
        case ("area_key", .indicators): [.country, .state, .district, .municipality]
        case ("state", .populationCells), ("key_prefix", .regions): .state
        default: nil
        }
    }

    /// Replaces what can be repaired; rejects rows whose key names no area.
    static func apply(to table: inout Table, _ log: inout RowLog) {
        for (position, field) in table.schema.fields.enumerated() {
            let read: (String) -> OfficialKey.Outcome
            let isPostcode = field.name == "postcode"
            if let levels = levels(field.name, table.schema.kind) {
                read = { OfficialKey.read($0, levels: levels) }
            } else if isPostcode {
                read = OfficialKey.postcode
            } else {
                continue
            }
            switch table.columns[position] {
            case .code(let column):
                table.columns[position] = .code(checked(column, field, isPostcode: isPostcode, read, &log))
            case .codeList(let column): table.columns[position] = .codeList(checked(column, field, read, &log))
            case .text(let column): table.columns[position] = .text(checked(column, field, read, &log))
            default: break
            }
        }
    }

    private static func checked(
        _ column: CodeColumn, _ field: Field, isPostcode: Bool, _ read: (String) -> OfficialKey.Outcome,
        _ log: inout RowLog
    ) -> CodeColumn {
        let outcomes = [OfficialKey.Outcome.valid] + column.dictionary.codes.map(read)
        guard outcomes.contains(where: { $0 != .valid }) else { return column }
        var result = CodeColumn()
        for row in 0..<column.count {
            let value = column[row] ?? ""
            switch outcomes[Int(column.codes[row])] {
            case .valid: result.append(value)
            case .repaired(let key, let reason):
                log.repair(row, field.name, value, "\(reason): \(key)")
                result.append(key)
            case .invalid(let reason):
                if isPostcode {
                    log.note(row, field.name, value, "\(reason); kept as it is")
                } else {
                    log.reject(row, field.name, value, reason)
                }
                result.append(value)
            }
        }
        return result
    }

    private static func checked(
        _ column: CodeListColumn, _ field: Field, _ read: (String) -> OfficialKey.Outcome, _ log: inout RowLog
    ) -> CodeListColumn {
        let outcomes = [OfficialKey.Outcome.valid] + column.dictionary.codes.map(read)
        guard outcomes.contains(where: { $0 != .valid }) else { return column }
        var result = CodeListColumn()
        for row in 0..<column.count {
            var keys: [String] = []
            for code in column.codes[column.range(row)] {
                let value = column.dictionary[code]
                switch outcomes[Int(code)] {
                case .valid: keys.append(value)
                case .repaired(let key, let reason):
                    log.repair(row, field.name, value, "\(reason): \(key)")
                    keys.append(key)
                case .invalid(let reason): log.reject(row, field.name, value, reason)
                }
            }
            result.append(keys)
        }
        return result
    }

    private static func checked(
        _ column: TextColumn, _ field: Field, _ read: (String) -> OfficialKey.Outcome, _ log: inout RowLog
    ) -> TextColumn {
        var result = TextColumn()
        for row in 0..<column.count {
            guard let value = column[row] else {
                result.appendNull()
                continue
            }
            switch read(value) {
            case .valid: result.append(value)
            case .repaired(let key, let reason):
                log.repair(row, field.name, value, "\(reason): \(key)")
                result.append(key)
            case .invalid(let reason):
                log.reject(row, field.name, value, reason)
                result.append(value)
            }
        }
        return result
    }
}
