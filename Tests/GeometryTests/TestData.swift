import Foundation
import Geometry
import Testing

/// The folder of real data: `KOMPASS_TEST_DATA`, else `../shared/data` beside the package. Tests of real data are
/// skipped, with a message, where it is absent.
enum TestData {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["KOMPASS_TEST_DATA"] { return URL(filePath: path) }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static let absence: Comment = "no test data: set KOMPASS_TEST_DATA to the folder of real data"

    /// The surfaces of a GeoJSON file with the value of one property, in file order.
    static func surfaces(
        _ path: String, property: String
    ) throws -> [(key: String, surface: MultiPolygon<Geographic>)] {
        let data = try Data(contentsOf: folder.appending(path: path))
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let features = try #require(root["features"] as? [[String: Any]])
        return try features.map { feature in
            let geometry = try #require(feature["geometry"] as? [String: Any])
            let properties = try #require(feature["properties"] as? [String: Any])
            let coordinates = try #require(geometry["coordinates"] as? [Any])
            let polygons =
                geometry["type"] as? String == "Polygon"
                ? [coordinates as? [[[Double]]]] : coordinates.map { $0 as? [[[Double]]] }
            let surface = MultiPolygon<Geographic>(
                try polygons.map { rings in
                    let rings = try #require(rings).map { ring in
                        Ring(ring.map { Coordinate<Geographic>(x: $0[0], y: $0[1]) })
                    }
                    return Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
                }
            )
            return (properties[property].map { "\($0)" } ?? "", surface)
        }
    }

    /// The districts of Saxony-Anhalt (VG1000), keyed by AGS.
    static func districts() throws -> [(key: String, surface: MultiPolygon<Geographic>)] {
        try surfaces("grenzen/abgeleitet/sachsen-anhalt_kreise_2024.geojson", property: "AGS")
    }
}
