import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

@Suite struct CoverageTests {
    /// Districts and municipalities are a valid coverage at every zoom, however their borders wind.
    @Test(arguments: [(1, 0.1), (2, 0.4), (3, 1.2), (4, 1.2)] as [(UInt64, Double)])
    func isValidAtEveryZoom(seed: UInt64, wobble: Double) throws {
        let fixture = AreaFixture(seed: seed, wobble: wobble)
        let coverage = try fixture.coverage()
        for zoom in 0...14 {
            let drawn = coverage.drawn(zoom: zoom)
            #expect(drawn.polygons.count == (zoom < 7 ? 1 : 2))
            for (level, areas) in drawn.polygons.enumerated() {
                let laws = CoverageLaws(areas: areas)
                laws.checkBorders()
                #expect(laws.overlaps(samples: 300, seed: seed).several == 0)
                // Law (f): no area is lost.
                #expect(areas.count == [fixture.districts.count, fixture.municipalities.count][level])
                #expect(areas.allSatisfy { !$0.isEmpty })
            }
        }
    }

    @Test func partsTooSmallForTheGridStayAndAreCounted() throws {
        let fixture = AreaFixture(seed: 7)
        let coverage = try fixture.coverage()
        let islands = fixture.districts[0].surface.polygons.count
        for zoom in 0...14 {
            let drawn = coverage.drawn(zoom: zoom)
            #expect(drawn.polygons[0][0].count == islands, "zoom \(zoom)")
            if zoom == 4 { #expect(drawn.collapsedParts > 0) }
            if zoom == 14 { #expect(drawn.collapsedParts == 0) }
        }
    }

    @Test func areaSmallerThanAStepStandsAsOne() throws {
        let tiny = MultiPolygon<Geographic>.rectangle(11.2, 51.2, 11.200001, 51.200001)
        let around = MultiPolygon<Geographic>.rectangle(11, 51, 12, 52)
        let level = AreaLevel(surfaces: [around, tiny], keys: ["15001", "15002"], minzoom: 0)
        let drawn = try AreaCoverage([level], maxzoom: 14).drawn(zoom: 5)
        #expect(drawn.polygons[0][1].map(\.doubledArea) == [2])
        #expect(drawn.polygons[0][0].map(\.holes.count) == [1])
        CoverageLaws(areas: drawn.polygons[0]).checkBorders()
    }

    @Test func areaUnderAnotherComesBack() throws {
        let same = MultiPolygon<Geographic>.rectangle(11, 51, 12, 52)
        let level = AreaLevel(surfaces: [same, same, same], keys: ["15001", "15002", "15003"], minzoom: 0)
        let drawn = try AreaCoverage([level], maxzoom: 14).drawn(zoom: 14)
        #expect(drawn.polygons[0].allSatisfy { !$0.isEmpty })
        #expect(drawn.collapsedParts == 2)
        CoverageLaws(areas: drawn.polygons[0]).checkBorders()
    }

    @Test func areaWithoutGeometryIsNoArea() throws {
        let level = AreaLevel(
            surfaces: [MultiPolygon([]), .rectangle(11, 51, 12, 52)], keys: ["15001", "15002"], minzoom: 0)
        let drawn = try AreaCoverage([level], maxzoom: 14).drawn(zoom: 8)
        #expect(drawn.polygons[0].map(\.count) == [0, 1])
    }

    @Test func vertexThatOneNeighbourLacksBecomesAVertexOfBoth() throws {
        let west = MultiPolygon<Geographic>.rectangle(11, 51, 12, 52)
        let east = [MultiPolygon<Geographic>.rectangle(12, 51, 13, 51.4), .rectangle(12, 51.4, 13, 52)]
        let level = AreaLevel(surfaces: [west] + east, keys: ["1", "2", "3"], minzoom: 0)
        let drawn = try AreaCoverage([level], maxzoom: 14).drawn(zoom: 8)
        CoverageLaws(areas: drawn.polygons[0]).checkBorders()
        let corner = TileGrid(zoom: 8).vertex(WebMercator.project(Coordinate(x: 12, y: 51.4)))
        #expect(drawn.polygons[0].allSatisfy { $0[0].shell.contains(corner) })
    }

    @Test func overlappingAndSelfCrossingOutlinesStillMakeACoverage() throws {
        let bow = MultiPolygon<Geographic>([
            Polygon(
                exterior: Ring([
                    Coordinate(x: 11, y: 51), Coordinate(x: 12, y: 52), Coordinate(x: 12, y: 51),
                    Coordinate(x: 11, y: 52),
                    Coordinate(x: 11, y: 51),
                ]))
        ])
        let level = AreaLevel(
            surfaces: [bow, .rectangle(11.4, 51.2, 12.5, 51.8), .rectangle(11, 51, 13, 53)], keys: ["1", "2", "3"],
            minzoom: 0)
        for zoom in [4, 9, 14] {
            let drawn = try AreaCoverage([level], maxzoom: 14).drawn(zoom: zoom)
            CoverageLaws(areas: drawn.polygons[0]).checkBorders()
            #expect(CoverageLaws(areas: drawn.polygons[0]).overlaps(samples: 500, seed: 1).several == 0)
            #expect(drawn.polygons[0].allSatisfy { !$0.isEmpty })
        }
    }

    /// Each border stands once in the lines, and twice or (at the outside) once in the areas.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func bordersStandOnce(seed: UInt64) throws {
        let fixture = AreaFixture(seed: seed)
        let coverage = try fixture.coverage()
        for zoom in [4, 7, 11] {
            let drawn = coverage.drawn(zoom: zoom)
            var lines: [GridSegment: BorderLevel] = [:]
            for border in drawn.borders {
                for edge in edges(border.points) {
                    #expect(lines.updateValue(border.level, forKey: edge) == nil)
                }
            }
            for (level, areas) in drawn.polygons.enumerated() {
                var owners: [GridSegment: [String]] = [:]
                let keys = level == 0 ? fixture.districts.map(\.key) : fixture.municipalities.map(\.key)
                for (area, polygons) in areas.enumerated() {
                    for ring in polygons.flatMap(\.rings) {
                        for edge in edges(ring + ring.prefix(1)) { owners[edge, default: []].append(keys[area]) }
                    }
                }
                for (edge, keys) in owners {
                    let border = lines[edge]
                    if keys.count == 1 || Set(keys.map { $0.prefix(2) }).count > 1 {
                        #expect(border == .state)
                    } else if Set(keys.map { $0.prefix(5) }).count > 1 {
                        #expect(border == .district)
                    } else {
                        #expect(border == .municipality)
                    }
                }
                let shown = Set(owners.keys)
                #expect(lines.allSatisfy { shown.contains($0.key) || (level == 0 && $0.value == .municipality) })
            }
        }
    }

    private func edges(_ line: [GridPoint]) -> [GridSegment] {
        zip(line, line.dropFirst()).map { GridSegment(start: min($0, $1), end: max($0, $1)) }
    }

    /// Law (d): the tiles of a zoom, cut without their buffers, add up to each area exactly.
    @Test(arguments: [(1, 6), (2, 8), (3, 9), (4, 11)] as [(UInt64, Int)])
    func tilesAddUpToTheCoverage(seed: UInt64, zoom: Int) throws {
        let drawn = try AreaFixture(seed: seed).coverage().drawn(zoom: zoom)
        for areas in drawn.polygons {
            for polygons in areas {
                var box = GridBox.empty
                for polygon in polygons { box.formUnion(polygon.box) }
                var sum: Int64 = 0
                for y in (box.minY / TileGrid.extent)...(box.maxY / TileGrid.extent) {
                    for x in (box.minX / TileGrid.extent)...(box.maxX / TileGrid.extent) {
                        let address = try #require(TileAddress(zoom: zoom, x: Int(x), y: Int(y)))
                        let rings = TileClip(GridBox(address, margin: 0)).rings(of: polygons)
                        sum += rings.reduce(0) { $0 + TileGeometry.doubledArea($1) }
                    }
                }
                #expect(sum == polygons.reduce(0) { $0 + $1.doubledArea })
            }
        }
    }
}

@Suite struct SnapRoundingTests {
    /// Random lines in a small square cross everywhere; noded, they meet at ends only.
    @Test(arguments: 0..<30 as Range<UInt64>)
    func randomLines(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let size = Int32([12, 60, 1000].randomElement(using: &generator) ?? 12)
        func point() -> GridPoint {
            GridPoint(
                x: Int32.random(in: 0...size, using: &generator), y: Int32.random(in: 0...size, using: &generator))
        }
        let strands = (0..<40).map { index in
            Strand(points: [point(), point()], sides: [AreaSide(area: Int32(index), winding: 1)])
        }
        let edges = SnapRounding.edges(of: strands, tileLines: false).map(\.segment)
        for (index, one) in edges.enumerated() {
            #expect(one.start < one.end)
            for other in edges[(index + 1)...] {
                #expect(one != other)
                let sides = [
                    other.start.side(of: one.start, one.end).signum(), other.end.side(of: one.start, one.end).signum(),
                    one.start.side(of: other.start, other.end).signum(),
                    one.end.side(of: other.start, other.end).signum(),
                ]
                #expect(!(sides[0] * sides[1] < 0 && sides[2] * sides[3] < 0))
                for (side, point, edge) in [
                    (sides[0], other.start, one), (sides[1], other.end, one), (sides[2], one.start, other),
                    (sides[3], one.end, other),
                ] where side == 0 && edge.box.contains(point) {
                    #expect(point == edge.start || point == edge.end)
                }
            }
        }
    }

    /// Snap rounding moves nothing by more than a step.
    @Test func linesStayWhereTheyAre() {
        let long = Strand(
            points: [GridPoint(x: 0, y: 0), GridPoint(x: 1000, y: 1)], sides: [AreaSide(area: 0, winding: 1)])
        let short = Strand(
            points: [GridPoint(x: 500, y: 1), GridPoint(x: 500, y: 30)], sides: [AreaSide(area: 1, winding: 1)])
        let edges = SnapRounding.edges(of: [long, short], tileLines: false)
        #expect(
            edges.map(\.segment.start) == [
                GridPoint(x: 0, y: 0), GridPoint(x: 500, y: 1), GridPoint(x: 500, y: 1),
            ])
    }

    @Test func linesGetAVertexWhereATileOrABufferEnds() {
        let line = Strand(
            points: [GridPoint(x: 4000, y: 10), GridPoint(x: 4200, y: 110)], sides: [AreaSide(area: 0, winding: 1)])
        let edges = SnapRounding.edges(of: [line], tileLines: true).map(\.segment)
        #expect(
            edges.map(\.end) == [
                GridPoint(x: 4032, y: 26), GridPoint(x: 4096, y: 58), GridPoint(x: 4108, y: 64),
                GridPoint(x: 4160, y: 90),
                GridPoint(x: 4200, y: 110),
            ])
    }

    @Test func whatIsRunBothWaysByOneAreaCancelsOut() {
        let points = [GridPoint(x: 0, y: 0), GridPoint(x: 5, y: 5)]
        let strands = [points, points.reversed()].map { Strand(points: $0, sides: [AreaSide(area: 3, winding: 1)]) }
        #expect(SnapRounding.edges(of: strands, tileLines: false).isEmpty)
    }
}
