import HTTPTypes

/// One request with what it took at its start: everything that its answer is made from.
struct Exchange: Sendable {
    let head: HTTPRequest
    let route: Route
    let query: QueryParameters
    let base: BaseURL
    let served: ServedSnapshot
    /// Whether somebody still waits for the answer.
    let client: ClientPresence

    /// How an answer is written.
    enum Format: String, Sendable {
        case json
        case html
    }

    /// Chooses between JSON and HTML: by `f`, else by `Accept`.
    ///
    /// - Parameter json: the media types that ask for the JSON form, its own first.
    /// - Throws: a problem of status 400 for an unknown `f`, 406 where the client accepts neither.
    func format(json: [String]) throws(Problem) -> Format {
        if let name = query["f"] {
            guard let format = Format(rawValue: name) else {
                throw Problem(
                    .badRequest, "parameter 'f' has the value '\(name.clipped)'; expected 'json' or 'html'",
                    parameter: "f")
            }
            return format
        }
        let offers = [json, ["text/html", "application/xhtml+xml"]]
        switch Negotiation.mediaType(head.headerFields[.accept], offers: offers) {
        case 0: return .json
        case 1: return .html
        default:
            throw Problem(.notAcceptable, "available here: \(json[0]) and text/html (or f=json, f=html)")
        }
    }

    /// Chooses the language of texts: by `lang`, else by `Accept-Language`, else German.
    func language(of offers: [String] = Localized.languages) throws(Problem) -> String {
        if let name = query["lang"] {
            guard offers.contains(name) else {
                throw Problem(
                    .badRequest,
                    "parameter 'lang' has the value '\(name.clipped)'; expected one of \(offers.joined(separator: ", "))",
                    parameter: "lang")
            }
            return name
        }
        return offers[Negotiation.language(head.headerFields[.acceptLanguage], offers: offers)]
    }

    /// An absolute URL on this server.
    func url(_ path: String, _ parameters: [QueryParameters.Item] = []) -> String {
        parameters.isEmpty ? "\(base)\(path)" : "\(base)\(path)?\(QueryParameters.encode(parameters))"
    }
}
