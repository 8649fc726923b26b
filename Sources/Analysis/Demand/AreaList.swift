internal import NetworkModel

/// The areas of a level in the byte order of their keys, and how records are assigned to them.
struct AreaList {
    let keys: [String]
    let names: [String?]
    /// Register populations, nil where not stated.
    let populations: [Int64?]
    /// Geodesic areas of the outlines in m², nil where not stated.
    let areas: [Double?]

    private let level: AreaLevel
    private let numbers: [String: Int32]

    init(_ level: AreaLevel, in snapshot: Snapshot) {
        self.level = level
        let table = level == .municipality ? snapshot.municipalities : snapshot.districts
        let rows = 0..<table.count
        let rowKeys = rows.map { table.identifiers[$0] ?? "" }
        let rowPopulations = table.integer("population").map { $0 < 0 ? nil : $0 }
        let rowAreas = table.real("area_m2").map { $0 > 0 && $0.isFinite ? $0 : nil }
        if level == .state {
            let members = Dictionary(grouping: rows) { String(rowKeys[$0].prefix(level.keyLength)) }
            keys = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            names = keys.map { Self.stateName($0, in: snapshot) }
            populations = keys.map { key in Self.sum((members[key] ?? []).map { rowPopulations[$0] }) }
            areas = keys.map { key in
                (members[key] ?? []).reduce(0.0) { sum, row in
                    guard let sum, let area = rowAreas[row] else { return nil }
                    return sum + area
                }
            }
        } else {
            let rowNames = table.text("name")
            keys = rowKeys
            names = rows.map { rowNames[$0] }
            populations = rowPopulations
            areas = rowAreas
        }
        numbers = Dictionary(zip(keys, 0..<Int32(keys.count)), uniquingKeysWith: { first, _ in first })
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
        guard key.utf8.count < level.keyLength else {
            let number = number(ofPlace: key)
            return number < 0 ? [] : [Int(number)]
        }
        let start = keys.partitioningIndex { !$0.utf8.lexicographicallyPrecedes(key.utf8) }
        return keys[start...].prefix { $0.hasPrefix(key) }.indices.map { $0 }
    }

    private func numbers(of column: CodeColumn) -> [Int32] { [-1] + column.dictionary.codes.map(number(ofPlace:)) }

    private func number(ofPlace key: String) -> Int32 { numbers[String(key.prefix(level.keyLength))] ?? -1 }

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
