/// Which of many surfaces a point lies in.
///
/// A grid of cells knows for most places at once which surface covers them. Only in cells with a border do rays have to
/// be cast, against the few edges at the point's height (every surface has its edges sorted into horizontal slabs).
/// Sides are decided exactly (`Orientation`), so the answer is the true one for the coordinates as they are.
///
/// **Ties**: a point on a border belongs to each surface that has it there, and a point in an overlap to each surface;
/// the answer is the one that comes first in the input. So every point of a coverage is in exactly one surface.
///
/// Immutable, without any C library: any number of threads may ask at once. 1,000,000 points in 400 surfaces of 2,000
/// vertices take about 0.1 s on one core.
public struct PolygonIndex<Frame: ReferenceFrame>: Sendable {
    /// The number of surfaces.
    public let count: Int
    /// The box around all surfaces; every point outside is in none.
    public let bounds: BoundingBox<Frame>

    let grid: SurfaceGrid

    /// Indexes surfaces; they need not be valid: inside is what an odd number of borders encloses.
    ///
    /// Edges with a coordinate that is not finite, or beyond ±1e150 (where sides cannot be decided), are ignored.
    ///
    /// - Complexity: O(n + cells), with at most 2^20 cells.
    public init(_ surfaces: [MultiPolygon<Frame>]) {
        count = surfaces.count
        grid = SurfaceGrid(SlabbedEdges(surfaces))
        let box = grid.bounds
        bounds = BoundingBox(minX: box.minX, minY: box.minY, maxX: box.maxX, maxY: box.maxY)
    }

    /// The surface that a point lies in or on; nil for none, and for a point that is not finite.
    ///
    /// - Complexity: O(1) away from borders, else O(edges at the point's height).
    public func locate(_ point: Coordinate<Frame>) -> Int? {
        let found = grid.locate(point.x, point.y)
        return found < 0 ? nil : Int(found)
    }

    /// The surface for each of many points given as two columns of equal length, -1 for none.
    ///
    /// - Parameter answers: overwritten with one number per point; its storage is reused.
    public func locate(xs: [Double], ys: [Double], into answers: inout [Int32]) {
        precondition(xs.count == ys.count, "as many x as y are needed")
        answers.removeAll(keepingCapacity: true)
        answers.reserveCapacity(xs.count)
        grid.locate(xs: xs, ys: ys, into: &answers)
    }
}
