import Geometry
import NetworkModel
import TestSupport

@testable import VectorTiles

/// Nested areas as the field has them: districts of 2 × 2 municipalities with winding shared borders, rings that start
/// anywhere, an enclave that is a district of its own, an exclave, a hole that is nobody's, and islands of which some
/// are too small for any zoom but the deepest.
struct AreaFixture {
    var districts: [(key: String, surface: MultiPolygon<Geographic>)] = []
    var municipalities: [(key: String, surface: MultiPolygon<Geographic>)] = []

    /// - Parameters:
    ///   - wobble: How far borders stray, as a share of the distance between their ends.
    ///   - detail: The number of edges between two corners of a municipality.
    init(seed: UInt64, columns: Int = 3, rows: Int = 2, detail: Int = 24, wobble: Double = 0.4) {
        var generator = SeededGenerator(seed: seed)
        let (west, south, step) = (10.5, 51.0, 0.35)
        func corner(_ column: Int, _ row: Int) -> Coordinate<Geographic> {
            Coordinate(x: west + step * Double(column), y: south + step * Double(row))
        }
        func side(_ start: Coordinate<Geographic>, _ end: Coordinate<Geographic>) -> [Coordinate<Geographic>] {
            [start]
                + (1..<detail).map { index in
                    let share = Double(index) / Double(detail)
                    let stray = Double.random(in: -wobble...wobble, using: &generator) * min(share, 1 - share)
                    return Coordinate(
                        x: start.x + (end.x - start.x) * share - (end.y - start.y) * stray,
                        y: start.y + (end.y - start.y) * share + (end.x - start.x) * stray)
                } + [end]
        }
        let across = (0...(2 * rows)).map { row in
            (0..<(2 * columns)).map { side(corner($0, row), corner($0 + 1, row)) }
        }
        let along = (0...(2 * columns)).map { column in
            (0..<(2 * rows)).map { side(corner(column, $0), corner(column, $0 + 1)) }
        }
        func outline(_ column: Int, _ row: Int, _ size: Int) -> Ring<Geographic> {
            var ring: [Coordinate<Geographic>] = []
            for offset in 0..<size { ring += across[row][column + offset].dropLast() }
            for offset in 0..<size { ring += along[column + size][row + offset].dropLast() }
            for offset in (0..<size).reversed() { ring += across[row + size][column + offset].reversed().dropLast() }
            for offset in (0..<size).reversed() { ring += along[column][row + offset].reversed().dropLast() }
            return Ring(ring + ring.prefix(1))
        }
        func started(_ ring: Ring<Geographic>) -> Ring<Geographic> {
            let open = Array(ring.coordinates.dropLast())
            let start = Int.random(in: 0..<open.count, using: &generator)
            let turned = Array(open[start...] + open[..<start])
            return Ring(turned + turned.prefix(1))
        }
        func star(_ x: Double, _ y: Double, _ radius: Double, _ count: Int = 16) -> Ring<Geographic> {
            // A polygon of fixed directions and random distances never crosses itself.
            let directions = (0..<count).map { index -> Coordinate<Geographic> in
                let turn = Double(index) / Double(count) * 8
                let (whole, part) = (Int(turn) % 8, turn - turn.rounded(.down))
                let corners = [(1.0, 0.0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0)]
                let (from, to) = (corners[whole], corners[whole + 1])
                let reach = radius * Double.random(in: 0.5...1, using: &generator)
                return Coordinate(
                    x: x + reach * (from.0 + (to.0 - from.0) * part), y: y + reach * (from.1 + (to.1 - from.1) * part))
            }
            return Ring(directions + directions.prefix(1))
        }
        for row in 0..<rows {
            for column in 0..<columns {
                let key = "15\(100 + row * columns + column)"
                districts.append((key, MultiPolygon([Polygon(exterior: started(outline(2 * column, 2 * row, 2)))])))
                for part in 0..<4 {
                    let ring = outline(2 * column + part % 2, 2 * row + part / 2, 1)
                    municipalities.append(("\(key)00\(part)", MultiPolygon([Polygon(exterior: started(ring))])))
                }
            }
        }
        // An enclave inside the first municipality of the first district, of the second district's next state.
        let middle = corner(0, 0)
        let enclave = star(middle.x + step / 2, middle.y + step / 2, step / 5)
        let hole = started(enclave).reversed
        districts[0].surface.polygons[0].holes.append(hole)
        municipalities[0].surface.polygons[0].holes.append(started(enclave).reversed)
        districts.append(("16001", MultiPolygon([Polygon(exterior: started(enclave))])))
        municipalities.append(("16001000", MultiPolygon([Polygon(exterior: started(enclave))])))
        // A lake that belongs to nobody, in the last municipality, and an exclave of the first district inside another.
        let last = corner(2 * columns - 1, 2 * rows - 1)
        let lake = star(last.x + step / 2, last.y + step / 2, step / 8)
        districts[columns * rows - 1].surface.polygons[0].holes.append(started(lake).reversed)
        municipalities[4 * columns * rows - 1].surface.polygons[0].holes.append(started(lake).reversed)
        let home = corner(2, 0)
        let exclave = star(home.x + step / 2, home.y + step / 2, step / 60)
        districts[1].surface.polygons[0].holes.append(started(exclave).reversed)
        municipalities[4].surface.polygons[0].holes.append(started(exclave).reversed)
        districts[0].surface.polygons.append(Polygon(exterior: started(exclave)))
        municipalities[0].surface.polygons.append(Polygon(exterior: started(exclave)))
        // Islands from 10 km down to 10 m.
        for (index, radius) in [0.05, 0.005, 0.0005, 0.0001].enumerated() {
            let island = star(west - 0.2, south + 0.2 * Double(index + 1), radius, 8)
            districts[0].surface.polygons.append(Polygon(exterior: started(island)))
            municipalities[1].surface.polygons.append(Polygon(exterior: started(island)))
        }
    }

    /// The coverage of both levels.
    func coverage(maxzoom: Int = 14) throws -> AreaCoverage {
        try AreaCoverage(
            [
                AreaLevel(surfaces: districts.map(\.surface), keys: districts.map(\.key), minzoom: 0),
                AreaLevel(surfaces: municipalities.map(\.surface), keys: municipalities.map(\.key), minzoom: 7),
            ], maxzoom: maxzoom)
    }

    /// A snapshot of the areas and of points scattered over them.
    func snapshot(points: Int = 300) -> Snapshot {
        var generator = SeededGenerator(seed: 99)
        let districtRows = districts.map { area($0.key, district: nil) }
        let municipalityRows = municipalities.map { area($0.key, district: String($0.key.prefix(5))) }
        let offers = (0..<points).map { index -> [String: FieldValue] in
            [
                "id": .text("offer-\(index)"), "title": .text("Angebot \(index)"),
                "category": .text(["counselling", "training", "event"][index % 3]),
                "lon": .real(Double.random(in: 10.4...12.7, using: &generator)),
                "lat": .real(Double.random(in: 50.9...52.5, using: &generator)),
            ]
        }
        return Snapshot([
            .districts: Table(.districts, districtRows, surfaces: districts.map(\.surface)),
            .municipalities: Table(.municipalities, municipalityRows, surfaces: municipalities.map(\.surface)),
            .offers: Table(.offers, offers),
        ])
    }

    private func area(_ key: String, district: String?) -> [String: FieldValue] {
        [
            "key": .text(key), "name": .text("Gebiet \(key)"), "area_m2": .real(1e9),
            "district_key": district.map { .text($0) } ?? .null,
        ]
    }
}
