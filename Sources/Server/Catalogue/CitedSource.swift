import NetworkModel

/// A document or data set that a collection rests on, as the packs cite it.
struct CitedSource: Sendable {
    let id: String
    let title: String
    let publisher: String?
    let year: Int?
    /// What it is as of, in the precision in which it was stated.
    let date: ReducedDate?
    let url: String?
    /// The licence as the pack states it, an address; nil where none is stated.
    let licence: String?
    /// What must stand beside the data.
    let attribution: String?

    /// The source as it stands in answers.
    var json: JSON {
        let members: [(String, JSON?)] = [
            ("id", .string(id)), ("title", .string(title)), ("publisher", publisher.map(JSON.string)),
            ("year", year.map(JSON.integer)), ("date", date.map { .string($0.description) }),
            ("url", url.map(JSON.string)), ("licence", licence.map(JSON.string)),
            ("attribution", attribution.map(JSON.string)),
        ]
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    /// The attribution, or who published what and when.
    var credit: String {
        attribution ?? ([publisher, title, year?.description].compactMap { $0 }.joined(separator: ", "))
    }
}

/// A licence that a source states.
enum Licence {
    /// The addresses under which DCAT-AP.de lists licences (http://dcat-ap.de/def/licenses/), by what packs state.
    private static let known: [(marks: [String], name: String)] = [
        (["dl-de/by-2-0", "dl-by-de/2.0"], "dl-by-de/2.0"), (["dl-de/zero-2-0", "dl-zero-de/2.0"], "dl-zero-de/2.0"),
        (["licenses/by/4.0", "cc-by/4.0"], "cc-by/4.0"), (["licenses/by-sa/4.0", "cc-by-sa/4.0"], "cc-by-sa/4.0"),
        (["publicdomain/zero/1.0", "cc-zero"], "cc-zero"), (["opendatacommons.org/licenses/odbl"], "odbl"),
    ]

    /// The address in the list of DCAT-AP.de, or nil where the list has no such licence.
    static func dcatAddress(_ stated: String) -> String? {
        known.first { $0.marks.contains { stated.contains($0) } }.map { "http://dcat-ap.de/def/licenses/\($0.name)" }
    }
}

extension ServedSnapshot {
    /// What a collection rests on: what its records cite, what whole files of its kind rest on; of an analysis what the
    /// records rest on that it computes with. In the order of the identifiers.
    func sources(of collection: FeatureCollection) -> [CitedSource] {
        switch collection.source {
        case .records(let kind): sources(of: [kind])
        case .layer: []
        case .analysis(.access): sources(of: [.populationCells, .actors, .offers])
        case .analysis: sources(of: [.districts, .municipalities, .populationCells, .actors, .offers])
        }
    }

    /// What all collections rest on.
    var sources: [CitedSource] { sources(of: collections.compactMap(\.kind)) }

    private func sources(of kinds: [RecordKind]) -> [CitedSource] {
        var wanted = Set(kinds.flatMap { snapshot[$0].code("source_id").dictionary.codes })
        let files = snapshot.regions.codeList("kind_sources")
        for row in 0..<snapshot.regions.count {
            for entry in files[row] {
                let parts = entry.split(separator: "/", maxSplits: 1)
                guard parts.count == 2, let kind = RecordKind(rawValue: String(parts[0])), kinds.contains(kind) else {
                    continue
                }
                wanted.insert(String(parts[1]))
            }
        }
        let table = snapshot.sources
        let years = table.integer("year")
        return (0..<table.count).compactMap { row in
            guard let id = table.identifiers[row], wanted.contains(id) else { return nil }
            return CitedSource(
                id: id, title: table.text("title")[row] ?? id, publisher: table.text("publisher")[row],
                year: years[row] == Column.missingInteger ? nil : Int(years[row]),
                date: ReducedDate(packed: table.date("date")[row]), url: table.text("url")[row],
                licence: table.text("licence")[row], attribution: table.text("attribution")[row])
        }
    }
}

extension [CitedSource] {
    /// The licences that are stated, each once.
    var licences: [String] {
        reduce(into: []) { list, source in
            if let licence = source.licence, !list.contains(licence) { list.append(licence) }
        }
    }

    /// The licence of all of them in the list of DCAT-AP.de; nil where one states none or they differ.
    var commonLicence: String? {
        guard let first = first?.licence, allSatisfy({ $0.licence == first }) else { return nil }
        return Licence.dcatAddress(first)
    }

    /// What must stand beside the data, each text once.
    var credit: String {
        map(\.credit).reduce(into: [String]()) { list, text in
            if !list.contains(text) { list.append(text) }
        }.joined(separator: "; ")
    }

    /// The first and last day that they are as of; nil where none states one.
    var interval: (from: ReducedDate, to: ReducedDate)? {
        let dates = compactMap(\.date)
        guard let from = dates.min(by: { $0.firstDay < $1.firstDay }),
            let to = dates.max(by: { $0.lastDay < $1.lastDay })
        else { return nil }
        return (from, to)
    }
}

extension FeatureCollection {
    /// From when to when the collection is: as its features state it, else what its sources are as of.
    func temporalExtent(in served: ServedSnapshot) -> TemporalSpan? {
        span
            ?? served.sources(of: self).interval.map { from, to in
                let day = { (packed: Int32) in ReducedDate(packed: packed)?.description ?? "" }
                return TemporalSpan(begin: "\(day(from.firstDay))T00:00:00Z", end: "\(day(to.lastDay))T23:59:59Z")
            }
    }
}
