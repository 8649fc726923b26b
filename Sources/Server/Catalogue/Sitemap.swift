import HTTPTypes
import NIOCore
import NetworkModel

extension Site {
    /// The addresses of the pages for search engines (sitemaps.org, protocol 0.9), or the list of such lists where there
    /// are more than one may hold.
    ///
    /// - Parameter part: the number of a list, from 1; nil for the whole.
    func sitemap(_ part: String?, _ exchange: Exchange) async throws -> Answer {
        let sitemap = Sitemap(exchange)
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

/// The pages of a snapshot: the fixed ones, those of collections, then those of the records that people look for.
struct Sitemap: Sendable {
    private let exchange: Exchange
    private let pages: [String]
    private let records: [(collection: String, identifiers: TextColumn)]

    /// The most addresses that one list may hold, by the protocol.
    static let mostAddresses = 50_000

    /// Takes the snapshot of an exchange.
    init(_ exchange: Exchange) {
        self.exchange = exchange
        let served = exchange.served
        let html: [QueryParameters.Item] = [("f", "html")]
        pages =
            [exchange.url("/")]
            + ["/api", "/api/collections", "/api/vocabulary", "/api/glossary", "/api/definitions", "/api/changes"]
            .map { exchange.url($0, html) }
            + served.collections.map { exchange.url("/api/collections/\($0.id)", html) }
        records = served.collections.compactMap { collection in
            guard let kind = collection.kind, [.districts, .municipalities, .actors, .offers].contains(kind) else {
                return nil
            }
            return (collection.id, served.snapshot[kind].identifiers)
        }
    }

    private var count: Int { records.reduce(pages.count) { $0 + $1.identifiers.count } }

    /// How many lists there are.
    var parts: Int { (count + Self.mostAddresses - 1) / Self.mostAddresses }

    /// The list of the lists.
    var index: [UInt8] {
        var xml = XMLText()
        xml.open("sitemapindex", [("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")])
        for number in 1...max(parts, 1) {
            xml.open("sitemap")
            xml.element("loc", exchange.url("/sitemap-\(number).xml"))
            xml.close("sitemap")
        }
        xml.close("sitemapindex")
        return xml.bytes
    }

    /// One list, from 1. - Complexity: O(its addresses)
    func part(_ number: Int) -> [UInt8] {
        var xml = XMLText()
        xml.open("urlset", [("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")])
        let first = (number - 1) * Self.mostAddresses
        for position in first..<min(first + Self.mostAddresses, count) {
            xml.open("url")
            xml.element("loc", address(position))
            xml.close("url")
        }
        xml.close("urlset")
        return xml.bytes
    }

    private func address(_ position: Int) -> String {
        if position < pages.count { return pages[position] }
        var row = position - pages.count
        for (collection, identifiers) in records {
            if row < identifiers.count {
                let id = PercentCoding.encode(identifiers[row] ?? "")
                return exchange.url("/api/collections/\(collection)/items/\(id)", [("f", "html")])
            }
            row -= identifiers.count
        }
        return exchange.url("/")
    }
}
