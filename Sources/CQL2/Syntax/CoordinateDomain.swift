internal import Geometry

/// The CRS of a filter's geometry literals (`filter-crs`), as far as reading them is concerned.
public enum CoordinateDomain: Hashable, Sendable {
    /// OGC:CRS84: longitude, latitude. The default.
    case longitudeLatitude
    /// EPSG:4326 and its like: latitude, longitude.
    case latitudeLongitude
    /// A projected CRS: any finite number, and boxes do not wrap.
    case projected

    /// What is wrong with an ordinate (the first being 0), nil if nothing is.
    func defect(of ordinate: Double, axis: Int) -> String? {
        guard ordinate.isFinite else { return "a finite number is expected" }
        let isLongitude: Bool
        switch self {
        case .longitudeLatitude: isLongitude = axis == 0
        case .latitudeLongitude: isLongitude = axis == 1
        case .projected: return nil
        }
        guard abs(ordinate) > (isLongitude ? 180 : 90) else { return nil }
        return isLongitude
            ? "longitude \(ordinate) lies outside -180 to 180" : "latitude \(ordinate) lies outside -90 to 90"
    }

    /// What is wrong with a box, nil if nothing is.
    func defect(of box: BoxLiteral) -> String? {
        let first = "the first border is greater than the third"
        let second = "the second border is greater than the fourth"
        switch self {
        case .longitudeLatitude: return box.minY > box.maxY ? second : nil
        case .latitudeLongitude: return box.minX > box.maxX ? first : nil
        case .projected: return box.minX > box.maxX ? first : box.minY > box.maxY ? second : nil
        }
    }

    /// The one or two boxes that a literal covers, in its own axes.
    func parts(of box: BoxLiteral) -> [BoundingBox<Unreferenced>] {
        func part(_ minX: Double, _ minY: Double, _ maxX: Double, _ maxY: Double) -> BoundingBox<Unreferenced> {
            BoundingBox(minX: minX, minY: minY, maxX: maxX, maxY: maxY)
        }
        switch self {
        case .longitudeLatitude where box.minX > box.maxX:
            return [part(box.minX, box.minY, 180, box.maxY), part(-180, box.minY, box.maxX, box.maxY)]
        case .latitudeLongitude where box.minY > box.maxY:
            return [part(box.minX, box.minY, box.maxX, 180), part(box.minX, -180, box.maxX, box.maxY)]
        default: return [part(box.minX, box.minY, box.maxX, box.maxY)]
        }
    }
}
