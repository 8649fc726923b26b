public import Geometry

/// The demand points by place: for catchments, which ask for everybody within a distance of an offer.
///
/// Depends on the demand alone: made once and kept. Safe to share between threads.
public struct DemandIndex: Sendable {
    /// Where the points are, longitude and latitude in degrees.
    public let positions: [Coordinate<Geographic>]
    /// How many people live there.
    public let people: [Int64]
    /// The sum of `people`.
    public let totalPeople: Int64

    let tree: ChordTree
    /// For each entry of the tree how many people live at those before it, and all people at the end.
    let cumulated: [Int64]

    /// How many points there are.
    public var count: Int { positions.count }

    /// Indexes a demand. - Complexity: O(n log n), on all cores.
    public init(_ demand: Demand) {
        self.init(demand.positions, demand.people, demand.points, demand.totalPeople)
    }

    /// Indexes people at positions in degrees.
    ///
    /// - Complexity: O(n log n), on all cores.
    /// - Throws: `AnalysisError.invalidPosition`, `AnalysisError.implausiblePopulation` (with the number of the point)
    ///   for a number of people that is negative or brings the sum above `Demand.mostPeople`.
    public init(positions: [Coordinate<Geographic>], people: [Int64]) throws(AnalysisError) {
        precondition(positions.count == people.count, "each position needs its people")
        let total = try Self.total(positions, people)
        self.init(positions, people, SurfacePoint.points(positions), total)
    }

    /// The sum of the people, after all has been checked.
    static func total(_ positions: [Coordinate<Geographic>], _ people: [Int64]) throws(AnalysisError) -> Int64 {
        var total: Int64 = 0
        for (index, (position, count)) in zip(positions, people).enumerated() {
            guard position.isOnGlobe else {
                throw .invalidPosition(longitude: position.longitude, latitude: position.latitude)
            }
            guard count >= 0, count <= Demand.mostPeople - total else {
                throw .implausiblePopulation(cell: String(index))
            }
            total += count
        }
        return total
    }

    private init(
        _ positions: [Coordinate<Geographic>], _ people: [Int64], _ points: [SurfacePoint], _ totalPeople: Int64
    ) {
        self.positions = positions
        self.people = people
        self.totalPeople = totalPeople
        let tree = ChordTree(points)
        var cumulated: [Int64] = [0]
        cumulated.reserveCapacity(positions.count + 1)
        var sum: Int64 = 0
        for entry in tree.entries {
            sum += people[Int(entry.w)]
            cumulated.append(sum)
        }
        self.tree = tree
        self.cumulated = cumulated
    }
}
