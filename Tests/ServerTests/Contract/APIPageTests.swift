import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

/// The pages of collections, items and features: complete without script.
@Suite struct APIPageTests {
    private let site: TestSite

    init() throws { site = try TestSite(MadeNetwork.offers(45)) }

    @Test func aPageOfFeaturesHasMapTableAndDownloadsOfTheSameSelection() async throws {
        let html = try await site.send("/api/collections/offers/items?f=html&category=counselling&limit=10&lang=en")
            .text
        #expect(html.contains("<strong>23</strong>"))
        #expect(html.contains("<svg class=\"sketch\" role=\"img\""))
        for form in ExportFormat.allCases {
            #expect(html.contains("/api/collections/offers/export?category=counselling&amp;f=\(form.rawValue)\""))
        }
        #expect(html.contains("/api/catalogue\"") && html.contains("/api/hsds\""))
        #expect(!html.contains("<script"))
    }

    @Test func pagesAreTurnedBothWaysAndKeepTheSelection() async throws {
        let path = "/api/collections/offers/items?category=counselling&limit=10&f=html"
        var address: String? = path
        var seen: [String] = []
        while let target = address {
            let html = try await site.send(target).text
            seen.append(target)
            address = Self.link("next", html)
            if let address { #expect(address.contains("category=counselling") && address.contains("limit=10")) }
        }
        #expect(seen.count == 3)
        let second = try #require(Self.link("prev", try await site.send(seen[2]).text))
        #expect(try await site.send(second).body == site.send(seen[1]).body)
        let first = try #require(Self.link("prev", try await site.send(second).text))
        #expect(!first.contains("cursor"))
    }

    private static func link(_ rel: String, _ html: String) -> String? {
        let parts = html.components(separatedBy: "class=\"button\" rel=\"\(rel)\" href=\"")
        guard parts.count == 2 else { return nil }
        return Received.target(String(parts[1].prefix { $0 != "\"" })).replacing("&amp;", with: "&")
    }

    @Test func aFilterCanBeTakenAwayAndWordsSearched() async throws {
        let html = try await site.send("/api/collections/offers/items?f=html&category=training&q=Angebot%201").text
        #expect(
            html.contains(
                "href=\"http://kompass.test/api/collections/offers/items?q=Angebot%201&amp;f=html&amp;lang=de\""))
        #expect(html.contains("<input type=\"hidden\" name=\"category\" value=\"training\">"))
        #expect(html.contains("value=\"Angebot 1\""))
        #expect(try await !site.send("/api/collections/links/items?f=html").text.contains("<form"))
    }

    @Test func aFeatureShowsWhatItStatesAndNamesWhatItDoesNot() async throws {
        let html = try await site.send("/api/collections/offers/items/o1?f=html").text
        #expect(html.contains("training <span class=\"label\">Fortbildung</span>"))
        #expect(html.contains("Nichts angegeben zu: "))
        #expect(html.contains("<circle"))
        #expect(try await !site.send("/api/collections/offers/items/o10?f=html").text.contains("<svg"))
        #expect(html.contains("aria-current=\"page\">Angebot 1<"))
    }

    @Test func figuresOfOneFeatureAreRounded() async throws {
        let json = try await site.send("/api/collections/coverage/items/15001").json()
        let exact = try #require((json["properties"] as? [String: Any])?["distance_mean_m"] as? Double)
        let html = try await site.send("/api/collections/coverage/items/15001?f=html").text
        #expect(exact != exact.rounded())
        #expect(!html.contains("<td>\(exact)</td>"))
        #expect(html.contains("<td>\(Int(exact.rounded()))</td>"))
    }

    @Test func aCollectionShowsItsFieldsAndWhatItRestsOn() async throws {
        let html = try await site.send("/api/collections/offers?f=html&lang=en").text
        #expect(html.contains("<code>participants</code>") && html.contains("<td>{people}</td>"))
        #expect(html.contains("Verein, Bericht, 2018"))
        #expect(html.contains("/api/collections/offers/items?f=html&amp;lang=en\">Show the features</a>"))
        #expect(try await site.send("/api/collections/coverage?f=html").text.contains("class=\"definition\""))
    }
}
