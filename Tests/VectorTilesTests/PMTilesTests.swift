import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

@Suite struct PMTilesTests {
    /// Values of the specification, version 3, section 4.1.
    @Test(arguments: [
        (0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 2), (1, 1, 1, 3), (1, 1, 0, 4), (2, 0, 0, 5),
        (12, 3423, 1763, 19_078_479),
    ])
    func knownIdentifiers(zoom: Int, x: Int, y: Int, identifier: UInt64) throws {
        #expect(try #require(TileAddress(zoom: zoom, x: x, y: y)).hilbertIdentifier == identifier)
    }

    /// Each zoom is walked without a gap, from tile to neighbouring tile.
    @Test func identifiersFollowACurve() {
        var next: UInt64 = 0
        for zoom in 0...6 {
            let side = 1 << zoom
            let tiles = (0..<(side * side)).compactMap { TileAddress(zoom: zoom, x: $0 % side, y: $0 / side) }
                .sorted { $0.hilbertIdentifier < $1.hilbertIdentifier }
            for (tile, following) in zip(tiles, tiles.dropFirst()) {
                #expect(abs(tile.x - following.x) + abs(tile.y - following.y) == 1)
            }
            for tile in tiles {
                #expect(tile.hilbertIdentifier == next)
                next += 1
            }
        }
    }

    /// The worked example of the specification, version 3, section 4.2.
    @Test func knownDirectory() {
        let entries = [
            PMTilesDirectory.Entry(identifier: 5, offset: 1337, length: 42, runLength: 1),
            PMTilesDirectory.Entry(identifier: 42, offset: 1379, length: 21, runLength: 1),
            PMTilesDirectory.Entry(identifier: 69, offset: 1400, length: 600, runLength: 2),
        ]
        #expect(
            PMTilesDirectory.bytes(entries) == [
                0x03, 0x05, 0x25, 0x1b, 0x01, 0x01, 0x02, 0x2a, 0x15, 0xd8, 0x04, 0xba, 0x0a, 0x00, 0x00,
            ])
    }

    @Test func equalContentsStandOnce() throws {
        var index = PMTilesIndex()
        func append(_ x: Int, _ y: Int, _ content: UInt8) throws -> Bool {
            index.append(try #require(TileAddress(zoom: 1, x: x, y: y)), digest: [content], length: 10)
        }
        #expect(try append(0, 0, 7))
        #expect(try !append(0, 1, 7))
        #expect(try append(1, 1, 8))
        #expect(try !append(1, 0, 7))
        #expect(index.tileCount == 4)
        #expect(index.contentCount == 2)
        #expect(index.dataLength == 20)
        let archive = try ReadArchive(try index.head(try description(), compress: { $0 }))
        #expect(archive.tiles == [1: .init(0, 10), 2: .init(0, 10), 3: .init(10, 10), 4: .init(0, 10)])
        #expect(archive.entryCount == 3)
    }

    /// Every tile is found again, whether one directory holds all or leaves are needed.
    @Test(arguments: [1, 100, 4_000, 60_000])
    func everyTileIsFound(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        var identifiers: Set<UInt64> = []
        var index = PMTilesIndex()
        var expected: [UInt64: ReadArchive.Place] = [:]
        var places: [Int: ReadArchive.Place] = [:]
        let side = 1 << 9
        let addresses = (0..<count)
            .compactMap { _ in
                TileAddress(
                    zoom: 9, x: Int.random(in: 0..<side, using: &random), y: Int.random(in: 0..<side, using: &random))
            }
            .filter { identifiers.insert($0.hilbertIdentifier).inserted }
            .sorted { $0.hilbertIdentifier < $1.hilbertIdentifier }
        for address in addresses {
            let content = Int.random(in: 0..<max(1, count / 2), using: &random)
            let length = 20 + content % 1_000
            let digest = Array("\(content)".utf8)
            let offset = index.dataLength
            let isNew = index.append(address, digest: digest, length: length)
            #expect(isNew == (places[content] == nil))
            let place = places[content] ?? ReadArchive.Place(offset, length)
            places[content] = place
            expected[address.hilbertIdentifier] = place
        }
        let archive = try ReadArchive(try index.head(try description(), compress: { $0 }))
        #expect(archive.tiles == expected)
        #expect(archive.tileCount == expected.count)
        #expect(archive.contentCount == places.count)
        #expect(archive.rootEnd <= 16_384)
        #expect(archive.hasLeaves == (count == 4_000 || count == 60_000))
        #expect(archive.dataLength == index.dataLength)
    }

    @Test func headerSaysWhatTheArchiveIs() throws {
        var index = PMTilesIndex()
        _ = index.append(try #require(TileAddress(zoom: 5, x: 17, y: 10)), digest: [1], length: 9)
        let bytes = try index.head(try description(zooms: 5...6), compress: { $0 })
        #expect(Array(bytes[..<8]) == Array("PMTiles".utf8) + [3])
        // Clustered, gzip, gzip, MVT, zooms.
        #expect(Array(bytes[96..<102]) == [1, 2, 2, 1, 5, 6])
        func e7(_ position: Int) -> Int32 {
            (0..<4).reduce(0) { $0 | Int32(bitPattern: UInt32(bytes[position + $1]) << (8 * UInt32($1))) }
        }
        #expect([102, 106, 110, 114].map(e7) == [110_000_000, 510_000_000, 130_000_000, 520_000_000])
        #expect((5...6).contains(Int(bytes[118])))
        #expect(e7(119) == 120_000_000)
        let metadata = try #require(
            try JSONSerialization.jsonObject(with: ReadArchive(bytes).metadata) as? [String: Any])
        let layers = try #require(metadata["vector_layers"] as? [[String: Any]])
        // Municipalities begin at zoom 7.
        #expect(
            layers.compactMap { $0["id"] as? String } == [
                "districts", "borders", "labels", "offers", "actors", "links",
            ])
        #expect(layers.allSatisfy { $0["minzoom"] as? Int == 5 && $0["maxzoom"] as? Int == 6 })
        let fields = try #require(layers[0]["fields"] as? [String: String])
        #expect(fields["people"] == "Number")
        #expect(fields["key"] == "String")
    }

    @Test func mbtilesRowsAreWhatTheSpecificationAsks() throws {
        let rows = Dictionary(try description(zooms: 4...9).rows(), uniquingKeysWith: { first, _ in first })
        #expect(rows["format"] == "pbf")
        #expect(rows["bounds"] == "11.0,51.0,13.0,52.0")
        #expect(rows["minzoom"] == "4")
        #expect(rows["maxzoom"] == "9")
        #expect(rows["name"] == "Kompass")
        #expect(rows["attribution"] == "© Beispiel")
        let center = try #require(rows["center"]).split(separator: ",").compactMap { Double($0) }
        #expect(center.count == 3 && center[0] == 12 && (4...9).contains(center[2]))
        let json = try JSONSerialization.jsonObject(with: Data(try #require(rows["json"]).utf8)) as? [String: Any]
        #expect((json?["vector_layers"] as? [Any])?.count == 7)
    }

    /// An archive names the attributes of clusters where it has clusters.
    @Test(arguments: [
        (4...9, Clustering.declared, true), (4...9, .excluded, false), (14...14, .declared, false),
    ]) func clustersAreDescribedWhereTheyAre(zooms: ClosedRange<Int>, clusters: Clustering, areNamed: Bool) throws {
        let metadata = try TestData.exampleSource().archiveDescription(
            zooms: zooms, attribution: "", layers: ["offers"], clusters: clusters, language: "de"
        ).metadata()
        let document = try JSONSerialization.jsonObject(with: Data(metadata)) as? [String: Any]
        let layer = try #require((document?["vector_layers"] as? [[String: Any]])?.first)
        let fields = try #require(layer["fields"] as? [String: String])
        #expect(fields["id"] == "String")
        #expect(fields["point_count"] == (areNamed ? "Number" : nil))
        #expect(fields["same_place"] == (areNamed ? "Boolean" : nil))
        #expect(fields["count_training"] == (areNamed ? "Number" : nil))
    }

    @Test func layersAndZoomsThatAreNotThereAreRefused() throws {
        let source = try TestData.exampleSource()
        #expect(throws: TileError.zoomNotServed(15, served: 0...14)) { try description(zooms: 3...15) }
        #expect(throws: TileError.zoomNotServed(15, served: 0...14)) { try source.addresses(zoom: 15, layers: nil) }
        #expect(throws: TileError.self) { try source.addresses(zoom: 9, layers: ["rivers"]) }
    }

    private func description(zooms: ClosedRange<Int> = 4...14) throws -> ArchiveDescription {
        try TestData.exampleSource().archiveDescription(
            zooms: zooms, attribution: "© Beispiel", layers: nil, language: "de")
    }
}

/// The front of an archive, read as the specification says; nothing in it is compressed.
private struct ReadArchive {
    struct Place: Hashable {
        let offset: Int
        let length: Int

        init(_ offset: Int, _ length: Int) {
            self.offset = offset
            self.length = length
        }
    }

    private(set) var tiles: [UInt64: Place] = [:]
    let metadata: Data
    let rootEnd: Int
    let dataLength: Int
    let tileCount: Int
    let entryCount: Int
    let contentCount: Int
    private(set) var hasLeaves = false

    init(_ bytes: [UInt8]) throws {
        func number(_ position: Int) -> Int {
            (0..<8).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
        }
        rootEnd = number(8) + number(16)
        metadata = Data(bytes[number(24)..<(number(24) + number(32))])
        dataLength = number(64)
        (tileCount, entryCount, contentCount) = (number(72), number(80), number(88))
        // The sections follow each other without a gap, the tile data last.
        #expect(number(8) == 127)
        #expect(number(24) == rootEnd)
        #expect(number(40) == number(24) + number(32))
        #expect(number(56) == number(40) + number(48))
        #expect(bytes.count == number(56))
        for entry in Self.entries(bytes[number(8)..<rootEnd]) {
            guard entry.run == 0 else {
                add(entry)
                continue
            }
            hasLeaves = true
            let start = number(40) + entry.offset
            let leaf = Self.entries(bytes[start..<(start + entry.length)])
            #expect(leaf.first?.identifier == entry.identifier)
            leaf.forEach { add($0) }
        }
    }

    private mutating func add(_ entry: (identifier: UInt64, run: Int, length: Int, offset: Int)) {
        for step in 0..<UInt64(entry.run) { tiles[entry.identifier + step] = Place(entry.offset, entry.length) }
    }

    private static func entries(
        _ bytes: ArraySlice<UInt8>
    ) -> [(identifier: UInt64, run: Int, length: Int, offset: Int)] {
        var position = bytes.startIndex
        func varint() -> Int {
            var (value, shift) = (0, 0)
            while true {
                let byte = bytes[position]
                position += 1
                value |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { return value }
            }
        }
        let count = varint()
        var identifier = 0
        let identifiers = (0..<count).map { _ in
            identifier += varint()
            return identifier
        }
        let runs = (0..<count).map { _ in varint() }
        let lengths = (0..<count).map { _ in varint() }
        var end = 0
        return (0..<count).map { row in
            let stated = varint()
            let offset = stated == 0 ? end : stated - 1
            end = offset + lengths[row]
            return (UInt64(identifiers[row]), runs[row], lengths[row], offset)
        }
    }
}

@Suite struct OccupiedTilesTests {
    /// What is not listed is empty, and the list is in the order of an archive.
    @Test(arguments: [4, 6, 7, 9])
    func otherTilesAreEmpty(zoom: Int) throws {
        let snapshot = TestData.exampleSnapshot
        let source = try TestData.exampleSource()
        let offers = try OfferSelection(OfferFilter(), in: snapshot)
        let listed = try source.addresses(zoom: zoom, layers: nil)
        #expect(zip(listed, listed.dropFirst()).allSatisfy { $0.hilbertIdentifier < $1.hilbertIdentifier })
        let all = Set(listed)
        let side = 1 << zoom
        var full = 0
        for y in 0..<side {
            for x in 0..<side {
                let address = try #require(TileAddress(zoom: zoom, x: x, y: y))
                guard try !source.tile(address, offers: offers, layers: nil).isEmpty else { continue }
                #expect(all.contains(address))
                full += 1
            }
        }
        #expect(full > 0)
        #expect(try source.addresses(zoom: 6, layers: ["municipalities"]).isEmpty)
    }

    /// A box that ends where a neighbour's buffer begins is the neighbour's too.
    @Test(arguments: [
        (4031, 4031, 0, 0), (4032, 4032, 0, 1), (4095, 4095, 0, 1), (4160, 4160, 0, 1), (4161, 4161, 1, 1),
        (0, 4096, 0, 1),
        (-20, 0, 0, 0), (16_383, 16_500, 3, 3),
    ])
    func buffersCount(low: Int32, high: Int32, first: Int, last: Int) {
        var tiles = OccupiedTiles(zoom: 2)
        tiles.insert(GridBox(minX: low, minY: 2000, maxX: high, maxY: 2000))
        #expect(Set(tiles.sorted.map(\.x)) == Set(first...last))
        #expect(tiles.sorted.allSatisfy { $0.y == 0 })
    }
}
