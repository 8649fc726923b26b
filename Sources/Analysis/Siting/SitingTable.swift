internal import Geometry
internal import Synchronization

/// The demand points of a siting and what candidates are worth to them.
struct SitingTable: Sendable {
    let positions: [Coordinate<Geographic>]
    let points: [SurfacePoint]
    let people: [Int64]
    /// The distance of each point to the nearest existing offer, metres; nil where there is none.
    let existing: [Double]?

    /// The values that the candidates have for the points.
    ///
    /// - Complexity: O(candidates · points), on all cores.
    /// - Throws: `AnalysisError.tooManyCandidates` where there are too many pairs, `AnalysisError.cancelled`.
    func problem(
        _ parameters: SitingParameters, _ candidates: [Coordinate<Geographic>], _ cancellation: Cancellation
    ) throws(AnalysisError) -> SavingsProblem {
        let relevant = relevantPoints(parameters)
        let limits = ChordLimits([parameters.radius.value])
        let pairs = Mutex(0)
        var rows = try ParallelPieces.map(candidates.count, size: 4, cancellation) { (range) throws(AnalysisError) in
            var rows: [SavingsProblem.Row] = []
            for candidate in range {
                try cancellation.check()
                let row =
                    parameters.method == .maximalCovering
                    ? covering(candidates[candidate], relevant, parameters.radius.value, limits)
                    : distances(candidates[candidate], relevant)
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
        }.flatMap { $0 }
        if parameters.method == .pMedian { turnIntoSavings(&rows, relevant) }
        return SavingsProblem(rows: rows, pointCount: relevant.count, wanted: parameters.stops)
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

    /// The distances of the points that a candidate is nearer to than any existing offer, in whole millimetres.
    private func distances(_ candidate: Coordinate<Geographic>, _ relevant: [Int]) -> SavingsProblem.Row {
        let place = SurfacePoint(candidate)
        var row = SavingsProblem.Row()
        for (number, point) in relevant.enumerated() {
            let squaredChord = place.squaredChord(to: points[point])
            // A geodesic is never shorter than its chord.
            if let existing, squaredChord >= existing[point] * existing[point] { continue }
            row.points.append(Int32(number))
            row.values.append(
                Self.millimetres(distance(from: point, to: candidate, squaredChord: squaredChord)))
        }
        return row
    }

    /// Makes people times saved millimetres of distances. Where there is no existing offer, ways are as long as to the
    /// farthest candidate: which length that is makes no difference to what is best.
    private func turnIntoSavings(_ rows: inout [SavingsProblem.Row], _ relevant: [Int]) {
        var lengths = [Double](repeating: 0, count: relevant.count)
        if let existing {
            for (number, point) in relevant.enumerated() { lengths[number] = Self.millimetres(existing[point]) }
        } else {
            for row in rows {
                for (number, length) in zip(row.points, row.values) {
                    lengths[Int(number)] = max(lengths[Int(number)], length)
                }
            }
        }
        for index in rows.indices {
            var row = SavingsProblem.Row()
            row.points.reserveCapacity(rows[index].points.count)
            row.values.reserveCapacity(rows[index].points.count)
            for (number, length) in zip(rows[index].points, rows[index].values) where length < lengths[Int(number)] {
                row.points.append(number)
                row.values.append(Double(people[relevant[Int(number)]]) * (lengths[Int(number)] - length))
            }
            rows[index] = row
        }
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
            return Siting.Service(missing: table.people.isEmpty ? .populationNotLoaded : .noPopulation)
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
