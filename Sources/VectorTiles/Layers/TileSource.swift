internal import Geometry
public import NetworkModel

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
    private let offers: PointContent?
    private let actors: PointContent?
    private let allOffers: ChosenPoints?
    private let allActors: ChosenPoints?
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
        func points(_ content: Tileset.Content, _ table: Table) -> PointContent? {
            tileset.layers.first { $0.content == content }.map { PointContent(table, $0) }
        }
        offers = points(.offers, snapshot.offers)
        actors = points(.actors, snapshot.actors)
        allOffers = offers.map { ChosenPoints($0.points, of: $0) }
        allActors = actors.map { ChosenPoints($0.points, of: $0) }
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

    /// Whether the tileset has the layer `offers`.
    public var showsOffers: Bool { offers != nil }

    /// The points of the layer `offers` for a selection; keep it for all tiles of the selection. Nil where the tileset
    /// has no such layer. - Complexity: O(n)
    public func points(of selection: OfferSelection) -> ChosenPoints? {
        // All of them have one set of clusters, whoever asks.
        if selection.rows.count == snapshot.offers.count { return allOffers }
        return offers.map { ChosenPoints($0.points(of: selection.rows), of: $0) }
    }

    /// The bytes of a tile, for whoever wants few tiles of a selection: makes the selection's points anew.
    ///
    /// - Throws: as the other one.
    public func tile(
        _ address: TileAddress, offers: OfferSelection, layers: [String]?, clusters: Clustering = .declared,
        additions: TileAdditions = TileAdditions()
    ) throws(TileError) -> [UInt8] {
        try tile(address, offers: points(of: offers), layers: layers, clusters: clusters, additions: additions)
    }

    /// The bytes of a tile; none for a tile that holds nothing.
    ///
    /// - Parameters:
    ///   - address: The tile.
    ///   - offers: Which offers the layer `offers` shows: what `points(of:)` made.
    ///   - layers: The names of the wanted layers, nil for all that are there by themselves. Tiles hold them in the
    ///     tileset's order.
    ///   - clusters: Whether offers and actors that are near each other are drawn as one.
    ///   - additions: Figures of areas, and the rows of the wanted layers that are answers.
    /// - Throws: `TileError.zoomNotServed` for a zoom that the tileset does not have, `.unknownLayer` for a layer that
    ///   it does not have, `.answerMissing` for one whose rows were not handed over.
    /// - Complexity: O(vertices of the areas that the tile meets + points in the tile).
    public func tile(
        _ address: TileAddress, offers: ChosenPoints?, layers: [String]?, clusters: Clustering,
        additions: TileAdditions = TileAdditions()
    ) throws(TileError) -> [UInt8] {
        guard
            let plan = try plan(address, offers: offers, layers: layers, clusters: clusters, isAtHandOnly: false)
        else { return [] }
        return try plan.bytes(additions)
    }

    /// Finds what a tile is made of, so that its work is known before it is done.
    ///
    /// - Parameters: as of `tile`.
    ///   - isAtHandOnly: Whether to give up, with nil, where something is needed that is made once and is not made yet
    ///     (the coverage of the zoom, clusters): then this returns at once.
    /// - Throws: as `tile` does, but for answers.
    /// - Complexity: O(areas + log² n in the points), and what has to be made.
    public func plan(
        _ address: TileAddress, offers: ChosenPoints?, layers: [String]?, clusters: Clustering, isAtHandOnly: Bool
    ) throws(TileError) -> TilePlan? {
        guard tileset.zooms.contains(address.z) else { throw .zoomNotServed(address.z, served: tileset.zooms) }
        var plan = TilePlan(source: self, address: address)
        for layer in try tileset.layers(named: layers) where layer.zooms.contains(address.z) {
            switch layer.content {
            case .offers, .actors:
                guard let chosen = layer.content == .offers ? offers : allActors else { continue }
                guard let found = chosen.found(in: address, clusters, isAtHandOnly: isAtHandOnly) else { return nil }
                plan.add(found, of: chosen)
            case .districts, .municipalities, .borders:
                guard let coverage = isAtHandOnly ? knownCoverage(zoom: address.z) : drawnCoverage(zoom: address.z)
                else { return nil }
                plan.add(layer, of: coverage)
            case .labels: plan.add(layer, steps: labels.count)
            case .links: plan.add(layer, steps: links.count)
            // How many rows there are is not known here.
            case .gaps, .access:
                if isAtHandOnly { return nil }
                plan.add(layer, steps: 0)
            }
        }
        return plan
    }

    /// The TileJSON 3.0.0 document of the tiles.
    ///
    /// - Parameters:
    ///   - urls: The templates of the tiles' absolute URLs, with `{z}`, `{x}` and `{y}`.
    ///   - attribution: Whom to name beside a map.
    ///   - layers: The names of the layers that the URLs' tiles hold, nil for all that are there by themselves.
    ///   - figures: The figures that the tiles' areas carry.
    ///   - clusters: Whether the URLs' tiles have clusters.
    ///   - language: The language of names and descriptions, `de` or `en`.
    /// - Throws: `TileError.unknownLayer` for a layer that the tileset does not have.
    public func tileJSON(
        urls: [String], attribution: String, layers: [String]?, figures: Set<Tileset.FigureSet> = [.rural],
        clusters: Clustering = .declared, language: String
    ) throws(TileError) -> [UInt8] {
        let wanted = try tileset.layers(named: layers).map { $0.with(figures) }
        return try TileJSON(
            tileset, snapshot: snapshot, urls: urls, attribution: attribution, layers: wanted,
            clusters: clusterAttributes(of: wanted, clusters), language: language
        ).bytes()
    }

    /// The attributes that clusters of some layers have.
    private func clusterAttributes(
        of layers: [Tileset.Layer], _ clustering: Clustering
    ) -> [Tileset.Content: [ClusterAttribute]] {
        guard clustering == .declared else { return [:] }
        let counted = [Tileset.Content.offers: offers, .actors: actors].mapValues { $0?.countedCodes ?? [] }
        return Dictionary(
            layers.map { layer in
                (
                    layer.content,
                    ClusterAttribute.all(of: layer, counted: counted[layer.content] ?? [], in: snapshot.vocabulary)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// What an archive of the tiles says of itself.
    ///
    /// - Parameters:
    ///   - zooms: The zooms that it holds, among those that are served.
    ///   - attribution: Whom to name beside a map.
    ///   - layers: The names of the layers that it holds, nil for all that are there by themselves.
    ///   - figures: The figures that areas carry.
    ///   - clusters: Whether its tiles have clusters.
    ///   - language: The language of names and descriptions, `de` or `en`.
    /// - Throws: `TileError.unknownLayer`, `.zoomNotServed`.
    public func archiveDescription(
        zooms: ClosedRange<Int>, attribution: String, layers: [String]?,
        figures: Set<Tileset.FigureSet> = [.rural], clusters: Clustering = .declared, language: String
    ) throws(TileError) -> ArchiveDescription {
        for zoom in [zooms.lowerBound, zooms.upperBound] where !tileset.zooms.contains(zoom) {
            throw .zoomNotServed(zoom, served: tileset.zooms)
        }
        let wanted = try tileset.layers(named: layers).map { $0.with(figures) }
        let document = TileJSON(
            tileset, snapshot: snapshot, urls: [], attribution: attribution, layers: wanted, clusters: [:],
            language: language)
        return ArchiveDescription(
            document, zooms: zooms, layers: wanted, clusters: clusterAttributes(of: wanted, clusters),
            language: language)
    }

    /// The tiles of a zoom that may hold something, in the order of `hilbertIdentifier`: every other tile is empty,
    /// whatever offers are chosen.
    ///
    /// - Parameters:
    ///   - layers: The names of the wanted layers, nil for all that are there by themselves.
    ///   - additions: The rows of the wanted layers that are answers.
    /// - Throws: `TileError.unknownLayer`, `.zoomNotServed`, `.answerMissing`.
    /// - Complexity: O(n log n) in the tiles, O(n) in the points; draws the zoom's coverage.
    public func addresses(
        zoom: Int, layers: [String]?, additions: TileAdditions = TileAdditions()
    ) throws(TileError) -> [TileAddress] {
        guard tileset.zooms.contains(zoom) else { throw .zoomNotServed(zoom, served: tileset.zooms) }
        var tiles = OccupiedTiles(zoom: zoom)
        for layer in try tileset.layers(named: layers) where layer.zooms.contains(zoom) {
            switch layer.content {
            case .districts: insertAreas(level: 0, into: &tiles)
            case .municipalities: insertAreas(level: 1, into: &tiles)
            case .borders: for line in drawnCoverage(zoom: zoom).borders { tiles.insert(line.box) }
            case .labels: for label in labels { tiles.insert(label.position) }
            case .offers: offers?.insertPoints(into: &tiles)
            case .actors: actors?.insertPoints(into: &tiles)
            case .links: links.insertLines(into: &tiles)
            case .gaps, .access: try additions.answer(layer.content).insertRows(into: &tiles)
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
    /// as one square step, so that none is lost: for each zoom that has been drawn. Does not wait; from any thread.
    public var collapsedParts: [(zoom: Int, parts: Int)] {
        zip(tileset.zooms, drawn).compactMap { zoom, drawn in drawn.known.map { (zoom, $0.collapsedParts) } }
    }

    /// The coverage of a served zoom, made on first use.
    func drawnCoverage(zoom: Int) -> ZoomCoverage {
        drawn[zoom - tileset.zooms.lowerBound].value { coverage.drawn(zoom: zoom) }
    }

    /// The coverage of a served zoom where it is made already.
    private func knownCoverage(zoom: Int) -> ZoomCoverage? { drawn[zoom - tileset.zooms.lowerBound].known }

    /// Encodes a layer that holds no points.
    func write(
        _ layer: Tileset.Layer, of address: TileAddress, _ additions: TileAdditions
    ) throws(TileError) -> LayerEncoder {
        var encoder = LayerEncoder(name: layer.content.rawValue)
        switch layer.content {
        case .districts, .municipalities:
            let (level, content) = layer.content == .districts ? (0, districts) : (1, municipalities)
            content.write(
                drawnCoverage(zoom: address.z), level: level, to: &encoder, of: address,
                figures: additions.figures[layer.content])
        case .borders: writeBorders(layer, of: address, to: &encoder)
        case .labels: writeLabels(layer, of: address, to: &encoder)
        case .offers, .actors: break
        case .links: links.write(to: &encoder, of: address)
        case .gaps, .access: try additions.answer(layer.content).write(to: &encoder, of: address)
        }
        return encoder
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
            let vertex = grid.place(label.position)
            guard box.contains(vertex) else { continue }
            var tags: [UInt32] = []
            for name in names {
                guard let value = label.value(of: name) else { continue }
                tags += [encoder.key(name), encoder.value(value)]
            }
            encoder.add(id: label.feature, tags: tags, geometry: TileGeometry(points: address.local([vertex])))
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
    /// The wanted layers in the tileset's order; for nil all that are there by themselves.
    fileprivate func layers(named names: [String]?) throws(TileError) -> [Layer] {
        guard let names else { return layers.filter { !$0.content.isAnswer } }
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

extension TileAdditions {
    /// The rows of a layer that is an answer.
    fileprivate func answer(_ content: Tileset.Content) throws(TileError) -> TileRows {
        guard let rows = rows[content] else { throw .answerMissing(content.rawValue) }
        return rows
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
