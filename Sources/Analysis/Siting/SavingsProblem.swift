/// The problem that both methods of siting come down to: choose k candidates so that the sum over all points of the
/// greatest value that a chosen candidate has for the point is greatest.
///
/// For maximal covering the value is the people of an uncovered point within the radius of the candidate, for the
/// p-median the people times what their way becomes shorter. All values are whole numbers (people, or people times
/// millimetres), so that sums are exact as long as they stay below 2⁵³, and equal ones are equal.
struct SavingsProblem: Sendable {
    /// The points for which a candidate has a value, and the values, all above 0.
    struct Row: Sendable {
        var points: [Int32] = []
        var values: [Double] = []
    }

    let rows: [Row]
    /// How many points there are.
    let pointCount: Int
    /// How many candidates are to be chosen, at most as many as there are.
    let wanted: Int

    /// How many values there are.
    let pairs: Int

    init(rows: [Row], pointCount: Int, wanted: Int) {
        self.rows = rows
        self.pointCount = pointCount
        self.wanted = wanted
        pairs = rows.reduce(0) { $0 + $1.points.count }
    }

    /// How many candidates make a piece of work; few pairs are not worth sharing out.
    var pieceSize: Int { pairs < 100_000 ? max(1, rows.count) : max(1, rows.count / 16) }

    /// A choice of candidates.
    struct Choice: Sendable {
        /// The chosen candidates.
        var candidates: [Int]
        /// The sum of the greatest values.
        var value: Double
    }

    /// The sum over all points of the greatest value. - Complexity: O(pairs of the candidates)
    func value(of candidates: [Int]) -> Double {
        var best = [Double](repeating: 0, count: pointCount)
        return candidates.reduce(0) { $0 + add($1, to: &best) }
    }

    /// Whether each point has a chosen candidate with a value for it. - Complexity: O(pairs of the candidates)
    func isServed(by candidates: [Int]) -> Bool {
        var best = [Double](repeating: 0, count: pointCount)
        for candidate in candidates { add(candidate, to: &best) }
        return best.allSatisfy { $0 > 0 }
    }

    /// Raises the greatest values by those of one more candidate; returns by how much their sum grew.
    @discardableResult
    func add(_ candidate: Int, to best: inout [Double]) -> Double {
        let row = rows[candidate]
        var gain = 0.0
        best.withUnsafeMutableBufferPointer { best in
            for (point, value) in zip(row.points, row.values) where value > best[Int(point)] {
                gain += value - best[Int(point)]
                best[Int(point)] = value
            }
        }
        return gain
    }

    /// By how much one more candidate would raise the sum of the greatest values.
    func gain(of candidate: Int, over best: [Double]) -> Double {
        let row = rows[candidate]
        return best.withUnsafeBufferPointer { best in
            var gain = 0.0
            for (point, value) in zip(row.points, row.values) where value > best[Int(point)] {
                gain += value - best[Int(point)]
            }
            return gain
        }
    }

    /// Takes from some candidates the one that adds most, again and again; the first of equal ones.
    ///
    /// - Complexity: O(count · pairs)
    func greedy(_ count: Int, among candidates: [Int]) -> Choice {
        var best = [Double](repeating: 0, count: pointCount)
        var left = candidates
        // What a candidate adds only shrinks: one that added less before need not be looked at (Minoux 1978).
        var known = [Double](repeating: .infinity, count: rows.count)
        var choice = Choice(candidates: [], value: 0)
        while choice.candidates.count < count, !left.isEmpty {
            var (found, most) = (0, -1.0)
            for (place, candidate) in left.enumerated() where known[candidate] > most {
                known[candidate] = gain(of: candidate, over: best)
                if known[candidate] > most { (found, most) = (place, known[candidate]) }
            }
            let candidate = left.remove(at: found)
            choice.value += add(candidate, to: &best)
            choice.candidates.append(candidate)
        }
        return choice
    }

    /// Exchanges a chosen candidate for another one, always the pair that adds most, until no exchange adds anything
    /// (Teitz and Bart 1968, Operations Research 16, 955-961).
    ///
    /// All exchanges are weighed up in one pass over the pairs (Resende and Werneck 2007, European Journal of
    /// Operational Research 174, 54-68): what the one gains, less what the other loses, plus what they have in common.
    /// - Complexity: O(exchanges · pairs), on all cores.
    func interchange(_ start: Choice, _ cancellation: Cancellation) throws(AnalysisError) -> Choice {
        var choice = start
        while true {
            try cancellation.check()
            let state = Assignment(self, choice.candidates)
            let chosen = Set(choice.candidates)
            let current = choice.candidates.count
            let found = try ParallelPieces.map(rows.count, size: pieceSize, cancellation) {
                (range) throws(AnalysisError) -> Exchange in
                var best = Exchange(profit: 0, arrival: -1, place: -1)
                var shared = [Double](repeating: 0, count: current)
                for candidate in range where !chosen.contains(candidate) {
                    let gain = state.weigh(rows[candidate], shared: &shared)
                    for place in shared.indices {
                        let profit = gain - state.losses[place] + shared[place]
                        if profit > best.profit { best = Exchange(profit: profit, arrival: candidate, place: place) }
                    }
                }
                return best
            }
            var best = Exchange(profit: 0, arrival: -1, place: -1)
            for exchange in found where exchange.profit > best.profit { best = exchange }
            guard best.profit > 0 else { return choice }
            var candidates = choice.candidates
            candidates[best.place] = best.arrival
            // Beyond 2⁵³ a profit may be nothing but rounding.
            let value = value(of: candidates)
            guard value > choice.value else { return choice }
            choice = Choice(candidates: candidates, value: value)
        }
    }

    private struct Exchange: Sendable {
        var profit: Double
        var arrival: Int
        var place: Int
    }

    /// For each point its greatest and second greatest value among the chosen candidates.
    private struct Assignment: Sendable {
        private var best: [Double]
        private var second: [Double]
        /// The place of the greatest value among the chosen candidates.
        private var places: [Int32]
        /// What each place would lose.
        private(set) var losses: [Double]

        init(_ problem: SavingsProblem, _ candidates: [Int]) {
            best = [Double](repeating: 0, count: problem.pointCount)
            second = best
            places = [Int32](repeating: -1, count: problem.pointCount)
            losses = [Double](repeating: 0, count: candidates.count)
            for (place, candidate) in candidates.enumerated() {
                for (point, value) in zip(problem.rows[candidate].points, problem.rows[candidate].values) {
                    let point = Int(point)
                    if value > best[point] {
                        second[point] = best[point]
                        best[point] = value
                        places[point] = Int32(place)
                    } else if value > second[point] {
                        second[point] = value
                    }
                }
            }
            for point in best.indices where places[point] >= 0 {
                losses[Int(places[point])] += best[point] - second[point]
            }
        }

        /// What a candidate would gain, and for each place what of its loss the candidate would make up for.
        func weigh(_ row: Row, shared: inout [Double]) -> Double {
            for place in shared.indices { shared[place] = 0 }
            var gain = 0.0
            best.withUnsafeBufferPointer { best in
                second.withUnsafeBufferPointer { second in
                    for (point, value) in zip(row.points, row.values) {
                        let point = Int(point)
                        guard value > second[point] else { continue }
                        if value > best[point] {
                            gain += value - best[point]
                            if places[point] >= 0 { shared[Int(places[point])] += best[point] - second[point] }
                        } else {
                            shared[Int(places[point])] += value - second[point]
                        }
                    }
                }
            }
            return gain
        }
    }
}
