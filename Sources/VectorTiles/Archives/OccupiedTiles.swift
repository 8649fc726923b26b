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
        let span = TileSpan(
            columns: grid.tiles(box.minX, box.maxX), rows: grid.tiles(box.minY, box.maxY))
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
        let vertex = grid.place(point)
        insert(GridBox(minX: vertex.x, minY: vertex.y, maxX: vertex.x, maxY: vertex.y))
    }

    /// The tiles, in the order of an archive. - Complexity: O(n log n)
    var sorted: [TileAddress] {
        addresses.map { (identifier: $0.hilbertIdentifier, address: $0) }.sorted { $0.identifier < $1.identifier }
            .map(\.address)
    }
}
