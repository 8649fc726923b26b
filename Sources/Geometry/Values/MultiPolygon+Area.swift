extension MultiPolygon {
    /// The planar area in square units of the frame: shells less holes, whichever way they run.
    ///
    /// Only meaningful in a metric, equal-area-enough frame; for degrees use `Geodesic.area(of:)`.
    /// - Complexity: O(n)
    public var planarArea: Double {
        polygons.reduce(0) { sum, polygon in
            polygon.holes.reduce(sum + abs(polygon.exterior.doubledSignedArea) / 2) {
                $0 - abs($1.doubledSignedArea) / 2
            }
        }
    }
}
