public import Geometry

/// What is asked of a siting; stands in every answer.
public struct SitingParameters: Sendable, Hashable {
    /// What the further stops are to achieve. The raw values stand in requests and answers.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// As many people as possible within the radius of an offer (MCLP; Church and ReVelle 1974, Papers of the
        /// Regional Science Association 32, 101-118).
        case maximalCovering = "mclp"
        /// As short a way to the nearest offer as possible on average over people (p-median; Hakimi 1964, Operations
        /// Research 12, 450-459).
        case pMedian = "p-median"

        /// The method of a request's parameter.
        ///
        /// - Throws: `AnalysisError.unknownMethod`.
        public init(parameter: String) throws(AnalysisError) {
            guard let method = Self(rawValue: parameter) else {
                throw .unknownMethod(parameter, known: Self.allCases.map(\.rawValue))
            }
            self = method
        }
    }

    /// Whose ways count for the p-median. The raw values stand in requests and answers.
    public enum Weights: String, Sendable, Hashable, CaseIterable {
        /// All people.
        case people
        /// Only people without an offer within the radius.
        case uncovered
    }

    /// How many further stops can be asked for.
    public static let allowedStops = 1...50
    /// How many candidates there may be.
    public static let allowedCandidates = 1...20_000
    /// How many pairs of a candidate and a demand point that it would serve better are weighed up at most; they take 12
    /// bytes each.
    public static let mostPairs = 50_000_000
    /// How much is done to prove the optimum where nothing else is said: about half a second on one core.
    public static let defaultEffort = 200_000_000

    /// What the stops are to achieve.
    public let method: Method
    /// How many further stops.
    public let stops: Int
    /// The distance within which an offer covers people.
    public let radius: Metres
    /// Whose ways count for the p-median; maximal covering has nothing to do for people who are covered.
    public let weights: Weights
    /// How many pairs of a candidate and a demand point are looked at on the way to a proof before it is given up.
    public let effort: Int

    /// Checks the parameters.
    ///
    /// - Throws: `AnalysisError.invalidStops`, `AnalysisError.invalidRadius`.
    public init(
        _ method: Method, stops: Int, radius: Metres = CoverageFigures.defaultRadius, weights: Weights = .people,
        effort: Int = SitingParameters.defaultEffort
    ) throws(AnalysisError) {
        guard Self.allowedStops.contains(stops) else { throw .invalidStops(stops, allowed: Self.allowedStops) }
        guard CoverageFigures.allowedRadii.contains(radius.value) else {
            throw .invalidRadius(radius.value, allowed: CoverageFigures.allowedRadii)
        }
        self.method = method
        self.stops = stops
        // A radius of -0.0 is 0.
        self.radius = Metres(radius.value + 0)
        self.weights = weights
        self.effort = max(0, effort)
    }
}
