/// The kinds of record that a project file holds; the raw value is the table's name.
public enum RecordKind: String, Sendable, CaseIterable, Hashable {
    /// The packs and imports that the other records belong to.
    case regions
    /// The documents and data sets that records cite.
    case sources
    /// Keys with their names in each language.
    case vocabulary
    /// Terms of the field with explanations.
    case glossary
    /// Counties and county-level cities (Kreise), key of 5 digits.
    case districts
    /// Municipalities (Gemeinden), key of 8 digits.
    case municipalities
    /// Inhabited cells of the 1-km census grid.
    case populationCells = "population_cells"
    /// How the land of a district or municipality is used.
    case landUse = "land_use"
    /// How many residential buildings of which size a district or municipality has.
    case buildings
    /// Large cities of the whole country, to which distances are measured.
    case cities
    /// Names and postcodes with positions, for finding a place without an outside service.
    case gazetteer
    /// Organisations and bodies.
    case actors
    /// What actors offer.
    case offers
    /// Relations between actors (or offers).
    case links
    /// Single published figures about an area.
    case indicators
    /// Means, deviations and weights with which a state's rural index is scored without the rest of the country.
    case ruralCalibrations = "rural_calibrations"

    /// The name used on the command line and in region packs.
    public var inputName: String { self == .populationCells ? "population" : rawValue }

    /// The kind with a name of the command line, or nil.
    public init?(inputName: String) {
        guard let kind = Self.allCases.first(where: { $0.inputName == inputName }) else { return nil }
        self = kind
    }
}

extension RecordKind {
    /// Whether several regions may each bring a record with the same identifier.
    ///
    /// Two neighbouring packs bring the same cells of their common ring, cite the same documents and name the same
    /// postcodes; cities and calibrations are the whole country's. A snapshot takes one of each. Everything else belongs to one region alone.
    public var isShared: Bool {
        switch self {
        case .sources, .vocabulary, .glossary, .populationCells, .gazetteer, .cities, .ruralCalibrations: true
        case .regions, .districts, .municipalities, .landUse, .buildings, .actors, .offers, .links, .indicators: false
        }
    }
}

/// The kind of geometry that a kind of record has.
public enum GeometryKind: String, Sendable, Hashable {
    /// None: an attribute table.
    case none
    /// One position, which may be missing.
    case point
    /// A surface.
    case multiPolygon
}
