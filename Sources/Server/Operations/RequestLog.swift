import Logging

extension Site {
    /// Logs and counts an answered request: never the sender's address, the query or a record's name.
    func record(_ record: RequestRecord, bytes: Int, duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        metrics.count(record, bytes: bytes, seconds: seconds)
        logger.info(
            "request",
            metadata: [
                "method": "\(record.method)", "route": "\(record.route)", "status": "\(record.status)",
                "duration_ms": "\((seconds * 1e5).rounded() / 100)", "bytes": "\(bytes)",
            ])
    }
}
