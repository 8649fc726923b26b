internal import Synchronization

/// Takes coordinates from the CRSs of exchange to longitude and latitude and back: the one place where the authorities'
/// order of axes is minded.
///
/// The transformation to a CRS is made when it is first needed (some tens of milliseconds) and kept. Safe to use from
/// any thread; calls block while others transform, so stay off event loops.
public final class CoordinateExchange: Sendable {
    private let transformers = Mutex<[ExchangeCRS: SharedTransformer<Geographic, Projected>]>([:])
    private let threads: Int

    /// Makes nothing yet.
    ///
    /// - Parameter threads: how many threads transform at once.
    public init(threads: Int = 4) { self.threads = threads }

    private func transformer(_ crs: ExchangeCRS) throws(GeometryError) -> SharedTransformer<Geographic, Projected> {
        let result = transformers.withLock { kept -> Result<SharedTransformer<Geographic, Projected>, GeometryError> in
            if let known = kept[crs] { return .success(known) }
            let made = Result { () throws(GeometryError) -> SharedTransformer<Geographic, Projected> in
                try SharedTransformer(
                    from: ExchangeCRS.longitudeLatitude.rawValue, to: crs.rawValue, count: threads)
            }
            if case .success(let transformer) = made { kept[crs] = transformer }
            return made
        }
        return try result.get()
    }

    /// Makes ready what `positions` needs.
    ///
    /// - Throws: `GeometryError` where PROJ cannot.
    public func prepare(_ crs: ExchangeCRS) throws(GeometryError) {
        if !crs.isGeographic { _ = try transformer(crs) }
    }

    /// Positions as a CRS writes them: its axes in the authority's order, metres to the millimetre.
    ///
    /// - Returns: as many as came in; nil where the CRS cannot express one of them.
    /// - Complexity: O(n)
    public func positions(
        of coordinates: [Coordinate<Geographic>], in crs: ExchangeCRS
    ) -> [Coordinate<Unreferenced>]? {
        if crs.isGeographic {
            return coordinates.map { crs.hasNorthFirst ? Coordinate(x: $0.y, y: $0.x) : Coordinate(x: $0.x, y: $0.y) }
        }
        guard let metric = try? metric(coordinates, in: crs) else { return nil }
        return metric.map { position in
            let east = (position.x * 1000).rounded() / 1000
            let north = (position.y * 1000).rounded() / 1000
            return crs.hasNorthFirst ? Coordinate(x: north, y: east) : Coordinate(x: east, y: north)
        }
    }

    /// Coordinates in metres, east first.
    ///
    /// - Parameter crs: one that is not geographic.
    /// - Throws: `GeometryError.untransformable` for the first that the CRS cannot express.
    public func metric(
        _ coordinates: [Coordinate<Geographic>], in crs: ExchangeCRS
    ) throws(GeometryError) -> [Coordinate<Projected>] {
        let result = try transformer(crs).use { $0.transform(coordinates) }
        if let failure = result.failures.first {
            throw .untransformable(index: failure, x: coordinates[failure].x, y: coordinates[failure].y)
        }
        return result.coordinates
    }

    /// A geometry of a CRS, its axes in the authority's order, on longitude and latitude.
    ///
    /// - Throws: `GeometryError.untransformable` for the first vertex that cannot be transformed.
    public func geographic(
        _ geometry: FeatureGeometry<Unreferenced>, from crs: ExchangeCRS
    ) throws(GeometryError) -> FeatureGeometry<Geographic> {
        let swaps = crs.hasNorthFirst
        if crs.isGeographic {
            return geometry.map { swaps ? Coordinate(x: $0.y, y: $0.x) : Coordinate(x: $0.x, y: $0.y) }
        }
        let metric: FeatureGeometry<Projected> = geometry.map {
            swaps ? Coordinate(x: $0.y, y: $0.x) : Coordinate(x: $0.x, y: $0.y)
        }
        return try transformer(crs).use { (transformer) throws(GeometryError) in try transformer.inverse(metric) }
    }

    /// The boxes that hold all of a box in metres, east first; two where it crosses the antimeridian.
    ///
    /// - Throws: `GeometryError.proj` where a part of the box cannot be transformed.
    public func cover(
        of box: BoundingBox<Projected>, in crs: ExchangeCRS
    ) throws(GeometryError) -> [BoundingBox<Geographic>] {
        try transformer(crs).use { (transformer) throws(GeometryError) in try transformer.inverse(box) }
    }
}
