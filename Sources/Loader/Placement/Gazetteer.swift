import Geometry
import NetworkModel

/// Finds positions of places by postcode and name, without any outside service.
struct Gazetteer: Sendable {
    /// Where a place is, and how precisely that is known.
    struct Place: Equatable {
        /// The position, or nil where only the area is known.
        var position: Coordinate<Geographic>?
        /// The vocabulary's word for the precision.
        var precision: String
        var districtKey: String?
        var municipalityKey: String?
        /// What somebody should know about how it was found.
        var remark: String?
    }

    private struct Entry: Sendable {
        let position: Coordinate<Geographic>
        let districtKey: String?
        let municipalityKey: String?
        /// All forms of its name.
        let forms: [String]
    }

    /// By postcode: the places in it, and its own position.
    private var postcodes: [String: (places: [Entry], centre: Entry?)] = [:]
    /// By form of name: municipalities.
    private var municipalities: [String: [Entry]] = [:]
    /// By form of name: other places.
    private var places: [String: [Entry]] = [:]

    init() {}

    /// Adds the names of municipalities, which stand for the places where their labels are. - Complexity: O(rows)
    mutating func add(municipalities table: Table) {
        let names = table.text("name")
        let longitudes = table.real("label_lon")
        let latitudes = table.real("label_lat")
        for row in 0..<table.count {
            let key = table.identifiers[row] ?? ""
            let entry = Entry(
                position: Coordinate(longitude: longitudes[row], latitude: latitudes[row]),
                districtKey: String(key.prefix(5)), municipalityKey: key, forms: names[row].map(PlaceName.forms) ?? [])
            for form in entry.forms { municipalities[form, default: []].append(entry) }
        }
    }

    /// Adds the records of a gazetteer. - Complexity: O(rows)
    mutating func add(gazetteer table: Table) {
        let kinds = table.code("kind")
        let codes = table.code("postcode")
        let names = table.text("name")
        let districts = table.code("district_key")
        let keys = table.code("municipality_key")
        let longitudes = table.real("lon")
        let latitudes = table.real("lat")
        for row in 0..<table.count {
            let entry = Entry(
                position: Coordinate(longitude: longitudes[row], latitude: latitudes[row]),
                districtKey: districts[row] ?? keys[row].map { String($0.prefix(5)) }, municipalityKey: keys[row],
                forms: names[row].map(PlaceName.forms) ?? [])
            let code = codes[row]
            if kinds[row] == "postcode", let code {
                if postcodes[code, default: ([], nil)].centre == nil {
                    postcodes[code, default: ([], nil)].centre = entry
                }
            } else if let code {
                postcodes[code, default: ([], nil)].places.append(entry)
            }
            if kinds[row] == "municipality" {
                for form in entry.forms where !isKnown(entry, form) { municipalities[form, default: []].append(entry) }
            } else if kinds[row] == "place" {
                for form in entry.forms { places[form, default: []].append(entry) }
            }
        }
    }

    /// Whether the municipality came with its outline already.
    private func isKnown(_ entry: Entry, _ form: String) -> Bool {
        municipalities[form]?.contains { $0.municipalityKey != nil && $0.municipalityKey == entry.municipalityKey }
            == true
    }

    /// Whether a postcode is known.
    func position(ofPostcode code: String) -> Coordinate<Geographic>? { postcodes[code]?.centre?.position }

    /// Finds a place from what an address says: postcode and name, else the municipality by name within its district,
    /// else the district, else nothing.
    func find(
        place: String?, postcode: String?, districtKey: String?, municipalityKey: String?, in areas: AreaDirectory
    ) -> Place {
        let forms = place.map(PlaceName.forms) ?? []
        var remark: String?
        if let postcode, let known = postcodes[postcode] {
            let fitting = known.places.filter { Self.agrees($0, districtKey) }
            if let entry = Self.best(fitting, forms) {
                return self.place(entry, "postcode", districtKey, municipalityKey, areas)
            }
            if let entry = known.centre ?? fitting.first, Self.agrees(entry, districtKey) {
                let isNamed = !forms.isEmpty && !known.places.isEmpty
                var found = self.place(entry, "postcode", districtKey, municipalityKey, areas)
                if isNamed { found.remark = "the place is not known under its postcode; the postcode was followed" }
                return found
            }
            remark = "the postcode lies in another district; the district was followed"
        }
        if let municipalityKey, let row = areas.municipalities.row(of: municipalityKey) {
            return Place(
                position: areas.municipalities.labels[row], precision: "municipality",
                districtKey: String(municipalityKey.prefix(5)), municipalityKey: municipalityKey, remark: remark)
        }
        for form in forms {
            for names in [municipalities, places] {
                let found = (names[form] ?? []).filter { Self.agrees($0, districtKey) }
                guard !found.isEmpty else { continue }
                if let one = Self.merged(found, form) {
                    var place = self.place(one, "municipality", districtKey, municipalityKey, areas)
                    place.remark = remark
                    return place
                }
                remark =
                    remark
                    ?? "the name of the place stands for \(found.count) places; state its postcode or district_key"
            }
        }
        guard let districtKey else { return Place(precision: "none", municipalityKey: municipalityKey, remark: remark) }
        return Place(precision: "district", districtKey: districtKey, municipalityKey: municipalityKey, remark: remark)
    }

    private func place(
        _ entry: Entry, _ precision: String, _ districtKey: String?, _ municipalityKey: String?, _ areas: AreaDirectory
    ) -> Place {
        var municipality = municipalityKey ?? entry.municipalityKey
        let district = districtKey ?? entry.districtKey
        if municipality == nil, let row = areas.municipalities.index.locate(entry.position) {
            let key = areas.municipalities.keys[row]
            // Near a border the postcode's point may lie in the neighbouring district: then nothing is claimed.
            if district == nil || key.hasPrefix(district ?? "") { municipality = key }
        }
        return Place(
            position: entry.position, precision: precision,
            districtKey: district ?? municipality.map { String($0.prefix(5)) },
            municipalityKey: municipality)
    }

    private static func agrees(_ entry: Entry, _ districtKey: String?) -> Bool {
        guard let districtKey, let own = entry.districtKey else { return true }
        return own == districtKey
    }

    /// The entry that shares the fullest form of the name.
    private static func best(_ entries: [Entry], _ forms: [String]) -> Entry? {
        for form in forms {
            if let entry = entries.first(where: { $0.forms.contains(form) }) { return entry }
        }
        return nil
    }

    /// The one place that entries of the same name mean: in one municipality, so near each other that it makes no
    /// difference, or the many postcodes of one city. Nil where they are different places.
    private static func merged(_ entries: [Entry], _ form: String) -> Entry? {
        guard let first = entries.first else { return nil }
        if entries.allSatisfy({ $0.municipalityKey != nil && $0.municipalityKey == first.municipalityKey }) {
            return first
        }
        if entries.allSatisfy({ Geodesic.grs80.distance(from: first.position, to: $0.position) < neighbourhood }) {
            return first
        }
        // A city has one entry for each postcode, all in one district under its very name.
        let sameName = entries.filter { $0.forms.first == form }
        guard sameName.count >= 3, let district = sameName[0].districtKey,
            sameName.allSatisfy({ $0.districtKey == district })
        else { return nil }
        let count = Double(sameName.count)
        let centre = Coordinate<Geographic>(
            longitude: sameName.map(\.position.longitude).reduce(0, +) / count,
            latitude: sameName.map(\.position.latitude).reduce(0, +) / count)
        guard sameName.allSatisfy({ Geodesic.grs80.distance(from: centre, to: $0.position) < cityRadius }) else {
            return nil
        }
        return Entry(position: centre, districtKey: district, municipalityKey: nil, forms: [form])
    }

    /// Entries nearer to each other than this are the same place for somebody who looks for it.
    private static let neighbourhood = Metres(5_000)
    /// Farther from a city's middle than this there is another place of its name. Berlin's radius is 25 km.
    private static let cityRadius = Metres(30_000)
}
