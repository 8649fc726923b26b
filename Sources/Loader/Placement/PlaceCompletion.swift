import Geometry
import NetworkModel

/// Gives actors and offers their place: from coordinates, from the gazetteer, or from the offer's actor.
final class PlaceCompletion: RecordCompletion {
    /// How far a position may be from its postcode's centre before somebody should look at it.
    private static let farFromPostcode = Metres(30_000)

    private struct Address: Hashable {
        let place: String?
        let postcode: String?
        let districtKey: String?
        let municipalityKey: String?

        var isEmpty: Bool { place == nil && postcode == nil && districtKey == nil && municipalityKey == nil }
    }

    private let reference: ReferenceData
    private let areas: AreaDirectory
    private let takesActorsPlace: Bool
    private var known: [Address: Gazetteer.Place] = [:]
    private var precisions: [String: Int] = [:]
    private var unplaced: [String] = []
    private var unknownActors: [String: Int] = [:]
    private var outside = 0

    init(_ input: InputDefinition, reference: ReferenceData, areas: AreaDirectory) {
        self.reference = reference
        self.areas = areas
        takesActorsPlace = input.kind == .offers && input.placeFromActor
    }

    func complete(_ table: inout Table, _ log: inout RowLog) {
        guard case .points(var longitudes, var latitudes) = table.geometry else { return }
        let located = areas.locate(longitudes, latitudes)
        let columns = PlaceColumns(table)
        var result = PlaceColumns.Result()
        let districtNumbers = areas.districts.keys.map { result.districts.number(of: $0) }
        let municipalityNumbers = areas.municipalities.keys.map { result.municipalities.number(of: $0) }
        let prefixNumbers = areas.municipalities.keys.map { result.districts.number(of: String($0.prefix(5))) }
        let byCoordinates = result.precisions.number(of: "coordinates")
        let byAddress = result.precisions.number(of: "address")
        var districtMap = NumberMap(columns.districts)
        var municipalityMap = NumberMap(columns.municipalities)
        var precisionMap = NumberMap(columns.precisions)
        let postcodePositions = ([""] + columns.postcodes.dictionary.codes).map {
            $0.isEmpty ? nil : reference.gazetteer.position(ofPostcode: $0)
        }
        for row in 0..<table.count {
            guard log.isAlive(row) else {
                result.appendNothing()
                continue
            }
            guard !longitudes[row].isNaN else {
                let place = place(row, columns, table, &log)
                longitudes[row] = place.position?.longitude ?? .nan
                latitudes[row] = place.position?.latitude ?? .nan
                result.append(place, stated: columns.precisions[row])
                continue
            }
            let municipality = Int(located.municipalities[row])
            let district = Int(located.districts[row])
            let position = Coordinate<Geographic>(longitude: longitudes[row], latitude: latitudes[row])
            let found: UInt32 =
                municipality >= 0 ? prefixNumbers[municipality] : district >= 0 ? districtNumbers[district] : 0
            let stated = districtMap.number(row, in: &result.districts)
            let statedMunicipality = municipalityMap.number(row, in: &result.municipalities)
            if found == 0, !areas.isEmpty {
                outside += 1
                log.note(
                    row, GeometryAssembler.field, Self.text(position),
                    "the position lies in no loaded district; kept as it is")
            } else if stated != 0, found != 0, stated != found {
                log.note(
                    row, "district_key", columns.districts[row] ?? "",
                    "the position lies in district \(result.districts.dictionary[found]); both are kept as stated")
            }
            if let centre = postcodePositions[Int(columns.postcodes.codes[row])] {
                checkPostcode(row, position, centre, columns, &log)
            }
            result.districts.append(number: stated != 0 ? stated : found)
            result.municipalities.append(
                number: statedMunicipality != 0 || municipality < 0
                    ? statedMunicipality : municipalityNumbers[municipality])
            let statedPrecision = precisionMap.number(row, in: &result.precisions)
            result.precisions.append(
                number: statedPrecision != 0 ? statedPrecision : columns.streets.isNull(row) ? byCoordinates : byAddress
            )
            result.appendOwnTexts()
        }
        table.geometry = .points(longitudes: longitudes, latitudes: latitudes)
        result.write(to: &table)
    }

    private static func text(_ position: Coordinate<Geographic>) -> String {
        "\(SurfaceSurvey.degrees(position.longitude)) \(SurfaceSurvey.degrees(position.latitude))"
    }

    private func checkPostcode(
        _ row: Int, _ position: Coordinate<Geographic>, _ centre: Coordinate<Geographic>, _ columns: PlaceColumns,
        _ log: inout RowLog
    ) {
        // A quarter of a degree is less than 28 km: nearer ones need no exact distance.
        guard abs(position.longitude - centre.longitude) > 0.25 || abs(position.latitude - centre.latitude) > 0.25
        else { return }
        let distance = Geodesic.grs80.distance(from: position, to: centre)
        guard distance > Self.farFromPostcode else { return }
        log.note(
            row, "postcode", columns.postcodes[row] ?? "",
            "the position \(Self.text(position)) is \(Int((distance.value / 1000).rounded())) km from the postcode; both are kept as stated"
        )
    }

    /// The place of a row without coordinates.
    private func place(_ row: Int, _ columns: PlaceColumns, _ table: Table, _ log: inout RowLog) -> PlaceColumns.Found {
        let address = Address(
            place: columns.places[row], postcode: columns.postcodes[row], districtKey: columns.districts[row],
            municipalityKey: columns.municipalities[row])
        if address.isEmpty, takesActorsPlace, let actor = table.code("actor_id")[row] {
            if let found = actorsPlace(actor) { return found }
            if !reference.actors.contains(actor) { unknownActors[actor, default: 0] += 1 }
        }
        let place: Gazetteer.Place
        if let found = known[address] {
            place = found
        } else {
            place = reference.gazetteer.find(
                place: address.place, postcode: address.postcode, districtKey: address.districtKey,
                municipalityKey: address.municipalityKey, in: areas)
            known[address] = place
        }
        if let remark = place.remark {
            log.note(
                row, address.postcode == nil ? "place" : "postcode", "\(address.postcode ?? "") \(address.place ?? "")",
                remark)
        }
        return PlaceColumns.Found(place)
    }

    /// The place of an offer's actor, under its own precision where it has no point.
    private func actorsPlace(_ identifier: String) -> PlaceColumns.Found? {
        guard let (index, row) = reference.actors.place(of: identifier) else { return nil }
        let table = reference.actors.tables[index]
        let columns = PlaceColumns(table)
        let precision = columns.precisions[row] ?? "none"
        guard precision != "none" else { return nil }
        var found = PlaceColumns.Found(
            Gazetteer.Place(
                position: table.point(row), precision: table.point(row) == nil ? precision : "actor",
                districtKey: columns.districts[row], municipalityKey: columns.municipalities[row]))
        found.texts = (columns.places[row], columns.streets[row], columns.postcodes[row])
        return found
    }

    func accept(_ table: Table) {
        let codes = table.code("precision")
        for row in 0..<table.count {
            let precision = codes[row] ?? "none"
            precisions[precision, default: 0] += 1
            if precision == "none" || precision == "district" { unplaced.append(table.identifiers[row] ?? "") }
        }
    }

    func finish(_ report: inout InputReport, _ budget: inout IssueBudget) {
        let counts = precisions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        report.notes.append("places by precision: \(counts.isEmpty ? "no rows" : counts.joined(separator: ", "))")
        if !unplaced.isEmpty {
            report.notes.append(
                "\(unplaced.count) rows have no point (precision district or none): \(unplaced.prefix(300).joined(separator: ", "))"
                    + (unplaced.count > 300 ? " and \(unplaced.count - 300) more" : ""))
        }
        if outside > 0 { report.notes.append("\(outside) positions lie in no loaded district") }
        if !unknownActors.isEmpty {
            report.notes.append(
                "actors that are not loaded, so that offers take no place from them: \(unknownActors.keys.sorted().joined(separator: ", "))"
            )
        }
    }
}

/// The columns of a table that say where a record is.
struct PlaceColumns {
    /// A place found for a row, and the texts that come with it where they are another record's.
    struct Found {
        let position: Coordinate<Geographic>?
        let precision: String
        let districtKey: String?
        let municipalityKey: String?
        var texts: (place: String?, street: String?, postcode: String?)?

        init(_ place: Gazetteer.Place) {
            position = place.position
            precision = place.precision
            districtKey = place.districtKey
            municipalityKey = place.municipalityKey
        }
    }

    /// The columns to come, row by row.
    struct Result {
        var districts = CodeColumn()
        var municipalities = CodeColumn()
        var precisions = CodeColumn()
        /// Texts taken from another record, by row.
        private var taken: [Int: (place: String?, street: String?, postcode: String?)] = [:]
        private var row = 0

        init() {}

        mutating func appendNothing() {
            districts.appendNull()
            municipalities.appendNull()
            precisions.appendNull()
            row += 1
        }

        mutating func append(_ found: Found, stated precision: String?) {
            districts.append(found.districtKey ?? "")
            municipalities.append(found.municipalityKey ?? "")
            precisions.append(precision ?? found.precision)
            taken[row] = found.texts
            row += 1
        }

        mutating func appendOwnTexts() { row += 1 }

        func write(to table: inout Table) {
            for (name, column) in [
                ("district_key", districts), ("municipality_key", municipalities), ("precision", precisions),
            ] {
                if let position = table.schema.position(of: name) { table.columns[position] = .code(column) }
            }
            guard !taken.isEmpty else { return }
            let own = PlaceColumns(table)
            var places = TextColumn()
            var streets = TextColumn()
            var postcodes = CodeColumn()
            for row in 0..<table.count {
                let other = taken[row]
                places.append(other?.place ?? own.places[row] ?? "")
                streets.append(other?.street ?? own.streets[row] ?? "")
                postcodes.append(other?.postcode ?? own.postcodes[row] ?? "")
            }
            for (name, column) in [
                ("place", Column.text(places)), ("street", .text(streets)), ("postcode", .code(postcodes)),
            ] {
                if let position = table.schema.position(of: name) { table.columns[position] = column }
            }
        }
    }

    let places: TextColumn
    let streets: TextColumn
    let postcodes: CodeColumn
    let districts: CodeColumn
    let municipalities: CodeColumn
    let precisions: CodeColumn

    init(_ table: Table) {
        places = table.text("place")
        streets = table.text("street")
        postcodes = table.code("postcode")
        districts = table.code("district_key")
        municipalities = table.code("municipality_key")
        precisions = table.code("precision")
    }
}

/// The numbers of one column's codes in another column's dictionary, made when first asked for.
private struct NumberMap {
    private let column: CodeColumn
    private var numbers: [UInt32?]

    init(_ column: CodeColumn) {
        self.column = column
        numbers = [0] + [UInt32?](repeating: nil, count: column.dictionary.count)
    }

    mutating func number(_ row: Int, in target: inout CodeColumn) -> UInt32 {
        let code = Int(column.codes[row])
        if let number = numbers[code] { return number }
        let number = target.number(of: column.dictionary[UInt32(code)])
        numbers[code] = number
        return number
    }
}
