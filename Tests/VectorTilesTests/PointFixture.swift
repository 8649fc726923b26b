import Geometry
import NetworkModel
import TestSupport

@testable import VectorTiles

/// Offers as the field has them: most in towns, many of one town at its middle, some scattered, some where tiles meet,
/// some without a place, one at the end of the world.
enum PointFixture {
    static let categories = ["counselling", "event", "training", ""]

    static func offers(seed: UInt64, count: Int) -> [[String: FieldValue]] {
        var generator = SeededGenerator(seed: seed)
        let towns = (0..<max(count / 25, 1)).map { _ in
            (Double.random(in: 10.6...13.1, using: &generator), Double.random(in: 50.9...53, using: &generator))
        }
        return (0..<count).map { index in
            let town = towns[Int.random(in: 0..<towns.count, using: &generator)]
            let place: (Double, Double)? =
                switch Int.random(in: 0..<20, using: &generator) {
                case 0..<5: town
                case 5..<13:
                    (
                        town.0 + Double.random(in: -0.05...0.05, using: &generator),
                        town.1 + Double.random(in: -0.03...0.03, using: &generator)
                    )
                // A border of tiles at every zoom from 4 on.
                case 13: (11.25, Double.random(in: 50.9...53, using: &generator))
                case 14: nil
                case 15 where index == 15: (180, 52)
                default:
                    (Double.random(in: 10.6...13.1, using: &generator), Double.random(in: 50.9...53, using: &generator))
                }
            var row: [String: FieldValue] = [
                "id": .text("offer-\(index)"), "title": .text("Angebot \(index % 40)"),
                "category": .text(categories[Int.random(in: 0..<categories.count, using: &generator)]),
                "delivery": .text(index.isMultiple(of: 3) ? "on_site" : "mixed"),
                "capacity": .integer(Int64(index % 7)), "source_id": .text("report"), "region": .text("example"),
            ]
            if let place { (row["lon"], row["lat"]) = (.real(place.0), .real(place.1)) }
            return row
        }
    }

    static func snapshot(seed: UInt64, count: Int) -> Snapshot { snapshot(offers(seed: seed, count: count)) }

    static func snapshot(_ offers: [[String: FieldValue]]) -> Snapshot {
        var tables = ExampleNetwork.tables
        tables[.offers] = Table(.offers, offers)
        return Snapshot(tables)
    }
}

extension DecodedTile.Layer {
    /// The value of a feature's attribute.
    func value(_ name: String, of feature: DecodedTile.Feature) -> TileValue? {
        attributes(feature).first { $0.key == name }?.value
    }

    /// How many records a feature stands for.
    func weight(_ feature: DecodedTile.Feature) -> Int {
        if case .uint(let count)? = value("point_count", of: feature) { Int(count) } else { 1 }
    }
}
