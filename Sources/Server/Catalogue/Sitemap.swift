import HTTPTypes
import NIOCore
import NetworkModel

extension Site {
    /// The addresses of the pages for search engines (sitemaps.org, protocol 0.9), or the list of such lists where there
    /// are more than one may hold.
    ///
    /// - Parameter part: the number of a list, from 1; nil for the whole.
    func sitemap(_ part: String?, _ exchange: Exchange) async throws -> Answer {
        let sitemap = Sitemap(exchange, languages: pages.languages)
        let number = part.flatMap { $0.first == "0" ? nil : Int($0) }
        if part != nil, number.map({ !(1...sitemap.parts).contains($0) }) ?? true {
            throw Problem(.notFound, "there is nothing at this path")
        }
        let result = try await representation(
            exchange, variant: "/sitemap \(number ?? 0)", mediaType: MediaTypes.xml
        ) { _ in
            number.map { sitemap.part($0) } ?? (sitemap.parts == 1 ? sitemap.part(1) : sitemap.index)
        }
        return Answer(.whole(result), caching: .revalidate)
    }

    /// What crawlers are told: pages and data are for them, tiles and operations are not.
    func robots(_ exchange: Exchange) -> Answer {
        let text = """
            User-agent: *
            Disallow: /tiles/
            Disallow: /metrics
            Disallow: /health/

            Sitemap: \(exchange.url("/sitemap.xml"))

            """
        return Answer(
            .whole(Representation(ByteBuffer(string: text), mediaType: MediaTypes.plainText)), caching: .seconds(86_400)
        )
    }
}

/// The pages of a snapshot: the fixed ones for people and of the API, those of collections, then those of the records
/// that people look for.
///
/// A page for people is listed once, in the leading language, with the addresses of all its languages beside it.
struct Sitemap: Sendable {
    /// The beginning of the addresses.
    private let root: String
    /// The languages of the pages for people, the leading one first.
    private let languages: [String]
    private let sections: [Section]

    /// Pages of one kind, by their position.
    private struct Section: Sendable {
        let count: Int
        /// Whether there is one in every language, or a page of the API.
        let isPublic: Bool
        /// The address in a language; for nil in the one that the visitor's browser asks for.
        let address: @Sendable (Int, String?) -> String
    }

    /// What one list may hold by the protocol: addresses, bytes, and characters of an address.
    private static let (mostAddresses, mostBytes, longestAddress) = (50_000, 50_000_000, 2_047)

    /// How many pages one list holds: as many as keep to the bytes even where each has the longest address in each
    /// language, with the markup around it.
    private var size: Int {
        min(Self.mostAddresses, Self.mostBytes / ((languages.count + 2) * (Self.longestAddress + 150)))
    }

    /// Takes the snapshot of an exchange.
    init(_ exchange: Exchange, languages: [String]) {
        root = exchange.base.description
        self.languages = languages
        let served = exchange.served
        func section(_ count: Int, isPublic: Bool, _ path: @escaping @Sendable (Int) -> String) -> Section {
            Section(count: count, isPublic: isPublic) { position, language in
                let parameters = isPublic ? language.map { [("lang", $0)] } ?? [] : [("f", "html")]
                return exchange.url(path(position), parameters)
            }
        }
        func fixed(isPublic: Bool, _ paths: [String]) -> Section {
            section(paths.count, isPublic: isPublic) { paths[$0] }
        }
        let duties = PublicPage.Duty.allCases.map(PublicPage.duty)
        var sections = [
            fixed(isPublic: true, ["/"] + ([.districts, .network, .glossary] + duties).map(\.path)),
            fixed(
                isPublic: false,
                ["/api", "/api/collections", "/api/vocabulary", "/api/glossary", "/api/definitions", "/api/changes"]
                    + served.collections.map { "/api/collections/\($0.id)" }),
        ]
        for collection in served.collections {
            guard let kind = collection.kind, [.districts, .municipalities, .actors, .offers].contains(kind) else {
                continue
            }
            let (id, identifiers) = (collection.id, served.snapshot[kind].identifiers)
            if let page = PublicPage.of(kind) {
                sections.append(section(identifiers.count, isPublic: true) { page(identifiers[$0] ?? "").path })
            }
            sections.append(
                section(identifiers.count, isPublic: false) {
                    "/api/collections/\(id)/items/\(PercentCoding.encode(identifiers[$0] ?? ""))"
                })
        }
        self.sections = sections
    }

    /// Takes the pages of a folder.
    ///
    /// - Parameters:
    ///   - root: where the folder will stand, no slash at the end.
    ///   - pages: its pages; nil is the map.
    init(folderAt root: String, pages: [PublicPage?], languages: [String]) {
        self.root = root
        self.languages = languages
        let leading = Localized.languages[0]
        sections = [
            Section(count: pages.count, isPublic: true) { position, language in
                let language = language ?? leading
                let path = pages[position].map { StaticPath.page($0, in: language) } ?? StaticPath.map(in: language)
                return "\(root)/\(path)"
            }
        ]
    }

    private var count: Int { sections.reduce(0) { $0 + $1.count } }

    /// How many lists there are.
    var parts: Int { (count + size - 1) / size }

    /// The list of the lists.
    var index: [UInt8] {
        var xml = XMLText()
        xml.open("sitemapindex", [("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")])
        for number in 1...max(parts, 1) {
            xml.open("sitemap")
            xml.element("loc", "\(root)/sitemap-\(number).xml")
            xml.close("sitemap")
        }
        xml.close("sitemapindex")
        return xml.bytes
    }

    /// One list, from 1. - Complexity: O(its addresses)
    func part(_ number: Int) -> [UInt8] {
        var xml = XMLText()
        xml.open(
            "urlset",
            [
                ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"),
                ("xmlns:xhtml", "http://www.w3.org/1999/xhtml"),
            ])
        var (position, end) = ((number - 1) * size, min(number * size, count))
        for section in sections {
            while position < min(section.count, end) {
                write(position, of: section, into: &xml)
                position += 1
            }
            position -= section.count
            end -= section.count
            if end <= 0 { break }
        }
        xml.close("urlset")
        return xml.bytes
    }

    /// Writes a page; one whose address the protocol finds too long is left out.
    private func write(_ position: Int, of section: Section, into xml: inout XMLText) {
        let place = section.address(position, languages[0])
        guard place.utf8.count <= Self.longestAddress else { return }
        xml.open("url")
        xml.element("loc", place)
        if section.isPublic {
            for language in languages { link(language, section.address(position, language), into: &xml) }
            link("x-default", section.address(position, nil), into: &xml)
        }
        xml.close("url")
    }

    private func link(_ language: String, _ address: String, into xml: inout XMLText) {
        xml.element("xhtml:link", "", [("rel", "alternate"), ("hreflang", language), ("href", address)])
    }
}

extension PublicPage {
    /// The page of a record of a kind; nil for kinds whose records have none.
    fileprivate static func of(_ kind: RecordKind) -> (@Sendable (String) -> PublicPage)? {
        switch kind {
        case .offers: { .offer($0) }
        case .actors: { .actor($0) }
        case .districts: { .district($0) }
        default: nil
        }
    }
}
