import Analysis
import Geometry
import HTTPTypes
import NIOCore

extension RuralAnswer {
    /// The forms of the answer.
    static let formats: [AnswerFormat] = [.json, .csv, .geojson, .html]
}

extension QueryParameter {
    static let ruralLevel = QueryParameter(
        "level", de: "Gebiete: Kreisregion (Vorgabe), Kreis oder Gemeinde",
        en: "Areas: district region (default), district or municipality",
        schema: [
            "type": "string", "enum": .array(RuralLevel.allCases.map { .string($0.rawValue) }), "default": "region",
        ])
    static let ruralFormat = QueryParameter(
        "f", de: "Darstellung; geht dem Feld Accept vor", en: "Representation; takes precedence over the Accept field",
        schema: ["type": "string", "enum": .array(RuralAnswer.formats.map { .string($0.rawValue) })])
}

extension Site {
    /// The rural index of the areas of a level, in the form that the client wants.
    func rural(_ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: ["level", "f", "lang"])
        let level = try exchange.ruralLevel()
        let format = try exchange.answerFormat(of: RuralAnswer.formats)
        let language = try exchange.language()
        let links = exchange.answerLinks([("level", level.rawValue)], format, of: RuralAnswer.formats)
        let result = try await representation(
            exchange, variant: "/rural?\(level.rawValue) \(format) \(language)", mediaType: format.mediaType
        ) { [pages] cancellation in
            let answer = try exchange.served.rural(level, cancellation)
            return switch format {
            case .csv: answer.csv
            case .geojson: try answer.geoJSON(links: links.json(language))
            case .json: answer.json(links: links.json(language))
            case .html: pages.rural(answer, exchange, links: links, language: language)
            }
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept", "Accept-Language"])
    }
}

extension ServedSnapshot {
    /// The answer about a level. That of the regions is kept, as pages and tiles need it too; of the others only the
    /// representations made of them are.
    ///
    /// - Throws: `CancellationError`; a problem of status 500 for data that no figure can be made from.
    func rural(_ level: RuralLevel, _ cancellation: Cancellation) throws -> RuralAnswer {
        guard level != .region else { return try ruralRegions(cancellation) }
        do {
            return try RuralAnswer(level, in: snapshot, cancellation: cancellation)
        } catch AnalysisError.cancelled {
            throw CancellationError()
        } catch {
            throw Problem(.internalServerError, error.description)
        }
    }
}

extension Exchange {
    fileprivate func ruralLevel() throws(Problem) -> RuralLevel {
        guard let name = query["level"] else { return .region }
        guard let level = RuralLevel(rawValue: name) else {
            let known = RuralLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                .badRequest, "parameter 'level' has the value '\(name.clipped)'; expected one of \(known)",
                parameter: "level")
        }
        return level
    }
}
