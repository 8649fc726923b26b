import Analysis
import NetworkModel

extension Snapshot {
    /// The ids of the documents that boundaries, population cells and register come from, in their byte order: those
    /// whose note the attribution of a region repeats. Cells and areas cite no document of their own; what land use,
    /// buildings and indicators cite plays no part in figures over people and distances.
    ///
    /// - Complexity: O(sources · regions)
    var foundationDocuments: [String] {
        let notes = regions.text("attribution")
        let credits = (0..<regions.count).compactMap { notes[$0] }
        let attributions = sources.text("attribution")
        let elsewhere = Set([landUse, buildings, indicators].flatMap { $0.code("source_id").dictionary.codes })
        return (0..<sources.count).compactMap { row -> String? in
            guard let note = attributions[row], !note.isEmpty, credits.contains(where: { $0.contains(note) })
            else { return nil }
            return sources.identifiers[row].flatMap { elsewhere.contains($0) ? nil : $0 }
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The days that data describe, as they state them: of the register, of the boundaries, and of each document by its
    /// id. What states none is left out.
    ///
    /// - Parameters:
    ///   - level: whose register populations are meant.
    ///   - documents: the ids of documents.
    ///   - needsRegister: whether figures refer to the register populations of areas.
    func dataDates(
        _ level: AreaLevel, _ documents: [String], needsRegister: Bool
    ) -> [(name: String, dates: [String])] {
        let areas = level == .municipality || !needsRegister ? municipalities : districts
        let countsByRegister = needsRegister || populationCells.count == 0
        let documentDates = documents.map { id in
            (
                name: id,
                dates: FeatureTable.row(of: id, in: sources.identifiers).map { sources.dates("date", [$0]) } ?? []
            )
        }
        return
            ([
                (name: "register", dates: countsByRegister ? areas.dates("population_date", 0..<areas.count) : []),
                (name: "boundaries", dates: regions.dates("as_of", 0..<regions.count)),
            ] + documentDates).filter { !$0.dates.isEmpty }
    }
}

extension Table {
    /// The different dates of a field in some rows, ascending.
    fileprivate func dates(_ name: String, _ rows: some Sequence<Int>) -> [String] {
        guard let column = self[field: name] else { return [] }
        let texts = rows.compactMap { row -> String? in
            if case .text(let text) = column[row] { text } else { nil }
        }
        return Set(texts).sorted()
    }
}
