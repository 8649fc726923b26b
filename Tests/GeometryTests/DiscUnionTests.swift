import Foundation
import Geometry
import TestSupport
import Testing

/// Discs as regular polygons in the plane, and all that `DiscUnion` needs of them.
struct PlanarDiscs {
    let centres: [Coordinate<Projected>]
    let radius: Double
    var vertexCount = 64

    var discs: [Disc] {
        centres.map {
            Disc(
                centre: $0, inner: radius * cos(.pi / Double(vertexCount)) * (1 - 1e-9), outer: radius * (1 + 1e-9))
        }
    }

    func outline(_ number: Int) -> [Coordinate<Projected>] {
        (0..<vertexCount).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(vertexCount)
            return Coordinate(
                x: centres[number].x + radius * cos(angle), y: centres[number].y + radius * sin(angle))
        }
    }

    func union(around borders: SurfaceBorders) -> DiscUnion {
        let discs = discs
        let square = DiscUnion.square(around: borders.bounds, discs: discs, vertexCount: vertexCount)
        var outlines = DiscOutlines(vertexCount: vertexCount)
        for number in square.visible { outlines.append(outline(number), of: number, discs[number]) }
        return DiscUnion(square, outlines: outlines)
    }

    /// What is left open of each surface.
    func uncovered(_ borders: SurfaceBorders, _ geos: borrowing GEOSContext) throws -> [UncoveredSurface] {
        let union = union(around: borders)
        let cuts = (0..<borders.count).map { union.findCuts($0, of: borders) }
        let enclosed = union.enclosedArcs(cuts, of: borders)
        var result: [UncoveredSurface] = []
        for surface in 0..<borders.count {
            result.append(
                try union.uncovered(surface, of: borders, cuts[surface], enclosed: enclosed[surface], geos))
        }
        return result
    }

    /// The union by GEOS.
    func union(_ geos: borrowing GEOSContext) throws -> MultiPolygon<Projected> {
        try geos.union(
            centres.indices.map { number in
                var ring = outline(number)
                ring.append(ring[0])
                return MultiPolygon([Polygon(exterior: Ring(ring))])
            })
    }
}

/// A coverage of quadrilaterals with shared corners, some of them with a hole that another surface fills.
func patchwork(_ generator: inout SeededGenerator, side: Int, size: Double) -> [MultiPolygon<Projected>] {
    var corners: [[Coordinate<Projected>]] = []
    for row in 0...side {
        corners.append(
            (0...side).map { column in
                Coordinate(
                    x: 600_000 + (Double(column) + .random(in: -0.3...0.3, using: &generator)) * size,
                    y: 5_700_000 + (Double(row) + .random(in: -0.3...0.3, using: &generator)) * size)
            })
    }
    var result: [MultiPolygon<Projected>] = []
    for row in 0..<side {
        for column in 0..<side {
            let (a, b) = (corners[row][column], corners[row][column + 1])
            let (c, d) = (corners[row + 1][column + 1], corners[row + 1][column])
            var polygon = Polygon(exterior: Ring([a, b, c, d, a]))
            if Bool.random(using: &generator) {
                let centre = Coordinate<Projected>(x: (a.x + b.x + c.x + d.x) / 4, y: (a.y + b.y + c.y + d.y) / 4)
                let hole: Ring<Projected> = generator.star(around: centre, radius: size / 12, vertices: 9)
                polygon.holes = [hole.reversed]
                result.append(MultiPolygon([Polygon(exterior: hole)]))
            }
            result.append(MultiPolygon([polygon]))
        }
    }
    return result
}

@Suite("Union of discs")
struct DiscUnionTests {
    /// Hand-computed: a square of 10 km whose middle a disc leaves open but for itself.
    @Test func leavesASquareWithAHole() throws {
        let geos = try GEOSContext()
        let borders = SurfaceBorders([square(0, 0, 10_000)])
        let discs = PlanarDiscs(centres: [Coordinate(x: 5000, y: 5000)], radius: 1000)
        let open = try discs.uncovered(borders, geos)[0]
        #expect(!open.isByOverlay && !open.isWhole)
        #expect(open.surface.polygons.count == 1 && open.surface.polygons[0].holes.count == 1)
        // A regular polygon of 64 sides: n/2 r² sin(2π/n).
        let disc = 32.0 * 1e6 * sin(2 * Double.pi / 64)
        #expect(abs(open.surface.planarArea - (1e8 - disc)) < 1e-3)
    }

    @Test func leavesNothingWhereOneDiscCoversAll() throws {
        let geos = try GEOSContext()
        let borders = SurfaceBorders([square(0, 0, 1000)])
        for count in [1, 6] {
            let centres = (0..<count).map { Coordinate<Projected>(x: 500 + Double($0), y: 500) }
            let open = try PlanarDiscs(centres: centres, radius: 5000).uncovered(borders, geos)[0]
            #expect(open.surface.isEmpty && !open.isWhole && !open.isByOverlay)
        }
    }

    @Test func leavesAllWhereNoDiscReaches() throws {
        let geos = try GEOSContext()
        let borders = SurfaceBorders([square(0, 0, 1000)])
        for centres in [[], [Coordinate<Projected>(x: 90_000, y: 0)]] {
            let open = try PlanarDiscs(centres: centres, radius: 500).uncovered(borders, geos)[0]
            #expect(open.isWhole && open.surface == borders.surfaces[0])
        }
    }

    /// Two discs that touch the square's sides exactly at vertices leave no clear answer: GEOS decides.
    @Test func leavesTouchingToGEOS() throws {
        let geos = try GEOSContext()
        let borders = SurfaceBorders([square(0, 0, 2000)])
        let discs = PlanarDiscs(centres: [Coordinate(x: 1000, y: 1000)], radius: 1000)
        let open = try discs.uncovered(borders, geos)[0]
        #expect(try geos.validity(of: open.surface).isValid)
        let expected = 4e6 - 32.0 * 1e6 * sin(2 * Double.pi / 64)
        #expect(abs(open.surface.planarArea - expected) < 1e-3)
    }

    /// The law: what is left open is what GEOS leaves, for scattered, crowded and nearly equal discs.
    @Test(arguments: 1...60)
    func agreesWithGEOS(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let geos = try GEOSContext()
        let size = 20_000.0
        let surfaces = patchwork(&generator, side: 4, size: size)
        let borders = SurfaceBorders(surfaces)
        let box = borders.bounds.expanded(by: 10_000)
        var centres: [Coordinate<Projected>] = []
        for _ in 0..<Int.random(in: 1...60, using: &generator) { centres.append(generator.coordinate(in: box)) }
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let town: Coordinate<Projected> = generator.coordinate(in: box)
            let spread: Double = [0.5, 30, 2000][Int.random(in: 0...2, using: &generator)]
            for _ in 0..<Int.random(in: 2...120, using: &generator) {
                centres.append(
                    Coordinate(
                        x: town.x + .random(in: -spread...spread, using: &generator),
                        y: town.y + .random(in: -spread...spread, using: &generator)))
            }
        }
        var discs = PlanarDiscs(centres: centres, radius: .random(in: 500...25_000, using: &generator))
        if seed % 3 == 0 { discs.vertexCount = 256 }
        let open = try discs.uncovered(borders, geos)
        let union = try discs.union(geos)
        var overlays = 0
        for (number, surface) in borders.surfaces.enumerated() {
            let expected = try geos.difference(surface, union)
            let area = surface.planarArea
            #expect(
                abs(open[number].surface.planarArea - expected.planarArea) < 1e-9 * area,
                "surface \(number): \(open[number].surface.planarArea) instead of \(expected.planarArea)")
            #expect(try geos.validity(of: open[number].surface).isValid)
            let difference = try geos.difference(expected, open[number].surface).planarArea
            #expect(difference < 1e-9 * area)
            if open[number].isByOverlay { overlays += 1 }
        }
        #expect(overlays == 0, "GEOS had to decide \(overlays) times")
    }

    /// A town of many discs next to each other costs what its outermost ones cost.
    @Test(arguments: [0.2, 10, 300])
    func staysSmallInACrowd(spread: Double) throws {
        var generator = SeededGenerator(seed: 99)
        let geos = try GEOSContext()
        let borders = SurfaceBorders(patchwork(&generator, side: 3, size: 20_000))
        let town = Coordinate<Projected>(x: 630_000, y: 5_730_000)
        let centres = (0..<400).map { _ in
            Coordinate<Projected>(
                x: town.x + .random(in: -spread...spread, using: &generator),
                y: town.y + .random(in: -spread...spread, using: &generator))
        }
        let discs = PlanarDiscs(centres: centres, radius: 15_000, vertexCount: 256)
        let union = discs.union(around: borders)
        #expect(union.visibleCount < 60, "\(union.visibleCount)")
        let open = try discs.uncovered(borders, geos)
        let expected = try discs.union(geos)
        for (number, surface) in borders.surfaces.enumerated() {
            let rest = try geos.difference(surface, expected)
            #expect(abs(open[number].surface.planarArea - rest.planarArea) < 1e-9 * surface.planarArea)
            #expect(!open[number].isByOverlay)
        }
    }

    @Test func doesNotDependOnTheOrderOfDiscs() throws {
        var generator = SeededGenerator(seed: 4711)
        let geos = try GEOSContext()
        let borders = SurfaceBorders(patchwork(&generator, side: 3, size: 10_000))
        let centres = (0..<80).map { _ in generator.coordinate(in: borders.bounds) as Coordinate<Projected> }
        let first = try PlanarDiscs(centres: centres, radius: 2500).uncovered(borders, geos)
        let second = try PlanarDiscs(centres: centres.reversed(), radius: 2500).uncovered(borders, geos)
        for (a, b) in zip(first, second) { #expect(abs(a.surface.planarArea - b.surface.planarArea) < 1e-3) }
        #expect(first.contains { !$0.surface.isEmpty })
    }
}
