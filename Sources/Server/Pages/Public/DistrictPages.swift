import Analysis
import Geometry
import NetworkModel

extension PageRenderer {
    /// The most offers that a district's page lists; the map shows all.
    private static let mostOffers = 200
    /// The most offers on paper: about four sheets.
    private static let mostPrinted = 60

    /// All districts, those with data and those without.
    func districts(_ frame: PageFrame) -> [UInt8] {
        let table = frame.snapshot.districts
        let names = table.text("name")
        let rows = (0..<table.count).sorted {
            (GlossaryTerms.sortKey(names[$0] ?? ""), $0) < (GlossaryTerms.sortKey(names[$1] ?? ""), $1)
        }
        var context = frame.context(
            title: frame.texts.text("districts_title"), description: frame.texts.text("districts_intro"))
        context["is_empty"] = rows.isEmpty
        context["districts"] = rows.map { row -> [String: any Sendable] in
            let district = RecordFacts(table: table, row: row)
            return [
                "href": frame.href(.district(district.id)), "name": HTMLText.separatingMarks(frame.name(of: district)),
                "offers": frame.offerCount(district.integer("offers") ?? 0),
                "people": district.integer("population").map { [frame.texts.number($0)] } ?? [String](),
            ]
        }
        return render("districts", context)
    }

    /// A district's profile: figures, map, reach, gaps, how rural it is, offers, neighbours.
    func district(_ key: String, _ frame: PageFrame, _ cancellation: Cancellation) throws -> [UInt8] {
        guard let record = frame.snapshot.district(key) else { return absent(frame) }
        let profile = try DistrictProfile(record, in: frame.served, cancellation: cancellation)
        let texts = frame.texts
        let name = frame.name(of: record)
        var context = frame.context(
            title: name, description: texts.text("district_description", ["district": name]), image: .image(key))
        context["designation"] = record.text("designation").map { [HTMLText.separatingMarks($0)] } ?? [String]()
        context["figures"] = figures(profile, frame)
        context["reach"] = reach(profile, frame)
        context["gaps"] = gaps(profile, frame)
        context["basis"] = texts.text(
            "reach_basis", count: profile.coverage.completeness.usable,
            [
                "people": texts.number(profile.coverage.integer("people") ?? 0),
                "without": texts.number(profile.coverage.completeness.withoutUsablePlace),
            ])
        context["rural"] = rural(profile, frame)
        context["neighbours"] = profile.neighbours.map { neighbour -> [String: any Sendable] in
            ["href": frame.href(.district(neighbour.id)), "name": HTMLText.separatingMarks(frame.name(of: neighbour))]
        }
        context["has_neighbours"] = !profile.neighbours.isEmpty
        context["map"] = sketch(profile, frame)
        context["has_gaps"] = !profile.gaps.isEmpty
        context["gap_key"] = frame.gapKey
        context["offers_count"] = frame.offerCount(profile.offers.count)
        context["offers"] = profile.offers.prefix(Self.mostOffers).map { frame.entry($0) }
        context["has_offers"] = !profile.offers.isEmpty
        context["no_offers"] = texts.text("note_district_empty", ["district": name])
        context["rest"] = frame.rest(profile.offers.count - Self.mostOffers)
        context["visiting"] = profile.visiting.prefix(Self.mostOffers).map { frame.entry($0) }
        context["has_visiting"] = !profile.visiting.isEmpty
        context["on_map"] = frame.mapHref([("located_in", key)])
        context["sheet"] = frame.href(.sheet(key))
        return render("district", context)
    }

    /// The offers of a district for people without the net: an A4 sheet with a map, a list, and the way back as a code.
    func sheet(_ key: String, _ frame: PageFrame, _ cancellation: Cancellation) throws -> [UInt8] {
        guard let record = frame.snapshot.district(key) else { return absent(frame) }
        let profile = try DistrictProfile(record, in: frame.served, cancellation: cancellation)
        let name = frame.name(of: record)
        let address = frame.address(.district(key))
        var context = frame.context(title: frame.texts.text("sheet_title", ["district": name]), image: .image(key))
        context["name"] = HTMLText.separatingMarks(name)
        context["map"] = sketch(profile, frame)
        context["has_gaps"] = !profile.gaps.isEmpty
        context["gap_key"] = frame.gapKey
        context["offers_count"] = frame.offerCount(profile.offers.count)
        context["offers"] = profile.offers.prefix(Self.mostPrinted).map { offer -> [String: any Sendable] in
            frame.entry(offer).merging(["contact": printedContact(offer, frame)]) { first, _ in first }
        }
        context["has_offers"] = !profile.offers.isEmpty
        context["no_offers"] = frame.texts.text("note_district_empty", ["district": name])
        context["rest"] = frame.rest(profile.offers.count - Self.mostPrinted)
        context["address"] = HTMLText.separatingMarks(address ?? "")
        context["code"] =
            address.flatMap { QRCode(Array($0.utf8)) }.map { [$0.svg(title: frame.texts.text("sheet_code"))] }
            ?? [String]()
        context["back"] = frame.href(.district(key))
        return render("sheet", context)
    }

    /// How the organisation behind an offer is reached, in one line of plain text.
    private func printedContact(_ offer: RecordFacts, _ frame: PageFrame) -> [String] {
        let actor = offer.text("actor_id").flatMap(frame.snapshot.actor)
        let value = { (field: String) in offer.text(field) ?? actor?.text(field) }
        // A street goes with the town of its own record.
        let placed = offer.text("street") == nil ? actor : offer
        let town = [placed?.text("postcode"), placed?.text("place")].compactMap(\.self).joined(separator: " ")
        let street = placed?.text("street").map { [$0, town].filter { !$0.isEmpty }.joined(separator: ", ") }
        let parts = [street, value("phone"), value("email"), value("url")].compactMap(\.self)
        return parts.isEmpty ? [] : [HTMLText.separatingMarks(parts.joined(separator: " · "))]
    }

    private func figures(_ profile: DistrictProfile, _ frame: PageFrame) -> [[String: any Sendable]] {
        let texts = frame.texts
        let record = profile.record
        var result: [(String, String?)] = []
        let population = record.integer("population")
        let people = population.map(texts.number)
        let date = record.date("population_date").map(texts.date)
        result.append(("district_people", people.map { [$0, date].compactMap(\.self).joined(separator: ", ") }))
        let area = record.real("area_official_m2") ?? record.real("area_m2")
        result.append(("figure_area", area.flatMap(frame.squareKilometres)))
        let density = area.flatMap { area in population.map { Double($0) / (area / 1e6) } }
        result.append(
            (
                "figure_density",
                density.flatMap { texts.number($0, decimals: 0) }.map { texts.text("figure_per_km2", ["n": $0]) }
            ))
        result.append(("figure_municipalities", record.integer("municipalities").map(texts.number)))
        let hasData = record.text("data_status") == "data"
        result.append(
            ("district_offers", hasData ? record.integer("offers").map(texts.number) : texts.text("count_no_data")))
        result.append(
            ("district_actors", hasData ? record.integer("actors").map(texts.number) : texts.text("count_no_data")))
        return result.map { key, value in
            ["label": texts.text(key), "value": value ?? texts.text("not_stated")]
        }
    }

    /// How far it is to the next offer, in sentences.
    private func reach(_ profile: DistrictProfile, _ frame: PageFrame) -> [String] {
        let texts = frame.texts
        let coverage = profile.coverage
        guard let median = coverage.real("distance_median_m") else { return [texts.text("reach_unknown")] }
        var result = [texts.text("reach_median", ["distance": frame.kilometres(median)])]
        if let far = coverage.real("distance_p90_m") {
            result.append(texts.text("reach_p90", ["distance": frame.kilometres(far)]))
        }
        for radius in [5_000, 15_000] {
            guard let share = coverage.real("share_within_\(radius)_m").flatMap({ texts.percent($0) }) else { continue }
            result.append(
                texts.text("reach_share", ["share": share, "distance": frame.kilometres(Double(radius))]))
        }
        return result
    }

    /// What no offer reaches, in sentences.
    private func gaps(_ profile: DistrictProfile, _ frame: PageFrame) -> [String] {
        let texts = frame.texts
        let distance = frame.kilometres(DistrictProfile.radius.value)
        guard let people = profile.coverage.integer("gap_people") else { return [texts.text("reach_unknown")] }
        guard people > 0 || !profile.gaps.isEmpty else { return [texts.text("gap_none", ["distance": distance])] }
        var result = [texts.text("gap_people", count: people, ["distance": distance])]
        if let area = profile.coverage.real("gap_area_m2").flatMap(frame.squareKilometres) {
            result.append(texts.text("gap_areas", count: profile.gaps.count, ["area": area]))
        }
        if !profile.unreached.isEmpty {
            let places = profile.unreached.map {
                texts.text("gap_place", ["place": FactList.townName($0.name), "n": texts.number($0.people)])
            }
            result.append(texts.text("gap_places", ["places": texts.list(places)]))
        }
        return result
    }

    /// How rural the district is, ours beside what is published, and what the types mean.
    private func rural(_ profile: DistrictProfile, _ frame: PageFrame) -> [String] {
        let texts = frame.texts
        guard let area = profile.rural else { return [texts.text("rural_unknown")] }
        var result: [String] = []
        if let index = area.index.value.flatMap({ texts.number($0, decimals: 2) }), let kind = area.ruralClass {
            result.append(
                texts.text("rural_own", ["index": index, "class": texts.text("rural_class_\(kind.rawValue)")]))
        } else {
            result.append(texts.text("rural_unknown"))
        }
        if let published = area.published {
            if let index = published.index.flatMap({ texts.number($0, decimals: 2) }) {
                result.append(texts.text("rural_published", ["index": index]))
            }
            if let type = published.type, texts.has("rural_type_\(type)") {
                result.append(
                    texts.text(
                        "rural_type", ["type": texts.number(type), "meaning": texts.text("rural_type_\(type)")]))
            }
        }
        result.append(texts.text("rural_meaning"))
        let others = area.indicators.members.filter { $0 != profile.record.id }
        if !others.isEmpty {
            result.append(
                texts.text("rural_region", ["districts": texts.list(others.map(frame.areaName))]))
        }
        return result
    }

    /// The district with its municipalities, offers and gaps.
    private func sketch(_ profile: DistrictProfile, _ frame: PageFrame) -> String {
        let snapshot = frame.snapshot
        let record = profile.record
        let box = snapshot.districtBoxes[record.row].padded(by: 0.03)
        var sketch = MapSketch(of: box)
        for row in 0..<snapshot.districts.count where row != record.row && sketch.shows(snapshot.districtBoxes[row]) {
            if let surface = snapshot.districts.surface(row) { sketch.draw(surface, as: "sketch-area") }
        }
        if let surface = record.table.surface(record.row) { sketch.draw(surface, as: "sketch-ground") }
        for gap in profile.gaps { sketch.draw(gap, as: "sketch-gap") }
        for row in profile.municipalities {
            if let surface = snapshot.municipalities.surface(row) { sketch.draw(surface, as: "sketch-line") }
        }
        if let surface = record.table.surface(record.row) { sketch.draw(surface, as: "sketch-border") }
        for stop in profile.stops { sketch.mark(stop.place, stop.text) }
        let people = snapshot.municipalities.integer("people")
        let named = profile.municipalities.sorted { (people[$1], $0) < (people[$0], $1) }
        for row in named.prefix(Self.mostNames) {
            let municipality = RecordFacts(table: snapshot.municipalities, row: row)
            guard let center = municipality.labelPoint, let name = municipality.text("name") else { continue }
            sketch.label(FactList.townName(name), at: center)
        }
        return sketch.svg(
            title: frame.texts.text("map_sketch_district", ["district": frame.name(of: record)]))
    }

    /// The most places that a district's map names.
    private static let mostNames = 14
}

extension PageFrame {
    /// An area's own name.
    func name(of area: RecordFacts) -> String { area.text("name") ?? area.id }

    /// A distance as people say it.
    func kilometres(_ metres: Double) -> String {
        let value = metres / 1000
        let number = texts.number(value, decimals: value == value.rounded() ? 0 : 1) ?? texts.text("not_stated")
        return texts.text("unit_km", ["n": number])
    }

    /// What the marked surfaces on a district's map are.
    var gapKey: String { texts.text("map_key_gap", ["distance": kilometres(DistrictProfile.radius.value)]) }

    /// A surface as people say it.
    func squareKilometres(_ squareMetres: Double) -> String? {
        texts.number(squareMetres / 1e6, decimals: 0).map { texts.text("unit_km2", ["n": $0]) }
    }

    /// How many offers there are; none known of is no data, never none.
    func offerCount(_ count: Int) -> String {
        count == 0 ? texts.text("count_no_data") : texts.text("offers_count", count: count)
    }

    /// What a shortened list leaves out, where it does.
    func rest(_ count: Int) -> [String] { count > 0 ? [texts.text("more_entries", count: count)] : [] }
}
