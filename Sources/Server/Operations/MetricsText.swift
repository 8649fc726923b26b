import HTTPTypes
import NIOCore
import NetworkModel
import VectorTiles

extension Site {
    /// Figures in the text format of Prometheus, in a fixed order.
    func metricsText() -> Answer {
        var text = MetricsText()
        let account = metrics.account
        text.family("kompass_requests_total", "counter", "Answered requests.")
        let records = account.requests.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        for (record, count) in records {
            text.sample(
                "kompass_requests_total", count.description,
                [("method", record.method), ("route", record.route), ("status", record.status.description)])
        }
        text.family("kompass_response_bytes_total", "counter", "Bytes of response bodies.")
        for (route, bytes) in account.bytes.sorted(by: { $0.key < $1.key }) {
            text.sample("kompass_response_bytes_total", bytes.description, [("route", route)])
        }
        text.family("kompass_request_duration_seconds", "histogram", "Time from request to the end of the response.")
        for (route, durations) in account.durations.sorted(by: { $0.key < $1.key }) {
            for (bound, count) in zip(RequestMetrics.buckets, durations.counts) {
                text.sample(
                    "kompass_request_duration_seconds_bucket", count.description,
                    [("route", route), ("le", bound.description)])
            }
            text.sample(
                "kompass_request_duration_seconds_bucket", durations.count.description,
                [("route", route), ("le", "+Inf")])
            text.sample("kompass_request_duration_seconds_sum", durations.sum.description, [("route", route)])
            text.sample("kompass_request_duration_seconds_count", durations.count.description, [("route", route)])
        }
        write(current, into: &text)
        return Answer(
            .whole(Representation(ByteBuffer(string: text.text), mediaType: MediaTypes.metrics)), caching: .noStore)
    }

    private func write(_ current: CurrentSnapshot, into text: inout MetricsText) {
        let served = current.served
        let reloads = current.account
        text.family("kompass_snapshot_info", "gauge", "The data that are served.")
        text.sample("kompass_snapshot_info", "1", [("data_version", served.version)])
        text.family("kompass_records", "gauge", "Records that are served.")
        for collection in served.collections where collection.kind != nil {
            text.sample("kompass_records", (collection.count ?? 0).description, [("collection", collection.id)])
        }
        text.family("kompass_reloads_total", "counter", "Attempts to load changed data.")
        text.sample("kompass_reloads_total", reloads.succeeded.description, [("outcome", "taken")])
        text.sample("kompass_reloads_total", reloads.failed.description, [("outcome", "failed")])
        text.family("kompass_reload_failing", "gauge", "Whether the last attempt to load failed.")
        text.sample("kompass_reload_failing", reloads.isFailing ? "1" : "0", [])
        text.family(
            "kompass_tile_collapsed_parts", "gauge",
            "Parts of areas that are too small for the grid of a zoom and stand as one step of it.")
        for (zoom, parts) in served.tiles.collapsedParts {
            text.sample("kompass_tile_collapsed_parts", parts.description, [("zoom", zoom.description)])
        }
        let caches = [("answers", served.representations.account), ("tiles", served.tileCache.account)]
        text.family("kompass_cache_lookups_total", "counter", "Look-ups in the caches of these data.")
        for (name, account) in caches {
            text.sample(
                "kompass_cache_lookups_total", account.hits.description, [("cache", name), ("outcome", "hit")])
            text.sample(
                "kompass_cache_lookups_total", account.misses.description, [("cache", name), ("outcome", "miss")])
        }
        text.family("kompass_cache_entries", "gauge", "Finished answers that are kept.")
        for (name, account) in caches {
            text.sample("kompass_cache_entries", account.entries.description, [("cache", name)])
        }
        text.family("kompass_cache_bytes", "gauge", "Bytes of them, plain and compressed.")
        for (name, account) in caches {
            text.sample("kompass_cache_bytes", account.cost.description, [("cache", name)])
        }
        text.family("kompass_cache_limit_bytes", "gauge", "Bytes that may be kept.")
        for (name, account) in caches {
            text.sample("kompass_cache_limit_bytes", account.limit.description, [("cache", name)])
        }
    }
}

/// Writes the text format of Prometheus, version 0.0.4.
private struct MetricsText {
    private(set) var text = ""

    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ value: String, _ labels: [(String, String)]) {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }
}
