import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

/// Floating catchments against the definition over all pairs, with Karney's geodesic.
struct FloatingCatchmentTests {
    private typealias Place = Coordinate<Geographic>

    /// The two steps as the definition has them.
    private static func bruteForce(
        _ offers: [Coordinate<Geographic>], _ supplies: [Double], _ cells: [Coordinate<Geographic>], _ people: [Int64],
        _ bands: CatchmentBands
    ) -> (ratios: [Double], scores: [Double], pairs: Int) {
        func weight(_ offer: Int, _ cell: Int) -> Double {
            let distance = Geodesic.grs80.distance(from: offers[offer], to: cells[cell])
            return bands.bands.first { distance <= $0.radius }?.weight ?? 0
        }
        let ratios = offers.indices.map { offer in
            let reached = cells.indices.reduce(0) { $0 + weight(offer, $1) * Double(people[$1]) }
            return reached > 0 ? supplies[offer] / reached : 0
        }
        let scores = cells.indices.map { cell in offers.indices.reduce(0) { $0 + weight($1, cell) * ratios[$1] } }
        let pairs = offers.indices.reduce(0) { sum, offer in
            sum + cells.indices.count { weight(offer, $0) > 0 }
        }
        return (ratios, scores, pairs)
    }

    private static func isClose(_ lhs: [Double], _ rhs: [Double]) -> Bool {
        lhs.count == rhs.count && zip(lhs, rhs).allSatisfy { abs($0 - $1) <= 1e-12 * max(abs($0), abs($1)) }
    }

    /// On the equator a degree is 111,319.49 m: offers at 0° and 1°, cells at 0°, 0.4°, 0.9° and 3°.
    @Test func twoOffersByHand() throws {
        let index = try DemandIndex(
            positions: [0, 0.4, 0.9, 3].map { Coordinate(longitude: $0, latitude: 0) }, people: [10, 30, 60, 7])
        let offers: [Coordinate<Geographic>] = [0, 1].map { Coordinate(longitude: $0, latitude: 0) }
        let (fortieth, sixtieth) = (1 / 40.0, 1 / 60.0)
        // 50 km: the first offer has the cells at 0 and 0.4 (40 people), the second that at 0.9 (60 people).
        let near = try FloatingCatchment(
            positions: offers, demand: index, bands: CatchmentBands(catchment: Metres(50_000)))
        #expect(near.ratios == [fortieth, sixtieth])
        #expect(near.scores == [fortieth, fortieth, sixtieth, 0])
        #expect(near.peopleInCatchment == [40, 60])
        #expect(near.pairs == 3)
        #expect(near.offersWithoutPeople == 0)
        #expect(near.score(of: 3) == .value(0))
        let means: [Figure<Double>] = [.value(fortieth), .value(sixtieth), .missing(.noPopulation)]
        #expect(near.means(over: [0, 0, 1, -1], count: 3) == means)
        // 70 km: the second offer reaches the cell at 0.4, too (66.8 km): 90 people.
        let far = try FloatingCatchment(
            positions: offers, supplies: [2, 3], demand: index, bands: CatchmentBands(catchment: Metres(70_000)))
        let (first, second) = (2 / 40.0, 3 / 90.0)
        #expect(far.ratios == [first, second])
        #expect(far.scores == [first, first + second, second, 0])
        // Bands: 1 up to 20 km, a half up to 50 km.
        let bands = try CatchmentBands([
            .init(radius: Metres(20_000), weight: 1), .init(radius: Metres(50_000), weight: 0.5),
        ])
        let enhanced = try FloatingCatchment(positions: offers, demand: index, bands: bands)
        #expect(enhanced.ratios == [0.04, sixtieth])
        #expect(enhanced.scores == [0.04, 0.02, sixtieth, 0])
        #expect(enhanced.bands.method == .enhanced)
        #expect(near.bands.method == .twoStep)
    }

    @Test(arguments: [(30, 700, UInt64(1)), (300, 60, 2), (5, 9, 3), (120, 400, 4)])
    func agreesWithAllPairs(offers: Int, cells: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        // Around the antimeridian, a pole, or anywhere.
        let centre = [
            Place(longitude: 180, latitude: 10), Place(longitude: 0, latitude: 90), Place(longitude: 11, latitude: 52),
            Place(longitude: -60, latitude: -89.9),
        ][Int(seed) % 4]
        func near() -> Place {
            Geodesic.grs80.direct(
                from: centre, azimuth: Double(Int.random(in: -180...180, using: &generator)),
                distance: Metres(Double(Int.random(in: 0...80, using: &generator)) * 1000))
        }
        let positions = (0..<offers).map { _ in near() }
        let supplies = positions.map { _ in Double(Int.random(in: 0...9, using: &generator)) }
        let points = (0..<cells).map { _ in near() }
        let people = points.map { _ in Int64.random(in: 0...500, using: &generator) }
        let index = try DemandIndex(positions: points, people: people)
        for bands in [
            CatchmentBands.twoStep, .enhanced, try CatchmentBands(catchment: Metres(0)),
            try CatchmentBands(catchment: Metres(100_000)),
        ] {
            let found = try FloatingCatchment(positions: positions, supplies: supplies, demand: index, bands: bands)
            let expected = Self.bruteForce(positions, supplies, points, people, bands)
            #expect(Self.isClose(found.ratios, expected.ratios))
            #expect(Self.isClose(found.scores, expected.scores))
            #expect(found.pairs == expected.pairs)
            // What people have access to is what the offers supply that anybody reaches.
            let supplied = positions.indices.reduce(0) { $0 + (found.peopleInCatchment[$1] > 0 ? supplies[$1] : 0) }
            if bands.method == .twoStep {
                let used = zip(found.scores, people).reduce(0) { $0 + $1.0 * Double($1.1) }
                #expect(abs(used - supplied) <= 1e-9 * max(supplied, 1))
            }
        }
    }

    /// Cells that are exactly as far away as the catchment reaches, to the nanometres that Karney's algorithm tells.
    @Test func borderOfTheCatchmentIsKarneys() throws {
        let offer = Place(longitude: 11.6, latitude: 52.1)
        let cells = (0..<360).map { azimuth in
            Geodesic.grs80.direct(from: offer, azimuth: Double(azimuth), distance: Metres(15_000))
        }
        let index = try DemandIndex(positions: cells, people: cells.map { _ in 1 })
        let found = try FloatingCatchment(positions: [offer], demand: index)
        let within = cells.map { Geodesic.grs80.distance(from: offer, to: $0).value <= 15_000 }
        #expect(found.scores.map { $0 > 0 } == within)
        #expect(Set(within).count == 2)
    }

    @Test func manyPointsAreSharedOutAmongThreads() throws {
        var generator = SeededGenerator(seed: 9)
        let cells = (0..<30_000).map { _ in
            Place(
                longitude: Double.random(in: 11...12, using: &generator),
                latitude: Double.random(in: 51...52, using: &generator))
        }
        let people = cells.map { _ in Int64.random(in: 1...50, using: &generator) }
        let offers = (0..<6).map { _ in cells[Int.random(in: 0..<30_000, using: &generator)] }
        let index = try DemandIndex(positions: cells, people: people)
        let found = try FloatingCatchment(positions: offers, demand: index, bands: .enhanced)
        let again = try FloatingCatchment(positions: offers, demand: index, bands: .enhanced)
        #expect(found.scores == again.scores)
        let expected = Self.bruteForce(offers, offers.map { _ in 1 }, cells, people, .enhanced)
        #expect(Self.isClose(found.ratios, expected.ratios))
        #expect(Self.isClose(found.scores, expected.scores))
    }

    @Test func capacityIsASupply() throws {
        var town = Town()
        town.municipalities = [("15001000", 100)]
        town.addCell("c", 50, 11.5, 51.5, municipality: "15001000")
        town.addOffer("a", 11.5, 51.5, municipality: "15001000")
        town.addOffer("b", 11.5, 51.5, municipality: "15001000")
        town.offers[1]["capacity"] = .integer(9)
        let snapshot = town.snapshot
        let usable = UsableOffers(rows: [0, 1], in: snapshot)
        let index = DemandIndex(try Demand(snapshot))
        #expect(try FloatingCatchment(usable, demand: index, in: snapshot).scores == [2 / 50.0])
        let byCapacity = try FloatingCatchment(usable, demand: index, in: snapshot, supply: .capacity)
        #expect(byCapacity.supplies == [1, 9])
        #expect(abs(try #require(byCapacity.mean.value) - 0.2) < 1e-15)
    }

    /// Supplies and weights of all magnitudes: none is lost beside another one.
    @Test(arguments: [
        [1e15, 1, 1e-12], [1e15, Double.leastNonzeroMagnitude, 3], [1e-250, 1e-300, 1e-280], [0, 0, 1e15],
        [7, 1e-9, 1],
    ])
    func magnitudesDoNotMatter(supplies: [Double]) throws {
        let places = [0, 5, 10].map { Place(longitude: 11 + Double($0), latitude: 52) }
        let index = try DemandIndex(positions: places, people: [4, 8, 16])
        let bands = try CatchmentBands([
            .init(radius: Metres(1000), weight: 1e-6), .init(radius: Metres(400_000), weight: 1),
        ])
        let found = try FloatingCatchment(positions: places, supplies: supplies, demand: index, bands: bands)
        let expected = Self.bruteForce(places, supplies, places, [4, 8, 16], bands)
        #expect(Self.isClose(found.scores, expected.scores))
        for (score, exact) in zip(found.scores, expected.scores) {
            #expect(score.isFinite && abs(score - exact) <= 1e-12 * exact)
        }
    }

    @Test func nothingToCountIsMissing() throws {
        let here = Place(longitude: 11, latitude: 52)
        let index = try DemandIndex(positions: [here], people: [5])
        let noOffers = try FloatingCatchment(positions: [], demand: index)
        #expect(noOffers.missing == .noUsableOffer)
        #expect(noOffers.score(of: 0) == .missing(.noUsableOffer))
        #expect(noOffers.means(over: [0], count: 1) == [.missing(.noUsableOffer)])
        #expect(noOffers.mean == .missing(.noUsableOffer))
        let nobody = try FloatingCatchment(positions: [here], demand: DemandIndex(positions: [], people: []))
        #expect(nobody.missing == .populationNotLoaded)
        #expect(nobody.ratios == [0])
        #expect(nobody.offersWithoutPeople == 1)
        let uninhabited = try FloatingCatchment(
            positions: [here], demand: DemandIndex(positions: [here], people: [0]))
        #expect(uninhabited.scores == [0])
        #expect(uninhabited.mean == .missing(.noPopulation))
        let outOfReach = try FloatingCatchment(positions: [Place(longitude: 20, latitude: 52)], demand: index)
        #expect(outOfReach.scores == [0])
        #expect(outOfReach.offersWithoutPeople == 1)
        // Everything at one place, more of it than a leaf holds.
        let crowd = try DemandIndex(
            positions: Array(repeating: here, count: 500), people: Array(repeating: 1, count: 500))
        let one = try FloatingCatchment(
            positions: Array(repeating: here, count: 300), demand: crowd, bands: CatchmentBands(catchment: Metres(0)))
        #expect(Set(one.ratios) == [1 / 500.0])
        #expect(one.pairs == 150_000)
    }

    @Test func badParametersAreRefused() throws {
        for radius in [-1, Double.nan, .infinity, 1e9] {
            #expect(throws: AnalysisError.self) { _ = try CatchmentBands(catchment: Metres(radius)) }
        }
        for weight in [0, -1, 1.5, Double.nan, 1e-7, Double.leastNonzeroMagnitude] {
            #expect(throws: AnalysisError.self) {
                _ = try CatchmentBands([.init(radius: Metres(5), weight: weight)])
            }
        }
        #expect(throws: AnalysisError.invalidBands(.order)) {
            _ = try CatchmentBands([
                .init(radius: Metres(5), weight: 1), .init(radius: Metres(5), weight: 0.5),
            ])
        }
        #expect(throws: AnalysisError.invalidBands(.count(0, allowed: 1...20))) { _ = try CatchmentBands([]) }
        #expect(AnalysisError.invalidBands(.order).parameter == "bands")
        let here = Place(longitude: 11, latitude: 52)
        let index = try DemandIndex(positions: [here], people: [5])
        for supply in [-1, Double.nan, .infinity] {
            #expect(throws: AnalysisError.self) {
                _ = try FloatingCatchment(positions: [here], supplies: [supply], demand: index)
            }
        }
        #expect(throws: AnalysisError.self) {
            _ = try FloatingCatchment(positions: [Place(longitude: 200, latitude: 0)], demand: index)
        }
        #expect(throws: AnalysisError.self) { _ = try DemandIndex(positions: [here], people: [-1]) }
        #expect(throws: AnalysisError.self) {
            _ = try DemandIndex(positions: [here, here], people: [Demand.mostPeople, 1])
        }
        #expect(throws: AnalysisError.cancelled) {
            _ = try FloatingCatchment(positions: [here], demand: index, cancellation: Cancellation { true })
        }
    }
}
