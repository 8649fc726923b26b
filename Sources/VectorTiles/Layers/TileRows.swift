internal import Geometry
public import NetworkModel

/// The rows of an answer as a layer of tiles.
///
/// Made once per answer and used from any thread. Surfaces become a coverage as areas do, so that neighbouring ones
/// share their borders at every zoom and none is lost; a zoom is drawn when it is first asked for, and kept.
public final class TileRows: Sendable {
    private enum Shapes: Sendable {
        case points(PointIndex, places: [Coordinate<MercatorSquare>])
        case surfaces(AreaCoverage, drawn: [DrawnZoom])
    }

    private let content: AreaContent
    private let shapes: Shapes
    private let firstZoom: Int
    /// What the rows take in a cache, in bytes, roughly: all zooms drawn.
    public let cost: Int

    /// Takes the rows of a layer.
    ///
    /// - Parameters:
    ///   - layer: The layer, whose attributes choose among the columns.
    ///   - tileset: The tileset that the layer is of.
    ///   - identifiers: What rows are known by, each once: their features' ids are made of them.
    ///   - columns: The columns, each with a value for each row.
    ///   - geometry: The geometries, as many as there are rows.
    /// - Throws: `TileError.unusableAreas` where surfaces cannot be made a coverage.
    /// - Complexity: O(n log n) in the vertices.
    public init(
        _ layer: Tileset.Layer, of tileset: Tileset, identifiers: TextColumn,
        columns: [(name: String, values: Column)], geometry: GeometryColumn
    ) throws(TileError) {
        content = AreaContent(
            features: FeatureIdentifiers.numbers(of: identifiers),
            attributes: AttributeColumns(layer.attributes) { name in
                columns.first { $0.name == name && $0.values.count == identifiers.count }?.values
            })
        firstZoom = tileset.zooms.lowerBound
        switch geometry {
        case .none:
            shapes = .points(PointIndex(xs: [], ys: []), places: [])
            cost = 4096
        case .points(let longitudes, let latitudes):
            let places = zip(longitudes, latitudes).map {
                WebMercator.project(Coordinate(longitude: $0, latitude: $1))
            }
            shapes = .points(PointIndex(xs: longitudes, ys: latitudes), places: places)
            cost = 4096 + places.count * (64 + columns.count * 12)
        // No layer of tiles has geometries of any kind.
        case .geometries: throw .unusableAreas("geometries of several kinds")
        case .surfaces(let surfaces):
            let level = AreaLevel(
                surfaces: surfaces, keys: (0..<identifiers.count).map { identifiers[$0] ?? "" },
                minzoom: layer.zooms.lowerBound)
            do {
                shapes = .surfaces(
                    try AreaCoverage([level], maxzoom: tileset.zooms.upperBound),
                    drawn: tileset.zooms.map { _ in DrawnZoom() })
            } catch {
                throw .unusableAreas(error.description)
            }
            cost = 4096 + surfaces.reduce(0) { $0 + 200 + $1.vertexCount * 400 }
        }
    }

    /// Writes the rows in a tile and its buffer, in their order.
    func write(to encoder: inout LayerEncoder, of address: TileAddress) {
        switch shapes {
        case .surfaces(let coverage, let drawn):
            let drawing = drawn[address.z - firstZoom].value { coverage.drawn(zoom: address.z) }
            content.write(drawing, level: 0, to: &encoder, of: address, figures: nil)
        case .points(let index, let places):
            let grid = TileGrid(zoom: address.z)
            let box = GridBox(address, margin: TileGrid.buffer)
            var tags = content.attributes.writer(zoom: address.z)
            for row in index.query(address.bounds(margin: TileGrid.buffer + 1)) {
                // Rounding to the grid decides alone what is inside.
                let vertex = grid.place(places[row])
                guard box.contains(vertex) else { continue }
                tags.take(row, in: &encoder)
                encoder.add(
                    id: content.features[row], tags: tags.tags, geometry: TileGeometry(points: address.local([vertex])))
            }
        }
    }

    /// Adds the tiles in which rows stand. - Complexity: O(n), and what drawing the zoom takes
    func insertRows(into tiles: inout OccupiedTiles) {
        switch shapes {
        case .surfaces(let coverage, let drawn):
            let zoom = tiles.grid.zoom
            let drawing = drawn[zoom - firstZoom].value { coverage.drawn(zoom: zoom) }
            for polygon in drawing.polygons.joined().joined() { tiles.insert(polygon.box) }
        case .points(_, let places):
            for place in places where place.x.isFinite && place.y.isFinite { tiles.insert(place) }
        }
    }
}

extension TileAddress {
    /// The tile with a margin in steps of its grid, longitude and latitude in degrees.
    fileprivate func bounds(margin: Int32) -> BoundingBox<Geographic> {
        let square = square.expanded(by: Double(margin) / TileGrid(zoom: z).worldSize)
        let northWest = WebMercator.unproject(Coordinate(x: square.minX, y: square.minY))
        let southEast = WebMercator.unproject(Coordinate(x: square.maxX, y: square.maxY))
        return BoundingBox(
            minX: northWest.longitude, minY: southEast.latitude, maxX: southEast.longitude, maxY: northWest.latitude)
    }
}
