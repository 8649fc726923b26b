internal import Foundation
internal import NetworkModel
internal import Store

/// Prints what a load did, and writes the full report where one is asked for.
struct LoadOutput {
    let summary: LoadSummary
    let file: ProjectFile
    /// The regions whose districts are listed; none where a single file was imported.
    let districtsOf: Set<String>
    let reportPath: String?

    /// How many single rows are shown per input; the report and the project file hold all of them.
    static let mostRemarks = 5

    func write() throws {
        if let reportPath { try writeReport(to: reportPath) }
        let remarks = LoadSummary.remarks(summary.reports, mostPerInput: Self.mostRemarks)
        if !remarks.isEmpty { StandardError.write(remarks + "\n\n") }
        print(summary.inputTable)
        print()
        if !summary.isDryRun, !districtsOf.isEmpty {
            print(LoadSummary.districtTable(try file.snapshot(), regions: districtsOf))
            print()
        }
        print(summary.differenceText)
        let rejected = summary.reports.reduce(0) { $0 + $1.rejected }
        print(rejected == 0 ? "No row was rejected." : "\(rejected.grouped) rows were rejected.")
        if summary.isDryRun { print("Dry run: \(file.path) is as it was.") }
    }

    private func writeReport(to path: String) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(summary.reports.map(ReportFile.init)).write(to: URL(filePath: path))
        } catch {
            throw Failure(.data, "\(path): the report cannot be written: \(error.localizedDescription)")
        }
    }
}

/// The report of one input as it stands in a file.
private struct ReportFile: Encodable {
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
