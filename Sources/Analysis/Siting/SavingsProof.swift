/// The search for the optimum of a `SavingsProblem` and for the proof that it is one.
///
/// Gives up that each point is served once, at a price per point (Lagrangian relaxation; Cornuéjols, Fisher and
/// Nemhauser 1977, Management Science 23, 789-810): for any prices p >= 0 no choice is worth more than
///
///     Σ pᵢ + the k greatest of ρⱼ,  ρⱼ = Σ max(0, vᵢⱼ - pᵢ).
///
/// Prices are improved step by step (subgradients; Held, Wolfe and Crowder 1974, Mathematical Programming 6, 62-88),
/// those of points with great values by more, as if the values of each point were measured in a unit of its own.
/// Candidates which that bound proves to be in every better choice, or in none, are fixed; what stays open is divided
/// into choices with and without a candidate (branch and bound). The choices met on the way improve the best one known.
struct SavingsProof {
    /// Whether a candidate is in all choices that are still looked for.
    private enum Standing {
        case open
        case chosen
        case excluded
    }

    /// Choices that are still looked for.
    private struct Node {
        var standings: [Standing]
        var prices: [Double]
        /// No choice is worth more.
        var bound: Double
    }

    private let problem: SavingsProblem
    private let cancellation: Cancellation
    /// The best choice known.
    private(set) var best: SavingsProblem.Choice
    /// No choice is worth more.
    private(set) var bound = Double.infinity
    /// Whether no choice is worth more than the best one known: for values below 10⁹ exactly, beyond within 10⁻⁹.
    var isOptimal: Bool { bound < worthwhile }

    /// Values are whole numbers, so anything better is better by 1. Sums of prices are exact to about 10⁻¹³.
    private var worthwhile: Double { best.value + max(1 - 1e-6, 1e-9 * best.value) }
    private var effortLeft: Int
    /// The greatest value of each point: prices move in proportion to it.
    private let scales: [Double]

    private static let stepsAtRoot = 1000
    private static let stepsAtNode = 40
    /// At the root the choice of every so manieth step is improved by exchanges: a start from elsewhere.
    private static let exchangeEvery = 25
    /// After so many steps without a better bound the steps become shorter by half.
    private static let patience = 15

    /// Takes a problem and a good choice.
    ///
    /// - Parameter effort: how many pairs are looked at before the proof is given up.
    init(_ problem: SavingsProblem, start: SavingsProblem.Choice, effort: Int, _ cancellation: Cancellation) {
        self.problem = problem
        self.cancellation = cancellation
        best = start
        effortLeft = effort
        var scales = [Double](repeating: 0, count: problem.pointCount)
        for candidate in problem.rows.indices { problem.add(candidate, to: &scales) }
        self.scales = scales
    }

    /// Searches until the optimum is proven or the effort used up.
    mutating func run() throws(AnalysisError) {
        // A good price of a point is what it is worth now, or a bit less.
        var prices = [Double](repeating: 0, count: problem.pointCount)
        for candidate in best.candidates { problem.add(candidate, to: &prices) }
        var open = [
            Node(
                standings: Array(repeating: .open, count: problem.rows.count), prices: prices,
                bound: .infinity)
        ]
        var isRoot = true
        while var node = open.popLast() {
            guard node.bound >= worthwhile else { continue }
            guard effortLeft > 0 else {
                open.append(node)
                break
            }
            let branch = try tighten(
                &node, steps: isRoot ? Self.stepsAtRoot : Self.stepsAtNode, isRoot: isRoot)
            isRoot = false
            guard let branch, node.bound >= worthwhile else { continue }
            var without = node
            without.standings[branch] = .excluded
            node.standings[branch] = .chosen
            open.append(without)
            open.append(node)
        }
        bound = open.reduce(best.value) { max($0, $1.bound) }
    }

    /// Improves the prices of a node and fixes candidates.
    ///
    /// - Returns: the candidate to divide the node by; nil where nothing is left to look for.
    private mutating func tighten(_ node: inout Node, steps: Int, isRoot: Bool) throws(AnalysisError) -> Int? {
        var prices = node.prices
        var length = 2.0
        var idle = 0
        var lowest = Double.greatestFiniteMagnitude
        var greatest: [Int] = []
        for step in 0..<steps {
            try cancellation.check()
            guard let (chosen, open, places) = try self.open(&node) else { return nil }
            let surpluses = try surpluses(chosen + open, prices)
            let order = open.sorted { (surpluses[$0], $1) > (surpluses[$1], $0) }
            let selected = chosen + order.prefix(places)
            let bound = selected.reduce(prices.reduce(0, +)) { $0 + surpluses[$1] }
            node.bound = min(node.bound, bound)
            try meet(selected, exchanging: isRoot && step % Self.exchangeEvery == Self.exchangeEvery - 1)
            guard node.bound >= worthwhile else { return nil }
            idle += 1
            if bound < lowest {
                if lowest - bound > 1e-4 * (lowest - best.value) { idle = 0 }
                lowest = bound
                node.prices = prices
                greatest = order
            }
            if idle >= Self.patience { (length, idle) = (length / 2, 0) }
            for candidate in order.dropFirst(places)
            where bound - surpluses[order[places - 1]] + surpluses[candidate] < worthwhile {
                node.standings[candidate] = .excluded
            }
            for candidate in order.prefix(places)
            where bound - surpluses[candidate] + surpluses[order[places]] < worthwhile {
                node.standings[candidate] = .chosen
            }
            guard effortLeft > 0, length > 1e-3,
                improve(&prices, selected, by: length * (bound - best.value))
            else { break }
        }
        guard let (_, open, _) = try self.open(&node) else { return nil }
        return greatest.first { node.standings[$0] == .open } ?? open.first
    }

    /// The candidates that are chosen and open and how many of the open ones have to be chosen; nil where that leaves
    /// only one choice, which is met then.
    private mutating func open(
        _ node: inout Node
    ) throws(AnalysisError) -> (chosen: [Int], open: [Int], places: Int)? {
        let chosen = node.standings.indices.filter { node.standings[$0] == .chosen }
        let open = node.standings.indices.filter { node.standings[$0] == .open }
        let places = problem.wanted - chosen.count
        if places > 0, open.count > places { return (chosen, open, places) }
        try meet(chosen + open.prefix(places), exchanging: false)
        node.bound = min(node.bound, best.value)
        return nil
    }

    /// Keeps a choice if it is better than the best one known, after exchanges that make it better still.
    private mutating func meet(_ candidates: [Int], exchanging: Bool) throws(AnalysisError) {
        var choice = SavingsProblem.Choice(candidates: candidates, value: problem.value(of: candidates))
        effortLeft -= candidates.reduce(0) { $0 + problem.rows[$1].points.count }
        if exchanging || choice.value > best.value { choice = try problem.interchange(choice, cancellation) }
        if choice.value > best.value { best = choice }
    }

    /// What each candidate is worth at the prices; 0 for those that are not asked for.
    private mutating func surpluses(_ candidates: [Int], _ prices: [Double]) throws(AnalysisError) -> [Double] {
        // Prices are summed and candidates sorted, too.
        effortLeft -= problem.pointCount + candidates.reduce(0) { $0 + problem.rows[$1].points.count + 8 }
        let rows = problem.rows
        let parts = try ParallelPieces.map(candidates.count, size: problem.pieceSize, cancellation) {
            (range) throws(AnalysisError) -> [Double] in
            range.map { index in
                let row = rows[candidates[index]]
                return prices.withUnsafeBufferPointer { prices in
                    var sum = 0.0
                    for (point, value) in zip(row.points, row.values) { sum += max(0, value - prices[Int(point)]) }
                    return sum
                }
            }
        }
        var surpluses = [Double](repeating: 0, count: rows.count)
        var index = 0
        for part in parts {
            for surplus in part {
                surpluses[candidates[index]] = surplus
                index += 1
            }
        }
        return surpluses
    }

    /// Lowers the prices of points that no selected candidate serves and raises those of points that several serve.
    ///
    /// - Parameter distance: by how much the bound should fall.
    /// - Returns: false where there is nothing to change.
    private mutating func improve(_ prices: inout [Double], _ selected: [Int], by distance: Double) -> Bool {
        var served = [Int32](repeating: 0, count: problem.pointCount)
        for candidate in selected {
            let row = problem.rows[candidate]
            for (point, value) in zip(row.points, row.values) where value > prices[Int(point)] {
                served[Int(point)] += 1
            }
        }
        var changes = 0.0
        for point in prices.indices where served[point] > 1 || (served[point] == 0 && prices[point] > 0) {
            changes += scales[point] * Double((served[point] - 1) * (served[point] - 1))
        }
        guard changes > 0 else { return false }
        let step = distance / changes
        for point in prices.indices where served[point] != 1 {
            prices[point] = max(0, prices[point] + step * scales[point] * Double(served[point] - 1))
        }
        return true
    }
}
