import Geometry

/// The CRS that positions are written in, where it is another than longitude and latitude.
struct PositionFrame: Sendable {
    /// The CRS.
    let crs: ExchangeCRS
    private let coordinates: CoordinateExchange

    /// Takes a CRS; nil for longitude and latitude, which need no change.
    init?(_ crs: ExchangeCRS, _ coordinates: CoordinateExchange) {
        guard crs != .longitudeLatitude else { return nil }
        self.crs = crs
        self.coordinates = coordinates
    }

    /// Makes ready what writing needs. Blocks; call it before anything is written.
    ///
    /// - Throws: `GeometryError` where PROJ cannot.
    func prepare() throws(GeometryError) { try coordinates.prepare(crs) }

    /// Positions as they are written; nil where the CRS cannot express one of them.
    func positions(of places: [Coordinate<Geographic>]) -> [Coordinate<Unreferenced>]? {
        coordinates.positions(of: places, in: crs)
    }
}
