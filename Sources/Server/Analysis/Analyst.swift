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
    private let demand = Once<Demand>()
    private let states = Once<[String: MultiPolygon<Geographic>]>()
    private let analyses = BoundedCache<OfferFilter, CoverageAnalysis>(limit: 256 << 20)
    private let neighbourhoods = BoundedCache<OfferFilter, Neighbourhood>(limit: 64 << 20)
    private let answers = BoundedCache<String, AnalysisAnswer>(limit: 64 << 20)

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
            case .coverage: return try kept(query) { try coverage(query, cancellation) }
            case .access: return try kept(query) { try access(query, cancellation) }
            // Where somebody is belongs into no cache.
            case .nearest: return try nearest(query)
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
        case .implausiblePopulation: Problem(.internalServerError, error.description)
        default: Problem(.badRequest, error.description, parameter: error.parameter)
        }
    }

    /// Where people live: the same for every filter.
    func people() throws(AnalysisError) -> Demand {
        try demand.value { () throws(AnalysisError) -> Demand in try Demand(snapshot) }
    }

    /// The analysis of a filter.
    func analysis(_ filter: OfferFilter, _ cancellation: Cancellation) throws(AnalysisError) -> CoverageAnalysis {
        if let known = analyses.value(for: filter) { return known }
        let demand = try people()
        try cancellation.check()
        let analysis = try CoverageAnalysis(filter, demand: demand, in: snapshot)
        // Per demand point a distance, an offer and a place in the order; per offer its row and position.
        let cost = demand.count * 16 + (analysis.selection.rows.count + analysis.usable.rows.count * 3) * 8 + 4096
        analyses.insert(analysis, for: filter, cost: cost)
        return analysis
    }

    private func neighbourhood(_ filter: OfferFilter) throws(FilterError) -> Neighbourhood {
        if let known = neighbourhoods.value(for: filter) { return known }
        let selection = try OfferSelection(filter, in: snapshot)
        let usable = UsableOffers(selection, in: snapshot)
        let made = Neighbourhood(
            selection: selection, completeness: try Completeness(filter, selection, usable, in: snapshot),
            nearest: NearestOffers(usable))
        let cost = (selection.rows.count + usable.rows.count * 12) * 8 + 4096
        neighbourhoods.insert(made, for: filter, cost: cost)
        return made
    }

    // MARK: - Answers

    private func coverage(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let keys = try areaKeys(query)
        let analysis = try analysis(query.filter, cancellation)
        try cancellation.check()
        let figures = try analysis.figures(query.level, radius: query.radius)
        let areas = figures.areas.filter { keys?.contains($0.key) ?? true }
        let names = (areas.first ?? figures.areas.first)?.properties.map(\.name) ?? ["key", "name"]
        var missing = MissingReasons()
        var values: [[FieldValue]] = Array(repeating: [], count: names.count)
        for area in areas {
            for (position, property) in area.properties.enumerated() {
                values[position].append(property.value)
                missing.note(property.name, property.reason)
            }
            missing.endRow()
        }
        let columns = zip(names, values).map { name, values in
            AnswerColumn(
                CoverageFields.field(name) ?? Field(name, .text, de: name, en: name), values)
        }
        return AnalysisAnswer(
            .coverage, account(query, analysis.completeness, analysis.selection, base: figures.base),
            totals: [
                ("people", .integer(Int(figures.totalPeople))),
                ("people_in_no_area", .integer(Int(figures.unassigned.people))),
                ("cells_in_no_area", .integer(figures.unassigned.cells)),
                ("offers_located_in_no_area", .integer(figures.offersLocatedInNoArea)),
            ], rows: "areas", columns: columns + [missing.answerColumn],
            geometry: .surfaces(try outlines(areas.map(\.key), query.level)),
            plainFields: [
                "key", "name", "people", "distance_mean_m", "distance_median_m", "distance_p90_m", "distance_max_m",
                "share_within_\(Self.name(of: query.radius))_m", "gap_people", "offers_located", "offers_serving",
            ])
    }

    private func access(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let keys = try areaKeys(query)
        let analysis = try analysis(query.filter, cancellation)
        let demand = analysis.demand
        let isGrid = demand.base == .censusCells
        let table = isGrid ? snapshot.populationCells : snapshot.municipalities
        let districts = table.code("district_key")
        let municipalities = table.code("municipality_key")
        let municipality = { (row: Int) in isGrid ? municipalities[row] : table.identifiers[row] }
        let points = (0..<demand.count).filter { point in
            guard let keys else { return true }
            let row = demand.rows[point]
            return [municipality(row), districts[row]].contains { $0.map(keys.contains) ?? false }
        }
        let offers = snapshot.offers
        var cells = TextColumn()
        var nearest = CodeColumn()
        var nearestTitles = CodeColumn()
        var numbers: [Int32: (id: UInt32, title: UInt32)] = [:]
        var districtKeys = CodeColumn()
        var municipalityKeys = CodeColumn()
        var missing = MissingReasons()
        let titles = offers.text("title")
        for (count, point) in points.enumerated() {
            if count % 16_384 == 0 { try cancellation.check() }
            let row = demand.rows[point]
            cells.append(table.identifiers[row] ?? "")
            districtKeys.append(districts[row] ?? "")
            municipalityKeys.append(municipality(row) ?? "")
            if let offer = analysis.access?.offers[point] {
                let number =
                    numbers[offer]
                    ?? (
                        nearest.number(of: offers.identifiers[Int(offer)] ?? ""),
                        nearestTitles.number(of: titles[Int(offer)] ?? "")
                    )
                numbers[offer] = number
                nearest.append(number: number.id)
                nearestTitles.append(number: number.title)
            } else {
                nearest.appendNull()
                nearestTitles.appendNull()
                missing.note("distance_m", .noUsableOffer)
            }
            missing.endRow()
        }
        let distances = points.map { analysis.access?.distances[$0] ?? .nan }
        let positions = points.map { demand.positions[$0] }
        return AnalysisAnswer(
            .access, account(query, analysis.completeness, analysis.selection, base: demand.base),
            rows: "cells",
            columns: [
                AnswerColumn(
                    Field("cell", .text, de: "Zelle (Demand point)", en: "Cell", isRequired: true), .text(cells)),
                AnswerColumn(
                    Field("people", .integer, unit: "{people}", de: "Einwohner", en: "People"),
                    .integer(points.map { demand.people[$0] })),
                AnswerColumn(
                    Field(
                        "distance_m", .real, unit: "m", de: "Entfernung zum nächsten Angebot",
                        en: "Distance to the nearest offer"),
                    .real(distances)),
                AnswerColumn(
                    Field("nearest_offer_id", .code, de: "Nächstes Angebot", en: "Nearest offer"), .code(nearest)),
                AnswerColumn(
                    Field(
                        "nearest_offer_title", .code, de: "Titel des nächsten Angebots",
                        en: "Title of the nearest offer"),
                    .code(nearestTitles)),
                AnswerColumn(
                    Field("district_key", .code, de: "Kreisschlüssel", en: "District key"), .code(districtKeys)),
                AnswerColumn(
                    Field("municipality_key", .code, de: "Gemeindeschlüssel", en: "Municipality key"),
                    .code(municipalityKeys)),
                missing.answerColumn,
            ],
            geometry: .points(longitudes: positions.map(\.longitude), latitudes: positions.map(\.latitude)),
            plainFields: ["cell", "people", "distance_m", "nearest_offer_id", "municipality_key"])
    }

    private func nearest(_ query: AnalyticalQuery) throws -> AnalysisAnswer {
        let neighbourhood = try neighbourhood(query.filter)
        let neighbours =
            if let position = query.position {
                try neighbourhood.nearest.nearest(query.neighbours, to: position)
            } else {
                [NearestOffers.Neighbour]()
            }
        let offers = snapshot.offers
        let rows = neighbours.map(\.offer)
        let column = { (name: String) -> [FieldValue] in rows.map { offers[field: name]?[$0] ?? .null } }
        let field = { (name: String) in offers.schema.fields.first { $0.name == name } }
        var columns = [
            AnswerColumn(
                Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
                rows.map { .text(offers.identifiers[$0] ?? "") }),
            AnswerColumn(
                Field("rank", .integer, unit: "1", de: "Rang", en: "Rank"),
                neighbours.indices.map { .integer(Int64($0 + 1)) }),
            AnswerColumn(
                Field("distance_m", .real, unit: "m", de: "Entfernung", en: "Distance"),
                neighbours.map { .real($0.distance.value) }),
            AnswerColumn(
                Field("bearing_deg", .real, unit: "deg", de: "Richtung von Nord", en: "Bearing from north"),
                neighbours.map { $0.bearing.map { .real($0) } ?? .null }),
        ]
        for name in [
            "title", "actor_id", "actor_name", "category", "delivery", "precision", "place", "district_key",
            "municipality_key", "status",
        ] {
            if let field = field(name) { columns.append(AnswerColumn(field, column(name))) }
        }
        let positions = rows.map { offers.point($0) }
        let longitudes = positions.map { $0?.longitude ?? .nan }
        let latitudes = positions.map { $0?.latitude ?? .nan }
        columns.append(
            AnswerColumn(Field("lon", .real, unit: "deg", de: "Länge", en: "Longitude"), .real(longitudes)))
        columns.append(
            AnswerColumn(Field("lat", .real, unit: "deg", de: "Breite", en: "Latitude"), .real(latitudes)))
        var missing = MissingReasons()
        for neighbour in neighbours {
            // At the place itself every direction is as good as any other.
            missing.note("bearing_deg", neighbour.bearing == nil ? "same_place" : nil)
            missing.endRow()
        }
        return AnalysisAnswer(
            .nearest, account(query, neighbourhood.completeness, neighbourhood.selection, base: nil),
            totals: neighbours.isEmpty ? [("missing", .string(MissingReason.noUsableOffer.rawValue))] : [],
            rows: "offers", columns: columns + [missing.answerColumn],
            geometry: .points(longitudes: longitudes, latitudes: latitudes),
            plainFields: ["rank", "distance_m", "bearing_deg", "id", "title", "actor_name", "precision"])
    }

    // MARK: - What answers share

    /// The areas whose people are meant, or nil for all.
    private func areaKeys(_ query: AnalyticalQuery) throws(FilterError) -> AreaKeys? {
        query.areas.isEmpty ? nil : try AreaKeys(query.areas, parameter: "area", in: snapshot)
    }

    private func account(
        _ query: AnalyticalQuery, _ completeness: Completeness, _ selection: OfferSelection, base: Demand.Base?
    ) -> AnswerAccount {
        AnswerAccount(
            parameters: query.described, dataVersion: snapshot.dataVersion.description, base: base?.rawValue,
            date: query.filter.day?.description, completeness: completeness, attribution: snapshot.attribution,
            sources: sources(of: selection))
    }

    /// The documents that the selected offers cite, in the order of their ids.
    private func sources(of selection: OfferSelection) -> [JSON] {
        let cited = snapshot.offers.code("source_id")
        var isCited = [Bool](repeating: false, count: cited.dictionary.count + 1)
        for row in selection.rows { isCited[Int(cited.codes[row])] = true }
        let table = snapshot.sources
        return cited.dictionary.codes.enumerated().filter { isCited[$0.offset + 1] }.map(\.element)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { id in
                guard let row = FeatureTable.row(of: id, in: table.identifiers) else { return ["id": .string(id)] }
                let members = ["title", "publisher", "year", "url", "licence", "attribution"].compactMap { name in
                    table[field: name].map { (name, $0[row].json) }
                }
                return .object([("id", .string(id))] + members)
            }
    }

    /// The outlines of areas; an empty one where none is known.
    private func outlines(_ keys: [String], _ level: AreaLevel) throws -> [MultiPolygon<Geographic>] {
        let none = MultiPolygon<Geographic>([])
        switch level {
        case .district:
            return keys.map { snapshot.districtRows.row(of: $0).flatMap { snapshot.districts.surface($0) } ?? none }
        case .municipality:
            return keys.map {
                snapshot.municipalityRows.row(of: $0).flatMap { snapshot.municipalities.surface($0) } ?? none
            }
        case .state:
            let outlines = try states.value { try stateOutlines() }
            return keys.map { outlines[$0] ?? none }
        }
    }

    /// The districts of each state as one surface.
    private func stateOutlines() throws -> [String: MultiPolygon<Geographic>] {
        let districts = snapshot.districts
        let rows = Dictionary(grouping: 0..<districts.count) { String((districts.identifiers[$0] ?? "").prefix(2)) }
        let context = try GEOSContext()
        var result: [String: MultiPolygon<Geographic>] = [:]
        for (key, rows) in rows { result[key] = try context.union(rows.compactMap { districts.surface($0) }) }
        return result
    }

    /// A radius as it stands in names.
    private static func name(of radius: Metres) -> String {
        Int64(exactly: radius.value).map(String.init) ?? "\(radius.value)"
    }
}
