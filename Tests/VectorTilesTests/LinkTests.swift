import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

@Suite struct LinkTests {
    /// Three actors, one of them without a place, and links between them.
    private func snapshot() -> Snapshot {
        var tables = ExampleNetwork.tables
        func actor(_ id: String, _ place: (Double, Double)?) -> [String: FieldValue] {
            [
                "id": .text(id), "name": .text(id), "region": .text("example"),
                "lon": place.map { .real($0.0) } ?? .null,
                "lat": place.map { .real($0.1) } ?? .null,
            ]
        }
        func link(_ from: String, _ to: String, _ kind: String) -> [String: FieldValue] {
            [
                "id": .text("\(from)/\(to)"), "from_id": .text(from), "to_id": .text(to), "kind": .text(kind),
                "region": .text("example"),
            ]
        }
        tables[.actors] = Table(
            .actors,
            [
                actor("west", (11.1, 51.2)), actor("ost", (12.9, 51.8)), actor("nah", (12.900_01, 51.8)),
                actor("irgendwo", nil),
            ])
        tables[.links] = Table(
            .links,
            [
                link("west", "ost", "cooperation"), link("ost", "nah", "steering"),
                link("west", "irgendwo", "steering"),
                link("west", "niemand", "steering"),
            ])
        return Snapshot(tables)
    }

    private func links(_ source: TileSource, _ address: TileAddress, _ snapshot: Snapshot) throws -> DecodedTile.Layer?
    {
        let offers = try OfferSelection(OfferFilter(), in: snapshot)
        return try DecodedTile(try source.tile(address, offers: offers, layers: ["links"]))["links"]
    }

    @Test func locatedActorsAreJoined() throws {
        let snapshot = snapshot()
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let address = try #require(TileAddress(zoom: 4, x: 8, y: 5))
        let layer = try #require(try links(source, address, snapshot))
        // Both ends of the second link stand on one step; the others have an end without a place.
        #expect(layer.features.count == 1)
        #expect(layer.features[0].kind == .line)
        #expect(layer.features[0].id == FeatureIdentifiers.hash("west/ost".utf8, attempt: 0))
        let attributes = layer.attributes(layer.features[0])
        #expect(attributes.contains(.init(key: "kind", value: .text("cooperation"))))
        #expect(attributes.contains(.init(key: "from_id", value: .text("west"))))
        #expect(attributes.contains(.init(key: "to_id", value: .text("ost"))))
        let grid = TileGrid(zoom: 4)
        let ends = [(11.1, 51.2), (12.9, 51.8)].map { longitude, latitude in
            grid.vertex(WebMercator.project(.init(longitude: longitude, latitude: latitude)))
        }
        #expect(layer.features[0].paths == [address.local(ends)])
    }

    /// At every zoom the parts in all tiles make up the whole line, and no tile that a line passes is left out.
    @Test(arguments: [5, 8, 10, 14])
    func partsMakeUpTheLine(zoom: Int) throws {
        let snapshot = snapshot()
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let grid = TileGrid(zoom: zoom)
        let start = grid.vertex(WebMercator.project(.init(longitude: 11.1, latitude: 51.2)))
        let end = grid.vertex(WebMercator.project(.init(longitude: 12.9, latitude: 51.8)))
        let (width, height) = (Double(end.x - start.x), Double(end.y - start.y))
        var length = 0.0
        for address in try source.addresses(zoom: zoom, layers: ["links"]) {
            guard let layer = try links(source, address, snapshot) else { continue }
            for feature in layer.features where feature.id == FeatureIdentifiers.hash("west/ost".utf8, attempt: 0) {
                let path = try #require(feature.paths.first)
                #expect(feature.paths.count == 1 && path.count == 2)
                let buffered = -TileGrid.buffer...(TileGrid.extent + TileGrid.buffer)
                for point in path {
                    #expect(buffered.contains(point.x) && buffered.contains(point.y))
                    // On the line, within the rounding of one step.
                    let x = Double(point.x + Int32(address.x) * TileGrid.extent - start.x)
                    let y = Double(point.y + Int32(address.y) * TileGrid.extent - start.y)
                    #expect(abs(x * height - y * width) / max(width, -height) <= 1)
                }
                // What lies in the tile itself, so that nothing is counted twice.
                let tile = GridBox(minX: 0, minY: 0, maxX: TileGrid.extent, maxY: TileGrid.extent)
                if let part = tile.part(from: path[0], to: path[1]) { length += Double(part.end.x - part.start.x) }
            }
        }
        let tiles = width / Double(TileGrid.extent)
        #expect(abs(length - width) <= 4 * (tiles + 2))
    }

    @Test(arguments: [
        // Through, along a side, touching a corner only, outside, of no length.
        (-10, 5, 20, 5, [0, 5, 10, 5]), (0, 0, 10, 0, [0, 0, 10, 0]), (-5, 5, 5, -5, []), (11, 0, 11, 10, []),
        (3, 3, 3, 3, []), (2, 2, 8, 4, [2, 2, 8, 4]), (20, 5, -10, 5, [10, 5, 0, 5]), (5, -10, 5, 3, [5, 0, 5, 3]),
    ])
    func lineIsClipped(x1: Int32, y1: Int32, x2: Int32, y2: Int32, expected: [Int32]) {
        let box = GridBox(minX: 0, minY: 0, maxX: 10, maxY: 10)
        let part = box.part(from: GridPoint(x: x1, y: y1), to: GridPoint(x: x2, y: y2))
        #expect((part.map { [$0.start.x, $0.start.y, $0.end.x, $0.end.y] } ?? []) == expected)
    }
}
