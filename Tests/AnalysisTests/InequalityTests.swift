import Geometry
import TestSupport
import Testing

@testable import Analysis

/// The Gini coefficient against its double sum, and the coverage curve by hand.
struct InequalityTests {
    @Test func smallTablesByHand() {
        // Two people at 1 and 3: 2 · 2 / (2 · 4 · 2) = 0.25.
        #expect(Inequality.gini([1, 3], people: [1, 1]) == .value(0.25))
        // The same people in other cells.
        #expect(Inequality.gini([3, 1, 3, 1], people: [1, 2, 1, 0]) == .value(0.25))
        // All equally far away; one of ten bears everything: 1 - 1/10.
        #expect(Inequality.gini([700, 700], people: [3, 5]) == .value(0))
        #expect(Inequality.gini([0, 500], people: [9, 1]) == .value(0.9))
        #expect(Inequality.gini([0, 0], people: [9, 1]) == .missing(.meanIsZero))
        #expect(Inequality.gini([], people: []) == .missing(.noPopulation))
        #expect(Inequality.gini([4], people: [0]) == .missing(.noPopulation))
        #expect(Inequality.gini([4, .infinity], people: [1, 1]) == .missing(.noUsableOffer))
        #expect(
            Inequality.gini([1, 9, 3, 0], people: [1, 1, 1, 1], areas: [0, -1, 0, 2], count: 3)
                == [.value(0.25), .missing(.noPopulation), .missing(.meanIsZero)])
    }

    @Test(arguments: UInt64(1)...5)
    func agreesWithTheDoubleSum(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let distances = (0..<200).map { _ in (Double.random(in: 0...2e4, using: &generator) / 100).rounded() * 100 }
        let people = distances.map { _ in Int64.random(in: 0...3000, using: &generator) }
        let total = Double(people.reduce(0, +))
        let mean = zip(distances, people).reduce(0) { $0 + $1.0 * Double($1.1) } / total
        var sum = 0.0
        for i in distances.indices {
            for j in distances.indices { sum += Double(people[i] * people[j]) * abs(distances[i] - distances[j]) }
        }
        let gini = try #require(Inequality.gini(distances, people: people).value)
        #expect(abs(gini - sum / (2 * total * total * mean)) < 1e-13)
        let order = distances.indices.shuffled(using: &generator)
        #expect(Inequality.gini(order.map { distances[$0] }, people: order.map { people[$0] }) == .value(gini))
        // As many people as there can be.
        let most = Inequality.gini([1, 3], people: [Demand.mostPeople / 2, Demand.mostPeople / 2])
        #expect(most == .value(0.25))
    }

    @Test func curveCountsPeople() throws {
        let curve = try CoverageCurve(
            distances: [2000, 0, 999.5, 70_000], people: [5, 1, 2, 2], radii: [2000, 0, 1000, 2000].map { Metres($0) })
        #expect(curve.steps.map(\.radius.value) == [0, 1000, 2000])
        #expect(curve.steps.map(\.people) == [.value(1), .value(3), .value(8)])
        #expect(curve.steps.map(\.share) == [.value(0.1), .value(0.3), .value(0.8)])
        let standard = try CoverageCurve(distances: [2000], people: [5])
        #expect(standard.steps.count == 50)
        #expect(standard.steps[1].people == .value(5))
        #expect(standard.steps[0].people == .value(0))
        let areas = try CoverageCurve.curves(
            distances: [10, 20], people: [5, 6], areas: [1, -1], count: 2, radii: [Metres(15)])
        #expect(areas[0].steps[0].people == .value(0))
        #expect(areas[0].steps[0].share == .missing(.noPopulation))
        #expect(areas[1].steps[0].share == .value(1))
        let none = try CoverageCurve(distances: nil, people: [5], radii: [Metres(15)])
        #expect(none.steps[0].people == .missing(.noUsableOffer))
        for radius in [-1, Double.nan, 1e9] {
            #expect(throws: AnalysisError.self) {
                _ = try CoverageCurve(distances: [1], people: [1], radii: [Metres(radius)])
            }
        }
    }
}
