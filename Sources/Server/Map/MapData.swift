import Geometry
import HTTPTypes
import NIOCore
import NetworkModel

/// What the map's page reads once and then filters and searches by itself, so that a keystroke asks nobody.
///
/// Not part of the API: columns as the client wants them, under the data version, for as long as that is the current
/// one. `/api/collections` has the same records for everybody else.
enum MapData: String, Hashable, Sendable, CaseIterable {
    /// Every published offer.
    case offers
    /// Every published actor.
    case actors
    /// Who works with whom.
    case links
    /// Names and postcodes of the region with positions.
    case places

    /// The most offers that a browser is given; where there are more, the page asks the server for each selection.
    static let mostOffers = 10_000

    /// Reads the name of a file; nil where there is none.
    init?(file: String) {
        guard file.hasSuffix(".json"), let data = MapData(rawValue: String(file.dropLast(5))) else { return nil }
        self = data
    }

    /// The name of the file.
    var file: String { "\(rawValue).json" }

    /// The file: the number of rows, and each column that states anything.
    ///
    /// Codes stand as numbers into a list of their `values`, counted from 1, 0 being *not stated*; lists of codes as
    /// arrays of such numbers; positions as `longitude` and `latitude` in degrees. - Complexity: O(rows · fields)
    func bytes(_ served: ServedSnapshot) -> [UInt8] {
        let table: FeatureTable =
            switch self {
            case .offers: served.features(of: .offers)
            case .actors: served.features(of: .actors)
            case .links: served.features(of: .links)
            case .places: served.snapshot.placesOfItsDistricts
            }
        var bytes: [UInt8] = []
        bytes.append(ascii: "{\"data_version\":")
        bytes.append(json: served.version)
        bytes.append(ascii: ",\"count\":")
        bytes.append(json: Int64(table.count))
        bytes.append(ascii: ",\"columns\":{")
        var isFirst = true
        func open(_ name: String) {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.append(json: name)
            bytes.append(UInt8(ascii: ":"))
        }
        for (field, column) in zip(table.fields, table.columns)
        where (0..<table.count).contains(where: { !column.isNull($0) }) {
            open(field.name)
            bytes.append(column)
        }
        if case .points(let longitudes, let latitudes) = table.geometry {
            for (name, degrees) in [("longitude", longitudes), ("latitude", latitudes)] {
                open(name)
                bytes.append(Column.real(degrees))
            }
        }
        bytes.append(ascii: "}}")
        return bytes
    }
}

extension Site {
    /// A file of the map's page. With the current version of the content in `v` it may be kept for ever.
    func mapData(_ data: MapData, _ exchange: Exchange) async throws -> Answer {
        let served = exchange.served
        let result = try await representation(exchange, variant: "/data \(data)", mediaType: MediaTypes.json) { _ in
            data.bytes(served)
        }
        return Answer(.whole(result), caching: exchange.query["v"] == served.contentVersion ? .immutable : .revalidate)
    }

    /// The script that keeps what was seen readable offline.
    func serviceWorker() throws(Problem) -> Answer {
        guard let file = assets["js/service-worker.js"] else { throw Problem(.notFound, "there is no such file") }
        return Answer(.whole(file), caching: .revalidate)
    }
}

extension Snapshot {
    /// The gazetteer's rows in the districts that are loaded: what their people call a place.
    ///
    /// The rest of the country, which geocoding needs, would be a hundred kilobytes that nobody asks for.
    /// - Complexity: O(rows)
    fileprivate var placesOfItsDistricts: FeatureTable {
        let keys = gazetteer.code("district_key")
        let rows = (0..<gazetteer.count).filter { row in
            keys[row].map { districtRows.row(of: $0) != nil } ?? false
        }
        let table = gazetteer.gathered(rows)
        let names = ["name", "kind", "postcode", "district_key", "municipality_key"]
        let positions = names.compactMap { table.schema.position(of: $0) }
        return FeatureTable(
            fields: positions.map { table.schema.fields[$0] },
            columns: positions.map { table.columns[$0].canonical() },
            geometry: .points(longitudes: table.real("lon"), latitudes: table.real("lat")))
    }
}

extension [UInt8] {
    /// Appends a column as an array, or as an object of the codes in use and the rows' numbers.
    fileprivate mutating func append(_ column: Column) {
        switch column {
        case .code(let column):
            append(ascii: "{\"values\":")
            JSON.array(column.dictionary.codes.map(JSON.string)).write(into: &self)
            append(ascii: ",\"rows\":")
            append(list: column.codes.indices) { bytes, row in bytes.append(json: Int64(column.codes[row])) }
            append(UInt8(ascii: "}"))
        case .codeList(let column):
            append(ascii: "{\"values\":")
            JSON.array(column.dictionary.codes.map(JSON.string)).write(into: &self)
            append(ascii: ",\"rows\":")
            append(list: 0..<column.count) { bytes, row in
                let range = column.range(row)
                if range.isEmpty { return bytes.append(UInt8(ascii: "0")) }
                bytes.append(list: range) { bytes, position in bytes.append(json: Int64(column.codes[position])) }
            }
            append(UInt8(ascii: "}"))
        default:
            append(list: 0..<column.count) { bytes, row in column[row].json.write(into: &bytes) }
        }
    }

    private mutating func append(list range: Range<Int>, _ element: (inout [UInt8], Int) -> Void) {
        append(UInt8(ascii: "["))
        for index in range {
            if index > range.lowerBound { append(UInt8(ascii: ",")) }
            element(&self, index)
        }
        append(UInt8(ascii: "]"))
    }
}
