public import Geometry
public import NetworkModel

/// The points at which people live (DOMAIN 6.2): the inhabited own cells, and where no cells are loaded the
/// municipalities at their label points.
///
/// Depends on the snapshot alone, not on any filter: made once per snapshot and kept. Safe to share between threads.
public struct Demand: Sendable {
    /// What the people are counted by. Bases are never mixed; the raw values stand in answers as `base`.
    public enum Base: String, Sendable, Hashable {
        /// Inhabited cells of the census grid.
        case censusCells = "census_cells"
        /// Register populations of the municipalities, at points inside their outlines.
        case municipalityRegister = "municipality_register"
        /// There is no population at all.
        case none
    }

    /// Rows of the table that make no demand point, by reason.
    public struct LeftOut: Sendable, Hashable {
        /// Cells of another role than `own` (they serve the rural index alone).
        public internal(set) var notOwn = 0
        /// Rows without inhabitants, or with a number of them that is not stated.
        public internal(set) var uninhabited = 0
        /// Inhabited rows without a position on the globe.
        public internal(set) var unplaced = 0
        /// The people of the unplaced rows.
        public internal(set) var unplacedPeople: Int64 = 0
    }

    /// The most people that a demand may hold: sums and their products with a quantile stay exact in 64 bits, and
    /// every sum is exact as a `Double`.
    public static let mostPeople: Int64 = 1_000_000_000_000_000

    /// What the people are counted by.
    public let base: Base
    /// The rows in `populationCells` (or in `municipalities`, by `base`), ascending.
    public let rows: [Int]
    /// Where they are: cell centres, longitude and latitude in degrees.
    public let positions: [Coordinate<Geographic>]
    /// The same as points in space, made once: every search for offers begins with them.
    let points: [SurfacePoint]
    /// How many people live there, each above 0.
    public let people: [Int64]
    /// The sum of `people`.
    public let totalPeople: Int64
    /// What was not counted.
    public let leftOut: LeftOut

    /// For each point the number of its area among the areas of each level, or -1.
    private let areaNumbers: [AreaLevel: [Int32]]

    /// Takes the demand from a snapshot.
    ///
    /// - Complexity: O(cells + areas)
    /// - Throws: `AnalysisError.implausiblePopulation` if the people exceed `mostPeople`.
    public init(_ snapshot: Snapshot) throws(AnalysisError) {
        let cells = snapshot.populationCells
        let isGrid = cells.count > 0
        let table = isGrid ? cells : snapshot.municipalities
        let inhabitants = table.integer(isGrid ? "people" : "population")
        let roles = isGrid ? table.code("role") : nil
        let longitudes = table.real("label_lon")
        let latitudes = table.real("label_lat")

        var rows: [Int] = []
        var positions: [Coordinate<Geographic>] = []
        var people: [Int64] = []
        var total: Int64 = 0
        var leftOut = LeftOut()
        for row in 0..<table.count {
            if let roles, roles[row] != "own" {
                leftOut.notOwn += 1
                continue
            }
            let count = inhabitants[row]
            guard count > 0 else {
                leftOut.uninhabited += 1
                continue
            }
            guard count <= Self.mostPeople - total else {
                throw .implausiblePopulation(cell: table.identifiers[row] ?? "")
            }
            total += count
            let position =
                isGrid ? table.point(row) : Coordinate(longitude: longitudes[row], latitude: latitudes[row])
            guard let position, position.isOnGlobe else {
                leftOut.unplaced += 1
                leftOut.unplacedPeople += count
                continue
            }
            rows.append(row)
            positions.append(position)
            people.append(count)
        }
        self.rows = rows
        self.positions = positions
        points = SurfacePoint.points(positions)
        self.people = people
        self.leftOut = leftOut
        totalPeople = total - leftOut.unplacedPeople
        base = isGrid ? .censusCells : rows.isEmpty ? .none : .municipalityRegister
        areaNumbers = Dictionary(
            uniqueKeysWithValues: AreaLevel.allCases.map { level in
                let numbers = AreaList(level, in: snapshot).numbers(of: table, isArea: !isGrid)
                return (level, rows.map { numbers[$0] })
            })
    }

    /// How many points there are.
    public var count: Int { rows.count }

    /// For each point the number of its area in `AreaList`, or -1 where it lies in none (*listed* cells).
    public func areas(_ level: AreaLevel) -> [Int32] { areaNumbers[level] ?? [] }
}
