import Foundation
import Geometry
import HTTPTypes
import NetworkModel

extension PageRenderer {
    /// The picture that other sites show beside a link to a district: its shape in its state, and its offers as dots.
    ///
    /// 1200 × 630 pixels, the size that such previews are cut to. Without words: they stand in the link's title, in the
    /// reader's language.
    func districtImage(_ key: String, _ served: ServedSnapshot) throws -> [UInt8] {
        let snapshot = served.snapshot
        guard let record = snapshot.district(key) else { throw Problem(.notFound, "there is no such district") }
        let (width, height, margin) = (1200.0, 630.0, 40.0)
        let region = served.regionBox
        let own = snapshot.districtBoxes[record.row].padded(by: 0.6)
        // The district large, with as much of its state around it as fits.
        let box = BoundingBox<Geographic>(
            minX: max(region.minX, own.minX), minY: max(region.minY, own.minY), maxX: min(region.maxX, own.maxX),
            maxY: min(region.maxY, own.maxY))
        let stretch = cos((box.minY + box.maxY) / 2 * .pi / 180)
        let scale = min(
            (width - 2 * margin) / max((box.maxX - box.minX) * stretch, 1e-6),
            (height - 2 * margin) / max(box.maxY - box.minY, 1e-6))
        let center = (x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2)
        let place = { (point: Coordinate<Geographic>) -> Raster.Point in
            (
                width / 2 + (point.longitude - center.x) * stretch * scale,
                height / 2 - (point.latitude - center.y) * scale
            )
        }
        var raster = Raster(width: Int(width), height: Int(height), ground: PNG.Colour(0x0b4a55))
        let rings = { (surface: MultiPolygon<Geographic>) in
            surface.polygons.flatMap { [$0.exterior] + $0.holes }.map { $0.coordinates.dropLast().map(place) }
        }
        for row in 0..<snapshot.districts.count {
            guard let surface = snapshot.districts.surface(row) else { continue }
            raster.fill(
                rings(surface), PNG.Colour(row == record.row ? 0xf4f5f1 : row.isMultiple(of: 2) ? 0x1d6570 : 0x19606b))
        }
        let districts = snapshot.offers.code("district_key")
        for row in 0..<snapshot.offers.count where districts[row] == key {
            guard let point = snapshot.offers.point(row) else { continue }
            raster.disc(place(point), radius: 13, PNG.Colour(0x0b4a55))
            raster.disc(place(point), radius: 9, PNG.Colour(0xf2c14e))
        }
        return try raster.png()
    }
}
