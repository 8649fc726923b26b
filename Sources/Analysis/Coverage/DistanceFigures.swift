public import Geometry

/// The figures over distances of one area (DOMAIN 6.5).
///
/// Weighted quantiles are the smallest distance whose cumulated people reach the share of the total, decided in integer
/// arithmetic. Nothing is rounded.
public struct DistanceFigures: Sendable, Hashable {
    /// How many people are within a radius.
    public struct Within: Sendable, Hashable {
        /// The radius.
        public let radius: Metres
        /// The people with an offer at most this far away.
        public let people: Figure<Int64>
        /// Their share of all people, 0 to 1.
        public let share: Figure<Double>
    }

    /// The mean over people.
    public let mean: Figure<Metres>
    /// The median over people.
    public let median: Figure<Metres>
    /// The distance that nine tenths of the people do not exceed.
    public let p90: Figure<Metres>
    /// The greatest distance.
    public let maximum: Figure<Metres>
    /// The median over inhabited cells, each counted once (the Thünen norm).
    public let cellMedian: Figure<Metres>
    /// The people within each radius, ascending by radius.
    public let within: [Within]

    /// The figures that are all missing for one reason; people within a radius are known even so where nobody lives.
    init(missing reason: MissingReason, peopleWithin: Figure<Int64>, radii: [Double]) {
        mean = .missing(reason)
        median = .missing(reason)
        p90 = .missing(reason)
        maximum = .missing(reason)
        cellMedian = .missing(reason)
        within = radii.map { Within(radius: Metres($0), people: peopleWithin, share: .missing(reason)) }
    }

    /// The figures of cells, at least one, in the order of their distances. An infinite distance means that there is no
    /// offer: such cells are in no radius, and a figure that would be infinite is missing.
    ///
    /// - Complexity: O(cells + radii · log cells)
    init(sortedDistances distances: ArraySlice<Double>, people: ArraySlice<Int64>, radii: [Double]) {
        var cumulated: [Int64] = []
        cumulated.reserveCapacity(distances.count)
        var total: Int64 = 0
        var weighted = 0.0
        for (distance, count) in zip(distances, people) {
            total += count
            cumulated.append(total)
            weighted += Double(count) * distance
        }
        let start = distances.startIndex
        let figure = { (distance: Double) -> Figure<Metres> in
            distance.isFinite ? .value(Metres(distance)) : .missing(.noUsableOffer)
        }
        // `Demand.mostPeople` keeps the products within 64 bits.
        let quantile = { (numerator: Int64, denominator: Int64) in
            let reached = cumulated.partitioningIndex { $0 * denominator >= numerator * total }
            return figure(distances[start + reached])
        }
        mean = figure(weighted / Double(total))
        median = quantile(1, 2)
        p90 = quantile(9, 10)
        maximum = figure(distances[distances.endIndex - 1])
        cellMedian = figure(distances[start + (distances.count + 1) / 2 - 1])
        within = radii.map { radius in
            let reached = distances.partitioningIndex { $0 > radius } - start
            let people = reached == 0 ? 0 : cumulated[reached - 1]
            return Within(
                radius: Metres(radius), people: .value(people), share: .value(Double(people) / Double(total)))
        }
    }

    /// The people within a radius that is one of those of the figures.
    func people(within radius: Metres) -> Figure<Int64> {
        within.first { $0.radius == radius }?.people ?? .missing(.populationNotLoaded)
    }
}
