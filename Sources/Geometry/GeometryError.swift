/// Everything that a function of this module can throw.
///
/// `description` is an English sentence that carries the C library's own message where there is one. It never
/// contains more of the input than a coordinate or the name of a CRS.
public enum GeometryError: Error, Hashable, Sendable {
    /// GEOS refused an operation; the message is GEOS's own ("TopologyException: side location conflict at 11.2 52.1").
    case geos(message: String)
    /// PROJ refused an operation; code and message are PROJ's own (`proj_context_errno`).
    case proj(code: Int32, message: String)
    /// No CRS can be made of this text. The text is a reference such as `EPSG:25832`, or the beginning of a WKT.
    case unknownCRS(String)
    /// The CRS exists, but positions on a map cannot be read from it (vertical, geocentric, engineering).
    case unsupportedCRS(String, reason: String)
    /// A coordinate lies where the operation between two CRSs is undefined, or is not a finite number.
    /// The index counts the coordinates of the value that was to be transformed, in storage order.
    case untransformable(index: Int, x: Double, y: Double)
    /// Bytes or text are no geometry in the stated encoding. The offset counts bytes from the beginning.
    case invalidEncoding(GeometryEncoding, offset: Int, reason: String)
    /// A surface cannot be handed to GEOS as it is, for example for a ring that is not closed.
    case malformedSurface(reason: String)
    /// A library could not be set up at all (no memory, no `proj.db`).
    case unavailable(String)
}

/// An encoding of geometries, as named in errors.
public enum GeometryEncoding: String, Hashable, Sendable {
    /// Well-known binary, ISO or extended.
    case wellKnownBinary = "WKB"
    /// The binary of a GeoPackage: a header and then WKB.
    case geoPackage = "GeoPackage geometry"
    /// Well-known text.
    case wellKnownText = "WKT"
}

extension GeometryError: CustomStringConvertible {
    /// A sentence that says what is wrong and where.
    public var description: String {
        switch self {
        case .geos(let message): "GEOS: \(message)"
        case .proj(let code, let message): "PROJ: \(message) (\(code))"
        case .unknownCRS(let text): "unknown coordinate reference system '\(text)'; expected for example EPSG:25832"
        case .unsupportedCRS(let text, let reason): "coordinate reference system \(text) cannot be used: \(reason)"
        case .untransformable(let index, let x, let y):
            "coordinate \(index) (\(x), \(y)) lies outside the area in which its CRS is defined"
        case .invalidEncoding(let encoding, let offset, let reason):
            "invalid \(encoding.rawValue) at byte \(offset): \(reason)"
        case .malformedSurface(let reason): "malformed surface: \(reason)"
        case .unavailable(let what): what
        }
    }
}
