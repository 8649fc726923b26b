internal import Geometry

/// The tiles of one zoom whose content, or the buffer around it, something reaches.
struct OccupiedTiles: Sendable {
    let grid: TileGrid
    private var addresses: Set<TileAddress> = []
    /// The box that was added last: many lie one behind the other.
    private var last: TileSpan?

    /// Columns and rows.
    private struct TileSpan: Equatable {
        let columns: ClosedRange<Int>
        let rows: ClosedRange<Int>
    }

    init(zoom: Int) { grid = TileGrid(zoom: zoom) }

    /// Adds the tiles that a box meets. - Complexity: O(tiles)
    mutating func insert(_ box: GridBox) {
        guard box.minX <= box.maxX, box.minY <= box.maxY else { return }
        let span = TileSpan(columns: tiles(box.minX, box.maxX), rows: tiles(box.minY, box.maxY))
        guard span != last else { return }
        last = span
        for y in span.rows {
            for x in span.columns {
                if let address = TileAddress(zoom: grid.zoom, x: x, y: y) { addresses.insert(address) }
            }
        }
    }

    /// Adds the tiles in which a point stands.
    mutating func insert(_ point: Coordinate<MercatorSquare>) {
        guard let vertex = grid.vertex(point) else { return }
        insert(GridBox(minX: vertex.x, minY: vertex.y, maxX: vertex.x, maxY: vertex.y))
    }

    /// The tiles, in the order of an archive. - Complexity: O(n log n)
    var sorted: [TileAddress] {
        addresses.map { (identifier: $0.hilbertIdentifier, address: $0) }.sorted { $0.identifier < $1.identifier }
            .map(\.address)
    }

    /// The tiles along one side whose buffered box meets a stretch.
    private func tiles(_ low: Int32, _ high: Int32) -> ClosedRange<Int> {
        let (extent, buffer) = (Int(TileGrid.extent), Int(TileGrid.buffer))
        let last = (1 << grid.zoom) - 1
        // A stretch that ends where a buffer begins still meets it.
        let from = (Int(low) - buffer - 1) / extent
        let to = (Int(high) + buffer) / extent
        return min(max(from, 0), last)...min(max(to, 0), last)
    }
}
