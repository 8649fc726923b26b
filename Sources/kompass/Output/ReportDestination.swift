internal import Foundation
internal import NetworkModel
internal import Store

/// The file that a load's report goes to: opened before the load, so that a path that cannot be written is said before
/// anything is loaded. An older report stays as it is until the new one is there. Not thread-safe.
final class ReportDestination {
    let path: String
    private let descriptor: Int32
    /// Whether there was no such file, so that a load that fails leaves none.
    private let isNew: Bool
    private var isWritten = false

    /// Opens the file, or makes it.
    init(path: String) throws(Failure) {
        self.path = path
        isNew = access(path, F_OK) != 0
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw Failure(.data, "\(path): the report cannot be written: \(reason); nothing was changed")
        }
    }

    deinit {
        close(descriptor)
        if isNew, !isWritten { unlink(path) }
    }

    /// Writes the report over an older one. - Throws: what the system says of it
    func write(_ reports: [InputReport]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(reports.map(ReportedInput.init))
        isWritten = true
        // What is no file, such as a pipe, has no length.
        ftruncate(descriptor, 0)
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: data)
    }
}

/// The report of one input as it stands in a file.
private struct ReportedInput: Encodable {
    struct Issue: Encodable {
        let outcome: String
        let line: Int
        let field: String?
        let value: String
        let reason: String
    }

    let input: String
    let region: String
    let file: String
    let sha256: String
    let dialect: String
    let read: Int
    let loaded: Int
    let repaired: Int
    let rejected: Int
    let filtered: Int
    let notes: [String]
    let issues: [Issue]

    init(_ report: InputReport) {
        input = report.kind.inputName
        region = report.region
        file = report.file
        sha256 = report.sha256
        dialect = report.dialect
        read = report.read
        loaded = report.loaded
        repaired = report.repaired
        rejected = report.rejected
        filtered = report.filtered
        notes = report.notes
        issues = report.issues.map {
            Issue(outcome: $0.outcome.rawValue, line: $0.line, field: $0.field, value: $0.value, reason: $0.reason)
        }
    }
}
