import NetworkModel

/// What every public page has: language, texts, addresses, the links around its content.
struct PageFrame: Sendable {
    let exchange: Exchange
    let texts: PageTexts
    /// The languages with their names, the leading one first.
    private let languages: [(tag: String, name: String)]
    /// The page; nil where there is none at the address.
    private let page: PublicPage?

    init(_ page: PublicPage?, _ exchange: Exchange, _ pages: PageRenderer, language: String) {
        self.page = page
        self.exchange = exchange
        texts = pages.texts(in: language)
        languages = pages.languages.map { ($0, pages.texts(in: $0).name) }
    }

    var served: ServedSnapshot { exchange.served }
    var snapshot: Snapshot { exchange.served.snapshot }

    /// The address of another page in the same language, on this origin.
    func href(_ page: PublicPage) -> String { "\(exchange.base.path)\(page.path)?lang=\(texts.tag)" }

    /// The address of the map with an offer opened or a filter set.
    func mapHref(_ parameters: [QueryParameters.Item] = [], offer: String? = nil) -> String {
        let query = QueryParameters.encode([("lang", texts.tag)] + parameters)
        return "\(exchange.base.path)/?\(query)" + (offer.map { "#offer/\(PercentCoding.encode($0))" } ?? "")
    }

    /// The values that the frame of a page takes, to which the page adds its own.
    ///
    /// - Parameters:
    ///   - image: the path of the picture that other sites show beside a link to the page.
    ///   - parameters: what of the query belongs to the page, so that the other languages keep it.
    func context(
        title: String, description: String? = nil, image: PublicPage? = nil, parameters: [QueryParameters.Item] = []
    ) -> [String: any Sendable] {
        let region = served.regionNames.map { $0[texts.tag] }.joined(separator: ", ")
        let site = [texts.text("app_name"), region].filter { !$0.isEmpty }.joined(separator: " ")
        let path = page?.path ?? ""
        let address = { (tag: String) in self.exchange.url(path, [("lang", tag)] + parameters) }
        var context: [String: any Sendable] = [
            "lang": texts.tag, "dir": texts.direction, "t": texts.context, "language": texts.name,
            "unreviewed": !texts.isReviewed, "is_german": texts.tag.hasPrefix("de"),
            "base": exchange.base.path, "title": HTMLText.separatingMarks(title),
            "site": HTMLText.separatingMarks(site), "region_name": HTMLText.separatingMarks(region),
            "region_foreign": Self.languageOfRegionName(texts.tag),
            "description": HTMLText.separatingMarks(description ?? texts.text("page_description")),
            "attribution": HTMLText.separatingMarks(served.attribution), "data_version": served.version,
            "map_href": mapHref(), "is_page": page != nil, "canonical": HTMLText.separatingMarks(address(texts.tag)),
            "languages": languages.map { tag, name -> [String: any Sendable] in
                let query = QueryParameters.encode([("lang", tag)] + parameters)
                return [
                    "tag": tag, "name": name, "current": tag == texts.tag, "absolute": address(tag),
                    "href": page == nil ? "\(exchange.base.path)/?\(query)" : "\(exchange.base.path)\(path)?\(query)",
                ]
            },
            "image": image.map { [exchange.url($0.path)] } ?? [String](),
        ]
        context.merge(links) { first, _ in first }
        let places: [(String, PublicPage)] = [
            ("at_districts", .districts), ("at_network", .network), ("at_glossary", .glossary),
        ]
        for (name, place) in places { context[name] = page == place }
        if let day = dataDay { context["as_of"] = texts.text("data_as_of", ["date": texts.date(day)]) }
        context["has_as_of"] = dataDay != nil
        return context
    }

    /// What the region's name is marked with: it has German and English alone.
    static func languageOfRegionName(_ page: String) -> [String] {
        PageRenderer.foreign(page == "en" ? "en" : Localized.languages[0], on: page)
    }

    /// The addresses of the pages that every page leads to, the map's too.
    var links: [String: any Sendable] {
        [
            "districts_href": href(.districts), "network_href": href(.network), "glossary_href": href(.glossary),
            "imprint_href": href(.duty(.imprint)), "privacy_href": href(.duty(.privacy)),
            "accessibility_href": href(.duty(.accessibility)),
            "feedback": duties.feedback.map { [$0] } ?? [String](),
        ]
    }

    /// The newest day that a served region states its data for.
    var dataDay: ReducedDate? {
        snapshot.regions.date("as_of").compactMap { ReducedDate(packed: $0) }.max { $0.lastDay < $1.lastDay }
    }

    /// What the operator's packs say about their duties.
    var duties: DutyTexts { DutyTexts(snapshot.regions) }
}
