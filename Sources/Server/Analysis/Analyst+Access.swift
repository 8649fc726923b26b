import Analysis
import Geometry
import NetworkModel

extension Analyst {
    /// The nearest offer of each cell.
    func access(_ query: AnalyticalQuery, _ cancellation: Cancellation) throws -> AnalysisAnswer {
        let isMeant = try areaChoice(query)
        let analysis = try analysis(query, cancellation)
        let demand = analysis.demand
        let isGrid = demand.base == .censusCells
        let table = isGrid ? snapshot.populationCells : snapshot.municipalities
        let districts = table.code("district_key")
        let municipalities = table.code("municipality_key")
        let municipality = { (row: Int) in isGrid ? municipalities[row] : table.identifiers[row] }
        let points = demandPoints(demand, query, isMeant)
        let offers = snapshot.offers
        var cells = TextColumn()
        var nearest = CodeColumn()
        var nearestTitles = CodeColumn()
        var numbers: [Int32: (id: UInt32, title: UInt32)] = [:]
        var districtKeys = CodeColumn()
        var municipalityKeys = CodeColumn()
        var scores: [Double] = []
        var missing = MissingReasons()
        let method = "access_\(analysis.options.bands.method.rawValue)"
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
            let score = analysis.catchment.score(of: point)
            scores.append(score.value ?? .nan)
            missing.note(method, score.reason)
            missing.endRow()
        }
        let distances = points.map { analysis.access?.distances[$0] ?? .nan }
        let positions = points.map { demand.positions[$0] }
        return AnalysisAnswer(
            query.definition, account(query, analysis.completeness, analysis.selection, base: demand.base),
            rows: "cells",
            columns: [
                AnswerColumn(
                    Field("cell", .text, de: "Zelle", en: "Cell", isRequired: true), .text(cells)),
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
                    CoverageFields.field(method) ?? Field(method, .real, de: method, en: method), .real(scores)),
                AnswerColumn(
                    Field("district_key", .code, de: "Kreisschlüssel", en: "District key"), .code(districtKeys)),
                AnswerColumn(
                    Field("municipality_key", .code, de: "Gemeindeschlüssel", en: "Municipality key"),
                    .code(municipalityKeys)),
                missing.answerColumn,
            ],
            geometry: .points(longitudes: positions.map(\.longitude), latitudes: positions.map(\.latitude)),
            plainFields: ["cell", "people", "distance_m", "nearest_offer_id", method, "municipality_key"])
    }
}
