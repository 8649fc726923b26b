internal import Geometry
internal import NetworkModel

/// The located records of one layer.
struct PointContent: Sendable {
    /// All points.
    let points: PlacedPoints
    private let name: String
    /// The row of each record.
    private let rows: [UInt32]
    /// The id of each record's feature.
    private let features: [UInt64]
    private let identifiers: TextColumn
    private let tags: PointTags
    private let rule: Rule?

    /// How the layer's points are drawn together.
    private struct Rule: Sendable {
        let zooms: ClosedRange<Int>
        let radius: Int32
        let counted: CountedCodes
    }

    /// - Complexity: O(n log n)
    init(_ table: Table, _ layer: Tileset.Layer) {
        name = layer.content.rawValue
        let (points, rows) = PlacedPoints.all(of: table)
        (self.points, self.rows) = (points, rows)
        identifiers = table.identifiers
        let numbers = FeatureIdentifiers.numbers(of: identifiers)
        features = rows.map { numbers[Int($0)] }
        tags = PointTags(layer.attributes, of: table, rows: rows)
        rule = layer.clusters.map { clusters in
            Rule(
                zooms: layer.zooms.lowerBound...clusters.maxzoom, radius: clusters.steps,
                counted: CountedCodes(clusters.countedField, of: table, rows: rows))
        }
    }

    /// The codes by which clusters count their members.
    var countedCodes: [String] { rule?.counted.codes ?? [] }

    /// The points of some rows, ascending. - Complexity: O(n)
    func points(of rows: [Int]) -> PlacedPoints {
        guard let last = rows.last else { return PlacedPoints(keys: [], records: []) }
        var isWanted = [Bool](repeating: false, count: last + 1)
        for row in rows { isWanted[row] = true }
        return points.chosen { record in
            let row = Int(self.rows[Int(record)])
            return row <= last && isWanted[row]
        }
    }

    /// Whether the layer has clusters at a zoom.
    func isClustered(zoom: Int) -> Bool { rule?.zooms.contains(zoom) ?? false }

    /// The clusters of some of the layer's points; nil where the layer has none.
    func clusters(of points: PlacedPoints) -> PointClusters? {
        rule.map { PointClusters(points, zooms: $0.zooms, radius: $0.radius) }
    }

    /// The points of a tile and its buffer, each for itself. - Complexity: O(log² n)
    func found(_ points: PlacedPoints, in address: TileAddress) -> FoundPoints {
        var stretches: [Range<Int>] = []
        let grid = TileGrid(zoom: address.z)
        points.forEachStretch(in: GridBox(address, margin: TileGrid.buffer), of: grid) { stretches.append($0) }
        return .points(stretches)
    }

    /// The clusters of a tile and its buffer. A cluster lies in one tile and, as a point does, in the buffers that
    /// reach it. - Complexity: O(log² n)
    func found(_ clusters: PointClusters, of points: PlacedPoints, in address: TileAddress) -> FoundPoints {
        guard let level = clusters[address.z] else { return found(points, in: address) }
        let grid = TileGrid(zoom: address.z)
        var marks: [Range<Int>] = []
        ZOrder.forEachStretch(
            in: grid.places(GridBox(address, margin: TileGrid.buffer)), of: 0..<level.points.count,
            key: { points.keys[Int(level.points[$0])] }, { marks.append($0) })
        return .clusters(clusters, marks: marks)
    }

    /// Writes the points of a tile and its buffer, each for itself, in Z-order.
    ///
    /// A point in a buffer also stands in the neighbouring tile: clients draw it in one of them, so that symbols are
    /// not cut. Whoever counts must count what lies in `0..<extent`.
    /// - Complexity: O(points in the tile)
    func write(
        _ stretches: [Range<Int>], of points: PlacedPoints, at address: TileAddress, to tile: inout ProtobufWriter
    ) {
        let grid = TileGrid(zoom: address.z)
        var layer = PointLayerEncoder(
            name: name, tags: tags, zoom: address.z, expected: stretches.reduce(0) { $0 + $1.count })
        let corner = address.corner
        for point in stretches.joined() {
            let record = Int(points.records[point])
            layer.add(record: record, id: features[record], at: grid.vertex(points.keys[point]).from(corner))
        }
        layer.write(to: &tile)
    }

    /// Writes the clusters of a tile and its buffer in Z-order, what stands alone as itself.
    ///
    /// - Complexity: O(members in the tile)
    func write(
        _ marks: [Range<Int>], of clusters: PointClusters, _ points: PlacedPoints, at address: TileAddress,
        to tile: inout ProtobufWriter
    ) {
        guard let level = clusters[address.z] else { return }
        let grid = TileGrid(zoom: address.z)
        var layer = PointLayerEncoder(
            name: name, tags: tags, zoom: address.z, expected: marks.reduce(0) { $0 + $1.count })
        let corner = address.corner
        for mark in marks.joined() {
            let point = Int(level.points[mark])
            let record = Int(points.records[point])
            let vertex = grid.vertex(points.keys[point]).from(corner)
            if level.weights[mark] == 1 {
                layer.add(record: record, id: features[record], at: vertex)
            } else {
                let start = Int(level.starts[mark])
                let members = clusters.members[start..<(start + Int(level.weights[mark]))]
                layer.add(
                    attributes: attributes(of: members, of: points, parting: Int(level.partings[mark])),
                    id: features[record], at: vertex)
            }
        }
        layer.write(to: &tile)
    }

    /// What a cluster says of itself.
    private func attributes(
        of members: ArraySlice<UInt32>, of points: PlacedPoints, parting: Int
    ) -> [(key: String, value: TileValue)] {
        var result: [(key: String, value: TileValue)] = [
            (ClusterAttribute.pointCount.name, .uint(UInt64(members.count)))
        ]
        if let counted = rule?.counted {
            var counts = [Int](repeating: 0, count: counted.codes.count + 1)
            for member in members { counts[Int(counted.kinds[Int(points.records[Int(member)])])] += 1 }
            for (code, count) in zip(counted.codes, counts.dropFirst()) where count > 0 {
                result.append((ClusterAttribute.count(of: code).name, .uint(UInt64(count))))
            }
        }
        if parting == 0 {
            result.append((ClusterAttribute.samePlace.name, .bool(true)))
        } else {
            result.append((ClusterAttribute.expansionZoom.name, .uint(UInt64(parting))))
        }
        if members.count <= (parting == 0 ? ClusterAttribute.mostAtOnePlace : ClusterAttribute.mostIdentifiers) {
            let list = members.map { rows[Int(points.records[Int($0)])] }.sorted()
                .compactMap { identifiers[Int($0)] }
            // A list that could not be read back is none.
            if !list.contains(where: { $0.contains(",") }) {
                result.append((ClusterAttribute.identifiers.name, .text(list.joined(separator: ","))))
            }
        }
        return result
    }

    /// Adds the tiles in which a record stands. - Complexity: O(n)
    func insertPoints(into tiles: inout OccupiedTiles) {
        for key in points.keys {
            let vertex = tiles.grid.vertex(key)
            tiles.insert(GridBox([vertex]))
        }
    }
}

extension TileAddress {
    /// The tile's north-western corner on the world's grid.
    fileprivate var corner: GridPoint {
        GridPoint(x: Int32(x) * TileGrid.extent, y: Int32(y) * TileGrid.extent)
    }
}

extension GridPoint {
    fileprivate func from(_ corner: GridPoint) -> GridPoint { GridPoint(x: x - corner.x, y: y - corner.y) }
}
