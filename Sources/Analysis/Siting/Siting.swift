public import Geometry
internal import NetworkModel

/// Where further offers would help most, with the existing ones as they are (DOMAIN 6.8).
///
/// A greedy start, then exchanges until none helps, then the proof: bounds by Lagrangian relaxation and, where they leave
/// something open, branch and bound (`SavingsProof`). Distances are geodesics as everywhere; for the p-median they count
/// in whole millimetres, so that sums do not depend on their order. The same question has the same answer. Safe to share
/// between threads.
public struct Siting: Sendable {
    /// How people are served by some offers.
    public struct Service: Sendable, Hashable {
        /// The people with an offer within the radius.
        public let peopleWithin: Figure<Int64>
        /// Their share of all people, 0 to 1.
        public let share: Figure<Double>
        /// The sum over people of the distance to the nearest offer; missing where there is no offer.
        public let peopleMetres: Figure<Double>
        /// The mean over people of that distance.
        public let meanDistance: Figure<Metres>

        init(
            peopleWithin: Figure<Int64>, share: Figure<Double>, peopleMetres: Figure<Double>,
            meanDistance: Figure<Metres>
        ) {
            self.peopleWithin = peopleWithin
            self.share = share
            self.peopleMetres = peopleMetres
            self.meanDistance = meanDistance
        }

        /// Nothing is known, for one reason.
        init(missing reason: MissingReason) {
            self.init(
                peopleWithin: .missing(reason), share: .missing(reason), peopleMetres: .missing(reason),
                meanDistance: .missing(reason))
        }
    }

    /// One further stop.
    public struct Stop: Sendable, Hashable {
        /// Its number among the candidates.
        public let candidate: Int
        /// How many more people have an offer within the radius because of it, besides the stops before it.
        public let peopleGained: Int64
        /// The share of all people that those are.
        public let shareGained: Double
        /// By how much it shortens the sum of the ways of the people whose ways count; missing for the first stop where
        /// there was no offer before.
        public let peopleMetresGained: Figure<Double>
        /// How people are served with this stop and those before it.
        public let service: Service
    }

    /// What was asked.
    public let parameters: SitingParameters
    /// The places among which was chosen.
    public let candidates: [SitingCandidate]
    /// How people are served by the existing offers.
    public let before: Service
    /// The chosen stops: each is the one that adds most to those before it by the method's own measure, the first in the
    /// order of the candidates where several add the same. Empty where `missing` says why.
    public let stops: [Stop]
    /// Whether no other choice of as many stops achieves more: people exactly, people times metres within 10⁻⁹ of what
    /// the stops save.
    public let isProvenOptimal: Bool
    /// What the stops achieve: the people gained (`mclp`, the more the better), or the sum over the people whose ways
    /// count of the distance to the nearest offer, people times metres (`p-median`, the less the better).
    public let objective: Double
    /// No choice of as many stops achieves more (`mclp`) or less (`p-median`).
    public let objectiveBound: Double
    /// Why nothing can be chosen, or nil.
    public let missing: MissingReason?

    /// Chooses further stops for a demand.
    ///
    /// - Parameters:
    ///   - existing: the nearest existing offer of each demand point; nil where there is none.
    /// - Complexity: O(candidates · demand points) for the distances and O(pairs · (stops + exchanges)) for the choice,
    ///   then the effort for the proof. Blocks the calling thread.
    /// - Throws: `AnalysisError` for too few or too many candidates and those that are not on the globe;
    ///   `AnalysisError.cancelled`.
    public init(
        _ parameters: SitingParameters, candidates: [SitingCandidate], demand: Demand, existing: CellAccess?,
        cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        let table = SitingTable(
            positions: demand.positions, points: demand.points, people: demand.people,
            existing: existing?.distances, emptyReason: demand.base == .none ? .populationNotLoaded : .noPopulation)
        try self.init(parameters, candidates: candidates, table, cancellation)
    }

    /// Chooses further stops for people at positions in degrees.
    ///
    /// - Parameters:
    ///   - existing: the distance of each position to its nearest existing offer, metres; nil where there is none.
    ///   - emptyReason: what figures are missing for where there are no positions: `noPopulation` for an area without
    ///     people, `populationNotLoaded` where nobody is counted at all.
    /// - Throws: as for a demand; `AnalysisError.invalidPosition`, `AnalysisError.implausiblePopulation`.
    public init(
        _ parameters: SitingParameters, candidates: [SitingCandidate], positions: [Coordinate<Geographic>],
        people: [Int64], existing: [Double]?, emptyReason: MissingReason = .populationNotLoaded,
        cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        precondition(
            positions.count == people.count && existing.map { $0.count == people.count } != false,
            "each position needs its people and its distance")
        precondition(
            existing?.allSatisfy { $0 >= 0 && $0.isFinite } != false, "distances are finite and not negative")
        _ = try DemandIndex.total(positions, people)
        let table = SitingTable(
            positions: positions, points: SurfacePoint.points(positions), people: people, existing: existing,
            emptyReason: emptyReason)
        try self.init(parameters, candidates: candidates, table, cancellation)
    }

    private init(
        _ parameters: SitingParameters, candidates: [SitingCandidate], _ table: SitingTable,
        _ cancellation: Cancellation
    ) throws(AnalysisError) {
        for candidate in candidates where !candidate.position.isOnGlobe {
            throw .invalidCandidate(
                key: candidate.key, longitude: candidate.position.longitude, latitude: candidate.position.latitude)
        }
        guard candidates.count >= parameters.stops else {
            throw .tooFewCandidates(candidates.count, stops: parameters.stops)
        }
        guard candidates.count <= SitingParameters.allowedCandidates.upperBound else {
            throw .tooManyCandidates(candidates.count, allowed: SitingParameters.allowedCandidates)
        }
        self.parameters = parameters
        self.candidates = candidates
        var ledger = SitingLedger(table, radius: parameters.radius.value)
        before = ledger.service
        let total = ledger.totalPeople
        guard total > 0 else {
            missing = table.missingPeople
            stops = []
            isProvenOptimal = false
            (objective, objectiveBound) = (0, 0)
            return
        }
        missing = nil
        let places = candidates.map(\.position)
        let (question, proof) = try Self.solve(parameters, table, places, cancellation)
        isProvenOptimal = proof.isOptimal
        switch parameters.method {
        case .maximalCovering: (objective, objectiveBound) = (proof.best.value, proof.bound)
        case .pMedian:
            objective = (question.lengths - proof.best.value) / 1000
            objectiveBound = max(0, question.lengths - proof.bound) / 1000
        }
        var stops: [Stop] = []
        let order = question.problem.greedy(parameters.stops, among: proof.best.candidates.sorted())
        for candidate in order.candidates {
            stops.append(ledger.add(candidate, at: places[candidate], counting: parameters.weights))
        }
        self.stops = stops
    }

    private static func solve(
        _ parameters: SitingParameters, _ table: SitingTable, _ places: [Coordinate<Geographic>],
        _ cancellation: Cancellation
    ) throws(AnalysisError) -> (SitingTable.Question, SavingsProof) {
        // Where there is no existing offer, the p-median cuts ways off at a limit: far pairs need no distance. With ways
        // cut off no choice is longer than with whole ways, and the best one is as long if none of its own is cut off:
        // then it is the best with whole ways, too, and what holds for all choices holds for whole ways all the more.
        var limit = table.likelyLimit(parameters, places)
        while true {
            let question = try table.question(parameters, places, limit: limit, cancellation)
            let problem = question.problem
            let start = try problem.interchange(
                problem.greedy(parameters.stops, among: Array(places.indices)), cancellation)
            var proof = SavingsProof(problem, start: start, effort: parameters.effort, cancellation)
            try proof.run()
            if parameters.method == .maximalCovering || table.existing != nil
                || problem.isServed(by: proof.best.candidates)
            {
                return (question, proof)
            }
            limit *= 2
        }
    }
}
