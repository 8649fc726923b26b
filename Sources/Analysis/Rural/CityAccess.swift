internal import Geometry
internal import NetworkModel

/// Access to large cities: Σ inhabitants / max(d, 5 km) over the five nearest cities of at least 100,000 people, in
/// inhabitants per kilometre; geodesic distances to the cities' official centres (DOMAIN 6.6).
struct CityAccess: Sendable {
    /// How many cities count.
    static let count = 5
    /// The fewest people of a city that counts.
    static let fewestPeople: Int64 = 100_000
    /// The shortest distance that counts, metres.
    static let shortest = 5_000.0

    private let cities: [(position: Coordinate<Geographic>, point: SurfacePoint, people: Double)]

    /// Takes the cities of a snapshot; nil where there are fewer than five.
    init?(_ snapshot: Snapshot) {
        let table = snapshot.cities
        let people = table.integer("population")
        cities = (0..<table.count).compactMap { row in
            guard people[row] >= Self.fewestPeople, let position = table.point(row), position.isOnGlobe else {
                return nil
            }
            return (position, SurfacePoint(position), Double(people[row]))
        }
        guard cities.count >= Self.count else { return nil }
    }

    /// The access at a position. - Complexity: O(cities)
    func value(at position: Coordinate<Geographic>, _ point: SurfacePoint) -> Double {
        // The nearest ones by their chords, the nearest first; equal ones in the order of their keys.
        var nearest: [(squaredChord: Double, city: Int)] = []
        nearest.reserveCapacity(Self.count + 1)
        for (city, candidate) in cities.enumerated() {
            let squaredChord = candidate.point.squaredChord(to: point)
            if nearest.count == Self.count, squaredChord >= nearest[Self.count - 1].squaredChord { continue }
            let place = nearest.firstIndex { squaredChord < $0.squaredChord } ?? nearest.count
            nearest.insert((squaredChord, city), at: place)
            if nearest.count > Self.count { nearest.removeLast() }
        }
        var sum = 0.0
        for (_, city) in nearest {
            let distance = Geodesic.grs80.distance(from: position, to: cities[city].position).value
            sum += cities[city].people / max(distance, Self.shortest)
        }
        // Metres to kilometres.
        return sum * 1000
    }
}
