internal import NetworkModel

/// Counts what a pack brings against what its `expect` promises.
///
/// A file cut short, or a stray quote that swallows half of it, still has valid rows: only the promise tells that
/// something is missing before the good records are replaced.
struct PackPromise {
    private let region: String
    private let expected: [String: Int]
    private var found: [String: Int] = [:]

    init(region: String, expected: [String: Int]) {
        self.region = region
        self.expected = expected
    }

    /// Counts the rows of a batch.
    mutating func count(_ batch: Table) {
        guard batch.schema.kind == .populationCells else {
            found[batch.schema.kind.rawValue, default: 0] += batch.count
            return
        }
        let roles = batch.code("role")
        let people = batch.integer("people")
        for row in 0..<batch.count {
            guard let role = roles[row] else { continue }
            found["\(role)_cells", default: 0] += 1
            found["\(role)_people", default: 0] += Int(clamping: people[row])
        }
    }

    /// Refuses the load where a count is another.
    func verify() throws(Failure) {
        let broken = expected.filter { found[$0.key, default: 0] != $0.value }.sorted { $0.key < $1.key }
        guard !broken.isEmpty else { return }
        let list = broken.map { "\($0.key): \(found[$0.key, default: 0]) instead of \($0.value)" }
        throw Failure(
            .data,
            "pack '\(region)' does not hold what its region.yaml promises under 'expect' (\(list.joined(separator: "; "))); "
                + "restore its files, or correct 'expect'; nothing was changed")
    }
}
