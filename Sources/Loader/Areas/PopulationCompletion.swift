import Geometry
import NetworkModel

/// Assigns the state's own cells to municipalities and districts; to districts alone where no municipality is loaded.
///
/// A cell whose centre lies in no polygon goes to the nearest municipality of its state within 2 km (the generalised
/// border); farther ones are listed. Context cells are never assigned.
final class PopulationCompletion: RecordCompletion {
    /// How far beyond the generalised border a cell still belongs to a municipality.
    private static let reach = Metres(2_000)

    private struct Tally {
        var cells = 0
        var people: Int64 = 0
    }

    private let areas: AreaDirectory
    /// What cells are assigned to: municipalities, or districts where there are none.
    private let units: AreaDirectory.Level
    /// The units of each state, for the search of the nearest one.
    private let states: [String: (rows: [Int], index: PolygonIndex<Geographic>)]
    private var tallies: [String: Tally] = [:]
    private var listed: [String] = []

    /// More people than live in any state: a larger number is a mistake, and sums of it would mean nothing.
    private static let mostPeople: Int64 = 1_000_000_000

    init(areas: AreaDirectory) {
        self.areas = areas
        let units = areas.municipalities.isEmpty ? areas.districts : areas.municipalities
        self.units = units
        let rows = Dictionary(grouping: units.keys.indices) { String(units.keys[$0].prefix(2)) }
        states = rows.mapValues { rows in (rows, PolygonIndex(rows.map { units.surfaces[$0] })) }
    }

    func complete(_ table: inout Table, _ log: inout RowLog) {
        guard case .points(let longitudes, let latitudes) = table.geometry else { return }
        let isByDistrict = areas.municipalities.isEmpty
        let found = areas.locate(longitudes, latitudes)
        let located = isByDistrict ? found.districts : found.municipalities
        let people = table.integer("people")
        let stated = (table.code("state"), table.code("role"))
        var states = CodeColumn()
        var roles = CodeColumn()
        var districts = CodeColumn()
        var municipalities = CodeColumn()
        var assignments = CodeColumn()
        for row in 0..<table.count {
            if log.isAlive(row), longitudes[row].isNaN {
                log.reject(row, GeometryAssembler.field, "", "a cell needs its centre; map x and y")
            }
            if log.isAlive(row), !(0...Self.mostPeople).contains(people[row]) {
                log.reject(
                    row, "people", "\(people[row])", "a cell holds 0 to \(Self.mostPeople) people; correct the number")
            }
            let inside = located[row] >= 0 ? units.keys[Int(located[row])] : nil
            let role = stated.1[row] ?? (inside == nil ? "context" : "own")
            var key = inside
            var assignment = "inside"
            let state = stated.0[row] ?? inside.map { String($0.prefix(2)) }
            if role != "own" || units.isEmpty {
                key = nil
                assignment = ""
            } else if let stated = stated.0[row], let found = key, !found.hasPrefix(stated) {
                // The border is generalised: a cell of this state may lie just beyond it, in the neighbour's polygon.
                key = nearest(Coordinate(longitude: longitudes[row], latitude: latitudes[row]), state: stated)
                assignment = key == nil ? "listed" : "nearest"
            } else if key == nil {
                key = nearest(Coordinate(longitude: longitudes[row], latitude: latitudes[row]), state: stated.0[row])
                assignment = key == nil ? "listed" : "nearest"
            }
            states.append(state ?? "")
            roles.append(role)
            districts.append(key.map { String($0.prefix(5)) } ?? "")
            municipalities.append(isByDistrict ? "" : key ?? "")
            assignments.append(assignment)
        }
        let columns = [
            ("state", states), ("role", roles), ("district_key", districts), ("municipality_key", municipalities),
            ("assignment", assignments),
        ]
        for (name, column) in columns {
            if let position = table.schema.position(of: name) { table.columns[position] = .code(column) }
        }
    }

    private func nearest(_ position: Coordinate<Geographic>, state: String?) -> String? {
        let candidates = state.map { self.states[$0].map { [$0] } ?? [] } ?? Array(states.values)
        let found = candidates.compactMap { candidate in
            candidate.index.nearest(to: position, within: Self.reach).map {
                (distance: $0.distance, key: units.keys[candidate.rows[$0.index]])
            }
        }
        return found.min { ($0.distance, $0.key) < ($1.distance, $1.key) }?.key
    }

    func accept(_ table: Table) {
        let people = table.integer("people")
        let roles = table.code("role")
        let assignments = table.code("assignment")
        for row in 0..<table.count {
            let role = roles[row] ?? ""
            tallies[role, default: Tally()].cells += 1
            tallies[role, default: Tally()].people += people[row]
            guard role == "own" else { continue }
            let assignment = assignments[row] ?? "unassigned"
            tallies[assignment, default: Tally()].cells += 1
            tallies[assignment, default: Tally()].people += people[row]
            if assignment == "listed" { listed.append("\(table.identifiers[row] ?? "") (\(people[row]))") }
        }
    }

    func finish(_ report: inout InputReport, _ budget: inout IssueBudget) {
        func text(_ name: String) -> String {
            let tally = tallies[name] ?? Tally()
            return "\(tally.cells) with \(tally.people) people"
        }
        report.notes.append("population: own cells \(text("own")), context cells \(text("context"))")
        if units.isEmpty {
            report.notes.append("population: no areas are loaded, so that no cell is assigned")
        } else {
            let unit = areas.municipalities.isEmpty ? "district" : "municipality"
            report.notes.append(
                "population: own cells inside a \(unit) \(text("inside")); assigned to the nearest within 2 km "
                    + "\(text("nearest")); listed \(text("listed"))")
        }
        if !listed.isEmpty {
            report.notes.append(
                "population: cells of the state farther than 2 km from its areas: \(listed.prefix(200).joined(separator: ", "))"
                    + (listed.count > 200 ? " and \(listed.count - 200) more" : ""))
        }
    }
}
