import Geometry
import NetworkModel
import TestSupport

/// Tables of a network that a test writes down row by row.
struct Town {
    var districts: [(key: String, population: Int64?, area: Double?)] = []
    var municipalities: [(key: String, population: Int64?)] = []
    var cells: [[String: FieldValue]] = []
    var offers: [[String: FieldValue]] = []
    var words: [(field: String, key: String)] = []

    mutating func addCell(
        _ id: String, _ people: Int64, _ longitude: Double, _ latitude: Double, municipality: String = "",
        role: String = "own", state: String = "15"
    ) {
        cells.append([
            "id": .text(id), "people": .integer(people), "lon": .real(longitude), "lat": .real(latitude),
            "municipality_key": .text(municipality), "district_key": .text(String(municipality.prefix(5))),
            "role": .text(role), "state": .text(state),
        ])
    }

    mutating func addOffer(
        _ id: String, _ longitude: Double = .nan, _ latitude: Double = .nan, municipality: String = "",
        district: String? = nil, delivery: String = "on_site", precision: String = "coordinates",
        serves: [String] = [], languages: [String] = []
    ) {
        offers.append([
            "id": .text(id), "title": .text(id), "lon": .real(longitude), "lat": .real(latitude),
            "municipality_key": .text(municipality), "delivery": .text(delivery), "precision": .text(precision),
            "district_key": .text(district ?? String(municipality.prefix(5))),
            "served_keys": serves.isEmpty ? .null : .list(serves),
            "languages": languages.isEmpty ? .null : .list(languages),
        ])
    }

    var snapshot: Snapshot {
        let whole = { (value: Int64?) -> FieldValue in value.map { .integer($0) } ?? .null }
        return Snapshot([
            .regions: Table(
                .regions, [["id": .text("st"), "name_de": .text("Musterland"), "key_prefix": .text("15")]]),
            .vocabulary: Table(
                .vocabulary,
                words.map {
                    [
                        "id": .text("\($0.field)/\($0.key)"), "field": .text($0.field), "key": .text($0.key),
                        "label_de": .text($0.key),
                    ]
                }),
            .districts: Table(
                .districts,
                districts.map {
                    [
                        "key": .text($0.key), "name": .text("Kreis \($0.key)"), "population": whole($0.population),
                        "area_m2": $0.area.map { .real($0) } ?? .null,
                    ]
                }, surfaces: districts.map { _ in .rectangle(11, 51, 12, 52) }),
            .municipalities: Table(
                .municipalities,
                municipalities.map {
                    [
                        "key": .text($0.key), "name": .text("Ort \($0.key)"), "population": whole($0.population),
                        "label_lon": .real(11.5), "label_lat": .real(51.5),
                    ]
                }, surfaces: municipalities.map { _ in .rectangle(11, 51, 12, 52) }),
            .populationCells: Table(.populationCells, cells),
            .offers: Table(.offers, offers),
        ])
    }
}

extension OfferFilter {
    init(_ name: String, _ value: String) throws { try self.init(parameters: [(name: name, value: value)]) }
}

extension Snapshot {
    func offerID(_ row: Int32) -> String? { offers.identifiers[Int(row)] }
}

extension SeededGenerator {
    /// A position anywhere on the globe; some lie at the antimeridian, at the poles, and close together.
    mutating func position() -> Coordinate<Geographic> {
        let longitude = Double.random(in: -180...180, using: &self)
        let latitude = Double.random(in: -90...90, using: &self)
        switch Int.random(in: 0..<10, using: &self) {
        case 0:
            return Coordinate(longitude: 180 - Double.random(in: 0...1e-3, using: &self), latitude: latitude / 30)
        case 1:
            return Coordinate(longitude: -180 + Double.random(in: 0...1e-3, using: &self), latitude: latitude / 30)
        case 2: return Coordinate(longitude: longitude, latitude: 90)
        case 3: return Coordinate(longitude: longitude, latitude: -90 + Double.random(in: 0...0.01, using: &self))
        case 4: return Coordinate(longitude: longitude.rounded(), latitude: latitude.rounded())
        case 5: return Coordinate(longitude: longitude < 0 ? -180 : 180, latitude: (latitude / 10).rounded())
        case 6: return Coordinate(longitude: 11 + longitude / 1e5, latitude: 52 + latitude / 1e5)
        default: return Coordinate(longitude: longitude, latitude: latitude)
        }
    }
}
