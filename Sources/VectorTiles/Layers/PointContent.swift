internal import Geometry
internal import NetworkModel

/// The located records of one layer.
struct PointContent: Sendable {
    private let table: Table
    private let index: PointIndex
    private let features: [UInt64]
    private let attributes: AttributeColumns

    /// - Complexity: O(n)
    init(_ table: Table, index: PointIndex, _ attributes: AttributeColumns) {
        self.table = table
        self.index = index
        self.attributes = attributes
        features = FeatureIdentifiers.numbers(of: table.identifiers)
    }

    /// Writes the wanted points of a tile and its buffer, in the order of the rows.
    ///
    /// A point in a buffer also stands in the neighbouring tile: clients draw it in one of them, so that symbols are
    /// not cut. Whoever counts must count what lies in `0..<extent`.
    func write(to encoder: inout LayerEncoder, of address: TileAddress, where isWanted: (Int) -> Bool) {
        let grid = TileGrid(zoom: address.z)
        let box = GridBox(address, margin: TileGrid.buffer)
        // One step more than the buffer, so that rounding decides alone what is inside.
        let square = address.square.expanded(by: Double(TileGrid.buffer + 1) / grid.worldSize)
        let northWest = WebMercator.unproject(Coordinate(x: square.minX, y: square.minY))
        let southEast = WebMercator.unproject(Coordinate(x: square.maxX, y: square.maxY))
        let area = BoundingBox<Geographic>(
            minX: northWest.longitude, minY: southEast.latitude, maxX: southEast.longitude, maxY: northWest.latitude)
        var tags = attributes.writer(zoom: address.z)
        for row in index.query(area) where isWanted(row) {
            guard let point = table.point(row), let vertex = grid.vertex(WebMercator.project(point)),
                box.contains(vertex)
            else { continue }
            tags.take(row, in: &encoder)
            encoder.add(id: features[row], tags: tags.tags, geometry: TileGeometry(points: address.local([vertex])))
        }
    }

    /// Adds the tiles in which a record stands. - Complexity: O(n)
    func insertPoints(into tiles: inout OccupiedTiles) {
        for row in 0..<table.count {
            if let point = table.point(row) { tiles.insert(WebMercator.project(point)) }
        }
    }
}
