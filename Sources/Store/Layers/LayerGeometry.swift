internal import GRDB
internal import Geometry
internal import NetworkModel

/// Geometries as a file has them: positions apart as long as there is nothing else.
enum StoredShapes {
    case points(xs: [Double], ys: [Double])
    case any([FeatureGeometry<Unreferenced>?])

    /// Appends the geometry of a blob; an empty one is none.
    mutating func append(blob: UnsafeRawBufferPointer) throws(GeometryError) {
        if case .points(var xs, var ys) = self, let point = try GeoPackageBlob<Unreferenced>.point(in: blob) {
            self = .any([])
            xs.append(point.x)
            ys.append(point.y)
            self = .points(xs: xs, ys: ys)
            return
        }
        let shape = try GeoPackageBlob<Unreferenced>(decoding: blob).geometry
        append(shape.isEmpty ? nil : shape)
    }

    /// Appends a geometry or none.
    mutating func append(_ shape: FeatureGeometry<Unreferenced>?) {
        switch consume self {
        case .points(var xs, var ys):
            guard shape == nil else {
                self = .any(
                    zip(xs, ys).map { $0.isNaN ? nil : .point(Coordinate(x: $0, y: $1)) } + [shape])
                return
            }
            xs.append(.nan)
            ys.append(.nan)
            self = .points(xs: xs, ys: ys)
        case .any(var shapes):
            shapes.append(shape)
            self = .any(shapes)
        }
    }
}

/// A row of `gpkg_geometry_columns` with its CRS.
struct GeometryDefinition {
    /// The column.
    let column: String
    /// The declared type.
    let typeName: String
    /// Whether heights or measures may stand in the geometries.
    let hasFurtherOrdinates: Bool
    private let system: System

    private enum System {
        /// Longitude and latitude as they stand.
        case geographic
        /// What PROJ knows by this name or text.
        case named(String)
        /// Positions on a plane of which nobody knows where on earth it is.
        case unknown
    }

    /// Reads the definition of a table's geometries.
    ///
    /// - Throws: `LayerFault` where a part of it is missing.
    init(of table: String, _ columns: [TableColumn], _ db: Database) throws {
        guard try db.tableExists("gpkg_geometry_columns"), try db.tableExists("gpkg_spatial_ref_sys"),
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT column_name, geometry_type_name, srs_id, coalesce(z, 0), coalesce(m, 0)
                    FROM gpkg_geometry_columns WHERE table_name = ?
                    """, arguments: [table]),
            let name = row[0] as String?
        else { throw LayerFault(reason: "it has features, but gpkg_geometry_columns says nothing of it") }
        guard columns.contains(where: { $0.name == name }) else {
            throw LayerFault(reason: "there is no column '\(name)', which gpkg_geometry_columns names")
        }
        column = name
        typeName = (row[1] as String? ?? "GEOMETRY").uppercased()
        hasFurtherOrdinates = (row[3] as Int? ?? 0) != 0 || (row[4] as Int? ?? 0) != 0
        let identifier = row[2] as Int? ?? -1
        if identifier == 0 || identifier == -1 {
            system = identifier == 0 ? .geographic : .unknown
            return
        }
        guard
            let definition = try Row.fetchOne(
                db,
                sql: """
                    SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys
                    WHERE srs_id = ?
                    """, arguments: [identifier])
        else { throw LayerFault(reason: "column '\(name)': the CRS \(identifier) is not in gpkg_spatial_ref_sys") }
        let organisation = (definition[0] as String? ?? "").uppercased()
        let code = (definition[1] as Int?).map(String.init) ?? ""
        // ETRS89 and WGS 84 are one within a metre, which is what longitude and latitude mean here.
        if organisation == "EPSG", ["4326", "4979", "4258", "4937"].contains(code) {
            system = .geographic
        } else if organisation == "EPSG" {
            system = .named("EPSG:\(code)")
        } else {
            system = .named(definition[2] as String? ?? "")
        }
    }

    /// The geometries on longitude and latitude, and how many cannot be given there.
    ///
    /// - Throws: `LayerFault` for a CRS that PROJ does not know.
    func located(_ shapes: StoredShapes) throws -> (column: GeometryColumn, failures: Int) {
        switch (system, shapes) {
        case (.unknown, .points(let xs, _)):
            let none = [Double](repeating: .nan, count: xs.count)
            return (.points(longitudes: none, latitudes: none), xs.count { !$0.isNaN })
        case (.unknown, .any(let shapes)):
            return (.geometries(shapes.map { _ in nil }), shapes.count { $0 != nil })
        case (.geographic, .points(let xs, let ys)): return Self.onGlobe(xs, ys, stated: xs)
        case (.geographic, .any(let shapes)):
            return Self.onGlobe(shapes.map { $0.map { $0.map { Coordinate(x: $0.x, y: $0.y) } } }, stated: shapes)
        case (.named(let name), .points(let xs, let ys)):
            let transformer = try transformer(name)
            var (longitudes, latitudes) = (xs, ys)
            // In pieces: PROJ works on an array of its own.
            let piece = 100_000
            for start in stride(from: 0, to: xs.count, by: piece) {
                let range = start..<min(start + piece, xs.count)
                let placed = range.filter { !xs[$0].isNaN }
                let moved = transformer.transform(placed.map { Coordinate(x: xs[$0], y: ys[$0]) }).coordinates
                for (row, position) in zip(placed, moved) {
                    longitudes[row] = position.x
                    latitudes[row] = position.y
                }
            }
            return Self.onGlobe(longitudes, latitudes, stated: xs)
        case (.named(let name), .any(let shapes)):
            let transformer = try transformer(name)
            var moved: [FeatureGeometry<Geographic>?] = []
            moved.reserveCapacity(shapes.count)
            for shape in shapes {
                do throws(GeometryError) {
                    if let shape { moved.append(try transformer.transform(shape)) } else { moved.append(nil) }
                } catch {
                    moved.append(nil)
                }
            }
            return Self.onGlobe(moved, stated: shapes)
        }
    }

    private func transformer(_ name: String) throws -> CoordinateTransformer<Unreferenced, Geographic> {
        do throws(GeometryError) {
            let context = try ProjContext()
            let source = try CoordinateReferenceSystem(name, in: context)
            return try CoordinateTransformer(
                from: source, to: CoordinateReferenceSystem("OGC:CRS84", in: context), in: context)
        } catch {
            throw LayerFault(reason: "column '\(column)': the CRS cannot be used: \(error)")
        }
    }

    private static func onGlobe(
        _ longitudes: [Double], _ latitudes: [Double], stated: [Double]
    ) -> (column: GeometryColumn, failures: Int) {
        var (longitudes, latitudes) = (longitudes, latitudes)
        var failures = 0
        for row in stated.indices where !stated[row].isNaN {
            let place = onGlobe(Coordinate(longitude: longitudes[row], latitude: latitudes[row]))
            (longitudes[row], latitudes[row]) = (place.longitude, place.latitude)
            if place.longitude.isNaN { failures += 1 }
        }
        return (.points(longitudes: longitudes, latitudes: latitudes), failures)
    }

    private static func onGlobe(
        _ shapes: [FeatureGeometry<Geographic>?], stated: [FeatureGeometry<Unreferenced>?]
    ) -> (column: GeometryColumn, failures: Int) {
        let kept = shapes.map { shape -> FeatureGeometry<Geographic>? in
            guard let shape else { return nil }
            let box = shape.boundingBox
            if globe.contains(box) { return shape }
            return globe.expanded(by: tolerance).contains(box) ? shape.map(onGlobe) : nil
        }
        return (.geometries(kept), stated.count { $0 != nil } - kept.count { $0 != nil })
    }

    private static let globe = BoundingBox<Geographic>(minX: -180, minY: -90, maxX: 180, maxY: 90)
    /// Degrees beyond the globe that are taken for the error of a calculation: 0.1 m.
    private static let tolerance = 1e-6

    /// A place, drawn onto the globe where it is nearly there; NaN where it is not.
    private static func onGlobe(_ place: Coordinate<Geographic>) -> Coordinate<Geographic> {
        guard globe.expanded(by: tolerance).contains(place) else { return Coordinate(longitude: .nan, latitude: .nan) }
        return Coordinate(
            longitude: min(max(place.longitude, -180), 180), latitude: min(max(place.latitude, -90), 90))
    }
}
