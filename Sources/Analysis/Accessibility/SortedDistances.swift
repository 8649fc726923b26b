/// The distances of demand points in ascending order with the people there, all together or area by area: what
/// inequality and curves are made from.
struct SortedDistances: Sendable {
    let distances: [Double]
    let people: [Int64]
    /// Where the points of each area start, and their number at the end.
    let starts: [Int]

    /// How many areas there are.
    var count: Int { starts.count - 1 }

    /// Takes all points as one area. - Complexity: O(n log n)
    init(_ distances: [Double], _ people: [Int64]) {
        self.init(distances, people, areas: Array(repeating: 0, count: distances.count), count: 1)
    }

    /// Deals the points out to their areas; those of area -1 are left out. - Complexity: O(n log n + areas)
    init(_ distances: [Double], _ people: [Int64], areas: [Int32], count: Int) {
        precondition(
            distances.count == people.count && distances.count == areas.count, "each point needs people and an area")
        self.init(distances, people, order: Self.order(distances, people), areas: areas, count: count)
    }

    /// The points by distance, equal distances by their people, so that sums do not depend on the order of the points.
    ///
    /// Made once, it serves areas of every level. - Complexity: O(n log n)
    static func order(_ distances: [Double], _ people: [Int64]) -> [Int32] {
        var keys = distances.indices.map { (distance: distances[$0], people: people[$0], point: Int32($0)) }
        keys.sort { ($0.distance, $0.people) < ($1.distance, $1.people) }
        return keys.map(\.point)
    }

    /// Deals points whose order is known out to their areas. - Complexity: O(n + areas)
    init(_ distances: [Double], _ people: [Int64], order: [Int32], areas: [Int32], count: Int) {
        var starts = [Int](repeating: 0, count: count + 1)
        for area in areas where area >= 0 { starts[Int(area) + 1] += 1 }
        for area in 0..<count { starts[area + 1] += starts[area] }
        var next = starts
        var sorted = [Double](repeating: 0, count: starts[count])
        var residents = [Int64](repeating: 0, count: starts[count])
        for number in order {
            let point = Int(number)
            guard areas[point] >= 0 else { continue }
            let place = next[Int(areas[point])]
            sorted[place] = distances[point]
            residents[place] = people[point]
            next[Int(areas[point])] += 1
        }
        self.distances = sorted
        self.people = residents
        self.starts = starts
    }

    /// The distances of an area, ascending, and the people at each.
    subscript(area: Int) -> (distances: ArraySlice<Double>, people: ArraySlice<Int64>) {
        let range = starts[area]..<starts[area + 1]
        return (distances[range], people[range])
    }
}
