internal import CGEOS

/// A named relation of two geometries (DE-9IM, OGC 06-103r4 section 6.1.15).
public enum TopologicalRelation: Sendable, Hashable, CaseIterable {
    /// They share a point.
    case intersects
    /// They cover the same points.
    case equals
    /// They share no point.
    case disjoint
    /// They share border points alone.
    case touches
    /// The first lies in the second.
    case within
    /// They share a part of their own dimension and each has more.
    case overlaps
    /// They share a part of a lower dimension and each has more.
    case crosses
    /// The second lies in the first.
    case contains
}

extension GEOSContext {
    /// Whether two geometries have a relation.
    ///
    /// - Complexity: O(n log n) in the vertices of both.
    /// - Throws: `GeometryError.geos`, in particular for invalid geometries.
    public func holds<Frame>(
        _ relation: TopologicalRelation, _ first: FeatureGeometry<Frame>, _ second: FeatureGeometry<Frame>
    ) throws(GeometryError) -> Bool {
        let first = try handle.geometry(first)
        let second = try handle.geometry(second)
        // 0, 1, or 2 on exception.
        let answer = first.lend { a in
            second.lend { b in
                switch relation {
                case .intersects: GEOSIntersects_r(handle.pointer, a, b)
                case .equals: GEOSEquals_r(handle.pointer, a, b)
                case .disjoint: GEOSDisjoint_r(handle.pointer, a, b)
                case .touches: GEOSTouches_r(handle.pointer, a, b)
                case .within: GEOSWithin_r(handle.pointer, a, b)
                case .overlaps: GEOSOverlaps_r(handle.pointer, a, b)
                case .crosses: GEOSCrosses_r(handle.pointer, a, b)
                case .contains: GEOSContains_r(handle.pointer, a, b)
                }
            }
        }
        return try handle.bool(answer)
    }
}
