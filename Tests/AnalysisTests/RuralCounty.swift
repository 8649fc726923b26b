import Geometry
import NetworkModel
import TestSupport

/// Tables for the rural index that a test writes down row by row.
struct RuralCounty {
    struct Land {
        var settlement: Int64
        var traffic: Int64
        var agriculture: Int64
        var forest: Int64
        var total: Int64
    }

    var districts: [(key: String, region: String, population: Int64?)] = []
    var land: [String: Land] = [:]
    var houses: [String: (one: Int64, two: Int64, more: Int64)] = [:]
    var cells: [[String: FieldValue]] = []
    var cities: [(key: String, people: Int64, longitude: Double, latitude: Double)] = []
    var published: [(key: String, area: String, value: Double)] = []
    var calibration: [[String: FieldValue]] = []

    mutating func addCell(
        _ id: String, _ people: Int64, _ longitude: Double, _ latitude: Double, district: String = "",
        role: String = "own"
    ) {
        cells.append([
            "id": .text(id), "people": .integer(people), "lon": .real(longitude), "lat": .real(latitude),
            "district_key": .text(district), "role": .text(role), "state": .text("15"),
        ])
    }

    mutating func addCalibration(_ indicator: String, mean: Double, deviation: Double, weight: Double) {
        calibration.append([
            "id": .text("test/\(indicator)"), "calibration": .text("test"), "indicator": .text(indicator),
            "mean": .real(mean), "deviation": .real(deviation), "weight": .real(weight), "loading": .real(weight * 4),
            "regions": .integer(361), "explained_variance": .real(0.78),
        ])
    }

    /// Five cities in a row, 1 degree of latitude apart, a sixth one far away.
    static let cities: [(key: String, people: Int64, longitude: Double, latitude: Double)] = [
        ("15000000", 100_000, 12, 48), ("15001000", 150_000, 12, 49), ("15002000", 200_000, 12, 50),
        ("15003000", 250_000, 12, 51), ("15004000", 300_000, 12, 52), ("15005000", 350_000, 12, 60),
    ]

    func snapshot(reversed: Bool = false) -> Snapshot {
        func table(_ kind: RecordKind, _ rows: [[String: FieldValue]]) -> Table {
            Table(kind, reversed ? rows.reversed() : rows)
        }
        let areas = reversed ? districts.reversed() : districts
        let landRows = land.sorted { $0.key < $1.key }.map(Self.row)
        return Snapshot([
            .districts: Table(
                .districts,
                areas.map {
                    [
                        "key": .text($0.key), "name": .text("Kreis \($0.key)"), "district_region_key": .text($0.region),
                        "population": $0.population.map { .integer($0) } ?? .null,
                    ]
                }, surfaces: areas.map { _ in .rectangle(11, 51, 12, 52) }),
            .landUse: table(.landUse, landRows),
            .buildings: table(
                .buildings,
                houses.sorted { $0.key < $1.key }.map {
                    [
                        "key": .text($0.key), "one_dwelling": .integer($0.value.one),
                        "two_dwellings": .integer($0.value.two), "three_or_more_dwellings": .integer($0.value.more),
                        "dormitories": .integer(99),
                    ]
                }),
            .cities: table(
                .cities,
                cities.map {
                    [
                        "key": .text($0.key), "name": .text($0.key), "population": .integer($0.people),
                        "lon": .real($0.longitude), "lat": .real($0.latitude),
                    ]
                }),
            .populationCells: table(.populationCells, cells),
            .indicators: table(
                .indicators,
                published.map {
                    [
                        "id": .text("\($0.key)/\($0.area)"), "key": .text($0.key), "area_key": .text($0.area),
                        "value": .real($0.value),
                    ]
                }),
            .ruralCalibrations: table(.ruralCalibrations, calibration),
        ])
    }

    private static func row(_ key: String, _ land: Land) -> [String: FieldValue] {
        [
            "key": .text(key), "settlement_m2": .integer(land.settlement), "traffic_m2": .integer(land.traffic),
            "agriculture_m2": .integer(land.agriculture), "forest_m2": .integer(land.forest),
            "total_m2": .integer(land.total), "copse_m2": .integer(7_000_000),
        ]
    }
}
