import NetworkModel

/// Which part of the network a page shows.
struct NetworkChoice: Sendable, Equatable {
    /// The kind of the links; nil for all.
    var kind: String?
    /// The sector of the actors; nil for all.
    var sector: String?

    init() {}

    /// Reads what a query states; an empty value is none, as forms send it.
    init(_ query: QueryParameters) {
        kind = query["kind"].flatMap { $0.isEmpty ? nil : $0 }
        sector = query["sector"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The choice as a query.
    var parameters: [QueryParameters.Item] {
        [kind.map { ("kind", $0) }, sector.map { ("sector", $0) }].compactMap(\.self)
    }
}

extension PageRenderer {
    /// Who works with whom, as a list: what the lines of the map show.
    func network(_ choice: NetworkChoice, _ frame: PageFrame) -> [UInt8] {
        let snapshot = frame.snapshot
        let links = snapshot.links
        let from = links.code("from_id")
        let to = links.code("to_id")
        let kinds = links.code("kind")
        let sectors = snapshot.actors.code("sector")
        let vocabulary = { (field: String, key: String) in
            snapshot.vocabulary.name(field, key, language: frame.texts.tag)
        }
        // What no entry has would only lead to an empty page; unknown words select nothing and are passed over.
        let kind = choice.kind.flatMap { kinds.dictionary.known($0) == nil ? nil : $0 }
        let sector = choice.sector.flatMap { sectors.dictionary.known($0) == nil ? nil : $0 }
        var known = NetworkChoice()
        (known.kind, known.sector) = (kind, sector)
        var linksOfActor: [Int: [Int]] = [:]
        var shown: Set<Int> = []
        for row in 0..<links.count where kind == nil || kinds[row] == kind {
            for end in [from[row], to[row]] {
                guard let actor = end.flatMap(snapshot.actorRows.row), sector == nil || sectors[actor] == sector else {
                    continue
                }
                linksOfActor[actor, default: []].append(row)
                shown.insert(row)
            }
        }
        let names = snapshot.actors.text("name")
        let actors = linksOfActor.keys.sorted {
            (GlossaryTerms.sortKey(names[$0] ?? ""), $0) < (GlossaryTerms.sortKey(names[$1] ?? ""), $1)
        }
        var context = frame.context(
            title: frame.texts.text("network_title"), description: frame.texts.text("network_intro"),
            parameters: known.parameters)
        context["count"] = frame.texts.text(
            "network_count", count: shown.count, ["actors": frame.texts.number(actors.count)])
        context["is_empty"] = actors.isEmpty
        context["actors"] = actors.map { row -> [String: any Sendable] in
            let actor = RecordFacts(table: snapshot.actors, row: row)
            let name = actor.text("sector").flatMap { vocabulary("sector", $0) }
            return [
                "party": frame.party(actor.id, name: nil).text,
                "sector": HTMLText.separatingMarks(name?.text ?? frame.texts.text("not_stated")),
                "sector_foreign": PageRenderer.foreign(name?.language, on: frame.texts.tag),
                "relations": (linksOfActor[row] ?? []).map {
                    frame.relation(RecordFacts(table: links, row: $0), seenFrom: actor.id)
                },
            ]
        }
        context["filters"] = [
            filter("kind", "network_kind", kinds, "link_kind", chosen: kind, frame),
            filter("sector", "filter_sector", sectors, "sector", chosen: sector, frame),
        ]
        return render("network", context)
    }

    /// A choice among the codes that a column holds.
    private func filter(
        _ name: String, _ label: String, _ column: CodeColumn, _ field: String, chosen: String?, _ frame: PageFrame
    ) -> [String: any Sendable] {
        [
            "name": name, "label": frame.texts.text(label),
            "options": column.dictionary.codes.sorted().map { key -> [String: any Sendable] in
                let text = frame.snapshot.vocabulary.name(field, key, language: frame.texts.tag)
                return [
                    "key": HTMLText.separatingMarks(key), "label": HTMLText.separatingMarks(text?.text ?? key),
                    "foreign": PageRenderer.foreign(text?.language, on: frame.texts.tag), "selected": key == chosen,
                ]
            },
        ]
    }
}
