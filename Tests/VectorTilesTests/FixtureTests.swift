import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

/// The tiles of mapbox/mvt-fixtures: valid ones survive decoding and encoding again, and the decoder that judges our
/// tiles refuses the invalid ones, so that passing it means something.
@Suite(.enabled(if: MVTFixtures.isPresent, MVTFixtures.absence))
struct FixtureTests {
    @Test(arguments: [
        "002", "017", "018", "019", "020", "021", "022", "027", "032", "033", "034", "035", "036", "037", "038", "043",
        "053", "054", "055", "056", "059", "060", "062", "063", "064", "065", "066", "067", "068", "069", "070", "071",
        "072", "073", "074", "075", "076", "077",
    ])
    func validTileIsEncodedAgain(_ name: String) throws {
        let original = try DecodedTile(MVTFixtures.bytes(name))
        #expect(!original.layers.isEmpty)
        var tile = ProtobufWriter()
        for layer in original.layers {
            var encoder = LayerEncoder(name: layer.name, extent: UInt32(layer.extent))
            for feature in layer.features {
                let tags = layer.attributes(feature).flatMap { [encoder.key($0.key), encoder.value($0.value)] }
                let geometry =
                    switch feature.kind {
                    case .point: TileGeometry(points: feature.paths.flatMap { $0 })
                    case .line: TileGeometry(lines: feature.paths)
                    case .polygon: TileGeometry(rings: feature.paths)
                    }
                encoder.add(id: feature.id, tags: tags, geometry: geometry)
            }
            encoder.write(to: &tile)
        }
        let again = try DecodedTile(tile.bytes)
        #expect(again.layers.map(\.name) == original.layers.map(\.name))
        for (layer, old) in zip(again.layers, original.layers) {
            #expect(layer.extent == old.extent)
            #expect(layer.features.map(\.id) == old.features.map(\.id))
            #expect(layer.features.map(\.kind) == old.features.map(\.kind))
            #expect(layer.features.map(\.paths) == old.features.map(\.paths))
            #expect(layer.features.map(layer.attributes) == old.features.map(old.attributes))
        }
    }

    @Test(arguments: [
        "003", "004", "005", "006", "007", "008", "010", "011", "012", "013", "014", "015", "023", "024", "026", "030",
        "040", "041", "042", "044", "045", "046", "047", "048", "051", "052", "058", "061",
    ])
    func invalidTileIsRefused(_ name: String) throws {
        let bytes = try MVTFixtures.bytes(name)
        #expect(throws: DecodedTile.Malformed.self) { try DecodedTile(bytes) }
    }
}

/// The shapes of the invalid fixtures cannot be produced, whatever the encoder is told.
@Suite struct InvalidShapeTests {
    private func points(_ ordinates: (Int32, Int32)...) -> [GridPoint] {
        ordinates.map { GridPoint(x: $0.0, y: $0.1) }
    }

    private func tile(_ layers: LayerEncoder...) -> [UInt8] {
        var tile = ProtobufWriter()
        for layer in layers { layer.write(to: &tile) }
        return tile.bytes
    }

    /// 004 and 030: a feature has one geometry, or there is no feature.
    @Test func aFeatureWithoutGeometryIsNotWritten() throws {
        var layer = LayerEncoder(name: "a")
        layer.add(id: 1, tags: [], geometry: TileGeometry(points: []))
        layer.add(id: 2, tags: [], geometry: TileGeometry(lines: [points((1, 1))]))
        layer.add(id: 3, tags: [], geometry: TileGeometry(rings: [points((1, 1), (2, 2))]))
        #expect(tile(layer).isEmpty)
        layer.add(id: 4, tags: [], geometry: TileGeometry(points: points((1, 1))))
        #expect(try DecodedTile(tile(layer)).layers[0].features.map(\.id) == [4])
    }

    /// 005, 040 and 042: tags are pairs that point somewhere.
    @Test func tagsThatPointNowhereAreNotWritten() throws {
        var layer = LayerEncoder(name: "a")
        let (key, value) = (layer.key("k"), layer.value(.bool(true)))
        for tags in [[key], [key, value, key], [key + 1, value], [key, value + 1], [.max, .max]] {
            layer.add(id: nil, tags: tags, geometry: TileGeometry(points: points((1, 1))))
        }
        layer.add(id: nil, tags: [key, value], geometry: TileGeometry(points: points((1, 1))))
        let decoded = try DecodedTile(tile(layer)).layers[0]
        #expect(decoded.features.map(\.tags.count) == [0, 0, 0, 0, 0, 2])
    }

    /// 014 and 023: no layer without a name. 024: the version always stands there, first of all.
    @Test func aLayerHasANameAndAVersion() throws {
        var nameless = LayerEncoder(name: "")
        var named = LayerEncoder(name: "a")
        for number in 0..<2 as Range<Int32> {
            nameless.add(id: nil, tags: [], geometry: TileGeometry(points: points((number, 1))))
            named.add(id: nil, tags: [], geometry: TileGeometry(points: points((number, 1))))
        }
        #expect(tile(nameless).isEmpty)
        let bytes = tile(nameless, named)
        #expect(try DecodedTile(bytes).layers.map(\.name) == ["a"])
        #expect(bytes[2...3] == [15 << 3, 2])
    }

    /// 015: the tileset has each layer once, and tiles hold the tileset's layers.
    @Test func aLayerStandsOnceInATile() throws {
        let snapshot = TestData.exampleSnapshot
        let offers = try OfferSelection(OfferFilter(), in: snapshot)
        let bytes = try TestData.exampleSource().tile(
            try #require(TileAddress(zoom: 8, x: 136, y: 85)), offers: offers,
            layers: ["offers", "offers", "districts"])
        #expect(try DecodedTile(bytes).layers.map(\.name) == ["districts", "offers"])
    }

    /// 044 to 048, 052, 058 and 061: whatever lines and rings are given, the commands are well-formed. The decoder
    /// refuses everything else.
    @Test(arguments: 0..<200 as Range<UInt64>) func anyGeometryIsWellFormed(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func path() -> [GridPoint] {
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                // Few places, so that points repeat and rings fold back on themselves.
                GridPoint(
                    x: Int32.random(in: 0...2, using: &generator), y: Int32.random(in: 0...2, using: &generator))
            }
        }
        let paths = (0..<Int.random(in: 0...4, using: &generator)).map { _ in path() }
        var layer = LayerEncoder(name: "a")
        layer.add(id: 1, tags: [], geometry: TileGeometry(points: paths.flatMap { $0 }))
        layer.add(id: 2, tags: [], geometry: TileGeometry(lines: paths))
        layer.add(id: 3, tags: [], geometry: TileGeometry(rings: paths))
        let decoded = try DecodedTile(tile(layer)).layers.first?.features ?? []
        #expect(decoded.contains { $0.kind == .point } == !paths.joined().isEmpty)
        #expect(decoded.contains { $0.kind == .line } == paths.contains { Set($0).count > 1 })
        for ring in decoded.filter({ $0.kind == .polygon }).flatMap(\.paths) {
            #expect(TileGeometry.doubledArea(ring) != 0)
        }
    }
}

enum MVTFixtures {
    private static let folder = TestData.folder.appending(path: "mvt-fixtures")

    static let isPresent = FileManager.default.fileExists(atPath: folder.path)
    static let absence: Comment = "no mvt-fixtures: set KOMPASS_TEST_DATA to the folder that holds them"

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name).appending(path: "tile.mvt")))
    }
}
