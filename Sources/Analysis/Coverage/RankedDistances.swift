/// The demand points in the order of their distances, to be dealt out to areas of any level.
struct RankedDistances: Sendable {
    /// The distance of each demand point, metres; infinite where there is no offer for it.
    private let distances: [Double]
    private let people: [Int64]
    /// Equal distances in the order of their people: sums do not depend on ids.
    private let order: [Int32]

    /// Ranks demand points. - Complexity: O(n log n)
    init(_ distances: [Double], people: [Int64]) {
        self.distances = distances
        self.people = people
        var keys = zip(distances, people).enumerated().map { (number, pair) in
            (distance: pair.0, people: pair.1, number: Int32(number))
        }
        keys.sort { ($0.distance, $0.people) < ($1.distance, $1.people) }
        order = keys.map(\.number)
    }

    /// Distances and people of each area, in the order of the distances: area a has those at `starts[a]..<starts[a + 1]`.
    struct Dealt {
        let starts: [Int]
        let distances: [Double]
        let people: [Int64]

        func range(_ area: Int) -> Range<Int> { starts[area]..<starts[area + 1] }
    }

    /// Deals the points out to areas. - Complexity: O(n)
    ///
    /// - Parameters:
    ///   - areas: for each point the number of its area, or -1.
    ///   - cells: how many points each area has.
    func dealt(to areas: [Int32], cells: [Int]) -> Dealt {
        var starts = [0]
        for count in cells { starts.append(starts[starts.count - 1] + count) }
        let assigned = starts[starts.count - 1]
        var next = starts
        var dealtDistances = [Double](repeating: 0, count: assigned)
        var dealtPeople = [Int64](repeating: 0, count: assigned)
        for point in order {
            let area = Int(areas[Int(point)])
            guard area >= 0 else { continue }
            dealtDistances[next[area]] = distances[Int(point)]
            dealtPeople[next[area]] = people[Int(point)]
            next[area] += 1
        }
        return Dealt(starts: starts, distances: dealtDistances, people: dealtPeople)
    }
}
