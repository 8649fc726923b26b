public import NetworkModel

/// What the rural index is scored with: means, deviations and weights of the five indicators over a set of areas.
///
/// Shipped with the packs, made over all German regions, so that a state can be scored without the rest of the country.
public struct RuralCalibration: Sendable, Hashable {
    /// The index from which on an area is very rural.
    public static let veryRuralFrom = 0.5
    /// The index from which on an area is rather rural; below it is not rural.
    public static let rural = -0.2

    /// The name of a calibration that ships; nil for one made from the areas that are loaded.
    public let name: String?
    /// The means of the indicators.
    public let means: RuralValues
    /// Their standard deviations over the whole set of areas.
    public let deviations: RuralValues
    /// What one standard deviation of each indicator adds to the index: the component of unit variance.
    public let weights: RuralValues
    /// The correlation of each indicator with the index.
    public let loadings: RuralValues
    /// How many areas the calibration is made from.
    public let regions: Int
    /// The share of the indicators' variance that the index explains.
    public let explainedVariance: Double
    /// The dates of the data, as stated.
    public let dataDate: String?

    /// Makes a calibration from areas: the first principal component of the correlation matrix, its sign such that
    /// the share of farm- and woodland loads positive, scaled to unit variance.
    ///
    /// - Returns: nil where there are too few areas or an indicator does not vary.
    public init?(_ areas: [RuralValues], dataDate: String? = nil) {
        guard let components = PrincipalComponents(areas.map(\.values)), let eigenvalue = components.eigenvalues.first,
            let vector = components.eigenvectors.first, let means = RuralValues(components.means),
            let deviations = RuralValues(components.deviations), eigenvalue > 0
        else { return nil }
        let sign = vector[RuralIndicator.positive.position] < 0 ? -1.0 : 1.0
        let root = eigenvalue.squareRoot()
        name = nil
        self.means = means
        self.deviations = deviations
        weights = RuralValues { sign * vector[$0.position] / root }
        loadings = RuralValues { sign * vector[$0.position] * root }
        regions = areas.count
        explainedVariance = eigenvalue / Double(vector.count)
        self.dataDate = dataDate
    }

    /// The calibrations of a snapshot that are whole, in the byte order of their names.
    public static func all(in snapshot: Snapshot) -> [RuralCalibration] {
        let table = snapshot.ruralCalibrations
        let names = table.code("calibration")
        let rows = Dictionary(grouping: 0..<table.count) { names[$0] ?? "" }
        return rows.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .compactMap { RuralCalibration($0, rows[$0] ?? [], of: table) }
    }

    private init?(_ name: String, _ rows: [Int], of table: Table) {
        let indicators = table.code("indicator")
        var rowOfIndicator: [String: Int] = [:]
        for row in rows { rowOfIndicator[indicators[row] ?? ""] = row }
        let ordered = RuralIndicator.allCases.compactMap { rowOfIndicator[$0.rawValue] }
        func values(_ field: String) -> RuralValues? {
            let column = table.real(field)
            let values = ordered.map { column[$0] }
            return values.allSatisfy(\.isFinite) ? RuralValues(values) : nil
        }
        let counts = table.integer("regions")
        guard let first = ordered.first, let means = values("mean"), let deviations = values("deviation"),
            let weights = values("weight"), let loadings = values("loading"),
            deviations.values.allSatisfy({ $0 > 0 }), counts[first] > 0
        else { return nil }
        let explained = table.real("explained_variance")[first]
        guard explained.isFinite else { return nil }
        self.name = name
        self.means = means
        self.deviations = deviations
        self.weights = weights
        self.loadings = loadings
        regions = Int(clamping: counts[first])
        explainedVariance = explained
        dataDate = table.text("data_date")[first]
    }

    /// What each indicator adds to the index of an area; the index is their sum.
    public func contributions(_ values: RuralValues) -> RuralValues {
        RuralValues { weights[$0] * (values[$0] - means[$0]) / deviations[$0] }
    }

    /// The index of an area: 0 is the average of the calibration's areas, 1 one standard deviation more rural.
    public func index(_ values: RuralValues) -> Double { contributions(values).values.reduce(0, +) }
}

/// The three classes of the index (DOMAIN 6.6). The raw values stand in answers.
public enum RuralClass: String, Sendable, Hashable, CaseIterable {
    /// An index of 0.5 or more.
    case veryRural = "very_rural"
    /// An index from -0.2 up to 0.5.
    case ratherRural = "rather_rural"
    /// An index below -0.2.
    case notRural = "not_rural"

    /// The class of an index.
    public init(index: Double) {
        self =
            index >= RuralCalibration.veryRuralFrom
            ? .veryRural : index >= RuralCalibration.rural ? .ratherRural : .notRural
    }

    /// The class of a published type of rural areas (1 and 2 very rural, 3 and 4 rather rural, 5 not rural); nil for
    /// any other number.
    public init?(publishedType: Int) {
        switch publishedType {
        case 1, 2: self = .veryRural
        case 3, 4: self = .ratherRural
        case 5: self = .notRural
        default: return nil
        }
    }
}
