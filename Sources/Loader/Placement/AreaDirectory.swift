import Geometry
import NetworkModel

/// The loaded districts and municipalities: which one a position lies in, and what they are called.
struct AreaDirectory: Sendable {
    /// Areas of one level.
    struct Level: Sendable {
        /// Official keys.
        let keys: [String]
        /// Names.
        let names: [String]
        /// Where their labels stand.
        let labels: [Coordinate<Geographic>]
        /// Outlines.
        let surfaces: [MultiPolygon<Geographic>]
        let index: PolygonIndex<Geographic>
        private let rows: [String: Int]

        init(_ tables: [Table]) {
            var keys: [String] = []
            var names: [String] = []
            var labels: [Coordinate<Geographic>] = []
            var surfaces: [MultiPolygon<Geographic>] = []
            for table in tables {
                let titles = table.text("name")
                let longitudes = table.real("label_lon")
                let latitudes = table.real("label_lat")
                for row in 0..<table.count {
                    keys.append(table.identifiers[row] ?? "")
                    names.append(titles[row] ?? "")
                    labels.append(Coordinate(longitude: longitudes[row], latitude: latitudes[row]))
                    surfaces.append(table.surface(row) ?? MultiPolygon([]))
                }
            }
            self.keys = keys
            self.names = names
            self.labels = labels
            self.surfaces = surfaces
            index = PolygonIndex(surfaces)
            rows = Dictionary(zip(keys, keys.indices), uniquingKeysWith: { first, _ in first })
        }

        var isEmpty: Bool { keys.isEmpty }

        /// Where the area of a key stands, or nil.
        func row(of key: String) -> Int? { rows[key] }
    }

    let districts: Level
    let municipalities: Level

    init(_ reference: ReferenceData) {
        districts = Level(reference.districts)
        municipalities = Level(reference.municipalities)
    }

    var isEmpty: Bool { districts.isEmpty && municipalities.isEmpty }

    /// For each position the district's key and the municipality's row, as far as they are known.
    func locate(_ longitudes: [Double], _ latitudes: [Double]) -> Located {
        var located = Located()
        if !municipalities.isEmpty {
            municipalities.index.locate(xs: longitudes, ys: latitudes, into: &located.municipalities)
        } else {
            located.municipalities = [Int32](repeating: -1, count: longitudes.count)
        }
        // Where municipalities answer, their key's prefix is the district.
        if !districts.isEmpty, located.municipalities.contains(-1) {
            districts.index.locate(xs: longitudes, ys: latitudes, into: &located.districts)
        } else {
            located.districts = [Int32](repeating: -1, count: longitudes.count)
        }
        return located
    }

    struct Located {
        /// Rows of municipalities, -1 for none.
        var municipalities: [Int32] = []
        /// Rows of districts, -1 for none; asked only where some position lies in no municipality.
        var districts: [Int32] = []

        /// Whether a position lies in any area.
        func isInside(_ row: Int) -> Bool { municipalities[row] >= 0 || districts[row] >= 0 }
    }

    /// The area that a position lies in: a municipality's key, else a district's, else nil.
    func key(at position: Coordinate<Geographic>) -> String? {
        if let row = municipalities.index.locate(position) { return municipalities.keys[row] }
        return districts.index.locate(position).map { districts.keys[$0] }
    }
}
