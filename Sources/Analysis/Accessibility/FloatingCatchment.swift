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
            pairs: CatchmentPairs(
                offers: ChordTree(SurfacePoint.points(positions)), offerPositions: positions, demand: demand,
                bands: bands, limits: ChordLimits(bands.bands.map(\.radius.value))))
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
    /// The two steps over the parts of the demand.
    private struct Work: Sendable {
        let pairs: CatchmentPairs

        private var demand: DemandIndex { pairs.demand }
        private var bandCount: Int { pairs.bands.bands.count }

        /// For each offer and each band the people there, and how many pairs there are.
        func peopleInBands(_ cancellation: Cancellation) throws(AnalysisError) -> (people: [Int64], pairs: Int) {
            let parts = try eachPart(cancellation) { (part) throws(AnalysisError) in
                var changes = [Int64](repeating: 0, count: bandCount * (pairs.offers.count + 1))
                let found = try changes.withUnsafeMutableBufferPointer { (changes) throws(AnalysisError) in
                    try demand.cumulated.withUnsafeBufferPointer { (cumulated) throws(AnalysisError) in
                        var sink = PeopleSink(
                            changes: changes, cumulated: cumulated, stride: pairs.offers.count + 1)
                        try pairs.visit(below: part, &sink, cancellation)
                        return sink.pairs
                    }
                }
                return (changes: changes, pairs: found)
            }
            var people = [Int64](repeating: 0, count: pairs.offers.count * bandCount)
            var count = 0
            for band in 0..<bandCount {
                var sum: Int64 = 0
                for entry in 0..<pairs.offers.count {
                    for part in parts { sum += part.changes[band * (pairs.offers.count + 1) + entry] }
                    people[Int(pairs.offers.entries[entry].w) * bandCount + band] = sum
                }
            }
            for part in parts { count += part.pairs }
            return (people, count)
        }

        /// For each demand point the weighted sum of the ratios of the offers in reach.
        func scores(_ ratios: [Double], _ cancellation: Cancellation) throws(AnalysisError) -> [Double] {
            // Band by band, in the order of the entries.
            let shares = pairs.bands.bands.flatMap { band in
                pairs.offers.entries.map { ratios[Int($0.w)] * band.weight }
            }
            // The sum of all shares stays below 2^120 units.
            let unit = scalbn(1.0, Int(shares.reduce(1, +).exponent) - 119)
            let smallest = shares.filter { $0 > 0 }.min() ?? 1
            // A unit 2^52 times as small as every share keeps all its digits.
            let parts =
                smallest >= unit * 0x1p52
                ? try wholeScores(shares, unit, cancellation) : try realScores(shares, cancellation)
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

        /// The scores of each part in whole numbers of a unit: nothing is lost where offers come and go, and no order
        /// matters.
        private func wholeScores(
            _ shares: [Double], _ unit: Double, _ cancellation: Cancellation
        ) throws(AnalysisError) -> [[Double]] {
            // For each band the sums of the shares of all offers before an entry.
            var sums: [Int128] = []
            sums.reserveCapacity(shares.count + bandCount)
            for band in 0..<bandCount {
                var sum: Int128 = 0
                sums.append(sum)
                for share in shares[band * pairs.offers.count..<(band + 1) * pairs.offers.count] {
                    sum += Int128(wholeNumber: (share / unit).rounded())
                    sums.append(sum)
                }
            }
            let cumulated = sums
            return try eachPart(cancellation) { (part) throws(AnalysisError) in
                let range = demand.tree.range(of: part)
                var changes = [Int128](repeating: 0, count: range.count + 1)
                try changes.withUnsafeMutableBufferPointer { (changes) throws(AnalysisError) in
                    try cumulated.withUnsafeBufferPointer { (cumulated) throws(AnalysisError) in
                        var sink = ScoreSink(
                            changes: changes, cumulated: cumulated, stride: pairs.offers.count + 1,
                            start: range.lowerBound)
                        try pairs.visit(below: part, &sink, cancellation)
                    }
                }
                var sum: Int128 = 0
                return changes.dropLast().map { change in
                    sum += change
                    return sum.real * unit
                }
            }
        }

        /// The scores of each part in real numbers, pair by pair: for supplies so different that whole numbers cannot hold
        /// the greatest and the digits of the smallest.
        private func realScores(
            _ shares: [Double], _ cancellation: Cancellation
        ) throws(AnalysisError) -> [[Double]] {
            try eachPart(cancellation) { (part) throws(AnalysisError) in
                let range = demand.tree.range(of: part)
                var sink = RealSink(
                    scores: [Double](repeating: 0, count: range.count), shares: shares, stride: pairs.offers.count,
                    start: range.lowerBound)
                try pairs.visit(below: part, &sink, cancellation)
                return sink.scores
            }
        }

        private func eachPart<Value: Sendable>(
            _ cancellation: Cancellation, _ body: @Sendable (Int) throws(AnalysisError) -> Value
        ) throws(AnalysisError) -> [Value] {
            let parts = demand.tree.parts
            return try ParallelPieces.map(parts.count, size: 1, cancellation) { (range) throws(AnalysisError) in
                try body(parts.lowerBound + range.lowerBound)
            }
        }
    }

    /// The first step: people by offer and band, noted where ranges of offers begin and end.
    private struct PeopleSink: CatchmentSink {
        /// For each band one more than there are offers.
        let changes: UnsafeMutableBufferPointer<Int64>
        let cumulated: UnsafeBufferPointer<Int64>
        let stride: Int
        var pairs = 0

        @inline(__always)
        mutating func add(offers: Range<Int>, points: Range<Int>, band: Int) {
            let people = cumulated[points.upperBound] - cumulated[points.lowerBound]
            changes[band * stride + offers.lowerBound] += people
            changes[band * stride + offers.upperBound] -= people
            pairs += offers.count * points.count
        }
    }

    /// The second step: shares by demand point, noted where ranges of demand points begin and end.
    private struct ScoreSink: CatchmentSink {
        /// One more than there are demand points in the part.
        let changes: UnsafeMutableBufferPointer<Int128>
        /// For each band one more than there are offers.
        let cumulated: UnsafeBufferPointer<Int128>
        let stride: Int
        let start: Int

        @inline(__always)
        mutating func add(offers: Range<Int>, points: Range<Int>, band: Int) {
            let share = cumulated[band * stride + offers.upperBound] - cumulated[band * stride + offers.lowerBound]
            changes[points.lowerBound - start] += share
            changes[points.upperBound - start] -= share
        }
    }
}

extension FloatingCatchment {
    /// The second step in real numbers.
    private struct RealSink: CatchmentSink {
        var scores: [Double]
        /// For each band as many as there are offers.
        let shares: [Double]
        let stride: Int
        let start: Int

        mutating func add(offers: Range<Int>, points: Range<Int>, band: Int) {
            let share = shares[band * stride + offers.lowerBound..<band * stride + offers.upperBound].reduce(0, +)
            for point in points { scores[point - start] += share }
        }
    }
}

/// Conversions by halves; the standard library's, for any whole number, take many times as long.
extension Int128 {
    /// Takes a whole number from 0 to below 2^127.
    fileprivate init(wholeNumber: Double) {
        let high = (wholeNumber * 0x1p-64).rounded(.down)
        self = Int128(Int64(high)) << 64 + Int128(UInt64(wholeNumber - high * 0x1p64))
    }

    /// The nearest real number or the next one to it.
    fileprivate var real: Double {
        Double(Int64(truncatingIfNeeded: self >> 64)) * 0x1p64 + Double(UInt64(truncatingIfNeeded: self))
    }
}
