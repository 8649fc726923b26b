internal import Foundation
public import Geometry
public import NetworkModel

/// Accessibility by the two-step floating catchment method (DOMAIN 6.5), plain or enhanced by bands of distance.
///
/// First step: the ratio of each offer is its supply over the people in its catchment, each with the weight of the band.
/// Second step: the score of each demand point is the sum of the ratios of the offers whose catchment it lies in, with
/// the same weights. So the scores of all people add up to the supply of all offers that anybody reaches (2SFCA).
///
/// Distances are geodesics as everywhere: where the chord does not prove in which band a pair is, Karney's algorithm
/// decides. People and ratios are summed in whole numbers, so the result does not depend on the order of offers or on
/// threads. Safe to share between threads.
public struct FloatingCatchment: Sendable {
    /// What an offer supplies. The raw values stand in requests and answers.
    public enum Supply: String, Sendable, Hashable, CaseIterable {
        /// Each offer supplies 1.
        case one
        /// An offer supplies the places that it states, 1 where it states none.
        case capacity
    }

    /// The bands and their weights.
    public let bands: CatchmentBands
    /// What each offer supplies, in the order of the offers.
    public let supplies: [Double]
    /// For each offer its supply per person of the catchment; 0 for an offer that nobody reaches, whose ratio is not
    /// defined and whose supply is in no score.
    public let ratios: [Double]
    /// For each offer the people in its catchment, not weighted.
    public let peopleInCatchment: [Int64]
    /// For each demand point the supply per person that it has access to; 0 where no offer is in reach. Empty where
    /// there is no usable offer at all.
    public let scores: [Double]
    /// How many pairs of an offer and a demand point are within the catchment.
    public let pairs: Int
    /// How many offers nobody reaches.
    public let offersWithoutPeople: Int
    /// Why there are no scores, or nil where there are.
    public let missing: MissingReason?

    private let people: [Int64]

    /// Computes the ratios of usable offers and the scores of a demand.
    ///
    /// - Parameters:
    ///   - index: the demand, which callers keep because no filter changes it.
    ///   - snapshot: the snapshot that the usable offers were selected from.
    /// - Throws: `AnalysisError.cancelled`.
    public init(
        _ usable: UsableOffers, demand index: DemandIndex, in snapshot: Snapshot, supply: Supply = .one,
        bands: CatchmentBands = .twoStep, cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        let capacities = snapshot.offers.integer("capacity")
        let supplies = usable.rows.map { row in
            // What is missing is below all numbers.
            supply == .one || capacities[row] < 0 ? 1 : Double(capacities[row])
        }
        try self.init(
            checked: usable.positions, supplies: supplies, demand: index, bands: bands, cancellation: cancellation)
    }

    /// Computes the ratios of offers at positions in degrees and the scores of a demand.
    ///
    /// - Parameters:
    ///   - supplies: what each offer supplies, finite and not negative; nil for 1 each.
    ///   - index: the demand.
    /// - Complexity: O(o · (√n + log n) + pairs) for o offers and n demand points that are spread out evenly, on all
    ///   cores. Blocks the calling thread.
    /// - Throws: `AnalysisError.invalidPosition`, `AnalysisError.invalidSupply`, `AnalysisError.cancelled`.
    public init(
        positions: [Coordinate<Geographic>], supplies: [Double]? = nil, demand index: DemandIndex,
        bands: CatchmentBands = .twoStep, cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        let supplies = supplies ?? Array(repeating: 1, count: positions.count)
        precondition(positions.count == supplies.count, "each offer needs its supply")
        if let position = positions.first(where: { !$0.isOnGlobe }) {
            throw .invalidPosition(longitude: position.longitude, latitude: position.latitude)
        }
        if let supply = supplies.first(where: { !($0 >= 0 && $0 <= Self.greatestSupply) }) {
            throw .invalidSupply(supply, allowed: 0...Self.greatestSupply)
        }
        try self.init(
            checked: positions, supplies: supplies, demand: index, bands: bands, cancellation: cancellation)
    }

    /// Sums of supplies up to this one stay finite.
    private static let greatestSupply = 1e15

    private init(
        checked positions: [Coordinate<Geographic>], supplies: [Double], demand: DemandIndex, bands: CatchmentBands,
        cancellation: Cancellation
    ) throws(AnalysisError) {
        self.bands = bands
        self.supplies = supplies
        people = demand.people
        let work = Work(
            positions: positions, points: SurfacePoint.points(positions), demand: demand, bands: bands,
            limits: ChordLimits(bands.bands.map(\.radius.value)))
        let (inBands, pairs) = try work.peopleInBands(cancellation)
        self.pairs = pairs
        let count = bands.bands.count
        peopleInCatchment = positions.indices.map { inBands[$0 * count..<($0 + 1) * count].reduce(0, +) }
        offersWithoutPeople = peopleInCatchment.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        ratios = positions.indices.map { offer in
            let people = bands.bands.indices.reduce(0.0) { sum, band in
                sum + bands.bands[band].weight * Double(inBands[offer * count + band])
            }
            return people > 0 ? supplies[offer] / people : 0
        }
        missing = positions.isEmpty ? .noUsableOffer : demand.count == 0 ? .populationNotLoaded : nil
        scores = missing == nil ? try work.scores(ratios, cancellation) : []
    }

    /// The score of a demand point, or the reason why there is none.
    public func score(of point: Int) -> Figure<Double> { missing.map(Figure.missing) ?? .value(scores[point]) }

    /// The mean score over the people of each area.
    ///
    /// - Parameters:
    ///   - areas: for each demand point the number of its area, or -1 for none, as `Demand.areas` gives them.
    ///   - count: how many areas there are.
    ///   - order: the order in which points are summed up; theirs where none is given.
    /// - Complexity: O(n + areas)
    public func means(over areas: [Int32], count: Int, order: [Int32]? = nil) -> [Figure<Double>] {
        if let missing { return Array(repeating: .missing(missing), count: count) }
        precondition(areas.count == scores.count, "each demand point needs the number of its area")
        var sums = [Double](repeating: 0, count: count)
        var residents = [Int64](repeating: 0, count: count)
        for position in areas.indices {
            let point = order.map { Int($0[position]) } ?? position
            guard areas[point] >= 0 else { continue }
            sums[Int(areas[point])] += Double(people[point]) * scores[point]
            residents[Int(areas[point])] += people[point]
        }
        return zip(sums, residents).map { $1 == 0 ? .missing(.noPopulation) : .value($0 / Double($1)) }
    }

    /// The mean score over all people. - Complexity: O(n)
    public var mean: Figure<Double> { means(over: Array(repeating: 0, count: scores.count), count: 1)[0] }
}

extension FloatingCatchment {
    /// The two steps over the parts of the demand, each of which meets the offers in their order.
    private struct Work: Sendable {
        let positions: [Coordinate<Geographic>]
        let points: [SurfacePoint]
        let demand: DemandIndex
        let bands: CatchmentBands
        let limits: ChordLimits

        /// Offers that are dealt with between two questions whether the work is still wanted.
        private static let offersAtOnce = 512

        /// For each offer and each band the people there, and how many pairs there are.
        func peopleInBands(_ cancellation: Cancellation) throws(AnalysisError) -> (people: [Int64], pairs: Int) {
            let count = bands.bands.count
            let parts = try eachPart(cancellation) { (part) throws(AnalysisError) in
                var people = [Int64](repeating: 0, count: positions.count * count)
                var pairs = 0
                try visit(part, cancellation) { offer, range, band in
                    people[offer * count + band] +=
                        demand.cumulated[range.upperBound] - demand.cumulated[range.lowerBound]
                    pairs += range.count
                }
                return (people: people, pairs: pairs)
            }
            guard var (people, pairs) = parts.first else { return ([], 0) }
            for part in parts.dropFirst() {
                for index in people.indices { people[index] += part.people[index] }
                pairs += part.pairs
            }
            return (people, pairs)
        }

        /// For each demand point the weighted sum of the ratios of the offers in reach.
        ///
        /// What an offer gives to a range of entries is noted at the range's two ends alone and summed up at the end, in
        /// whole numbers: nothing is lost on the way, however many offers come and go, and no order matters.
        func scores(_ ratios: [Double], _ cancellation: Cancellation) throws(AnalysisError) -> [Double] {
            let weights = bands.bands.map(\.weight)
            // The unit is so small that a share keeps all its digits, and so large that the sum of all stays in range.
            let exponent = 120 - Int(ratios.reduce(1, +).exponent) - 1
            let unit = scalbn(1.0, -exponent)
            let shares = ratios.flatMap { ratio in
                weights.map { Int128((ratio * $0 / unit).rounded()) }
            }
            let parts = try eachPart(cancellation) { (part) throws(AnalysisError) in
                let start = demand.tree.range(of: part).lowerBound
                var changes = [Int128](repeating: 0, count: demand.tree.range(of: part).count + 1)
                try changes.withUnsafeMutableBufferPointer { (changes) throws(AnalysisError) in
                    try visit(part, cancellation) { offer, range, band in
                        let share = shares[offer * weights.count + band]
                        changes[range.lowerBound - start] += share
                        changes[range.upperBound - start] -= share
                    }
                }
                var sum: Int128 = 0
                return changes.dropLast().map { change in
                    sum += change
                    return Double(sum) * unit
                }
            }
            var scores = [Double](repeating: 0, count: demand.count)
            var entry = 0
            for part in parts {
                for score in part {
                    scores[Int(demand.tree.entries[entry].w)] = score
                    entry += 1
                }
            }
            return scores
        }

        private func eachPart<Value: Sendable>(
            _ cancellation: Cancellation, _ body: @Sendable (Int) throws(AnalysisError) -> Value
        ) throws(AnalysisError) -> [Value] {
            let parts = demand.tree.parts
            return try ParallelPieces.map(parts.count, size: 1, cancellation) { (range) throws(AnalysisError) in
                try body(parts.lowerBound + range.lowerBound)
            }
        }

        /// Calls a closure with the entries in each band around each offer, offer by offer.
        @inline(__always)
        private func visit(
            _ part: Int, _ cancellation: Cancellation, _ body: (Int, Range<Int>, Int) -> Void
        ) throws(AnalysisError) {
            for first in stride(from: 0, to: positions.count, by: Self.offersAtOnce) {
                try cancellation.check()
                demand.tree.withSearch { search in
                    for offer in first..<min(first + Self.offersAtOnce, positions.count) {
                        search.bands(around: points[offer].vector, below: part, limits) { entry in
                            let position = demand.positions[Int(search.number(entry))]
                            return bands.number(
                                of: Geodesic.grs80.distance(from: positions[offer], to: position).value)
                        } _: { range, band in
                            body(offer, range, band)
                        }
                    }
                }
            }
        }
    }
}
