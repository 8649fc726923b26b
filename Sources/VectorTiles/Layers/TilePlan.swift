internal import Geometry

/// What one tile is made of: found, but not yet encoded.
///
/// Finding is quick; `steps` then tells how long encoding takes, so that whoever serves can do light work where it
/// stands and hand on what is long.
public struct TilePlan {
    private enum Part {
        case points(ChosenPoints, FoundPoints)
        case layer(Tileset.Layer)
    }

    private let source: TileSource
    private let address: TileAddress
    private var parts: [Part] = []
    /// About how many points and vertices encoding looks at.
    public private(set) var steps = 0

    init(source: TileSource, address: TileAddress) {
        self.source = source
        self.address = address
    }

    mutating func add(_ found: FoundPoints, of points: ChosenPoints) {
        parts.append(.points(points, found))
        steps += Self.stepsOfPoint * found.count(zoom: address.z)
    }

    mutating func add(_ layer: Tileset.Layer, steps: Int) {
        parts.append(.layer(layer))
        self.steps += steps
    }

    /// Adds a layer of areas or borders.
    mutating func add(_ layer: Tileset.Layer, of coverage: ZoomCoverage) {
        let box = GridBox(address, margin: TileGrid.buffer)
        var steps = 0
        if layer.content == .borders {
            for line in coverage.borders where box.intersects(line.box) { steps += line.points.count }
        } else {
            let level = layer.content == .districts ? 0 : 1
            if level < coverage.boxes.count {
                let (boxes, counts) = (coverage.boxes[level], coverage.vertexCounts[level])
                for area in boxes.indices where box.intersects(boxes[area]) { steps += counts[area] }
            }
        }
        add(layer, steps: steps)
    }

    /// A point with its attributes takes about as long as so many vertices.
    private static let stepsOfPoint = 20

    /// The bytes of the tile; none for one that holds nothing.
    ///
    /// - Parameter additions: Figures of areas, and the rows of layers that are answers.
    /// - Throws: `TileError.answerMissing` for a layer whose rows were not handed over.
    public func bytes(_ additions: TileAdditions = TileAdditions()) throws(TileError) -> [UInt8] {
        var tile = ProtobufWriter()
        for part in parts {
            switch part {
            case .points(let points, let found): points.write(found, of: address, to: &tile)
            case .layer(let layer): try source.write(layer, of: address, additions).write(to: &tile)
            }
        }
        return tile.bytes
    }
}
