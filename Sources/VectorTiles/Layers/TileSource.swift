internal import Geometry
public import NetworkModel
internal import Synchronization

/// Makes the vector tiles of one snapshot (Mapbox Vector Tile 2.1).
///
/// Built once per snapshot and used from any thread. A tile depends on snapshot, tileset, address, offers and layers
/// alone: the same request makes the same bytes, however many threads ask. The coverage of a zoom is made when the
/// zoom is first asked for, and kept.
public final class TileSource: Sendable {
    /// What the tiles hold.
    public let tileset: Tileset
    private let snapshot: Snapshot
    private let coverage: AreaCoverage
    /// One place for each served zoom's coverage.
    private let drawn: [DrawnZoom]
    private let labels: [LabelPoint]
    private let districts: AreaContent
    private let municipalities: AreaContent
    private let offers: PointContent
    private let actors: PointContent
    private let links: LinkContent

    /// Prepares the tiles of a snapshot.
    ///
    /// - Complexity: O(n log n) in the outlines' vertices, O(n) in the points.
    /// - Throws: `TileError.unusableAreas` where outlines cannot be made a coverage.
    public init(snapshot: Snapshot, tileset: Tileset) throws(TileError) {
        self.snapshot = snapshot
        self.tileset = tileset
        func attributes(_ content: Tileset.Content, _ table: Table) -> AttributeColumns {
            AttributeColumns(tileset.layers.first { $0.content == content }?.attributes ?? [], of: table)
        }
        districts = AreaContent(
            features: FeatureIdentifiers.numbers(of: snapshot.districts.identifiers),
            attributes: attributes(.districts, snapshot.districts))
        municipalities = AreaContent(
            features: FeatureIdentifiers.numbers(of: snapshot.municipalities.identifiers),
            attributes: attributes(.municipalities, snapshot.municipalities))
        offers = PointContent(snapshot.offers, index: snapshot.offerPoints, attributes(.offers, snapshot.offers))
        actors = PointContent(snapshot.actors, index: snapshot.actorPoints, attributes(.actors, snapshot.actors))
        links = LinkContent(
            snapshot.links, actors: snapshot.actors, rows: snapshot.actorRows, attributes(.links, snapshot.links))
        labels =
            LabelPoint.points(of: snapshot.districts, level: "district", features: districts.features)
            + LabelPoint.points(of: snapshot.municipalities, level: "municipality", features: municipalities.features)
        do {
            coverage = try AreaCoverage(
                [
                    AreaLevel(
                        snapshot.districts, minzoom: tileset.minzoom(of: .districts, borders: [.state, .district])),
                    AreaLevel(
                        snapshot.municipalities, minzoom: tileset.minzoom(of: .municipalities, borders: [.municipality])
                    ),
                ], maxzoom: tileset.zooms.upperBound)
        } catch {
            throw .unusableAreas(error.description)
        }
        drawn = tileset.zooms.map { _ in DrawnZoom() }
    }

    /// The bytes of a tile; none for a tile that holds nothing.
    ///
    /// - Parameters:
    ///   - address: The tile.
    ///   - offers: Which offers the layer `offers` shows.
    ///   - layers: The names of the wanted layers, nil for all. Tiles hold them in the tileset's order.
    /// - Throws: `TileError.zoomNotServed` for a zoom that the tileset does not have, `.unknownLayer` for a layer that
    ///   it does not have.
    /// - Complexity: O(vertices of the areas that the tile meets + points in the tile).
    public func tile(
        _ address: TileAddress, offers: OfferSelection, layers: [String]?
    ) throws(TileError) -> [UInt8] {
        guard tileset.zooms.contains(address.z) else { throw .zoomNotServed(address.z, served: tileset.zooms) }
        var tile = ProtobufWriter()
        for layer in try tileset.layers(named: layers) where layer.zooms.contains(address.z) {
            write(layer, of: address, offers: offers).write(to: &tile)
        }
        return tile.bytes
    }

    /// The TileJSON 3.0.0 document of the tiles.
    ///
    /// - Parameters:
    ///   - urls: The templates of the tiles' absolute URLs, with `{z}`, `{x}` and `{y}`.
    ///   - attribution: Whom to name beside a map.
    ///   - layers: The names of the layers that the URLs' tiles hold, nil for all.
    ///   - language: The language of names and descriptions, `de` or `en`.
    /// - Throws: `TileError.unknownLayer` for a layer that the tileset does not have.
    public func tileJSON(
        urls: [String], attribution: String, layers: [String]?, language: String
    ) throws(TileError) -> [UInt8] {
        try TileJSON(
            tileset, snapshot: snapshot, urls: urls, attribution: attribution,
            layers: try tileset.layers(named: layers), language: language
        ).bytes()
    }

    /// What an archive of the tiles says of itself.
    ///
    /// - Parameters:
    ///   - zooms: The zooms that it holds, among those that are served.
    ///   - attribution: Whom to name beside a map.
    ///   - layers: The names of the layers that it holds, nil for all.
    ///   - language: The language of names and descriptions, `de` or `en`.
    /// - Throws: `TileError.unknownLayer`, `.zoomNotServed`.
    public func archiveDescription(
        zooms: ClosedRange<Int>, attribution: String, layers: [String]?, language: String
    ) throws(TileError) -> ArchiveDescription {
        for zoom in [zooms.lowerBound, zooms.upperBound] where !tileset.zooms.contains(zoom) {
            throw .zoomNotServed(zoom, served: tileset.zooms)
        }
        let wanted = try tileset.layers(named: layers)
        let document = TileJSON(
            tileset, snapshot: snapshot, urls: [], attribution: attribution, layers: wanted, language: language)
        return ArchiveDescription(document, zooms: zooms, layers: wanted, language: language)
    }

    /// The tiles of a zoom that may hold something, in the order of `hilbertIdentifier`: every other tile is empty,
    /// whatever offers are chosen.
    ///
    /// - Parameter layers: The names of the wanted layers, nil for all.
    /// - Throws: `TileError.unknownLayer`, `.zoomNotServed`.
    /// - Complexity: O(n log n) in the tiles, O(n) in the points; draws the zoom's coverage.
    public func addresses(zoom: Int, layers: [String]?) throws(TileError) -> [TileAddress] {
        guard tileset.zooms.contains(zoom) else { throw .zoomNotServed(zoom, served: tileset.zooms) }
        var tiles = OccupiedTiles(zoom: zoom)
        for layer in try tileset.layers(named: layers) where layer.zooms.contains(zoom) {
            switch layer.content {
            case .districts: insertAreas(level: 0, into: &tiles)
            case .municipalities: insertAreas(level: 1, into: &tiles)
            case .borders: for line in drawnCoverage(zoom: zoom).borders { tiles.insert(line.box) }
            case .labels: for label in labels { tiles.insert(label.position) }
            case .offers: offers.insertPoints(into: &tiles)
            case .actors: actors.insertPoints(into: &tiles)
            case .links: links.insertLines(into: &tiles)
            }
        }
        return tiles.sorted
    }

    private func insertAreas(level: Int, into tiles: inout OccupiedTiles) {
        let coverage = drawnCoverage(zoom: tiles.grid.zoom)
        guard level < coverage.polygons.count else { return }
        for polygon in coverage.polygons[level].joined() { tiles.insert(polygon.box) }
    }

    /// How many parts of areas (islands, exclaves, whole areas) are too small for a zoom's grid and stand in its tiles
    /// as one square step, so that none is lost. Nil outside the served zooms.
    public func collapsedParts(zoom: Int) -> Int? {
        tileset.zooms.contains(zoom) ? drawnCoverage(zoom: zoom).collapsedParts : nil
    }

    /// The coverage of a served zoom, made on first use.
    func drawnCoverage(zoom: Int) -> ZoomCoverage {
        drawn[zoom - tileset.zooms.lowerBound].value { coverage.drawn(zoom: zoom) }
    }

    private func write(_ layer: Tileset.Layer, of address: TileAddress, offers selection: OfferSelection)
        -> LayerEncoder
    {
        var encoder = LayerEncoder(name: layer.content.rawValue)
        switch layer.content {
        case .districts: write(districts, level: 0, of: address, to: &encoder)
        case .municipalities: write(municipalities, level: 1, of: address, to: &encoder)
        case .borders: writeBorders(layer, of: address, to: &encoder)
        case .labels: writeLabels(layer, of: address, to: &encoder)
        case .offers:
            let all = selection.rows.count == snapshot.offers.count
            offers.write(to: &encoder, of: address) { all || selection.rows.containsSorted($0) }
        case .actors: actors.write(to: &encoder, of: address) { _ in true }
        case .links: links.write(to: &encoder, of: address)
        }
        return encoder
    }

    private func write(_ content: AreaContent, level: Int, of address: TileAddress, to encoder: inout LayerEncoder) {
        let coverage = drawnCoverage(zoom: address.z)
        guard level < coverage.polygons.count else { return }
        let box = GridBox(address, margin: TileGrid.buffer)
        let clip = TileClip(box)
        var tags = content.attributes.writer(zoom: address.z)
        let boxes = coverage.boxes[level]
        for row in boxes.indices where box.intersects(boxes[row]) {
            let rings = clip.rings(of: coverage.polygons[level][row])
            guard !rings.isEmpty else { continue }
            let geometry = TileGeometry(rings: rings.map(address.local))
            tags.take(row, in: &encoder)
            encoder.add(id: content.features[row], tags: tags.tags, geometry: geometry)
        }
    }

    private func writeBorders(_ layer: Tileset.Layer, of address: TileAddress, to encoder: inout LayerEncoder) {
        let clip = TileClip(GridBox(address, margin: TileGrid.buffer))
        let coverage = drawnCoverage(zoom: address.z)
        for level in BorderLevel.allCases where layer.shows(level.rawValue, at: address.z) {
            let lines = coverage.borders.lazy.filter { $0.level == level }
                .flatMap { clip.lines(of: $0.points, box: $0.box) }.map(address.local)
            let geometry = TileGeometry(lines: Array(lines))
            guard !geometry.isEmpty else { continue }
            let isNamed = layer.attributes.contains { $0.name == "level" && $0.minzoom <= address.z }
            let tags = isNamed ? [encoder.key("level"), encoder.value(.text(level.rawValue))] : []
            encoder.add(id: nil, tags: tags, geometry: geometry)
        }
    }

    private func writeLabels(_ layer: Tileset.Layer, of address: TileAddress, to encoder: inout LayerEncoder) {
        let grid = TileGrid(zoom: address.z)
        let box = GridBox(address, margin: TileGrid.buffer)
        let names = layer.attributes.filter { $0.minzoom <= address.z }.map(\.name)
        for label in labels where layer.shows(label.level, at: address.z) {
            guard let vertex = grid.vertex(label.position), box.contains(vertex) else { continue }
            var tags: [UInt32] = []
            for name in names {
                guard let value = label.value(of: name) else { continue }
                tags += [encoder.key(name), encoder.value(value)]
            }
            encoder.add(id: label.feature, tags: tags, geometry: TileGeometry(points: address.local([vertex])))
        }
    }
}

/// The areas of one layer, row by row of their table.
private struct AreaContent: Sendable {
    let features: [UInt64]
    let attributes: AttributeColumns
}

/// The coverage of one zoom, made once by whoever needs it first; others wait for it.
private final class DrawnZoom: Sendable {
    private let made = Mutex<ZoomCoverage?>(nil)

    func value(_ make: () -> ZoomCoverage) -> ZoomCoverage {
        made.withLock { made in
            if let made { return made }
            let new = make()
            made = new
            return new
        }
    }
}

extension AreaLevel {
    fileprivate init(_ table: Table, minzoom: Int) {
        let rows = 0..<table.count
        self.init(
            surfaces: rows.map { table.surface($0) ?? MultiPolygon([]) },
            keys: rows.map { table.identifiers[$0] ?? "" },
            minzoom: minzoom)
    }
}

extension Tileset {
    /// The wanted layers in the tileset's order, all for nil.
    fileprivate func layers(named names: [String]?) throws(TileError) -> [Layer] {
        guard let names else { return layers }
        let known = layerNames
        for name in names where !known.contains(name) { throw .unknownLayer(name, known: known) }
        return layers.filter { names.contains($0.content.rawValue) }
    }

    /// The first zoom at which a layer's areas or one of their borders are shown.
    fileprivate func minzoom(of content: Content, borders: [BorderLevel]) -> Int {
        let areas = layers.first { $0.content == content }.map(\.zooms.lowerBound)
        let lines = layers.first { $0.content == .borders }.map { layer in
            borders.map { max(layer.zooms.lowerBound, layer.levels[$0.rawValue] ?? 0) }
        }
        return ([areas].compactMap { $0 } + (lines ?? [])).min() ?? .max
    }
}

extension LabelPoint {
    /// The value of one of the layer's own attributes.
    fileprivate func value(of attribute: String) -> TileValue? {
        switch attribute {
        case "level": .text(level)
        case "key": .text(key)
        case "name": name.map(TileValue.text)
        case "people": people.map(TileValue.whole)
        default: nil
        }
    }
}

extension TileAddress {
    /// Vertices of the world's grid as positions in the tile.
    func local(_ points: [GridPoint]) -> [GridPoint] {
        let west = Int32(x) * TileGrid.extent
        let north = Int32(y) * TileGrid.extent
        return points.map { GridPoint(x: $0.x - west, y: $0.y - north) }
    }
}

extension [Int] {
    /// Whether an ascending array holds a number. - Complexity: O(log n)
    fileprivate func containsSorted(_ wanted: Int) -> Bool {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == wanted
    }
}
