import Analysis
import Geometry
import HTTPTypes
import NetworkModel

extension Analyst {
    /// Where further offers would help most, a row for each of them.
    func siting(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let isMeant = try areaChoice(query)
        let analysis = try analysis(query, cancellation)
        let demand = analysis.demand
        let points = demandPoints(demand, query, isMeant)
        let candidates = sitingCandidates(query, isMeant)
        try Self.require(candidates, for: query)
        let isCounted = demand.base != .none
        let siting = try Siting(
            query.siting, candidates: candidates,
            positions: points.map { demand.positions[$0] },
            people: points.map { demand.people[$0] },
            existing: analysis.access.map { access in points.map { access.distances[$0] } },
            emptyReason: isCounted ? .noPopulation : .populationNotLoaded, cancellation: cancellation)
        var totals: [(String, JSON)] = [
            ("people", isCounted ? .integer(Int(points.reduce(Int64(0)) { $0 + demand.people[$1] })) : .null),
            ("before", siting.before.json),
            ("objective", siting.missing == nil ? .real(siting.objective) : .null),
            ("objective_bound", siting.missing == nil ? .real(siting.objectiveBound) : .null),
            ("objective_unit", query.siting.method == .maximalCovering ? "{people}" : "{people}.m"),
            ("proven_optimal", .bool(siting.isProvenOptimal)), ("candidates", .integer(siting.candidates.count)),
        ]
        if let reason = siting.missing { totals.append(("missing", .string(reason.rawValue))) }
        return AnalysisAnswer(
            query.definition, account(query, analysis.completeness, analysis.selection, base: demand.base),
            totals: totals, rows: "stops", columns: columns(of: siting),
            geometry: .points(
                longitudes: siting.stops.map { siting.candidates[$0.candidate].position.longitude },
                latitudes: siting.stops.map { siting.candidates[$0.candidate].position.latitude }),
            plainFields: [
                "rank", "key", "name", "people_gained", "share_gained", "people_within", "share_within",
                "distance_mean_m",
            ])
    }

    /// Refuses more stops than there are places.
    private static func require(_ candidates: [SitingCandidate], for query: AnalyticalQuery) throws(Problem) {
        guard candidates.count < query.siting.stops else { return }
        let subject =
            query.candidates != nil
            ? "parameter 'candidates'"
            : query.areas.isEmpty ? "the network" : query.areas.joined(separator: ",").clipped
        let count = candidates.count
        throw Problem(
            .badRequest,
            count == 0
                ? "\(subject) has no candidates; name places with the parameter 'candidates'"
                : "parameter 'stops': \(subject) has \(count) candidate\(count == 1 ? "" : "s"); at most \(count)"
                    + " stop\(count == 1 ? "" : "s") can be chosen",
            parameter: count == 0 ? "candidates" : "stops")
    }

    /// The places that were given, else the municipalities of the areas that are meant.
    private func sitingCandidates(_ query: AnalyticalQuery, _ isMeant: (String) -> Bool) -> [SitingCandidate] {
        guard let places = query.candidates else {
            return SitingCandidate.municipalities(of: snapshot).filter { isMeant($0.key) }
        }
        return places.enumerated().map { SitingCandidate(key: "point-\($0.offset + 1)", position: $0.element) }
    }

    private func columns(of siting: Siting) -> [AnswerColumn] {
        let stops = siting.stops
        let places = stops.map { siting.candidates[$0.candidate] }
        var missing = MissingReasons()
        for (stop, place) in zip(stops, places) {
            missing.note("name", place.name == nil ? "point_without_name" : nil)
            missing.note("people_metres_gained", stop.peopleMetresGained.reason)
            missing.note("people_within", stop.service.peopleWithin.reason)
            missing.note("share_within", stop.service.share.reason)
            missing.note("distance_mean_m", stop.service.meanDistance.reason)
            missing.endRow()
        }
        let real = { (figure: Figure<Double>) -> FieldValue in figure.value.map { .real($0) } ?? .null }
        return [
            AnswerColumn(
                Field("key", .text, de: "Schlüssel des Ortes", en: "Key of the place", isRequired: true),
                places.map { .text($0.key) }),
            AnswerColumn(
                Field("rank", .integer, unit: "1", de: "Rang", en: "Rank"),
                stops.indices.map { .integer(Int64($0 + 1)) }),
            AnswerColumn(
                Field("name", .text, de: "Name", en: "Name"), places.map { $0.name.map { .text($0) } ?? .null }),
            AnswerColumn(
                Field("lon", .real, unit: "deg", de: "Länge", en: "Longitude"),
                places.map { .real($0.position.longitude) }),
            AnswerColumn(
                Field("lat", .real, unit: "deg", de: "Breite", en: "Latitude"),
                places.map { .real($0.position.latitude) }),
            AnswerColumn(
                Field(
                    "people_gained", .integer, unit: "{people}", de: "Einwohner, die hinzukommen", en: "People gained"),
                stops.map { .integer($0.peopleGained) }),
            AnswerColumn(
                Field("share_gained", .real, unit: "1", de: "Anteil, der hinzukommt", en: "Share gained"),
                stops.map { .real($0.shareGained) }),
            AnswerColumn(
                Field(
                    "people_metres_gained", .real, unit: "{people}.m", de: "Kürzere Wege, Summe über Einwohner",
                    en: "Shorter ways, sum over people"),
                stops.map { real($0.peopleMetresGained) }),
            AnswerColumn(
                Field(
                    "people_within", .integer, unit: "{people}", de: "Einwohner im Umkreis danach",
                    en: "People within the radius then"),
                stops.map { $0.service.peopleWithin.value.map { .integer($0) } ?? .null }),
            AnswerColumn(
                Field(
                    "share_within", .real, unit: "1", de: "Anteil an allen Einwohnern danach",
                    en: "Share of all people then"),
                stops.map { real($0.service.share) }),
            AnswerColumn(
                Field("distance_mean_m", .real, unit: "m", de: "Mittlere Entfernung danach", en: "Mean distance then"),
                stops.map { $0.service.meanDistance.value.map { .real($0.value) } ?? .null }),
            missing.answerColumn,
        ]
    }
}

extension Siting.Service {
    /// As it stands in answers; what is missing is null, with the reason beside.
    fileprivate var json: JSON {
        let reason = [peopleWithin.reason, share.reason, meanDistance.reason].compactMap { $0 }.first
        let members: [(String, JSON)] = [
            ("people_within", peopleWithin.value.map { .integer(Int($0)) } ?? .null),
            ("share_within", share.value.map { .real($0) } ?? .null),
            ("distance_mean_m", meanDistance.value.map { .real($0.value) } ?? .null),
        ]
        return .object(members + (reason.map { [("missing", .string($0.rawValue))] } ?? []))
    }
}
