import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

/// Siting against the definition: all choices, with Karney's geodesic.
struct SitingTests {
    private typealias Place = Coordinate<Geographic>

    private static func candidates(_ places: [Coordinate<Geographic>]) -> [SitingCandidate] {
        places.enumerated().map { SitingCandidate(key: "c\($0.offset)", position: $0.element) }
    }

    private static func choices(_ count: Int, of total: Int) -> [[Int]] {
        if count == 0 { return [[]] }
        return (0..<total).flatMap { last in choices(count - 1, of: last).map { $0 + [last] } }
    }

    /// On the equator, a degree is 111.3 km: people at 0°, 1°, 2°, 3°; candidates at 0.9°, 2°, 3.05°.
    private static let line = (0...3).map { Coordinate<Geographic>(longitude: Double($0), latitude: 0) }
    private static let people: [Int64] = [10, 20, 5, 40]
    private static let places = [0.9, 2, 3.05].map { Coordinate<Geographic>(longitude: $0, latitude: 0) }

    @Test func coveringByHand() throws {
        let existing = [0.0, 111_319.5, 222_639, 333_958.5]
        let siting = try Siting(
            SitingParameters(.maximalCovering, stops: 2, radius: Metres(20_000)),
            candidates: Self.candidates(Self.places), positions: Self.line, people: Self.people, existing: existing)
        #expect(siting.before.peopleWithin == .value(10))
        #expect(siting.stops.map(\.candidate) == [2, 0])
        #expect(siting.stops.map(\.peopleGained) == [40, 20])
        let shares = [40 / 75.0, 20 / 75.0]
        #expect(siting.stops.map(\.shareGained) == shares)
        #expect(siting.stops.map(\.service.peopleWithin) == [.value(50), .value(70)])
        #expect(siting.objective == 60)
        #expect(siting.objectiveBound == 60)
        #expect(siting.isProvenOptimal)
        #expect(siting.missing == nil)
        // One more than can be gained: it stands there with nothing gained.
        let all = try Siting(
            SitingParameters(.maximalCovering, stops: 3, radius: Metres(20_000)),
            candidates: Self.candidates(Self.places), positions: Self.line, people: Self.people,
            existing: [0, 0, 0, 0])
        #expect(all.stops.map(\.candidate) == [0, 1, 2])
        #expect(all.stops.map(\.peopleGained) == [0, 0, 0])
        #expect(all.before.share == .value(1))
        #expect(all.isProvenOptimal)
    }

    @Test func medianByHand() throws {
        let degree = Geodesic.grs80.distance(from: Self.line[0], to: Self.line[1]).value
        let siting = try Siting(
            SitingParameters(.pMedian, stops: 1), candidates: Self.candidates(Self.places), positions: Self.line,
            people: Self.people, existing: nil)
        // At 2°: 10 · 2 + 20 · 1 + 40 · 1 = 80; at 3.05°: 30.5 + 41 + 5.25 + 2 = 78.75; at 0.9°: 9 + 2 + 5.5 + 84 = 100.5.
        #expect(siting.stops.map(\.candidate) == [2])
        let mean = try #require(siting.stops[0].service.meanDistance.value).value
        #expect(abs(mean - 78.75 / 75 * degree) < 1e-2)
        #expect(siting.stops[0].service.peopleMetres == .value(siting.objective))
        #expect(siting.objectiveBound == siting.objective)
        #expect(siting.before.meanDistance == .missing(.noUsableOffer))
        #expect(siting.stops[0].peopleMetresGained == .missing(.noUsableOffer))
        #expect(siting.isProvenOptimal)
        // An existing offer at 3°: then 0.9° saves 10 · 2.1 + 20 · 1.9 = 59, 2° saves 10 + 20 + 5 = 35.
        let more = try Siting(
            SitingParameters(.pMedian, stops: 1), candidates: Self.candidates(Self.places), positions: Self.line,
            people: Self.people, existing: (0...3).map { Double(3 - $0) * degree })
        #expect(more.stops.map(\.candidate) == [0])
        #expect(abs(try #require(more.stops[0].peopleMetresGained.value) - 59 * degree) < 0.1)
        // Left are 5 · 1 + 10 · 0.9 + 20 · 0.1 = 16.
        #expect(abs(more.objective - 16 * degree) < 0.1)
        // Only people farther away than 150 km count: those at 0° and 1°.
        let uncovered = try Siting(
            SitingParameters(.pMedian, stops: 1, radius: Metres(150_000), weights: .uncovered),
            candidates: Self.candidates(Self.places), positions: Self.line, people: [10, 20, 5000, 40],
            existing: (0...3).map { Double(3 - $0) * degree })
        #expect(uncovered.stops.map(\.candidate) == [0])
        #expect(abs(uncovered.objective - 11 * degree) < 0.1)
        #expect(abs(try #require(uncovered.stops[0].peopleMetresGained.value) - 59 * degree) < 0.1)
    }

    @Test(arguments: [SitingParameters.Method.maximalCovering, .pMedian], UInt64(1)...8)
    func isTheOptimumOverAllChoices(method: SitingParameters.Method, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let centre = [Place(longitude: 180, latitude: 20), Place(longitude: 0, latitude: 90)][Int(seed) % 2]
        func near() -> Place {
            Geodesic.grs80.direct(
                from: centre, azimuth: Double.random(in: -180...180, using: &generator),
                distance: Metres(Double.random(in: 0...90_000, using: &generator)))
        }
        let positions = (0..<70).map { _ in near() }
        let people = positions.map { _ in Int64.random(in: 0...400, using: &generator) }
        let places = (0..<12).map { _ in near() }
        let offers = seed % 3 == 0 ? [] : (0..<2).map { _ in near() }
        let existing = try NearestOffers(rows: Array(offers.indices), positions: offers)
            .access(from: positions)?.distances
        let stops = 1 + Int(seed) % 4
        let radius = 20_000.0
        func length(_ choice: [Int], _ point: Int) -> Double {
            (offers + choice.map { places[$0] })
                .map { Geodesic.grs80.distance(from: positions[point], to: $0).value }.min() ?? .infinity
        }
        let siting = try Siting(
            SitingParameters(method, stops: stops, radius: Metres(radius)),
            candidates: Self.candidates(places), positions: positions, people: people, existing: existing)
        #expect(siting.isProvenOptimal)
        let chosen = siting.stops.map(\.candidate)
        #expect(Set(chosen).count == stops)
        let last = try #require(siting.stops.last?.service)
        switch method {
        case .maximalCovering:
            let covered = { (choice: [Int]) in
                positions.indices.reduce(Int64(0)) { $0 + (length(choice, $1) <= radius ? people[$1] : 0) }
            }
            let best = Self.choices(stops, of: 12).map(covered).max()
            #expect(last.peopleWithin.value == best)
            #expect(siting.objective == Double(try #require(best) - covered([])))
            #expect(siting.stops.map(\.peopleGained).reduce(0, +) == Int64(siting.objective))
            // Each adds at least as much as the next.
            #expect(zip(siting.stops, siting.stops.dropFirst()).allSatisfy { $0.peopleGained >= $1.peopleGained })
        case .pMedian:
            let cost = { (choice: [Int]) in
                positions.indices.reduce(0) { $0 + Double(people[$1]) * length(choice, $1) }
            }
            let best = try #require(Self.choices(stops, of: 12).map(cost).min())
            #expect(abs(try #require(last.peopleMetres.value) - best) < 1e-8 * best)
            #expect(abs(cost(chosen) - best) < 1e-8 * best)
            #expect(abs(siting.objective - best) < 1e-8 * best)
            #expect(siting.objectiveBound <= siting.objective)
        }
    }

    /// As in spopt's example: a lattice of clients and random sites, more than can be counted through.
    @Test(arguments: [SitingParameters.Method.maximalCovering, .pMedian])
    func latticeIsProven(method: SitingParameters.Method) throws {
        var generator = SeededGenerator(seed: 1991)
        let positions = (0..<100).map { Place(longitude: Double($0 % 10) / 10, latitude: 50 + Double($0 / 10) / 15) }
        let people = positions.map { _ in Int64.random(in: 1...12, using: &generator) }
        let places = (0..<60).map { _ in
            Place(
                longitude: Double.random(in: 0...1, using: &generator),
                latitude: Double.random(in: 50...50.7, using: &generator))
        }
        let siting = try Siting(
            SitingParameters(method, stops: 8, radius: Metres(8000)), candidates: Self.candidates(places),
            positions: positions, people: people, existing: nil)
        #expect(siting.isProvenOptimal)
        #expect(siting.objectiveBound == siting.objective)
        let quick = try Siting(
            SitingParameters(method, stops: 8, radius: Metres(8000), effort: 0), candidates: Self.candidates(places),
            positions: positions, people: people, existing: nil)
        // The heuristic alone is good, too, and its bound holds.
        switch method {
        case .maximalCovering:
            #expect(quick.objective <= siting.objective && quick.objective >= 0.98 * siting.objective)
            #expect(quick.objectiveBound >= siting.objective)
        case .pMedian:
            #expect(quick.objective >= siting.objective && quick.objective <= 1.02 * siting.objective)
            #expect(quick.objectiveBound <= siting.objective)
        }
    }

    /// Many people at 0°, one at 4°. The candidate at 2° leaves nobody farther away than 2°, the one at -0.5° is better
    /// for most and leaves the one person 4.5° away, farther than the first limit.
    @Test func waysLongerThanTheLimitAreWhole() throws {
        let positions = [4.0, 0].map { Place(longitude: $0, latitude: 0) }
        let places = [2, -0.5].map { Place(longitude: $0, latitude: 0) }
        let people: [Int64] = [1, 1000]
        let table = SitingTable(
            positions: positions, points: SurfacePoint.points(positions), people: people, existing: nil)
        let parameters = try SitingParameters(.pMedian, stops: 1)
        let degree = Geodesic.grs80.distance(from: positions[1], to: Place(longitude: 1, latitude: 0)).value
        let limit = table.likelyLimit(parameters, places)
        #expect(limit < 4.1 * degree)
        #expect(try !table.question(parameters, places, limit: limit, .never).problem.isServed(by: [1]))
        let siting = try Siting(
            parameters, candidates: Self.candidates(places), positions: positions, people: people, existing: nil)
        #expect(siting.stops.map(\.candidate) == [1])
        // Ways count in whole millimetres.
        #expect(abs(siting.objective - (1000 * 0.5 + 4.5) * degree) < 0.6)
        #expect(siting.isProvenOptimal)
        #expect(siting.objectiveBound == siting.objective)
    }

    @Test func municipalitiesAreCandidates() throws {
        var town = Town()
        town.municipalities = [("15001000", 100), ("15002000", nil)]
        town.addCell("c", 50, 11.5, 51.5, municipality: "15001000")
        town.addOffer("a", 12.5, 51.5, municipality: "15001000")
        let snapshot = town.snapshot
        let candidates = SitingCandidate.municipalities(of: snapshot)
        #expect(candidates.map(\.key) == ["15001000", "15002000"])
        #expect(candidates.map(\.name) == ["Ort 15001000", "Ort 15002000"])
        #expect(candidates[0].position == Place(longitude: 11.5, latitude: 51.5))
        let demand = try Demand(snapshot)
        let access = try NearestOffers(UsableOffers(rows: [0], in: snapshot)).access(from: demand)
        // Both are at one place: the first, and nothing for the second.
        let siting = try Siting(
            SitingParameters(.maximalCovering, stops: 2), candidates: candidates, demand: demand, existing: access)
        #expect(siting.stops.map(\.candidate) == [0, 1])
        #expect(siting.stops.map(\.peopleGained) == [50, 0])
    }

    @Test func nobodyToServeIsAReason() throws {
        let parameters = try SitingParameters(.pMedian, stops: 1)
        let candidates = Self.candidates(Self.places)
        let none = try Siting(parameters, candidates: candidates, positions: [], people: [], existing: nil)
        #expect(none.missing == .populationNotLoaded)
        #expect(none.stops.isEmpty)
        #expect(none.before.share == .missing(.populationNotLoaded))
        #expect(!none.isProvenOptimal)
        let nobody = try Siting(
            parameters, candidates: candidates, positions: [Self.line[0]], people: [0], existing: [7])
        #expect(nobody.missing == .noPopulation)
    }

    @Test func badQuestionsAreRefused() throws {
        for stops in [0, -1, 51, 10_000] {
            #expect(throws: AnalysisError.invalidStops(stops, allowed: 1...50)) {
                _ = try SitingParameters(.pMedian, stops: stops)
            }
        }
        for radius in [-1, Double.nan, .infinity, 1e9] {
            #expect(throws: AnalysisError.self) {
                _ = try SitingParameters(.pMedian, stops: 1, radius: Metres(radius))
            }
        }
        #expect(throws: AnalysisError.unknownMethod("mcpl", known: ["mclp", "p-median"])) {
            _ = try SitingParameters.Method(parameter: "mcpl")
        }
        #expect(try SitingParameters.Method(parameter: "mclp") == .maximalCovering)
        #expect(AnalysisError.unknownMethod("", known: []).parameter == "method")
        #expect(AnalysisError.tooFewCandidates(1, stops: 2).parameter == "candidates")
        let ask = { (stops: Int, places: [Coordinate<Geographic>]) throws(AnalysisError) in
            try Siting(
                SitingParameters(.maximalCovering, stops: stops), candidates: Self.candidates(places),
                positions: Self.line, people: Self.people, existing: nil)
        }
        #expect(throws: AnalysisError.tooFewCandidates(3, stops: 4)) { _ = try ask(4, Self.places) }
        #expect(throws: AnalysisError.tooFewCandidates(0, stops: 1)) { _ = try ask(1, []) }
        #expect(throws: AnalysisError.self) { _ = try ask(1, [Place(longitude: .nan, latitude: 0)]) }
        #expect(throws: AnalysisError.self) { _ = try ask(1, [Place(longitude: 0, latitude: 91)]) }
        #expect(throws: AnalysisError.tooManyCandidates(20_001, allowed: 1...20_000)) {
            _ = try ask(1, Array(repeating: Self.places[0], count: 20_001))
        }
        #expect(throws: AnalysisError.cancelled) {
            _ = try Siting(
                SitingParameters(.pMedian, stops: 1), candidates: Self.candidates(Self.places), positions: Self.line,
                people: Self.people, existing: nil, cancellation: Cancellation { true })
        }
        // Everything at one place, radius 0 and the widest one.
        for radius in [0, 20_100_000] {
            let siting = try Siting(
                SitingParameters(.maximalCovering, stops: 2, radius: Metres(Double(radius))),
                candidates: Self.candidates([Self.line[0], Self.line[0], Self.line[0]]),
                positions: [Self.line[0], Self.line[0]], people: [1, 2], existing: nil)
            #expect(siting.stops.map(\.candidate) == [0, 1])
            #expect(siting.stops.map(\.peopleGained) == [3, 0])
        }
    }
}
