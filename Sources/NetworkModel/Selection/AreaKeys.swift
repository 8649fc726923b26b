/// Official keys as a filter names them: a state (2 digits), a district (5) or a municipality (8).
///
/// Keys are hierarchical: a place lies in every area whose key is a prefix of its own.
public struct AreaKeys: Sendable {
    private let keys: [String]

    /// Takes the keys of a parameter.
    ///
    /// - Throws: `FilterError.unknownValue` for a key of no area that is loaded.
    public init(_ keys: [String], parameter: String, in snapshot: Snapshot) throws(FilterError) {
        for key in keys where !Self.isKnown(key, in: snapshot) {
            throw .unknownValue(
                parameter: parameter, value: key,
                known: (0..<snapshot.districts.count).compactMap { snapshot.districts.identifiers[$0] })
        }
        self.keys = keys
    }

    private static func isKnown(_ key: String, in snapshot: Snapshot) -> Bool {
        if snapshot.districtRows.row(of: key) != nil || snapshot.municipalityRows.row(of: key) != nil { return true }
        return key.utf8.count == 2
            && (0..<snapshot.districts.count).contains { snapshot.districts.identifiers[$0]?.hasPrefix(key) == true }
    }

    /// Whether an area lies in one of the keys' areas.
    public func contains(_ area: String) -> Bool { keys.contains { area.hasPrefix($0) } }

    /// For each number of a dictionary of area keys: whether the area lies in one of the keys' areas.
    func marks(_ dictionary: CodeDictionary) -> [Bool] {
        [false] + dictionary.codes.map(contains)
    }

    /// For each number of a dictionary of served areas: whether the area and one of the keys' areas overlap, which
    /// is so when either holds the other.
    func servedMarks(_ dictionary: CodeDictionary) -> [Bool] {
        [false] + dictionary.codes.map { area in keys.contains { area.hasPrefix($0) || $0.hasPrefix(area) } }
    }
}
