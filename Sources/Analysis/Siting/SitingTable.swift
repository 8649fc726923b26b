internal import Geometry
internal import Synchronization

/// The demand points of a siting and what candidates are worth to them.
struct SitingTable: Sendable {
    let positions: [Coordinate<Geographic>]
    let points: [SurfacePoint]
    let people: [Int64]
    /// The distance of each point to the nearest existing offer, metres; nil where there is none.
    let existing: [Double]?
    /// Why there are no points, where there are none.
    var emptyReason: MissingReason = .populationNotLoaded

    /// Why figures are missing where the points have no people.
    var missingPeople: MissingReason { people.isEmpty ? emptyReason : .noPopulation }

    /// A problem and what its values are measured from.
    struct Question: Sendable {
        let problem: SavingsProblem
        /// For the p-median the people times millimetres of all whose ways count, as they are without any stop.
        let lengths: Double
    }

    /// The values that the candidates have for the points.
    ///
    /// - Parameter limit: how long a way is for people without any existing offer, metres.
    /// - Complexity: O(candidates · points), on all cores.
    /// - Throws: `AnalysisError.tooManyCandidates` where there are too many pairs, `AnalysisError.cancelled`.
    func question(
        _ parameters: SitingParameters, _ candidates: [Coordinate<Geographic>], limit: Double,
        _ cancellation: Cancellation
    ) throws(AnalysisError) -> Question {
        let relevant = relevantPoints(parameters)
        let lengths = relevant.map { existing?[$0] ?? limit }
        let limits = ChordLimits([parameters.radius.value])
        let pairs = Mutex(0)
        let rows = try ParallelPieces.map(candidates.count, size: 4, cancellation) { (range) throws(AnalysisError) in
            var rows: [SavingsProblem.Row] = []
            for candidate in range {
                try cancellation.check()
                let row =
                    parameters.method == .maximalCovering
                    ? covering(candidates[candidate], relevant, parameters.radius.value, limits)
                    : shortening(candidates[candidate], relevant, lengths)
                rows.append(row)
                let sum = pairs.withLock { pairs in
                    pairs += row.points.count
                    return pairs
                }
                guard sum <= SitingParameters.mostPairs else {
                    throw .tooManyCandidates(
                        candidates.count, allowed: 1...max(1, SitingParameters.mostPairs / relevant.count))
                }
            }
            return rows
        }
        return Question(
            problem: SavingsProblem(
                rows: rows.flatMap { $0 }, pointCount: relevant.count, wanted: parameters.stops),
            lengths: zip(relevant, lengths).reduce(0) { $0 + Double(people[$1.0]) * Self.millimetres($1.1) })
    }

    /// A length that the way of nobody exceeds in some choice of as many stops, and most likely in the best one: twice
    /// what remains if each stop is the candidate that is nearest to the people who are worst off without it.
    ///
    /// - Complexity: O(stops · (points + candidates))
    func likelyLimit(_ parameters: SitingParameters, _ candidates: [Coordinate<Geographic>]) -> Double {
        let places = candidates.map { SurfacePoint($0) }
        let relevant = relevantPoints(parameters)
        var squares = [Double](repeating: .infinity, count: relevant.count)
        var worst = 0
        for _ in 0..<parameters.stops where !relevant.isEmpty {
            let point = points[relevant[worst]]
            guard let place = places.min(by: { $0.squaredChord(to: point) < $1.squaredChord(to: point) }) else { break }
            for (number, point) in relevant.enumerated() {
                squares[number] = min(squares[number], place.squaredChord(to: points[point]))
            }
            worst = squares.indices.max { squares[$0] < squares[$1] } ?? 0
        }
        return 2 * (squares.max() ?? 0).squareRoot() + 1
    }

    /// The points for which something can become better.
    private func relevantPoints(_ parameters: SitingParameters) -> [Int] {
        let least =
            parameters.method == .maximalCovering || parameters.weights == .uncovered ? parameters.radius.value : 0
        return people.indices.filter { point in
            guard people[point] > 0 else { return false }
            return existing.map { $0[point] > least } ?? true
        }
    }

    /// The people of each point within a radius of a candidate.
    private func covering(
        _ candidate: Coordinate<Geographic>, _ relevant: [Int], _ radius: Double, _ limits: ChordLimits
    ) -> SavingsProblem.Row {
        let place = SurfacePoint(candidate)
        let (inner, outer) = (limits.inner[0], limits.outer[0])
        var row = SavingsProblem.Row()
        for (number, point) in relevant.enumerated() {
            let squaredChord = place.squaredChord(to: points[point])
            guard squaredChord <= outer else { continue }
            if squaredChord > inner {
                guard Geodesic.grs80.distance(from: positions[point], to: candidate).value <= radius else { continue }
            }
            row.points.append(Int32(number))
            row.values.append(Double(people[point]))
        }
        return row
    }

    /// For each point to which a candidate is nearer than its way is long the people times the millimetres saved.
    private func shortening(
        _ candidate: Coordinate<Geographic>, _ relevant: [Int], _ lengths: [Double]
    ) -> SavingsProblem.Row {
        let place = SurfacePoint(candidate)
        var row = SavingsProblem.Row()
        for (number, point) in relevant.enumerated() {
            let squaredChord = place.squaredChord(to: points[point])
            // A geodesic is never shorter than its chord.
            guard squaredChord < lengths[number] * lengths[number] else { continue }
            let length = distance(from: point, to: candidate, squaredChord: squaredChord)
            let saved = Self.millimetres(lengths[number]) - Self.millimetres(length)
            guard saved > 0 else { continue }
            row.points.append(Int32(number))
            row.values.append(Double(people[point]) * saved)
        }
        return row
    }

    /// The distance of a point, good to 0.17 mm (`ShortLine`).
    func distance(from point: Int, to candidate: Coordinate<Geographic>, squaredChord: Double) -> Double {
        ShortLine.length(squaredChord: squaredChord)
            ?? Geodesic.grs80.distance(from: positions[point], to: candidate).value
    }

    static func millimetres(_ distance: Double) -> Double { (distance * 1000).rounded() }
}

/// How people are served while one stop after the other is added.
struct SitingLedger {
    private let table: SitingTable
    private let radius: Double
    private let limits: ChordLimits
    /// Infinite where there is no offer.
    private var distances: [Double]
    private var isWithin: [Bool]
    /// Whether there is any offer.
    private var isServed: Bool
    let totalPeople: Int64

    init(_ table: SitingTable, radius: Double) {
        self.table = table
        self.radius = radius
        limits = ChordLimits([radius])
        distances = table.existing ?? Array(repeating: .infinity, count: table.people.count)
        isWithin = distances.map { $0 <= radius }
        isServed = table.existing != nil
        totalPeople = table.people.reduce(0, +)
    }

    private var peopleWithin: Int64 { zip(table.people, isWithin).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } }

    /// The sum of the ways of all people, or of those whom no existing offer covers, in millimetres.
    private func peopleMillimetres(_ weights: SitingParameters.Weights) -> Double {
        distances.indices.reduce(0) { sum, point in
            if weights == .uncovered, let existing = table.existing, existing[point] <= radius { return sum }
            return sum + Double(table.people[point]) * SitingTable.millimetres(distances[point])
        }
    }

    var service: Siting.Service {
        guard totalPeople > 0 else {
            return Siting.Service(missing: table.missingPeople)
        }
        guard isServed else { return Siting.Service(missing: .noUsableOffer) }
        let within = peopleWithin
        let peopleMetres = peopleMillimetres(.people) / 1000
        return Siting.Service(
            peopleWithin: .value(within), share: .value(Double(within) / Double(totalPeople)),
            peopleMetres: .value(peopleMetres), meanDistance: .value(Metres(peopleMetres / Double(totalPeople))))
    }

    /// Adds a stop.
    ///
    /// - Parameter weights: whose ways count for what it gains.
    mutating func add(
        _ candidate: Int, at position: Coordinate<Geographic>, counting weights: SitingParameters.Weights
    ) -> Siting.Stop {
        let within = peopleWithin
        let length = peopleMillimetres(weights)
        let place = SurfacePoint(position)
        for point in distances.indices {
            let squaredChord = place.squaredChord(to: table.points[point])
            // A geodesic is never shorter than its chord.
            guard squaredChord < distances[point] * distances[point] else { continue }
            let distance = table.distance(from: point, to: position, squaredChord: squaredChord)
            distances[point] = min(distances[point], distance)
            guard !isWithin[point], squaredChord <= limits.outer[0] else { continue }
            isWithin[point] =
                squaredChord <= limits.inner[0]
                || Geodesic.grs80.distance(from: table.positions[point], to: position).value <= radius
        }
        let gained = peopleWithin - within
        let wasServed = isServed
        isServed = true
        return Siting.Stop(
            candidate: candidate, peopleGained: gained, shareGained: Double(gained) / Double(totalPeople),
            peopleMetresGained: wasServed
                ? .value((length - peopleMillimetres(weights)) / 1000) : .missing(.noUsableOffer),
            service: service)
    }
}
