import Dispatch
import Geometry
import Synchronization

/// What is found out about one outline: whether it is valid, what repair made of it, its size and its label's place.
struct SurfaceSurvey: Sendable {
    /// The valid surface, right-handed; empty where it is rejected.
    var surface = MultiPolygon<Geographic>([])
    /// What was repaired, or nil.
    var repair: String?
    /// Why it cannot be taken, or nil.
    var rejection: String?
    /// The geodesic area, m²; NaN where it is rejected.
    var area = Double.nan
    /// A point well inside, for the label.
    var label: Coordinate<Geographic>?

    /// Surveys many surfaces on all cores; each worker has a GEOS context of its own.
    ///
    /// - Parameter needsLabel: for each surface whether its label has to be placed.
    static func survey(
        _ surfaces: [MultiPolygon<Geographic>], needsLabel: [Bool]
    ) throws(GeometryError) -> [SurfaceSurvey] {
        let results = Mutex([SurfaceSurvey](repeating: SurfaceSurvey(), count: surfaces.count))
        let failure = Mutex<GeometryError?>(nil)
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: max(1, min(surfaces.count, 8))) { _ in
            do throws(GeometryError) {
                let geos = try GEOSContext()
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < surfaces.count else { return }
                    let survey = SurfaceSurvey(surfaces[index], needsLabel: needsLabel[index], geos)
                    results.withLock { $0[index] = survey }
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return results.withLock { $0 }
    }

    private init() {}

    private init(_ stated: MultiPolygon<Geographic>, needsLabel: Bool, _ geos: borrowing GEOSContext) {
        guard !stated.isEmpty else { return }
        do throws(GeometryError) {
            let repaired = try geos.repaired(stated)
            let result = repaired.surface.rightHanded
            if case .invalid(let reason, let location) = repaired.finding {
                guard !result.isEmpty else {
                    rejection = "the outline encloses nothing (\(reason))"
                    return
                }
                let place = location.map { " at \(Self.degrees($0.x)) \(Self.degrees($0.y))" } ?? ""
                let change = Geodesic.grs80.area(of: result).value - Geodesic.grs80.area(of: stated.rightHanded).value
                let dropped = repaired.droppedRings.count
                repair =
                    "invalid outline (\(reason)\(place)) repaired with GEOS; its area changed by \(Int(change.rounded())) m²"
                    + (dropped > 0 ? "; \(dropped) rings without area were left out" : "")
            }
            area = Geodesic.grs80.area(of: result).value
            label = needsLabel ? try geos.interiorPoint(of: result) : nil
            surface = result
        } catch {
            repair = nil
            rejection = error.description
        }
    }

    /// Degrees with six decimals (a tenth of a metre), for messages.
    static func degrees(_ value: Double) -> String { "\((value * 1e6).rounded() / 1e6)" }
}
