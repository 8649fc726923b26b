public import Geometry
public import NetworkModel

/// How coverage changes with time: the same figures at each day on which selected offers begin and each day after one
/// on which they end ("what breaks when this funding ends", DOMAIN 6.5).
///
/// Offers without dates are constant and counted apart. Safe to share between threads.
public struct CoverageSeries: Sendable {
    /// The state from one day to the next step.
    public struct Step: Sendable {
        /// The first day of the state; nil for the state before the first stated day.
        public let day: ReducedDate?
        /// The rows of the offers that begin on the day, ascending; one that ends before it begins never does.
        public let begins: [Int]
        /// The rows of the offers whose last day is the day before, ascending.
        public let ends: [Int]
        /// How many selected offers run.
        public let running: Int
        /// How many of those count for distances.
        public let usable: Int
        /// The figures of each area, in the order of `keys`.
        public let areas: [AreaStep]
    }

    /// The figures of one area at a step.
    public struct AreaStep: Sendable, Hashable {
        /// The figures over distances.
        public let distances: DistanceFigures
        /// The people whose nearest running offer is farther away than the radius.
        public let gapPeople: Figure<Int64>
        /// By how much `gapPeople` is more than at the step before; missing where one of both is.
        public let gapPeopleChange: Figure<Int64>
    }

    /// The most steps that one question may ask for.
    public static let mostSteps = 1000

    /// The content that the figures are made from.
    public let dataVersion: DataVersion
    /// What selected the offers.
    public let filter: OfferFilter
    /// How the areas were chosen.
    public let level: AreaLevel
    /// The radius of `gap_people`.
    public let radius: Metres
    /// What people are counted by.
    public let base: Demand.Base
    /// The keys of the areas, in their byte order.
    public let keys: [String]
    /// Their names.
    public let names: [String?]
    /// The people of each area.
    public let people: [Int64]
    /// The steps in the order of time.
    public let steps: [Step]
    /// How many selected offers state neither begin nor end: they run at every step.
    public let undated: Int
    /// The account of the selection.
    public let completeness: Completeness

    /// Makes the series of a filter.
    ///
    /// - Complexity: O(steps · (offers + cells · log))
    /// - Throws: `AnalysisError.dateOfSeries` for a filter with a day, `AnalysisError.tooManySteps`,
    ///   `AnalysisError.invalidRadius`, `AnalysisError.filter`, `AnalysisError.cancelled`.
    public init(
        _ filter: OfferFilter, level: AreaLevel = .district, radius: Metres = CoverageFigures.defaultRadius,
        demand: Demand, in snapshot: Snapshot, cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        guard filter.day == nil else { throw .dateOfSeries }
        let radius = try CoverageFigures.checked(radius)
        let selection: OfferSelection
        do throws(FilterError) {
            selection = try OfferSelection(filter, in: snapshot) { cancellation.isRequested }
            completeness = try Completeness(
                filter, selection, UsableOffers(selection, in: snapshot), in: snapshot
            ) { cancellation.isRequested }
        } catch {
            throw .filter(error)
        }
        let calendar = Calendar(selection.rows, in: snapshot)
        guard calendar.days.count <= Self.mostSteps else {
            throw .tooManySteps(calendar.days.count, most: Self.mostSteps)
        }
        let list = AreaList(level, in: snapshot)
        var residents = [Int64](repeating: 0, count: list.count)
        for (area, people) in zip(demand.areas(level), demand.people) where area >= 0 {
            residents[Int(area)] += people
        }
        var steps: [Step] = []
        for day in [nil] + calendar.days.map(Optional.some) {
            try cancellation.check()
            let running = selection.rows.filter { calendar.isRunning($0, on: day) }
            let usable = UsableOffers(rows: running, in: snapshot)
            let figures = try Self.figures(
                usable, level, areas: list.count, radius, demand: demand, cancellation)
            let before = steps.last
            steps.append(
                Step(
                    day: day.flatMap { ReducedDate(packed: $0) },
                    begins: day.map { day in selection.rows.filter { calendar.begins(of: $0) == day } } ?? [],
                    ends: day.map { day in selection.rows.filter { calendar.dayAfterEnd(of: $0) == day } } ?? [],
                    running: running.count, usable: usable.rows.count,
                    areas: figures.indices.map { area in
                        let gap = figures[area].people(within: radius).map { Figure.value(residents[area] - $0) }
                        let change = before.map { before in
                            gap.map { now in before.areas[area].gapPeople.map { .value(now - $0) } }
                        }
                        return AreaStep(
                            distances: figures[area], gapPeople: gap, gapPeopleChange: change ?? .missing(.firstStep))
                    }))
        }
        dataVersion = snapshot.dataVersion
        self.filter = filter
        self.level = level
        self.radius = radius
        base = demand.base
        keys = list.keys
        names = list.names
        people = residents
        self.steps = steps
        undated = calendar.undated
    }

    private static func figures(
        _ usable: UsableOffers, _ level: AreaLevel, areas count: Int, _ radius: Metres, demand: Demand,
        _ cancellation: Cancellation
    ) throws(AnalysisError) -> [DistanceFigures] {
        let radii = Array(Set(CoverageFigures.standardRadii + [radius.value])).sorted()
        guard demand.base != .none,
            let access = try NearestOffers(usable).access(from: demand, cancellation: cancellation)
        else {
            let reason: MissingReason = demand.base == .none ? .populationNotLoaded : .noUsableOffer
            return Array(
                repeating: DistanceFigures(missing: reason, peopleWithin: .missing(reason), radii: radii), count: count)
        }
        let sorted = SortedDistances(access.distances, demand.people, areas: demand.areas(level), count: count)
        return (0..<count).map { area in
            let (distances, people) = sorted[area]
            return distances.isEmpty
                ? DistanceFigures(missing: .noPopulation, peopleWithin: .value(0), radii: radii)
                : DistanceFigures(sortedDistances: distances, people: people, radii: radii)
        }
    }
}

/// When offers run.
private struct Calendar {
    /// The first days of all states but the first, packed, ascending.
    let days: [Int32]
    /// How many offers state neither begin nor end.
    let undated: Int

    private let from: [Int32]
    private let to: [Int32]

    init(_ rows: [Int], in snapshot: Snapshot) {
        from = snapshot.offers.date("valid_from")
        to = snapshot.offers.date("valid_to")
        var days: Set<Int32> = []
        var undated = 0
        for row in rows {
            let begin = ReducedDate(packed: from[row])
            let end = ReducedDate(packed: to[row])
            if let begin, let end, end.lastDay < begin.firstDay { continue }
            if let begin { days.insert(begin.firstDay) }
            if let after = end?.dayAfter { days.insert(after) }
            if begin == nil, end == nil { undated += 1 }
        }
        self.days = days.sorted()
        self.undated = undated
    }

    /// The first day of an offer, where it states one and ever runs.
    func begins(of row: Int) -> Int32? { isNeverRunning(row) ? nil : ReducedDate(packed: from[row])?.firstDay }

    /// The day after the last one, where an end is stated and the offer ever runs.
    func dayAfterEnd(of row: Int) -> Int32? { isNeverRunning(row) ? nil : ReducedDate(packed: to[row])?.dayAfter }

    /// Whether an offer runs on a day; before the first day run those that state no begin.
    func isRunning(_ row: Int, on day: Int32?) -> Bool {
        if isNeverRunning(row) { return false }
        guard let day else { return begins(of: row) == nil }
        return (begins(of: row).map { $0 <= day } ?? true) && (dayAfterEnd(of: row).map { $0 > day } ?? true)
    }

    /// Whether the stated end lies before the stated begin.
    private func isNeverRunning(_ row: Int) -> Bool {
        guard let begin = ReducedDate(packed: from[row]), let end = ReducedDate(packed: to[row]) else { return false }
        return end.lastDay < begin.firstDay
    }
}
