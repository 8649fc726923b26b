import Geometry
import NetworkModel

extension PageRenderer {
    /// The most related entries of a kind that a page lists.
    private static let mostRelated = 12

    /// One offer with all that is known of it.
    func offer(_ id: String, _ frame: PageFrame) throws -> [UInt8] {
        guard let offer = frame.snapshot.offer(id) else { return absent(frame) }
        let snapshot = frame.snapshot
        let actor = offer.text("actor_id").flatMap(snapshot.actor)
        let title = offer.text("title") ?? id
        var terms = frame.glossaryLinks()
        terms.note(title)
        var list = FactList(frame, terms: terms)
        list.add("description", record: offer.text("description"))
        list.add("category", vocabulary: "category", offer.text("category").map { [$0] } ?? [])
        list.add("topics", vocabulary: "topic", offer.list("topics"), isAlwaysShown: true)
        list.add("audiences", vocabulary: "audience", offer.list("audiences"), isAlwaysShown: true)
        list.add("languages", vocabulary: "language", offer.list("languages"), isAlwaysShown: true)
        list.add("delivery", vocabulary: "delivery", offer.text("delivery").map { [$0] } ?? [], isAlwaysShown: true)
        list.add("validity", words: frame.status(of: offer))
        list.addHours(offer, fallback: actor)
        list.addPlace(offer)
        let served = offer.list("served_keys").map(frame.areaName)
        list.add("served", words: served.isEmpty ? nil : frame.texts.list(served), isAlwaysShown: true)
        list.add(
            "accessibility", record: offer.text("accessibility") ?? actor?.text("accessibility"), isAlwaysShown: true)
        list.add("cost", record: offer.text("cost"), isAlwaysShown: true)
        list.add("capacity", number: offer.integer("capacity"))
        list.add("participants", number: offer.integer("participants"))
        list.add("sessions", number: offer.integer("sessions"))
        list.add("booking_url", address: offer.text("booking_url"))
        list.addSource(offer)
        var contact = FactList(frame, terms: list.terms)
        contact.addContact(offer, fallback: actor)
        var context = frame.context(
            title: title,
            description: [title, offer.text("actor_name"), frame.entry(offer)["place"] as? String].compactMap(\.self)
                .joined(separator: ", "),
            image: offer.text("district_key").flatMap { snapshot.district($0) == nil ? nil : .image($0) })
        context["status"] = HTMLText.separatingMarks(frame.status(of: offer))
        // Whether that day is over the browser says, by its own clock.
        let end = offer.date("valid_to")?.description
        context["ends"] = end.map { [$0] } ?? [String]()
        context["has_end"] = end != nil
        context["facts"] = list.facts
        context["contact"] = contact.facts
        context["has_contact"] = !contact.facts.isEmpty
        context["actor"] = actor.map { [link($0, frame)] } ?? [[String: any Sendable]]()
        context["actor_name"] =
            actor == nil ? offer.text("actor_name").map { [HTMLText.separatingMarks($0)] } ?? [] : [String]()
        context["has_actor"] = actor != nil
        context["terms"] = frame.explained(list.terms.mentioned)
        context["has_terms"] = !list.terms.mentioned.isEmpty
        let groups = related(to: offer, actor, frame)
        context["related"] = groups
        context["has_related"] = !groups.isEmpty
        let map = sketch(of: offer, frame)
        context["map"] = map ?? ""
        context["has_map"] = map != nil
        context["on_map"] = frame.mapHref(offer: id)
        context["report"] =
            frame.duties.report(offer.text("region"), id: id, url: frame.address(.offer(id)) ?? "").map {
                [$0]
            } ?? [String]()
        return render("offer", context)
    }

    /// Other offers that somebody who reads this one may look for: of the same actor, of linked actors, of the same
    /// place.
    private func related(to offer: RecordFacts, _ actor: RecordFacts?, _ frame: PageFrame) -> [[String: any Sendable]] {
        let offers = frame.snapshot.offers
        let actors = offers.code("actor_id")
        let places = offers.code("municipality_key")
        let partners = Set(frame.partners(of: [offer.id] + (actor.map { [$0.id] } ?? [])))
        var groups: [(key: String, rows: [Int])] = [
            ("related_same_actor", []), ("related_linked", []), ("related_same_place", []),
        ]
        for row in 0..<offers.count where row != offer.row {
            if let actor, actors[row] == actor.id {
                groups[0].rows.append(row)
            } else if partners.contains(actors[row] ?? "") || partners.contains(offers.identifiers[row] ?? "") {
                groups[1].rows.append(row)
            } else if let place = places[offer.row], places[row] == place {
                groups[2].rows.append(row)
            }
        }
        return groups.filter { !$0.rows.isEmpty }.map { key, rows in
            [
                "heading": frame.texts.text(key),
                "offers": rows.prefix(Self.mostRelated).map { frame.entry(RecordFacts(table: offers, row: $0)) },
                "rest": rows.count > Self.mostRelated
                    ? [frame.texts.text("more_entries", count: rows.count - Self.mostRelated)] : [String](),
            ]
        }
    }

    private func link(_ actor: RecordFacts, _ frame: PageFrame) -> [String: any Sendable] {
        ["href": frame.href(.actor(actor.id)), "name": HTMLText.separatingMarks(actor.text("name") ?? actor.id)]
    }

    /// Where a record is, within its state; nil where no place is known.
    func sketch(of record: RecordFacts, _ frame: PageFrame) -> String? {
        let snapshot = frame.snapshot
        let point = record.table.point(record.row)
        let district = record.text("district_key").flatMap(snapshot.district)
        guard point != nil || district != nil else { return nil }
        var box = frame.served.regionBox
        if let point { box.formUnion(point) }
        var sketch = MapSketch(of: box, size: 380)
        for row in 0..<snapshot.districts.count {
            guard let surface = snapshot.districts.surface(row) else { continue }
            sketch.draw(surface, as: row == district?.row ? "sketch-chosen" : "sketch-area")
        }
        if let point { sketch.mark(point) }
        let place =
            record.text("place") ?? record.text("municipality_name").map(FactList.townName)
            ?? district?.text("name") ?? ""
        if let district, let center = district.labelPoint, point == nil {
            sketch.label(district.text("name") ?? district.id, at: center)
        }
        return sketch.svg(title: frame.texts.text("map_sketch_place", ["place": place]))
    }
}

extension RecordFacts {
    /// Where an area's name stands.
    var labelPoint: Coordinate<Geographic>? {
        guard let longitude = real("label_lon"), let latitude = real("label_lat") else { return nil }
        return Coordinate(longitude: longitude, latitude: latitude)
    }
}

extension PageFrame {
    /// The identifiers at the other ends of the links of some records.
    func partners(of ids: [String]) -> [String] {
        let links = snapshot.links
        let from = links.code("from_id")
        let to = links.code("to_id")
        var result: [String] = []
        for row in 0..<links.count {
            if let id = from[row], ids.contains(id), let other = to[row] { result.append(other) }
            if let id = to[row], ids.contains(id), let other = from[row] { result.append(other) }
        }
        return result
    }
}
