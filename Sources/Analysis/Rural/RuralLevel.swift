/// The areas for which the rural index is computed. The raw values stand in requests and answers.
public enum RuralLevel: String, Sendable, Hashable, CaseIterable {
    /// Regions (Kreisregionen): a city below 100,000 people that is a district of its own stands with the district
    /// around it. The published index has this level, and the calibration is made of it.
    case region
    /// Districts, scored by the calibration of the regions.
    case district
    /// Municipalities, standardised among those that are loaded: a regional index, comparable with nothing else.
    case municipality
}
