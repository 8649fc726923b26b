public import Geometry

/// How many people have an offer within each of many radii: the coverage curve (DOMAIN 3.1 and 6.5).
public struct CoverageCurve: Sendable, Hashable {
    /// The radii where none are asked for: every kilometre up to 50.
    public static let defaultRadii = (1...50).map { Metres(Double($0) * 1000) }

    /// The steps, ascending by radius.
    public let steps: [DistanceFigures.Within]

    /// The curve of points that are all together.
    ///
    /// - Parameters:
    ///   - distances: metres; nil where there is no offer.
    ///   - people: how many people are that far away, not negative, `Demand.mostPeople` at most in all.
    ///   - radii: in any order; doubles are answered once.
    /// - Complexity: O(n log n + radii · log n)
    /// - Throws: `AnalysisError.invalidRadius`.
    public init(
        distances: [Double]?, people: [Int64], radii: [Metres] = CoverageCurve.defaultRadii
    ) throws(AnalysisError) {
        let areas = [Int32](repeating: 0, count: people.count)
        self = try Self.curves(distances: distances, people: people, areas: areas, count: 1, radii: radii)[0]
    }

    /// The curve of each area.
    ///
    /// - Parameters:
    ///   - areas: for each point the number of its area, or -1 for none, as `Demand.areas` gives them.
    ///   - count: how many areas there are.
    /// - Complexity: O(n log n + areas · radii · log n)
    /// - Throws: `AnalysisError.invalidRadius`.
    public static func curves(
        distances: [Double]?, people: [Int64], areas: [Int32], count: Int,
        radii: [Metres] = CoverageCurve.defaultRadii
    ) throws(AnalysisError) -> [CoverageCurve] {
        let allowed = CoverageFigures.allowedRadii
        if let radius = radii.first(where: { !allowed.contains($0.value) }) {
            throw .invalidRadius(radius.value, allowed: allowed)
        }
        // A radius of -0.0 is 0.
        let ascending = Set(radii.map { $0.value + 0 }).sorted()
        guard let distances else {
            let curve = CoverageCurve(
                steps: ascending.map {
                    .init(radius: Metres($0), people: .missing(.noUsableOffer), share: .missing(.noUsableOffer))
                })
            return Array(repeating: curve, count: count)
        }
        let sorted = SortedDistances(distances, people, areas: areas, count: count)
        return (0..<count).map { CoverageCurve(sorted: sorted[$0].distances, sorted[$0].people, radii: ascending) }
    }

    /// The curve of distances in ascending order, at radii in ascending order. - Complexity: O(n + radii · log n)
    init(sorted distances: ArraySlice<Double>, _ people: ArraySlice<Int64>, radii: [Double]) {
        var cumulated: [Int64] = [0]
        cumulated.reserveCapacity(people.count + 1)
        for count in people { cumulated.append(cumulated[cumulated.count - 1] + count) }
        let total = cumulated[people.count]
        steps = radii.map { radius in
            let reached = cumulated[distances.partitioningIndex { $0 > radius } - distances.startIndex]
            return DistanceFigures.Within(
                radius: Metres(radius), people: .value(reached),
                share: total == 0 ? .missing(.noPopulation) : .value(Double(reached) / Double(total)))
        }
    }

    private init(steps: [DistanceFigures.Within]) { self.steps = steps }
}
