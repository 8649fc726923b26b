import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

/// The laws of clusters on decoded tiles.
@Suite struct ClusterTests {
    /// A feature of a zoom, at its place on the world's grid.
    private struct Mark {
        let id: UInt64
        let vertex: GridPoint
        let weight: Int
        let attributes: [String: TileValue]
    }

    private static let filters: [[(name: String, value: String)]] = [
        [], [("category", "training")], [("category", "event,counselling"), ("delivery", "on_site")],
        [("offer-bbox", "11,51.2,12.3,52.4")], [("offer-filter", "capacity > 3 AND delivery = 'mixed'")],
        [("q", "Angebot 7")], [("category", "counselling"), ("q", "Angebot 39")],
    ]

    /// All features of a zoom that lie in their own tile; what a buffer holds must be one of them.
    private func marks(
        _ source: TileSource, _ offers: ChosenPoints?, zoom: Int, clusters: Clustering = .declared
    ) throws -> [Mark] {
        var own: [Mark] = []
        var seen: [UInt64: Set<GridPoint>] = [:]
        for address in try source.addresses(zoom: zoom, layers: ["offers"]) {
            let tile = try DecodedTile(try source.tile(address, offers: offers, layers: ["offers"], clusters: clusters))
            guard let layer = tile["offers"] else { continue }
            #expect(Set(layer.values).count == layer.values.count && Set(layer.keys).count == layer.keys.count)
            #expect(Set(layer.features.map(\.id)).count == layer.features.count)
            for feature in layer.features {
                let local = try #require(feature.paths.first?.first)
                let buffered = -TileGrid.buffer...(TileGrid.extent + TileGrid.buffer)
                #expect(buffered.contains(local.x) && buffered.contains(local.y))
                let vertex = GridPoint(
                    x: local.x + Int32(address.x) * TileGrid.extent, y: local.y + Int32(address.y) * TileGrid.extent)
                let id = try #require(feature.id)
                seen[id, default: []].insert(vertex)
                guard (0..<TileGrid.extent).contains(local.x), (0..<TileGrid.extent).contains(local.y) else { continue }
                own.append(
                    Mark(
                        id: id, vertex: vertex, weight: layer.weight(feature),
                        attributes: Dictionary(
                            layer.attributes(feature).map { ($0.key, $0.value) },
                            uniquingKeysWith: { first, _ in first })))
            }
        }
        // The same feature stands at the same place in every tile that has it, and in one as its own.
        #expect(seen.values.allSatisfy { $0.count == 1 })
        #expect(seen.count == own.count)
        return own
    }

    /// At every zoom and under every filter each placed offer counts once, in all and by category.
    @Test(arguments: [1, 2] as [UInt64], 0..<ClusterTests.filters.count)
    func countsAddUp(seed: UInt64, filter: Int) throws {
        let snapshot = PointFixture.snapshot(seed: seed, count: 500)
        // With small numbers as attributes, which clusters state too.
        let file = try String(contentsOf: TestData.package.appending(path: "Tiles/tileset.json"), encoding: .utf8)
            .replacing("{\"name\": \"title\"}", with: "{\"name\": \"title\"}, {\"name\": \"capacity\"}")
        let source = try TileSource(snapshot: snapshot, tileset: Tileset(json: Array(file.utf8)))
        let selection = try OfferSelection(OfferFilter(parameters: Self.filters[filter]), in: snapshot)
        let points = source.points(of: selection)
        let categories = snapshot.offers.code("category")
        let placed = selection.rows.filter { snapshot.offers.point($0) != nil }
        #expect(placed.count == selection.placed && !placed.isEmpty)
        var expected: [String: Int] = [:]
        for row in placed { if let category = categories[row] { expected[category, default: 0] += 1 } }
        for zoom in [4, 6, 9, 13, 14] {
            let marks = try marks(source, points, zoom: zoom)
            #expect(marks.reduce(0) { $0 + $1.weight } == placed.count, "zoom \(zoom)")
            var counts: [String: Int] = [:]
            for mark in marks {
                if mark.weight == 1 {
                    if case .text(let category)? = mark.attributes["category"] { counts[category, default: 0] += 1 }
                    #expect(mark.attributes["point_count"] == nil && mark.attributes["id"] != nil)
                } else {
                    for (key, value) in mark.attributes where key.hasPrefix("count_") {
                        if case .uint(let count) = value { counts[String(key.dropFirst(6)), default: 0] += Int(count) }
                    }
                    #expect((mark.attributes["same_place"] == nil) == (mark.attributes["expansion_zoom"] != nil))
                }
            }
            #expect(counts == expected, "zoom \(zoom)")
            if zoom == 14 { #expect(marks.allSatisfy { $0.weight == 1 }) }
        }
    }

    /// No two marks are nearer than the radius; the marks of a zoom stay where they are at the next.
    @Test(arguments: [3, 4] as [UInt64]) func marksKeepTheirDistanceAndTheirPlace(seed: UInt64) throws {
        let snapshot = PointFixture.snapshot(seed: seed, count: 400)
        let tileset = try TestData.tileset()
        let source = try TileSource(snapshot: snapshot, tileset: tileset)
        let radius = Int64(try #require(tileset.layers.first { $0.content == .offers }?.clusters).steps)
        let points = source.points(of: try OfferSelection(OfferFilter(), in: snapshot))
        var above: Set<UInt64> = []
        for zoom in 0...13 {
            let marks = try marks(source, points, zoom: zoom)
            for (index, mark) in marks.enumerated() {
                for other in marks[..<index] {
                    let (width, height) = (
                        Int64(mark.vertex.x - other.vertex.x), Int64(mark.vertex.y - other.vertex.y)
                    )
                    #expect(width * width + height * height >= radius * radius)
                }
            }
            #expect(above.isSubset(of: marks.map(\.id)))
            above = Set(marks.map(\.id))
        }
        #expect(!above.isEmpty)
    }

    /// Clusters under a filter are the clusters of a network that has nothing else, byte for byte.
    @Test(arguments: 1..<ClusterTests.filters.count) func aFilterLeavesTheClustersOfWhatPasses(filter: Int) throws {
        let rows = PointFixture.offers(seed: 5, count: 300)
        let snapshot = PointFixture.snapshot(rows)
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let selection = try OfferSelection(OfferFilter(parameters: Self.filters[filter]), in: snapshot)
        let chosen = Set(selection.rows.compactMap { snapshot.offers.identifiers[$0] })
        let alone = PointFixture.snapshot(
            rows.filter { if case .text(let id)? = $0["id"] { chosen.contains(id) } else { false } })
        let other = try TileSource(snapshot: alone, tileset: TestData.tileset())
        let everything = try OfferSelection(OfferFilter(), in: alone)
        #expect(everything.rows.count == selection.rows.count)
        for zoom in [4, 7, 10, 13, 14] {
            for address in try source.addresses(zoom: zoom, layers: ["offers"]) {
                for clusters in [Clustering.declared, .excluded] {
                    let filtered = try source.tile(address, offers: selection, layers: ["offers"], clusters: clusters)
                    #expect(
                        filtered
                            == (try other.tile(address, offers: everything, layers: ["offers"], clusters: clusters)))
                }
            }
        }
    }

    @Test func bytesDependOnNoOrderAndNoThread() async throws {
        let snapshot = PointFixture.snapshot(seed: 6, count: 400)
        let selection = try OfferSelection(OfferFilter(parameters: [("delivery", "mixed")]), in: snapshot)
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let addresses = try [5, 8, 12].flatMap { try source.addresses(zoom: $0, layers: ["offers"]) }
        let points = source.points(of: selection)
        let expected = try addresses.map {
            try source.tile($0, offers: points, layers: ["offers", "actors"], clusters: .declared)
        }
        let shared = try TileSource(
            snapshot: PointFixture.snapshot(PointFixture.offers(seed: 6, count: 400).reversed()),
            tileset: TestData.tileset())
        let fresh = shared.points(of: selection)
        let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, address) in addresses.enumerated().reversed() {
                group.addTask {
                    (index, try shared.tile(address, offers: fresh, layers: ["offers", "actors"], clusters: .declared))
                }
            }
            return try await group.reduce(into: [[UInt8]](repeating: [], count: addresses.count)) { $0[$1.0] = $1.1 }
        }
        #expect(answers == expected)
    }

    /// Offers at one place are told as such and named; at the zoom without clusters each is there.
    @Test func offersAtOnePlaceAreNamed() throws {
        func offer(_ id: String, _ lon: Double) -> [String: FieldValue] {
            [
                "id": .text(id), "title": .text(id), "category": .text("training"), "lon": .real(lon),
                "lat": .real(51.5), "region": .text("example"),
            ]
        }
        let snapshot = PointFixture.snapshot(
            [offer("c", 11.5), offer("a", 11.5), offer("b", 11.5), offer("d", 11.502)])
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let points = source.points(of: try OfferSelection(OfferFilter(), in: snapshot))
        let together = try marks(source, points, zoom: 6)
        #expect(together.count == 1)
        #expect(together[0].attributes["ids"] == .text("a,b,c,d"))
        #expect(together[0].attributes["point_count"] == .uint(4))
        #expect(together[0].attributes["same_place"] == nil)
        // 0.002° are 23 px at zoom 13, below the radius: only the zoom without clusters parts them.
        #expect(together[0].attributes["expansion_zoom"] == .uint(14))
        let apart = try marks(source, points, zoom: 14)
        #expect(apart.count == 4)
        #expect(Set(apart.map(\.vertex)).count == 2)
        let spot = PointFixture.snapshot([offer("a", 11.5), offer("b", 11.5), offer("c,d", 11.5)])
        let other = try TileSource(snapshot: spot, tileset: TestData.tileset())
        let one = try marks(other, other.points(of: try OfferSelection(OfferFilter(), in: spot)), zoom: 13)
        #expect(one.count == 1)
        #expect(one[0].attributes["same_place"] == .bool(true))
        #expect(one[0].attributes["count_training"] == .uint(3))
        // A list that a comma inside an identifier would spoil is left out.
        #expect(one[0].attributes["ids"] == nil && one[0].attributes["expansion_zoom"] == nil)
    }

    @Test(arguments: [4, 8, 13]) func excludedClustersLeaveEveryPoint(zoom: Int) throws {
        let snapshot = PointFixture.snapshot(seed: 7, count: 300)
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let selection = try OfferSelection(OfferFilter(), in: snapshot)
        let marks = try marks(source, source.points(of: selection), zoom: zoom, clusters: .excluded)
        #expect(marks.count == selection.placed)
        #expect(marks.allSatisfy { $0.weight == 1 })
        let ids = Set(marks.compactMap { $0.attributes["id"] })
        #expect(ids.count == selection.placed)
    }

    @Test func documentNamesTheAttributesOfClusters() throws {
        let source = try TestData.exampleSource()
        let with = String(
            decoding: try source.tileJSON(urls: [], attribution: "", layers: ["offers", "actors"], language: "en"),
            as: UTF8.self)
        for text in [
            "\"point_count\":\"So many records are joined here (absent from single ones) [1]\"",
            "\"count_training\":\"Of these: Training [1]\"",
            "\"count_administration\":\"Of these: Administration [1]\"",
            "\"same_place\"", "\"expansion_zoom\"", "\"ids\"",
        ] { #expect(with.contains(text)) }
        let without = try source.tileJSON(
            urls: [], attribution: "", layers: nil, clusters: .excluded, language: "en")
        #expect(!String(decoding: without, as: UTF8.self).contains("point_count"))
    }
}

/// The making of the hierarchy against the plainest way to make it.
@Suite struct PointClustersTests {
    /// Marks of one zoom by the definition, each distance measured.
    private func joined(
        _ marks: [(point: Int, weight: Int)], _ vertices: [GridPoint], radius: Int64
    ) -> (stay: [Int], parents: [Int]) {
        func distance(_ a: Int, _ b: Int) -> Int64 {
            let (width, height) = (Int64(vertices[a].x - vertices[b].x), Int64(vertices[a].y - vertices[b].y))
            return width * width + height * height
        }
        var stay: [Int] = []
        for mark in marks.indices.sorted(by: { (-marks[$0].weight, $0) < (-marks[$1].weight, $1) })
        where stay.allSatisfy({ distance($0, mark) >= radius * radius }) {
            stay.append(mark)
        }
        stay.sort()
        let parents = marks.indices.map { mark in
            stay.contains(mark) ? mark : stay.min { (distance($0, mark), $0) < (distance($1, mark), $1) } ?? mark
        }
        return (stay, parents)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func hierarchyFollowsItsDefinition(seed: UInt64) throws {
        let (points, _) = PlacedPoints.all(of: Table(.offers, PointFixture.offers(seed: seed, count: 250)))
        let radius: Int32 = [1, 37, 400, 2048][Int(seed) - 1]
        let zooms = 3...12
        let clusters = PointClusters(points, zooms: zooms, radius: radius)
        #expect(clusters.members.sorted() == (0..<points.count).map(UInt32.init))
        var marks: [(point: Int, weight: Int)] = []
        var members: [[Int]] = []
        for point in 0..<points.count {
            if point > 0, points.keys[point] == points.keys[point - 1] {
                marks[marks.count - 1].weight += 1
                members[members.count - 1].append(point)
            } else {
                marks.append((point, 1))
                members.append([point])
            }
        }
        for zoom in zooms.reversed() {
            let grid = TileGrid(zoom: zoom)
            let (stay, parents) = joined(
                marks, marks.map { grid.vertex(points.keys[$0.point]) }, radius: Int64(radius))
            members = stay.map { mark in
                parents.indices.filter { parents[$0] == mark }.flatMap { members[$0] }
            }
            marks = zip(stay, members).map { (marks[$0].point, $1.count) }
            let level = try #require(clusters[zoom])
            #expect(level.points.map(Int.init) == marks.map(\.point), "zoom \(zoom)")
            #expect(level.weights.map(Int.init) == marks.map(\.weight))
            for mark in marks.indices {
                let start = Int(level.starts[mark])
                let found = clusters.members[start..<(start + marks[mark].weight)]
                #expect(Set(found.map(Int.init)) == Set(members[mark]))
                // Where they part: the first deeper zoom with more than one mark of them.
                let parting = Int(level.partings[mark])
                let places = Set(found.map { points.keys[Int($0)] })
                #expect((parting == 0) == (places.count == 1))
                for deeper in zoom + 1..<max(parting, zoom + 1) {
                    let level = try #require(clusters[deeper])
                    #expect(level.points.count { found.contains($0) } == 1)
                }
                if parting > 0, parting <= zooms.upperBound {
                    let level = try #require(clusters[parting])
                    #expect(level.points.count { found.contains($0) } > 1)
                }
            }
        }
        #expect(clusters[zooms.lowerBound - 1] == nil && clusters[zooms.upperBound + 1] == nil)
    }

    @Test func noPointsHaveNoClusters() {
        let none = PointClusters(PlacedPoints(keys: [], records: []), zooms: 4...13, radius: 400)
        #expect(none[4]?.points.isEmpty == true && none.members.isEmpty)
    }
}

@Suite struct ZOrderTests {
    @Test(
        arguments: [(0, 0), (1, 0), (0, 1), (123_456_789, 987_654_321), (2_147_483_647, 2_147_483_647)]
            as [(UInt32, UInt32)])
    func keysKeepColumnAndRow(x: UInt32, y: UInt32) {
        let key = ZOrder.key(x: x, y: y)
        #expect(ZOrder.x(key) == x && ZOrder.y(key) == y)
    }

    /// The finer place rounds to the vertex that the plain formula gives, at every zoom.
    @Test(arguments: 0...18) func placesRoundAsPositionsDo(zoom: Int) {
        var generator = SeededGenerator(seed: UInt64(zoom))
        let grid = TileGrid(zoom: zoom)
        for _ in 0..<500 {
            let position = Coordinate<MercatorSquare>(
                x: Double.random(in: 0..<1, using: &generator), y: Double.random(in: 0..<1, using: &generator))
            let key = ZOrder.key(x: TileGrid.ordinate(position.x), y: TileGrid.ordinate(position.y))
            #expect(grid.vertex(key) == grid.place(position))
        }
        for beyond in [1, 1.000_001, Double.infinity] { #expect(TileGrid.ordinate(beyond) == 2_147_483_647) }
        for before in [0, -0.1, -Double.infinity] { #expect(TileGrid.ordinate(before) == 0) }
    }

    /// A box finds what looking at each point finds, in order.
    @Test(arguments: 1...5 as ClosedRange<UInt64>) func boxesFindTheirPoints(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let grid = TileGrid(zoom: 6)
        let keys = (0..<2000).map { _ in
            ZOrder.key(
                x: UInt32.random(in: 0..<UInt32(1) << 31, using: &generator),
                y: UInt32.random(in: 0..<UInt32(1) << 31, using: &generator))
        }.sorted()
        let points = PlacedPoints(keys: keys, records: (0..<2000).map(UInt32.init))
        for _ in 0..<50 {
            let xs = [
                Int32.random(in: -64...262_208, using: &generator), .random(in: -64...262_208, using: &generator),
            ]
            let ys = [
                Int32.random(in: -64...262_208, using: &generator), .random(in: -64...262_208, using: &generator),
            ]
            let box = GridBox([GridPoint(x: xs[0], y: ys[0]), GridPoint(x: xs[1], y: ys[1])])
            var found: [Int] = []
            points.forEachStretch(in: box, of: grid) { found.append(contentsOf: $0) }
            #expect(found == keys.indices.filter { box.contains(grid.vertex(keys[$0])) })
        }
    }
}
