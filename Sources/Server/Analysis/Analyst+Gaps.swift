import Analysis
import Geometry
import NetworkModel

extension Analyst {
    /// What no offer reaches, a row for each surface.
    func gaps(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let isMeant = try areaChoice(query)
        let analysis = try analysis(query, cancellation)
        let figures = try gapFigures(query, analysis, cancellation).only(isMeant)
        // Collections are looked up by identifier: `15081-10` stands before `15081-2`.
        let polygons = figures.polygons.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        let people = figures.areas.compactMap(\.gapPeople.value)
        let isCounted = analysis.demand.base != .none
        var totals: [(String, JSON)] = [
            (
                "gap_people",
                isCounted && people.count == figures.areas.count ? .integer(Int(people.reduce(0, +))) : .null
            ),
            (
                "gap_people_without_polygon",
                isCounted ? .integer(Int(figures.areas.reduce(0) { $0 + $1.peopleWithoutPolygon })) : .null
            ),
            ("disc_vertices", .integer(figures.discVertices)),
        ]
        if let reason = figures.reason ?? (isCounted ? nil : .populationNotLoaded) {
            totals.append(("missing", .string(reason.rawValue)))
        }
        var missing = MissingReasons()
        for _ in polygons {
            for name in ["people", "cells"] { missing.note(name, isCounted ? nil : .populationNotLoaded) }
            missing.endRow()
        }
        return AnalysisAnswer(
            query.definition, account(query, analysis.completeness, analysis.selection, base: analysis.demand.base),
            totals: totals, rows: "gaps",
            columns: [
                AnswerColumn(
                    Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
                    polygons.map { .text($0.id) }),
                AnswerColumn(
                    Field("area_key", .code, de: "Schlüssel des Gebiets", en: "Key of the area"),
                    polygons.map { .text($0.areaKey) }),
                AnswerColumn(
                    Field("area_name", .code, de: "Name des Gebiets", en: "Name of the area"),
                    polygons.map { $0.areaName.map { .text($0) } ?? .null }),
                AnswerColumn(
                    Field("people", .integer, unit: "{people}", de: "Einwohner", en: "People"),
                    polygons.map { isCounted ? .integer($0.people) : .null }),
                AnswerColumn(
                    Field("cells", .integer, unit: "1", de: "Bewohnte Zellen", en: "Inhabited cells"),
                    polygons.map { isCounted ? .integer(Int64($0.cells)) : .null }),
                AnswerColumn(
                    Field("area_m2", .real, unit: "m2", de: "Geodätische Fläche", en: "Geodesic area"),
                    polygons.map { .real($0.area.value) }),
                missing.answerColumn,
            ], geometry: .surfaces(polygons.map(\.surface)),
            plainFields: ["id", "area_name", "people", "cells", "area_m2"])
    }
}
