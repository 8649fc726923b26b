import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

/// The laws of tiles (FIELD 3.3) on decoded bytes.
@Suite struct TileLawTests {
    static let snapshot = AreaFixture(seed: 11).snapshot()

    private func source(_ snapshot: Snapshot = snapshot) throws -> TileSource {
        try TileSource(snapshot: snapshot, tileset: TestData.tileset())
    }

    private func everything(_ snapshot: Snapshot = snapshot) throws -> OfferSelection {
        try OfferSelection(OfferFilter(), in: snapshot)
    }

    /// The tiles that meet the snapshot's extent and one more on each side.
    static func addresses(_ snapshot: Snapshot, zoom: Int) -> [TileAddress] {
        let extent = snapshot.extent
        let side = Double(1 << zoom)
        let first = WebMercator.project(Coordinate(longitude: extent.minX, latitude: extent.maxY))
        let last = WebMercator.project(Coordinate(longitude: extent.maxX, latitude: extent.minY))
        return (Int(first.y * side) - 1...Int(last.y * side) + 1).flatMap { y in
            (Int(first.x * side) - 1...Int(last.x * side) + 1).compactMap { x in
                TileAddress(zoom: zoom, x: x, y: y)
            }
        }
    }

    /// Laws (a), (b) and (f): everything inside the buffered tile, shells before their holes with the right signs, no
    /// feature lost, one feature per id and tile.
    @Test(arguments: 0...11)
    func tilesAreClean(zoom: Int) throws {
        let source = try source()
        let offers = try everything()
        var seen: [String: Set<UInt64>] = [:]
        for address in Self.addresses(Self.snapshot, zoom: zoom) {
            // Clusters have laws of their own.
            let bytes = try source.tile(address, offers: offers, layers: nil, clusters: .excluded)
            for layer in try DecodedTile(bytes).layers {
                #expect(layer.extent == 4096)
                var ids: Set<UInt64> = []
                for feature in layer.features {
                    for vertex in feature.paths.joined() {
                        #expect((-64...4160).contains(vertex.x) && (-64...4160).contains(vertex.y))
                    }
                    if feature.kind == .polygon {
                        var hasShell = false
                        for ring in feature.paths {
                            let area = TileGeometry.doubledArea(ring)
                            #expect(area != 0)
                            #expect(Set(ring).count == ring.count)
                            if area > 0 { hasShell = true } else { #expect(hasShell) }
                        }
                    }
                    if let id = feature.id {
                        #expect(ids.insert(id).inserted)
                        #expect(id < 1 << 53)
                    }
                }
                seen[layer.name, default: []].formUnion(ids)
            }
        }
        let districts = Set(
            (0..<Self.snapshot.districts.count).compactMap { UInt64(Self.snapshot.districts.identifiers[$0] ?? "") })
        let municipalities = Set(
            (0..<Self.snapshot.municipalities.count).compactMap {
                UInt64(Self.snapshot.municipalities.identifiers[$0] ?? "")
            })
        #expect(seen["districts"] == districts)
        #expect(seen["municipalities"] == (zoom < 7 ? nil : municipalities))
        #expect(seen["labels"] == (zoom < 7 ? districts : districts.union(municipalities)))
        #expect(seen["offers"]?.count == Self.snapshot.offers.count)
    }

    /// Law (e): where two tiles overlap, they hold the same edges.
    @Test(arguments: [5, 8, 9, 10], ["districts", "municipalities", "borders"])
    func neighbouringTilesAgree(zoom: Int, layer: String) throws {
        let source = try source()
        let offers = try everything()
        let addresses = Self.addresses(Self.snapshot, zoom: zoom)
        func edges(_ address: TileAddress, in strip: GridBox) throws -> Set<Edge> {
            let decoded = try DecodedTile(try source.tile(address, offers: offers, layers: [layer]))
            var result: Set<Edge> = []
            let own = GridBox(address, margin: TileGrid.buffer)
            for feature in decoded.layers.first?.features ?? [] {
                for path in feature.paths {
                    let world = path.map {
                        GridPoint(
                            x: $0.x + Int32(address.x) * TileGrid.extent, y: $0.y + Int32(address.y) * TileGrid.extent)
                    }
                    let closed = feature.kind == .polygon ? world + world.prefix(1) : world
                    for (start, end) in zip(closed, closed.dropFirst())
                    where strip.contains(start) && strip.contains(end) {
                        // What runs along the side of either cut is not a border.
                        let box = GridBox([start, end])
                        let lines = [own.minX, own.maxX, strip.minX, strip.maxX]
                        let rows = [own.minY, own.maxY, strip.minY, strip.maxY]
                        if box.minX == box.maxX, lines.contains(box.minX) { continue }
                        if box.minY == box.maxY, rows.contains(box.minY) { continue }
                        result.insert(Edge(feature: feature.id, start: start, end: end))
                    }
                }
            }
            return result
        }
        var compared = 0
        for address in addresses {
            guard let east = TileAddress(zoom: zoom, x: address.x + 1, y: address.y),
                let south = TileAddress(zoom: zoom, x: address.x, y: address.y + 1)
            else { continue }
            for neighbour in [east, south] {
                let (one, other) = (
                    GridBox(address, margin: TileGrid.buffer), GridBox(neighbour, margin: TileGrid.buffer)
                )
                let strip = GridBox(
                    minX: max(one.minX, other.minX), minY: max(one.minY, other.minY), maxX: min(one.maxX, other.maxX),
                    maxY: min(one.maxY, other.maxY))
                let (left, right) = (try edges(address, in: strip), try edges(neighbour, in: strip))
                #expect(left == right)
                compared += left.count
            }
        }
        #expect(compared > 0 || (layer == "municipalities" && zoom < 7))
    }

    private struct Edge: Hashable {
        let feature: UInt64?
        let start: GridPoint
        let end: GridPoint
    }

    /// Law (g): the same bytes from any number of threads, and from another source of the same snapshot.
    @Test func bytesDoNotDependOnThreads() async throws {
        let addresses = [4, 6, 7, 9].flatMap { Self.addresses(Self.snapshot, zoom: $0) }
        let offers = try everything()
        let alone = try source()
        let expected = try addresses.map { try alone.tile($0, offers: offers, layers: nil) }
        #expect(expected.contains { !$0.isEmpty })
        let shared = try source(AreaFixture(seed: 11).snapshot())
        let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, address) in addresses.enumerated().reversed() {
                group.addTask { (index, try shared.tile(address, offers: offers, layers: nil)) }
            }
            return try await group.reduce(into: [[UInt8]](repeating: [], count: addresses.count)) { $0[$1.0] = $1.1 }
        }
        #expect(answers == expected)
    }

    @Test func filterChoosesOffers() throws {
        let source = try source()
        let filter = try OfferFilter(parameters: [("category", "training")])
        let offers = try OfferSelection(filter, in: Self.snapshot)
        var titles: Set<String> = []
        for address in Self.addresses(Self.snapshot, zoom: 6) {
            let tile = try source.tile(address, offers: offers, layers: ["offers"], clusters: .excluded)
            guard let layer = try DecodedTile(tile)["offers"] else { continue }
            for feature in layer.features {
                let attributes = layer.attributes(feature)
                #expect(attributes.contains(DecodedTile.Attribute(key: "category", value: .text("training"))))
                for attribute in attributes where attribute.key == "id" {
                    if case .text(let id) = attribute.value { titles.insert(id) }
                }
            }
        }
        #expect(titles.count == offers.rows.count)
    }
}
