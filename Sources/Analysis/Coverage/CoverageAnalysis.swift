public import Geometry
public import NetworkModel

/// A selection of offers with the distances from all demand points: made once per filter, asked for any radius and
/// level.
///
/// Safe to share between threads.
public struct CoverageAnalysis: Sendable {
    /// What a question asks for beside its filter: the parameters that stand in every answer.
    public struct Options: Sendable, Hashable {
        /// Whether the second set of figures, with outreach, is wanted.
        public var includesOutreach = false
        /// The bands of the floating catchments.
        public var bands = CatchmentBands.twoStep
        /// What an offer supplies to its catchment.
        public var supply = FloatingCatchment.Supply.one

        /// What DOMAIN 6.5 asks for where a question says nothing.
        public init() {}
    }

    /// What selected the offers.
    public let filter: OfferFilter
    /// What was asked for beside.
    public let options: Options
    /// The selected offers.
    public let selection: OfferSelection
    /// Those of them that count for distances.
    public let usable: UsableOffers
    /// Those of them that come to people.
    public let outreach: OutreachOffers
    /// Where people live.
    public let demand: Demand
    /// Each demand point's nearest offer; nil where no selected offer has a usable place.
    public let access: CellAccess?
    /// The floating catchments of the usable offers.
    public let catchment: FloatingCatchment
    /// The account of the selection.
    public let completeness: Completeness

    let snapshot: Snapshot
    /// The demand points in the order of their distances.
    private let order: [Int32]
    /// The distances with outreach and the points in their order; nil where they are not wanted.
    private let withOutreach: (distances: [Double], order: [Int32])?

    /// Selects the offers and finds the nearest one of every demand point.
    ///
    /// - Parameters:
    ///   - demand: The demand of this very snapshot, which callers keep because no filter changes it.
    ///   - index: The same demand by place; made here where callers do not keep it.
    /// - Complexity: O(offers + cells · log offers + cells · log cells + pairs in catchments), on all cores. Blocks.
    /// - Throws: `AnalysisError.filter` for values that nobody knows, `AnalysisError.cancelled`.
    public init(
        _ filter: OfferFilter, options: Options = Options(), demand: Demand, index: DemandIndex? = nil,
        in snapshot: Snapshot, cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        do throws(FilterError) {
            selection = try OfferSelection(filter, in: snapshot) { cancellation.isRequested }
            usable = UsableOffers(selection, in: snapshot)
            completeness = try Completeness(filter, selection, usable, in: snapshot) { cancellation.isRequested }
        } catch {
            throw .filter(error)
        }
        access = try NearestOffers(usable).access(from: demand, cancellation: cancellation)
        catchment = try FloatingCatchment(
            usable, demand: index ?? DemandIndex(demand), in: snapshot, supply: options.supply, bands: options.bands,
            cancellation: cancellation)
        outreach = OutreachOffers(selection, in: snapshot)
        self.filter = filter
        self.options = options
        self.demand = demand
        self.snapshot = snapshot
        order = access.map { SortedDistances.order($0.distances, demand.people) } ?? []
        if options.includesOutreach {
            let distances = outreach.distances(access?.distances, demand: demand, in: snapshot)
            withOutreach = (distances, SortedDistances.order(distances, demand.people))
        } else {
            withOutreach = nil
        }
    }

    /// Why there are no distances; a reason that holds where `access` is nil.
    var missingAccess: MissingReason { demand.base == .none ? .populationNotLoaded : .noUsableOffer }

    /// The figures of all areas of a level.
    ///
    /// - Complexity: O(cells + selected offers + areas · distinct service areas)
    /// - Throws: `AnalysisError.invalidRadius`.
    public func figures(
        _ level: AreaLevel = .district, radius: Metres = CoverageFigures.defaultRadius
    ) throws(AnalysisError) -> CoverageFigures {
        let radius = try CoverageFigures.checked(radius)
        let radii = Array(Set(CoverageFigures.standardRadii + [radius.value])).sorted()
        let list = AreaList(level, in: snapshot)
        let located = locatedOffers(list)
        let serving = servingOffers(list)
        let (people, cells, unassigned) = residents(level, areas: list.count)
        let own = distances(level, areas: list.count, access?.distances, order, radii: radii)
        let second = withOutreach.map { distances(level, areas: list.count, $0.distances, $0.order, radii: radii) }
        // In the order of distances, so that the mean does not depend on the cells' ids.
        let scores = catchment.means(over: demand.areas(level), count: list.count, order: order.isEmpty ? nil : order)
        let balances = SectorBalance.balances(list, in: snapshot)
        let areas = list.keys.indices.map { area in
            let within = own[area].figures.people(within: radius)
            return AreaCoverage(
                key: list.keys[area], name: list.names[area],
                people: demand.base == .none ? .missing(.populationNotLoaded) : .value(people[area]),
                cells: cells[area], distances: own[area].figures, gini: own[area].gini,
                gapPeople: within.map { .value(people[area] - $0) },
                outreach: second.map { second in
                    AreaCoverage.WithOutreach(
                        distances: second[area].figures,
                        gapPeople: second[area].figures.people(within: radius).map { .value(people[area] - $0) })
                },
                catchmentMethod: options.bands.method, catchmentScore: scores[area],
                offersLocated: located.counts[area], offersServing: serving[area], sectors: balances[area],
                registerPopulation: Figure(list.populations[area], else: .registerPopulationNotStated),
                area: Figure(list.areas[area].map(SquareMetres.init), else: .areaNotStated))
        }
        return CoverageFigures(
            dataVersion: snapshot.dataVersion, filter: filter, options: options, level: level, radius: radius,
            base: demand.base, areas: areas, totalPeople: demand.totalPeople, unassigned: unassigned,
            offersLocatedInNoArea: located.elsewhere, completeness: completeness,
            outreach: options.includesOutreach ? outreach : nil)
    }

    /// How many people have an offer within each of many radii, for each area of a level in the order of `figures`.
    ///
    /// - Complexity: O(cells + areas · radii · log cells)
    /// - Throws: `AnalysisError.invalidRadius`.
    public func curves(
        _ level: AreaLevel = .district, radii: [Metres] = CoverageCurve.defaultRadii
    ) throws(AnalysisError) -> [CoverageCurve] {
        try CoverageCurve.curves(
            distances: access?.distances, people: demand.people, areas: demand.areas(level),
            count: AreaList(level, in: snapshot).count, radii: radii)
    }

    /// The figures over distances of each area of a level, and how unequal the distances are.
    private func distances(
        _ level: AreaLevel, areas count: Int, _ distances: [Double]?, _ order: [Int32], radii: [Double]
    ) -> [(figures: DistanceFigures, gini: Figure<Double>)] {
        guard demand.base != .none, let distances else {
            let missing = DistanceFigures(
                missing: missingAccess, peopleWithin: .missing(missingAccess), radii: radii)
            return Array(repeating: (missing, .missing(missingAccess)), count: count)
        }
        let sorted = SortedDistances(
            distances, demand.people, order: order, areas: demand.areas(level), count: count)
        return (0..<count).map { area in
            let (distances, people) = sorted[area]
            guard !distances.isEmpty else {
                return (
                    DistanceFigures(missing: .noPopulation, peopleWithin: .value(0), radii: radii),
                    .missing(.noPopulation)
                )
            }
            return (
                DistanceFigures(sortedDistances: distances, people: people, radii: radii),
                Inequality.gini(sorted: distances, people)
            )
        }
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
