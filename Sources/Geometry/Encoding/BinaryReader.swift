/// A bounds-checked cursor over the bytes of one WKB geometry.
///
/// Every read checks what is left, and every count is checked against the least number of bytes that so many elements
/// take, before anything is allocated: n bytes of input never cost more than a small multiple of n.
struct BinaryReader {
    /// What the header of a (part) geometry says.
    struct Header {
        var type: SimpleFeatureType
        /// Two, three or four numbers per position.
        var ordinates: Int
        var isLittleEndian: Bool
        var spatialReferenceID: Int32?
    }

    let bytes: UnsafeRawBufferPointer
    let encoding: GeometryEncoding
    private(set) var offset = 0

    init(bytes: UnsafeRawBufferPointer, encoding: GeometryEncoding, offset: Int = 0) {
        self.bytes = bytes
        self.encoding = encoding
        self.offset = offset
    }

    var remaining: Int { bytes.count - offset }

    func failure(_ reason: String) -> GeometryError {
        .invalidEncoding(encoding, offset: offset, reason: reason)
    }

    mutating func byte() throws(GeometryError) -> UInt8 {
        guard remaining >= 1 else { throw failure("the data end here") }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func uint32(isLittleEndian: Bool) throws(GeometryError) -> UInt32 {
        guard remaining >= 4 else { throw failure("4 bytes are needed, \(remaining) are left") }
        defer { offset += 4 }
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return isLittleEndian ? UInt32(littleEndian: value) : UInt32(bigEndian: value)
    }

    mutating func double(isLittleEndian: Bool) throws(GeometryError) -> Double {
        guard remaining >= 8 else { throw failure("8 bytes are needed, \(remaining) are left") }
        defer { offset += 8 }
        return uncheckedDouble(at: offset, isLittleEndian: isLittleEndian)
    }

    private func uncheckedDouble(at offset: Int, isLittleEndian: Bool) -> Double {
        let pattern = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return Double(bitPattern: isLittleEndian ? UInt64(littleEndian: pattern) : UInt64(bigEndian: pattern))
    }

    /// Reads a count and checks that so many elements of at least `size` bytes can follow.
    private mutating func count(of what: String, size: Int, isLittleEndian: Bool) throws(GeometryError) -> Int {
        let start = offset
        let count = Int(try uint32(isLittleEndian: isLittleEndian))
        guard count <= remaining / size else {
            let reason = "\(count) \(what) are announced, \(remaining) bytes are left"
            throw .invalidEncoding(encoding, offset: start, reason: reason)
        }
        return count
    }

    mutating func header() throws(GeometryError) -> Header {
        let start = offset
        let order = try byte()
        guard order <= 1 else {
            throw .invalidEncoding(encoding, offset: start, reason: "byte order \(order) is neither 0 nor 1")
        }
        let isLittleEndian = order == 1
        let raw = try uint32(isLittleEndian: isLittleEndian)
        // PostGIS flags Z, M and SRID in the top three bits; ISO adds 1000 for Z, 2000 for M, 3000 for both.
        let code = raw & 0x1FFF_FFFF
        let thousands = code / 1000
        guard thousands <= 3, let type = SimpleFeatureType(rawValue: code % 1000) else {
            let reason = "geometry type \(code) is not supported; only points, lines, polygons and collections are"
            throw .invalidEncoding(encoding, offset: start + 1, reason: reason)
        }
        let hasZ = raw & 0x8000_0000 != 0 || thousands == 1 || thousands == 3
        let hasM = raw & 0x4000_0000 != 0 || thousands == 2 || thousands == 3
        var header = Header(type: type, ordinates: 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0), isLittleEndian: isLittleEndian)
        if raw & 0x2000_0000 != 0 {
            header.spatialReferenceID = Int32(bitPattern: try uint32(isLittleEndian: isLittleEndian))
        }
        return header
    }

    mutating func geometry<Frame>(depth: Int) throws(GeometryError) -> FeatureGeometry<Frame> {
        guard depth < WellKnownBinary.maximumDepth else {
            throw failure("collections are nested more than \(WellKnownBinary.maximumDepth) deep")
        }
        let header = try header()
        switch header.type {
        case .point:
            guard let coordinate: Coordinate<Frame> = try point(header) else { return .multiPoint([]) }
            return .point(coordinate)
        case .lineString:
            return .lineString(try coordinates(header))
        case .polygon:
            return .polygon(try polygon(header))
        case .multiPoint:
            let count = try partCount(header)
            var coordinates: [Coordinate<Frame>] = []
            coordinates.reserveCapacity(count)
            for _ in 0..<count {
                if let coordinate: Coordinate<Frame> = try point(partHeader(.point)) { coordinates.append(coordinate) }
            }
            return .multiPoint(coordinates)
        case .multiLineString:
            let count = try partCount(header)
            var lines: [[Coordinate<Frame>]] = []
            lines.reserveCapacity(count)
            for _ in 0..<count { lines.append(try coordinates(partHeader(.lineString))) }
            return .multiLineString(lines)
        case .multiPolygon:
            let count = try partCount(header)
            var polygons: [Polygon<Frame>] = []
            polygons.reserveCapacity(count)
            for _ in 0..<count { polygons.append(try polygon(partHeader(.polygon))) }
            return .multiPolygon(MultiPolygon(polygons))
        case .collection:
            let count = try partCount(header)
            var members: [FeatureGeometry<Frame>] = []
            members.reserveCapacity(count)
            for _ in 0..<count { members.append(try geometry(depth: depth + 1)) }
            return .collection(members)
        }
    }

    /// The smallest part is a header with a count of zero: nine bytes.
    private mutating func partCount(_ header: Header) throws(GeometryError) -> Int {
        try count(of: "parts", size: 9, isLittleEndian: header.isLittleEndian)
    }

    private mutating func partHeader(_ expected: SimpleFeatureType) throws(GeometryError) -> Header {
        let start = offset
        let header = try header()
        guard header.type == expected else {
            let reason = "a part is of type \(header.type.rawValue) where \(expected.rawValue) is expected"
            throw .invalidEncoding(encoding, offset: start, reason: reason)
        }
        return header
    }

    /// Nil for the empty point, which WKB writes as NaN NaN.
    private mutating func point<Frame>(_ header: Header) throws(GeometryError) -> Coordinate<Frame>? {
        let size = 8 * header.ordinates
        guard remaining >= size else { throw failure("\(size) bytes are needed, \(remaining) are left") }
        let x = uncheckedDouble(at: offset, isLittleEndian: header.isLittleEndian)
        let y = uncheckedDouble(at: offset + 8, isLittleEndian: header.isLittleEndian)
        if x.isNaN && y.isNaN {
            offset += size
            return nil
        }
        let coordinate = Coordinate<Frame>(x: x, y: y)
        guard coordinate.isFinite else { throw failure("an ordinate is not a finite number") }
        offset += size
        return coordinate
    }

    private mutating func coordinates<Frame>(_ header: Header) throws(GeometryError) -> [Coordinate<Frame>] {
        let stride = 8 * header.ordinates
        let count = try count(of: "coordinates", size: stride, isLittleEndian: header.isLittleEndian)
        let start = offset
        var firstFailure = count
        let coordinates = [Coordinate<Frame>](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                let position = start + index * stride
                let coordinate = Coordinate<Frame>(
                    x: uncheckedDouble(at: position, isLittleEndian: header.isLittleEndian),
                    y: uncheckedDouble(at: position + 8, isLittleEndian: header.isLittleEndian)
                )
                if !coordinate.isFinite && firstFailure == count { firstFailure = index }
                buffer.initializeElement(at: index, to: coordinate)
            }
            initialized = count
        }
        offset += firstFailure * stride
        guard firstFailure == count else { throw failure("an ordinate is not a finite number") }
        return coordinates
    }

    private mutating func polygon<Frame>(_ header: Header) throws(GeometryError) -> Polygon<Frame> {
        let count = try count(of: "rings", size: 4, isLittleEndian: header.isLittleEndian)
        guard count > 0 else { return Polygon(exterior: Ring([])) }
        let exterior = Ring<Frame>(try coordinates(header))
        var holes: [Ring<Frame>] = []
        holes.reserveCapacity(count - 1)
        for _ in 1..<count { holes.append(Ring(try coordinates(header))) }
        return Polygon(exterior: exterior, holes: holes)
    }
}
