import Logging
import NetworkModel
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite struct OperationTests {
    @Test func healthAndMetrics() async throws {
        let site = try TestSite()
        #expect(try await site.send("/health/live").json()["status"] as? String == "live")
        let ready = try await site.send("/health/ready").json()
        #expect(ready["status"] as? String == "ready")
        #expect(ready["data_version"] as? String == site.version)
        _ = try await site.send("/api/collections/offers/items?q=geheim")
        _ = try await site.send("/api/collections/nichts/items")
        let metrics = try await site.send("/metrics")
        #expect(metrics["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        let text = metrics.text
        #expect(
            text.contains(
                "kompass_requests_total{method=\"GET\",route=\"/api/collections/{collection}/items\",status=\"200\"} 1\n"
            ))
        #expect(
            text.contains(
                "kompass_requests_total{method=\"GET\",route=\"/api/collections/{collection}/items\",status=\"404\"} 1\n"
            ))
        #expect(text.contains("kompass_snapshot_info{data_version=\"\(site.version)\"} 1\n"))
        #expect(text.contains("kompass_records{collection=\"offers\"} 3\n"))
        #expect(!text.contains("geheim") && !text.contains("nichts"))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: /[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [0-9.e+-]+/) != nil, "\(line)")
        }
    }

    @Test func theLogSaysNothingOfTheVisitor() async throws {
        let lines = LogLines()
        let site = try TestSite(logger: Logger(label: "test") { _ in RecordingLog(lines: lines) })
        _ = try await site.send(
            "/api/collections/offers/items?q=geheim&bbox=11.123,51,12,52", ["X-Forwarded-For": "192.0.2.1"])
        _ = try await site.send("/api/collections/offers/items/beratung")
        let log = lines.all.filter { $0.contains("request") }
        #expect(log.count == 2)
        #expect(log[0].contains("/api/collections/{collection}/items"))
        #expect(log[0].contains("status=200") && log[0].contains("duration_ms=") && log[0].contains("bytes="))
        for secret in ["geheim", "11.123", "192.0.2.1", "beratung"] { #expect(!log.joined().contains(secret)) }
    }
}

/// What has been logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

/// Keeps what is logged, for tests to look at.
struct RecordingLog: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        lines.append("\(event.level) \(event.message) \(fields)")
    }
}
