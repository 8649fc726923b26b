public import NetworkModel

/// The project's own rural index of every area of a level (DOMAIN 6.6), with the published values beside it where they
/// are loaded. Safe to share between threads.
public struct RuralIndex: Sendable {
    /// The key under which published values of the index stand among the indicators.
    public static let publishedIndexKey = "thuenen_laendlichkeit_2016"
    /// The key under which published types stand.
    public static let publishedTypeKey = "thuenen_typ_2016"

    /// What the areas are scored against. The raw values stand in answers.
    public enum Basis: String, Sendable, Hashable {
        /// A calibration that was loaded: made of all German regions.
        case calibration
        /// The areas that are loaded, among themselves.
        case loadedAreas = "loaded_areas"
    }

    /// A published value of an area, a cited fact that no computation touches.
    public struct Published: Sendable, Hashable {
        /// The published index.
        public let index: Double?
        /// The published type, 1 to 5.
        public let type: Int?
        /// The id of the source.
        public let source: String?
    }

    /// One area.
    public struct Area: Sendable, Hashable {
        /// Key, name, people and the five indicators.
        public let indicators: RuralIndicators.Area
        /// The index.
        public let index: Figure<Double>
        /// What each indicator adds to the index; nil where there is none.
        public let contributions: RuralValues?
        /// The published values for this very region; nil where none are loaded.
        public let published: Published?

        /// The class.
        public var ruralClass: RuralClass? { index.value.map { RuralClass(index: $0) } }
    }

    /// How the indicators were computed, and from what.
    public let indicators: RuralIndicators
    /// What the areas are scored against; nil where they cannot be scored.
    public let calibration: RuralCalibration?
    /// Where the calibration comes from.
    public let basis: Basis
    /// The areas in the byte order of their keys.
    public let areas: [Area]
    /// The own index against the published one; nil where too few regions have both.
    public let comparison: RuralComparison?

    /// Scores areas.
    ///
    /// Regions and districts are scored by the loaded calibration, the first by name; where none is loaded, or
    /// municipalities are asked for, the areas are standardised among themselves, and the index is a regional one.
    ///
    /// - Parameter basis: `.loadedAreas` makes a calibration of the loaded areas even where one is loaded.
    /// - Complexity: O(areas)
    public init(_ indicators: RuralIndicators, basis: Basis = .calibration, in snapshot: Snapshot) {
        let loaded = basis == .calibration && indicators.level != .municipality
        let found = loaded ? RuralCalibration.all(in: snapshot).first : nil
        let calibration =
            found ?? RuralCalibration(indicators.areas.compactMap(\.values), dataDate: indicators.dates.text)
        let published = Self.published(indicators.level, in: snapshot)
        self.indicators = indicators
        self.calibration = calibration
        self.basis = found == nil ? .loadedAreas : .calibration
        areas = indicators.areas.map { area in
            guard let calibration else {
                return Area(
                    indicators: area, index: .missing(area.reason ?? .noCalibration), contributions: nil,
                    published: published(area))
            }
            guard let values = area.values else {
                return Area(
                    indicators: area, index: .missing(area.reason ?? .noCalibration), contributions: nil,
                    published: published(area))
            }
            let contributions = calibration.contributions(values)
            return Area(
                indicators: area, index: .value(contributions.values.reduce(0, +)), contributions: contributions,
                published: published(area))
        }
        comparison = RuralComparison(areas)
    }

    /// The published values of areas. They stand for regions: a district has them where it is a region by itself.
    private static func published(
        _ level: RuralLevel, in snapshot: Snapshot
    ) -> (RuralIndicators.Area) -> Published? {
        guard level != .municipality else { return { _ in nil } }
        let table = snapshot.indicators
        let (keys, areas, sources) = (table.code("key"), table.code("area_key"), table.code("source_id"))
        let values = table.real("value")
        var indexes: [String: (value: Double, source: String?)] = [:]
        var types: [String: (value: Double, source: String?)] = [:]
        for row in 0..<table.count where values[row].isFinite {
            guard let area = areas[row] else { continue }
            if keys[row] == publishedIndexKey { indexes[area] = (values[row], sources[row]) }
            if keys[row] == publishedTypeKey { types[area] = (values[row], sources[row]) }
        }
        let merged = level == .district ? mergedDistricts(snapshot) : []
        return { area in
            guard !merged.contains(area.key) else { return nil }
            let (index, type) = (indexes[area.key], types[area.key])
            guard index != nil || type != nil else { return nil }
            return Published(
                index: index?.value, type: type.flatMap { Int(exactly: $0.value) },
                source: index?.source ?? type?.source)
        }
    }

    /// The districts that make a region only together with others.
    private static func mergedDistricts(_ snapshot: Snapshot) -> Set<String> {
        let regions = RuralAreas(.region, in: snapshot).areas
        return Set(regions.filter { $0.members.count > 1 }.flatMap(\.members))
    }
}

extension RuralIndicators.Dates {
    /// All dates in one line.
    public var text: String {
        [("population", population), ("land use", landUse), ("buildings", buildings), ("cities", cities)]
            .filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
    }
}
