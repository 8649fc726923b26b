internal import CGEOS

/// What a repair has made of an invalid surface, and at what price.
public struct Repair<Frame: ReferenceFrame>: Hashable, Sendable {
    /// What was wrong; `.valid` if nothing was, and the surface is then untouched.
    public var finding: Validity<Frame>
    /// The valid surface; empty if nothing was left.
    public var surface: MultiPolygon<Frame>
    /// The rings that enclose nothing and were left out, as they came in.
    public var droppedRings: [Ring<Frame>]
    /// The number of rings that were not closed and got their first vertex repeated.
    public var closedRingCount: Int
    /// The planar area before, in square units of the frame: shells less holes, each taken as it came.
    public var areaBefore: Double
    /// The planar area after.
    public var areaAfter: Double
}

extension GEOSContext {
    /// Makes a valid surface of an invalid one.
    ///
    /// GEOS's *structure* method: shells are united, holes are subtracted, a hole outside its shell becomes a part of
    /// its own, and rings that collapse to a line or point are dropped (and listed). Edges stay where they are; only
    /// crossings add vertices. A valid surface comes back unchanged.
    ///
    /// - Throws: `GeometryError.malformedSurface` for ordinates that are not finite, as nobody can say what was meant;
    ///   `GeometryError.geos`.
    public func repaired<Frame>(_ surface: MultiPolygon<Frame>) throws(GeometryError) -> Repair<Frame> {
        let finding = try validity(of: surface)
        var repair = Repair(
            finding: finding, surface: surface, droppedRings: [], closedRingCount: 0,
            areaBefore: surface.planarArea, areaAfter: surface.planarArea
        )
        guard !finding.isValid else { return repair }
        var whole = MultiPolygon<Frame>([])
        for polygon in surface.polygons {
            let exterior = try enclosing(polygon.exterior, &repair)
            var holes: [Ring<Frame>] = []
            for hole in polygon.holes {
                if let hole = try enclosing(hole, &repair) { holes.append(hole) }
            }
            // Holes without a shell enclose nothing that could be cut.
            guard let exterior else {
                repair.droppedRings += holes
                continue
            }
            whole.polygons.append(Polygon(exterior: exterior, holes: holes))
        }
        repair.surface = try handle.madeValid(handle.surface(whole)).surface()
        repair.areaAfter = repair.surface.planarArea
        return repair
    }

    /// The ring, closed, if it encloses an area at all; else it is noted as dropped.
    private func enclosing<Frame>(
        _ ring: Ring<Frame>, _ repair: inout Repair<Frame>
    ) throws(GeometryError) -> Ring<Frame>? {
        guard let first = ring.coordinates.first else { return nil }
        if let wrong = ring.coordinates.first(where: { !$0.isFinite }) {
            throw .malformedSurface(reason: "a vertex (\(wrong.x), \(wrong.y)) is not finite")
        }
        var closed = ring
        if first != ring.coordinates.last { closed.coordinates.append(first) }
        guard closed.coordinates.count >= 4,
            try !handle.isEmpty(handle.madeValid(handle.polygon(Polygon(exterior: closed))))
        else {
            repair.droppedRings.append(ring)
            return nil
        }
        if closed != ring { repair.closedRingCount += 1 }
        return closed
    }
}

extension GEOSHandle {
    func madeValid(_ geometry: borrowing GEOSGeometryHandle) throws(GeometryError) -> GEOSGeometryHandle {
        // NULL on exception; 0 on exception for the two setters.
        guard let parameters = GEOSMakeValidParams_create_r(pointer) else { throw failure() }
        defer { GEOSMakeValidParams_destroy_r(pointer, parameters) }
        guard GEOSMakeValidParams_setMethod_r(pointer, parameters, GEOS_MAKE_VALID_STRUCTURE) != 0,
            GEOSMakeValidParams_setKeepCollapsed_r(pointer, parameters, 0) != 0
        else { throw failure() }
        return try take(geometry.lend { GEOSMakeValidWithParams_r(pointer, $0, parameters) })
    }

    func isEmpty(_ geometry: borrowing GEOSGeometryHandle) throws(GeometryError) -> Bool {
        // 2 on exception.
        try bool(geometry.lend { GEOSisEmpty_r(pointer, $0) })
    }
}
