internal import CGEOS

/// From values to GEOS: one copy per line or ring, none per coordinate.
extension GEOSHandle {
    func geometry<Frame>(_ geometry: FeatureGeometry<Frame>) throws(GeometryError) -> GEOSGeometryHandle {
        switch geometry {
        case .point(let coordinate):
            // NULL on exception.
            return try take(GEOSGeom_createPointFromXY_r(pointer, coordinate.x, coordinate.y))
        case .multiPoint(let coordinates):
            return try collection(GEOS_MULTIPOINT, coordinates.count) { index throws(GeometryError) in
                try self.geometry(.point(coordinates[index]))
            }
        case .lineString(let coordinates):
            return try line(coordinates)
        case .multiLineString(let lines):
            return try collection(GEOS_MULTILINESTRING, lines.count) { index throws(GeometryError) in
                try self.line(lines[index])
            }
        case .polygon(let polygon):
            return try self.polygon(polygon)
        case .multiPolygon(let surface):
            return try self.surface(surface)
        case .collection(let members):
            return try collection(GEOS_GEOMETRYCOLLECTION, members.count) { index throws(GeometryError) in
                try self.geometry(members[index])
            }
        }
    }

    func surface<Frame>(_ surface: MultiPolygon<Frame>) throws(GeometryError) -> GEOSGeometryHandle {
        if surface.polygons.count == 1 { return try polygon(surface.polygons[0]) }
        return try collection(GEOS_MULTIPOLYGON, surface.polygons.count) { index throws(GeometryError) in
            try self.polygon(surface.polygons[index])
        }
    }

    func collection(
        _ type: GEOSGeomTypes,
        _ count: Int,
        part: (Int) throws(GeometryError) -> GEOSGeometryHandle
    ) throws(GeometryError) -> GEOSGeometryHandle {
        var parts: [OpaquePointer?] = []
        parts.reserveCapacity(count)
        do throws(GeometryError) {
            for index in 0..<count { parts.append(try part(index).release()) }
        } catch {
            for part in parts { GEOSGeom_destroy_r(pointer, part) }
            throw error
        }
        // Takes ownership of the parts even if it fails; NULL on exception.
        return try take(GEOSGeom_createCollection_r(pointer, Int32(type.rawValue), &parts, UInt32(count)))
    }

    func polygon<Frame>(_ polygon: Polygon<Frame>) throws(GeometryError) -> GEOSGeometryHandle {
        guard !(polygon.exterior.coordinates.isEmpty && polygon.holes.isEmpty) else {
            return try take(GEOSGeom_createEmptyPolygon_r(pointer))
        }
        let shell = try ring(polygon.exterior)
        var holes: [OpaquePointer?] = []
        holes.reserveCapacity(polygon.holes.count)
        do throws(GeometryError) {
            for hole in polygon.holes { holes.append(try ring(hole).release()) }
        } catch {
            for hole in holes { GEOSGeom_destroy_r(pointer, hole) }
            throw error
        }
        // Takes ownership of shell and holes even if it fails; NULL on exception.
        return try take(GEOSGeom_createPolygon_r(pointer, shell.release(), &holes, UInt32(holes.count)))
    }

    private func ring<Frame>(_ ring: Ring<Frame>) throws(GeometryError) -> GEOSGeometryHandle {
        // Takes ownership of the sequence even if it fails; NULL on exception (fewer than 4 points, not closed).
        try take(GEOSGeom_createLinearRing_r(pointer, sequence(ring.coordinates)))
    }

    private func line<Frame>(_ coordinates: [Coordinate<Frame>]) throws(GeometryError) -> GEOSGeometryHandle {
        // Takes ownership of the sequence even if it fails; NULL on exception.
        try take(GEOSGeom_createLineString_r(pointer, sequence(coordinates)))
    }

    private func sequence<Frame>(_ coordinates: [Coordinate<Frame>]) throws(GeometryError) -> OpaquePointer {
        // A coordinate is two doubles without padding, which is GEOS's buffer layout. NULL on exception.
        let sequence = coordinates.withUnsafeBytes { bytes in
            GEOSCoordSeq_copyFromBuffer_r(
                pointer, bytes.baseAddress?.assumingMemoryBound(to: Double.self), UInt32(coordinates.count), 0, 0
            )
        }
        guard let sequence else { throw failure() }
        return sequence
    }
}

/// From GEOS to values.
extension GEOSGeometryHandle {
    /// The whole geometry.
    func value<Frame>() throws(GeometryError) -> FeatureGeometry<Frame> {
        try lend { pointer throws(GeometryError) in
            guard let pointer else { return .collection([]) }
            return try Self.value(pointer, context)
        }
    }

    /// The polygons, also those inside collections; points and lines are left out.
    func surface<Frame>() throws(GeometryError) -> MultiPolygon<Frame> {
        var polygons: [Polygon<Frame>] = []
        try lend { pointer throws(GeometryError) in
            if let pointer { try Self.collectPolygons(pointer, context, into: &polygons) }
        }
        return MultiPolygon(polygons)
    }

    private static func type(_ pointer: OpaquePointer, _ context: GEOSHandle) throws(GeometryError) -> GEOSGeomTypes {
        // -1 on exception.
        let type = GEOSGeomTypeId_r(context.pointer, pointer)
        guard type >= 0 else { throw context.failure() }
        return GEOSGeomTypes(rawValue: UInt32(type))
    }

    /// Borrowed pointers to the parts.
    private static func parts(_ pointer: OpaquePointer, _ context: GEOSHandle) throws(GeometryError) -> [OpaquePointer]
    {
        // -1 on exception.
        let count = GEOSGetNumGeometries_r(context.pointer, pointer)
        guard count >= 0 else { throw context.failure() }
        var parts: [OpaquePointer] = []
        parts.reserveCapacity(Int(count))
        for index in 0..<count {
            // Still owned by the collection; NULL on exception.
            guard let part = GEOSGetGeometryN_r(context.pointer, pointer, index) else { throw context.failure() }
            parts.append(part)
        }
        return parts
    }

    private static func collectPolygons<Frame>(
        _ pointer: OpaquePointer, _ context: GEOSHandle, into polygons: inout [Polygon<Frame>]
    ) throws(GeometryError) {
        switch try type(pointer, context) {
        case GEOS_POLYGON:
            let polygon: Polygon<Frame> = try polygon(pointer, context)
            if !polygon.exterior.coordinates.isEmpty { polygons.append(polygon) }
        case GEOS_MULTIPOLYGON, GEOS_GEOMETRYCOLLECTION:
            for part in try parts(pointer, context) { try collectPolygons(part, context, into: &polygons) }
        default: break
        }
    }

    private static func value<Frame>(
        _ pointer: OpaquePointer, _ context: GEOSHandle
    ) throws(GeometryError) -> FeatureGeometry<Frame> {
        switch try type(pointer, context) {
        case GEOS_POINT:
            let coordinates: [Coordinate<Frame>] = try coordinates(pointer, context)
            return coordinates.first.map { .point($0) } ?? .multiPoint([])
        case GEOS_LINESTRING, GEOS_LINEARRING:
            return .lineString(try coordinates(pointer, context))
        case GEOS_POLYGON:
            return .polygon(try polygon(pointer, context))
        case GEOS_MULTIPOINT:
            var coordinates: [Coordinate<Frame>] = []
            for part in try parts(pointer, context) { coordinates += try Self.coordinates(part, context) }
            return .multiPoint(coordinates)
        case GEOS_MULTILINESTRING:
            return .multiLineString(
                try parts(pointer, context).map { part throws(GeometryError) in try coordinates(part, context) }
            )
        case GEOS_MULTIPOLYGON:
            var polygons: [Polygon<Frame>] = []
            try collectPolygons(pointer, context, into: &polygons)
            return .multiPolygon(MultiPolygon(polygons))
        default:
            return .collection(
                try parts(pointer, context).map { part throws(GeometryError) in try value(part, context) }
            )
        }
    }

    private static func polygon<Frame>(
        _ pointer: OpaquePointer, _ context: GEOSHandle
    ) throws(GeometryError) -> Polygon<Frame> {
        // Rings are still owned by the polygon; NULL and -1 on exception.
        guard let shell = GEOSGetExteriorRing_r(context.pointer, pointer) else { throw context.failure() }
        let count = GEOSGetNumInteriorRings_r(context.pointer, pointer)
        guard count >= 0 else { throw context.failure() }
        var polygon = Polygon<Frame>(exterior: Ring(try coordinates(shell, context)))
        polygon.holes.reserveCapacity(Int(count))
        for index in 0..<count {
            guard let hole = GEOSGetInteriorRingN_r(context.pointer, pointer, index) else { throw context.failure() }
            polygon.holes.append(Ring(try coordinates(hole, context)))
        }
        return polygon
    }

    /// The coordinates of a point, line or ring.
    private static func coordinates<Frame>(
        _ pointer: OpaquePointer, _ context: GEOSHandle
    ) throws(GeometryError) -> [Coordinate<Frame>] {
        // Still owned by the geometry; NULL on exception. 0 on exception for the other two.
        guard let sequence = GEOSGeom_getCoordSeq_r(context.pointer, pointer) else { throw context.failure() }
        var count: UInt32 = 0
        guard GEOSCoordSeq_getSize_r(context.pointer, sequence, &count) != 0 else { throw context.failure() }
        guard count > 0 else { return [] }
        var succeeded: Int32 = 0
        let coordinates = [Coordinate<Frame>](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
            guard let start = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            succeeded = GEOSCoordSeq_copyToBuffer_r(
                context.pointer, sequence, start.assumingMemoryBound(to: Double.self), 0, 0
            )
            initialized = succeeded == 0 ? 0 : Int(count)
        }
        guard succeeded != 0 else { throw context.failure() }
        return coordinates
    }
}
