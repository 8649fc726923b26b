public import Geometry

/// The spatial relations as GEOS decides them. Confined to one thread, as the context that it owns.
public struct GEOSRelations: ~Copyable, SpatialRelations {
    private let context: GEOSContext

    /// Makes a context of its own.
    ///
    /// - Throws: `GeometryError.unavailable` where GEOS cannot.
    public init() throws(GeometryError) { context = try GEOSContext() }

    /// Whether two geometries have a relation.
    ///
    /// - Throws: `GeometryError.geos`, in particular for invalid literals.
    public borrowing func holds(
        _ relation: SpatialRelation, _ first: SpatialOperand, _ second: SpatialOperand
    ) throws(GeometryError) -> Bool {
        try context.holds(relation.topological, first.geometry, second.geometry)
    }
}

extension SpatialRelation {
    fileprivate var topological: TopologicalRelation {
        switch self {
        case .intersects: .intersects
        case .equals: .equals
        case .disjoint: .disjoint
        case .touches: .touches
        case .within: .within
        case .overlaps: .overlaps
        case .crosses: .crosses
        case .contains: .contains
        }
    }
}
