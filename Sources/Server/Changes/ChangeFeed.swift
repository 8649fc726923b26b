import HTTPTypes
import NIOCore
import NetworkModel

extension Site {
    /// The newest changes as an Atom feed (RFC 4287), for readers that ask again and again.
    func changeFeed(_ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: [QueryParameter.language.name])
        guard
            Negotiation.mediaType(
                exchange.head.headerFields[.accept], offers: [[MediaTypes.atom, "application/xml", "text/xml"]]) != nil
        else { throw Problem(.notAcceptable, "available here: \(MediaTypes.atom)") }
        let language = try exchange.language()
        let result = try await representation(
            exchange, variant: "/changes.atom \(language)", mediaType: MediaTypes.atom
        ) { [pages] _ in
            ChangeFeed(exchange, language) { pages.text($0, language) }.bytes
        }
        return Answer(.whole(result), caching: .revalidate, vary: ["Accept", "Accept-Language"])
    }
}

/// The Atom feed of a change log: an entry for each record (or number of records), the newest load first.
///
/// Everything in it comes from the log: no entry depends on when it is read. Identifiers do not depend on the address
/// that the server has.
struct ChangeFeed {
    private let exchange: Exchange
    private let language: String
    private let text: (String) -> String

    /// The most entries: the newest ones; `/api/changes` has them all.
    static let mostEntries = 500

    /// Takes the log of an exchange's snapshot.
    ///
    /// - Parameter text: the texts of the pages by name.
    init(_ exchange: Exchange, _ language: String, text: @escaping (String) -> String) {
        self.exchange = exchange
        self.language = language
        self.text = text
    }

    /// The document.
    var bytes: [UInt8] {
        let served = exchange.served
        let log = served.snapshot.changes
        let name = served.regionNames.map { $0[language] }.joined(separator: ", ")
        var xml = XMLText()
        xml.open("feed", [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", language)])
        xml.element("id", exchange.url("/api/changes.atom"))
        xml.element("title", name.isEmpty ? "Kompass" : "Kompass \(name): \(text("changes"))")
        xml.element("updated", log.steps.last?.time ?? served.dataTime)
        xml.open("author")
        xml.element("name", name.isEmpty ? "Kompass" : "Kompass \(name)")
        xml.close("author")
        xml.element("rights", served.attribution)
        link(&xml, "self", MediaTypes.atom, exchange.url("/api/changes.atom", [("lang", language)]))
        link(&xml, "alternate", "text/html", exchange.url("/api/changes", [("f", "html"), ("lang", language)]))
        var left = Self.mostEntries
        for step in log.steps.reversed() {
            for (number, change) in step.changes.prefix(left).enumerated() { write(change, number, step, to: &xml) }
            left -= min(left, step.changes.count)
        }
        xml.close("feed")
        return xml.bytes
    }

    private func write(_ change: RecordChange, _ number: Int, _ step: ChangeLog.Step, to xml: inout XMLText) {
        let sort = text("change_\(change.sort.rawValue)")
        let collection = exchange.served.collections.first { $0.kind == change.kind }
        let kind = collection?.title[language] ?? change.kind.inputName
        let name = change.identifier.map { exchange.served.title(of: change) ?? $0 } ?? "\(change.records)"
        xml.open("entry")
        xml.element("id", Self.identifier(change, number, step))
        xml.element("title", "\(kind): \(name) (\(sort))")
        xml.element("updated", step.time)
        let address =
            exchange.recordURL(change, [("f", "html"), ("lang", language)])
            ?? exchange.url("/api/changes", [("since", step.before), ("f", "html"), ("lang", language)])
        link(&xml, "alternate", "text/html", address)
        if let address = exchange.recordURL(change, [("f", "json")]) {
            link(&xml, "related", MediaTypes.geoJSON, address)
        }
        xml.element("category", "", [("term", change.sort.rawValue), ("label", sort)])
        let version = "\(text("data_version")): \(step.before) → \(step.after)"
        xml.element("summary", change.status.map { "\(text("last_status")): \($0). \(version)" } ?? version)
        xml.close("entry")
    }

    private func link(_ xml: inout XMLText, _ rel: String, _ type: String, _ href: String) {
        xml.element("link", "", [("rel", rel), ("type", type), ("href", href)])
    }

    /// The identifier of an entry: what the log says of it.
    private static func identifier(_ change: RecordChange, _ number: Int, _ step: ChangeLog.Step) -> String {
        let uuid = NamedUUID.of(
            step.before, step.after, step.time, change.kind.rawValue, change.sort.rawValue,
            change.identifier ?? "#\(number)")
        return "urn:uuid:\(uuid)"
    }
}

extension ServedSnapshot {
    /// The day that the data are as of, as a time; the first of Unix where no region states one.
    var dataTime: String {
        let day = snapshot.regions.date("as_of").compactMap { ReducedDate(packed: $0) }.map(\.lastDay).max()
        return (day.flatMap { ReducedDate(packed: $0) }?.description ?? "1970-01-01") + "T00:00:00Z"
    }
}
