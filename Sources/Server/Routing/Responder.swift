import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns requests into responses: reads the target, takes the snapshot, lets the site answer, then applies what holds
/// for every answer (methods, conditions, encodings, header fields, account).
struct Responder: HTTPResponder {
    /// What a request brings along: the connection that it came over.
    struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            coreContext = CoreRequestContextStorage(source: source)
            channel = source.channel
        }
    }

    let site: Site

    /// The longest request target, in bytes.
    static let longestTarget = 8192
    /// The largest request body that is read over; no route wants one.
    static let largestBody = 16 * 1024

    /// The methods that every route has.
    static let methods: [HTTPRequest.Method] = [.get, .head, .options]

    func respond(to request: Request, context: Context) async throws -> Response {
        let started = ContinuousClock.now
        let head = request.head
        let target = head.path ?? "/"
        let path = target.prefix { $0 != "?" && $0 != "#" }
        let served = site.current.served
        var template = "unknown"
        var answer: Answer
        do {
            if hasLargeBody(head) { return refuseBody(head, path, served, started) }
            guard target.utf8.count <= Self.longestTarget else {
                throw Problem(.uriTooLong, "the request's target is longer than \(Self.longestTarget) bytes")
            }
            guard let route = try Route.parse(path) ?? Self.absent(head, path) else {
                throw Problem(.notFound, "there is nothing at this path")
            }
            template = route.template
            guard Self.methods.contains(head.method) else {
                throw Problem(
                    .methodNotAllowed, "only GET, HEAD and OPTIONS are possible here", headers: [.allow: Self.allowed])
            }
            answer =
                head.method == .options ? .options : try await self.answer(head, route, served, target: target, context)
        } catch let problem as Problem {
            answer = Answer(problem)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            site.logger.error("request failed", metadata: ["route": "\(template)", "error": "\(error)"])
            answer = Answer(Problem(.internalServerError, "the server failed to answer; its log says why"))
        }
        let acceptsGzip = Negotiation.acceptsGzip(head.headerFields[.acceptEncoding])
        if acceptsGzip { await compress(answer) }
        var response = answer.response(
            to: head, acceptsGzip: acceptsGzip, isOpen: Self.isOpenToOtherOrigins(path), version: served.version)
        account(&response, head, template, started)
        return response
    }

    private func answer(
        _ head: HTTPRequest, _ route: Route, _ served: ServedSnapshot, target: String, _ context: Context
    ) async throws -> Answer {
        let rawQuery = target.drop { $0 != "?" }.dropFirst().prefix { $0 != "#" }
        let query = route.readsQueryStrictly ? try QueryParameters(rawQuery) : QueryParameters(lenient: rawQuery)
        let base =
            route.writesLinks
            ? try BaseURL.of(head, publicURL: site.publicURL, trustsForwarding: site.trustsForwarding) : .none
        return try await site.answer(
            Exchange(
                head: head, route: route, query: query, base: base, served: served,
                client: site.clients.client(of: context.channel)))
    }

    /// Compresses an answer for the first client that wants it so. Where all threads are taken it stays as it is.
    private func compress(_ answer: Answer) async {
        guard case .whole(let representation) = answer.content, representation.awaitsCompression else { return }
        try? await site.workers.run { representation.compress() }
    }

    private static let allowed = methods.map(\.rawValue).joined(separator: ", ")

    /// The page that says so to a person who comes to an address where nothing is; programs get a problem document.
    private static func absent(_ head: HTTPRequest, _ path: Substring) -> Route? {
        let offers = [[MediaTypes.problem, MediaTypes.json], ["text/html"]]
        let isPerson = Negotiation.mediaType(head.headerFields[.accept], offers: offers) == 1
        return isPerson && !isOpenToOtherOrigins(path) ? .page(.absent) : nil
    }

    private static func isOpenToOtherOrigins(_ path: Substring) -> Bool {
        path.hasPrefix("/tiles") || path.hasPrefix("/api") || path.hasPrefix("/styles")
    }

    private func hasLargeBody(_ head: HTTPRequest) -> Bool {
        if head.headerFields[.transferEncoding] != nil { return true }
        guard let length = head.headerFields[.contentLength] else { return false }
        return Int(length).map { $0 > Self.largestBody } ?? true
    }

    /// Answers 413 and closes the connection, so that the body is not read.
    private func refuseBody(
        _ head: HTTPRequest, _ path: Substring, _ served: ServedSnapshot, _ started: ContinuousClock.Instant
    ) -> Response {
        let problem = Problem(.contentTooLarge, "no route takes a request body", headers: [.connection: "close"])
        var response = Answer(problem).response(
            to: head, acceptsGzip: false, isOpen: Self.isOpenToOtherOrigins(path), version: served.version)
        account(&response, head, "unknown", started)
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            throw UnreadBody()
        }
        return response
    }

    /// Counts and logs the exchange, streamed answers when they are through.
    private func account(
        _ response: inout Response, _ head: HTTPRequest, _ template: String, _ started: ContinuousClock.Instant
    ) {
        let record = RequestRecord(
            method: Self.methods.contains(head.method) ? head.method.rawValue : "other", route: template,
            status: response.status.code)
        if let length = response.body.contentLength {
            site.record(record, bytes: length, duration: .now - started)
            return
        }
        let body = response.body
        response.body = ResponseBody { [site] writer in
            let count = ByteCount()
            defer { site.record(record, bytes: count.value, duration: .now - started) }
            try await body.write(CountingWriter(parent: writer, count: count))
        }
    }

    /// Ends a connection whose request body has been refused.
    private struct UnreadBody: Error {}
}
