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
    func href(_ page: PublicPage) -> String { href(page, in: texts.tag) }

    /// The address of a page in a language, on this origin.
    private func href(_ page: PublicPage, in tag: String, _ parameters: [QueryParameters.Item] = []) -> String {
        let base = exchange.base
        guard !base.isRelative else { return "\(base.path)/\(StaticPath.page(page, in: tag))" }
        return "\(base.path)\(page.path)?\(QueryParameters.encode([("lang", tag)] + parameters))"
    }

    /// The address of a page for those who are elsewhere; nil where it is a file of which nobody knows where it will
    /// stand.
    ///
    /// - Parameter tag: the language; nil for the reader's.
    func address(
        _ page: PublicPage, in tag: String? = nil, _ parameters: [QueryParameters.Item] = []
    ) -> String? {
        let base = exchange.base
        guard !base.isRelative else {
            return base.absolute.map { "\($0)/\(StaticPath.page(page, in: tag ?? texts.tag))" }
        }
        return exchange.url(page.path, (tag.map { [("lang", $0)] } ?? []) + parameters)
    }

    /// The address of the map with an offer opened or a filter set.
    func mapHref(_ parameters: [QueryParameters.Item] = [], offer: String? = nil) -> String {
        exchange.mapAddress([("lang", texts.tag)] + parameters, in: texts.tag)
            + (offer.map { "#offer/\(PercentCoding.encode($0))" } ?? "")
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
        let canonical = page.flatMap { address($0, in: texts.tag, parameters) }
        var context: [String: any Sendable] = [
            "lang": texts.tag, "dir": texts.direction, "t": texts.context, "language": texts.name,
            "unreviewed": !texts.isReviewed, "is_german": texts.tag.hasPrefix("de"),
            "base": exchange.base.path, "title": HTMLText.separatingMarks(title),
            "site": HTMLText.separatingMarks(site), "region_name": HTMLText.separatingMarks(region),
            "region_foreign": Self.languageOfRegionName(texts.tag),
            "description": HTMLText.separatingMarks(description ?? texts.text("page_description")),
            "attribution": HTMLText.separatingMarks(served.attribution), "data_version": served.version,
            "map_href": mapHref(), "is_page": page != nil, "is_static": exchange.base.isRelative,
            "canonical": canonical.map { [HTMLText.separatingMarks($0)] } ?? [String](),
            "languages": languages.map { tag, name -> [String: any Sendable] in
                let href =
                    page.map { self.href($0, in: tag, parameters) }
                    ?? exchange.mapAddress([("lang", tag)] + parameters, in: tag)
                return [
                    "tag": tag, "name": name, "current": tag == texts.tag, "href": href,
                    "absolute": page.flatMap { address($0, in: tag, parameters) } ?? href,
                ]
            },
            "image": image.map { [address($0) ?? href($0)] } ?? [String](),
        ]
        if exchange.base.isRelative { context["policy"] = Answer.policyOfFiles }
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
