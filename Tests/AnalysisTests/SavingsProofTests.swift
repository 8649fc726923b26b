import TestSupport
import Testing

@testable import Analysis

/// Greedy, interchange and proof against all choices that there are.
struct SavingsProofTests {
    private static func choices(_ count: Int, of total: Int) -> [[Int]] {
        if count == 0 { return [[]] }
        return (0..<total).flatMap { last in choices(count - 1, of: last).map { $0 + [last] } }
    }

    private static func optimum(_ problem: SavingsProblem) -> Double {
        choices(problem.wanted, of: problem.rows.count).map { problem.value(of: $0) }.max() ?? 0
    }

    private static func random(
        candidates: Int, points: Int, wanted: Int, density: Double, covering: Bool, seed: UInt64
    ) -> SavingsProblem {
        var generator = SeededGenerator(seed: seed)
        let people = (0..<points).map { _ in Double(Int.random(in: 1...900, using: &generator)) }
        let rows = (0..<candidates).map { _ in
            var row = SavingsProblem.Row()
            for point in 0..<points where Double.random(in: 0..<1, using: &generator) < density {
                row.points.append(Int32(point))
                row.values.append(
                    people[point] * (covering ? 1 : Double(Int.random(in: 1...20_000, using: &generator))))
            }
            return row
        }
        return SavingsProblem(rows: rows, pointCount: points, wanted: wanted)
    }

    @Test(arguments: [true, false], UInt64(1)...25)
    func optimumIsFoundAndProven(covering: Bool, seed: UInt64) throws {
        let wanted = 1 + Int(seed) % 5
        let problem = Self.random(
            candidates: 11, points: 60, wanted: wanted, density: 0.1 + Double(seed % 4) * 0.2, covering: covering,
            seed: seed)
        let expected = Self.optimum(problem)
        let start = try problem.interchange(problem.greedy(wanted, among: Array(0..<11)), .never)
        #expect(start.value == problem.value(of: start.candidates))
        #expect(start.value <= expected)
        var proof = SavingsProof(problem, start: start, effort: 100_000_000, .never)
        try proof.run()
        #expect(proof.best.value == expected)
        #expect(proof.isOptimal)
        #expect(proof.bound == expected)
        #expect(Set(proof.best.candidates).count == wanted)
    }

    /// With little effort there is an answer, too: not proven, but its bound holds.
    @Test(arguments: [0, 1000, 20_000, 100_000], UInt64(1)...6)
    func boundHoldsWhereTheProofIsGivenUp(effort: Int, seed: UInt64) throws {
        let problem = Self.random(
            candidates: 14, points: 80, wanted: 4, density: 0.4, covering: true, seed: seed)
        let expected = Self.optimum(problem)
        var proof = SavingsProof(
            problem, start: problem.greedy(4, among: Array(0..<14)), effort: effort, .never)
        try proof.run()
        #expect(proof.best.value <= expected)
        #expect(proof.bound >= expected)
        if proof.isOptimal { #expect(proof.best.value == expected) }
    }

    /// Greedy takes the wide one first and cannot get rid of it: three rows that share out everything are better.
    @Test func interchangeLeavesTheGreedyChoice() throws {
        let row = { (points: [Int32]) in SavingsProblem.Row(points: points, values: points.map { _ in 1 }) }
        let problem = SavingsProblem(
            rows: [row([0, 1, 3, 4]), row([0, 1, 2]), row([3, 4, 5])], pointCount: 6, wanted: 2)
        let greedy = problem.greedy(2, among: [0, 1, 2])
        #expect(greedy.candidates == [0, 1])
        #expect(greedy.value == 5)
        let better = try problem.interchange(greedy, .never)
        #expect(better.candidates.sorted() == [1, 2])
        #expect(better.value == 6)
        // Equal ones: the first.
        #expect(problem.greedy(1, among: [2, 1]).candidates == [2])
    }

    @Test func nothingToGainIsNoProblem() throws {
        let problem = SavingsProblem(rows: [.init(), .init(), .init()], pointCount: 0, wanted: 2)
        let start = try problem.interchange(problem.greedy(2, among: [0, 1, 2]), .never)
        var proof = SavingsProof(problem, start: start, effort: 1000, .never)
        try proof.run()
        #expect(proof.isOptimal)
        #expect(proof.best.value == 0)
        #expect(start.candidates == [0, 1])
    }
}
