internal import Foundation
internal import Geometry
public import NetworkModel

/// The five indicators of every area of a level, computed from areas, cells, land use, buildings and cities
/// (DOMAIN 6.6).
///
/// Depends on the snapshot alone: made once per snapshot and kept. Safe to share between threads.
public struct RuralIndicators: Sendable {
    /// The indicators of one area.
    public struct Area: Sendable, Hashable {
        /// The official key.
        public let key: String
        /// The name; a region has those of its districts.
        public let name: String?
        /// The districts of a region; the area itself at the other levels.
        public let members: [String]
        /// The people of the area's cells: what potential and access are averaged by.
        public let people: Int64
        /// The people by the register: what the density counts.
        public let registerPopulation: Figure<Int64>
        /// People per km² of settlement and traffic area.
        public let settlementDensity: Figure<Double>
        /// The indicators, in the order of `RuralIndicator.allCases`.
        public let indicators: [Figure<Double>]
        /// The share of the people in whose surroundings, 25 to 50 km away, at least one of 16 directions holds no
        /// inhabited cell: foreign land, sea, or a ring that is not loaded. Their potential is too low. Judged by blocks
        /// of 10 km.
        public let openSurroundings: Figure<Double>

        /// The value of an indicator.
        public subscript(indicator: RuralIndicator) -> Figure<Double> { indicators[indicator.position] }

        /// All five, or nil where one is missing.
        public var values: RuralValues? { RuralValues(indicators.compactMap(\.value)) }

        /// Why there is no index, the first reason; nil where all five are there.
        public var reason: MissingReason? { indicators.lazy.compactMap(\.reason).first }
    }

    /// The content that the figures are made from.
    public let dataVersion: DataVersion
    /// How the areas were chosen.
    public let level: RuralLevel
    /// In the byte order of their keys.
    public let areas: [Area]
    /// How many cells around the state's own are loaded.
    public let contextCells: Int
    /// The dates of land use, buildings and cities, as they state them.
    public let dates: Dates

    /// What the figures are as of.
    public struct Dates: Sendable, Hashable {
        /// Of the register populations.
        public let population: [String]
        /// Of the land use.
        public let landUse: [String]
        /// Of the buildings.
        public let buildings: [String]
        /// Of the cities' populations.
        public let cities: [String]
    }

    /// How many blocks of own cells a thread works on at a time.
    private static let pieceSize = 4

    /// Computes the indicators.
    ///
    /// - Complexity: O(own cells · cells within 65 km); runs on all cores and blocks.
    /// - Throws: `AnalysisError.implausiblePopulation`, `AnalysisError.cancelled`.
    public init(
        _ level: RuralLevel, in snapshot: Snapshot, cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        dataVersion = snapshot.dataVersion
        self.level = level
        let list = RuralAreas(level, in: snapshot)
        let cells = try RuralCells(list, level, snapshot)
        contextCells = cells.contextCells
        let potential = PopulationPotential(cells.places)
        let access = CityAccess(snapshot)
        let (own, starts) = cells.byBlocks
        let pieces = try ParallelPieces.map(starts.count - 1, size: Self.pieceSize, cancellation) { range in
            var sums: [Int32: CellSums] = [:]
            for block in range {
                let members = own[starts[block]..<starts[block + 1]]
                guard let first = members.first else { continue }
                let neighbourhood = potential.neighbourhood(of: PopulationPotential.block(of: first.point))
                let isOpen =
                    potential.directions(around: SurfacePoint(centreOf: members.map(\.point)), neighbourhood) != .max
                for cell in members {
                    let people = Double(cell.people)
                    sums[cell.area, default: CellSums()].add(
                        people: cell.people, potential: potential.value(at: cell.point, neighbourhood) * people,
                        access: (access?.value(at: cell.position, cell.point) ?? 0) * people, isOpen: isOpen)
                }
            }
            return sums
        }
        var sums = [CellSums](repeating: CellSums(), count: list.areas.count)
        for piece in pieces { for (area, part) in piece { sums[Int(area)].add(part) } }
        let hasCells = !cells.places.isEmpty
        areas = zip(list.areas, sums).map { Self.area($0, $1, hasCells: hasCells, hasCities: access != nil) }
        let table = level == .municipality ? snapshot.municipalities : snapshot.districts
        dates = Dates(
            population: Self.dates(table, "population_date"), landUse: Self.dates(snapshot.landUse, "date"),
            buildings: Self.dates(snapshot.buildings, "date"),
            cities: Self.dates(snapshot.cities, "population_date"))
    }

    private static func area(
        _ area: RuralAreas.Area, _ sums: CellSums, hasCells: Bool, hasCities: Bool
    ) -> Area {
        let noCells = hasCells ? MissingReason.noPopulation : .populationNotLoaded
        let people = Double(sums.people)
        func share(_ part: Int64?, of whole: Int64?, else reason: MissingReason) -> Figure<Double> {
            guard let part, let whole, whole > 0 else { return .missing(reason) }
            return .value(Double(part) / Double(whole))
        }
        let register = Figure(area.population, else: .registerPopulationNotStated)
        let density: Figure<Double> = register.map { population in
            guard let settlement = area.settlementAndTraffic, settlement > 0 else {
                return .missing(.landUseNotStated)
            }
            return population > 0
                ? .value(Double(population) / (Double(settlement) / 1e6)) : .missing(.noPopulation)
        }
        return Area(
            key: area.key, name: area.name, members: area.members, people: sums.people, registerPopulation: register,
            settlementDensity: density,
            indicators: [
                density.map { .value(log($0)) },
                share(area.openLand, of: area.total, else: .landUseNotStated),
                share(area.smallHouses, of: area.houses, else: .buildingsNotStated),
                sums.people > 0 ? .value(sums.potential / people) : .missing(noCells),
                !hasCities
                    ? .missing(.citiesNotLoaded)
                    : sums.people > 0 ? .value(sums.access / people) : .missing(noCells),
            ],
            openSurroundings: sums.people > 0 ? .value(Double(sums.openPeople) / people) : .missing(noCells))
    }

    /// The different dates of a column, ascending.
    private static func dates(_ table: Table, _ field: String) -> [String] {
        Set(table.date(field)).sorted().compactMap { ReducedDate(packed: $0)?.description }
    }
}

/// Sums over cells, each weighted by its people.
private struct CellSums: Sendable {
    var people: Int64 = 0
    var openPeople: Int64 = 0
    var potential = 0.0
    var access = 0.0

    mutating func add(people: Int64, potential: Double, access: Double, isOpen: Bool) {
        self.people += people
        openPeople += isOpen ? people : 0
        self.potential += potential
        self.access += access
    }

    mutating func add(_ other: CellSums) {
        people += other.people
        openPeople += other.openPeople
        potential += other.potential
        access += other.access
    }
}

/// A cell that the indicators of its area are averaged over.
private struct OwnCell: Sendable {
    let position: Coordinate<Geographic>
    let point: SurfacePoint
    let people: Int64
    let area: Int32
}

/// The inhabited cells: all of them as places of the potential, the own ones that lie in an area as its questions.
private struct RuralCells {
    var places: [(point: SurfacePoint, people: Int64)] = []
    var own: [OwnCell] = []
    var contextCells = 0

    init(_ list: RuralAreas, _ level: RuralLevel, _ snapshot: Snapshot) throws(AnalysisError) {
        var total: Int64 = 0
        let table = snapshot.populationCells
        let people = table.integer("people")
        let roles = table.code("role")
        let isMunicipal = level == .municipality
        let keys = table.code(isMunicipal ? "municipality_key" : "district_key")
        let rows = isMunicipal ? snapshot.municipalityRows : snapshot.districtRows
        let areaOfCode: [Int32] =
            [-1] + keys.dictionary.codes.map { code in rows.row(of: code).map { list.areaOfRow[$0] } ?? -1 }
        for row in 0..<table.count {
            let isOwn = roles[row] == "own"
            if !isOwn { contextCells += 1 }
            guard people[row] > 0, let position = table.point(row), position.isOnGlobe else { continue }
            guard people[row] <= Demand.mostPeople - total else {
                throw .implausiblePopulation(cell: table.identifiers[row] ?? "")
            }
            total += people[row]
            let point = SurfacePoint(position)
            places.append((point, people[row]))
            let area = areaOfCode[Int(keys.codes[row])]
            if isOwn, area >= 0 {
                own.append(OwnCell(position: position, point: point, people: people[row], area: area))
            }
        }
    }

    /// The own cells block by block, in the order of their rows within each, and where each block begins.
    var byBlocks: (cells: [OwnCell], starts: [Int]) {
        let blocks = own.map { PopulationPotential.block(of: $0.point) }
        let order = own.indices.sorted { blocks[$0] == blocks[$1] ? $0 < $1 : blocks[$0] < blocks[$1] }
        let starts = order.indices.filter { $0 == 0 || blocks[order[$0 - 1]] != blocks[order[$0]] }
        return (order.map { own[$0] }, starts + [order.count])
    }
}

extension SurfacePoint {
    /// The mean of points: it lies below the surface, in whose direction it is.
    fileprivate init(centreOf points: [SurfacePoint]) {
        let count = Double(max(points.count, 1))
        x = points.reduce(0) { $0 + $1.x } / count
        y = points.reduce(0) { $0 + $1.y } / count
        z = points.reduce(0) { $0 + $1.z } / count
    }
}
