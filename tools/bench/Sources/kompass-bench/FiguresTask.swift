import Analysis
import Geometry
import NetworkModel

/// All figures of DOMAIN 6.5 for a filter, warm: the snapshot and what depends on it alone are there.
///
/// `project`, `levels` (comma list), `radius` (metres), and any parameter of the filter.
enum FiguresTask {
    @Sendable
    static func prepare(_ request: Request, _ inputs: Inputs) throws -> () throws -> [String: Double] {
        let project = try inputs.project(request.text("project"))
        let radius = Metres(try request.number("radius"))
        let levels = try request.text("levels").split(separator: ",").map { name in
            guard let level = AreaLevel(rawValue: String(name)) else { throw BenchError("unknown level: \(name)") }
            return level
        }
        let filter = try OfferFilter(
            parameters: OfferFilter.parameterNames.compactMap { name in
                request.optional(name).map { (name: name, value: $0) }
            })
        return {
            let clock = ContinuousClock()
            var mark = clock.now
            var checks: [String: Double] = [:]
            func lap(_ name: String) {
                let now = clock.now
                checks["ms_\(name)", default: 0] += (now - mark) / .milliseconds(1)
                mark = now
            }
            let analysis = try CoverageAnalysis(
                filter, demand: project.demand, index: project.index, in: project.snapshot)
            checks["offers"] = Double(analysis.selection.rows.count)
            lap("analysis")
            for level in levels {
                let figures = try analysis.figures(level, radius: radius)
                lap("figures")
                let gaps = try analysis.gaps(level, radius: radius, outlines: project.outlines)
                lap("gaps")
                let key = level.rawValue
                let areas = figures.areas
                func sum(_ value: (AreaCoverage) -> Double?) -> Double { areas.reduce(0) { $0 + (value($1) ?? 0) } }
                checks["\(key)_people"] = sum { $0.people.value.map(Double.init) }
                checks["\(key)_gap_people"] = sum { $0.gapPeople.value.map(Double.init) }
                checks["\(key)_sum_of_means_m"] = sum { $0.distances.mean.value?.value }
                checks["\(key)_sum_of_medians_m"] = sum { $0.distances.median.value?.value }
                checks["\(key)_sum_of_p90_m"] = sum { $0.distances.p90.value?.value }
                checks["\(key)_sum_of_gini"] = sum { $0.gini.value }
                checks["\(key)_sum_of_reach"] = sum { $0.catchmentScore.value }
                checks["\(key)_gap_area_m2"] = gaps.areas.reduce(0) { $0 + ($1.gapArea.value?.value ?? 0) }
                checks["\(key)_gaps"] = Double(gaps.polygons.count)
                mark = clock.now
            }
            return checks
        }
    }
}
