import Geometry
import HTTPTypes
import Hummingbird
import NIOCore
import NetworkModel

extension QueryParameter {
    static let statusDate = QueryParameter(
        "date", de: "Tag, für den status gilt; Vorgabe: der Stand der Daten",
        en: "Day that status is about; default: what the data are as of", schema: ["type": "string", "format": "date"])
}

extension Site {
    /// Organisations, services and places in the tables of HSDS 3 (Open Referral), streamed.
    func humanServices(_ exchange: Exchange) async throws -> Answer {
        try exchange.query.require(only: [QueryParameter.statusDate.name])
        guard Negotiation.mediaType(exchange.head.headerFields[.accept], offers: [[MediaTypes.json]]) != nil else {
            throw Problem(.notAcceptable, "available here: \(MediaTypes.json)")
        }
        let date = try exchange.statusDate()
        let export = HSDSExport(exchange, statusDate: date)
        let stream = pieces(from: HSDSExport.Position(), of: Self.exportPiece) {
            export.write(from: $0, into: &$1, upTo: $2)
        }
        let key = "\(exchange.served.version) \(exchange.base)/hsds \(date.map(String.init) ?? "")"
        return Answer(
            .stream(mediaType: MediaTypes.json, tag: exchange.served.tag(of: key), stream), caching: .revalidate,
            vary: ["Accept"])
    }
}

extension Exchange {
    /// The day that the status of services is about: the one asked for, else what the data are as of.
    fileprivate func statusDate() throws(Problem) -> Int32? {
        let name = QueryParameter.statusDate.name
        guard let text = query[name] else {
            return served.snapshot.regions.date("as_of").compactMap { ReducedDate(packed: $0)?.lastDay }.max()
        }
        guard let date = ReducedDate(text), date.day != nil else {
            throw Problem(
                .badRequest, "parameter 'date' has the value '\(text.clipped)'; expected a day such as 2024-12-31",
                parameter: name)
        }
        return date.firstDay
    }
}

/// The published network in the tables of HSDS 3: rows are made while they are written.
///
/// Identifiers are UUIDs made from ours, which stand beside them. No contact of a person is part of it, nor any e-mail
/// address. A required text that nobody stated is made of what is stated (an organisation's kind and sector), never
/// invented; a service's status is judged on a stated day.
struct HSDSExport: Sendable {
    /// One table: for each number below `count` the rows that it makes.
    private struct Section: Sendable {
        let name: String
        let count: Int
        let rows: @Sendable (Int) -> [JSON]
    }

    /// Where writing goes on.
    struct Position: Sendable {
        fileprivate var section = 0
        fileprivate var number = 0
        fileprivate var hasRow = false
    }

    private let head: [(String, JSON)]
    private let sections: [Section]

    /// Takes the snapshot of an exchange.
    ///
    /// - Parameter statusDate: the day that the status of services is about; nil where none is known.
    init(_ exchange: Exchange, statusDate: Int32?) {
        let served = exchange.served
        head = [
            ("data_version", .string(served.version)), ("attribution", .string(served.attribution)),
            ("status_date", statusDate.flatMap { ReducedDate(packed: $0) }.map { .string($0.description) } ?? .null),
        ]
        let rows = HSDSRows(exchange, statusDate: statusDate)
        let (actors, offers) = (served.snapshot.actors.count, served.snapshot.offers.count)
        let terms = served.snapshot.vocabulary.table.count
        sections = [
            Section(name: "organization", count: actors) { [rows.organization($0)] },
            Section(name: "organization_identifier", count: actors) { [rows.organizationIdentifier($0)] },
            Section(name: "service", count: offers) { [rows.service($0)] },
            Section(name: "url", count: offers) { [rows.url($0)] },
            Section(name: "location", count: actors + offers) { rows.location($0) },
            Section(name: "address", count: actors + offers) { rows.address($0) },
            Section(name: "service_at_location", count: offers) { rows.serviceAtLocation($0) },
            Section(name: "service_area", count: offers) { rows.serviceAreas($0) },
            Section(name: "schedule", count: offers) { rows.schedule($0) },
            Section(name: "language", count: offers) { rows.languages($0) },
            Section(name: "taxonomy", count: HSDSRows.taxonomies.count) { [rows.taxonomy($0)] },
            Section(name: "taxonomy_term", count: terms) { rows.term($0) },
            Section(name: "attribute", count: actors + offers) { rows.attributes($0) },
        ]
    }

    /// Appends the document from a position on until it is complete or a number of bytes is reached.
    ///
    /// - Returns: the position to go on from, or nil when the document is complete.
    func write(from start: Position, into bytes: inout [UInt8], upTo size: Int) -> Position? {
        var position = start
        if position.section == 0, position.number == 0, !position.hasRow {
            JSON.object(head).write(into: &bytes)
            bytes.removeLast()
            open(sections[0], &bytes)
        }
        while position.section < sections.count {
            let section = sections[position.section]
            while position.number < section.count {
                if bytes.count >= size { return position }
                for row in section.rows(position.number) {
                    if position.hasRow { bytes.append(UInt8(ascii: ",")) }
                    row.write(into: &bytes)
                    position.hasRow = true
                }
                position.number += 1
            }
            bytes.append(UInt8(ascii: "]"))
            position = Position(section: position.section + 1, number: 0, hasRow: false)
            if position.section < sections.count { open(sections[position.section], &bytes) }
        }
        bytes.append(UInt8(ascii: "}"))
        return nil
    }

    private func open(_ section: Section, _ bytes: inout [UInt8]) {
        bytes.append(ascii: ",\"")
        bytes.append(contentsOf: section.name.utf8)
        bytes.append(ascii: "\":[")
    }
}
