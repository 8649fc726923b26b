internal import Foundation
internal import NetworkModel
internal import Store

/// What a load prints: per district what there is now, per input what became of its rows, and what changed.
struct LoadSummary {
    let reports: [InputReport]
    let difference: LoadDifference
    let isDryRun: Bool
    /// Why the records are not in the one file yet; nil where they are.
    var unmerged: UnmergedLog?

    /// People, area, actors and offers of each district of some regions.
    static func districtTable(_ snapshot: Snapshot, regions: Set<String>) -> String {
        var table = TextTable([
            ("key", .left), ("district", .left), ("people", .right), ("km²", .right), ("actors", .right),
            ("offers", .right),
        ])
        let districts = snapshot.districts
        let names = districts.text("name")
        let people = districts.integer("people")
        let areas = districts.real("area_m2")
        let actors = districts.integer("actors")
        let offers = districts.integer("offers")
        let region = districts.code("region")
        var sums: (people: Int64, area: Double, actors: Int64, offers: Int64) = (0, 0, 0, 0)
        for row in 0..<districts.count where regions.contains(region[row] ?? "") {
            let noData = actors[row] + offers[row] == 0
            table.append([
                districts.identifiers[row] ?? "", names[row] ?? "",
                people[row] == Column.missingInteger ? "not stated" : people[row].grouped, squareKilometres(areas[row]),
                noData ? "no data" : actors[row].grouped, noData ? "no data" : offers[row].grouped,
            ])
            sums.people = sums.people.addingReportingOverflow(max(0, people[row])).partialValue
            sums.area += areas[row].isNaN ? 0 : areas[row]
            sums.actors += actors[row]
            sums.offers += offers[row]
        }
        table.append([
            "", "all", sums.people.grouped, squareKilometres(sums.area), sums.actors.grouped, sums.offers.grouped,
        ])
        return table.description
    }

    private static func squareKilometres(_ area: Double) -> String {
        guard area.isFinite else { return "not stated" }
        let hundredths = Int((area / 10_000).rounded())
        let fraction = String(hundredths % 100 + 100).dropFirst()
        return "\((hundredths / 100).grouped).\(fraction)"
    }

    /// What became of the rows of each input.
    var inputTable: String {
        var table = TextTable([
            ("input", .left), ("file", .left), ("read", .right), ("loaded", .right), ("repaired", .right),
            ("rejected", .right), ("left out", .right),
        ])
        for report in reports {
            table.append([
                report.kind.inputName, report.file, report.read.grouped, report.loaded.grouped, report.repaired.grouped,
                report.rejected.grouped, report.filtered.grouped,
            ])
        }
        return table.description
    }

    /// The remarks about inputs and rows, the first few of each input.
    static func remarks(_ reports: [InputReport], mostPerInput: Int) -> String {
        var lines: [String] = []
        for report in reports {
            let name = report.file
            for note in report.notes { lines.append("\(name): \(note)") }
            let rank: [RowIssue.Outcome: Int] = [.rejected: 0, .repaired: 1, .noted: 2]
            // What was lost comes first; within a sort the order of the file stays.
            let issues = report.issues.enumerated().sorted {
                (rank[$0.element.outcome] ?? 3, $0.offset) < (rank[$1.element.outcome] ?? 3, $1.offset)
            }
            for (_, issue) in issues.prefix(mostPerInput) {
                let field = issue.field.map { ", \($0)" } ?? ""
                let value = issue.value.isEmpty ? "" : " '\(issue.value)'"
                lines.append("\(name), line \(issue.line)\(field): \(issue.outcome.rawValue):\(value) \(issue.reason)")
            }
            if report.issues.count > mostPerInput {
                lines.append(
                    "\(name): \((report.issues.count - mostPerInput).grouped) more in the table 'rejects' of the project"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    /// What the load changes, kind by kind.
    var differenceText: String {
        guard !difference.isEmpty else { return "Nothing changes." }
        let kinds = difference.kinds.filter { $0.added + $0.changed + $0.removed > 0 }
        let lines = kinds.map { kind in
            let counts = "\(kind.added.grouped) added, \(kind.changed.grouped) changed, \(kind.removed.grouped) removed"
            let examples = isDryRun && !kind.examples.isEmpty ? ": \(kind.examples.joined(separator: " "))" : ""
            return "\(kind.kind.inputName): \(counts)\(examples)"
        }
        return ((isDryRun ? ["This load would change:"] : []) + lines).joined(separator: "\n")
    }
}
