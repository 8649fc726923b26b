import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

/// Files outside the test target; tests that need an absent one are skipped with a message.
enum TestData {
    /// The checkout.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder of shared test data.
    static let folder =
        ProcessInfo.processInfo.environment["KOMPASS_TEST_DATA"].map { URL(filePath: $0) }
        ?? package.deletingLastPathComponent().appending(path: "shared/data")

    /// The tileset file that ships.
    static func tileset() throws -> Tileset {
        try Tileset(json: Array(try Data(contentsOf: package.appending(path: "Tiles/tileset.json"))))
    }

    /// The example network.
    static let exampleSnapshot = Snapshot(ExampleNetwork.tables)

    /// The tiles of the example network.
    static func exampleSource() throws -> TileSource { try TileSource(snapshot: exampleSnapshot, tileset: tileset()) }

    /// The region packs that ship.
    static func pack(_ name: String) -> URL { package.appending(path: "Data").appending(path: name) }

    /// Key, name and surface of each feature of a pack's GeoJSON file.
    static func areas(_ pack: String, _ file: String) throws -> [(key: String, surface: MultiPolygon<Geographic>)] {
        struct Collection: Decodable {
            struct Feature: Decodable {
                struct Properties: Decodable { let key: String }
                struct Geometry: Decodable {
                    let polygons: [[[[Double]]]]
                    enum Name: CodingKey { case type, coordinates }
                    init(from decoder: any Decoder) throws {
                        let container = try decoder.container(keyedBy: Name.self)
                        polygons =
                            try container.decode(String.self, forKey: .type) == "Polygon"
                            ? [try container.decode([[[Double]]].self, forKey: .coordinates)]
                            : try container.decode([[[[Double]]]].self, forKey: .coordinates)
                    }
                }
                let properties: Properties
                let geometry: Geometry
            }
            let features: [Feature]
        }
        let data = try Data(contentsOf: TestData.pack(pack).appending(path: file))
        return try JSONDecoder().decode(Collection.self, from: data).features.map { feature in
            let polygons = feature.geometry.polygons.map { rings in
                let rings = rings.map { Ring<Geographic>($0.map { Coordinate(x: $0[0], y: $0[1]) }) }
                return Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
            }
            return (feature.properties.key, MultiPolygon(polygons))
        }
    }
}
