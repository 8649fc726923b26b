/// The five indicators of the rural index (DOMAIN 6.6). The raw values stand in answers and calibrations.
public enum RuralIndicator: String, Sendable, Hashable, CaseIterable {
    /// The natural logarithm of register inhabitants per km² of settlement and traffic area.
    case settlementDensity = "ln_settlement_density"
    /// The share of agricultural and forest area in the whole area, 0 to 1; copses are not counted.
    case openLand = "farm_and_woodland_share"
    /// The share of buildings with one or two dwellings in the residential buildings without dormitories, 0 to 1.
    case smallHouses = "one_and_two_family_house_share"
    /// Inhabitants within 50 km, each divided by the distance (at least 1 km): inhabitants per kilometre.
    case potential = "population_potential_50_km"
    /// Inhabitants of the five nearest large cities, each divided by the distance (at least 5 km): inhabitants per
    /// kilometre.
    case access = "access_to_five_cities"

    /// The indicator that loads positive on the component, which fixes its sign.
    static let positive = RuralIndicator.openLand
}

/// A value per indicator, in the order of `RuralIndicator.allCases`.
public struct RuralValues: Sendable, Hashable {
    /// The values in the order of the indicators.
    public let values: [Double]

    /// Takes one value per indicator; nil for another number of them.
    public init?(_ values: [Double]) {
        guard values.count == RuralIndicator.allCases.count else { return nil }
        self.values = values
    }

    init(_ value: (RuralIndicator) -> Double) { values = RuralIndicator.allCases.map(value) }

    /// The value of an indicator.
    public subscript(indicator: RuralIndicator) -> Double { values[indicator.position] }
}

extension RuralIndicator {
    /// Where the indicator stands among all.
    var position: Int {
        switch self {
        case .settlementDensity: 0
        case .openLand: 1
        case .smallHouses: 2
        case .potential: 3
        case .access: 4
        }
    }
}
