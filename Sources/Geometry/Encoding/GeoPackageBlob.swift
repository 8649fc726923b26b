/// The geometry column of a GeoPackage (OGC 12-128r18, clause 2.1.3): a header, an optional envelope, then ISO WKB.
///
/// x is always east (longitude), y north (latitude), whatever the axis order of the CRS: GeoPackage says so.
public struct GeoPackageBlob<Frame: ReferenceFrame>: Hashable, Sendable {
    /// The row of `gpkg_spatial_ref_sys` that the coordinates refer to.
    public var srsID: Int32
    /// The box in the header; nil where the writer left it out.
    public var envelope: BoundingBox<Frame>?
    /// The geometry, possibly empty.
    public var geometry: FeatureGeometry<Frame>

    /// Reads a blob in full.
    ///
    /// - Throws: `GeometryError.invalidEncoding` for anything but one well-formed, two-dimensional (Z and M are
    ///   skipped), standard (not extended) geometry.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(GeometryError) {
        let header = try GeoPackageHeader(decoding: bytes)
        var reader = BinaryReader(bytes: bytes, encoding: .geoPackage, offset: header.size)
        srsID = header.srsID
        envelope = header.envelope.map { BoundingBox(minX: $0.minX, minY: $0.minY, maxX: $0.maxX, maxY: $0.maxY) }
        geometry = try WellKnownBinary.decode(from: &reader)
    }

    /// Reads a blob from an array of bytes.
    public init(decoding bytes: [UInt8]) throws(GeometryError) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(GeometryError) in
            try Self(decoding: UnsafeRawBufferPointer(buffer))
        }
    }

    /// The blob of a geometry: with an XY envelope, except for points and empty geometries, which have none.
    public static func encode(_ geometry: FeatureGeometry<Frame>, srsID: Int32) -> [UInt8] {
        if case .point(let coordinate) = geometry {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(29)
            append(point: coordinate, srsID: srsID, to: &bytes)
            return bytes
        }
        let box = geometry.boundingBox
        var bytes: [UInt8] = []
        bytes.reserveCapacity(40 + WellKnownBinary.size(of: geometry))
        // Flags: bit 0 little-endian, bits 1-3 envelope kind (1 = XY), bit 4 empty.
        bytes.append(contentsOf: [0x47, 0x50, 0, box.isEmpty ? 0b10001 : 0b00011])
        bytes.append(littleEndian: srsID)
        if !box.isEmpty {
            for border in [box.minX, box.maxX, box.minY, box.maxY] { bytes.append(littleEndian: border.bitPattern) }
        }
        WellKnownBinary.append(geometry, to: &bytes)
        return bytes
    }

    /// Overwrites a reusable buffer with the 29 bytes of a point.
    ///
    /// - Complexity: O(1), and no allocation once the buffer has grown: the writer of a million rows keeps one.
    public static func write(point coordinate: Coordinate<Frame>, srsID: Int32, into bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        append(point: coordinate, srsID: srsID, to: &bytes)
    }

    private static func append(point coordinate: Coordinate<Frame>, srsID: Int32, to bytes: inout [UInt8]) {
        // "GP", version 0, flags: little-endian, no envelope. One integer, so that nothing is allocated.
        bytes.append(littleEndian: UInt32(0x0100_5047))
        bytes.append(littleEndian: srsID)
        WellKnownBinary.append(point: coordinate, to: &bytes)
    }

    /// The position of a point blob, without building a geometry; nil where the blob is no point or an empty one.
    ///
    /// - Complexity: O(1).
    /// - Throws: `GeometryError.invalidEncoding` for a broken header, and for a point that is cut short or not finite.
    public static func point(in bytes: UnsafeRawBufferPointer) throws(GeometryError) -> Coordinate<Frame>? {
        let header = try GeoPackageHeader(decoding: bytes)
        // 21 bytes: byte order 1, type 1, x, y. Whatever is not exactly that takes the long way.
        if bytes.count == header.size + 21, bytes[header.size] == 1,
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: header.size + 1, as: UInt32.self)) == 1
        {
            let x = bytes.loadUnaligned(fromByteOffset: header.size + 5, as: UInt64.self)
            let y = bytes.loadUnaligned(fromByteOffset: header.size + 13, as: UInt64.self)
            let coordinate = Coordinate<Frame>(
                x: Double(bitPattern: UInt64(littleEndian: x)),
                y: Double(bitPattern: UInt64(littleEndian: y))
            )
            if coordinate.isFinite { return coordinate }
        }
        guard case .point(let coordinate) = try Self(decoding: bytes).geometry else { return nil }
        return coordinate
    }
}
