/// The fields of one kind of record, in the order in which they are stored and answered.
public struct RecordSchema: Sendable, Hashable {
    /// The kind.
    public let kind: RecordKind
    /// The kind of geometry.
    public let geometry: GeometryKind
    /// The fields; the first one is the identifier.
    public let fields: [Field]
    /// The fields whose texts, joined with `/`, make the identifier where a source has none of its own.
    public let identity: [String]

    /// Where each field stands.
    private let positions: [String: Int]

    init(_ kind: RecordKind, geometry: GeometryKind = .none, identity: [String] = [], _ fields: [Field]) {
        self.kind = kind
        self.geometry = geometry
        self.identity = identity
        self.fields = fields
        positions = Dictionary(
            fields.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// The position of a field, or nil where there is none of that name. - Complexity: O(1)
    public func position(of name: String) -> Int? { positions[name] }

    /// The identifier's field.
    public var identifier: Field { fields[0] }
}

extension RecordKind {
    /// The definition of the kind's fields.
    public var schema: RecordSchema {
        switch self {
        case .regions: .regions
        case .sources: .sources
        case .vocabulary: .vocabulary
        case .glossary: .glossary
        case .districts: .districts
        case .municipalities: .municipalities
        case .populationCells: .populationCells
        case .landUse: .landUse
        case .buildings: .buildings
        case .cities: .cities
        case .gazetteer: .gazetteer
        case .actors: .actors
        case .offers: .offers
        case .links: .links
        case .indicators: .indicators
        case .ruralCalibrations: .ruralCalibrations
        }
    }
}
