internal import NetworkModel

/// The areas of a level in the byte order of their keys, and how records are assigned to them.
struct AreaList {
    let keys: [String]
    let names: [String?]
    /// Register populations, nil where not stated.
    let populations: [Int64?]
    /// Geodesic areas of the outlines in m², nil where not stated.
    let areas: [Double?]

    /// The rows of the table (districts, or municipalities) that make up each area, ascending.
    let members: [[Int]]

    private let level: AreaLevel
    private let numbers: [String: Int32]
    /// For each district the key of its Kreisregion; only at that level.
    private let regionOfDistrict: [String: String]

    init(_ level: AreaLevel, in snapshot: Snapshot) {
        self.level = level
        let table = level == .municipality ? snapshot.municipalities : snapshot.districts
        let rows = 0..<table.count
        let rowKeys = rows.map { table.identifiers[$0] ?? "" }
        let rowNames = table.text("name")
        let rowPopulations = table.integer("population").map { $0 < 0 ? nil : $0 }
        let rowAreas = table.real("area_m2").map { $0 > 0 && $0.isFinite ? $0 : nil }
        guard level.isMadeOfDistricts else {
            regionOfDistrict = [:]
            keys = rowKeys
            members = rows.map { [$0] }
            names = rows.map { rowNames[$0] }
            populations = rowPopulations
            areas = rowAreas
            numbers = Self.numbers(keys)
            return
        }
        let stated = table.code("district_region_key")
        let regionOfRow = rows.map { row in
            level == .state
                ? String(rowKeys[row].prefix(level.keyLength))
                : stated.count > 0 ? stated[row] ?? rowKeys[row] : rowKeys[row]
        }
        regionOfDistrict =
            level == .state ? [:] : Dictionary(zip(rowKeys, regionOfRow), uniquingKeysWith: { first, _ in first })
        let rowsOfRegion = Dictionary(grouping: rows) { regionOfRow[$0] }
        let keys = rowsOfRegion.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let members = keys.map { rowsOfRegion[$0] ?? [] }
        self.keys = keys
        self.members = members
        names = zip(keys, members).map { key, rows in
            level == .state
                ? Self.stateName(key, in: snapshot)
                : Self.regionName(rows.map { (key: rowKeys[$0], name: rowNames[$0]) }, key: key)
        }
        populations = members.map { rows in Self.sum(rows.map { rowPopulations[$0] }) }
        areas = members.map { rows in
            rows.reduce(0.0) { sum, row in
                guard let sum, let area = rowAreas[row] else { return nil }
                return sum + area
            }
        }
        numbers = Self.numbers(keys)
    }

    private static func numbers(_ keys: [String]) -> [String: Int32] {
        Dictionary(zip(keys, 0..<Int32(keys.count)), uniquingKeysWith: { first, _ in first })
    }

    var count: Int { keys.count }

    /// For each row of a table with `municipality_key` and `district_key` the number of its area, or -1.
    ///
    /// A place's district is the prefix of its municipality's key (DOMAIN 6.2); the district's own field speaks where
    /// no municipality is stated, the field `state` where neither is. Where `isArea` holds, the rows are
    /// municipalities themselves. - Complexity: O(rows + distinct keys)
    func numbers(of table: Table, isArea: Bool = false) -> [Int32] {
        if isArea { return (0..<table.count).map { number(ofPlace: table.identifiers[$0] ?? "") } }
        let municipalities = table.code("municipality_key")
        let districts = table.code("district_key")
        // `state` of actors and offers is a vocabulary's word, that of cells the official key.
        let states = table.schema.kind == .populationCells ? table.code("state") : nil
        let byMunicipality = numbers(of: municipalities)
        let byDistrict = numbers(of: districts)
        let byState = states.map(numbers)
        return (0..<table.count).map { row in
            if municipalities.codes[row] != 0 { return byMunicipality[Int(municipalities.codes[row])] }
            if districts.codes[row] != 0 { return byDistrict[Int(districts.codes[row])] }
            guard let states, let byState else { return -1 }
            return byState[Int(states.codes[row])]
        }
    }

    /// The numbers of the areas that overlap the area of a key: the one that holds it or those that it holds.
    ///
    /// - Complexity: O(log areas + answers)
    func numbers(overlapping key: String) -> [Int] {
        if level == .region, key.utf8.count < level.keyLength {
            let held = Set(regionOfDistrict.lazy.filter { $0.key.hasPrefix(key) }.map(\.value))
            return keys.indices.filter { held.contains(keys[$0]) }
        }
        guard key.utf8.count < level.keyLength else {
            let number = number(ofPlace: key)
            return number < 0 ? [] : [Int(number)]
        }
        let start = keys.partitioningIndex { !$0.utf8.lexicographicallyPrecedes(key.utf8) }
        return keys[start...].prefix { $0.hasPrefix(key) }.indices.map { $0 }
    }

    private func numbers(of column: CodeColumn) -> [Int32] { [-1] + column.dictionary.codes.map(number(ofPlace:)) }

    /// The number of the area that a place lies in, given by the key of the place or of an area that holds it; or -1.
    func number(ofPlace key: String) -> Int32 {
        let own = String(key.prefix(level.keyLength))
        return numbers[regionOfDistrict[own] ?? own] ?? -1
    }

    /// The name of the region's own district, then those of the cities merged into it.
    private static func regionName(_ members: [(key: String, name: String?)], key: String) -> String? {
        let own = members.filter { $0.key == key } + members.filter { $0.key != key }
        let names = own.compactMap(\.name)
        return names.isEmpty ? nil : names.joined(separator: " / ")
    }

    private static func stateName(_ key: String, in snapshot: Snapshot) -> String? {
        let prefixes = snapshot.regions.code("key_prefix")
        let names = snapshot.regions.text("name_de")
        return (0..<snapshot.regions.count).first { prefixes[$0] == key }.flatMap { names[$0] }
    }

    /// The sum, or nil where a part is not stated or the sum is beyond all numbers.
    private static func sum(_ parts: [Int64?]) -> Int64? {
        parts.reduce(Int64?.some(0)) { sum, part in
            guard let sum, let part else { return nil }
            let (result, overflows) = sum.addingReportingOverflow(part)
            return overflows ? nil : result
        }
    }
}
