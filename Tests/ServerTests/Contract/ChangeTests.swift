import Foundation
import FoundationXML
import HTTPTypes
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct ChangeTests {
    private let site: TestSite
    private let log: ChangeLog

    init() throws {
        let version = Snapshot(ExampleNetwork.tables).dataVersion.description
        let log = ChangeLog([
            ChangeLog.Step(
                before: "00000000000000aa", after: "00000000000000bb", time: "2026-01-02T03:04:05Z",
                changes: [
                    RecordChange(.added, .offers, "kurs"), RecordChange(.changed, .vocabulary, "language/ar"),
                    RecordChange(
                        .removed, .offers, "alt & <neu>", title: "Altes <Angebot>\u{1}",
                        status: "undated_reported_2018", lastPublished: ["category": "training"]),
                    RecordChange(.removed, .offers, "treffen", title: "Treffen", status: "dated"),
                ]),
            ChangeLog.Step(
                before: "00000000000000bb", after: version, time: "2026-02-03T04:05:06Z",
                changes: [
                    RecordChange(.added, .offers, "treffen"),
                    RecordChange(.added, .populationCells, records: 12_345),
                    RecordChange(.removed, .actors, "ohne-namen"),
                ]),
        ])
        self.log = log
        site = try TestSite(
            source: SnapshotSource(changeToken: { 0 }, load: { Snapshot(ExampleNetwork.tables, changes: log) }))
    }

    private func steps(_ target: String) async throws -> [[String: Any]] {
        try await site.send(target).json()["steps"] as? [[String: Any]] ?? []
    }

    @Test func whatChangedSinceAVersionIsTold() async throws {
        #expect(try await steps("/api/changes").count == 2)
        #expect(try await steps("/api/changes?since=00000000000000aa").count == 2)
        let last = try await steps("/api/changes?since=00000000000000bb")
        #expect(last.count == 1)
        let changes = try #require(last.first?["changes"] as? [[String: Any]])
        #expect(changes[0]["id"] as? String == "treffen")
        #expect(changes[0]["title"] as? String == "Treffen")
        #expect(changes[0]["url"] as? String == "http://kompass.test/api/collections/offers/items/treffen")
        #expect(changes[1]["records"] as? Int == 12_345)
        #expect(changes[1]["kind"] as? String == "population")
        #expect(changes[2]["title"] == nil)
        let now = try await site.send("/api/changes?since=\(site.version)").json()
        #expect((now["steps"] as? [Any])?.isEmpty == true)
        #expect(now["is_complete"] as? Bool == true)
        #expect(try await site.send("/api/changes").json()["is_complete"] as? Bool == false)
    }

    @Test func unknownVersionsAreRefusedWithAWord() async throws {
        let unknown = try await site.send("/api/changes?since=0123456789abcdef")
        #expect(unknown.status == 404)
        #expect(try unknown.json()["parameter"] as? String == "since")
        #expect((try unknown.json()["detail"] as? String)?.contains("take the data anew") == true)
        for wrong in ["", "x", "0123456789ABCDEF", "0123456789abcdef0"] {
            let answer = try await site.send("/api/changes?since=\(wrong)")
            #expect(answer.status == 400)
            #expect(try answer.json()["parameter"] as? String == "since")
        }
    }

    @Test func thePageShowsTheSameEscaped() async throws {
        let html = try await site.send("/api/changes?f=html").text
        #expect(html.contains("Altes &lt;Angebot&gt;"))
        #expect(!html.contains("<Angebot>"))
        #expect(html.contains("12345 Datensätze"))
        #expect(html.contains("/api/collections/offers/items/kurs?f=html"))
        #expect(try await site.send("/api/changes?f=html&lang=en").text.contains("12345 records"))
    }

    @Test func aRecordThatIsNoLongerPublishedIsGone() async throws {
        let target = "/api/collections/offers/items/alt%20%26%20%3Cneu%3E"
        let gone = try await site.send(target)
        #expect(gone.status == 410)
        #expect(gone["Content-Type"] == "application/problem+json")
        let record = try #require(try gone.json()["record"] as? [String: Any])
        #expect(record["title"] as? String == "Altes <Angebot>\u{1}")
        #expect(record["status"] as? String == "undated_reported_2018")
        #expect(try gone.json()["removed_at"] as? String == "2026-01-02T03:04:05Z")
        let page = try await site.send(target, ["Accept": "text/html"])
        #expect(page.status == 410)
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("undated_reported_2018"))
        #expect(page.text.contains("Altes &lt;Angebot&gt;"))
        #expect(try await site.send(target, method: .head).status == 410)
        #expect(try await site.send("/api/collections/offers/items/nie").status == 404)
        #expect(try await site.send("/api/collections/actors/items/ohne-namen").status == 410)
        // Published again since.
        #expect(try await site.send("/api/collections/offers/items/treffen").status == 200)
    }

    @Test func theFeedIsAtom() async throws {
        let answer = try await site.send("/api/changes.atom")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/atom+xml")
        let feed = try AtomFeed(answer.body)
        #expect(feed.ids.first == "http://kompass.test/api/changes.atom")
        let entries = feed.ids.dropFirst()
        #expect(entries.count == 7)
        #expect(Set(entries).count == 7)
        #expect(entries.allSatisfy { $0.hasPrefix("urn:uuid:") && $0.count == 45 })
        // The newest load leads, and the feed is as old as it.
        #expect(feed.updated.first == "2026-02-03T04:05:06Z")
        #expect(feed.updated.dropFirst().first == "2026-02-03T04:05:06Z")
        #expect(feed.titles.contains { $0.contains("Altes <Angebot>") })
        #expect(feed.links.contains("http://kompass.test/api/collections/offers/items/kurs?f=json"))
        // The identifiers are the log's, not the address's.
        let other = try await site.send("/api/changes.atom?lang=en", host: "other.test")
        #expect(try AtomFeed(other.body).ids.dropFirst() == entries)
        #expect(try await site.send("/api/changes.atom?since=1").status == 400)
        #expect(try await site.send("/api/changes.atom", ["Accept": "text/csv"]).status == 406)
    }

    @Test func anEmptyLogIsAValidFeedToo() async throws {
        let feed = try AtomFeed(try await TestSite().send("/api/changes.atom").body)
        #expect(feed.ids.count == 1)
        #expect(feed.updated == ["1970-01-01T00:00:00Z"])
    }

    /// The log is no part of the version, so its own change must make another tag.
    @Test func theTagFollowsTheLog() async throws {
        let empty = try TestSite()
        #expect(empty.version == site.version)
        for target in ["/api/changes", "/api/changes.atom", "/api/changes?f=html"] {
            let tag = try #require(try await site.send(target)["ETag"])
            #expect(try await site.send(target, ["If-None-Match": tag]).status == 304)
            #expect(try await empty.send(target, ["If-None-Match": tag]).status == 200)
        }
    }
}

/// The texts of a feed as Foundation's parser reads them.
private final class AtomFeed: NSObject, XMLParserDelegate {
    var ids: [String] = []
    var updated: [String] = []
    var titles: [String] = []
    var links: [String] = []
    private var text = ""

    init(_ bytes: [UInt8]) throws {
        super.init()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = self
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        text = ""
        if name == "link", let href = attributes["href"] { links.append(href) }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        switch name {
        case "id": ids.append(text)
        case "updated": updated.append(text)
        case "title": titles.append(text)
        default: break
        }
    }
}
