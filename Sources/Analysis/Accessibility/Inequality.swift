/// How unequally distances to an offer are spread over people (DOMAIN 6.5).
public enum Inequality {
    /// The Gini coefficient of distances, each with the weight of the people there:
    /// ΣΣ wᵢ wⱼ |dᵢ - dⱼ| / (2 W² · mean). 0 where all are equally far away, towards 1 where few bear all distance.
    ///
    /// - Parameters:
    ///   - distances: metres, not negative; one that is not finite stands for no offer.
    ///   - people: how many people are that far away, not negative, `Demand.mostPeople` at most in all.
    /// - Returns: Missing where nobody lives, where there is no offer, and where the mean is 0.
    /// - Complexity: O(n log n)
    public static func gini(_ distances: [Double], people: [Int64]) -> Figure<Double> {
        let sorted = SortedDistances(distances, people)[0]
        return gini(sorted: sorted.distances, sorted.people)
    }

    /// The Gini coefficient within each area.
    ///
    /// - Parameters:
    ///   - areas: for each point the number of its area, or -1 for none, as `Demand.areas` gives them.
    ///   - count: how many areas there are.
    /// - Complexity: O(n log n + areas)
    public static func gini(
        _ distances: [Double], people: [Int64], areas: [Int32], count: Int
    ) -> [Figure<Double>] {
        let sorted = SortedDistances(distances, people, areas: areas, count: count)
        return (0..<count).map { gini(sorted: sorted[$0].distances, sorted[$0].people) }
    }

    /// The Gini coefficient of distances in ascending order.
    ///
    /// Between two neighbours in the order lies a gap that every pair of a person before and a person behind it has in
    /// its difference. So the sum over pairs is that of gap · before · behind: no term is negative, no digits are lost.
    /// - Complexity: O(n)
    static func gini(sorted distances: ArraySlice<Double>, _ people: ArraySlice<Int64>) -> Figure<Double> {
        let total = people.reduce(0, +)
        guard total > 0 else { return .missing(.noPopulation) }
        guard distances.allSatisfy(\.isFinite) else { return .missing(.noUsableOffer) }
        var differences = 0.0
        var sum = 0.0
        var before: Int64 = 0
        var last = 0.0
        for (distance, count) in zip(distances, people) {
            differences += (distance - last) * Double(before) * Double(total - before)
            sum += distance * Double(count)
            before += count
            last = distance
        }
        guard sum > 0 else { return .missing(.meanIsZero) }
        // The double sum has each pair twice: 2 · differences / (2 W² · sum / W).
        return .value(differences / sum / Double(total))
    }
}
