import Analysis
import Geometry
import NetworkModel

extension Analyst {
    /// The nearest offers of a point.
    func nearest(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let neighbourhood = try neighbourhood(query.filter, cancellation)
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
            query.definition, account(query, neighbourhood.completeness, neighbourhood.selection, base: nil),
            totals: neighbours.isEmpty ? [("missing", .string(MissingReason.noUsableOffer.rawValue))] : [],
            rows: "offers", columns: columns + [missing.answerColumn],
            geometry: .points(longitudes: longitudes, latitudes: latitudes),
            plainFields: ["rank", "distance_m", "bearing_deg", "id", "title", "actor_name", "precision"])
    }
}
