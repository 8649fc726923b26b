import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

/// The order of neighbours against a comparison of all pairs with Karney's geodesic.
struct NearestOffersTests {
    /// All offers by (geodesic distance, row): the definition itself.
    private static func bruteForce(
        _ positions: [Coordinate<Geographic>], from start: Coordinate<Geographic>
    ) -> [(distance: Double, row: Int)] {
        positions.enumerated()
            .map { (distance: Geodesic.grs80.distance(from: start, to: $0.element).value, row: $0.offset) }
            .sorted { $0 < $1 }
    }

    @Test(arguments: [1, 2, 7, 8, 9, 60, 700], UInt64(1)...3)
    func orderIsThatOfAllPairs(count: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(count))
        let positions = (0..<count).map { _ in generator.position() }
        let offers = try NearestOffers(rows: Array(0..<count), positions: positions)
        #expect(offers.count == count)
        for _ in 0..<60 {
            let start = generator.position()
            let wanted = Int.random(in: 1...12, using: &generator)
            let expected = Self.bruteForce(positions, from: start).prefix(wanted)
            let found = try offers.nearest(wanted, to: start)
            #expect(found.map(\.offer) == expected.map(\.row), "from \(start)")
            #expect(zip(found, expected).allSatisfy { abs($0.distance.value - $1.distance) < 1e-7 })
        }
    }

    @Test(arguments: UInt64(1)...4)
    func everyPointGetsTheFirstOfAllPairs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let positions = (0..<400).map { _ in generator.position() }
        let starts = (0..<300).map { _ in generator.position() } + positions.prefix(20)
        let access = try #require(
            try NearestOffers(rows: Array(0..<400), positions: positions).access(from: starts))
        for (index, start) in starts.enumerated() {
            let expected = Self.bruteForce(positions, from: start)[0]
            #expect(Int(access.offers[index]) == expected.row, "from \(start)")
            #expect(abs(access.distances[index] - expected.distance) < 1.7e-4)
        }
    }

    /// Northwards the surface bends more than eastwards, so the same way has a shorter chord: an offer in the north is
    /// nearer by the chord although it is a millimetre farther away.
    @Test func geodesicDecidesWhereTheChordDisagrees() throws {
        var disagreements = 0
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<400 {
            let start = Coordinate<Geographic>(
                longitude: Double.random(in: -180...180, using: &generator),
                latitude: Double.random(in: -60...60, using: &generator))
            let length = Double.random(in: 1e5...5e6, using: &generator)
            let positions = [(90.0, length), (0, length + 0.001)].map { azimuth, distance in
                Geodesic.grs80.direct(from: start, azimuth: azimuth, distance: Metres(distance))
            }
            let nearest = try NearestOffers(rows: [0, 1], positions: positions).nearest(1, to: start)
            #expect(nearest.map(\.offer) == [0])
            let chords = positions.map { SurfacePoint(start).squaredChord(to: SurfacePoint($0)) }
            if chords[1] < chords[0] { disagreements += 1 }
        }
        // Otherwise the test would prove nothing.
        #expect(disagreements > 50)
    }

    @Test func boundsHoldBetweenChordAndGeodesic() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let start = generator.position()
            let far = Double.random(in: 0...7, using: &generator)
            let end = Geodesic.grs80.direct(
                from: start, azimuth: Double.random(in: -180...180, using: &generator),
                distance: Metres(pow(10, far) * 1.8))
            let geodesic = Geodesic.grs80.distance(from: start, to: end).value
            let chord = SurfacePoint(start).squaredChord(to: SurfacePoint(end)).squareRoot()
            let (r, R) = (ChordBounds.smallestRadius, ChordBounds.greatestRadius)
            #expect(2 * R * asin(chord / (2 * R)) <= geodesic + 1e-7)
            if chord < 12_000_000 { #expect(geodesic <= 2 * r * asin(chord / (2 * r)) + 1e-7) }
        }
        #expect(ChordBounds.reach(ofSquaredChord: 0) > 0)
        #expect(ChordBounds.reach(ofSquaredChord: 1e4 * 1e4).squareRoot() - 1e4 < 3e-5)
        #expect(ChordBounds.reach(ofSquaredChord: 1.25e7 * 1.25e7) == .infinity)
    }

    @Test func knownDistanceAndBearings() throws {
        // GRS 80: a degree of the equator is 2 pi a / 360.
        let offers = try NearestOffers(
            rows: [0, 1, 2],
            positions: [
                Coordinate(longitude: 1, latitude: 0), Coordinate(longitude: -2, latitude: 0),
                Coordinate(longitude: 0, latitude: 4),
            ])
        let found = try offers.nearest(10, to: Coordinate(longitude: 0, latitude: 0))
        #expect(found.map(\.offer) == [0, 1, 2])
        #expect(abs(found[0].distance.value - 111_319.490793) < 1e-6)
        #expect(found.map { $0.bearing?.rounded() } == [90, 270, 0])
        #expect(try offers.nearest(1, to: Coordinate(longitude: 1, latitude: 0))[0].bearing == nil)
    }

    @Test func antimeridianAndPolesAreNoBorders() throws {
        let offers = try NearestOffers(
            rows: [0, 1, 2],
            positions: [
                Coordinate(longitude: 179.9, latitude: 10), Coordinate(longitude: -179, latitude: 10),
                Coordinate(longitude: 0, latitude: 89),
            ])
        #expect(try offers.nearest(1, to: Coordinate(longitude: -179.95, latitude: 10))[0].offer == 0)
        #expect(try offers.nearest(1, to: Coordinate(longitude: 180, latitude: 89.5))[0].offer == 2)
        let pole = try offers.nearest(3, to: Coordinate(longitude: -120, latitude: 90))
        #expect(pole[0].offer == 2)
        // Along a meridian from the pole, south is 180 less the difference of the longitudes.
        #expect(abs((pole[0].bearing ?? .nan) - 60) < 1e-9)
    }

    @Test func equalDistancesStandInTheOrderOfIDs() throws {
        // All at one place, which is written in several ways.
        let writings: [Coordinate<Geographic>] = [
            Coordinate(longitude: 180, latitude: 0), Coordinate(longitude: -180, latitude: -0.0),
        ]
        let offers = try NearestOffers(rows: Array(0..<5000), positions: (0..<5000).map { writings[$0 % 2] })
        let found = try offers.nearest(4, to: Coordinate(longitude: 179, latitude: 1))
        #expect(found.map(\.offer) == [0, 1, 2, 3])
        #expect(Set(found.map(\.distance)).count == 1)
        // Mirror images of each other.
        let pair = try NearestOffers(
            rows: [3, 8], positions: [Coordinate(longitude: 12, latitude: 50), Coordinate(longitude: 10, latitude: 50)])
        #expect(try pair.nearest(2, to: Coordinate(longitude: 11, latitude: 51)).map(\.offer) == [3, 8])
        #expect(try pair.access(from: [Coordinate(longitude: 11, latitude: 51)])?.offers == [3])
    }

    @Test func nonsenseIsRefused() throws {
        let offers = try NearestOffers(rows: [0], positions: [Coordinate(longitude: 1, latitude: 0)])
        for (longitude, latitude) in [(Double.nan, 0), (0, Double.nan), (181, 0), (0, -90.1), (.infinity, 0)] {
            #expect(throws: AnalysisError.self) {
                _ = try offers.nearest(1, to: Coordinate(longitude: longitude, latitude: latitude))
            }
        }
        let start = Coordinate<Geographic>(longitude: 0, latitude: 0)
        for count in [0, -1, 10_000] {
            #expect(throws: AnalysisError.invalidCount(count, allowed: 1...1000)) {
                _ = try offers.nearest(count, to: start)
            }
        }
        #expect(try offers.nearest(1000, to: start).count == 1)
        let nothing = try NearestOffers(rows: [], positions: [])
        #expect(try nothing.nearest(3, to: start).isEmpty)
        #expect(try nothing.access(from: [start]) == nil)
    }

    @Test func positionsAndRowsAreChecked() throws {
        for (longitude, latitude) in [(Double.nan, 0), (0, 90.5), (-180.1, 0)] {
            let bad = Coordinate<Geographic>(longitude: longitude, latitude: latitude)
            #expect(throws: AnalysisError.self) { _ = try NearestOffers(rows: [1], positions: [bad]) }
            let offers = try NearestOffers(rows: [0], positions: [Coordinate(longitude: 1, latitude: 0)])
            #expect(throws: AnalysisError.self) {
                _ = try offers.access(from: [Coordinate(longitude: 1, latitude: 0), bad])
            }
        }
        let offers = try NearestOffers(rows: [0], positions: [Coordinate(longitude: 1, latitude: 0)])
        #expect(try offers.access(from: [])?.distances.isEmpty == true)
    }

    @Test func cancelledSearchStops() throws {
        let offers = try NearestOffers(rows: [0], positions: [Coordinate(longitude: 1, latitude: 0)])
        #expect(throws: AnalysisError.cancelled) {
            _ = try offers.access(from: [Coordinate(longitude: 0, latitude: 0)], cancellation: Cancellation { true })
        }
    }

    /// Close together as in a region, so that the short-line formula, the answers before and the whole metres matter.
    @Test(arguments: [(50, UInt64(1)), (3000, 2), (20_000, 3)])
    func regionAgreesWithKarney(count: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let centre = generator.position()
        func near() -> Coordinate<Geographic> {
            Geodesic.grs80.direct(
                from: centre, azimuth: Double.random(in: -180...180, using: &generator),
                distance: Metres(60_000 * Double.random(in: 0...1, using: &generator).squareRoot()))
        }
        let positions = (0..<count).map { _ in near() }
        // Exactly (for the nanometre) 5 km and 8.25 km away from an offer, and at an offer.
        let placed = positions.prefix(40).enumerated().map { index, position in
            Geodesic.grs80.direct(
                from: position, azimuth: Double(index) * 9, distance: Metres([0, 5000, 8250][index % 3]))
        }
        let starts = (0..<min(260, 400_000 / count)).map { _ in near() } + placed
        let offers = try NearestOffers(rows: Array(0..<count), positions: positions)
        let access = try #require(try offers.access(from: starts))
        for (index, start) in starts.enumerated() {
            let expected = positions.indices
                .map { (Geodesic.grs80.distance(from: start, to: positions[$0]).value, $0) }.min { $0 < $1 }
            let (distance, row) = try #require(expected)
            #expect(Int(access.offers[index]) == row)
            #expect(abs(access.distances[index] - distance) < 1.7e-4)
            // No radius in whole metres divides them otherwise.
            #expect(access.distances[index].rounded(.up) == distance.rounded(.up))
        }
    }

    @Test func orderOfRowsAndPositionsChangesNothing() throws {
        var generator = SeededGenerator(seed: 5)
        // Coarse positions: many offers share a place, many are equally far away.
        let positions = (0..<2000).map { _ in
            Coordinate<Geographic>(
                longitude: Double(Int.random(in: 0..<30, using: &generator)) / 8 + 178,
                latitude: Double(Int.random(in: 0..<30, using: &generator)) / 8 - 2)
        }.map { Coordinate<Geographic>(longitude: $0.x > 180 ? $0.x - 360 : $0.x, latitude: $0.y) }
        let starts = (0..<500).map { _ in
            Coordinate<Geographic>(
                longitude: Double(Int.random(in: 0..<16, using: &generator)) / 8 - 180,
                latitude: Double(Int.random(in: 0..<40, using: &generator)) / 16)
        }
        let access = try #require(
            try NearestOffers(rows: Array(positions.indices), positions: positions).access(from: starts))
        let order = positions.indices.shuffled(using: &generator)
        let startOrder = starts.indices.shuffled(using: &generator)
        let shuffled = try #require(
            try NearestOffers(rows: order, positions: order.map { positions[$0] })
                .access(from: startOrder.map { starts[$0] }))
        #expect(shuffled.offers == startOrder.map { access.offers[$0] })
        #expect(shuffled.distances == startOrder.map { access.distances[$0] })
    }
}
