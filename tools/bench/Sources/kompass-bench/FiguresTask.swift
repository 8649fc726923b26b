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
            let analysis = try CoverageAnalysis(filter, demand: project.demand, in: project.snapshot)
            var checks = ["offers": Double(analysis.selection.rows.count)]
            for level in levels {
                let figures = try analysis.figures(level, radius: radius)
                let key = level.rawValue
                checks["\(key)_areas"] = Double(figures.areas.count)
                checks["\(key)_people"] = Double(figures.areas.reduce(0) { $0 + ($1.people.value ?? 0) })
                checks["\(key)_gap_people"] = Double(figures.areas.reduce(0) { $0 + ($1.gapPeople.value ?? 0) })
                checks["\(key)_sum_of_means_m"] = figures.areas.reduce(0) {
                    $0 + ($1.distances.mean.value?.value ?? 0)
                }
            }
            return checks
        }
    }
}
