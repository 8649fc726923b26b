/// A unit in which a file may state lengths and areas.
public enum MeasureUnit: String, Sendable, Hashable, CaseIterable {
    /// Square kilometres.
    case squareKilometre = "km2"
    /// Hectares.
    case hectare = "ha"
    /// Square metres.
    case squareMetre = "m2"
    /// Kilometres.
    case kilometre = "km"
    /// Metres.
    case metre = "m"

    /// Reads a unit as people write it (`km²`, `qkm`, `km2`); nil where it is none of these.
    public init?(_ text: String) {
        switch text.lowercased() {
        case "km2", "km²", "qkm", "sqkm": self = .squareKilometre
        case "ha": self = .hectare
        case "m2", "m²", "qm": self = .squareMetre
        case "km": self = .kilometre
        case "m": self = .metre
        default: return nil
        }
    }

    /// The number that one of this unit is in a field's unit (UCUM spelling), or nil where they measure different
    /// things. All factors are exact by the definition of the units.
    func factor(to unit: String?) -> Double? {
        switch (self, unit) {
        case (.squareKilometre, "m2"): 1_000_000
        case (.hectare, "m2"): 10_000
        case (.squareMetre, "m2"), (.metre, "m"): 1
        case (.kilometre, "m"): 1_000
        default: nil
        }
    }
}
