public import Geometry
public import NetworkModel

/// How a selection of offers covers the people of each area of a level (DOMAIN 6.5).
public struct CoverageFigures: Sendable {
    /// Demand points that lie in no area of the level: *listed* cells.
    public struct Unassigned: Sendable, Hashable {
        /// How many points.
        public internal(set) var cells = 0
        /// How many people.
        public internal(set) var people: Int64 = 0
    }

    /// The radii that stand in every answer, metres; 8.25 km are 15 minutes at 33 km/h, the Thünen norm.
    public static let standardRadii = [5_000.0, 8_250, 10_000, 15_000, 20_000, 30_000]
    /// The radius where none is asked for.
    public static let defaultRadius = Metres(15_000)
    /// The radii that can be asked for: up to more than half of the way around the globe.
    public static let allowedRadii = 0.0...20_100_000.0

    /// The content that the figures are made from.
    public let dataVersion: DataVersion
    /// What selected the offers.
    public let filter: OfferFilter
    /// What was asked for beside.
    public let options: CoverageAnalysis.Options
    /// How the areas were chosen.
    public let level: AreaLevel
    /// The radius of `gap_people`.
    public let radius: Metres
    /// What people are counted by.
    public let base: Demand.Base
    /// The areas of the level in the byte order of their keys, also those without people and offers.
    public let areas: [AreaCoverage]
    /// The people of all areas and the unassigned ones: exactly.
    public let totalPeople: Int64
    /// What lies in no area.
    public let unassigned: Unassigned
    /// How many selected offers are located in no area of the level (elsewhere, or not at all).
    public let offersLocatedInNoArea: Int
    /// How much of what was asked for the data can answer.
    public let completeness: Completeness
    /// Whether the second set of figures, with outreach, was asked for, and what it counts; nil where not.
    public let outreach: OutreachOffers?

    /// A radius that can be used.
    ///
    /// - Throws: `AnalysisError.invalidRadius`.
    static func checked(_ radius: Metres) throws(AnalysisError) -> Metres {
        guard allowedRadii.contains(radius.value) else {
            throw .invalidRadius(radius.value, allowed: allowedRadii)
        }
        // A radius of -0.0 is 0.
        return Metres(radius.value + 0)
    }
}
