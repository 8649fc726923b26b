internal import NetworkModel

/// The areas of a level of the rural index with what the land tables say of them; a region adds up its districts.
struct RuralAreas {
    /// One area.
    struct Area {
        let key: String
        let name: String?
        /// The districts or municipalities that it is made of.
        let members: [String]
        let population: Int64?
        /// m², nil where a member states none.
        let total: Int64?
        let settlementAndTraffic: Int64?
        let openLand: Int64?
        /// Residential buildings without dormitories, and those with one or two dwellings.
        let houses: Int64?
        let smallHouses: Int64?
    }

    /// In the byte order of their keys.
    let areas: [Area]
    /// For each district or municipality, in the order of the snapshot's rows, the number of its area.
    let areaOfRow: [Int32]

    init(_ level: RuralLevel, in snapshot: Snapshot) {
        let table = level == .municipality ? snapshot.municipalities : snapshot.districts
        let keys = (0..<table.count).map { table.identifiers[$0] ?? "" }
        let groups = level == .region ? Self.regions(table, keys) : keys
        let members = Dictionary(grouping: keys.indices) { groups[$0] }
        let order = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numbers = Dictionary(zip(order, 0..<Int32(order.count)), uniquingKeysWith: { first, _ in first })
        areaOfRow = groups.map { numbers[$0] ?? -1 }

        let land = LandTable(snapshot.landUse)
        let buildings = LandTable(snapshot.buildings)
        let populations = table.integer("population")
        let names = table.text("name")
        areas = order.map { key in
            // The district that gives the region its key leads its name.
            let rows = (members[key] ?? []).sorted { (keys[$0] == key ? 0 : 1, $0) < (keys[$1] == key ? 0 : 1, $1) }
            let memberKeys = rows.map { keys[$0] }
            let titles = rows.compactMap { names[$0] }
            func sum(_ table: LandTable, _ fields: [String]) -> Int64? {
                Self.sum(memberKeys.flatMap { key in fields.map { table.value($0, of: key) } })
            }
            return Area(
                key: key, name: titles.isEmpty ? nil : titles.joined(separator: " / "), members: memberKeys,
                population: Self.sum(rows.map { populations[$0] >= 0 ? populations[$0] : nil }),
                total: sum(land, ["total_m2"]),
                settlementAndTraffic: sum(land, ["settlement_m2", "traffic_m2"]),
                openLand: sum(land, ["agriculture_m2", "forest_m2"]),
                houses: sum(buildings, ["one_dwelling", "two_dwellings", "three_or_more_dwellings"]),
                smallHouses: sum(buildings, ["one_dwelling", "two_dwellings"]))
        }
    }

    /// The region of each district, which need not have a district's key; a district that names none stands for itself.
    private static func regions(_ districts: Table, _ keys: [String]) -> [String] {
        let regions = districts.code("district_region_key")
        return keys.indices.map { regions[$0] ?? keys[$0] }
    }

    /// The sum, or nil where a part is not stated, is negative or leads beyond all numbers.
    private static func sum(_ parts: [Int64?]) -> Int64? {
        guard !parts.isEmpty else { return nil }
        return parts.reduce(Int64?.some(0)) { sum, part in
            guard let sum, let part, part >= 0 else { return nil }
            let (result, overflows) = sum.addingReportingOverflow(part)
            return overflows ? nil : result
        }
    }
}

/// A table with one row per area, asked by the area's key.
private struct LandTable {
    private let table: Table
    private let rows: IdentifierIndex

    init(_ table: Table) {
        self.table = table
        rows = IdentifierIndex(table.identifiers)
    }

    func value(_ field: String, of key: String) -> Int64? {
        guard let row = rows.row(of: key), case .integer(let values)? = table[field: field],
            values[row] != Column.missingInteger
        else { return nil }
        return values[row]
    }
}
