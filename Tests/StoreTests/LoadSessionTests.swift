import Foundation
import GRDB
import NetworkModel
import TestSupport
import Testing

import struct NetworkModel.Table

@testable import Store

/// A folder of its own for each test.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.appending(path: "kompass-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String = "project.gpkg") -> ProjectFile { ProjectFile(path: "\(path)/\(name)") }
}

struct LoadSessionTests {
    @discardableResult
    func load(
        _ tables: [RecordKind: Table], into file: ProjectFile, region: String = "example", commits: Bool = true
    ) throws -> LoadDifference {
        try filled(tables, file, region: region).finish(commits: commits)
    }

    /// A session that has taken all records.
    private func filled(
        _ tables: [RecordKind: Table], _ file: ProjectFile, region: String = "example"
    ) throws -> LoadSession {
        let session = try LoadSession(file)
        session.begin(region: region)
        for kind in RecordKind.allCases {
            if let table = tables[kind] { try session.append(table) }
        }
        var report = InputReport(kind: .offers, region: region, file: "offers.csv", sha256: "00")
        report.read = 2
        report.loaded = 1
        report.rejected = 1
        report.issues = [RowIssue(.rejected, line: 3, field: "title", reason: "required")]
        session.record(report)
        return session
    }

    private var changedTables: [RecordKind: Table] {
        var tables = ExampleNetwork.tables
        tables[.offers] = Table(.offers, [ExampleNetwork.offer("neu", "Neu", "training")])
        return tables
    }

    /// The load is kept in the log beside the file: whoever watches the file must see it, and be told.
    @Test func aLoadWhileSomebodyReadsIsSeen() throws {
        let folder = try TemporaryFolder()
        let file = folder.file()
        try load(ExampleNetwork.tables, into: file)
        let before = try file.changeToken()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: file.path, configuration: configuration)
        try reader.inDatabase { db in
            try db.beginTransaction(.deferred)
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM offers") == 3)
        }
        #expect(try file.changeToken() == before, "a reader changes nothing")

        let session = try filled(changedTables, file)
        #expect(try file.changeToken() == before, "what is not committed is not there")
        #expect(try !session.finish(commits: true, patience: .milliseconds(20)).isEmpty)
        #expect(session.unmerged == .busy)
        #expect(UnmergedLog.busy.description(of: "a.gpkg").contains("a.gpkg-wal"))
        let after = try file.changeToken()
        #expect(after != before)
        #expect(try file.snapshot().offers.count == 1)
        #expect(try file.changeToken() == after, "reading anew does not ask for reading anew")

        try reader.inDatabase { try $0.commit() }
        #expect(try file.changeToken() == after)
        let next = try filled(ExampleNetwork.tables, file)
        _ = try next.finish(commits: true)
        #expect(next.unmerged == nil)
        #expect(try (FileManager.default.attributesOfItem(atPath: file.path + "-wal")[.size] as? Int) == 0)
        try reader.close()
        #expect(try file.snapshot().offers.count == 3)
    }

    /// A long load writes to the log before it commits.
    @Test func onlyACommitChangesTheToken() throws {
        let folder = try TemporaryFolder()
        let file = folder.file()
        try load(ExampleNetwork.tables, into: file)
        let reader = try DatabaseQueue(path: file.path)
        _ = try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM offers") }
        let before = try file.changeToken()
        let writer = try DatabaseQueue(path: file.path)
        func write(_ round: Int, commits: Bool) throws {
            try writer.inDatabase { db in
                try db.execute(sql: "PRAGMA cache_size = 2; PRAGMA wal_autocheckpoint = 0")
                try db.beginTransaction(.immediate)
                for row in 0..<200 {
                    try db.execute(
                        sql: "INSERT INTO glossary (id, term) VALUES (?, ?)",
                        arguments: ["\(round)-\(row)", String(repeating: "x", count: 400)])
                }
                let log = try FileManager.default.attributesOfItem(atPath: file.path + "-wal")[.size] as? Int
                #expect(log ?? 0 > 4096, "the log holds something")
                if commits { try db.commit() } else { try db.rollback() }
            }
        }
        try write(0, commits: false)
        #expect(try file.changeToken() == before)
        try write(1, commits: true)
        let after = try file.changeToken()
        #expect(after != before)
        try write(2, commits: false)
        #expect(try file.changeToken() == after)
        try write(3, commits: true)
        #expect(try file.changeToken() != after)
    }

    /// What fails after the commit is no failure of the load.
    @Test func aMergeThatFailsIsNamed() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        let queue = try DatabaseQueue(path: folder.file().path)
        let unmerged = try queue.inDatabase { db in
            // SQLite refuses to merge within a transaction.
            try db.beginTransaction(.immediate)
            defer { try? db.rollback() }
            return LoadSession.mergeLog(db, patience: .zero)
        }
        guard case .failed(let message) = unmerged else {
            Issue.record("merged within a transaction")
            return
        }
        #expect(!message.isEmpty)
    }

    @Test func whatIsStoredIsWhatIsRead() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        let stored = try folder.file().tables(RecordKind.allCases)
        for (kind, table) in ExampleNetwork.tables {
            let other = try #require(stored[kind])
            #expect(other.count == table.count)
            for row in 0..<table.count { #expect(table.row(row, equals: row, of: other), "\(kind) row \(row)") }
        }
        #expect(try folder.file().snapshot().dataVersion == Snapshot(ExampleNetwork.tables).dataVersion)
    }

    /// A file of version 1 has neither the newer tables nor the districts' region: it is read as it is, and a load that
    /// changes something brings it up to date.
    @Test func aFileOfTheFirstVersionIsReadAndUpgraded() throws {
        let folder = try TemporaryFolder()
        let file = folder.file()
        try load(ExampleNetwork.tables, into: file)
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { db in
            for table in ["land_use", "buildings", "cities", "rural_calibrations"] {
                try db.execute(sql: "DELETE FROM gpkg_extensions WHERE table_name = ?", arguments: [table])
                try db.execute(sql: "DELETE FROM gpkg_geometry_columns WHERE table_name = ?", arguments: [table])
                try db.execute(sql: "DELETE FROM gpkg_contents WHERE table_name = ?", arguments: [table])
                try db.execute(sql: "DROP TABLE \(table)")
            }
            try db.execute(sql: "DROP TABLE rtree_cities_geom")
            try db.execute(sql: "ALTER TABLE districts DROP COLUMN district_region_key")
            try db.execute(sql: "UPDATE kompass_project SET value = '1' WHERE key = 'version'")
        }
        try queue.close()
        let version = Snapshot(ExampleNetwork.tables).dataVersion
        #expect(try file.snapshot().dataVersion == version)
        #expect(try ProjectCheck(file).findings.filter { $0.severity == .error }.isEmpty)

        var tables = ExampleNetwork.tables
        tables[.landUse] = Table(
            .landUse, [["key": .text("15001"), "total_m2": .integer(1_000_000), "region": .text("example")]])
        try load(tables, into: file)
        #expect(try file.snapshot().landUse.count == 1)
        #expect(try file.snapshot().districts.code("district_region_key").count == 2)
        #expect(try ProjectCheck(file).findings.filter { $0.severity == .error }.isEmpty)
    }

    @Test func loadingTwiceChangesNotAByte() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        let before = try Data(contentsOf: URL(filePath: folder.file().path))
        let token = try folder.file().changeToken()
        let difference = try load(ExampleNetwork.tables, into: folder.file())
        #expect(difference.isEmpty)
        #expect(difference.kinds.first { $0.kind == .offers }?.unchanged == 3)
        #expect(try Data(contentsOf: URL(filePath: folder.file().path)) == before)
        #expect(try folder.file().changeToken() == token)
    }

    @Test func differenceNamesWhatChanges() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        var tables = ExampleNetwork.tables
        tables[.offers] = Table(
            .offers,
            [
                ExampleNetwork.offer("beratung", "Beratung auf Arabisch und Deutsch", "counselling"),
                ExampleNetwork.offer("neu", "Neu", "training"),
            ])
        let before = try folder.file().snapshot().dataVersion
        let planned = try load(tables, into: folder.file(), commits: false)
        #expect(try folder.file().snapshot().dataVersion == before)
        let done = try load(tables, into: folder.file())
        for difference in [planned, done] {
            let offers = try #require(difference.kinds.first { $0.kind == .offers })
            #expect(offers.added == 1)
            #expect(offers.changed == 1)
            #expect(offers.removed == 2)
            #expect(offers.unchanged == 0)
            #expect(Set(offers.examples) == ["+neu", "~beratung", "-kurs", "-treffen"])
        }
        #expect(try folder.file().snapshot().offers.count == 2)
    }

    @Test func dryRunIntoNothingLeavesNothing() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file(), commits: false)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func regionsDoNotTouchEachOther() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        var other = ExampleNetwork.offer("anderswo", "Anderswo", "training")
        other["region"] = .text("other")
        try load([.offers: Table(.offers, [other])], into: folder.file(), region: "other")
        #expect(try folder.file().snapshot().offers.count == 4)
        try load([:], into: folder.file(), region: "example")
        #expect(try folder.file().snapshot().offers.count == 1)
        #expect(try folder.file().snapshot().districts.count == 0)
    }

    @Test func twoRegionsOfOneLoadMayCiteTheSameSource() throws {
        let folder = try TemporaryFolder()
        let sources = Table(
            .sources,
            [
                ["id": .text("report"), "title": .text("Bericht"), "region": .text("a")],
                ["id": .text("report"), "title": .text("Bericht, anders"), "region": .text("b")],
            ])
        for round in 0..<2 {
            let session = try LoadSession(folder.file())
            session.begin(region: "a")
            session.begin(region: "b")
            try session.append(sources)
            #expect(try session.finish(commits: true).isEmpty == (round == 1))
        }
    }

    @Test func importReplacesItsOwnKindAndNoPack() throws {
        let folder = try TemporaryFolder()
        var tables = ExampleNetwork.tables
        tables[.regions] = Table(.regions, [["id": .text("example"), "crs": .text("EPSG:25832")]])
        try load(tables, into: folder.file())
        do {
            let session = try LoadSession(folder.file())
            #expect(throws: StoreError.regionIsAPack(path: folder.file().path, region: "example")) {
                try session.begin(region: "example", importing: .actors)
            }
        }
        for (kind, id) in [(RecordKind.offers, "o1"), (.actors, "a1"), (.offers, "o2")] {
            let session = try LoadSession(folder.file())
            try session.begin(region: "own", importing: kind)
            let name: [String: FieldValue] = [
                "id": .text(id), "title": .text("T"), "name": .text("N"), "region": .text("own"),
            ]
            try session.append(Table(kind, [name]))
            _ = try session.finish(commits: true)
        }
        let snapshot = try folder.file().snapshot()
        #expect(snapshot.actorRows.row(of: "a1") != nil)
        #expect(snapshot.offerRows.row(of: "o1") == nil)
        #expect(snapshot.offerRows.row(of: "o2") != nil)
        #expect(snapshot.offers.count == 4)
    }

    @Test func sameIdentifierInTwoRegionsIsRefusedAndNothingChanges() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        let before = try Data(contentsOf: URL(filePath: folder.file().path))
        var other = ExampleNetwork.offer("kurs", "Doppelt", "training")
        other["region"] = .text("other")
        #expect(throws: StoreError.self) {
            try load([.offers: Table(.offers, [other])], into: folder.file(), region: "other")
        }
        #expect(try folder.file().snapshot().offers.count == 3)
        #expect(try Data(contentsOf: URL(filePath: folder.file().path)).count == before.count)
    }

    @Test func secondLoadAtTheSameTimeIsRefusedAtOnce() throws {
        let folder = try TemporaryFolder()
        let first = try LoadSession(folder.file())
        first.begin(region: "example")
        #expect(throws: StoreError.busy(path: folder.file().path)) { _ = try LoadSession(folder.file()) }
        _ = try first.finish(commits: false)
    }

    @Test func droppedSessionLeavesTheOldState() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        do {
            let session = try LoadSession(folder.file())
            session.begin(region: "example")
            try session.append(Table(.offers, [ExampleNetwork.offer("halb", "Halb", "training")]))
        }
        #expect(try folder.file().snapshot().offers.count == 3)
    }

    @Test func accountsAreKept() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        let queue = try DatabaseQueue(path: folder.file().path)
        let rows = try queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT i.file, r.line, r.reason FROM imports i JOIN rejects r ON r.import_fid = i.fid")
        }
        #expect(rows.map { $0[0] as String } == ["offers.csv"])
        #expect(rows.map { $0[1] as Int } == [3])
    }

    @Test(arguments: [
        "", "this is not a database, and longer than a header of SQLite would be ............................",
    ])
    func otherFilesAreRefused(_ content: String) throws {
        let folder = try TemporaryFolder()
        try Data(content.utf8).write(to: URL(filePath: folder.file().path))
        #expect(throws: StoreError.self) { _ = try folder.file().snapshot() }
        if !content.isEmpty {
            #expect(throws: StoreError.self) { _ = try LoadSession(folder.file()) }
            #expect(try Data(contentsOf: URL(filePath: folder.file().path)) == Data(content.utf8))
        }
    }

    @Test func truncatedFileIsDamagedAndSaysSo() throws {
        let folder = try TemporaryFolder()
        try load(ExampleNetwork.tables, into: folder.file())
        let data = try Data(contentsOf: URL(filePath: folder.file().path))
        try data.prefix(data.count / 2).write(to: URL(filePath: folder.file().path))
        let error = #expect(throws: StoreError.self) { _ = try folder.file().snapshot() }
        #expect(error?.description.contains(folder.file().path) == true)
    }

    @Test func missingFileIsNamed() {
        #expect(throws: StoreError.missing(path: "/nowhere/x.gpkg")) {
            _ = try ProjectFile(path: "/nowhere/x.gpkg").snapshot()
        }
    }
}
