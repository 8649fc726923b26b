/// Puts the border of what is open together: pieces of a surface's border outside of the union, and pieces of arcs
/// inside of the surface, run backwards.
///
/// Pieces are joined by the crossings at which they end, not by coordinates: a crossing is computed once, so both pieces
/// have the same position there.
struct OpenBorderTracer {
    private struct Piece {
        let start: Int
        let end: Int
        let path: Path
    }

    private enum Path {
        /// Along a ring of the surface, behind one vertex and up to another one, with wrapping.
        case border(ring: Int, from: Int, to: Int, isWrapped: Bool)
        /// Down an outline, from one place to a smaller one.
        case arc(outline: Int, from: Double, to: Double)
    }

    let union: DiscUnion
    let borders: SurfaceBorders
    let surface: Int

    private var pieces: [Piece] = []
    private var whole: [[Position]] = []

    init(union: DiscUnion, borders: SurfaceBorders, surface: Int) {
        self.union = union
        self.borders = borders
        self.surface = surface
    }

    /// The rings around what is open, closed, with the open part on their left; nil where the pieces do not fit.
    mutating func rings(_ cuts: BorderCuts, enclosed: [Int32]) -> [[Position]]? {
        addBorders(cuts)
        guard addArcs(cuts, enclosed: enclosed) else { return nil }
        return traced(cuts)
    }

    // MARK: Pieces

    private mutating func addBorders(_ cuts: BorderCuts) {
        var next = 0
        for (order, ring) in borders.rings(of: surface).enumerated() {
            let start = next
            while next < cuts.cuts.count, Int(cuts.cuts[next].ring) == ring { next += 1 }
            guard next > start else {
                if !cuts.startsCovered[order] {
                    whole.append(
                        Array(borders.vertices[Int(borders.firstVertex[ring])..<Int(borders.firstVertex[ring + 1])]))
                }
                continue
            }
            for number in start..<next where !cuts.cuts[number].isEntry {
                let isLast = number + 1 == next
                let end = isLast ? start : number + 1
                pieces.append(
                    Piece(
                        start: number, end: end,
                        path: .border(
                            ring: ring, from: Int(cuts.cuts[number].segment), to: Int(cuts.cuts[end].segment),
                            isWrapped: isLast)))
            }
        }
    }

    /// Adds the pieces of arcs; false where an arc ends inside of the surface without another one to go on with.
    private mutating func addArcs(_ cuts: BorderCuts, enclosed: [Int32]) -> Bool {
        let order = cuts.cuts.indices.sorted {
            (cuts.cuts[$0].arc, cuts.cuts[$0].place, $0) < (cuts.cuts[$1].arc, cuts.cuts[$1].place, $1)
        }
        var first = 0
        while first < order.count {
            let arcNumber = cuts.cuts[order[first]].arc
            var last = first
            while last + 1 < order.count, cuts.cuts[order[last + 1]].arc == arcNumber { last += 1 }
            guard addArc(union.arcs[Int(arcNumber)], Array(order[first...last]), cuts) else { return false }
            first = last + 1
        }
        for number in enclosed {
            let arc = union.arcs[Int(number)]
            if arc.isWhole {
                let start = Int(arc.outline) * union.outlines.vertexCount
                let ring = Array(union.outlines.vertices[start..<start + union.outlines.vertexCount].reversed())
                whole.append(ring + [ring[0]])
                continue
            }
            guard let from = node(arc.from, cuts), let to = node(arc.to, cuts) else { return false }
            add(arc, from: (arc.start, from), to: (arc.end, to))
        }
        return true
    }

    /// Adds the pieces of one arc between its cuts, given in their order along the arc.
    private mutating func addArc(_ arc: DiscUnion.Arc, _ order: [Int], _ cuts: BorderCuts) -> Bool {
        // Ways into the surface and out of it take turns.
        for (a, b) in zip(order, order.dropFirst()) where cuts.cuts[a].isEntry == cuts.cuts[b].isEntry { return false }
        for (position, number) in order.enumerated() {
            let cut = cuts.cuts[number]
            if cut.isEntry {
                // The arc leaves the surface here; where it came in is the cut before, or its beginning.
                guard position == 0 else { continue }
                if arc.isWhole { continue }
                guard let from = node(arc.from, cuts) else { return false }
                add(arc, from: (arc.start, from), to: (cut.place, number))
            } else if position + 1 < order.count {
                let end = order[position + 1]
                add(arc, from: (cut.place, number), to: (cuts.cuts[end].place, end))
            } else if arc.isWhole {
                let end = order[0]
                guard order.count > 1 else { return false }
                add(
                    arc, from: (cut.place, number),
                    to: (cuts.cuts[end].place + Double(union.outlines.vertexCount), end))
            } else {
                guard let to = node(arc.to, cuts) else { return false }
                add(arc, from: (cut.place, number), to: (arc.end, to))
            }
        }
        return true
    }

    private mutating func add(
        _ arc: DiscUnion.Arc, from low: (place: Double, node: Int), to high: (place: Double, node: Int)
    ) {
        pieces.append(
            Piece(
                start: high.node, end: low.node,
                path: .arc(outline: Int(arc.outline), from: high.place, to: low.place)))
    }

    /// The number of the crossing at the end of an arc; cuts come first.
    private func node(_ end: DiscUnion.End, _ cuts: BorderCuts) -> Int? {
        guard case .crossing(let number) = end else { return nil }
        return cuts.cuts.count + Int(number)
    }

    // MARK: Rings

    private func traced(_ cuts: BorderCuts) -> [[Position]]? {
        var pieceAt: [Int: Int] = [:]
        pieceAt.reserveCapacity(pieces.count)
        for (number, piece) in pieces.enumerated() {
            guard pieceAt.updateValue(number, forKey: piece.start) == nil else { return nil }
        }
        var isUsed = [Bool](repeating: false, count: pieces.count)
        var result = whole
        for first in pieces.indices where !isUsed[first] {
            var ring: [Position] = []
            var number = first
            repeat {
                guard !isUsed[number] else { return nil }
                isUsed[number] = true
                append(pieces[number], cuts, to: &ring)
                guard let next = pieceAt[pieces[number].end] else { return nil }
                number = next
            } while number != first
            if let start = ring.first { ring.append(start) }
            result.append(ring)
        }
        return result
    }

    /// Appends the position at which a piece starts and the vertices on its way.
    private func append(_ piece: Piece, _ cuts: BorderCuts, to ring: inout [Position]) {
        ring.append(
            piece.start < cuts.cuts.count
                ? cuts.cuts[piece.start].position : union.crossings[piece.start - cuts.cuts.count])
        switch piece.path {
        case .border(let number, let from, let to, let isWrapped):
            let first = Int(borders.firstVertex[number])
            // The last vertex of a ring repeats its first.
            let last = Int(borders.firstVertex[number + 1]) - 1
            if isWrapped {
                ring.append(contentsOf: borders.vertices[from + 1..<max(from + 1, last)])
                ring.append(contentsOf: borders.vertices[first...to])
            } else if to > from {
                ring.append(contentsOf: borders.vertices[from + 1...to])
            }
        case .arc(let outline, let from, let to):
            var vertex = from == from.rounded(.down) ? Int(from) - 1 : Int(from)
            while Double(vertex) > to {
                ring.append(union.outlines.vertex(outline, union.outlines.wrapped(vertex)))
                vertex -= 1
            }
        }
    }
}
