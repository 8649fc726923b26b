import Foundation
import GRDB
import NetworkModel
import TestSupport
import Testing

@testable import Store

import struct NetworkModel.Table

struct ChangeLogTests {
    private let folder: TemporaryFolder
    private var file: ProjectFile { folder.file() }

    init() throws { folder = try TemporaryFolder() }

    @discardableResult
    private func load(_ tables: [RecordKind: Table], commits: Bool = true) throws -> Snapshot {
        let session = try LoadSession(file)
        session.begin(region: "example")
        for kind in RecordKind.allCases { if let table = tables[kind] { try session.append(table) } }
        _ = try session.finish(commits: commits)
        return try file.snapshot()
    }

    private func tables(_ offers: [[String: FieldValue]]) -> [RecordKind: Table] {
        var tables = ExampleNetwork.tables
        tables[.offers] = Table(.offers, offers)
        return tables
    }

    private var offers: [[String: FieldValue]] {
        [
            ExampleNetwork.offer("beratung", "Beratung auf Arabisch", "counselling", actor: "amt"),
            ExampleNetwork.offer("kurs", "Kurs", "training", from: "2018-06", to: "2018-06", actor: "amt"),
        ]
    }

    @Test func aNewFileHasNoChangesAndTheNextLoadTellsThem() throws {
        let first = try load(tables(offers))
        #expect(first.changes.steps.isEmpty)
        var changed = offers
        changed[0]["title"] = .text("Beratung auf Arabisch und Deutsch")
        changed[0]["street"] = .text("Hauptstraße 1")
        changed[1] = ExampleNetwork.offer("neu", "Neu", "training", actor: "amt")
        let second = try load(tables(changed))
        let step = try #require(second.changes.steps.first)
        #expect(second.changes.steps.count == 1)
        #expect(step.before == first.dataVersion.description)
        #expect(step.after == second.dataVersion.description)
        #expect(step.time.count == 20 && step.time.hasSuffix("Z"))
        #expect(
            step.changes == [
                RecordChange(.added, .offers, "neu"), RecordChange(.changed, .offers, "beratung"),
                RecordChange(
                    .removed, .offers, "kurs", title: "Kurs", status: "dated",
                    lastPublished: [
                        "category": "training", "sector": "administration", "district_key": "15001",
                        "district_name": "Westkreis", "valid_from": "2018-06", "valid_to": "2018-06",
                        "source_title": "Bericht", "source_year": "2018",
                    ]),
            ])
        #expect(second.changes.removal(of: .offers, "kurs")?.change.title == "Kurs")
        #expect(second.changes.removal(of: .offers, "neu") == nil)
    }

    @Test func theLogIsNoPartOfTheVersionAndLoadingTwiceChangesNotAByte() throws {
        try load(tables(offers))
        let second = try load(tables([offers[0]]))
        #expect(second.dataVersion == Snapshot(tables([offers[0]])).dataVersion)
        let bytes = try Data(contentsOf: URL(filePath: file.path))
        let third = try load(tables([offers[0]]))
        #expect(try Data(contentsOf: URL(filePath: file.path)) == bytes)
        #expect(third.changes == second.changes)
        try load(tables(offers), commits: false)
        #expect(try file.snapshot().changes == second.changes)
        // Back to the first state: its version again, and both ways in the log.
        let fourth = try load(tables(offers))
        #expect(fourth.changes.steps.map(\.after) == [second.dataVersion, fourth.dataVersion].map(\.description))
    }

    @Test func whatWasNeverPublishedNeverAppears() throws {
        try load(tables(offers))
        var secret = ExampleNetwork.offer("geheim", "Frauenhaus", "counselling")
        secret["publish"] = .text("no")
        let second = try load(tables(offers + [secret]))
        #expect(second.changes.steps.isEmpty)
        secret["title"] = .text("Frauenhaus Weststadt")
        #expect(try load(tables(offers + [secret])).changes.steps.isEmpty)
        #expect(try load(tables(offers)).changes.steps.isEmpty)
        #expect(try rows().isEmpty)
    }

    @Test func whatIsWithheldLaterLosesItsNameAndKeepsItsStatus() throws {
        try load(tables(offers))
        var secret = offers[1]
        secret["publish"] = .text("no")
        let step = try #require(try load(tables([offers[0], secret])).changes.steps.first)
        #expect(step.changes == [RecordChange(.removed, .offers, "kurs", status: "dated")])
        // Removed with its name first, withheld afterwards: no published record changes, the name goes all the same.
        let other = try TemporaryFolder()
        let later = ChangeLogTests(folder: other)
        try later.load(later.tables(offers))
        #expect(try later.load(later.tables([offers[0]])).changes.removal(of: .offers, "kurs")?.change.title == "Kurs")
        let withheld = try later.load(later.tables([offers[0], secret]))
        #expect(withheld.changes.removal(of: .offers, "kurs")?.change.title == nil)
        #expect(withheld.changes.removal(of: .offers, "kurs")?.change.status == "dated")
        #expect(try !later.rows().contains { $0.contains("Kurs") })
    }

    private init(folder: TemporaryFolder) { self.folder = folder }

    @Test func placesAndContactsAreNotKept() throws {
        var protected = offers[1]
        protected["publish"] = .text("district_only")
        protected["place"] = .text("Geheimdorf")
        var open = offers[0]
        open["street"] = .text("Nebenstraße 2")
        open["email"] = .text("info@verein.example")
        open["phone"] = .text("0123 456")
        open["description"] = .text("Ansprechpartnerin Frau Muster")
        try load(tables([open, protected]))
        try load(tables([]))
        let rows = try rows()
        #expect(rows.count == 2)
        for secret in ["Geheimdorf", "Nebenstraße", "info@", "0123", "Muster", "11.5", "15001000"] {
            #expect(!rows.contains { $0.contains(secret) }, "\(secret)")
        }
    }

    @Test func aFileOfTheSecondVersionGetsTheTable() throws {
        let first = try load(tables(offers))
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { db in
            try db.execute(sql: "DELETE FROM gpkg_contents WHERE table_name = 'changes'")
            try db.execute(sql: "DROP TABLE changes")
            try db.execute(sql: "UPDATE kompass_project SET value = '2' WHERE key = 'version'")
        }
        try queue.close()
        #expect(try file.snapshot().dataVersion == first.dataVersion)
        #expect(try load(tables([offers[0]])).changes.steps.count == 1)
        let sql = "SELECT data_type FROM gpkg_contents WHERE table_name = 'changes'"
        #expect(try file.read { db in try String.fetchAll(db, sql: sql) } == ["attributes"])
    }

    @Test func theLogIsBounded() throws {
        try load(tables(offers))
        for number in 0..<6 { try load(tables(number.isMultiple(of: 2) ? [offers[0]] : offers)) }
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { db in try ChangeTable.bound(db, mostRecords: 2, mostSteps: 4) }
        let steps = try file.snapshot().changes.steps
        #expect(steps.count == 4)
        #expect(steps.map { $0.changes.map(\.records) } == [[1], [1], [1], [1]])
        // Steps 3 to 6 remove, add, remove, add: additions give way first, removals are kept one by one.
        #expect(steps.map { $0.changes.map(\.identifier) } == [["kurs"], [nil], ["kurs"], [nil]])
        try queue.write { db in try ChangeTable.bound(db, mostRecords: 1, mostSteps: 4) }
        #expect(
            try file.snapshot().changes.steps.map { $0.changes.map(\.identifier) } == [[nil], [nil], ["kurs"], [nil]])
        #expect(!ChangeLog.isComplete(steps[...], upTo: try file.snapshot().dataVersion.description))
    }

    @Test func ofVeryManyTheNumberIsKept() {
        let earlier = Snapshot(tables([]))
        let later = Snapshot(tables((0..<5).map { ExampleNetwork.offer("o\($0)", "Angebot", "training") }))
        #expect(later.changes(since: earlier, most: 4) == [RecordChange(.added, .offers, records: 5)])
        #expect(later.changes(since: earlier, most: 5).count == 5)
        #expect(earlier.changes(since: later, most: 4) == [RecordChange(.removed, .offers, records: 5)])
    }

    @Test func whatAnotherProgramChangedLeavesAGap() throws {
        let term: [String: FieldValue] = [
            "id": .text("t"), "term": .text("Begriff"), "explanation_de": .text("Erklärung"),
            "region": .text("example"),
        ]
        var first = tables(offers)
        first[.glossary] = Table(.glossary, [term])
        try load(first)
        first[.offers] = Table(.offers, [offers[0]])
        try load(first)
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { db in try db.execute(sql: "UPDATE glossary SET explanation_de = 'Anders'") }
        try queue.close()
        var changed = tables(offers)
        changed[.glossary] = try file.tables([.glossary])[.glossary]
        let log = try load(changed).changes
        #expect(log.steps.count == 2)
        #expect(!ChangeLog.isComplete(log.steps[...], upTo: log.steps[1].after))
        #expect(ChangeLog.isComplete(log.steps[1...], upTo: log.steps[1].after))
        let edited = log.steps[1].before
        #expect(log.steps(since: edited, current: log.steps[1].after)?.count == 1)
        #expect(log.steps(since: "0000000000000000", current: log.steps[1].after) == nil)
        #expect(log.steps(since: log.steps[1].after, current: log.steps[1].after)?.isEmpty == true)
    }

    /// The rows of the table as text.
    private func rows() throws -> [String] {
        try file.read { db in try Row.fetchAll(db, sql: "SELECT * FROM changes").map(\.description) }
    }
}
