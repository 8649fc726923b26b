/// Well-known binary (ISO 19125-1 / OGC 06-103r4 section 8, and PostGIS's extended form) to values and back.
///
/// Read are both byte orders, ISO and extended type codes; Z and M ordinates and an embedded SRID are skipped.
/// Written is little-endian, two-dimensional ISO WKB, the form that a GeoPackage stores. All functions are pure.
public enum WellKnownBinary {
    /// How deep collections may be nested. Real data nest once; the limit keeps hostile input off the stack.
    public static let maximumDepth = 32

    /// Reads exactly one geometry.
    ///
    /// An empty point (both ordinates NaN) is read as a multipoint without positions; inside a multipoint it adds
    /// nothing. Any other ordinate that is not finite is an error.
    ///
    /// - Complexity: O(bytes); no count is believed before the bytes that it promises are there.
    /// - Throws: `GeometryError.invalidEncoding`, with the offset of the offending byte, also for trailing bytes.
    public static func decode<Frame>(
        _ bytes: UnsafeRawBufferPointer,
        as frame: Frame.Type = Frame.self
    ) throws(GeometryError) -> FeatureGeometry<Frame> {
        var reader = BinaryReader(bytes: bytes, encoding: .wellKnownBinary)
        return try decode(from: &reader)
    }

    /// Reads exactly one geometry from an array of bytes.
    public static func decode<Frame>(
        _ bytes: [UInt8],
        as frame: Frame.Type = Frame.self
    ) throws(GeometryError) -> FeatureGeometry<Frame> {
        try bytes.withUnsafeBufferPointer { buffer throws(GeometryError) in
            try decode(UnsafeRawBufferPointer(buffer), as: frame)
        }
    }

    static func decode<Frame>(from reader: inout BinaryReader) throws(GeometryError) -> FeatureGeometry<Frame> {
        let geometry: FeatureGeometry<Frame> = try reader.geometry(depth: 0)
        guard reader.remaining == 0 else {
            throw reader.failure("\(reader.remaining) bytes follow the geometry")
        }
        return geometry
    }

    /// The SRID that extended WKB carries, if any: nothing else of the bytes is read.
    public static func spatialReferenceID(of bytes: UnsafeRawBufferPointer) throws(GeometryError) -> Int32? {
        var reader = BinaryReader(bytes: bytes, encoding: .wellKnownBinary)
        return try reader.header().spatialReferenceID
    }

    /// The bytes of a geometry.
    public static func encode<Frame>(_ geometry: FeatureGeometry<Frame>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size(of: geometry))
        append(geometry, to: &bytes)
        return bytes
    }

    /// Appends the bytes of a geometry.
    public static func append<Frame>(_ geometry: FeatureGeometry<Frame>, to bytes: inout [UInt8]) {
        switch geometry {
        case .point(let coordinate):
            append(point: coordinate, to: &bytes)
        case .multiPoint(let coordinates):
            bytes.append(header: .multiPoint, count: coordinates.count)
            for coordinate in coordinates { append(point: coordinate, to: &bytes) }
        case .lineString(let coordinates):
            append(line: coordinates, to: &bytes)
        case .multiLineString(let lines):
            bytes.append(header: .multiLineString, count: lines.count)
            for line in lines { append(line: line, to: &bytes) }
        case .polygon(let polygon):
            append(polygon, to: &bytes)
        case .multiPolygon(let surface):
            bytes.append(header: .multiPolygon, count: surface.polygons.count)
            for polygon in surface.polygons { append(polygon, to: &bytes) }
        case .collection(let members):
            bytes.append(header: .collection, count: members.count)
            for member in members { append(member, to: &bytes) }
        }
    }

    /// The number of bytes that `encode` makes of a geometry.
    public static func size<Frame>(of geometry: FeatureGeometry<Frame>) -> Int {
        switch geometry {
        case .point: 21
        case .multiPoint(let coordinates): 9 + 21 * coordinates.count
        case .lineString(let coordinates): 9 + 16 * coordinates.count
        case .multiLineString(let lines): lines.reduce(9) { $0 + 9 + 16 * $1.count }
        case .polygon(let polygon): size(of: polygon)
        case .multiPolygon(let surface): surface.polygons.reduce(9) { $0 + size(of: $1) }
        case .collection(let members): members.reduce(9) { $0 + size(of: $1) }
        }
    }

    /// Appends the 21 bytes of a point.
    public static func append<Frame>(point coordinate: Coordinate<Frame>, to bytes: inout [UInt8]) {
        bytes.append(header: .point)
        bytes.append(littleEndian: coordinate.x.bitPattern)
        bytes.append(littleEndian: coordinate.y.bitPattern)
    }

    private static func append<Frame>(line coordinates: [Coordinate<Frame>], to bytes: inout [UInt8]) {
        bytes.append(header: .lineString, count: coordinates.count)
        bytes.append(coordinates)
    }

    private static func append<Frame>(_ polygon: Polygon<Frame>, to bytes: inout [UInt8]) {
        let isEmpty = polygon.exterior.coordinates.isEmpty && polygon.holes.isEmpty
        bytes.append(header: .polygon, count: isEmpty ? 0 : 1 + polygon.holes.count)
        guard !isEmpty else { return }
        for ring in polygon.rings {
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: ring.coordinates.count))
            bytes.append(ring.coordinates)
        }
    }

    private static func size<Frame>(of polygon: Polygon<Frame>) -> Int {
        guard !(polygon.exterior.coordinates.isEmpty && polygon.holes.isEmpty) else { return 9 }
        return polygon.rings.reduce(9) { $0 + 4 + 16 * $1.coordinates.count }
    }
}

/// The type codes of OGC Simple Features that have a value in this module.
enum SimpleFeatureType: UInt32 {
    case point = 1
    case lineString, polygon, multiPoint, multiLineString, multiPolygon, collection
}

extension [UInt8] {
    /// Appends an integer, least significant byte first.
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(header type: SimpleFeatureType) {
        append(1)
        append(littleEndian: type.rawValue)
    }

    fileprivate mutating func append(header type: SimpleFeatureType, count: Int) {
        append(header: type)
        append(littleEndian: UInt32(truncatingIfNeeded: count))
    }

    fileprivate mutating func append<Frame>(_ coordinates: [Coordinate<Frame>]) {
        #if _endian(little)
            coordinates.withUnsafeBytes { append(contentsOf: $0) }
        #else
            for coordinate in coordinates {
                append(littleEndian: coordinate.x.bitPattern)
                append(littleEndian: coordinate.y.bitPattern)
            }
        #endif
    }
}
