import Foundation
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

enum MVTFixtures {
    private static let folder = TestData.folder.appending(path: "mvt-fixtures")

    static let isPresent = FileManager.default.fileExists(atPath: folder.path)
    static let absence: Comment = "no mvt-fixtures: set KOMPASS_TEST_DATA to the folder that holds them"

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name).appending(path: "tile.mvt")))
    }
}
