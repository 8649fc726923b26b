public import Geometry
public import NetworkModel

/// A place where a further stop could be.
public struct SitingCandidate: Sendable, Hashable {
    /// What it is called in answers: the key of a municipality, or whatever the caller names its points.
    public let key: String
    /// Its name, nil where it has none.
    public let name: String?
    /// Where it is, longitude and latitude in degrees.
    public let position: Coordinate<Geographic>

    /// Makes a candidate; `Siting` checks its position.
    public init(key: String, name: String? = nil, position: Coordinate<Geographic>) {
        self.key = key
        self.name = name
        self.position = position
    }

    /// All municipalities of a snapshot at their label points, in the order of their keys; those without one on the
    /// globe are left out. - Complexity: O(municipalities)
    public static func municipalities(of snapshot: Snapshot) -> [SitingCandidate] {
        let table = snapshot.municipalities
        let names = table.text("name")
        let longitudes = table.real("label_lon")
        let latitudes = table.real("label_lat")
        return (0..<table.count).compactMap { row in
            let position = Coordinate<Geographic>(longitude: longitudes[row], latitude: latitudes[row])
            guard position.isOnGlobe, let key = table.identifiers[row] else { return nil }
            return SitingCandidate(key: key, name: names[row], position: position)
        }
    }
}
