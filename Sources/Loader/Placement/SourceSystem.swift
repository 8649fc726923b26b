import Geometry

/// The coordinate reference system of one input, and the way from it to longitude and latitude.
///
/// Confined to one task, as PROJ is.
final class SourceSystem {
    /// Degrees beyond a system's registered area of use within which positions are still taken: EPSG draws the areas
    /// of neighbouring zones sharply, and data of one state is commonly kept in one zone (UTM 32 ends at 12° E).
    private static let tolerance = 6.0

    private let system: CoordinateReferenceSystem?
    private let transformer: CoordinateTransformer<Unreferenced, Geographic>?
    private let file: String

    /// Longitude and latitude.
    init(file: String) {
        self.file = file
        system = nil
        transformer = nil
    }

    /// - Throws: `LoaderError.unknownCRS` where PROJ knows no such system or no way from it.
    init(_ reference: String, file: String) throws(LoaderError) {
        self.file = file
        do {
            let context = try ProjContext()
            let system = try CoordinateReferenceSystem(reference, in: context)
            // ETRS89 and WGS 84 are one within a metre, which is what the project's `Geographic` means.
            if ["EPSG:4326", "EPSG:4258", "OGC:CRS84"].contains(system.identifier) {
                self.system = nil
                transformer = nil
            } else {
                self.system = system
                transformer = try CoordinateTransformer(
                    from: system, to: CoordinateReferenceSystem("OGC:CRS84", in: context), in: context)
            }
        } catch {
            throw .unknownCRS(file: file, crs: reference, reason: error.description)
        }
    }

    /// Whether positions are longitude and latitude as they stand.
    var isGeographic: Bool { transformer == nil }

    /// The name for reports.
    var name: String { system?.identifier ?? "longitude/latitude" }

    /// Positions in longitude and latitude; NaN where there are none, or where they lie outside the system's area.
    func transform(_ xs: [Double], _ ys: [Double]) -> (longitudes: [Double], latitudes: [Double]) {
        guard transformer != nil else {
            var longitudes = xs
            var latitudes = ys
            for row in xs.indices where !(abs(xs[row]) <= 180 && abs(ys[row]) <= 90) {
                longitudes[row] = .nan
                latitudes[row] = .nan
            }
            return (longitudes, latitudes)
        }
        let placed = xs.indices.filter { !xs[$0].isNaN }
        var longitudes = [Double](repeating: .nan, count: xs.count)
        var latitudes = longitudes
        let result = transformed(placed.map { Coordinate(x: xs[$0], y: ys[$0]) })
        for (row, position) in zip(placed, result) where isUsable(position) {
            longitudes[row] = position.x
            latitudes[row] = position.y
        }
        return (longitudes, latitudes)
    }

    private func transformed(_ coordinates: [Coordinate<Unreferenced>]) -> [Coordinate<Geographic>] {
        transformer?.transform(coordinates).coordinates ?? []
    }

    private func isUsable(_ position: Coordinate<Geographic>) -> Bool {
        guard position.isOnGlobe else { return false }
        guard let areas = system?.areaOfUse, !areas.isEmpty else { return true }
        return areas.contains { $0.expanded(by: Self.tolerance).contains(position) }
    }

    /// A surface in longitude and latitude; nil where a vertex lies outside the system's area.
    func transform(_ surface: MultiPolygon<Unreferenced>) -> MultiPolygon<Geographic>? {
        var result: MultiPolygon<Geographic>
        if transformer == nil {
            result = surface.map { Coordinate(x: $0.x, y: $0.y) }
        } else {
            do {
                guard let transformed = try transformer?.transform(surface) else { return nil }
                result = transformed
            } catch { return nil }
        }
        let box = result.boundingBox
        let corners = [Coordinate<Geographic>(x: box.minX, y: box.minY), Coordinate(x: box.maxX, y: box.maxY)]
        return result.isEmpty || corners.allSatisfy(isUsable) ? result : nil
    }
}
