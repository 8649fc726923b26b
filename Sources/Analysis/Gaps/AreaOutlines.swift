internal import Foundation
public import Geometry
public import NetworkModel

/// The outlines of all areas in metric coordinates, ready to be cut by discs.
///
/// Depends on the snapshot alone, not on any filter: made once per snapshot and kept, as `Demand` is. Overlays are made
/// in the metric CRS of the pack that an area belongs to (DOMAIN 6.1); areas of packs with one CRS share a plane.
/// Safe to share between threads.
public struct AreaOutlines: Sendable {
    /// The areas of one level that lie in one plane.
    struct Sheet: Sendable {
        /// Their outlines, in the order of `areas`.
        let borders: SurfaceBorders
        /// Their numbers in `AreaList`, ascending.
        let areas: [Int]
    }

    /// One metric CRS.
    struct Plane: Sendable {
        /// The CRS, for example `EPSG:25832`.
        let crs: String
        let transformer: SharedTransformer<Geographic, Projected>
        /// The box around its areas, degrees.
        let extent: BoundingBox<Geographic>
        /// How the CRS stretches lengths there and up to the radius of the largest disc around.
        let scale: ScaleRange
        let sheets: [AreaLevel: Sheet]

        /// The box around its areas.
        var bounds: BoundingBox<Projected> {
            var box = BoundingBox<Projected>.empty
            for sheet in sheets.values { box.formUnion(sheet.borders.bounds) }
            return box
        }
    }

    /// The metric CRS of areas that belong to no pack: ETRS89-LAEA Europe.
    static let defaultCRS = "EPSG:3035"

    let planes: [Plane]
    /// The outlines in degrees by level, in the order of `AreaList`.
    let surfaces: [AreaLevel: [MultiPolygon<Geographic>]]
    /// Their geodesic areas.
    let areas: [AreaLevel: [SquareMetres]]
    /// The numbers of the areas of each level by key.
    private let numbers: [AreaLevel: [String: Int]]
    /// The demand points in the metric coordinates of their district's plane; not a number for those in no district.
    let cells: [Coordinate<Projected>]

    /// Prepares the outlines of a snapshot.
    ///
    /// - Parameter demand: the demand of this very snapshot.
    /// - Complexity: O(vertices + cells); some tens of milliseconds of it for PROJ's look-ups.
    /// - Throws: `AnalysisError.outlines` where a pack's CRS is not known or an outline cannot be projected.
    public init(_ snapshot: Snapshot, demand: Demand) throws(AnalysisError) {
        let lists = AreaLevel.allCases.map { (level: $0, list: AreaList($0, in: snapshot)) }
        let crsOfDistrict = Self.crs(of: snapshot.districts, in: snapshot)
        let crsOfMunicipality = Self.crs(of: snapshot.municipalities, in: snapshot)
        var surfaces: [AreaLevel: [MultiPolygon<Geographic>]] = [:]
        var crsOfArea: [AreaLevel: [String]] = [:]
        do throws(GeometryError) {
            let geos = try GEOSContext()
            for (level, list) in lists {
                let table = level == .municipality ? snapshot.municipalities : snapshot.districts
                let crs = level == .municipality ? crsOfMunicipality : crsOfDistrict
                crsOfArea[level] = list.members.map { $0.first.map { crs[$0] } ?? Self.defaultCRS }
                surfaces[level] = try list.members.map { rows throws(GeometryError) in
                    let parts = rows.map { table.surface($0) ?? MultiPolygon([]) }
                    return parts.count == 1 ? parts[0] : try Self.dissolved(parts, geos)
                }
            }
            var planes: [Plane] = []
            for crs in Set(crsOfArea.values.joined()).sorted() {
                if let plane = try Self.plane(crs, lists.map(\.level), crsOfArea, surfaces) { planes.append(plane) }
            }
            self.planes = planes
            cells = try Self.cells(demand, planes)
        } catch {
            throw .outlines(error.description)
        }
        self.surfaces = surfaces
        areas = surfaces.mapValues { $0.map { Geodesic.grs80.area(of: $0) } }
        numbers = Dictionary(
            uniqueKeysWithValues: lists.map { level, list in
                (level, Dictionary(zip(list.keys, 0...), uniquingKeysWith: { first, _ in first }))
            })
    }

    /// The outline of an area, longitude and latitude in degrees; nil for a key that the level does not know.
    public func surface(of key: String, _ level: AreaLevel) -> MultiPolygon<Geographic>? {
        numbers[level]?[key].flatMap { surfaces[level]?[$0] }
    }

    /// The CRS of each row's pack.
    private static func crs(of table: Table, in snapshot: Snapshot) -> [String] {
        let packs = snapshot.regions
        let stated = packs.code("crs")
        var crsOfPack: [String: String] = [:]
        for row in 0..<packs.count {
            if let id = packs.identifiers[row], let crs = stated[row] { crsOfPack[id] = crs }
        }
        let pack = table.code("region")
        return (0..<table.count).map { row in pack[row].flatMap { crsOfPack[$0] } ?? defaultCRS }
    }

    /// The districts of an area as one surface. A proper coverage dissolves fast; what is none is united.
    private static func dissolved(
        _ parts: [MultiPolygon<Geographic>], _ geos: borrowing GEOSContext
    ) throws(GeometryError) -> MultiPolygon<Geographic> {
        let whole = try geos.coverageUnion(parts)
        let area = parts.reduce(0) { $0 + $1.planarArea }
        // A coverage's parts add up to the whole; GEOS does not tell when they are none.
        if try geos.validity(of: whole).isValid, abs(whole.planarArea - area) <= 1e-9 * area { return whole }
        return try geos.union(parts)
    }

    /// The plane of a CRS; nil where none of its areas has an outline.
    private static func plane(
        _ crs: String, _ levels: [AreaLevel], _ crsOfArea: [AreaLevel: [String]],
        _ surfaces: [AreaLevel: [MultiPolygon<Geographic>]]
    ) throws(GeometryError) -> Plane? {
        let transformer = try SharedTransformer<Geographic, Projected>(
            from: "OGC:CRS84", to: crs, count: ProcessInfo.processInfo.activeProcessorCount)
        var sheets: [AreaLevel: Sheet] = [:]
        var extent = BoundingBox<Geographic>.empty
        for level in levels {
            let all = surfaces[level] ?? []
            let areas = (crsOfArea[level] ?? []).indices.filter { crsOfArea[level]?[$0] == crs }
            let projected = try areas.map { (area) throws(GeometryError) -> MultiPolygon<Projected> in
                try transformer.use { (transformer) throws(GeometryError) in try transformer.transform(all[area]) }
            }
            for area in areas { extent.formUnion(all[area].boundingBox) }
            sheets[level] = Sheet(borders: SurfaceBorders(projected), areas: areas)
        }
        // The largest disc reaches 1.8 degrees to the north and south.
        guard !extent.isEmpty else { return nil }
        let around = extent.expanded(by: 2)
        let scale = transformer.use { transformer in ScaleRange(in: around, transformer) }
        guard let scale else { throw .unsupportedCRS(crs, reason: "it cannot show the areas and what is around them") }
        return Plane(crs: crs, transformer: transformer, extent: extent, scale: scale, sheets: sheets)
    }

    private static func cells(_ demand: Demand, _ planes: [Plane]) throws(GeometryError) -> [Coordinate<Projected>] {
        let districts = demand.areas(.district)
        var result = [Coordinate<Projected>](
            repeating: Coordinate(x: .nan, y: .nan), count: demand.count)
        for plane in planes {
            let areas = Set(plane.sheets[.district]?.areas ?? [])
            let points = districts.indices.filter { districts[$0] >= 0 && areas.contains(Int(districts[$0])) }
            let positions = points.map { demand.positions[$0] }
            let projected = plane.transformer.use { transformer in transformer.transform(positions) }
            for (point, position) in zip(points, projected.coordinates) { result[point] = position }
        }
        return result
    }
}
