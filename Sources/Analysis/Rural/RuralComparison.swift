/// The own index against the published one, over the areas that have both.
///
/// A check that is shown, never a correction: no threshold and no weight depends on it.
public struct RuralComparison: Sendable, Hashable {
    /// The fewest areas with both values for which a comparison says anything.
    public static let fewestAreas = 30

    /// How many areas have both.
    public let areas: Int
    /// Pearson's correlation of the two indexes.
    public let correlation: Double
    /// How many areas have both an own class and a published type.
    public let classified: Int
    /// How many of these have the same class.
    public let agreeing: Int
    /// How many areas have the published class (first) and the own class (second), in the order of
    /// `RuralClass.allCases`.
    public let confusion: [[Int]]

    /// The share of the classified areas with the same class.
    public var agreement: Double { classified == 0 ? 0 : Double(agreeing) / Double(classified) }

    init?(_ areas: [RuralIndex.Area]) {
        var pairs: [(own: Double, published: Double)] = []
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: RuralClass.allCases.count), count: 3)
        for area in areas {
            guard let own = area.index.value, let published = area.published else { continue }
            if let index = published.index { pairs.append((own, index)) }
            if let type = published.type.flatMap({ RuralClass(publishedType: $0) }) {
                confusion[type.position][RuralClass(index: own).position] += 1
            }
        }
        guard pairs.count >= Self.fewestAreas, let correlation = Self.correlation(pairs) else { return nil }
        self.areas = pairs.count
        self.correlation = correlation
        self.confusion = confusion
        classified = confusion.joined().reduce(0, +)
        agreeing = RuralClass.allCases.map { confusion[$0.position][$0.position] }.reduce(0, +)
    }

    private static func correlation(_ pairs: [(own: Double, published: Double)]) -> Double? {
        let count = Double(pairs.count)
        let own = pairs.reduce(0) { $0 + $1.own } / count
        let published = pairs.reduce(0) { $0 + $1.published } / count
        var (both, ownSquares, publishedSquares) = (0.0, 0.0, 0.0)
        for pair in pairs {
            both += (pair.own - own) * (pair.published - published)
            ownSquares += (pair.own - own) * (pair.own - own)
            publishedSquares += (pair.published - published) * (pair.published - published)
        }
        guard ownSquares > 0, publishedSquares > 0 else { return nil }
        return both / (ownSquares * publishedSquares).squareRoot()
    }
}

extension RuralClass {
    fileprivate var position: Int {
        switch self {
        case .veryRural: 0
        case .ratherRural: 1
        case .notRural: 2
        }
    }
}
