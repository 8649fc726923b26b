import Foundation
import Logging
import NetworkModel
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import VectorTiles

@testable import Server

/// A source whose content and behaviour a test sets.
final class ChangingSource: Sendable {
    private let state: Mutex<(number: Int, snapshot: Snapshot, isBroken: Bool)>

    init(_ tables: [RecordKind: Table]) { state = Mutex((0, Snapshot(tables), false)) }

    func change(to tables: [RecordKind: Table]) {
        let snapshot = Snapshot(tables)
        state.withLock { $0 = ($0.number + 1, snapshot, false) }
    }

    func breakDown() { state.withLock { $0 = ($0.number + 1, $0.snapshot, true) } }

    struct Broken: Error {}

    var source: SnapshotSource {
        SnapshotSource(
            changeToken: { self.state.withLock { $0.number } },
            load: {
                let state = self.state.withLock { $0 }
                if state.isBroken { throw Broken() }
                return state.snapshot
            })
    }
}

/// The data versions that whole walks were of.
final class SeenVersions: Sendable {
    private let state = Mutex<(versions: Set<String>, isFinished: Bool)>(([], false))

    var count: Int { state.withLock { $0.versions.count } }
    var isFinished: Bool { state.withLock { $0.isFinished } }

    func contains(_ version: String) -> Bool { state.withLock { $0.versions.contains(version) } }

    func insert(_ version: String) { state.withLock { _ = $0.versions.insert(version) } }

    func finish() { state.withLock { $0.isFinished = true } }
}

@Suite(.timeLimit(.minutes(10))) struct ReloadTests {
    /// Runs a body while the watcher looks at the source.
    private func watching(_ site: TestSite, _ body: () async throws -> Void) async throws {
        let watcher = site.server.watcher
        let group = ServiceGroup(services: [watcher], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let running: Void = group.run()
        try await body()
        await group.triggerGracefulShutdown()
        try await running
    }

    /// Waits until a condition is true. The limit is that of the suite: on a busy machine nothing fails for being late.
    private func wait(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test func aChangeIsTakenOver() async throws {
        let source = ChangingSource(MadeNetwork.offers(10))
        let site = try TestSite(source: source.source, pollInterval: .milliseconds(20))
        let old = site.version
        try await watching(site) {
            source.change(to: MadeNetwork.offers(11))
            try await wait { site.version != old }
            #expect(try await site.send("/api/collections/offers/items").ids().count == 11)
            #expect(site.server.site.current.account.succeeded == 1)
        }
    }

    @Test func aFailedReloadKeepsTheOldDataAndSaysSo() async throws {
        let source = ChangingSource(MadeNetwork.offers(10))
        let lines = LogLines()
        let site = try TestSite(
            source: source.source, pollInterval: .milliseconds(20),
            logger: Logger(label: "test") { _ in RecordingLog(lines: lines) })
        let old = site.version
        try await watching(site) {
            source.breakDown()
            try await wait { site.server.site.current.account.isFailing }
            #expect(site.version == old)
            #expect(try await site.send("/api/collections/offers/items").ids().count == 10)
            let ready = try await site.send("/health/ready")
            #expect(ready.status == 200)
            #expect(try ready.json()["last_reload"] as? String == "failed")
            #expect(try await site.send("/metrics").text.contains("kompass_reload_failing 1"))
            #expect(lines.all.contains { $0.hasPrefix("error") && $0.contains("reload") })
            source.change(to: MadeNetwork.offers(12))
            try await wait { site.version != old }
            #expect(try await site.send("/health/ready").json()["last_reload"] as? String == "good")
        }
    }

    @Test func equalContentIsNotTakenOverAnew() async throws {
        let source = ChangingSource(MadeNetwork.offers(10))
        let lines = LogLines()
        let site = try TestSite(
            source: source.source, pollInterval: .milliseconds(20),
            logger: Logger(label: "test") { _ in RecordingLog(lines: lines) })
        let served = site.server.site.current.served
        try await watching(site) {
            source.change(to: MadeNetwork.offers(10))
            try await wait { lines.all.contains { $0.contains("its published content did not") } }
            #expect(site.server.site.current.served === served)
            #expect(site.server.site.current.account.succeeded == 0)
        }
    }

    @Test func noRequestMixesVersionsWhileDataChange() async throws {
        let source = ChangingSource(MadeNetwork.offers(40))
        let site = try TestSite(source: source.source, pollInterval: .milliseconds(5))
        let versions = SeenVersions()
        try await watching(site) {
            try await withThrowingTaskGroup { group in
                group.addTask {
                    defer { versions.finish() }
                    for count in 41..<56 {
                        let old = site.version
                        source.change(to: MadeNetwork.offers(count))
                        // Half of the changes come while walks are under way, half after one of them was whole.
                        try await wait { site.version != old }
                        if count.isMultiple(of: 2) { try await wait { versions.contains(site.version) } }
                    }
                }
                for _ in 0..<3 {
                    group.addTask {
                        while !versions.isFinished {
                            // Cached answers come without a pause; the watcher needs one to run on few cores.
                            try await Task.sleep(for: .milliseconds(1))
                            try await Self.walk(site, versions)
                            try await Self.readTile(site)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(versions.count >= 7)
        #expect(site.server.site.current.account.succeeded == 15)
    }

    /// A walk ends whole, or with 410 where the data changed on the way; never with other features.
    private static func walk(_ site: TestSite, _ versions: SeenVersions) async throws {
        var target: String? = "/api/collections/offers/items?limit=15"
        var ids: [String] = []
        var began: String?
        while let page = target {
            let answer = try await site.send(page, ["Accept-Encoding": "gzip"])
            if answer.status == 410 { return }
            #expect(answer.status == 200)
            let json =
                try JSONSerialization.jsonObject(
                    with: Data(answer["Content-Encoding"] == nil ? answer.body : answer.gunzipped())) as? [String: Any]
                ?? [:]
            let version = try #require(json["data_version"] as? String)
            #expect(began == nil || began == version)
            began = version
            ids += (json["features"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
            let next = (json["links"] as? [[String: Any]] ?? []).first { $0["rel"] as? String == "next" }
            if let href = next?["href"] as? String {
                #expect(href.contains("cursor=\(version)-"))
                target = Received.target(href)
            } else {
                #expect(ids.count == json["numberMatched"] as? Int)
                target = nil
            }
        }
        #expect(Set(ids).count == ids.count)
        if let began { versions.insert(began) }
    }

    /// A tile that may be kept for ever is of the version that its URL names.
    private static func readTile(_ site: TestSite) async throws {
        let url = try #require(try await site.send("/tiles/kompass.json").json()["tiles"] as? [String]).first ?? ""
        let target = Received.target(url).replacing("{z}", with: "4").replacing("{x}", with: "8").replacing(
            "{y}", with: "5")
        let before = site.server.site.current.served
        let tile = try await site.send(target)
        let after = site.server.site.current.served
        #expect(tile.status == 200)
        if tile["Cache-Control"]?.contains("immutable") == true {
            let served = try #require([before, after].first { target.hasSuffix("v=\($0.tileVersion)") })
            let expected = try served.tiles.tile(
                try #require(TileAddress(zoom: 4, x: 8, y: 5)),
                offers: OfferSelection(OfferFilter(), in: served.snapshot),
                layers: nil)
            #expect(tile.body == expected)
        } else {
            #expect(tile["Cache-Control"] == "no-store")
        }
    }
}
