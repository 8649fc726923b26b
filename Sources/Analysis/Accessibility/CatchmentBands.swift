public import Geometry

/// The bands of distance of a floating catchment and what a pair in each of them weighs: the parameters of the method,
/// which stand in every answer.
///
/// One band of weight 1 is the two-step method (2SFCA; Luo and Wang 2003, Environment and Planning B 30, 865-884),
/// several are the enhanced one (E2SFCA; Luo and Qi 2009, Health & Place 15, 1100-1107).
public struct CatchmentBands: Sendable, Hashable {
    /// One band: from the band before, or from 0, to a radius that belongs to it.
    public struct Band: Sendable, Hashable {
        /// The greatest distance in the band.
        public let radius: Metres
        /// What a pair at such a distance weighs: one of `CatchmentBands.allowedWeights`.
        public let weight: Double

        /// Makes a band; `CatchmentBands` checks it.
        public init(radius: Metres, weight: Double) {
            self.radius = radius
            self.weight = weight
        }
    }

    /// The two variants of the method. The raw values stand in answers.
    public enum Method: String, Sendable, Hashable {
        /// Everybody within the catchment counts alike.
        case twoStep = "2sfca"
        /// Bands have weights.
        case enhanced = "e2sfca"
    }

    /// The catchments that can be asked for. Farther away nothing is "accessible" in the sense of the method.
    public static let allowedCatchments = 0.0...1_000_000.0
    /// The weights that a band can have. A smaller one says "not accessible", which leaving the band out says better.
    public static let allowedWeights = 1e-6...1.0
    /// How many bands there may be.
    public static let allowedCounts = 1...20
    /// The catchment where none is asked for (DOMAIN 6.5), metres.
    public static let defaultCatchment = Metres(15_000)

    /// The two-step method with the catchment of DOMAIN 6.5, 15 km.
    public static let twoStep = CatchmentBands(
        checked: [Band(radius: defaultCatchment, weight: 1)])
    /// The enhanced method: three bands of the same width up to 15 km with the weights 1, 0.68 and 0.22 that Luo and Qi
    /// (2009) give three bands of ten minutes each.
    public static let enhanced = CatchmentBands(
        checked: [
            Band(radius: Metres(5000), weight: 1), Band(radius: Metres(10_000), weight: 0.68),
            Band(radius: Metres(15_000), weight: 0.22),
        ])

    /// The bands, ascending by radius.
    public let bands: [Band]

    /// The greatest distance that counts.
    public var catchment: Metres { bands[bands.count - 1].radius }
    /// Which variant of the method this is.
    public var method: Method { bands.count == 1 && bands[0].weight == 1 ? .twoStep : .enhanced }

    /// The two-step method with another catchment.
    ///
    /// - Throws: `AnalysisError.invalidCatchment`.
    public init(catchment: Metres) throws(AnalysisError) {
        try self.init([Band(radius: catchment, weight: 1)])
    }

    /// The enhanced method with other bands, ascending by radius.
    ///
    /// - Throws: `AnalysisError.invalidCatchment` for a radius, `AnalysisError.invalidBands` for their number, order or
    ///   weights.
    public init(_ bands: [Band]) throws(AnalysisError) {
        for band in bands {
            guard Self.allowedCatchments.contains(band.radius.value) else {
                throw .invalidCatchment(band.radius.value, allowed: Self.allowedCatchments)
            }
            guard Self.allowedWeights.contains(band.weight) else { throw .invalidBands(.weight(band.weight)) }
        }
        guard Self.allowedCounts.contains(bands.count) else {
            throw .invalidBands(.count(bands.count, allowed: Self.allowedCounts))
        }
        guard zip(bands, bands.dropFirst()).allSatisfy({ $0.radius < $1.radius }) else { throw .invalidBands(.order) }
        // A radius of -0.0 is 0.
        self.bands = bands.map { Band(radius: Metres($0.radius.value + 0), weight: $0.weight) }
    }

    private init(checked: [Band]) { bands = checked }

    /// The number of the band of a distance, or the number of bands for a distance beyond them all.
    func number(of distance: Double) -> Int { bands.firstIndex { distance <= $0.radius.value } ?? bands.count }
}
