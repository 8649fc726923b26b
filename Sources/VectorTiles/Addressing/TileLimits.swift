public import Geometry

/// The columns and rows of one zoom outside which no tile holds anything that lies in a box.
public struct TileLimits: Sendable, Hashable {
    /// The zoom.
    public let zoom: Int
    /// The columns, from west to east.
    public let columns: ClosedRange<Int>
    /// The rows, from north to south.
    public let rows: ClosedRange<Int>

    /// Finds the tiles whose content, or the buffer around it, a box meets.
    ///
    /// - Parameters:
    ///   - zoom: 0 to `TileAddress.deepestZoom`.
    ///   - box: What is shown, longitude and latitude in degrees; what lies beyond the square is cut off.
    /// - Complexity: O(1)
    public init(zoom: Int, box: BoundingBox<Geographic>) {
        let grid = TileGrid(zoom: min(max(zoom, 0), TileAddress.deepestZoom))
        func vertex(_ longitude: Double, _ latitude: Double) -> GridPoint {
            grid.vertex(WebMercator.project(Coordinate(longitude: longitude, latitude: latitude)))
        }
        let (northWest, southEast) = (vertex(box.minX, box.maxY), vertex(box.maxX, box.minY))
        self.zoom = grid.zoom
        columns = grid.tiles(northWest.x, max(northWest.x, southEast.x))
        rows = grid.tiles(northWest.y, max(northWest.y, southEast.y))
    }

    /// Whether a tile of the zoom lies inside.
    public func contains(column: Int, row: Int) -> Bool { columns.contains(column) && rows.contains(row) }
}

extension TileGrid {
    /// The tiles along one side whose buffered box meets a stretch.
    func tiles(_ low: Int32, _ high: Int32) -> ClosedRange<Int> {
        let (extent, buffer) = (Int(Self.extent), Int(Self.buffer))
        let last = (1 << zoom) - 1
        // A stretch that ends where a buffer begins still meets it.
        let from = (Int(low) - buffer - 1) / extent
        let to = (Int(high) + buffer) / extent
        return min(max(from, 0), last)...min(max(to, 0), last)
    }
}
