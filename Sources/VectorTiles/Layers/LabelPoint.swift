internal import Geometry
internal import NetworkModel

/// The one point at which an area's name stands.
struct LabelPoint: Sendable {
    let level: String
    let feature: UInt64
    let key: String
    let name: String?
    let people: Int64?
    let position: Coordinate<MercatorSquare>

    /// The label points of a table of areas: where the record says, else inside the area's widest part.
    static func points(of areas: Table, level: String, features: [UInt64]) -> [LabelPoint] {
        let longitudes = areas.real("label_lon")
        let latitudes = areas.real("label_lat")
        let names = areas.text("name")
        let people = areas.integer("people")
        return (0..<areas.count).compactMap { row in
            let stated = Coordinate<Geographic>(longitude: longitudes[row], latitude: latitudes[row])
            guard let position = stated.isOnGlobe ? stated : areas.surface(row).flatMap(widestPlace) else { return nil }
            return LabelPoint(
                level: level, feature: features[row], key: areas.identifiers[row] ?? "", name: names[row],
                people: people[row] == Column.missingInteger ? nil : people[row],
                position: WebMercator.project(position))
        }
    }

    /// The middle of the widest stretch of a surface at half the height of its largest part.
    private static func widestPlace(_ surface: MultiPolygon<Geographic>) -> Coordinate<Geographic>? {
        let largest = surface.polygons.max { abs($0.exterior.doubledSignedArea) < abs($1.exterior.doubledSignedArea) }
        guard let largest else { return nil }
        let box = largest.exterior.boundingBox
        guard !box.isEmpty else { return nil }
        let height = (box.minY + box.maxY) / 2
        var crossings: [Double] = []
        for ring in largest.rings {
            for (start, end) in zip(ring.coordinates, ring.coordinates.dropFirst())
            where (start.y > height) != (end.y > height) {
                crossings.append(start.x + (end.x - start.x) * (height - start.y) / (end.y - start.y))
            }
        }
        crossings.sort()
        let stretches = stride(from: 0, to: crossings.count - 1, by: 2).map { (crossings[$0], crossings[$0 + 1]) }
        return stretches.max { $0.1 - $0.0 < $1.1 - $1.0 }
            .map { Coordinate(longitude: ($0.0 + $0.1) / 2, latitude: height) }
    }
}
