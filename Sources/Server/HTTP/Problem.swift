import HTTPTypes

/// A refusal as problem details (RFC 9457): what is wrong with the request and what would be right.
///
/// Never carries anything internal: no path, no message of another library.
struct Problem: Error, Sendable {
    /// The status of the answer.
    var status: HTTPResponse.Status
    /// What is wrong, for people.
    var detail: String
    /// The parameter in question, where it is one.
    var parameter: String?
    /// Where to go on from here, where there is such a place.
    var restart: String?
    /// Further members of the document.
    var members: [(String, JSON)] = []
    /// Further header fields.
    var headers: HTTPFields = [:]

    init(
        _ status: HTTPResponse.Status, _ detail: String, parameter: String? = nil, restart: String? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.detail = detail
        self.parameter = parameter
        self.restart = restart
        self.headers = headers
    }

    /// The document, `application/problem+json`.
    var json: JSON {
        var members: [(String, JSON)] = [
            ("type", "about:blank"), ("title", .string(status.reasonPhrase)), ("status", .integer(status.code)),
            ("detail", .string(detail)),
        ]
        if let parameter { members.append(("parameter", .string(parameter))) }
        if let restart { members.append(("restart", .string(restart))) }
        return .object(members + self.members)
    }
}
