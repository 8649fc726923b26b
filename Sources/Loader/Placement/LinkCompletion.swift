import NetworkModel

/// Names the ends of links, and lists those that are not loaded.
final class LinkCompletion: RecordCompletion {
    private let reference: ReferenceData
    private var missing: [String: Int] = [:]

    init(_ reference: ReferenceData) { self.reference = reference }

    func complete(_ table: inout Table, _ log: inout RowLog) {
        for (end, name) in [("from_id", "from_name"), ("to_id", "to_name")] {
            guard let position = table.schema.position(of: name) else { continue }
            let identifiers = table.code(end)
            let stated = table.text(name)
            var names = TextColumn()
            for row in 0..<table.count {
                names.append(stated[row] ?? identifiers[row].flatMap(self.name) ?? "")
            }
            table.columns[position] = .text(names)
        }
    }

    private func name(_ identifier: String) -> String? {
        guard let place = reference.actors.place(of: identifier) else { return nil }
        return reference.actors.tables[place.table].text("name")[place.row]
    }

    func accept(_ table: Table) {
        for (end, name) in [("from_id", "from_name"), ("to_id", "to_name")] {
            let identifiers = table.code(end)
            let names = table.text(name)
            for row in 0..<table.count {
                guard let identifier = identifiers[row], !reference.actors.contains(identifier),
                    !reference.contains(identifier, kind: .offers)
                else { continue }
                missing[names[row].map { "\(identifier) (\($0))" } ?? identifier, default: 0] += 1
            }
        }
    }

    func finish(_ report: inout InputReport, _ budget: inout IssueBudget) {
        guard !missing.isEmpty else { return }
        let ends = missing.values.reduce(0, +)
        let listed = missing.keys.sorted()
        report.notes.append(
            "\(ends) ends of links are not loaded and kept by name: \(listed.prefix(200).joined(separator: ", "))"
                + (listed.count > 200 ? " and \(listed.count - 200) more" : ""))
    }
}
