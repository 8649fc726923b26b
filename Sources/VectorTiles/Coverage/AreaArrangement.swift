/// The plane cut up by strands, with the areas that claim each piece.
struct AreaArrangement {
    let graph: PlanarGraph
    /// For each face the winding numbers of all areas around it, those that are zero left out.
    private let claims: [[AreaSide]]

    /// Cuts the plane; with `tileLines` lines get a vertex wherever they cross a side of a tile or of its buffer.
    init(_ strands: [Strand], tileLines: Bool) {
        let edges = SnapRounding.edges(of: strands, tileLines: tileLines)
        graph = PlanarGraph(edges.map(\.segment))
        claims = Self.windings(graph, edges)
    }

    /// For each face one of the areas that claim it, -1 where none does: a coverage by construction.
    ///
    /// Whatever simplifying and rounding did to the lines, pieces neither overlap nor leave gaps. Lines between two
    /// areas add nothing to the sum of all windings, so inside the outer border some area always has a positive one:
    /// where lines have been moved across each other, the piece between them goes to one of the areas that claim it.
    ///
    /// - Parameters:
    ///   - areas: The areas that may win.
    ///   - precedence: For each area its place in the order that decides between equal claims; the lower one wins.
    func winners(among areas: Range<Int32>, precedence: [Int32]) -> [Int32] {
        claims.map { claims in
            var best: AreaSide?
            for claim in claims where claim.winding > 0 && areas.contains(claim.area) {
                guard let current = best else {
                    best = claim
                    continue
                }
                let isBefore = precedence[Int(claim.area)] < precedence[Int(current.area)]
                if claim.winding > current.winding || (claim.winding == current.winding && isBefore) { best = claim }
            }
            return best?.area ?? -1
        }
    }

    /// The windings are known outside everything (none) and change across each edge by what the edge says.
    private static func windings(_ graph: PlanarGraph, _ edges: [SnapRounding.Edge]) -> [[AreaSide]] {
        var starts = [Int32](repeating: 0, count: graph.faceCount + 1)
        for halfEdge in 0..<graph.halfEdgeCount { starts[graph.face(halfEdge) + 1] += 1 }
        for face in 0..<graph.faceCount { starts[face + 1] += starts[face] }
        var members = [Int32](repeating: 0, count: graph.halfEdgeCount)
        var next = starts
        for halfEdge in 0..<graph.halfEdgeCount {
            let face = graph.face(halfEdge)
            members[Int(next[face])] = Int32(halfEdge)
            next[face] += 1
        }
        var windings = [[AreaSide]](repeating: [], count: graph.faceCount)
        var isKnown = [Bool](repeating: false, count: graph.faceCount)
        isKnown[0] = true
        var queue = [0]
        while let face = queue.popLast() {
            for member in members[Int(starts[face])..<Int(starts[face + 1])] {
                let halfEdge = Int(member)
                let neighbour = graph.face(halfEdge ^ 1)
                guard !isKnown[neighbour] else { continue }
                isKnown[neighbour] = true
                let sides = edges[halfEdge / 2].sides
                windings[neighbour] = (windings[face] + (halfEdge & 1 == 0 ? sides.map(\.reversed) : sides)).summed()
                queue.append(neighbour)
            }
        }
        return windings
    }
}
