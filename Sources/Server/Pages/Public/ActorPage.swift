import NetworkModel

extension PageRenderer {
    /// The most offers of an actor that its page lists.
    private static let mostOffers = 200

    /// One actor: what it is, what it offers, whom it works with.
    func actor(_ id: String, _ frame: PageFrame) throws -> [UInt8] {
        guard let actor = frame.snapshot.actor(id) else { return absent(frame) }
        let name = actor.text("name") ?? id
        var list = FactList(frame, terms: frame.glossaryLinks())
        list.add("description", record: actor.text("description"))
        list.add("actor_sector", vocabulary: "sector", actor.text("sector").map { [$0] } ?? [], isAlwaysShown: true)
        list.add("actor_kind", vocabulary: "kind", actor.text("kind").map { [$0] } ?? [])
        list.add("languages", vocabulary: "language", actor.list("languages"), isAlwaysShown: true)
        if let parent = actor.text("parent_id") { list.add("parent", frame.party(parent, name: nil)) }
        list.addHours(actor, fallback: nil)
        list.addPlace(actor)
        list.add("accessibility", record: actor.text("accessibility"), isAlwaysShown: true)
        list.addSource(actor)
        var contact = FactList(frame, terms: list.terms)
        contact.addContact(actor, fallback: nil)
        let offers = frame.snapshot.offers
        let rows = (0..<offers.count).filter { frame.snapshot.offerActors[$0] == Int32(actor.row) }
        let relations = frame.relations(of: id)
        var context = frame.context(
            title: name,
            description: [name, actor.text("municipality_name").map(FactList.townName)].compactMap(\.self)
                .joined(separator: ", "),
            image: actor.text("district_key").flatMap { frame.snapshot.district($0) == nil ? nil : .image($0) })
        context["facts"] = list.facts
        context["contact"] = contact.facts
        context["has_contact"] = !contact.facts.isEmpty
        context["terms"] = frame.explained(list.terms.mentioned)
        context["has_terms"] = !list.terms.mentioned.isEmpty
        context["offers_count"] = frame.texts.text("offers_count", count: rows.count)
        context["has_offers"] = !rows.isEmpty
        context["offers"] = rows.prefix(Self.mostOffers).map { frame.entry(RecordFacts(table: offers, row: $0)) }
        context["relations"] = relations
        context["has_relations"] = !relations.isEmpty
        let map = sketch(of: actor, frame)
        context["map"] = map ?? ""
        context["has_map"] = map != nil
        context["on_map"] = frame.mapHref([("actor", id)])
        context["report"] =
            frame.duties.report(actor.text("region"), id: id, url: frame.address(.actor(id)) ?? "").map {
                [$0]
            } ?? [String]()
        return render("actor", context)
    }
}

extension PageFrame {
    /// A record of the network by its name, linked to its page where it has one.
    ///
    /// - Parameter name: what it is called where it is not published here.
    func party(_ id: String, name: String?) -> HTMLText {
        var html = HTMLText()
        let german = texts.tag.hasPrefix("de") ? nil : "de"
        html.open(language: german)
        if let actor = snapshot.actor(id) {
            html.link(href(.actor(id)), actor.text("name") ?? id)
        } else if let offer = snapshot.offer(id) {
            html.link(href(.offer(id)), offer.text("title") ?? id)
        } else {
            html.write(name ?? id)
        }
        html.markup("</span>")
        return html
    }

    /// The relations of an actor, one for each link, by the kind's name and the partner's.
    func relations(of id: String) -> [[String: any Sendable]] {
        let links = snapshot.links
        let from = links.code("from_id")
        let to = links.code("to_id")
        return (0..<links.count).compactMap { row in
            guard from[row] == id || to[row] == id else { return nil }
            return relation(RecordFacts(table: links, row: row), seenFrom: id)
        }
    }

    /// A link as one of its ends sees it.
    func relation(_ link: RecordFacts, seenFrom id: String) -> [String: any Sendable] {
        let isOutgoing = link.text("from_id") == id
        let kind = link.text("kind").flatMap { snapshot.vocabulary.name("link_kind", $0, language: texts.tag) }
        let other = link.text(isOutgoing ? "to_id" : "from_id") ?? ""
        // Working together has no direction; money and membership have.
        let isMutual = link.text("kind") == "cooperation"
        return [
            "kind": HTMLText.separatingMarks(kind?.text ?? link.text("kind") ?? texts.text("not_stated")),
            "kind_foreign": PageRenderer.foreign(kind?.language, on: texts.tag),
            "direction": isMutual ? [String]() : [texts.text(isOutgoing ? "link_outgoing" : "link_incoming")],
            "party": party(other, name: link.text(isOutgoing ? "to_name" : "from_name")).text,
            "since": link.date("since").map { [texts.text("link_since", ["date": texts.date($0)])] } ?? [String](),
        ]
    }
}
