import NetworkModel

/// One record of a published table, read by the names of its fields.
struct RecordFacts: Sendable {
    let table: Table
    let row: Int

    /// The identifier.
    var id: String { table.identifiers[row] ?? "" }

    /// A text, code or date; nil where nothing is stated.
    func text(_ field: String) -> String? {
        guard case .text(let text)? = table[field: field]?[row], !text.isEmpty else { return nil }
        return text
    }

    /// A list of codes; empty where nothing is stated.
    func list(_ field: String) -> [String] {
        guard case .list(let list)? = table[field: field]?[row] else { return [] }
        return list
    }

    /// A whole number; nil where nothing is stated.
    func integer(_ field: String) -> Int? {
        guard case .integer(let number)? = table[field: field]?[row] else { return nil }
        return Int(number)
    }

    /// A number; nil where nothing is stated.
    func real(_ field: String) -> Double? {
        switch table[field: field]?[row] {
        case .real(let number)?: number
        case .integer(let number)?: Double(number)
        default: nil
        }
    }

    /// A date; nil where nothing is stated.
    func date(_ field: String) -> ReducedDate? { text(field).flatMap { ReducedDate($0) } }
}

extension Snapshot {
    /// A published offer.
    func offer(_ id: String) -> RecordFacts? { offerRows.row(of: id).map { RecordFacts(table: offers, row: $0) } }
    /// A published actor.
    func actor(_ id: String) -> RecordFacts? { actorRows.row(of: id).map { RecordFacts(table: actors, row: $0) } }
    /// A district.
    func district(_ key: String) -> RecordFacts? {
        districtRows.row(of: key).map { RecordFacts(table: districts, row: $0) }
    }
    /// A municipality.
    func municipality(_ key: String) -> RecordFacts? {
        municipalityRows.row(of: key).map { RecordFacts(table: municipalities, row: $0) }
    }
}
