import Analysis
import Geometry
import NetworkModel

extension Analyst {
    /// The figures of areas, a row each.
    func coverage(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let isMeant = try areaChoice(query)
        let analysis = try analysis(query, cancellation)
        try cancellation.check()
        let figures = try analysis.figures(query.level, radius: query.radius)
        let areas = figures.areas.filter { isMeant($0.key) }
        let gaps = try pictures(query, analysis, cancellation)
        let names = (areas.first ?? figures.areas.first)?.properties.map(\.name) ?? ["key", "name"]
        var missing = MissingReasons()
        var values: [[FieldValue]] = Array(repeating: [], count: names.count + 2)
        for area in areas {
            for (position, property) in area.properties.enumerated() {
                // Where nobody is counted, no inhabited cell is known either.
                let isUnknown = property.name == "cells" && figures.base == .none
                values[position].append(isUnknown ? .null : property.value)
                missing.note(property.name, isUnknown ? .populationNotLoaded : property.reason)
            }
            let found = gaps.areas[area.key]
            for (offset, surface) in [found?.gapArea, found?.coveredArea].enumerated() {
                let name = CoverageFields.surfaces[offset].name
                values[names.count + offset].append(surface?.value.map { .real($0.value) } ?? .null)
                missing.note(name, surface.map { $0.reason?.rawValue } ?? gaps.reason)
            }
            missing.endRow()
        }
        let fields = names.map { CoverageFields.field($0) ?? Field($0, .text, de: $0, en: $0) }
        let radius = Self.name(of: query.radius)
        var totals = totals(query, areas.compactMap(\.people.value), figures, analysis.selection)
        if let outreach = figures.outreach {
            totals.append(
                (
                    "outreach",
                    [
                        "offers": .integer(outreach.rows.count), "wider_than_a_district": .integer(outreach.wider),
                        "without_service_area": .integer(outreach.withoutServiceArea),
                    ]
                ))
        }
        return AnalysisAnswer(
            query.definition,
            account(query, analysis.completeness, analysis.selection, base: figures.base, rateBase: "register"),
            totals: totals, rows: "areas",
            columns: zip(fields + CoverageFields.surfaces, values).map { AnswerColumn($0, $1) } + [
                missing.answerColumn
            ],
            geometry: .surfaces(try surfaces(areas.map(\.key), query.level)),
            plainFields: [
                "key", "name", "people", "distance_mean_m", "distance_median_m", "distance_p90_m", "distance_max_m",
                "share_within_\(radius)_m", "gap_people", "gap_area_m2", "offers_located", "offers_serving",
            ] + (query.options.includesOutreach ? ["outreach_share_within_\(radius)_m", "outreach_gap_people"] : []))
    }

    /// What belongs to no area; no people, and the reason, where nobody is counted.
    private func totals(
        _ query: AnalyticalQuery, _ people: [Int64], _ figures: CoverageFigures, _ selection: OfferSelection
    ) -> [(String, JSON)] {
        let isCounted = figures.base != .none
        var result: [(String, JSON)] = [("people", isCounted ? .integer(Int(people.reduce(0, +))) : .null)]
        if query.areas.isEmpty {
            let placeless = offersWithoutPlace(selection)
            result += [
                ("people_in_no_area", isCounted ? .integer(Int(figures.unassigned.people)) : .null),
                ("cells_in_no_area", isCounted ? .integer(figures.unassigned.cells) : .null),
                ("offers_located_in_no_area", .integer(figures.offersLocatedInNoArea - placeless)),
                ("offers_without_place", .integer(placeless)),
            ]
        }
        if !isCounted { result.append(("missing", .string(MissingReason.populationNotLoaded.rawValue))) }
        return result
    }

    /// How many selected offers state no municipality, no district and no position. Those are located in no area.
    private func offersWithoutPlace(_ selection: OfferSelection) -> Int {
        let offers = snapshot.offers
        let (municipalities, districts) = (offers.code("municipality_key"), offers.code("district_key"))
        return selection.rows.count {
            municipalities[$0] == nil && districts[$0] == nil && offers.point($0) == nil
        }
    }

    /// The gaps of each area, and the reason where there are none because the outlines do not allow it: figures over
    /// distances need no outlines.
    private func pictures(
        _ query: AnalyticalQuery, _ analysis: CoverageAnalysis, _ cancellation: Cancellation
    ) throws(AnalysisError) -> (areas: [String: AreaGaps], reason: String) {
        do throws(AnalysisError) {
            let figures = try gapFigures(query, analysis, cancellation)
            let areas = Dictionary(figures.areas.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
            return (areas, MissingReason.areaNotStated.rawValue)
        } catch {
            guard case .outlines = error else { throw error }
            return ([:], "outlines_cannot_be_used")
        }
    }

    /// The coverage curve, a row for each area and radius.
    func curve(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let isMeant = try areaChoice(query)
        let analysis = try analysis(query, cancellation)
        let figures = try analysis.figures(query.level, radius: query.radius)
        let curves = try analysis.curves(query.level)
        var missing = MissingReasons()
        var (ids, keys, names): ([FieldValue], [FieldValue], [FieldValue]) = ([], [], [])
        var (radii, people, shares): ([FieldValue], [FieldValue], [FieldValue]) = ([], [], [])
        for (area, curve) in zip(figures.areas, curves) where isMeant(area.key) {
            for step in curve.steps {
                ids.append(.text("\(area.key)/\(Self.name(of: step.radius))"))
                keys.append(.text(area.key))
                names.append(area.name.map { .text($0) } ?? .null)
                radii.append(.real(step.radius.value))
                people.append(step.people.value.map { .integer($0) } ?? .null)
                shares.append(step.share.value.map { .real($0) } ?? .null)
                missing.note("people_within", step.people.reason)
                missing.note("share_within", step.share.reason)
                missing.endRow()
            }
        }
        let columns = [
            AnswerColumn(Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true), ids),
            AnswerColumn(Field("key", .code, de: "Amtlicher Schlüssel", en: "Official key"), keys),
            AnswerColumn(Field("name", .code, de: "Name", en: "Name"), names),
            AnswerColumn(Field("radius_m", .real, unit: "m", de: "Radius", en: "Radius"), radii),
            AnswerColumn(
                Field(
                    "people_within", .integer, unit: "{people}", de: "Einwohner im Umkreis",
                    en: "People within the radius"), people),
            AnswerColumn(
                Field("share_within", .real, unit: "1", de: "Anteil der Einwohner", en: "Share of people"), shares),
            missing.answerColumn,
        ]
        let shown = figures.areas.filter { isMeant($0.key) }
        return AnalysisAnswer(
            query.definition, account(query, analysis.completeness, analysis.selection, base: figures.base),
            totals: totals(query, shown.compactMap(\.people.value), figures, analysis.selection), rows: "steps",
            columns: columns,
            plainFields: ["key", "name", "radius_m", "people_within", "share_within"])
    }
}
