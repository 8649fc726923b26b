/// The header of a GeoPackage geometry: eight bytes and the envelope.
struct GeoPackageHeader {
    let srsID: Int32
    let envelope: (minX: Double, maxX: Double, minY: Double, maxY: Double)?
    /// The number of bytes before the WKB.
    let size: Int

    init(decoding bytes: UnsafeRawBufferPointer) throws(GeometryError) {
        var reader = BinaryReader(bytes: bytes, encoding: .geoPackage)
        guard try reader.byte() == 0x47, try reader.byte() == 0x50 else {
            throw .invalidEncoding(.geoPackage, offset: 0, reason: "the magic number GP is missing")
        }
        let version = try reader.byte()
        guard version == 0 else { throw reader.failure("version \(version) is not supported") }
        let flags = try reader.byte()
        guard flags & 0b10_0000 == 0 else { throw reader.failure("extended geometry types are not supported") }
        let isLittleEndian = flags & 1 == 1
        let kind = flags >> 1 & 0b111
        guard kind <= 4 else { throw reader.failure("envelope kind \(kind) does not exist") }
        srsID = Int32(bitPattern: try reader.uint32(isLittleEndian: isLittleEndian))
        let borders = [0, 4, 6, 6, 8][Int(kind)]
        guard reader.remaining >= 8 * borders else { throw reader.failure("the envelope is cut short") }
        size = 8 + 8 * borders
        guard borders > 0 else {
            envelope = nil
            return
        }
        let box = (
            minX: try reader.double(isLittleEndian: isLittleEndian),
            maxX: try reader.double(isLittleEndian: isLittleEndian),
            minY: try reader.double(isLittleEndian: isLittleEndian),
            maxY: try reader.double(isLittleEndian: isLittleEndian)
        )
        // Writers mark the envelope of an empty geometry with NaN.
        envelope = box.minX <= box.maxX && box.minY <= box.maxY ? box : nil
    }
}
