import Analysis
import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

/// 901 schools as stand-in offers for the 8,087 inhabited cells of Saxony-Anhalt.
///
/// The expected figures were computed apart from this code, over all pairs, with pyproj 3.7 (`Geod(ellps="GRS80")`) and
/// numpy.
struct RealDataTests {
    private static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["KOMPASS_TEST_DATA"] { return URL(filePath: path) }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
    }()

    private static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

    private static func lines(_ path: String) throws -> [Substring] {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8).split(whereSeparator: \.isNewline)
            .dropFirst().map { $0 }
    }

    /// The fields of a line of CSV without line breaks in fields.
    private static func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
        }
        return fields
    }

    private static func snapshot() throws -> Snapshot {
        var town = Town()
        let files = "grenzen/abgeleitet/sachsen-anhalt_kreise_2024.geojson"
        let root = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: files)))
        let features = try #require((root as? [String: Any])?["features"] as? [[String: Any]])
        let keys = try features.map { try #require(($0["properties"] as? [String: Any])?["AGS"] as? String) }
        town.districts = keys.map { ($0, nil, nil) }
        let surfaces = try features.map { feature in
            let geometry = try #require(feature["geometry"] as? [String: Any])
            let polygons =
                geometry["type"] as? String == "Polygon"
                ? [try #require(geometry["coordinates"] as? [[[Double]]])]
                : try #require(geometry["coordinates"] as? [[[[Double]]]])
            return MultiPolygon<Geographic>(
                polygons.map { rings in
                    let rings = rings.map { Ring<Geographic>($0.map { Coordinate(x: $0[0], y: $0[1]) }) }
                    return Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
                })
        }
        let index = PolygonIndex(surfaces)
        let rows = try lines("bevoelkerung/zensus2011_1km_sachsen-anhalt.csv").map {
            $0.split(separator: ";").map(String.init)
        }
        let context = try ProjContext()
        let grid = try CoordinateReferenceSystem("EPSG:3035", in: context)
        let geographic = try CoordinateReferenceSystem("EPSG:4258", in: context)
        let transformer = try CoordinateTransformer<Projected, Geographic>(from: grid, to: geographic, in: context)
        let centres = transformer.transform(
            try rows.map { try Coordinate(x: #require(Double($0[1])), y: #require(Double($0[2]))) })
        for (row, centre) in zip(rows, centres.coordinates) {
            let key = index.locate(centre).map { keys[$0] + "000" } ?? ""
            town.addCell(
                row[0], try #require(Int64(row[3])), centre.longitude, centre.latitude, municipality: key)
        }
        for line in try lines("orte/schulen_2017/sachsen-anhalt.csv") {
            let fields = fields(line)
            town.addOffer(fields[3], try #require(Double(fields[5])), try #require(Double(fields[4])))
        }
        return town.snapshot
    }

    @Test(.enabled(if: isPresent, "no test data: set KOMPASS_TEST_DATA to the folder of real data"))
    func schoolsAgainstAllPairs() throws {
        let snapshot = try Self.snapshot()
        #expect(snapshot.offers.count == 901)
        let demand = try Demand(snapshot)
        #expect(demand.count == 8087)
        let result = try CoverageAnalysis(OfferFilter(), demand: demand, in: snapshot)
        let figures = try AreaLevel.allCases.map { try result.figures($0, radius: Metres(2500)) }

        let state = try #require(figures.first { $0.level == .state }?.areas.first)
        #expect(state.people == .value(2_287_488))
        let expected = [
            (state.distances.mean, 1345.1344850792761), (state.distances.median, 607.5120370139123),
            (state.distances.p90, 3829.7574235882375), (state.distances.maximum, 12142.997626225373),
            (state.distances.cellMedian, 2672.837987150814),
        ]
        // The distances are good to 0.02 mm up to 12 km.
        for (figure, value) in expected { #expect(abs(try #require(figure.value).value - value) < 2e-5) }
        #expect(
            state.distances.within.map(\.people.value) == [
                1_860_923, 2_186_241, 2_276_958, 2_286_578, 2_287_488, 2_287_488, 2_287_488,
            ])
        // The school of every cell, ties included: numbers of the ids summed up, and how many schools serve a cell.
        let access = try #require(result.access)
        let ids = access.offers.compactMap { snapshot.offerID($0) }
        #expect(ids.compactMap { Int($0.dropFirst(3)) }.reduce(0, +) == 3_409_138)
        #expect(Set(ids).count == 755)

        let districts = try #require(figures.first { $0.level == .district })
        #expect(districts.areas.count == 14)
        #expect(
            districts.areas.compactMap(\.people.value).reduce(0, +) + districts.unassigned.people == 2_287_488)
        #expect(districts.unassigned.cells < 60)
    }
}
