public import NetworkModel

/// What rows are checked and placed against: the records that are loaded already, or stand in the same pack.
public struct ReferenceData: Sendable {
    private(set) var districts: [Table] = []
    private(set) var municipalities: [Table] = []
    private(set) var gazetteer = Gazetteer()
    /// The keys of each vocabulary.
    private(set) var vocabulary: [String: Set<String>] = [:]
    private(set) var actors = RecordDirectory()
    /// By kind: which ids are taken, and by which region.
    private var owners: [RecordKind: Owners] = [:]

    private struct Owners {
        var index = IdentifierIndex()
        var regions = CodeColumn()
    }

    /// Makes reference data that know nothing: rows are then neither placed nor checked against other records.
    public init() {}

    /// Adds records, as a load or a project file hands them out. - Complexity: O(rows)
    public mutating func add(_ table: Table) {
        switch table.schema.kind {
        case .districts: districts.append(table)
        case .municipalities:
            municipalities.append(table)
            gazetteer.add(municipalities: table)
        case .gazetteer: gazetteer.add(gazetteer: table)
        case .vocabulary: addVocabulary(table)
        case .actors: actors.add(table)
        case .landUse, .buildings, .cities, .ruralCalibrations: break
        case .regions, .sources, .glossary, .populationCells, .offers, .links, .indicators: break
        }
        addOwners(table)
    }

    /// The region that an id belongs to, or nil where it is free.
    func owner(of identifier: UnsafeBufferPointer<UInt8>, kind: RecordKind) -> String? {
        guard let owners = owners[kind], let row = owners.index.row(ofUTF8: identifier) else { return nil }
        return owners.regions[row]
    }

    /// Whether a record of an id is known.
    func contains(_ identifier: String, kind: RecordKind) -> Bool { owners[kind]?.index.row(of: identifier) != nil }

    /// Whether any id of a kind is known.
    func hasOwners(_ kind: RecordKind) -> Bool { owners[kind] != nil }

    private mutating func addVocabulary(_ table: Table) {
        let fields = table.code("field")
        let keys = table.text("key")
        for row in 0..<table.count {
            if let field = fields[row], let key = keys[row] { vocabulary[field, default: []].insert(key) }
        }
    }

    private mutating func addOwners(_ table: Table) {
        guard table.count > 0, table.schema.kind != .regions else { return }
        var known = owners.removeValue(forKey: table.schema.kind) ?? Owners()
        let regions = table.code("region")
        let identifiers = table.identifiers
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<table.count {
                let (_, isNew) = known.index.insert(utf8: UnsafeBufferPointer(rebasing: bytes[identifiers.range(row)]))
                if isNew { known.regions.append(regions[row] ?? "") }
            }
        }
        owners[table.schema.kind] = known
    }
}

/// Records of several tables, found by their ids.
struct RecordDirectory: Sendable {
    private(set) var tables: [Table] = []
    private var index = IdentifierIndex()
    private var places: [(table: Int32, row: Int32)] = []

    mutating func add(_ table: Table) {
        let identifiers = table.identifiers
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<table.count {
                let (_, isNew) = index.insert(utf8: UnsafeBufferPointer(rebasing: bytes[identifiers.range(row)]))
                if isNew { places.append((Int32(tables.count), Int32(row))) }
            }
        }
        tables.append(table)
    }

    /// Where a record stands, or nil.
    func place(of identifier: String) -> (table: Int, row: Int)? {
        index.row(of: identifier).map { (Int(places[$0].table), Int(places[$0].row)) }
    }

    func contains(_ identifier: String) -> Bool { index.row(of: identifier) != nil }
}
