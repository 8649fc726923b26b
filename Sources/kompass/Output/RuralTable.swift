internal import Analysis
internal import Foundation
internal import Server

/// The rural index for reading on a terminal: the most rural area first, then what the figures rest on.
struct RuralTable {
    private let answer: RuralAnswer

    init(_ answer: RuralAnswer) { self.answer = answer }

    var text: String {
        let index = answer.index
        let degrees = answer.urbanisation?.areas
        var table = TextTable(
            [
                ("key", .left), ("name", .left), ("index", .right), ("class", .left), ("published", .right),
                ("type", .right), ("people/km2 settl.", .right), ("open land", .right), ("1-2 dwellings", .right),
                ("potential", .right), ("access", .right),
            ] + (degrees == nil ? [] : [("degurba", .right), ("level 2", .right), ("official", .right)]))
        let order = index.areas.indices.sorted { lhs, rhs in
            let (left, right) = (index.areas[lhs].index.value, index.areas[rhs].index.value)
            return (-(left ?? -.infinity), lhs) < (-(right ?? -.infinity), rhs)
        }
        for number in order {
            let area = index.areas[number]
            let figures = area.indicators
            var cells = [
                figures.key, figures.name ?? "", Self.text(area.index, "%.2f"), area.ruralClass?.rawValue ?? "-",
                area.published?.index.map { String(format: "%.2f", $0) } ?? "-",
                area.published?.type.map(String.init) ?? "-", Self.text(figures.settlementDensity, "%.0f"),
                Self.text(figures[.openLand], "%.3f"), Self.text(figures[.smallHouses], "%.3f"),
                Self.text(figures[.potential], "%.0f"), Self.text(figures[.access], "%.0f"),
            ]
            if let degree = degrees?[number] {
                cells += [
                    degree.level1.value.map { "\($0.rawValue)" } ?? "-",
                    degree.level2.value.map { "\($0.rawValue)" } ?? "-", degree.official.map(String.init) ?? "-",
                ]
            }
            table.append(cells)
        }
        return ([table.description, ""] + notes).joined(separator: "\n")
    }

    private static func text(_ figure: Figure<Double>, _ format: String) -> String {
        figure.value.map { String(format: format, $0) } ?? "-"
    }

    private var notes: [String] {
        let index = answer.index
        var notes: [String] = []
        if let calibration = index.calibration {
            let origin =
                calibration.name.map { "calibration \($0)" }
                ?? "regional: standardised among the areas that are loaded, not comparable with other states"
            notes.append(
                "Own index, \(origin): \(calibration.regions) areas, first component explains "
                    + String(format: "%.1f %%", calibration.explainedVariance * 100) + ", mean/deviation/loading:")
            for indicator in RuralIndicator.allCases {
                notes.append(
                    "  \(indicator.rawValue): "
                        + String(
                            format: "%.6g / %.6g / %.3f", calibration.means[indicator],
                            calibration.deviations[indicator], calibration.loadings[indicator]))
            }
        }
        notes.append("Classes: very rural from 0.5, rather rural from -0.2. Data: \(index.indicators.dates.text).")
        if let comparison = index.comparison {
            notes.append(
                "Against the published index: \(comparison.areas) regions, "
                    + String(
                        format: "r = %.4f, same class %d of %d (%.1f %%)", comparison.correlation, comparison.agreeing,
                        comparison.classified, comparison.agreement * 100))
            let names = RuralClass.allCases.map(\.rawValue).joined(separator: ", ")
            notes.append("  published by own class (\(names)): \(comparison.confusion)")
        }
        notes.append(
            "Published values: Thünen-Landatlas 2016, single cited facts for comparison; no computation uses them.")
        if let urbanisation = answer.urbanisation {
            notes.append(
                "Degree of urbanisation, level 1: \(urbanisation.agreeing) of \(urbanisation.compared) as the official one."
            )
        }
        let missing = Set(index.areas.compactMap(\.index.reason?.rawValue)).sorted()
        if !missing.isEmpty { notes.append("-: \(missing.joined(separator: ", "))") }
        let open = index.areas.filter { ($0.indicators.openSurroundings.value ?? 0) > 0 }.map(\.indicators.key)
        if !open.isEmpty {
            notes.append(
                "Potential too low where surroundings hold no cells (abroad, sea, ring not loaded): "
                    + open.joined(separator: ", "))
        }
        notes.append("Data version \(index.indicators.dataVersion)")
        return notes
    }
}
