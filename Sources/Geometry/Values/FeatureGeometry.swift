/// Any geometry that a feature of OGC Simple Features can have, two-dimensional.
public enum FeatureGeometry<Frame: ReferenceFrame>: Hashable, Sendable {
    /// One position.
    case point(Coordinate<Frame>)
    /// Any number of positions.
    case multiPoint([Coordinate<Frame>])
    /// One open or closed line.
    case lineString([Coordinate<Frame>])
    /// Any number of lines.
    case multiLineString([[Coordinate<Frame>]])
    /// One surface.
    case polygon(Polygon<Frame>)
    /// Any number of surfaces.
    case multiPolygon(MultiPolygon<Frame>)
    /// A mixture of the others.
    case collection([FeatureGeometry<Frame>])
}
