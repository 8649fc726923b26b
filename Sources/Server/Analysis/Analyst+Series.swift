import Analysis
import Geometry
import NetworkModel

extension Analyst {
    /// The figures on each day on which offers begin or have ended, a row for each day and area.
    func series(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let isMeant = try areaChoice(query)
        let selection = try neighbourhood(query.filter, cancellation).selection
        let series = try CoverageSeries(
            query.filter, level: query.level, radius: query.radius, demand: people(), in: snapshot,
            cancellation: cancellation)
        let shown = series.keys.indices.filter { isMeant(series.keys[$0]) }
        var rows = SeriesRows()
        for step in series.steps {
            let day = step.day?.description ?? "start"
            let (begins, ends) = (identifiers(step.begins), identifiers(step.ends))
            for area in shown {
                rows.append(
                    [
                        .text("\(day)/\(series.keys[area])"), step.day.map { .text($0.description) } ?? .null,
                        .text(series.keys[area]), series.names[area].map { .text($0) } ?? .null,
                        .integer(Int64(step.running)), .integer(Int64(step.usable)), begins, ends,
                        series.base == .none ? .null : .integer(series.people[area]),
                    ], step.areas[area])
            }
        }
        let radius = Self.name(of: query.radius)
        return AnalysisAnswer(
            query.definition, account(query, series.completeness, selection, base: series.base),
            totals: [
                ("steps", .integer(series.steps.count)), ("offers_without_dates", .integer(series.undated)),
            ], rows: "rows", columns: rows.columns,
            plainFields: [
                "day", "key", "name", "offers_running", "offers_usable", "distance_mean_m", "share_within_\(radius)_m",
                "gap_people", "gap_people_change", "offers_ended",
            ], plainRows: rows.changes)
    }

    private func identifiers(_ offers: [Int]) -> FieldValue {
        .list(offers.compactMap { snapshot.offers.identifiers[$0] })
    }
}

/// The rows of a series, collected one by one.
private struct SeriesRows {
    private var values: [[FieldValue]] = []
    private var fields: [Field] = []
    private var missing = MissingReasons()
    /// The first rows of each area and those in which its people beyond the radius are more or fewer than before.
    private(set) var changes: [Int] = []

    private static let leading = [
        Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
        Field("day", .date, de: "Ab dem Tag", en: "From the day"),
        Field("key", .code, de: "Amtlicher Schlüssel", en: "Official key"),
        Field("name", .code, de: "Name", en: "Name"),
        Field("offers_running", .integer, unit: "1", de: "Laufende Angebote", en: "Offers running"),
        Field(
            "offers_usable", .integer, unit: "1", de: "Davon mit brauchbarem Ort", en: "Of these with a usable place"),
        Field("offers_begin", .codeList, de: "Angebote, die beginnen", en: "Offers that begin"),
        Field("offers_ended", .codeList, de: "Angebote, die am Vortag endeten", en: "Offers that ended the day before"),
        Field("people", .integer, unit: "{people}", de: "Einwohner", en: "People"),
    ]

    mutating func append(_ leading: [FieldValue], _ step: CoverageSeries.AreaStep) {
        let figures = step.properties
        if fields.isEmpty {
            fields =
                Self.leading
                + figures.map { CoverageFields.field($0.name) ?? Field($0.name, .real, de: $0.name, en: $0.name) }
            values = Array(repeating: [], count: fields.count)
        }
        for (position, value) in (leading + figures.map(\.value)).enumerated() { values[position].append(value) }
        if case .null = leading[1] { missing.note("day", "before_the_first_day") }
        if case .null = leading[8] { missing.note("people", .populationNotLoaded) }
        for figure in figures { missing.note(figure.name, figure.reason) }
        missing.endRow()
        if step.gapPeopleChange.value != 0 { changes.append(values[0].count - 1) }
    }

    var columns: [AnswerColumn] {
        fields.isEmpty
            ? Self.leading.map { AnswerColumn($0, []) } + [missing.answerColumn]
            : zip(fields, values).map { AnswerColumn($0, $1) } + [missing.answerColumn]
    }
}

extension CoverageSeries.AreaStep {
    /// The figures in the order in which they are answered.
    fileprivate var properties: [(name: String, value: FieldValue, reason: MissingReason?)] {
        let length = { (name: String, figure: Figure<Metres>) in
            (name: name, value: figure.value.map { FieldValue.real($0.value) } ?? .null, reason: figure.reason)
        }
        let whole = { (name: String, figure: Figure<Int64>) in
            (name: name, value: figure.value.map { FieldValue.integer($0) } ?? .null, reason: figure.reason)
        }
        var result = [
            length("distance_mean_m", distances.mean), length("distance_median_m", distances.median),
            length("distance_p90_m", distances.p90), length("distance_max_m", distances.maximum),
            length("distance_median_cells_m", distances.cellMedian),
        ]
        for within in distances.within {
            let radius = Analyst.name(of: within.radius)
            result.append(whole("people_within_\(radius)_m", within.people))
            result.append(
                (
                    "share_within_\(radius)_m", within.share.value.map { .real($0) } ?? .null, within.share.reason
                ))
        }
        return result + [whole("gap_people", gapPeople), whole("gap_people_change", gapPeopleChange)]
    }
}
