/// The areas by which figures are grouped. The raw values stand in requests and answers.
public enum AreaLevel: String, Sendable, Hashable, CaseIterable {
    /// Counties and county-level cities, 5 digits of the official key.
    case district
    /// Municipalities, 8 digits.
    case municipality
    /// Kreisregionen: districts, with the small county-level cities merged into the county around them; 5 digits, those
    /// of the county.
    case region
    /// States, 2 digits.
    case state

    /// How many digits of the official key name an area of this level: keys are hierarchical.
    var keyLength: Int {
        switch self {
        case .state: 2
        case .district, .region: 5
        case .municipality: 8
        }
    }

    /// Whether an area of this level is made of districts.
    var isMadeOfDistricts: Bool { self == .region || self == .state }
}
