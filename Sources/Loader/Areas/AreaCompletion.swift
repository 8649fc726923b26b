import Geometry
import NetworkModel

/// Checks districts or municipalities together: as a coverage, and municipalities against their districts.
final class AreaCompletion: RecordCompletion {
    private let file: String
    private let kind: RecordKind
    private let areas: AreaDirectory
    private let geos: GEOSContext
    private var accepted: [(key: String, surface: MultiPolygon<Geographic>)] = []
    private var measured: [String: Double] = [:]

    init(_ input: InputDefinition, areas: AreaDirectory) throws(LoaderError) {
        file = input.fileName
        kind = input.kind
        self.areas = areas
        do { geos = try GEOSContext() } catch { throw .geometry(file: input.fileName, reason: error.description) }
    }

    func complete(_ table: inout Table, _ log: inout RowLog) {
        if kind == .municipalities { fillDistricts(&table, &log) }
    }

    /// A municipality's district is the beginning of its key.
    private func fillDistricts(_ table: inout Table, _ log: inout RowLog) {
        guard let position = table.schema.position(of: "district_key") else { return }
        let stated = table.code("district_key")
        let keys = table.identifiers
        var result = CodeColumn()
        for row in 0..<table.count {
            let prefix = String((keys[row] ?? "").prefix(5))
            if let district = stated[row], district != prefix {
                log.reject(
                    row, "district_key", district,
                    "the municipality's key says district \(prefix); correct one of the two")
            }
            result.append(prefix)
        }
        table.columns[position] = .code(result)
    }

    func accept(_ table: Table) {
        let sizes = table.real("area_m2")
        for row in 0..<table.count {
            guard let key = table.identifiers[row], let surface = table.surface(row) else { continue }
            accepted.append((key, surface))
            measured[String(key.prefix(5)), default: 0] += sizes[row]
        }
    }

    func finish(_ report: inout InputReport, _ budget: inout IssueBudget) throws(LoaderError) {
        let check: CoverageCheck<String>
        do {
            check = try CoverageCheck(accepted, in: geos)
        } catch {
            throw .geometry(file: file, reason: "the areas cannot be checked as a coverage: \(error)")
        }
        report.notes += check.isSound ? ["coverage: \(accepted.count) areas, no gaps, no overlaps"] : notes(check)
        if kind == .municipalities { report.notes += nestingNotes() }
    }

    private func notes(_ check: CoverageCheck<String>) -> [String] {
        func place(_ patch: CoveragePatch) -> String {
            "\(Int(patch.area.value.rounded())) m² at \(SurfaceSurvey.degrees(patch.location.x)) "
                + SurfaceSurvey.degrees(patch.location.y)
        }
        var notes: [String] = []
        notes += Self.listed(
            check.overlaps.map { "coverage: \($0.first) and \($0.second) overlap: \(place($0.patch))" }, "overlaps")
        notes += Self.listed(
            check.gaps.map { "coverage: gap between \($0.neighbours.joined(separator: ", ")): \(place($0.patch))" },
            "gaps")
        notes += Self.listed(
            check.unmatchedBorders.compactMap { border in
                border.line.first.map {
                    "coverage: the border between \(border.neighbours.joined(separator: " and ")) has different vertices on its "
                        + "two sides at \(SurfaceSurvey.degrees($0.x)) \(SurfaceSurvey.degrees($0.y))"
                }
            }, "borders that are not shared")
        return notes
    }

    private static func listed(_ notes: [String], _ what: String) -> [String] {
        notes.count > 50 ? notes.prefix(50) + ["coverage: \(notes.count - 50) further \(what)"] : notes
    }

    /// Compares the municipalities of each loaded district with it.
    private func nestingNotes() -> [String] {
        var notes: [String] = []
        for (row, key) in areas.districts.keys.enumerated() {
            guard let sum = measured[key] else { continue }
            let whole = Geodesic.grs80.area(of: areas.districts.surfaces[row]).value
            let share = abs(sum - whole) / whole
            // A thousandth is far above rounding (six decimals) and far below any municipality.
            if share > 0.001 {
                notes.append(
                    "nesting: the municipalities of district \(key) have \(Int((sum / 1e6).rounded())) km² together, the district "
                        + "\(Int((whole / 1e6).rounded())) km²")
            }
        }
        let orphans = measured.keys.filter { areas.districts.row(of: $0) == nil }.sorted()
        if !areas.districts.isEmpty, !orphans.isEmpty {
            notes.append("nesting: no district is loaded for the municipalities of \(orphans.joined(separator: ", "))")
        }
        return notes
    }
}
