import NetworkModel

/// What a kind of record needs beyond its values: places, areas, assignments, the look at all rows together.
///
/// Used by one task at a time.
protocol RecordCompletion: AnyObject {
    /// Completes the rows of a batch, those included that are rejected already.
    func complete(_ table: inout Table, _ log: inout RowLog) throws(LoaderError)
    /// Takes note of the records that are loaded in the end.
    func accept(_ table: Table)
    /// Closes the account after the last row.
    func finish(_ report: inout InputReport, _ budget: inout IssueBudget) throws(LoaderError)
}

/// For kinds that need nothing more.
final class NoCompletion: RecordCompletion {
    func complete(_ table: inout Table, _ log: inout RowLog) {}
    func accept(_ table: Table) {}
    func finish(_ report: inout InputReport, _ budget: inout IssueBudget) {}
}

extension RecordKind {
    /// What completes records of this kind.
    func completion(
        _ input: InputDefinition, settings: Loader, areas: AreaDirectory
    ) throws(LoaderError) -> any RecordCompletion {
        switch self {
        case .districts, .municipalities: try AreaCompletion(input, areas: areas)
        case .populationCells: PopulationCompletion(areas: areas)
        case .actors, .offers: PlaceCompletion(input, reference: settings.reference, areas: areas)
        case .links: LinkCompletion(settings.reference)
        case .landUse, .buildings, .cities, .ruralCalibrations: NoCompletion()
        case .regions, .sources, .vocabulary, .glossary, .gazetteer, .indicators: NoCompletion()
        }
    }
}
