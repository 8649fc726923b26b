internal import Geometry

/// The first 127 bytes of a PMTiles archive.
///
/// Source: PMTiles specification, version 3, section 3.
struct PMTilesHeader: Sendable {
    var rootLength = 0
    var metadataLength = 0
    var leavesLength = 0
    var dataLength = 0
    /// Tiles, runs of tiles and different contents.
    var tileCount = 0
    var entryCount = 0
    var contentCount = 0
    var zooms: ClosedRange<Int>
    var bounds: BoundingBox<Geographic>
    var center: Coordinate<Geographic>
    var centerZoom: Int

    /// The length of the header.
    static let length = 127
    /// The root directory must end within this many bytes from the start of the file, so that one request gets it.
    static let rootEnd = 16_384

    /// The header; the sections follow it in the order of the specification.
    var bytes: [UInt8] {
        var result = Array("PMTiles".utf8) + [3]
        result.reserveCapacity(Self.length)
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { result.append(contentsOf: $0) }
        }
        var offset = Self.length
        for length in [rootLength, metadataLength, leavesLength, dataLength] {
            append(UInt64(offset))
            append(UInt64(length))
            offset += length
        }
        for count in [tileCount, entryCount, contentCount] { append(UInt64(count)) }
        // Clustered; directories and metadata compressed with gzip; tiles compressed with gzip; Mapbox Vector Tiles.
        result += [1, 2, 2, 1, UInt8(zooms.lowerBound), UInt8(zooms.upperBound)]
        for degrees in [bounds.minX, bounds.minY, bounds.maxX, bounds.maxY] { append(Self.e7(degrees)) }
        result.append(UInt8(centerZoom))
        append(Self.e7(center.longitude))
        append(Self.e7(center.latitude))
        return result
    }

    /// Degrees in ten-millionths.
    private static func e7(_ degrees: Double) -> Int32 { Int32((degrees * 10_000_000).rounded()) }
}
