public import NetworkModel

/// The degree of urbanisation of municipalities, levels 1 and 2, from the 1-km grid (DOMAIN 6.7).
///
/// By *Applying the degree of urbanisation, a methodological manual* (Eurostat and others, 2021 edition). Context cells
/// take part in the clusters; the classes count the own cells alone. Differences from the official computation, which
/// has more than the census grid: no share of land or built-up area per square, whole squares by their centre, and the
/// population of the loaded census. Safe to share between threads.
public struct DegreeOfUrbanisation: Sendable {
    /// The classes of municipalities of level 1. The raw values are the official codes.
    public enum Level1: Int, Sendable, Hashable, CaseIterable {
        /// At least half of the people live in urban centres.
        case city = 1
        /// Neither a city nor rural.
        case townOrSuburb = 2
        /// More than half of the people live in rural squares.
        case rural = 3
    }

    /// The classes of municipalities of level 2. The raw values are the manual's codes.
    public enum Level2: Int, Sendable, Hashable, CaseIterable {
        /// A city of level 1.
        case city = 30
        /// A town with more people in dense than in semi-dense urban clusters.
        case denseTown = 23
        /// A town with more people in semi-dense than in dense urban clusters.
        case semiDenseTown = 22
        /// More people in suburban squares than in dense and semi-dense urban clusters together.
        case suburb = 21
        /// Most of the people of rural squares live in rural clusters.
        case village = 13
        /// Most of them live in squares of low density.
        case dispersed = 12
        /// Most of them live in squares of very low density.
        case mostlyUninhabited = 11
    }

    /// One municipality.
    public struct Area: Sendable, Hashable {
        /// The official key.
        public let key: String
        /// The name.
        public let name: String?
        /// The people of its cells.
        public let people: Int64
        /// The people by the class of their square, in the order of `SettlementClass.allCases`.
        public let peopleByClass: [Int64]
        /// The class of level 1.
        public let level1: Figure<Level1>
        /// The class of level 2.
        public let level2: Figure<Level2>
        /// The official code of level 1, where one is loaded.
        public let official: Int?

        /// Whether own and official code are the same; nil where one of them is missing.
        public var agrees: Bool? {
            guard let own = level1.value, let official else { return nil }
            return own.rawValue == official
        }

        /// The people of a class of squares.
        public func people(_ settlement: SettlementClass) -> Int64 {
            SettlementClass.allCases.firstIndex(of: settlement).map { peopleByClass[$0] } ?? 0
        }
    }

    /// In the byte order of the keys.
    public let areas: [Area]
    /// Inhabited cells whose id names no square of the grid: they take no part.
    public let cellsOffGrid: Int

    /// How many municipalities have an own and an official class of level 1.
    public var compared: Int { areas.count { $0.agrees != nil } }
    /// How many of them have the same.
    public var agreeing: Int { areas.count { $0.agrees == true } }

    /// Classifies the municipalities of a snapshot.
    ///
    /// - Complexity: O(n log n) in the cells
    /// - Throws: `AnalysisError.implausiblePopulation`, `AnalysisError.cancelled`.
    public init(_ snapshot: Snapshot, cancellation: Cancellation = .never) throws(AnalysisError) {
        let table = snapshot.populationCells
        let counts = table.integer("people")
        let roles = table.code("role")
        let keys = table.code("municipality_key")
        var people: [GridSquare: Int64] = [:]
        var own: [(square: GridSquare, people: Int64, code: Int)] = []
        var (total, cellsOffGrid): (Int64, Int) = (0, 0)
        for row in 0..<table.count where counts[row] > 0 {
            guard let square = GridSquare(identifier: table.identifiers[row] ?? "") else {
                cellsOffGrid += 1
                continue
            }
            guard counts[row] <= Demand.mostPeople - total else {
                throw .implausiblePopulation(cell: table.identifiers[row] ?? "")
            }
            total += counts[row]
            people[square, default: 0] += counts[row]
            if roles[row] == "own", keys.codes[row] != 0 { own.append((square, counts[row], Int(keys.codes[row]))) }
        }
        try cancellation.check()
        let classes = SettlementGrid(people).classes
        try cancellation.check()
        let municipalities = snapshot.municipalities
        let areaOfCode = [-1] + keys.dictionary.codes.map { snapshot.municipalityRows.row(of: $0) ?? -1 }
        let none = [Int64](repeating: 0, count: SettlementClass.allCases.count)
        var peopleByClass = [[Int64]](repeating: none, count: municipalities.count)
        let positions = Dictionary(
            zip(SettlementClass.allCases, 0...), uniquingKeysWith: { first, _ in first })
        for cell in own {
            let area = areaOfCode[cell.code]
            guard area >= 0, let position = classes[cell.square].flatMap({ positions[$0] }) else { continue }
            peopleByClass[area][position] += cell.people
        }
        let names = municipalities.text("name")
        let official = municipalities.integer("degree_of_urbanisation")
        let hasCells = table.count > 0
        areas = (0..<municipalities.count).map { row in
            Self.area(
                municipalities.identifiers[row] ?? "", names[row], peopleByClass[row],
                official: official[row] == Column.missingInteger ? nil : Int(clamping: official[row]),
                reason: hasCells ? .noPopulation : .populationNotLoaded)
        }
        self.cellsOffGrid = cellsOffGrid
    }

    private static func area(
        _ key: String, _ name: String?, _ peopleByClass: [Int64], official: Int?, reason: MissingReason
    ) -> Area {
        let classes = Dictionary(
            zip(SettlementClass.allCases, peopleByClass), uniquingKeysWith: { first, _ in first })
        func people(_ settlement: SettlementClass) -> Int64 { classes[settlement] ?? 0 }
        let total = peopleByClass.reduce(0, +)
        let rural = people(.ruralCluster) + people(.lowDensity) + people(.veryLowDensity)
        let level1: Level1 =
            2 * people(.urbanCentre) >= total ? .city : 2 * rural > total ? .rural : .townOrSuburb
        let (dense, semiDense) = (people(.denseUrbanCluster), people(.semiDenseUrbanCluster))
        let level2: Level2 =
            switch level1 {
            case .city: .city
            case .townOrSuburb:
                people(.suburban) > dense + semiDense ? .suburb : dense > semiDense ? .denseTown : .semiDenseTown
            case .rural:
                people(.ruralCluster) >= max(people(.lowDensity), people(.veryLowDensity))
                    ? .village : people(.lowDensity) >= people(.veryLowDensity) ? .dispersed : .mostlyUninhabited
            }
        return Area(
            key: key, name: name, people: total, peopleByClass: peopleByClass,
            level1: total > 0 ? .value(level1) : .missing(reason),
            level2: total > 0 ? .value(level2) : .missing(reason), official: official)
    }
}
