internal import Geometry
internal import NetworkModel

/// Points in Z-order: those of a layer, or the chosen ones among them. 12 bytes a point.
struct PlacedPoints: Sendable {
    /// Where they are, ascending.
    let keys: [UInt64]
    /// For each point the number of its record, by which a layer knows it.
    let records: [UInt32]

    var count: Int { keys.count }

    /// The point numbers of a box at a zoom, as stretches in ascending order.
    func forEachStretch(in box: GridBox, of grid: TileGrid, _ body: (Range<Int>) -> Void) {
        keys.withUnsafeBufferPointer { keys in
            ZOrder.forEachStretch(in: grid.places(box), of: 0..<keys.count, key: { keys[$0] }, body)
        }
    }

    /// The points whose record is wanted. - Complexity: O(n)
    func chosen(_ isWanted: (UInt32) -> Bool) -> PlacedPoints {
        var (keys, records): ([UInt64], [UInt32]) = ([], [])
        for point in 0..<count where isWanted(self.records[point]) {
            keys.append(self.keys[point])
            records.append(self.records[point])
        }
        return PlacedPoints(keys: keys, records: records)
    }

    /// All rows of a table that have a place on the map, in Z-order and at one place in the order of the rows; a
    /// record's number is its position in that order. - Complexity: O(n log n)
    static func all(of table: Table) -> (points: PlacedPoints, rows: [UInt32]) {
        var places: [(key: UInt64, row: UInt32)] = []
        for row in 0..<table.count {
            guard let point = table.point(row).map(WebMercator.project) else { continue }
            let key = ZOrder.key(x: TileGrid.ordinate(point.x), y: TileGrid.ordinate(point.y))
            places.append((key, UInt32(row)))
        }
        places.sort { ($0.key, $0.row) < ($1.key, $1.row) }
        return (
            PlacedPoints(keys: places.map(\.key), records: (0..<places.count).map(UInt32.init)), places.map(\.row)
        )
    }
}
