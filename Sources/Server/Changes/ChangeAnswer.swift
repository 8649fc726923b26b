import HTTPTypes
import NIOCore
import NetworkModel

extension QueryParameter {
    static let since = QueryParameter(
        "since", de: "Nur was sich nach diesem Datenstand geändert hat (data_version einer früheren Antwort)",
        en: "Only what changed after this data version (data_version of an earlier answer)",
        schema: ["type": "string", "pattern": "^[0-9a-f]{16}$"])
}

extension Exchange {
    /// The loads that a request asks for: those since a data version, else all that are known.
    ///
    /// - Throws: a problem of status 400 for what is no data version, 404 for one that nothing is known of.
    func changeSteps() throws(Problem) -> ArraySlice<ChangeLog.Step> {
        let log = served.snapshot.changes
        let name = QueryParameter.since.name
        guard let version = query[name] else { return log.steps[...] }
        guard version.utf8.count == 16, version.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            throw Problem(
                .badRequest,
                "parameter 'since' has the value '\(version.clipped)'; expected a data version of 16 hexadecimal digits",
                parameter: name)
        }
        guard let steps = log.steps(since: version, current: served.version) else {
            throw Problem(
                .notFound,
                """
                nothing is known of the data version \(version): it was never served, or so long ago that its changes \
                are no longer kept; take the data anew
                """, parameter: name, restart: url("/api/collections"))
        }
        return steps
    }

    /// The address of a record where its kind is a collection; nil for what stands in others alone.
    func recordURL(_ change: RecordChange, _ parameters: [QueryParameters.Item] = []) -> String? {
        guard let identifier = change.identifier,
            let collection = served.collections.first(where: { $0.kind == change.kind })
        else { return nil }
        return url("/api/collections/\(collection.id)/items/\(PercentCoding.encode(identifier))", parameters)
    }
}

extension ServedSnapshot {
    /// What a changed record is called: now where it is published, else as it was last.
    func title(of change: RecordChange) -> String? {
        if change.sort == .removed { return change.title }
        let table = snapshot[change.kind]
        guard let identifier = change.identifier, let row = FeatureTable.row(of: identifier, in: table.identifiers)
        else { return nil }
        return table.title(row)
    }

    /// The last removal of a record that is not published any more; nil where none is known.
    func removal(of kind: RecordKind, _ identifier: String) -> (change: RecordChange, step: ChangeLog.Step)? {
        guard FeatureTable.row(of: identifier, in: snapshot[kind].identifiers) == nil else { return nil }
        return snapshot.changes.removal(of: kind, identifier)
    }
}

extension Site {
    /// What changed since a data version, as JSON or HTML.
    func changes(_ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: QueryParameter.changes.map(\.name))
        let steps = try exchange.changeSteps()
        let format = try exchange.format(json: [MediaTypes.json])
        let language = try exchange.language()
        let since = exchange.query[QueryParameter.since.name]
        let result = try await representation(
            exchange, variant: "/changes?\(since ?? "") \(format) \(language)",
            mediaType: format == .html ? MediaTypes.html : MediaTypes.json
        ) { _ in
            let document = exchange.changesDocument(steps, since: since, language, format)
            return format == .html
                ? pages.changes(document, steps, exchange, language: language) : document.json.bytes
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept", "Accept-Language"])
    }

    /// The answer about a record that was published and is no more: 410 with what was last said of it.
    ///
    /// Nil where the record was never known, or so long ago that nothing is kept of it.
    func gone(
        _ identifier: String, _ collection: FeatureCollection, _ exchange: Exchange, _ format: Exchange.Format,
        _ language: String
    ) -> Answer? {
        guard let kind = collection.kind, let removal = exchange.served.removal(of: kind, identifier) else {
            return nil
        }
        let (change, step) = removal
        var problem = Problem(
            .gone, "'\(identifier.clipped)' of collection '\(collection.id)' is no longer published",
            restart: exchange.url("/api/collections/\(collection.id)/items"))
        problem.members = [
            ("record", change.json(exchange)), ("removed_at", .string(step.time)),
            ("data_version", .string(step.after)),
        ]
        guard format == .html else {
            var answer = Answer(problem)
            answer.vary = ["Accept"]
            return answer
        }
        let page = pages.gone(change, step, collection, exchange, language: language)
        var answer = Answer(
            .whole(Representation(ByteBuffer(bytes: page), mediaType: MediaTypes.html, isCompressible: false)),
            caching: .noStore, vary: ["Accept", "Accept-Language"])
        answer.status = .gone
        return answer
    }
}

extension QueryParameter {
    /// The parameters of the changes.
    static let changes: [QueryParameter] = [.since, .format, .language]
}

extension RecordChange {
    /// The change as it stands in answers.
    func json(_ exchange: Exchange) -> JSON {
        var members: [(String, JSON)] = [("kind", .string(kind.inputName)), ("change", .string(sort.rawValue))]
        guard let identifier else { return .object(members + [("records", .integer(records))]) }
        members.append(("id", .string(identifier)))
        if let title = exchange.served.title(of: self) { members.append(("title", .string(title))) }
        if let status { members.append(("status", .string(status))) }
        if !lastPublished.isEmpty {
            members.append(
                (
                    "last_published",
                    .object(lastPublished.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                ))
        }
        // A bare address: what it answers may be 410, which no link of a document should.
        if let address = exchange.recordURL(self) { members.append(("url", .string(address))) }
        return .object(members)
    }
}

extension Exchange {
    fileprivate func changesDocument(
        _ steps: ArraySlice<ChangeLog.Step>, since: String?, _ language: String, _ format: Format
    ) -> APIDocument {
        let title = Localized(de: "Änderungen", en: "Changes")
        let description = Localized(
            de: "Was sich mit welchem Datenstand geändert hat, der neueste zuletzt",
            en: "What changed with which data version, the newest last")
        let parameters: [QueryParameters.Item] = since.map { [(QueryParameter.since.name, $0)] } ?? []
        let links =
            selfLinks(format, parameters: parameters) + [
                Link(
                    href: url("/api/changes.atom"), rel: "alternate", type: MediaTypes.atom,
                    title: Localized(de: "Änderungen als Atom-Feed", en: "Changes as an Atom feed")),
                Link(
                    href: url("/api/collections"), rel: "data", type: MediaTypes.json,
                    title: Localized(de: "Sammlungen", en: "Collections")),
            ]
        let json: JSON = [
            "title": .string(title[language]), "description": .string(description[language]),
            "data_version": .string(served.version), "since": since.map(JSON.string) ?? .null,
            "is_complete": .bool(ChangeLog.isComplete(steps, upTo: served.version)),
            "steps": .array(
                steps.map { step in
                    [
                        "version_before": .string(step.before), "version_after": .string(step.after),
                        "changed_at": .string(step.time), "changes": .array(step.changes.map { $0.json(self) }),
                    ]
                }),
            "links": links.json(language),
        ]
        return APIDocument(title: title[language], description: description[language], links: links, json: json)
    }
}
