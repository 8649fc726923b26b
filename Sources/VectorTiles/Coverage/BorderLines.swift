/// One stretch of border, each border once.
struct BorderLine: Hashable, Sendable {
    var level: BorderLevel
    var points: [GridPoint]
    var box: GridBox
}

/// What a border separates, the widest first.
enum BorderLevel: String, Sendable, CaseIterable, Hashable {
    /// Two states, or the loaded region and what lies outside of it.
    case state
    /// Two districts of one state.
    case district
    /// Two municipalities of one district.
    case municipality
}

extension PlanarGraph {
    /// All borders, as lines that end where borders of the same level meet. - Complexity: O(n)
    ///
    /// - Parameter level: The level of the border between two faces, nil for none.
    func borders(_ level: (_ left: Int, _ right: Int) -> BorderLevel?) -> [BorderLine] {
        let levels = (0..<(halfEdgeCount / 2)).map { level(face(2 * $0), face(2 * $0 + 1)) }
        var isDone = [Bool](repeating: false, count: levels.count)
        var lines: [BorderLine] = []
        /// The edges of a level at a node, as the half-edges that leave it.
        func spokes(_ node: Int, of level: BorderLevel) -> [Int] {
            self.spokes(node).lazy.map(Int.init).filter { levels[$0 / 2] == level }
        }
        func trace(_ first: Int, of level: BorderLevel) {
            var points = [start(first)]
            var halfEdge = first
            while true {
                isDone[halfEdge / 2] = true
                points.append(end(halfEdge))
                let onward = spokes(origin(halfEdge ^ 1), of: level)
                guard onward.count == 2 else { break }
                let next = onward[0] == halfEdge ^ 1 ? onward[1] : onward[0]
                guard !isDone[next / 2] else { break }
                halfEdge = next
            }
            lines.append(BorderLine(level: level, points: points, box: GridBox(points)))
        }
        for wanted in BorderLevel.allCases {
            for node in nodes.indices {
                let leaving = spokes(node, of: wanted)
                guard leaving.count != 2 else { continue }
                for halfEdge in leaving where !isDone[halfEdge / 2] { trace(halfEdge, of: wanted) }
            }
            // What is left are closed lines that meet no other: each starts at its first edge.
            for edge in levels.indices where levels[edge] == wanted && !isDone[edge] { trace(2 * edge, of: wanted) }
        }
        return lines
    }
}
