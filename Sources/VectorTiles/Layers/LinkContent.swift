internal import Geometry
internal import NetworkModel

/// The links between located actors, each as a straight line on the map.
///
/// A link has a line where both its ends are actors whose place is known. Where a zoom's grid has both ends on one
/// step, it has no line at that zoom.
struct LinkContent: Sendable {
    private struct Line: Sendable {
        /// The row of the table of links.
        let row: Int
        let start: Coordinate<MercatorSquare>
        let end: Coordinate<MercatorSquare>
    }

    /// In the order of the rows.
    private let lines: [Line]
    private let index: BoxIndex<MercatorSquare>
    private let features: [UInt64]
    private let attributes: AttributeColumns

    /// How many links have a line.
    var count: Int { lines.count }

    /// - Complexity: O(n log n)
    init(_ links: Table, actors: Table, rows: IdentifierIndex, _ attributes: AttributeColumns) {
        self.attributes = attributes
        features = FeatureIdentifiers.numbers(of: links.identifiers)
        func places(_ field: String) -> [Coordinate<MercatorSquare>?] {
            let ends = links.code(field)
            return (0..<links.count).map { row in
                ends[row].flatMap { rows.row(of: $0) }.flatMap { actors.point($0) }.map(WebMercator.project)
            }
        }
        lines = zip(places("from_id"), places("to_id")).enumerated().compactMap { row, ends in
            guard let start = ends.0, let end = ends.1 else { return nil }
            return Line(row: row, start: start, end: end)
        }
        index = BoxIndex(
            lines.map { line in
                var box = BoundingBox<MercatorSquare>.empty
                box.formUnion(line.start)
                box.formUnion(line.end)
                return box
            })
    }

    /// Writes the parts of lines in a tile and its buffer, in the order of the rows.
    func write(to encoder: inout LayerEncoder, of address: TileAddress) {
        let grid = TileGrid(zoom: address.z)
        let box = GridBox(address, margin: TileGrid.buffer)
        // One step more than the buffer, so that rounding decides alone what is inside.
        let square = address.square.expanded(by: Double(TileGrid.buffer + 1) / grid.worldSize)
        var tags = attributes.writer(zoom: address.z)
        for line in index.query(square).map({ lines[$0] }) {
            guard let part = box.part(from: grid.place(line.start), to: grid.place(line.end)) else { continue }
            let geometry = TileGeometry(lines: [address.local([part.start, part.end])])
            guard !geometry.isEmpty else { continue }
            tags.take(line.row, in: &encoder)
            encoder.add(id: features[line.row], tags: tags.tags, geometry: geometry)
        }
    }

    /// Adds the tiles that lines pass through. - Complexity: O(tiles)
    func insertLines(into tiles: inout OccupiedTiles) {
        for line in lines {
            let (start, end) = (tiles.grid.place(line.start), tiles.grid.place(line.end))
            // The boxes of stretches no longer than a tile: the box around the whole line would be mostly empty.
            let (width, height) = (Int64(end.x) - Int64(start.x), Int64(end.y) - Int64(start.y))
            let pieces = max(abs(width), abs(height)) / Int64(TileGrid.extent) + 1
            var last = start
            for piece in 1...pieces {
                let next = GridPoint(
                    x: start.x + Int32(width * piece / pieces), y: start.y + Int32(height * piece / pieces))
                var box = GridBox([last, next])
                // A stretch ends on the grid, up to one step beside the line.
                box = GridBox(minX: box.minX - 1, minY: box.minY - 1, maxX: box.maxX + 1, maxY: box.maxY + 1)
                tiles.insert(box)
                last = next
            }
        }
    }
}

extension GridBox {
    /// The part of a straight line inside the box, rounded to the grid; nil where no more than a point of it is.
    ///
    /// Source: Y.-D. Liang and B. A. Barsky, "A New Concept and Method for Line Clipping", ACM Transactions on Graphics 3
    /// (1984).
    func part(from start: GridPoint, to end: GridPoint) -> (start: GridPoint, end: GridPoint)? {
        let (width, height) = (Double(end.x) - Double(start.x), Double(end.y) - Double(start.y))
        var (first, last) = (0.0, 1.0)
        for (extent, low, high) in [
            (width, Double(minX) - Double(start.x), Double(maxX) - Double(start.x)),
            (height, Double(minY) - Double(start.y), Double(maxY) - Double(start.y)),
        ] {
            guard extent != 0 else {
                guard low <= 0, high >= 0 else { return nil }
                continue
            }
            first = max(first, min(low / extent, high / extent))
            last = min(last, max(low / extent, high / extent))
        }
        guard first < last else { return nil }
        func point(_ share: Double) -> GridPoint {
            // Rounding twice may leave the box by a step.
            GridPoint(
                x: min(max(start.x + Int32((width * share).rounded()), minX), maxX),
                y: min(max(start.y + Int32((height * share).rounded()), minY), maxY))
        }
        let (from, to) = (point(first), point(last))
        return from == to ? nil : (from, to)
    }
}
