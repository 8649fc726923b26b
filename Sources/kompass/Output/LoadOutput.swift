internal import Foundation
internal import NetworkModel
internal import Store

/// Prints what a load did, and writes the full report where one is asked for.
struct LoadOutput {
    let summary: LoadSummary
    let file: ProjectFile
    /// The regions whose districts are listed; none where a single file was imported.
    let districtsOf: Set<String>
    let report: ReportDestination?

    /// How many single rows are shown per input; the report and the project file hold all of them.
    static let mostRemarks = 5

    /// Writes everything. The load is done: what goes wrong here is said, and is no failure of it.
    func write() {
        let remarks = LoadSummary.remarks(summary.reports, mostPerInput: Self.mostRemarks)
        if !remarks.isEmpty { StandardError.write(remarks + "\n\n") }
        print(summary.inputTable)
        print()
        if !summary.isDryRun, !districtsOf.isEmpty {
            do throws(StoreError) {
                print(LoadSummary.districtTable(try file.snapshot(), regions: districtsOf))
                print()
            } catch {
                StandardError.write("\(error)\n")
            }
        }
        print(summary.differenceText)
        let rejected = summary.reports.reduce(0) { $0 + $1.rejected }
        print(rejected == 0 ? "No row was rejected." : "\(rejected.grouped) rows were rejected.")
        if summary.isDryRun { print("Dry run: \(file.path) is as it was.") }
        if let unmerged = summary.unmerged { StandardError.write(unmerged.description(of: file.path) + "\n") }
        if let report {
            do {
                try report.write(summary.reports)
            } catch {
                StandardError.write(
                    """
                    \(report.path): the report could not be written: \(error.localizedDescription)\
                    \(summary.isDryRun ? "" : "; the load itself is kept")

                    """)
            }
        }
    }
}
