internal import CPROJ

/// The transformation from one CRS to another, in both directions. Coordinates are always x/y (east, north), whatever
/// order the authorities prescribe.
///
/// **Confined** like the context that it is made in: one task at a time. Making one costs 1-15 ms (PROJ searches its
/// database for the best operation), so keep it; then a coordinate costs 0.1-0.5 microseconds.
public struct CoordinateTransformer<Source: ReferenceFrame, Target: ReferenceFrame>: ~Copyable {
    private let operation: ProjObject

    /// Prepares the transformation.
    ///
    /// - Parameters:
    ///   - source: the CRS of what comes in.
    ///   - target: the CRS of what goes out.
    ///   - context: where PROJ works. It may be let go: the transformer keeps what it needs.
    ///   - area: where the data lie, if known. PROJ then chooses the operation for that area.
    /// - Throws: `GeometryError.proj` where PROJ knows no way between the two.
    public init(
        from source: CoordinateReferenceSystem,
        to target: CoordinateReferenceSystem,
        in context: borrowing ProjContext,
        area: BoundingBox<Geographic>? = nil
    ) throws(GeometryError) {
        let handle = context.handle
        let bounds = area.flatMap { _ in proj_area_create() }
        defer { proj_area_destroy(bounds) }
        if let area, let bounds { proj_area_set_bbox(bounds, area.minX, area.minY, area.maxX, area.maxY) }
        let from = try source.object(in: handle)
        let to = try target.object(in: handle)
        let raw = try ProjObject(
            from.lend { from in
                to.lend { to in proj_create_crs_to_crs_from_pj(handle.pointer, from, to, bounds, nil) }
            },
            in: handle
        )
        operation = try ProjObject(raw.lend { proj_normalize_for_visualization(handle.pointer, $0) }, in: handle)
    }

    /// Transforms an array in one call.
    ///
    /// - Returns: as many coordinates as came in. Those that cannot be transformed are NaN; `failures` lists their
    ///   indices in ascending order.
    /// - Complexity: O(n), 0.1-0.5 microseconds each.
    public func transform(_ coordinates: [Coordinate<Source>]) -> TransformedCoordinates<Target> {
        run(coordinates, PJ_FWD)
    }

    /// Transforms an array the other way round.
    public func inverse(_ coordinates: [Coordinate<Target>]) -> TransformedCoordinates<Source> {
        run(coordinates, PJ_INV)
    }

    /// Transforms one coordinate.
    ///
    /// - Throws: `GeometryError.untransformable`.
    public func transform(_ coordinate: Coordinate<Source>) throws(GeometryError) -> Coordinate<Target> {
        try one(coordinate, PJ_FWD)
    }

    /// Transforms one coordinate the other way round.
    public func inverse(_ coordinate: Coordinate<Target>) throws(GeometryError) -> Coordinate<Source> {
        try one(coordinate, PJ_INV)
    }

    /// Transforms a geometry, vertex by vertex.
    ///
    /// - Throws: `GeometryError.untransformable` for the first vertex that cannot be transformed.
    public func transform(_ geometry: FeatureGeometry<Source>) throws(GeometryError) -> FeatureGeometry<Target> {
        try run(geometry, PJ_FWD)
    }

    /// Transforms a geometry the other way round.
    public func inverse(_ geometry: FeatureGeometry<Target>) throws(GeometryError) -> FeatureGeometry<Source> {
        try run(geometry, PJ_INV)
    }

    /// Transforms a surface, vertex by vertex.
    ///
    /// - Throws: `GeometryError.untransformable` for the first vertex that cannot be transformed.
    public func transform(_ surface: MultiPolygon<Source>) throws(GeometryError) -> MultiPolygon<Target> {
        try run(.multiPolygon(surface), PJ_FWD).surface
    }

    /// Transforms a surface the other way round.
    public func inverse(_ surface: MultiPolygon<Target>) throws(GeometryError) -> MultiPolygon<Source> {
        try run(.multiPolygon(surface), PJ_INV).surface
    }

    /// The boxes that hold all of a box after transformation: its edges are subdivided, as they become curves.
    ///
    /// - Returns: one box; two where a geographic target crosses the antimeridian.
    /// - Throws: `GeometryError.proj` where a part of the box cannot be transformed.
    public func transform(_ box: BoundingBox<Source>) throws(GeometryError) -> [BoundingBox<Target>] {
        try run(box, PJ_FWD)
    }

    /// The boxes that hold all of a box of the target, see `transform(_:)` for boxes.
    public func inverse(_ box: BoundingBox<Target>) throws(GeometryError) -> [BoundingBox<Source>] {
        try run(box, PJ_INV)
    }

    private func run<From, To>(
        _ coordinates: [Coordinate<From>], _ direction: PJ_DIRECTION
    ) -> TransformedCoordinates<To> {
        let count = coordinates.count
        var result = [Coordinate<To>](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                buffer.initializeElement(at: index, to: Coordinate(x: coordinates[index].x, y: coordinates[index].y))
            }
            initialized = count
        }
        result.withUnsafeMutableBytes { bytes in
            guard let x = bytes.baseAddress?.assumingMemoryBound(to: Double.self) else { return }
            let stride = MemoryLayout<Coordinate<To>>.stride
            _ = operation.lend {
                proj_trans_generic($0, direction, x, stride, count, x + 1, stride, count, nil, 0, 0, nil, 0, 0)
            }
        }
        // PROJ marks failures with HUGE_VAL; input that is not finite comes back as it is or as that.
        var failures: [Int] = []
        for index in result.indices where !result[index].isFinite {
            failures.append(index)
            result[index] = Coordinate(x: .nan, y: .nan)
        }
        if !failures.isEmpty { _ = operation.lend(proj_errno_reset) }
        return TransformedCoordinates(coordinates: result, failures: failures)
    }

    private func one<From, To>(
        _ coordinate: Coordinate<From>, _ direction: PJ_DIRECTION
    ) throws(GeometryError) -> Coordinate<To> {
        let transformed: TransformedCoordinates<To> = run([coordinate], direction)
        guard transformed.failures.isEmpty else {
            throw .untransformable(index: 0, x: coordinate.x, y: coordinate.y)
        }
        return transformed.coordinates[0]
    }

    private func run<From, To>(
        _ geometry: FeatureGeometry<From>, _ direction: PJ_DIRECTION
    ) throws(GeometryError) -> FeatureGeometry<To> {
        var vertices: [Coordinate<From>] = []
        geometry.forEachCoordinate { vertices.append($0) }
        let transformed: TransformedCoordinates<To> = run(vertices, direction)
        if let failure = transformed.failures.first {
            throw .untransformable(index: failure, x: vertices[failure].x, y: vertices[failure].y)
        }
        // `map` visits the vertices in the order in which they were collected.
        var next = transformed.coordinates.makeIterator()
        return geometry.map { _ in next.next() ?? Coordinate(x: .nan, y: .nan) }
    }

    private func run<From, To>(
        _ box: BoundingBox<From>, _ direction: PJ_DIRECTION
    ) throws(GeometryError) -> [BoundingBox<To>] {
        var result = (minX: 0.0, minY: 0.0, maxX: 0.0, maxY: 0.0)
        // 21 points per edge: PROJ's recommendation (proj_trans_bounds).
        let succeeded = operation.lend {
            proj_trans_bounds(
                operation.context.pointer, $0, direction, box.minX, box.minY, box.maxX, box.maxY,
                &result.minX, &result.minY, &result.maxX, &result.maxY, 21
            )
        }
        guard succeeded != 0, result.minX.isFinite, result.minY.isFinite, result.maxX.isFinite, result.maxY.isFinite
        else { throw operation.context.failure(code: operation.lend(proj_errno)) }
        guard result.minX > result.maxX else {
            return [BoundingBox(minX: result.minX, minY: result.minY, maxX: result.maxX, maxY: result.maxY)]
        }
        return BoundingBox<Geographic>.parts(
            west: result.minX, south: result.minY, east: result.maxX, north: result.maxY
        ).map { BoundingBox(minX: $0.minX, minY: $0.minY, maxX: $0.maxX, maxY: $0.maxY) }
    }
}

/// What a transformation has made of an array of coordinates.
public struct TransformedCoordinates<Frame: ReferenceFrame>: Sendable {
    /// One for each that came in; NaN where it failed.
    public var coordinates: [Coordinate<Frame>]
    /// The indices of those that could not be transformed, ascending.
    public var failures: [Int]
}
