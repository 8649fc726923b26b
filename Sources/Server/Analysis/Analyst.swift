import Analysis
import Geometry
import HTTPTypes
import NetworkModel

/// Answers analytical questions about one snapshot, and keeps what several of them need.
///
/// What no filter changes is made once; analyses are kept per filter, so that another radius, level or area uses the
/// same distances; whole answers are kept per question. All of it is bounded and goes with the snapshot. Blocks for as
/// long as an analysis takes: call it off the event loops. Safe to use from any thread.
final class Analyst: Sendable {
    let snapshot: Snapshot
    private let places = Once<(demand: Demand, index: DemandIndex)>()
    private let outlines = Once<AreaOutlines>()
    private let analyses = BoundedCache<AnalysisKey, CoverageAnalysis>(limit: 256 << 20)
    private let gaps = BoundedCache<GapKey, GapFigures>(limit: 64 << 20)
    private let neighbourhoods = BoundedCache<OfferFilter, Neighbourhood>(limit: 64 << 20)
    private let answers = BoundedCache<String, AnalysisAnswer>(limit: 128 << 20)

    /// What an analysis depends on, beside the data.
    private struct AnalysisKey: Hashable {
        let filter: OfferFilter
        let options: CoverageAnalysis.Options
    }

    /// What gaps depend on, beside the data.
    private struct GapKey: Hashable {
        let filter: OfferFilter
        let level: AreaLevel
        let radius: Metres
    }

    /// The offers of a filter by place.
    struct Neighbourhood: Sendable {
        let selection: OfferSelection
        let completeness: Completeness
        let nearest: NearestOffers
    }

    /// Takes a snapshot. Nothing is computed yet.
    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Answers a question.
    ///
    /// - Throws: a problem of status 400 naming the parameter; `CancellationError` where the answer is not wanted
    ///   any more; a problem of status 500 for data that no figure can be made from.
    func answer(_ query: AnalyticalQuery, cancellation: Cancellation = .never) throws -> AnalysisAnswer {
        do {
            try cancellation.check()
            switch query.question {
            // Where somebody is belongs into no cache.
            case .nearest: return try nearest(query, cancellation)
            case .access: return try kept(query) { try access(query, cancellation) }
            case .gaps: return try kept(query) { try gaps(query, cancellation) }
            case .siting: return try kept(query) { try siting(query, cancellation) }
            case .coverage:
                return try kept(query) {
                    switch query.view {
                    case .figures: try coverage(query, cancellation)
                    case .curve: try curve(query, cancellation)
                    case .series: try series(query, cancellation)
                    }
                }
            }
        } catch let error as AnalysisError {
            throw Self.refusal(error)
        } catch let error as FilterError {
            throw Problem(error)
        }
    }

    private func kept(_ query: AnalyticalQuery, _ make: () throws -> AnalysisAnswer) throws -> AnalysisAnswer {
        let key = "\(query.question.rawValue)?\(QueryParameters.encode(query.items))"
        if let known = answers.value(for: key) { return known }
        let answer = try make()
        answers.insert(answer, for: key, cost: answer.cost + key.utf8.count)
        return answer
    }

    private static func refusal(_ error: AnalysisError) -> any Error {
        switch error {
        case .cancelled: CancellationError()
        case .filter(let error): Problem(error)
        // Nobody who asks is at fault here.
        case .implausiblePopulation, .outlines: Problem(.internalServerError, error.description)
        default: Problem(.badRequest, error.description, parameter: error.parameter)
        }
    }

    // MARK: - What several answers need

    /// Where people live: the same for every filter.
    func people() throws(AnalysisError) -> Demand { try demand().demand }

    private func demand() throws(AnalysisError) -> (demand: Demand, index: DemandIndex) {
        try places.value { () throws(AnalysisError) -> (demand: Demand, index: DemandIndex) in
            let demand = try Demand(snapshot)
            return (demand, DemandIndex(demand))
        }
    }

    /// The outlines of all areas: the same for every filter.
    func areaOutlines() throws(AnalysisError) -> AreaOutlines {
        let demand = try people()
        return try outlines.value { () throws(AnalysisError) -> AreaOutlines in
            try AreaOutlines(snapshot, demand: demand)
        }
    }

    /// The analysis of a question's offers.
    func analysis(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws(AnalysisError) -> CoverageAnalysis {
        let key = AnalysisKey(filter: query.filter, options: query.options)
        if let known = analyses.value(for: key) { return known }
        let (demand, index) = try demand()
        try cancellation.check()
        let analysis = try CoverageAnalysis(
            query.filter, options: query.options, demand: demand, index: index, in: snapshot,
            cancellation: cancellation)
        // Per demand point a distance, an offer, a place in the order and a score, with outreach some more; per offer
        // its row, its position and what its catchment holds.
        let cost =
            demand.count * 40 + (analysis.selection.rows.count + analysis.usable.rows.count * 6) * 8 + 4096
            + key.filter.cost
        analyses.insert(analysis, for: key, cost: cost)
        return analysis
    }

    /// The gaps that an analysis leaves at a question's level and radius.
    func gapFigures(
        _ query: AnalyticalQuery, _ analysis: CoverageAnalysis, _ cancellation: Cancellation
    ) throws(AnalysisError) -> GapFigures {
        let key = GapKey(filter: query.filter, level: query.level, radius: query.radius)
        if let known = gaps.value(for: key) { return known }
        let figures = try analysis.gaps(
            query.level, radius: query.radius, outlines: try areaOutlines(), cancellation: cancellation)
        let cost = figures.polygons.reduce(4096 + key.filter.cost) { $0 + 200 + $1.surface.vertexCount * 16 }
        gaps.insert(figures, for: key, cost: cost)
        return figures
    }

    /// The offers of a filter by place.
    func neighbourhood(_ filter: OfferFilter, _ cancellation: Cancellation) throws(FilterError) -> Neighbourhood {
        if let known = neighbourhoods.value(for: filter) { return known }
        let selection = try OfferSelection(filter, in: snapshot) { cancellation.isRequested }
        let usable = UsableOffers(selection, in: snapshot)
        let made = Neighbourhood(
            selection: selection,
            completeness: try Completeness(filter, selection, usable, in: snapshot) { cancellation.isRequested },
            nearest: NearestOffers(usable))
        let cost = (selection.rows.count + usable.rows.count * 12) * 8 + 4096 + filter.cost
        neighbourhoods.insert(made, for: filter, cost: cost)
        return made
    }

    /// Whether an area is one whose people are meant.
    ///
    /// - Throws: for keys of no area, and for keys of areas that are smaller than those of the level.
    func areaChoice(_ query: AnalyticalQuery) throws -> (String) -> Bool {
        guard !query.areas.isEmpty else { return { _ in true } }
        let keys = try AreaKeys(query.areas, parameter: "area", in: snapshot)
        guard query.question != .access, query.question != .siting else { return keys.contains }
        let regions = snapshot.districts.code("district_region_key")
        let isPart = { (key: String) -> Bool in
            guard regions.count > 0, let row = self.snapshot.districtRows.row(of: key), let region = regions[row]
            else { return false }
            return region != key
        }
        if let small = query.areas.first(where: {
            $0.utf8.count > query.level.keyDigits || query.level == .region && isPart($0)
        }) {
            throw Problem(
                .badRequest,
                "parameter 'area': '\(small.clipped)' is smaller than the areas of level '\(query.level.rawValue)'",
                parameter: "area")
        }
        return keys.contains
    }

    /// The demand points whose people are meant, ascending.
    func demandPoints(_ demand: Demand, _ query: AnalyticalQuery, _ isMeant: (String) -> Bool) -> [Int] {
        guard !query.areas.isEmpty else { return Array(0..<demand.count) }
        let isGrid = demand.base == .censusCells
        let table = isGrid ? snapshot.populationCells : snapshot.municipalities
        let districts = table.code("district_key")
        let municipalities = table.code("municipality_key")
        return (0..<demand.count).filter { point in
            let row = demand.rows[point]
            return [isGrid ? municipalities[row] : table.identifiers[row], districts[row]]
                .contains { $0.map(isMeant) ?? false }
        }
    }

    /// What an answer rests on.
    func account(
        _ query: AnalyticalQuery, _ completeness: Completeness, _ selection: OfferSelection, base: Demand.Base?,
        rateBase: String? = nil
    ) -> AnswerAccount {
        // Where nobody is counted, boundaries and people play no part.
        let foundations = base == nil ? [] : snapshot.foundationDocuments
        return AnswerAccount(
            parameters: query.described, dataVersion: snapshot.dataVersion.description, base: base?.rawValue,
            rateBase: rateBase,
            dataDates: base == nil ? [] : snapshot.dataDates(query.level, foundations, needsRegister: rateBase != nil),
            date: query.filter.day?.description, completeness: completeness, attribution: snapshot.attribution,
            sources: sources(of: selection, and: foundations))
    }

    /// The documents that the selected offers cite, in the order of their ids, then others that are none of them.
    private func sources(of selection: OfferSelection, and others: [String]) -> [JSON] {
        let cited = snapshot.offers.code("source_id")
        var isCited = [Bool](repeating: false, count: cited.dictionary.count + 1)
        for row in selection.rows { isCited[Int(cited.codes[row])] = true }
        let table = snapshot.sources
        let ids = cited.dictionary.codes.enumerated().filter { isCited[$0.offset + 1] }.map(\.element)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return (ids + others.filter { !ids.contains($0) })
            .map { id in
                guard let row = FeatureTable.row(of: id, in: table.identifiers) else { return ["id": .string(id)] }
                let members = ["title", "publisher", "year", "date", "url", "licence", "attribution"].compactMap {
                    name in
                    table[field: name].map { (name, $0[row].json) }
                }
                return .object([("id", .string(id))] + members)
            }
    }

    /// The outlines of areas; an empty one where none is known.
    func surfaces(_ keys: [String], _ level: AreaLevel) throws(AnalysisError) -> [MultiPolygon<Geographic>] {
        let none = MultiPolygon<Geographic>([])
        switch level {
        case .district:
            return keys.map { snapshot.districtRows.row(of: $0).flatMap { snapshot.districts.surface($0) } ?? none }
        case .municipality:
            return keys.map {
                snapshot.municipalityRows.row(of: $0).flatMap { snapshot.municipalities.surface($0) } ?? none
            }
        case .region, .state:
            let outlines = try areaOutlines()
            return keys.map { outlines.surface(of: $0, level) ?? none }
        }
    }

    /// A radius as it stands in names.
    static func name(of radius: Metres) -> String {
        Int64(exactly: radius.value).map(String.init) ?? "\(radius.value)"
    }
}

extension AreaLevel {
    /// How many digits the keys of the level have.
    fileprivate var keyDigits: Int {
        switch self {
        case .state: 2
        case .district, .region: 5
        case .municipality: 8
        }
    }
}
