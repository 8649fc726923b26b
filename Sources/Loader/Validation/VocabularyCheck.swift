import NetworkModel

/// Compares codes with the vocabularies: unknown keys are noted with their number of rows, or rejected when strict.
struct VocabularyCheck {
    private struct Finding {
        var rows = 0
        let firstLine: Int
    }

    private let reference: ReferenceData
    private let areas: AreaDirectory
    /// The states of which districts are loaded: keys of other states cannot be checked.
    private let states: Set<Substring>
    private let isStrict: Bool
    /// By field and key.
    private var findings: [String: [String: Finding]] = [:]
    /// By field: rows with keys beyond the most that are kept apart.
    private var unlisted: [String: Int] = [:]

    /// So many different unknown keys of a field are kept apart; in a file with more, the field is mapped wrongly.
    private static let mostKeys = 10_000

    init(_ reference: ReferenceData, areas: AreaDirectory, isStrict: Bool) {
        self.areas = areas
        states = Set(areas.districts.keys.map { $0.prefix(2) })
        self.reference = reference
        self.isStrict = isStrict
    }

    /// Checks all fields whose codes are defined elsewhere: vocabulary, sources, actors, areas.
    mutating func apply(to table: Table, _ log: inout RowLog) {
        for (position, field) in table.schema.fields.enumerated() {
            if let isKnown = known(field, table.schema.kind) { check(table.columns[position], field, isKnown, &log) }
        }
    }

    /// Which codes of a field are known, or nil where nothing says so.
    private func known(_ field: Field, _ kind: RecordKind) -> ((String) -> Bool)? {
        let (reference, areas, states) = (reference, areas, states)
        if let name = field.vocabulary { return reference.vocabulary[name].map { keys in keys.contains } }
        switch (field.name, kind) {
        case ("source_id", _) where reference.hasOwners(.sources): return { reference.contains($0, kind: .sources) }
        case ("actor_id", .offers) where reference.hasOwners(.actors): return { reference.actors.contains($0) }
        case ("district_key", .actors), ("district_key", .offers):
            return { areas.districts.row(of: $0) != nil || !states.contains($0.prefix(2)) }
        case ("municipality_key", .actors) where !areas.municipalities.isEmpty,
            ("municipality_key", .offers) where !areas.municipalities.isEmpty:
            return { areas.municipalities.row(of: $0) != nil || !states.contains($0.prefix(2)) }
        default: return nil
        }
    }

    private mutating func check(_ column: Column, _ field: Field, _ isKnown: (String) -> Bool, _ log: inout RowLog) {
        switch column {
        case .code(let codes):
            guard let unknown = unknown(codes.dictionary, isKnown) else { return }
            for (row, code) in codes.codes.enumerated() where unknown[Int(code)] {
                take(codes.dictionary[code], row, field, &log)
            }
        case .codeList(let lists):
            guard let unknown = unknown(lists.dictionary, isKnown) else { return }
            for row in 0..<lists.count {
                for code in lists.codes[lists.range(row)] where unknown[Int(code)] {
                    take(lists.dictionary[code], row, field, &log)
                }
            }
        default: break
        }
    }

    private func unknown(_ dictionary: CodeDictionary, _ isKnown: (String) -> Bool) -> [Bool]? {
        let marks = [false] + dictionary.codes.map { !isKnown($0) }
        return marks.contains(true) ? marks : nil
    }

    private mutating func take(_ key: String, _ row: Int, _ field: Field, _ log: inout RowLog) {
        guard log.isAlive(row) else { return }
        if isStrict {
            log.reject(
                row, field.name, key,
                field.vocabulary.map { "the vocabulary '\($0)' has no such key" }
                    ?? "no record of this id or key is loaded; load it first, or correct it")
        } else {
            let line = log.line(row)
            let isListed = findings[field.name]?[key] != nil || findings[field.name, default: [:]].count < Self.mostKeys
            if isListed {
                findings[field.name, default: [:]][key, default: Finding(firstLine: line)].rows += 1
            } else {
                unlisted[field.name, default: 0] += 1
            }
        }
    }

    /// One line per unknown key.
    var notes: [String] {
        findings.sorted { $0.key < $1.key }.flatMap { field, keys in
            let sorted = keys.sorted { $0.key < $1.key }
            let shown = sorted.prefix(50).map { key, finding in
                "\(field): the key '\(key.prefix(80))' is not known (\(finding.rows) rows, first in line \(finding.firstLine)); kept as it is"
            }
            let rest = sorted.dropFirst(50).reduce(unlisted[field, default: 0]) { $0 + $1.value.rows }
            return rest > 0 ? shown + ["\(field): \(rest) rows with further unknown keys"] : shown
        }
    }
}
