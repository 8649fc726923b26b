import Geometry
import HTTPTypes
import NetworkModel

/// The box of a request, in the CRS in which it is stated.
struct RequestedBox: Sendable {
    /// What it covers on longitude and latitude: the box itself, in two parts across the antimeridian; for a box in
    /// metres what holds all of it.
    let cover: [BoundingBox<Geographic>]
    /// The box in metres, east first, and its CRS; nil where it is stated in degrees.
    let metric: (box: BoundingBox<Projected>, crs: ExchangeCRS)?

    /// Reads four numbers in the order of the CRS's axes; six are taken with their heights left aside. Blocks.
    ///
    /// - Throws: a problem of status 400 naming `bbox`.
    init(_ text: String, crs: ExchangeCRS, coordinates: CoordinateExchange) throws(Problem) {
        let name = QueryParameter.bbox.name
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let isEmpty = crs != .longitudeLatitude && !(parts.count == 4 || parts.count == 6)
        guard !isEmpty else { throw Self.refusal(text, crs) }
        do throws(FilterError) {
            switch crs {
            case .longitudeLatitude:
                cover = try OfferFilter.box(text, parameter: name)
                metric = nil
            case .latitudeLongitude:
                let swapped = parts.count == 4 ? [1, 0, 3, 2] : [1, 0, 2, 4, 3, 5]
                cover = try OfferFilter.box(swapped.map { String(parts[$0]) }.joined(separator: ","), parameter: name)
                metric = nil
            case .utm32, .europeanGrid, .webMercator:
                (cover, metric) = try Self.metric(parts, text, crs, coordinates)
            }
        } catch {
            throw crs == .longitudeLatitude ? Problem(error) : Self.refusal(text, crs)
        }
    }

    private static func metric(
        _ parts: [Substring], _ text: String, _ crs: ExchangeCRS, _ coordinates: CoordinateExchange
    ) throws(FilterError) -> ([BoundingBox<Geographic>], (box: BoundingBox<Projected>, crs: ExchangeCRS)?) {
        let refusal = FilterError.invalidValue(parameter: QueryParameter.bbox.name, value: text, expected: "")
        let numbers = parts.compactMap { Double($0.trimmed) }.filter(\.isFinite)
        guard numbers.count == parts.count else { throw refusal }
        let plane = numbers.count == 4 ? numbers : [numbers[0], numbers[1], numbers[3], numbers[4]]
        guard plane[0] <= plane[2], plane[1] <= plane[3] else { throw refusal }
        let box =
            crs.hasNorthFirst
            ? BoundingBox<Projected>(minX: plane[1], minY: plane[0], maxX: plane[3], maxY: plane[2])
            : BoundingBox<Projected>(minX: plane[0], minY: plane[1], maxX: plane[2], maxY: plane[3])
        guard let cover = try? coordinates.cover(of: box, in: crs) else { throw refusal }
        return (cover, (box, crs))
    }

    private static func refusal(_ text: String, _ crs: ExchangeCRS) -> Problem {
        let expected =
            switch crs {
            case .longitudeLatitude: "west,south,east,north in degrees, south not above north"
            case .latitudeLongitude: "south,west,north,east in degrees, south not above north"
            case .europeanGrid: "south,west,north,east in metres of \(crs.rawValue), each within its reach"
            case .utm32, .webMercator: "west,south,east,north in metres of \(crs.rawValue), each within its reach"
            }
        return Problem(
            .badRequest, "parameter 'bbox' has the value '\(text.clipped)'; expected \(expected)",
            parameter: QueryParameter.bbox.name)
    }

    /// What the box covers as one box of the grammar for offers; nil where it has more parts than that can say.
    var text: String? {
        guard let first = cover.first, let last = cover.last else { return nil }
        return [first.minX, first.minY, last.maxX, last.maxY].map { "\($0)" }.joined(separator: ",")
    }

    /// Those of some rows that meet the box itself, where their cover is only nearly it.
    ///
    /// - Parameter rows: rows that meet `cover`.
    /// - Complexity: O(vertices of the rows)
    /// - Throws: `GeometryError` where PROJ cannot.
    func exact(_ rows: [Int], of table: FeatureTable, _ coordinates: CoordinateExchange) throws -> [Int] {
        guard let metric else { return rows }
        try coordinates.prepare(metric.crs)
        return rows.filter { row in
            if let surface = table.surface(row) {
                var vertices: [Coordinate<Geographic>] = []
                for polygon in surface.polygons { for ring in polygon.rings { vertices += ring.coordinates } }
                guard let projected = try? coordinates.metric(vertices, in: metric.crs) else { return false }
                var next = projected.makeIterator()
                let moved: MultiPolygon<Projected> = surface.map { _ in next.next() ?? Coordinate(x: .nan, y: .nan) }
                return moved.meets(metric.box)
            }
            if case .geometries = table.geometry {
                var vertices: [Coordinate<Geographic>] = []
                guard let shape = table.shape(row) else { return false }
                shape.forEachCoordinate { vertices.append($0) }
                guard let projected = try? coordinates.metric(vertices, in: metric.crs) else { return false }
                var next = projected.makeIterator()
                return shape.map { _ in next.next() ?? Coordinate<Projected>(x: .nan, y: .nan) }.meets(metric.box)
            }
            guard let point = table.point(row),
                let projected = try? coordinates.metric([point], in: metric.crs).first
            else { return false }
            return metric.box.contains(projected)
        }
    }
}
