import Analysis
import HTTPTypes
import NIOCore

/// The forms of an answer.
enum AnswerFormat: String, Sendable, CaseIterable {
    case json
    case csv
    case geojson
    case html

    /// The media type of the form.
    var mediaType: String {
        switch self {
        case .json: MediaTypes.json
        case .csv: MediaTypes.csv
        case .geojson: MediaTypes.geoJSON
        case .html: MediaTypes.html
        }
    }

    /// The media types by which a client may ask for the form, its own first.
    fileprivate var accepted: [String] {
        switch self {
        case .json: [MediaTypes.json]
        case .csv: ["text/csv"]
        case .geojson: [MediaTypes.geoJSON]
        case .html: ["text/html", "application/xhtml+xml"]
        }
    }
}

extension QueryParameter {
    static let answerFormat = QueryParameter(
        "f", de: "Darstellung; geht dem Feld Accept vor", en: "Representation; takes precedence over the Accept field",
        schema: ["type": "string", "enum": .array(AnswerFormat.allCases.map { .string($0.rawValue) })])
}

extension Site {
    /// The answer to an analytical question, in the form that the client wants.
    ///
    /// An answer about a place says where somebody is: it is kept nowhere, neither here nor by the client.
    func analysis(_ question: AnalyticalQuestion, _ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: question.parameters.map(\.name) + ["f", "lang"])
        let query = try AnalyticalQuery(question, exchange.query)
        let format = try exchange.answerFormat()
        let language = try exchange.language()
        let make = { @Sendable [pages] (cancellation: Cancellation) throws -> [UInt8] in
            let answer = try exchange.served.analyst.answer(query, cancellation: cancellation)
            let links = exchange.answerLinks(query, format)
            return switch format {
            case .json: answer.json(links: links.json(language))
            case .geojson: answer.geoJSON(links: links.json(language))
            case .csv: answer.csv
            case .html: pages.answer(answer, exchange, links: links, language: language)
            }
        }
        let vary = ["Accept", "Accept-Language"]
        guard !question.isPersonal else {
            let bytes = try await analysts.run(for: exchange.client, make)
            return Answer(
                .whole(Representation(ByteBuffer(bytes: bytes), mediaType: format.mediaType)), caching: .noStore,
                vary: vary)
        }
        let variant = "/\(question.rawValue)?\(QueryParameters.encode(query.items)) \(format) \(language)"
        let result = try await representation(
            exchange, variant: variant, mediaType: format.mediaType, make: make)
        return Answer(.whole(result), caching: .revalidate, vary: vary)
    }
}

extension Exchange {
    /// Chooses the form of an answer, one of those there are: by `f`, else by `Accept`.
    func answerFormat(of formats: [AnswerFormat] = AnswerFormat.allCases) throws(Problem) -> AnswerFormat {
        let names = formats.map(\.rawValue).joined(separator: ", ")
        if let name = query["f"] {
            guard let format = AnswerFormat(rawValue: name), formats.contains(format) else {
                throw Problem(
                    .badRequest, "parameter 'f' has the value '\(name.clipped)'; expected one of \(names)",
                    parameter: "f")
            }
            return format
        }
        guard
            let position = Negotiation.mediaType(
                head.headerFields[.accept], offers: formats.map(\.accepted))
        else { throw Problem(.notAcceptable, "available here: \(names) (parameter f)") }
        return formats[position]
    }

    /// The links of an answer: itself, its other forms, the definitions.
    fileprivate func answerLinks(_ query: AnalyticalQuery, _ format: AnswerFormat) -> [Link] {
        answerLinks(query.items, format)
    }

    /// The links of an answer to a question of these parameters.
    func answerLinks(
        _ items: [(String, String)], _ format: AnswerFormat, of formats: [AnswerFormat] = AnswerFormat.allCases
    ) -> [Link] {
        let link = { (other: AnswerFormat) in
            Link(
                href: url(path, items + [("f", other.rawValue)]), rel: other == format ? "self" : "alternate",
                type: other.mediaType,
                title: Localized(
                    de: "Diese Antwort als \(other.rawValue)", en: "This answer as \(other.rawValue)"))
        }
        return [link(format)] + formats.filter { $0 != format }.map(link) + [
            Link(
                href: url("/api/definitions"), rel: "describedby", type: MediaTypes.json,
                title: Localized(de: "Definitionen", en: "Definitions"))
        ]
    }
}
