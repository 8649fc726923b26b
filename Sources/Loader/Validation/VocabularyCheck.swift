import NetworkModel

/// Compares codes with the vocabularies: unknown keys are noted with their number of rows, or rejected when strict.
struct VocabularyCheck {
    private struct Finding {
        var rows = 0
        let firstLine: Int
    }

    private let reference: ReferenceData
    private let isStrict: Bool
    /// By field and key.
    private var findings: [String: [String: Finding]] = [:]

    init(_ reference: ReferenceData, isStrict: Bool) {
        self.reference = reference
        self.isStrict = isStrict
    }

    /// Checks all fields that have a vocabulary, and the sources that are cited.
    mutating func apply(to table: Table, _ log: inout RowLog) {
        for (position, field) in table.schema.fields.enumerated() {
            let reference = reference
            if field.name == "source_id", reference.hasOwners(.sources) {
                check(table.columns[position], field, { reference.contains($0, kind: .sources) }, &log)
            } else if let name = field.vocabulary, let keys = reference.vocabulary[name] {
                check(table.columns[position], field, keys.contains, &log)
            }
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
                field.name == "source_id"
                    ? "no source of this id is loaded; add it to the sources"
                    : "the vocabulary '\(field.vocabulary ?? "")' has no such key")
        } else {
            let line = log.line(row)
            findings[field.name, default: [:]][key, default: Finding(firstLine: line)].rows += 1
        }
    }

    /// One line per unknown key.
    var notes: [String] {
        findings.sorted { $0.key < $1.key }.flatMap { field, keys in
            let sorted = keys.sorted { $0.key < $1.key }
            let shown = sorted.prefix(50).map { key, finding in
                "\(field): the key '\(key.prefix(80))' is not known (\(finding.rows) rows, first in line \(finding.firstLine)); kept as it is"
            }
            return sorted.count > 50 ? shown + ["\(field): \(sorted.count - 50) further unknown keys"] : shown
        }
    }
}
