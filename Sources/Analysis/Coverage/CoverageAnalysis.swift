public import Geometry
public import NetworkModel

/// A selection of offers with the distances from all demand points: made once per filter, asked for any radius and
/// level.
///
/// Safe to share between threads.
public struct CoverageAnalysis: Sendable {
    /// What selected the offers.
    public let filter: OfferFilter
    /// The selected offers.
    public let selection: OfferSelection
    /// Those of them that count for distances.
    public let usable: UsableOffers
    /// Where people live.
    public let demand: Demand
    /// Each demand point's nearest offer; nil where no selected offer has a usable place.
    public let access: CellAccess?
    /// The account of the selection.
    public let completeness: Completeness

    private let snapshot: Snapshot
    /// The demand points in the order of their distances, equal ones by their people: sums do not depend on ids.
    private let order: [Int32]

    /// Selects the offers and finds the nearest one of every demand point.
    ///
    /// - Parameter demand: The demand of this very snapshot, which callers keep because no filter changes it.
    /// - Complexity: O(offers + cells · log offers + cells · log cells)
    /// - Throws: `AnalysisError.filter` for values that nobody knows, `AnalysisError.cancelled`.
    public init(_ filter: OfferFilter, demand: Demand, in snapshot: Snapshot) throws(AnalysisError) {
        do throws(FilterError) {
            selection = try OfferSelection(filter, in: snapshot)
            usable = UsableOffers(selection, in: snapshot)
            completeness = try Completeness(filter, selection, usable, in: snapshot)
        } catch {
            throw .filter(error)
        }
        access = try NearestOffers(usable).access(from: demand)
        self.filter = filter
        self.demand = demand
        self.snapshot = snapshot
        let distances = access?.distances ?? []
        let people = demand.people
        order = distances.indices.map(Int32.init).sorted { lhs, rhs in
            (distances[Int(lhs)], people[Int(lhs)]) < (distances[Int(rhs)], people[Int(rhs)])
        }
    }

    /// The figures of all areas of a level.
    ///
    /// - Complexity: O(cells + selected offers + areas · distinct service areas)
    /// - Throws: `AnalysisError.invalidRadius`.
    public func figures(
        _ level: AreaLevel = .district, radius: Metres = CoverageFigures.defaultRadius
    ) throws(AnalysisError) -> CoverageFigures {
        guard CoverageFigures.allowedRadii.contains(radius.value) else {
            throw .invalidRadius(radius.value, allowed: CoverageFigures.allowedRadii)
        }
        // A radius of -0.0 is 0.
        let radius = Metres(radius.value + 0)
        let radii = Array(Set(CoverageFigures.standardRadii + [radius.value])).sorted()
        let list = AreaList(level, in: snapshot)
        let located = locatedOffers(list)
        let serving = servingOffers(list)
        let (people, cells, unassigned) = residents(level, areas: list.count)
        let distances = distanceFigures(level, areas: list.count, cells: cells, radii: radii)
        let areas = list.keys.indices.map { area in
            let figures = distances[area]
            let within = figures.within.first { $0.radius == radius }?.people ?? .missing(.populationNotLoaded)
            return AreaCoverage(
                key: list.keys[area], name: list.names[area],
                people: demand.base == .none ? .missing(.populationNotLoaded) : .value(people[area]),
                cells: cells[area], distances: figures, gapPeople: within.map { .value(people[area] - $0) },
                offersLocated: located.counts[area], offersServing: serving[area],
                registerPopulation: Figure(list.populations[area], else: .registerPopulationNotStated),
                area: Figure(list.areas[area].map(SquareMetres.init), else: .areaNotStated))
        }
        return CoverageFigures(
            dataVersion: snapshot.dataVersion, filter: filter, level: level, radius: radius, base: demand.base,
            areas: areas, totalPeople: demand.totalPeople, unassigned: unassigned,
            offersLocatedInNoArea: located.elsewhere, completeness: completeness)
    }

    private func residents(
        _ level: AreaLevel, areas count: Int
    ) -> (people: [Int64], cells: [Int], unassigned: CoverageFigures.Unassigned) {
        var people = [Int64](repeating: 0, count: count)
        var cells = [Int](repeating: 0, count: count)
        var unassigned = CoverageFigures.Unassigned()
        for (area, residents) in zip(demand.areas(level), demand.people) {
            if area < 0 {
                unassigned.cells += 1
                unassigned.people += residents
            } else {
                people[Int(area)] += residents
                cells[Int(area)] += 1
            }
        }
        return (people, cells, unassigned)
    }

    /// The figures of each area: the points in the order of their distances are dealt out to the areas, so that each
    /// area has its own in that order.
    private func distanceFigures(
        _ level: AreaLevel, areas count: Int, cells: [Int], radii: [Double]
    ) -> [DistanceFigures] {
        guard demand.base != .none else {
            let missing = DistanceFigures(
                missing: .populationNotLoaded, peopleWithin: .missing(.populationNotLoaded), radii: radii)
            return Array(repeating: missing, count: count)
        }
        guard let access else {
            let missing = DistanceFigures(
                missing: .noUsableOffer, peopleWithin: .missing(.noUsableOffer), radii: radii)
            return Array(repeating: missing, count: count)
        }
        var starts = [0]
        for count in cells { starts.append(starts[starts.count - 1] + count) }
        let assigned = starts[starts.count - 1]
        var next = starts
        var distances = [Double](repeating: 0, count: assigned)
        var people = [Int64](repeating: 0, count: assigned)
        let areas = demand.areas(level)
        for point in order {
            let area = Int(areas[Int(point)])
            guard area >= 0 else { continue }
            distances[next[area]] = access.distances[Int(point)]
            people[next[area]] = demand.people[Int(point)]
            next[area] += 1
        }
        return (0..<count).map { area in
            let range = starts[area]..<starts[area + 1]
            guard !range.isEmpty else {
                return DistanceFigures(missing: .noPopulation, peopleWithin: .value(0), radii: radii)
            }
            return DistanceFigures(sortedDistances: distances[range], people: people[range], radii: radii)
        }
    }

    private func locatedOffers(_ list: AreaList) -> (counts: [Int], elsewhere: Int) {
        var counts = [Int](repeating: 0, count: list.count)
        var elsewhere = 0
        let areas = list.numbers(of: snapshot.offers)
        for row in selection.rows {
            if areas[row] < 0 { elsewhere += 1 } else { counts[Int(areas[row])] += 1 }
        }
        return (counts, elsewhere)
    }

    /// How many selected offers serve each area. An offer of several service areas counts once for each that any of
    /// them overlaps.
    private func servingOffers(_ list: AreaList) -> [Int] {
        let served = snapshot.offers.codeList("served_keys")
        let overlapping = [[]] + served.dictionary.codes.map { list.numbers(overlapping: $0) }
        var counts = [Int](repeating: 0, count: list.count)
        // Most offers serve one area and many of them the whole state: those are counted by their key.
        var offersOfKey = [Int](repeating: 0, count: overlapping.count)
        var lastOffer = [Int](repeating: -1, count: list.count)
        for row in selection.rows {
            let keys = served.range(row)
            if keys.count == 1 {
                offersOfKey[Int(served.codes[keys.lowerBound])] += 1
                continue
            }
            for key in served.codes[keys] {
                for area in overlapping[Int(key)] where lastOffer[area] != row {
                    lastOffer[area] = row
                    counts[area] += 1
                }
            }
        }
        for (key, offers) in offersOfKey.enumerated() where offers > 0 {
            for area in overlapping[key] { counts[area] += offers }
        }
        return counts
    }
}
