import Testing

@testable import Server

@Suite struct NegotiationTests {
    private let offers = [["application/geo+json", "application/json"], ["text/html"]]

    @Test(arguments: [
        (nil, 0), ("", 0), ("*/*", 0), ("text/html", 1), ("application/json", 0), ("application/geo+json", 0),
        ("text/html;q=0.5, application/json;q=0.4", 1), ("text/html;q=0.4, application/json;q=0.5", 0),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 1), ("text/*", 1),
        ("application/geo+json;q=0, */*;q=0.1", 0), ("APPLICATION/GEO+JSON", 0), ("text/html;level=1;q=1", 1),
        ("text/html;q=0, */*", 0),
    ])
    func mediaTypes(accept: String?, expected: Int) {
        #expect(Negotiation.mediaType(accept, offers: offers) == expected)
    }

    @Test(arguments: ["application/xml", "image/*", "text/html;q=0", "*/*;q=0", "text/html;q=2", "nonsense"])
    func refusesWhatIsNotThere(accept: String) {
        #expect(Negotiation.mediaType(accept, offers: offers) == nil)
    }

    @Test func theMostSpecificRangeDecides() {
        // */* allows HTML, but text/html itself is given no weight.
        #expect(Negotiation.mediaType("text/html;q=0,*/*", offers: [["text/html"]]) == nil)
    }

    @Test(arguments: [
        (nil, "de"), ("en", "en"), ("en-GB,de;q=0.5", "en"), ("fr", "de"), ("fr,en;q=0.1", "en"), ("*", "de"),
        ("de;q=0.1,en;q=0.2", "en"), ("DE-at", "de"), ("en;q=x", "de"),
    ])
    func languages(accept: String?, expected: String) {
        let offers = ["de", "en"]
        #expect(offers[Negotiation.language(accept, offers: offers)] == expected)
    }

    @Test(arguments: [
        (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("br, gzip;q=0.5", true), ("gzip;q=0", false),
        ("*", true), ("*;q=0", false), ("gzip;q=0, *", false), ("identity", false), ("x-gzip", true),
        ("gzip;q=0.5, identity", false), ("identity;q=0.5, gzip;q=0.5", true), ("identity;q=0, *", true),
        ("identity, *;q=0.5", false),
    ])
    func gzip(accept: String?, expected: Bool) {
        #expect(Negotiation.acceptsGzip(accept) == expected)
    }
}
