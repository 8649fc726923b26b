import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

/// Layers and figures that are handed to the tiles.
@Suite struct AnswerLayerTests {
    private static let snapshot = AreaFixture(seed: 11).snapshot()

    /// Surfaces as analyses answer them: the districts of the fixture without discs of different sizes around places.
    private static func gaps(seed: UInt64) -> [MultiPolygon<Geographic>] {
        var generator = SeededGenerator(seed: seed)
        return (0..<6).map { number in
            let (west, south) = (10.5 + 0.7 * Double(number % 3), 51 + 0.7 * Double(number / 3))
            let corners = [(0.0, 0.0), (0.7, 0), (0.7, 0.7), (0, 0.7), (0, 0)]
            let shell = Ring<Geographic>(corners.map { Coordinate(x: west + $0.0, y: south + $0.1) })
            let (x, y) = (
                west + Double.random(in: 0.3...0.4, using: &generator),
                south + Double.random(in: 0.3...0.4, using: &generator)
            )
            let radius = Double.random(in: 0.001...0.25, using: &generator)
            let hole = Ring<Geographic>(
                (0...256).map { step in
                    let angle = -Double(step % 256) / 128 * .pi
                    return Coordinate(x: x + radius * cos(angle), y: y + radius * sin(angle))
                })
            // A piece that is too small for every zoom but the deepest.
            let crumb = Ring<Geographic>(
                [(0.0, 0.0), (1e-5, 0), (1e-5, 1e-5), (0, 0)].map { Coordinate(x: x + $0.0, y: y + $0.1) })
            return MultiPolygon([Polygon(exterior: shell, holes: [hole]), Polygon(exterior: crumb)])
        }
    }

    private static func identifiers(_ count: Int) -> TextColumn {
        var column = TextColumn()
        for number in 0..<count { column.append("15001-\(number + 1)") }
        return column
    }

    private static func rows(_ content: Tileset.Content, _ geometry: GeometryColumn, count: Int) throws -> TileRows {
        let tileset = try TestData.tileset()
        let layer = try #require(tileset.layers.first { $0.content == content })
        let people = Column.integer((0..<count).map { $0 == 0 ? Column.missingInteger : Int64($0) })
        return try TileRows(
            layer, of: tileset, identifiers: identifiers(count), columns: [("people", people)], geometry: geometry)
    }

    private static let shared = Result { try TileSource(snapshot: snapshot, tileset: TestData.tileset()) }

    private func source() throws -> TileSource { try Self.shared.get() }

    private func everything() throws -> OfferSelection { try OfferSelection(OfferFilter(), in: Self.snapshot) }

    /// Valid winding, no lost surface, no overlap, and everything inside the buffered tile, at every zoom.
    @Test(arguments: [4, 7, 10]) func surfacesAreACoverageAtEveryZoom(zoom: Int) throws {
        for seed in 1...2 as ClosedRange<UInt64> {
            var additions = TileAdditions()
            additions.rows[.gaps] = try Self.rows(.gaps, .surfaces(Self.gaps(seed: seed)), count: 6)
            let source = try source()
            let offers = try everything()
            var found: Set<UInt64> = []
            var area: Int64 = 0
            for address in try source.addresses(zoom: zoom, layers: ["gaps"], additions: additions) {
                let tile = try DecodedTile(
                    try source.tile(address, offers: offers, layers: ["gaps"], additions: additions))
                #expect(tile.layers.count <= 1)
                // A tile in the box of a surface may lie in its hole.
                guard let layer = tile["gaps"] else { continue }
                for feature in layer.features {
                    found.insert(try #require(feature.id))
                    var hasShell = false
                    for ring in feature.paths {
                        #expect(ring.allSatisfy { (-64...4160).contains($0.x) && (-64...4160).contains($0.y) })
                        let doubled = TileGeometry.doubledArea(ring)
                        #expect(doubled != 0 && Set(ring).count == ring.count)
                        if doubled > 0 { hasShell = true } else { #expect(hasShell) }
                        area += doubled
                    }
                }
            }
            #expect(found.count == 6)
            #expect(area > 0)
        }
    }

    /// What a tile holds is the surface that was handed over, to the step.
    @Test func surfacesStandWhereTheyWere() throws {
        var additions = TileAdditions()
        additions.rows[.gaps] = try Self.rows(.gaps, .surfaces(Self.gaps(seed: 5)), count: 6)
        let source = try source()
        let offers = try everything()
        let zoom = 14
        let grid = TileGrid(zoom: zoom)
        var vertices: Set<GridPoint> = []
        for surface in Self.gaps(seed: 5) {
            for ring in surface.polygons.flatMap(\.rings) {
                for place in ring.coordinates { vertices.insert(grid.vertex(WebMercator.project(place))) }
            }
        }
        let place = try #require(Self.gaps(seed: 5)[0].polygons[0].rings.last?.coordinates.first)
        let point = WebMercator.project(place)
        let address = try #require(
            TileAddress(zoom: zoom, x: Int(point.x * 16384), y: Int(point.y * 16384)))
        let tile = try DecodedTile(try source.tile(address, offers: offers, layers: ["gaps"], additions: additions))
        let box = GridBox(address, margin: 0)
        // Where a tile or its neighbour's buffer ends, lines have vertices of their own.
        let sides: Set<Int32> = [64, 4032]
        let inside = (tile["gaps"]?.features ?? []).flatMap(\.paths).joined()
            .filter { (1..<4096).contains($0.x) && (1..<4096).contains($0.y) }
            .filter { !sides.contains($0.x) && !sides.contains($0.y) }
            .map { GridPoint(x: $0.x + box.minX, y: $0.y + box.minY) }
        #expect(!inside.isEmpty)
        #expect(inside.allSatisfy(vertices.contains))
    }

    @Test func pointsCarryTheirColumnsAndWhatIsMissingIsLeftOut() throws {
        var additions = TileAdditions()
        let longitudes = [11.0, 11.1, .nan]
        additions.rows[.access] = try Self.rows(
            .access, .points(longitudes: longitudes, latitudes: [51.5, 51.5, .nan]), count: 3)
        let source = try source()
        let offers = try everything()
        var seen: [UInt64: [DecodedTile.Attribute]] = [:]
        let addresses = try source.addresses(zoom: 9, layers: ["access"], additions: additions)
        for address in addresses {
            let tile = try DecodedTile(
                try source.tile(address, offers: offers, layers: ["access"], additions: additions))
            let layer = try #require(tile["access"])
            for feature in layer.features { seen[try #require(feature.id)] = layer.attributes(feature) }
        }
        let ids = FeatureIdentifiers.numbers(of: Self.identifiers(3))
        #expect(seen == [ids[0]: [], ids[1]: [.init(key: "people", value: .uint(1))]])
    }

    @Test func answersAreThereOnlyWhereAskedFor() throws {
        let source = try source()
        let offers = try everything()
        let address = try #require(TileLawTests.addresses(Self.snapshot, zoom: 8).dropFirst(8).first)
        let bytes = try source.tile(address, offers: offers, layers: nil)
        #expect(try DecodedTile(bytes).layers.allSatisfy { $0.name != "gaps" && $0.name != "access" })
        #expect(throws: TileError.answerMissing("gaps")) {
            try source.tile(address, offers: offers, layers: ["gaps"])
        }
        #expect(throws: TileError.answerMissing("access")) { try source.addresses(zoom: 8, layers: ["access"]) }
        let all = try TestData.tileset().layers
        #expect(all.filter(\.content.isAnswer).map(\.content) == [.gaps, .access])
    }

    /// Figures stand on the areas of their rows, behind the records' own attributes; columns of another length, and
    /// names that the tileset does not declare, are left out.
    @Test func figuresStandOnTheirAreas() throws {
        let source = try source()
        let offers = try everything()
        let count = Self.snapshot.districts.count
        var additions = TileAdditions()
        additions.figures[.districts] = TileAdditions.Figures([
            ("rural_index", .real((0..<count).map { Double($0) / 2 })), ("gap_people", .integer([1])),
            ("people", .integer((0..<count).map { _ in 7 })), ("heat", .integer((0..<count).map { _ in 7 })),
        ])
        for address in TileLawTests.addresses(Self.snapshot, zoom: 6) {
            let plain = try DecodedTile(try source.tile(address, offers: offers, layers: ["districts"]))
            let tile = try DecodedTile(
                try source.tile(address, offers: offers, layers: ["districts"], additions: additions))
            guard let layer = tile["districts"], let former = plain["districts"] else { continue }
            #expect(layer.features.map(\.paths) == former.features.map(\.paths))
            for (feature, old) in zip(layer.features, former.features) {
                let id = try #require(feature.id)
                let row = try #require(Self.snapshot.districtRows.row(of: String(id)))
                let value = TileValue.real(Double(row) / 2)
                #expect(
                    layer.attributes(feature) == former.attributes(old) + [.init(key: "rural_index", value: value)])
            }
        }
    }
}
