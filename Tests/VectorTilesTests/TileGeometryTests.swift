import Testing
import TestSupport

@testable import VectorTiles

/// Section 4.3.5 of the specification gives each kind of geometry with its commands.
@Suite struct TileGeometryTests {
    private func points(_ ordinates: (Int32, Int32)...) -> [GridPoint] {
        ordinates.map { GridPoint(x: $0.0, y: $0.1) }
    }

    @Test func point() {
        #expect(TileGeometry(points: points((25, 17))).commands == [9, 50, 34])
    }

    @Test func multipoint() {
        #expect(TileGeometry(points: points((5, 7), (3, 2))).commands == [17, 10, 14, 3, 9])
    }

    @Test func linestring() {
        #expect(TileGeometry(lines: [points((2, 2), (2, 10), (10, 10))]).commands == [9, 4, 4, 18, 0, 16, 16, 0])
    }

    @Test func multilinestring() {
        let lines = [points((2, 2), (2, 10), (10, 10)), points((1, 1), (3, 5))]
        #expect(TileGeometry(lines: lines).commands == [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8])
    }

    @Test func polygon() {
        #expect(
            TileGeometry(rings: [points((3, 6), (8, 12), (20, 34))]).commands == [9, 6, 12, 18, 10, 12, 24, 44, 15])
    }

    @Test func multipolygonWithHole() {
        let rings = [
            points((0, 0), (10, 0), (10, 10), (0, 10)), points((11, 11), (20, 11), (20, 20), (11, 20)),
            points((13, 13), (13, 17), (17, 17), (17, 13)),
        ]
        #expect(
            TileGeometry(rings: rings).commands == [
                9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26, 0, 8, 8, 0,
                0, 7, 15,
            ])
    }

    @Test("What the specification forbids is not written", arguments: [[], [(1, 1)], [(1, 1), (1, 1), (1, 1)]])
    func degenerateLine(_ ordinates: [(Int32, Int32)]) {
        let line = ordinates.map { GridPoint(x: $0.0, y: $0.1) }
        #expect(TileGeometry(lines: [line]).isEmpty)
        #expect(TileGeometry(lines: [points((0, 0), (4, 0)), line, points((2, 2), (2, 3))]).commands.count == 12)
    }

    @Test(
        "A ring without area is not written",
        arguments: [
            [(0, 0), (5, 5)], [(0, 0), (5, 5), (0, 0)], [(0, 0), (2, 2), (4, 4)], [(3, 3), (3, 3), (3, 3), (3, 3)],
        ])
    func degenerateRing(_ ordinates: [(Int32, Int32)]) {
        #expect(TileGeometry(rings: [ordinates.map { GridPoint(x: $0.0, y: $0.1) }]).isEmpty)
    }

    @Test func repeatedVerticesAreWrittenOnce() throws {
        let ring = points((0, 0), (0, 0), (4, 0), (4, 0), (4, 4), (0, 0))
        #expect(TileGeometry(rings: [ring]).commands == TileGeometry(rings: [points((0, 0), (4, 0), (4, 4))]).commands)
    }

    /// Law (c): what is decoded is what was encoded.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func random(_ count: Int) -> [GridPoint] {
            (0..<count).map { index in
                // The first ordinate tells the points apart, so that no segment is without length.
                GridPoint(x: Int32(index) * 7 - 64, y: Int32.random(in: -64...4160, using: &generator))
            }
        }
        var layer = LayerEncoder(name: "all")
        let dots = random(Int.random(in: 1...40, using: &generator))
        let lines = (0..<3).map { _ in random(Int.random(in: 2...40, using: &generator)) }
        let rings = (0..<3).map { _ in random(3) }.filter { TileGeometry.doubledArea($0) != 0 }
        let values: [TileValue] = [
            .text("ä"), .whole(-5), .whole(.max), .whole(.min), .real(0.5), .real(0.1), .bool(true), .int(-1),
            .text("ä"),
        ]
        let tags = values.enumerated().flatMap { [layer.key("k\($0.offset)"), layer.value($0.element)] }
        layer.add(id: nil, tags: tags, geometry: TileGeometry(points: dots))
        layer.add(id: 1, tags: [], geometry: TileGeometry(lines: lines))
        layer.add(id: (1 << 53) - 1, tags: tags, geometry: TileGeometry(rings: rings))
        var tile = ProtobufWriter()
        layer.write(to: &tile)
        let decoded = try #require(try DecodedTile(tile.bytes)["all"])
        #expect(decoded.extent == 4096)
        #expect(decoded.features.map(\.id) == [nil, 1, (1 << 53) - 1])
        #expect(decoded.features.map(\.paths) == [dots.map { [$0] }, lines, rings])
        #expect(decoded.attributes(decoded.features[0]).map(\.value) == values)
        #expect(decoded.values.count == Set(values).count)
    }

    @Test func wholeAndRealNumbersTakeTheirSmallestForm() {
        #expect(TileValue.whole(3) == .uint(3))
        #expect(TileValue.whole(-3) == .sint(-3))
        #expect(TileValue.real(0.25) == .float(0.25))
        #expect(TileValue.real(0.1) == .double(0.1))
    }

    @Test func layerWithoutFeaturesIsNotWritten() {
        var layer = LayerEncoder(name: "empty")
        layer.add(id: 1, tags: [], geometry: TileGeometry(points: []))
        var tile = ProtobufWriter()
        layer.write(to: &tile)
        #expect(tile.bytes.isEmpty)
    }
}
