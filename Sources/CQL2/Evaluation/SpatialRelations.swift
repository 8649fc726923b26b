public import Geometry

/// Who decides whether two geometries have a relation (GEOS in Kompass). The filter itself only compares boxes.
public protocol SpatialRelations: ~Copyable {
    /// What goes wrong, for example for invalid geometries.
    associatedtype Failure: Error

    /// Whether two geometries, neither of them empty, have a relation (DE-9IM of OGC 06-103r4).
    borrowing func holds(
        _ relation: SpatialRelation, _ first: SpatialOperand, _ second: SpatialOperand
    ) throws(Failure) -> Bool
}

/// One side of a spatial relation.
public struct SpatialOperand: Sendable {
    /// The geometry.
    public let geometry: FeatureGeometry<Geographic>
    /// Its position in `BoundFilter.geometries` if it is a literal: the same for every row, worth to be prepared.
    public let literal: Int?
}

/// A geometry literal of a bound filter.
public struct BoundGeometry: Hashable, Sendable {
    /// The geometry on longitude and latitude. A box across the antimeridian has a part on each side of it.
    public let geometry: FeatureGeometry<Geographic>
    /// Where it stands in the source, in bytes: for errors about its validity, which only GEOS can judge.
    public let offset: Int
    /// The boxes around its parts if it is a `BBOX`, else the one around it.
    let boxes: [BoundingBox<Geographic>]
    /// Whether it is exactly one box with an area.
    let isRectangle: Bool
}
