internal import Foundation
internal import Loader
internal import NetworkModel
internal import Store

/// One load from inputs into a project file: wires the loader's batches to the store's transaction.
struct ProjectLoad {
    /// The inputs of one region, in the order in which they are loaded.
    struct Region {
        let id: String
        let table: Table
        let inputs: [InputDefinition]
        let metricCRS: String
        /// What the pack promises to hold; empty for an import.
        var expected: [String: Int] = [:]
    }

    let file: ProjectFile
    let regions: [Region]
    /// The kind of a single file's records; nil for packs, which are replaced as a whole.
    var importedKind: RecordKind?
    let isStrict: Bool
    let isDryRun: Bool

    /// The tables that rows are checked and placed against.
    private static let referenceKinds: [RecordKind] = [
        .sources, .vocabulary, .districts, .municipalities, .landUse, .buildings, .gazetteer, .actors, .offers, .links,
        .indicators,
    ]

    /// Runs the load; on any failure the file is left as it was.
    func run() async throws -> LoadSummary {
        let session = try LoadSession(file)
        for region in regions {
            if let importedKind {
                try session.begin(region: region.id, importing: importedKind)
            } else {
                session.begin(region: region.id)
            }
        }
        var reference = ReferenceData()
        let others = try session.otherRegions(Self.referenceKinds)
        for kind in Self.referenceKinds {
            if let table = others[kind] { reference.add(table) }
        }
        var reports: [InputReport] = []
        for region in regions {
            try session.append(region.table)
            var promise = PackPromise(region: region.id, expected: region.expected)
            for input in region.inputs {
                reports.append(
                    try await load(input, of: region, reference: &reference, promise: &promise, into: session))
            }
            try refusing(reports, unless: promise.verify)
        }
        try refusing(reports, unless: { () throws(Failure) in try verifyImport(reports) })
        for report in reports { session.record(report) }
        let difference = try session.finish(commits: !isDryRun)
        return LoadSummary(
            reports: reports, difference: difference, isDryRun: isDryRun, unmerged: session.unmerged)
    }

    /// An import that brings nothing is a mistake: it would remove what the file brought before.
    private func verifyImport(_ reports: [InputReport]) throws(Failure) {
        guard importedKind != nil, let report = reports.last, report.loaded + report.repaired == 0 else { return }
        throw Failure(
            .data,
            report.read == 0
                ? "\(report.file): holds no rows; nothing was changed"
                : "\(report.file): no row could be loaded, see the reasons above; nothing was changed")
    }

    /// Where a check fails, says first what became of the rows.
    private func refusing(_ reports: [InputReport], unless check: () throws(Failure) -> Void) throws(Failure) {
        do throws(Failure) {
            try check()
        } catch {
            StandardError.write(LoadSummary.remarks(reports, mostPerInput: LoadOutput.mostRemarks) + "\n\n")
            throw error
        }
    }

    private func load(
        _ input: InputDefinition, of region: Region, reference: inout ReferenceData, promise: inout PackPromise,
        into session: LoadSession
    ) async throws -> InputReport {
        let loader = Loader(reference: reference, region: region.id, strict: isStrict, metricCRS: region.metricCRS)
        let stream = try loader.open(input)
        var progress = Progress(label: input.file.lastPathComponent)
        while let batch = try await stream.next() {
            try session.append(batch)
            reference.add(batch)
            promise.count(batch)
            progress.advance(by: batch.count)
        }
        progress.finish()
        return await stream.finish()
    }
}

/// A counter on the terminal; silent in a pipe.
private struct Progress {
    private let label: String
    private var count = 0

    init(label: String) { self.label = label }

    mutating func advance(by rows: Int) {
        count += rows
        if StandardError.isTerminal, count > 50_000 { StandardError.write("\r\(label): \(count.grouped) rows") }
    }

    func finish() {
        if StandardError.isTerminal, count > 50_000 { StandardError.write("\n") }
    }
}
