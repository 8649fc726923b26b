import HTTPTypes
import Hummingbird
import NIOCore

extension Answer {
    /// The answer to a refused request.
    init(_ problem: Problem) {
        self.init(json: problem.json, mediaType: MediaTypes.problem, caching: .noStore)
        status = problem.status
        headers = problem.headers
    }

    /// The answer to OPTIONS, a preflight or not.
    static var options: Answer {
        var answer = Answer(.none, caching: .noStore)
        answer.status = .noContent
        answer.headers[.allow] = Responder.methods.map(\.rawValue).joined(separator: ", ")
        return answer
    }

    /// What a page may load: everything from this origin, MapLibre's worker from a blob, and nothing else; and who may
    /// show it in a frame.
    private var contentSecurityPolicy: String {
        let frame = "frame-ancestors \(frameAncestors)"
        guard let pictures else { return "\(Self.policyOfFiles); \(frame)" }
        return "\(Self.policyOfFiles) \(pictures); connect-src 'self' \(pictures); \(frame)"
    }

    /// The part of it that a page can state itself, where a plain host sends no such field; what pictures may be loaded
    /// stands at its end.
    static let policyOfFiles = """
        default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; worker-src 'self' blob:; \
        style-src 'self'; img-src 'self' data: blob:
        """

    /// Whether a browser shows or runs the answer, so that policies bind something: texts, scripts, styles, SVG and XML.
    private var isDocument: Bool {
        let mediaType =
            switch content {
            case .none: ""
            case .whole(let representation): representation.mediaType
            case .stream(let mediaType, _, _): mediaType
            }
        return mediaType.hasPrefix("text/") || mediaType.hasPrefix("image/svg") || mediaType.hasSuffix("xml")
    }

    /// Applies conditions, encodings and the method, and adds the fields that every response carries.
    ///
    /// - Parameters:
    ///   - acceptsGzip: whether the client takes gzip.
    ///   - isOpen: whether scripts of other origins may read the answer.
    ///   - version: the data version that is served.
    func response(to head: HTTPRequest, acceptsGzip: Bool, isOpen: Bool, version: String) -> Response {
        var fields = headers
        fields.reserveCapacity(fields.count + 16)
        fields[.cacheControl] = caching.field
        fields.append(contentsOf: ResponseFields.ofAll)
        if isDocument {
            fields.append(contentsOf: ResponseFields.ofDocuments)
            fields[.contentSecurityPolicy] = contentSecurityPolicy
        }
        if isOpen {
            fields.append(contentsOf: ResponseFields.openToOtherOrigins)
            if head.method == .options { fields.append(contentsOf: ResponseFields.ofPreflight) }
            fields.set("Kompass-Data-Version", version)
        }
        switch content {
        case .none:
            if !vary.isEmpty { fields[.vary] = vary.joined(separator: ", ") }
            return Self.bodiless(status, fields)
        case .whole(let representation):
            fields[.vary] = (["Accept-Encoding"] + vary).joined(separator: ", ")
            let gzip = acceptsGzip ? representation.gzip : nil
            let tag = gzip == nil ? representation.tag : representation.tag.gzipped
            if status == .ok {
                fields[.eTag] = tag.description
                if let named = head.headerFields[.ifNoneMatch], tag.isNamed(by: named) {
                    return Self.bodiless(.notModified, fields)
                }
            }
            let bytes = gzip ?? representation.plain
            fields[.contentType] = representation.mediaType
            if gzip != nil { fields[.contentEncoding] = "gzip" }
            fields[.contentLength] = bytes.readableBytes.description
            return Response(
                status: status, headers: fields,
                body: head.method == .head ? ResponseBody() : ResponseBody(byteBuffer: bytes))
        case .stream(let mediaType, let tag, let stream):
            fields[.vary] = (["Accept-Encoding"] + vary).joined(separator: ", ")
            fields[.eTag] = tag.description
            if let named = head.headerFields[.ifNoneMatch], tag.isNamed(by: named) {
                return Self.bodiless(.notModified, fields)
            }
            fields[.contentType] = mediaType
            guard head.method != .head else { return Self.bodiless(status, fields) }
            return Response(status: status, headers: fields, body: ResponseBody(stream))
        }
    }

    /// A response without a body, which 204 and 304 must not state the length of.
    private static func bodiless(_ status: HTTPResponse.Status, _ fields: HTTPFields) -> Response {
        var response = Response(status: status, headers: fields)
        response.headers[.contentLength] = nil
        return response
    }
}

/// Header fields that are the same for every response of a kind, made once.
private enum ResponseFields {
    static let ofAll: HTTPFields = [.xContentTypeOptions: "nosniff"]

    /// What binds a document and what it runs: data have nothing that could be bound.
    static let ofDocuments = fields([
        ("Referrer-Policy", "no-referrer"), ("Permissions-Policy", "geolocation=(self)"),
    ])

    /// Lets scripts of other origins read the answer (Fetch standard, CORS protocol): it holds nothing of a visitor. How
    /// long tiles took is no secret, and measuring them is what it is for (Resource Timing, section 4.5.1).
    static let openToOtherOrigins = fields([
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", "ETag, Link, Content-Crs, Content-Disposition, Kompass-Data-Version"),
        ("Timing-Allow-Origin", "*"),
    ])

    /// What a script of another origin is told before it asks; read from the answer to OPTIONS alone.
    static let ofPreflight = fields([
        ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
        ("Access-Control-Allow-Headers", "Accept, Accept-Language, If-None-Match"),
        ("Access-Control-Max-Age", "86400"),
    ])

    private static func fields(_ list: [(String, String)]) -> HTTPFields {
        var result: HTTPFields = [:]
        for (name, value) in list { result.set(name, value) }
        return result
    }
}
