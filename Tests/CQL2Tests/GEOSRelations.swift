import CGEOS
import CQL2
import Geometry

/// The spatial relations by GEOS, straight through its C interface and WKB.
final class GEOSRelations: SpatialRelations {
    struct Failure: Error {}

    private let context = GEOS_init_r()
    /// How often boxes did not decide.
    private(set) var calls = 0

    deinit { GEOS_finish_r(context) }

    func holds(
        _ relation: SpatialRelation, _ first: SpatialOperand, _ second: SpatialOperand
    ) throws(Failure) -> Bool {
        calls += 1
        let a = read(first.geometry)
        let b = read(second.geometry)
        defer {
            GEOSGeom_destroy_r(context, a)
            GEOSGeom_destroy_r(context, b)
        }
        let answer =
            switch relation {
            case .intersects: GEOSIntersects_r(context, a, b)
            case .equals: GEOSEquals_r(context, a, b)
            case .disjoint: GEOSDisjoint_r(context, a, b)
            case .touches: GEOSTouches_r(context, a, b)
            case .within: GEOSWithin_r(context, a, b)
            case .overlaps: GEOSOverlaps_r(context, a, b)
            case .crosses: GEOSCrosses_r(context, a, b)
            case .contains: GEOSContains_r(context, a, b)
            }
        guard answer == 0 || answer == 1 else { throw Failure() }
        return answer == 1
    }

    private func read(_ geometry: FeatureGeometry<Geographic>) -> OpaquePointer? {
        let bytes = WellKnownBinary.encode(geometry)
        return GEOSGeomFromWKB_buf_r(context, bytes, bytes.count)
    }
}
