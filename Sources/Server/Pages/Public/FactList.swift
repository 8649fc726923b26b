import NetworkModel

/// The facts of a record as a page shows them: a name and a value each, in words of the page's language.
///
/// Values are markup of this program around escaped texts. Names and descriptions of the network are German in every
/// language and marked as such; vocabulary has the page's language where it has a name in it.
struct FactList: Sendable {
    private let frame: PageFrame
    private(set) var terms: GlossaryLinks
    private(set) var facts: [[String: any Sendable]] = []

    init(_ frame: PageFrame, terms: GlossaryLinks) {
        self.frame = frame
        self.terms = terms
    }

    private var texts: PageTexts { frame.texts }

    /// Adds a fact made of markup; what is nil is left out, or said not to be stated.
    mutating func add(_ field: String, _ value: HTMLText?, isAlwaysShown: Bool = false) {
        guard value != nil || isAlwaysShown else { return }
        facts.append([
            "label": HTMLText.separatingMarks(texts.text("field_\(field)")), "value": value?.text ?? "",
            "is_silent": value == nil,
        ])
    }

    /// Adds words of the page's language.
    mutating func add(_ field: String, words: String?, isAlwaysShown: Bool = false) {
        add(field, words.map { HTMLText($0) }, isAlwaysShown: isAlwaysShown)
    }

    /// Adds a text of the network, with its glossary terms linked.
    mutating func add(_ field: String, record text: String?, isAlwaysShown: Bool = false) {
        guard let text else { return add(field, nil as HTMLText?, isAlwaysShown: isAlwaysShown) }
        var html = HTMLText()
        html.open(language: frame.texts.tag.hasPrefix("de") ? nil : "de")
        terms.write(text, into: &html)
        html.markup("</span>")
        add(field, html)
    }

    /// Adds vocabulary keys by their names.
    mutating func add(_ field: String, vocabulary: String, _ keys: [String], isAlwaysShown: Bool = false) {
        guard !keys.isEmpty else { return add(field, nil as HTMLText?, isAlwaysShown: isAlwaysShown) }
        var html = HTMLText()
        var isForeign = false
        for (position, key) in keys.enumerated() {
            if position > 0 { html.write(texts.direction == "rtl" ? "، " : ", ") }
            let name = frame.snapshot.vocabulary.name(vocabulary, key, language: texts.tag)
            let foreign = PageRenderer.foreign(name?.language, on: texts.tag).first
            isForeign = isForeign || foreign != nil
            html.open(language: foreign)
            if name?.language == "de" {
                terms.write(name?.text ?? key, into: &html)
            } else {
                html.write(name?.text ?? key)
            }
            html.markup("</span>")
        }
        if isForeign {
            html.markup(" <span class=\"fallback\">")
            html.write(texts.text("language_fallback"))
            html.markup("</span>")
        }
        add(field, html)
    }

    /// Adds a number.
    mutating func add(_ field: String, number: Int?) { add(field, words: number.map(texts.number)) }

    /// Adds an address of the web; what is no such address stays text.
    mutating func add(_ field: String, address: String?) {
        guard let address else { return }
        let hasScheme = address.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:/) != nil
        var html = HTMLText()
        html.link(hasScheme ? address : "https://\(address)", Self.shown(address), rel: "noopener noreferrer external")
        add(field, html)
    }

    /// Adds how an organisation is reached.
    mutating func addContact(_ record: RecordFacts, fallback: RecordFacts?) {
        let value = { (field: String) in record.text(field) ?? fallback?.text(field) }
        if let phone = value("phone") {
            var html = HTMLText()
            let number = phone.filter { $0.isASCII && ($0.isNumber || $0 == "+") }
            html.contact("tel:\(number)", phone)
            add("phone", html)
        }
        if let email = value("email") {
            var html = HTMLText()
            html.contact("mailto:\(PercentCoding.encode(email).replacing("%40", with: "@"))", email)
            add("email", html)
        }
        add("url", address: value("url"))
    }

    /// Adds opening hours.
    mutating func addHours(_ record: RecordFacts, fallback: RecordFacts?) {
        let holder = record.text("opening_hours_kind") != nil || record.text("opening_hours") != nil ? record : fallback
        switch holder?.text("opening_hours_kind") {
        case "closed": add("opening_hours", words: texts.text("hours_closed"))
        case "by_appointment": add("opening_hours", words: texts.text("hours_by_appointment"))
        default: add("opening_hours", record: holder?.text("opening_hours"), isAlwaysShown: true)
        }
    }

    /// Adds where the record is: address, place, areas, and how precisely that is known.
    mutating func addPlace(_ record: RecordFacts) {
        if let street = record.text("street") {
            let town = [record.text("postcode"), record.text("place")].compactMap(\.self).joined(separator: " ")
            add("address", record: [street, town].filter { !$0.isEmpty }.joined(separator: ", "))
        }
        let place = record.text("place") ?? record.text("municipality_name").map(Self.townName)
        add("place", place.map { name($0) }, isAlwaysShown: true)
        if let key = record.text("district_key") {
            var html = HTMLText()
            html.open(language: texts.tag.hasPrefix("de") ? nil : "de")
            if frame.snapshot.districtRows.row(of: key) != nil {
                html.link(frame.href(.district(key)), record.text("district_name") ?? key)
            } else {
                html.write(record.text("district_name") ?? key)
            }
            html.markup("</span>")
            add("district", html)
        }
        add("precision", words: texts.text("precision_\(record.text("precision") ?? "none")"))
    }

    /// Adds the document that says so, and when.
    mutating func addSource(_ record: RecordFacts) {
        var html = HTMLText()
        if let title = record.text("source_title") {
            html.append(name(title))
            if let publisher = record.text("source_publisher") {
                html.write(" (")
                html.append(name(publisher))
                html.write(")")
            }
            if let year = record.integer("source_year") { html.write(", \(year)") }
        } else {
            html.write(texts.text("source_unknown"))
        }
        add("source", html)
        add("source_date", words: record.date("source_date").map(texts.date))
    }

    /// A name that is the same in all languages.
    func name(_ name: String) -> HTMLText {
        var html = HTMLText()
        html.open(language: frame.texts.tag.hasPrefix("de") ? nil : "de")
        html.write(name)
        html.markup("</span>")
        return html
    }

    /// A municipality's name without the designation that its official name carries ("Wolmirstedt, Stadt").
    static func townName(_ name: String) -> String { String(name.prefix { $0 != "," }) }

    private static func shown(_ address: String) -> String {
        for scheme in ["https://", "http://"] where address.hasPrefix(scheme) {
            return String(address.dropFirst(scheme.count))
        }
        return address
    }
}

extension PageTexts {
    /// A status by the name that answers give it (`OfferStatus`), in words; nil for a word that is none.
    func status(_ name: String) -> String? {
        let year = name.split(separator: "_").last.flatMap { Int($0) }?.description
        switch name {
        case "dated": return text("status_dated")
        case "ended": return text("status_ended")
        case _ where name.hasPrefix("open_end"): return year.map { text("status_open_end", ["year": $0]) }
        case _ where name.hasPrefix("undated"): return year.map { text("status_undated", ["year": $0]) }
        default: return nil
        }
    }
}

extension PageFrame {
    /// What may be said about an offer's being current, in words, from its dates and its source alone.
    func status(of offer: RecordFacts) -> String {
        let from = offer.date("valid_from")
        let to = offer.date("valid_to")
        switch (from, to) {
        case (let from?, let to?) where from == to: return texts.date(from)
        case (let from?, let to?):
            return texts.text("validity_range", ["from": texts.date(from), "to": texts.date(to)])
        case (nil, let to?): return texts.text("status_ends_on", ["date": texts.date(to)])
        case (let from?, nil):
            let begin = texts.text("validity_from", ["from": texts.date(from)])
            guard let year = offer.integer("source_year") else { return begin }
            return "\(begin); \(texts.text("status_open_end", ["year": year.description]))"
        case (nil, nil):
            guard let year = offer.integer("source_year") else { return texts.text("status_unknown") }
            return texts.text("status_undated", ["year": year.description])
        }
    }

    /// An offer as a line of a list.
    func entry(_ offer: RecordFacts) -> [String: any Sendable] {
        let category = offer.text("category").flatMap {
            snapshot.vocabulary.name("category", $0, language: texts.tag)
        }
        let place =
            offer.text("place") ?? offer.text("municipality_name").map(FactList.townName)
            ?? offer.text("district_name").map { texts.text("place_district_only", ["district": $0]) }
            ?? texts.text("place_not_stated")
        return [
            "id": HTMLText.separatingMarks(offer.id), "href": href(.offer(offer.id)),
            "title": HTMLText.separatingMarks(offer.text("title") ?? offer.id),
            "category": HTMLText.separatingMarks(category?.text ?? offer.text("category") ?? ""),
            "category_foreign": PageRenderer.foreign(category?.language, on: texts.tag),
            "actor": offer.text("actor_name").map { [HTMLText.separatingMarks($0)] } ?? [String](),
            "place": HTMLText.separatingMarks(place), "status": HTMLText.separatingMarks(status(of: offer)),
        ]
    }

    /// The name of an area behind a key; a whole state by its region's name.
    func areaName(_ key: String) -> String {
        if let name = snapshot.district(key)?.text("name") { return name }
        if let name = snapshot.municipality(key)?.text("name") { return FactList.townName(name) }
        let prefixes = snapshot.regions.code("key_prefix")
        for row in 0..<snapshot.regions.count where prefixes[row] == key {
            let name = snapshot.regions.text("name_de")[row] ?? key
            return texts.text("whole_region", ["region": name])
        }
        return key
    }
}
