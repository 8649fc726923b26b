internal import NetworkModel

/// A cell of the 1-km grid by its row (north) and column (east) in ETRS89-LAEA, kilometres of its lower left corner.
struct GridSquare: Hashable, Comparable, Sendable {
    let north: Int32
    let east: Int32

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.north, lhs.east) < (rhs.north, rhs.east) }

    /// The square of an official cell id: `1kmN3044E4471`, `100mN30440E44710`, `CRS3035RES1000mN3044000E4471000`;
    /// nil for any other text.
    init?(identifier: String) {
        let text = identifier.utf8
        guard let north = text.lastIndex(of: UInt8(ascii: "N")), let east = text.lastIndex(of: UInt8(ascii: "E")),
            north < east, let row = Int64(identifier[text.index(after: north)..<east]), row >= 0,
            let column = Int64(identifier[text.index(after: east)...]), column >= 0
        else { return nil }
        // Old ids count in units of the cell's size, new ones in metres.
        let unitsPerKilometre: Int64
        switch identifier[..<north] {
        case "1km": unitsPerKilometre = 1
        case "100m": unitsPerKilometre = 10
        case "CRS3035RES1000m", "CRS3035RES100m": unitsPerKilometre = 1000
        default: return nil
        }
        guard let north = Int32(exactly: row / unitsPerKilometre),
            let east = Int32(exactly: column / unitsPerKilometre),
            max(north, east) < Int32.max - 8
        else { return nil }
        self.north = north
        self.east = east
    }

    init(north: Int32, east: Int32) {
        self.north = north
        self.east = east
    }

    /// The squares that share a side.
    var sides: [GridSquare] {
        [(-1, 0), (0, -1), (0, 1), (1, 0)].map { GridSquare(north: north + $0.0, east: east + $0.1) }
    }

    /// The squares that share a side or a corner.
    var around: [GridSquare] {
        [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)].map {
            GridSquare(north: north + $0.0, east: east + $0.1)
        }
    }
}

/// The classes of the 1-km grid by the degree of urbanisation, level 2 (*Applying the degree of urbanisation*,
/// Eurostat 2021, ISBN 978-92-76-20306-3). The raw values are the manual's codes.
public enum SettlementClass: Int, Sendable, Hashable, CaseIterable {
    /// Squares of at least 1,500 people that touch with their sides, 50,000 people or more, its gaps filled.
    case urbanCentre = 30
    /// The same with 5,000 up to 50,000 people.
    case denseUrbanCluster = 23
    /// An urban cluster (squares of at least 300 people that touch, 5,000 people or more) at least 2 km from the edge
    /// of any urban centre or dense urban cluster.
    case semiDenseUrbanCluster = 22
    /// The other squares of urban clusters.
    case suburban = 21
    /// Squares of at least 300 people that touch, 500 up to 5,000 people.
    case ruralCluster = 13
    /// Other squares of at least 50 people.
    case lowDensity = 12
    /// All others.
    case veryLowDensity = 11
}

/// The inhabited squares with their classes.
struct SettlementGrid: Sendable {
    /// People per square; the squares of gaps in urban centres that nobody lives in are not among them.
    let people: [GridSquare: Int64]
    /// The classes of the inhabited squares.
    let classes: [GridSquare: SettlementClass]

    // People per km² and per cluster: the manual's thresholds.
    private static let denseSquare: Int64 = 1_500
    private static let urbanSquare: Int64 = 300
    private static let lowSquare: Int64 = 50
    private static let centre: Int64 = 50_000
    private static let town: Int64 = 5_000
    private static let village: Int64 = 500
    /// Two squares with this many others between them in a row are 2 km apart, edge to edge.
    private static let squaresBetween: Int32 = 2
    /// How many of the eight squares around one make it part of an urban centre.
    private static let majority = 5

    /// Classifies squares.
    ///
    /// - Complexity: O(n log n) in the squares
    init(_ people: [GridSquare: Int64]) {
        self.people = people
        let dense = Self.clusters(people, atLeast: Self.denseSquare, touching: \.sides)
        var classes: [GridSquare: SettlementClass] = [:]
        for cluster in dense where cluster.people >= Self.centre {
            for square in Self.filled(cluster.squares) { classes[square] = .urbanCentre }
        }
        for cluster in dense where cluster.people >= Self.town && cluster.people < Self.centre {
            // A square that fills the gap of a centre belongs to the centre.
            for square in cluster.squares where classes[square] == nil { classes[square] = .denseUrbanCluster }
        }
        let core = classes
        for cluster in Self.clusters(people, atLeast: Self.urbanSquare, touching: \.around) {
            let rest = cluster.squares.filter { core[$0] == nil }
            guard cluster.people >= Self.town else {
                for square in rest where cluster.people >= Self.village { classes[square] = .ruralCluster }
                continue
            }
            let isFar = !cluster.squares.contains { Self.isNear(core, $0) }
            for square in rest { classes[square] = isFar ? .semiDenseUrbanCluster : .suburban }
        }
        for (square, count) in people where classes[square] == nil {
            classes[square] = count >= Self.lowSquare ? .lowDensity : .veryLowDensity
        }
        self.classes = classes.filter { people[$0.key] != nil }
    }

    private static func isNear(_ core: [GridSquare: SettlementClass], _ square: GridSquare) -> Bool {
        for north in -squaresBetween...squaresBetween {
            for east in -squaresBetween...squaresBetween
            where core[GridSquare(north: square.north + north, east: square.east + east)] != nil { return true }
        }
        return false
    }

    /// The clusters of touching squares with at least so many people each.
    private static func clusters(
        _ people: [GridSquare: Int64], atLeast least: Int64, touching: (GridSquare) -> [GridSquare]
    ) -> [(squares: [GridSquare], people: Int64)] {
        var left = Set(people.filter { $0.value >= least }.keys)
        var result: [(squares: [GridSquare], people: Int64)] = []
        for start in left.sorted() where left.remove(start) != nil {
            var squares = [start]
            var next = 0
            while next < squares.count {
                squares += touching(squares[next]).filter { left.remove($0) != nil }
                next += 1
            }
            result.append((squares, squares.reduce(0) { $0 + (people[$1] ?? 0) }))
        }
        return result
    }

    /// An urban centre with its gaps: a square is added where at least five of the eight around it belong to the
    /// centre, until there is no such square.
    private static func filled(_ squares: [GridSquare]) -> Set<GridSquare> {
        var centre = Set(squares)
        var edge = Set(squares.flatMap(\.around)).subtracting(centre)
        while !edge.isEmpty {
            // One round looks at the centre as it is; what it adds counts in the next round.
            let added = edge.filter { square in square.around.count(where: centre.contains) >= majority }
            centre.formUnion(added)
            edge = Set(added.flatMap(\.around)).subtracting(centre)
        }
        return centre
    }
}
