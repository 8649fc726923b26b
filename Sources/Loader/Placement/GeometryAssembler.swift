import Geometry
import NetworkModel

/// Brings the geometries of a batch into longitude and latitude, and repairs what can be repaired.
///
/// Confined to one task, as GEOS and PROJ are.
final class GeometryAssembler {
    /// What issues call the geometry, which is no field.
    static let field = "geometry"

    private let input: InputDefinition
    private let areas: AreaDirectory
    private let reader: any RowReader
    /// The region's metric system: the likeliest one where a file does not say its own.
    private let metricCRS: String
    private var system: SourceSystem?
    private let geos: GEOSContext
    private var reduced = 0
    private(set) var dialect = ""

    init(
        _ input: InputDefinition, areas: AreaDirectory, reader: any RowReader, metricCRS: String
    ) throws(LoaderError) {
        self.input = input
        self.metricCRS = metricCRS
        self.areas = areas
        self.reader = reader
        do { geos = try GEOSContext() } catch { throw .geometry(file: input.fileName, reason: error.description) }
        if let crs = input.crs { system = try SourceSystem(crs, file: input.fileName) }
    }

    var notes: [String] {
        reduced > 0 ? ["\(reduced) surfaces were reduced to a point inside them: these records are places"] : []
    }

    /// Fills a table's geometry. Rows whose geometry is beyond repair are rejected.
    func assemble(
        _ batch: RowBatch, _ binding: ColumnBinding, _ cells: inout CellReader, _ table: inout Table
    ) throws(LoaderError) {
        guard table.schema.geometry != .none else { return }
        for (row, problem) in batch.geometryProblems.sorted(by: { $0.key < $1.key }) {
            cells.log.reject(row, Self.field, "", problem)
        }
        var shapes = batch.shapes
        if let column = binding.text { readTexts(cells.rawTexts(column), &shapes, &cells.log) }
        var xs = batch.xs
        var ys = batch.ys
        if let position = binding.position { (xs, ys) = cells.positions(east: position.east, north: position.north) }
        if xs.isEmpty {
            xs = [Double](repeating: .nan, count: batch.rowCount)
            ys = xs
        }
        for (row, shape) in shapes {
            if case .point(let point) = shape {
                xs[row] = point.x
                ys[row] = point.y
            }
        }
        if table.schema.geometry == .point {
            try reduce(shapes, &xs, &ys, &cells.log)
            try points(xs, ys, &table, &cells.log)
        } else {
            try surfaces(batch.rowCount, shapes, xs, &table, &cells.log)
        }
    }

    private func readTexts(
        _ texts: [Int: UnsafeBufferPointer<UInt8>], _ shapes: inout [Int: FeatureGeometry<Unreferenced>],
        _ log: inout RowLog
    ) {
        for (row, bytes) in texts.sorted(by: { $0.key < $1.key }) {
            do {
                shapes[row] = try WellKnownText.parse(String(decoding: bytes, as: UTF8.self))
            } catch {
                log.reject(row, "wkt", String(decoding: bytes.prefix(200), as: UTF8.self), error.description)
            }
        }
    }

    /// The system that the coordinates are in: as the mapping says, as the file says, else longitude and latitude
    /// where most of them can be that.
    private func system(_ xs: [Double], _ ys: [Double]) throws(LoaderError) -> SourceSystem {
        if let system { return system }
        let found: SourceSystem
        switch reader.crs {
        case .named(let name)?: found = try SourceSystem(name, file: input.fileName)
        case .longitudeLatitude?: found = SourceSystem(file: input.fileName)
        case nil:
            let placed = xs.indices.filter { !xs[$0].isNaN }
            guard !placed.isEmpty else { return SourceSystem(file: input.fileName) }
            let onGlobe = placed.count { abs(xs[$0]) <= 180 && abs(ys[$0]) <= 180 }
            guard onGlobe * 2 >= placed.count else { throw .missingCRS(file: input.fileName, suggestion: metricCRS) }
            found = SourceSystem(file: input.fileName)
        }
        system = found
        return found
    }

    private func describe(_ system: SourceSystem) {
        if dialect.isEmpty { dialect = ", coordinates \(system.name)" }
    }

    // MARK: Places

    /// A place may be given as a surface: then a point inside it stands for it.
    private func reduce(
        _ shapes: [Int: FeatureGeometry<Unreferenced>], _ xs: inout [Double], _ ys: inout [Double], _ log: inout RowLog
    ) throws(LoaderError) {
        for (row, shape) in shapes.sorted(by: { $0.key < $1.key }) where log.isAlive(row) {
            if case .point = shape { continue }
            let surface = shape.surface
            if shape.isEmpty { continue }
            guard !surface.isEmpty else {
                log.reject(row, Self.field, "", "the geometry is neither a point nor a surface; a record has one place")
                continue
            }
            do throws(GeometryError) {
                var inside = Self.centreOfRectangle(surface)
                if inside == nil { inside = try geos.interiorPoint(of: geos.repaired(surface).surface) }
                guard let inside else {
                    log.reject(row, Self.field, "", "the surface has no area")
                    continue
                }
                xs[row] = inside.x
                ys[row] = inside.y
                reduced += 1
            } catch {
                log.reject(row, Self.field, "", error.description)
            }
        }
    }

    /// The centre of an axis-parallel rectangle, such as a grid cell; nil for any other surface.
    private static func centreOfRectangle(_ surface: MultiPolygon<Unreferenced>) -> Coordinate<Unreferenced>? {
        guard surface.polygons.count == 1, surface.polygons[0].holes.isEmpty else { return nil }
        let ring = surface.polygons[0].exterior.coordinates
        let box = surface.boundingBox
        guard ring.count == 5,
            ring.allSatisfy({ ($0.x == box.minX || $0.x == box.maxX) && ($0.y == box.minY || $0.y == box.maxY) }),
            zip(ring, ring.dropFirst()).allSatisfy({ ($0.x == $1.x) != ($0.y == $1.y) })
        else { return nil }
        return Coordinate(x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2)
    }

    private func points(_ xs: [Double], _ ys: [Double], _ table: inout Table, _ log: inout RowLog) throws(LoaderError) {
        let system = try system(xs, ys)
        if xs.contains(where: { !$0.isNaN }) { describe(system) }
        var (longitudes, latitudes) = system.transform(xs, ys)
        unswap(xs, ys, &longitudes, &latitudes, system, &log)
        for row in xs.indices where !xs[row].isNaN && longitudes[row].isNaN {
            let hint =
                abs(ys[row]) <= 180 && abs(xs[row]) <= 90 && system.isGeographic
                ? "; longitude and latitude may be swapped" : "; check the coordinates and crs:"
            log.reject(
                row, Self.field, "\(xs[row]) \(ys[row])",
                (system.isGeographic
                    ? "the position is not on the globe (longitude ±180, latitude ±90)"
                    : "the position lies outside the area of \(system.name)") + hint)
        }
        table.geometry = .points(longitudes: longitudes, latitudes: latitudes)
    }

    /// Swaps back coordinates that lie in no loaded area as they stand, and in one when swapped.
    private func unswap(
        _ xs: [Double], _ ys: [Double], _ longitudes: inout [Double], _ latitudes: inout [Double],
        _ system: SourceSystem,
        _ log: inout RowLog
    ) {
        guard !areas.isEmpty else { return }
        let located = areas.locate(longitudes, latitudes)
        let outside = xs.indices.filter { !xs[$0].isNaN && !located.isInside($0) && log.isAlive($0) }
        guard !outside.isEmpty else { return }
        let swapped = system.transform(outside.map { ys[$0] }, outside.map { xs[$0] })
        let found = areas.locate(swapped.longitudes, swapped.latitudes)
        for (position, row) in outside.enumerated() where found.isInside(position) {
            longitudes[row] = swapped.longitudes[position]
            latitudes[row] = swapped.latitudes[position]
            log.repair(
                row, Self.field, "\(xs[row]) \(ys[row])",
                "the two coordinates were swapped: only the other way round the place lies in a loaded district")
        }
    }

    // MARK: Areas

    private func surfaces(
        _ count: Int, _ shapes: [Int: FeatureGeometry<Unreferenced>], _ xs: [Double], _ table: inout Table,
        _ log: inout RowLog
    ) throws(LoaderError) {
        let extent = shapes.values.map(\.boundingBox).filter { !$0.isEmpty }
        let system = try system(extent.map(\.maxX), extent.map(\.maxY))
        if !extent.isEmpty { describe(system) }
        var stated: [MultiPolygon<Geographic>] = []
        for row in 0..<count {
            guard log.isAlive(row), let shape = shapes[row] else {
                log.reject(
                    row, Self.field, "",
                    xs[row].isNaN ? "the outline is missing" : "the geometry is a point; an area needs an outline")
                stated.append(MultiPolygon([]))
                continue
            }
            stated.append(surface(shape, row, system, &log))
        }
        let labels = (table.real("label_lon"), table.real("label_lat"))
        let isLabelled = (0..<count).map { !labels.0[$0].isNaN && !labels.1[$0].isNaN }
        let surveys: [SurfaceSurvey]
        do {
            surveys = try SurfaceSurvey.survey(stated, needsLabel: isLabelled.map { !$0 })
        } catch {
            throw .geometry(file: input.fileName, reason: error.description)
        }
        for (row, survey) in surveys.enumerated() {
            if let reason = survey.rejection { log.reject(row, Self.field, "", reason) }
            if let reason = survey.repair { log.repair(row, Self.field, "", reason) }
        }
        table.geometry = .surfaces(surveys.map(\.surface))
        table.set("area_m2", surveys.map(\.area))
        table.set(
            "label_lon",
            (0..<count).map { isLabelled[$0] ? labels.0[$0] : surveys[$0].label?.longitude ?? .nan })
        table.set(
            "label_lat", (0..<count).map { isLabelled[$0] ? labels.1[$0] : surveys[$0].label?.latitude ?? .nan })
    }

    private func surface(
        _ shape: FeatureGeometry<Unreferenced>, _ row: Int, _ system: SourceSystem, _ log: inout RowLog
    ) -> MultiPolygon<Geographic> {
        let stated = shape.surface
        guard !stated.isEmpty else {
            log.reject(
                row, Self.field, "",
                shape.isEmpty ? "the outline is empty" : "the geometry is no surface; an area needs an outline")
            return MultiPolygon([])
        }
        guard let surface = system.transform(stated) else {
            log.reject(
                row, Self.field, "",
                "the outline lies outside the area of \(system.name); check crs: and the order of the coordinates")
            return MultiPolygon([])
        }
        return surface
    }
}

extension Table {
    /// Replaces the values of a field of real numbers.
    fileprivate mutating func set(_ field: String, _ values: [Double]) {
        if let position = schema.position(of: field) { columns[position] = .real(values) }
    }
}
