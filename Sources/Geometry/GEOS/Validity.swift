internal import CGEOS

/// Whether a surface is valid in the sense of OGC Simple Features (06-103r4 section 6.1.11).
public enum Validity<Frame: ReferenceFrame>: Hashable, Sendable {
    /// Rings are closed and simple, holes lie inside, parts do not overlap.
    case valid
    /// The first violation found: GEOS's words ("Self-intersection") and where, if it is at one place.
    case invalid(reason: String, location: Coordinate<Frame>?)

    /// Whether it is valid.
    public var isValid: Bool { self == .valid }
}

extension GEOSContext {
    /// Judges a surface; the empty surface is valid.
    ///
    /// Defects of the rings themselves (not closed, fewer than four vertices, not finite), which GEOS refuses to even
    /// look at, are reported in the same way.
    ///
    /// - Complexity: O(n log n).
    public func validity<Frame>(of surface: MultiPolygon<Frame>) throws(GeometryError) -> Validity<Frame> {
        for ring in surface.polygons.lazy.flatMap(\.rings) {
            if let defect = ring.defect { return .invalid(reason: defect.reason, location: defect.location) }
        }
        return try validity(of: handle.surface(surface))
    }

    func validity<Frame>(of geometry: borrowing GEOSGeometryHandle) throws(GeometryError) -> Validity<Frame> {
        var reason: UnsafeMutablePointer<CChar>?
        var location: OpaquePointer?
        // 0, 1, or 2 on exception; reason and location are the caller's to free.
        let answer = geometry.lend { GEOSisValidDetail_r(handle.pointer, $0, 0, &reason, &location) }
        defer { GEOSFree_r(handle.pointer, reason) }
        let point =
            try location.map { pointer throws(GeometryError) in try handle.take(pointer).value() }
            as FeatureGeometry<Frame>?
        if try handle.bool(answer) { return .valid }
        var coordinate: Coordinate<Frame>?
        if case .point(let found)? = point { coordinate = found }
        return .invalid(reason: reason.map { String(cString: $0) } ?? "invalid", location: coordinate)
    }
}

extension Ring {
    /// What keeps GEOS from even reading the ring. The empty ring has no defect.
    var defect: (reason: String, location: Coordinate<Frame>?)? {
        guard let first = coordinates.first, let last = coordinates.last else { return nil }
        if let wrong = coordinates.first(where: { !$0.isFinite }) {
            return ("Invalid Coordinate", wrong)
        }
        if first != last { return ("Ring not closed", last) }
        if coordinates.count < 4 { return ("Too few points in geometry component", first) }
        return nil
    }
}
