import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct WellKnownBinaryTests {
    typealias Geometry = FeatureGeometry<Unreferenced>

    @Test(arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let geometry = generator.geometry()
            let encoded = WellKnownBinary.encode(geometry)
            #expect(encoded.count == WellKnownBinary.size(of: geometry), "seed \(seed)")
            #expect(try WellKnownBinary.decode(encoded) == geometry, "seed \(seed)")
            let blob = try GeoPackageBlob<Unreferenced>(
                decoding: GeoPackageBlob.encode(geometry, srsID: 25832)
            )
            #expect(blob.srsID == 25832 && blob.geometry == geometry, "seed \(seed)")
        }
    }

    /// The OGC's own example of a point, in both byte orders and with all the ways of saying Z and M.
    @Test(arguments: [
        "01 01000000 000000000000F03F 0000000000000040",
        "00 00000001 3FF0000000000000 4000000000000000",
        "01 E9030000 000000000000F03F 0000000000000040 0000000000000840",
        "01 D1070000 000000000000F03F 0000000000000040 0000000000000840",
        "01 B90B0000 000000000000F03F 0000000000000040 0000000000000840 0000000000001040",
        "01 01000080 000000000000F03F 0000000000000040 0000000000000840",
        "01 010000C0 000000000000F03F 0000000000000040 0000000000000840 0000000000001040",
        "01 01000020 E8640000 000000000000F03F 0000000000000040",
        "01 010000A0 E8640000 000000000000F03F 0000000000000040 0000000000000840",
    ])
    func dialects(hexadecimal: String) throws {
        #expect(try WellKnownBinary.decode(bytes(hexadecimal)) == Geometry.point(Coordinate(x: 1, y: 2)))
    }

    @Test func spatialReferenceID() throws {
        let extended = bytes("01 01000020 E8640000 000000000000F03F 0000000000000040")
        #expect(try extended.withUnsafeBytes { try WellKnownBinary.spatialReferenceID(of: $0) } == 25832)
        let plain = bytes("01 01000000 000000000000F03F 0000000000000040")
        #expect(try plain.withUnsafeBytes { try WellKnownBinary.spatialReferenceID(of: $0) } == nil)
    }

    @Test func partsMayHaveTheirOwnByteOrder() throws {
        let mixed = bytes(
            "00 00000004 00000002 01 01000000 000000000000F03F 0000000000000040"
                + "00 00000001 4008000000000000 4010000000000000"
        )
        let expected = Geometry.multiPoint([Coordinate(x: 1, y: 2), Coordinate(x: 3, y: 4)])
        #expect(try WellKnownBinary.decode(mixed) == expected)
    }

    @Test func emptyPoint() throws {
        let empty = bytes("01 01000000 000000000000F87F 000000000000F87F")
        #expect(try WellKnownBinary.decode(empty) == Geometry.multiPoint([]))
    }

    @Test(arguments: [
        ("", "the data end here"),
        ("02 01000000", "byte order 2 is neither 0 nor 1"),
        ("01 01000000 000000000000F03F", "16 bytes are needed, 8 are left"),
        ("01 01000000 000000000000F07F 0000000000000040", "not a finite number"),
        ("01 01000000 000000000000F87F 0000000000000040", "not a finite number"),
        ("01 02000000 FFFFFFFF", "4294967295 coordinates are announced, 0 bytes are left"),
        ("01 07000000 00000010", "268435456 parts are announced"),
        ("01 03000000 FFFFFF7F 00", "rings are announced"),
        ("01 08000000", "geometry type 8 is not supported"),
        ("01 01000000 000000000000F03F 0000000000000040 00", "1 bytes follow the geometry"),
        ("01 04000000 01000000 01 02000000 00000000", "a part is of type 2 where 1 is expected"),
    ])
    func hostileBytes(hexadecimal: String, reason: String) {
        let error = #expect(throws: GeometryError.self) {
            try WellKnownBinary.decode(bytes(hexadecimal), as: Unreferenced.self)
        }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func deepNestingIsRefused() {
        let level = bytes("01 07000000 01000000")
        let deep = Array(repeating: level, count: 100_000).flatMap(\.self)
        #expect(throws: GeometryError.self) { try WellKnownBinary.decode(deep, as: Unreferenced.self) }
        var allowed = Array(repeating: level, count: WellKnownBinary.maximumDepth - 1).flatMap(\.self)
        allowed += bytes("01 02000000 00000000")
        #expect(throws: Never.self) { try WellKnownBinary.decode(allowed, as: Unreferenced.self) }
    }

    /// Every prefix of good bytes is an error; flipped bits either fail or give a geometry of no more bytes.
    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func damage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var refused = 0
        for _ in 0..<60 {
            let good = WellKnownBinary.encode(generator.geometry())
            for length in 0..<good.count {
                #expect(throws: GeometryError.self, "seed \(seed)") {
                    try WellKnownBinary.decode(Array(good[..<length]), as: Unreferenced.self)
                }
            }
            for _ in 0..<200 {
                var bad = good
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let index = Int.random(in: 0..<bad.count, using: &generator)
                    bad[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                }
                do {
                    let geometry = try WellKnownBinary.decode(bad, as: Unreferenced.self)
                    #expect(WellKnownBinary.size(of: geometry) <= bad.count, "seed \(seed)")
                } catch {
                    refused += 1
                }
                var blob = GeoPackageBlob.encode(.point(Coordinate<Unreferenced>(x: 1, y: 2)), srsID: 1) + good
                blob[Int.random(in: 0..<blob.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
                _ = try? blob.withUnsafeBytes { try GeoPackageBlob<Unreferenced>.point(in: $0) }
                _ = try? GeoPackageBlob<Unreferenced>(decoding: blob)
            }
        }
        #expect(refused > 1000)
    }
}

@Suite struct GeoPackageBlobTests {
    @Test func pointIsTwentyNineBytes() throws {
        var buffer: [UInt8] = [1, 2, 3]
        let position = Coordinate<Geographic>(longitude: 11.6276, latitude: 52.1205)
        GeoPackageBlob.write(point: position, srsID: 4326, into: &buffer)
        #expect(buffer.count == 29)
        #expect(Array(buffer[..<8]) == bytes("4750 00 01 E6100000"))
        #expect(buffer == GeoPackageBlob.encode(.point(position), srsID: 4326))
        #expect(try buffer.withUnsafeBytes { try GeoPackageBlob<Geographic>.point(in: $0) } == position)
    }

    @Test func envelopeAndEmptyFlag() throws {
        let surface = FeatureGeometry.multiPolygon(square(1, 2, 3, as: Projected.self))
        let encoded = GeoPackageBlob.encode(surface, srsID: -1)
        #expect(encoded[3] == 0b00011)
        let decoded = try GeoPackageBlob<Projected>(decoding: encoded)
        #expect(decoded.srsID == -1)
        #expect(decoded.envelope == BoundingBox(minX: 1, minY: 2, maxX: 4, maxY: 5))
        let empty = GeoPackageBlob.encode(FeatureGeometry<Projected>.multiPolygon(MultiPolygon([])), srsID: 0)
        #expect(empty[3] == 0b10001)
        #expect(try GeoPackageBlob<Projected>(decoding: empty).geometry.isEmpty)
    }

    /// As QGIS writes it: big-endian header flag off, an XYZ envelope before the WKB.
    @Test func envelopeWithHeightIsSkipped() throws {
        let header = bytes("4750 00 05 E6100000") + [UInt8](repeating: 0, count: 48)
        let point = WellKnownBinary.encode(FeatureGeometry.point(Coordinate<Geographic>(x: 3, y: 4)))
        #expect(try (header + point).withUnsafeBytes { try GeoPackageBlob<Geographic>.point(in: $0) }?.y == 4)
    }

    @Test(arguments: [
        "", "47", "4751 00 01 00000000", "4750 01 01 00000000", "4750 00 21 00000000", "4750 00 0B 00000000",
        "4750 00 03 00000000 00000000", "4750 00 01 00000000",
    ])
    func brokenHeaders(hexadecimal: String) {
        #expect(throws: GeometryError.self) { try GeoPackageBlob<Geographic>(decoding: bytes(hexadecimal)) }
    }
}

@Suite struct WellKnownTextTests {
    typealias Geometry = FeatureGeometry<Unreferenced>

    @Test(arguments: [21, 22] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let geometry = generator.geometry()
            let text = WellKnownText.format(geometry)
            #expect(try WellKnownText.parse(text) == geometry, "seed \(seed): \(text)")
        }
    }

    @Test(arguments: [
        ("POINT (1 2)", Geometry.point(Coordinate(x: 1, y: 2))),
        (" point z(1e0 +2.0 -3) ", Geometry.point(Coordinate(x: 1, y: 2))),
        ("POINTZM(1 2 3 4)", Geometry.point(Coordinate(x: 1, y: 2))),
        ("SRID=4326;POINT(1 2)", Geometry.point(Coordinate(x: 1, y: 2))),
        ("POINT EMPTY", Geometry.multiPoint([])),
        ("MULTIPOINT (1 2, 3 4)", Geometry.multiPoint([Coordinate(x: 1, y: 2), Coordinate(x: 3, y: 4)])),
        ("MULTIPOINT ((1 2), EMPTY, (3 4))", Geometry.multiPoint([Coordinate(x: 1, y: 2), Coordinate(x: 3, y: 4)])),
        (
            "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING EMPTY)",
            Geometry.collection([.point(Coordinate(x: 1, y: 2)), .lineString([])])
        ),
    ])
    func dialects(text: String, geometry: Geometry) throws {
        #expect(try WellKnownText.parse(text) == geometry)
    }

    @Test(arguments: [
        "", "POINT", "POINT (1)", "POINT (1 2", "POINT (1 2 3 4 5)",
        "POINT (1 2) x", "POINT (nan 2)", "POINT (1e400 2)",
        "CIRCULARSTRING (1 2, 3 4)",
        "POLYGON ((1 2, 3 4)", "SRID=x;POINT (1 2)", "POINT (0x10 2)", "💥",
    ])
    func refused(text: String) {
        #expect(throws: GeometryError.self) { try WellKnownText.parse(text, as: Unreferenced.self) }
    }

    @Test func deepNestingIsRefused() {
        let text = String(repeating: "GEOMETRYCOLLECTION(", count: 100_000)
        #expect(throws: GeometryError.self) { try WellKnownText.parse(text, as: Unreferenced.self) }
    }

    @Test func spatialReferenceID() throws {
        #expect(try WellKnownText.spatialReferenceID(of: "SRID=25832;POINT(1 2)") == 25832)
        #expect(try WellKnownText.spatialReferenceID(of: "POINT(1 2)") == nil)
    }
}
