internal import Foundation

/// The union of discs, known by its border: the arcs of their outlines that lie in no other disc.
///
/// Built once for a set of discs, then cut out of any number of surfaces. Sides are decided exactly; where an outline
/// is touched in a way that leaves no clear answer (an edge along an edge, a vertex on an edge) the discs in question
/// are doubtful, and surfaces near them are left to GEOS. Immutable: any number of threads may use it at once.
public struct DiscUnion: Sendable {
    /// Where an arc begins or ends.
    enum End: Sendable, Hashable {
        /// At a crossing of two outlines, by its number.
        case crossing(Int32)
        /// At the edge of the square that was looked at, where no surface is.
        case outside
    }

    /// A part of an outline that lies in no other disc, counter-clockwise.
    struct Arc: Sendable {
        /// The outline, by its number among the visible ones.
        let outline: Int32
        /// The place where it begins; the place where it ends, which is beyond the last vertex where the arc passes it.
        let start: Double
        let end: Double
        let from: End
        let to: End
        /// Whether the arc is the whole outline.
        let isWhole: Bool
    }

    let discs: [Disc]
    let tree: DiscQuadtree
    let outlines: DiscOutlines
    /// For each disc the number of its outline, or -1.
    let outlineOfDisc: [Int32]
    /// Where outlines cross.
    let crossings: [Position]
    let arcs: [Arc]
    /// The edges of the arcs by their boxes, and for each the arc and the edge's first vertex.
    let edgeIndex: BoxIndex<Projected>
    let edges: [(arc: Int32, vertex: Int32)]
    /// The boxes of the outlines that are doubtful.
    let doubtful: [BoundingBox<Unreferenced>]

    /// The square that discs are looked at in: the surfaces' box, with room for the longest edge of an outline.
    public static func square(around box: BoundingBox<Projected>, discs: [Disc], vertexCount: Int) -> DiscSquare {
        let longest = (discs.map(\.outer).max() ?? 0) * 2 * sin(.pi / Double(vertexCount)) * 1.1 + 1
        return DiscSquare(
            discs: discs, tree: DiscQuadtree(discs, within: box.expanded(by: longest), vertexCount: vertexCount))
    }

    /// Finds the border of the union.
    ///
    /// - Parameter outlines: the outlines of `square.visible`.
    /// - Complexity: O(n log n) in the edges that can be seen.
    public init(_ square: DiscSquare, outlines: DiscOutlines) {
        var finder = ArcFinder(square: square, outlines: outlines)
        finder.findCrossings()
        finder.findArcs()
        discs = square.discs
        tree = square.tree
        self.outlines = outlines
        outlineOfDisc = finder.outlineOfDisc
        crossings = finder.crossings
        arcs = finder.arcs
        doubtful = finder.doubtfulBoxes
        var edges: [(arc: Int32, vertex: Int32)] = []
        var boxes: [BoundingBox<Projected>] = []
        for (number, arc) in arcs.enumerated() {
            let outline = Int(arc.outline)
            // An arc that ends exactly at a vertex has no edge behind it.
            let last = arc.end == arc.end.rounded(.down) ? Int(arc.end) - 1 : Int(arc.end)
            for vertex in Int(arc.start)...max(Int(arc.start), last) {
                let a = outlines.vertex(outline, outlines.wrapped(vertex))
                let b = outlines.vertex(outline, outlines.wrapped(vertex + 1))
                edges.append((Int32(number), Int32(vertex)))
                boxes.append(
                    BoundingBox(minX: min(a.x, b.x), minY: min(a.y, b.y), maxX: max(a.x, b.x), maxY: max(a.y, b.y)))
            }
        }
        self.edges = edges
        edgeIndex = BoxIndex(boxes)
    }

    /// How many discs have an outline here: those that can be seen from anywhere.
    public var visibleCount: Int { outlines.count }

    /// Whether a position of the square lies in the union.
    func covers(_ position: Position) -> Bool {
        outlines.isCovered(position, by: tree, outlineOfDisc, discs)
    }
}

/// Discs in a square, divided into what one of them covers and what is open.
public struct DiscSquare: Sendable {
    let discs: [Disc]
    let tree: DiscQuadtree

    /// The discs whose outlines can be seen: those that the union needs, ascending.
    public var visible: [Int] { tree.visible }
}

/// Finds the arcs of a union.
private struct ArcFinder {
    /// A crossing as one of the two outlines meets it.
    private struct Event {
        let place: Double
        let crossing: Int32
        /// Whether the outline goes into the other disc here.
        let isEntry: Bool
    }

    let square: DiscSquare
    let outlines: DiscOutlines
    let outlineOfDisc: [Int32]
    var crossings: [Position] = []
    var arcs: [DiscUnion.Arc] = []
    private var events: [[Event]]
    private var isDoubtful: [Bool]

    init(square: DiscSquare, outlines: DiscOutlines) {
        self.square = square
        self.outlines = outlines
        var numbers = [Int32](repeating: -1, count: square.discs.count)
        for (number, disc) in outlines.discs.enumerated() { numbers[Int(disc)] = Int32(number) }
        outlineOfDisc = numbers
        events = Array(repeating: [], count: outlines.count)
        isDoubtful = outlines.isDoubtful
    }

    var doubtfulBoxes: [BoundingBox<Unreferenced>] {
        isDoubtful.indices.filter { isDoubtful[$0] }.map { number in
            var box = BoundingBox<Unreferenced>.empty
            for index in 0..<outlines.vertexCount {
                let vertex = outlines.vertex(number, index)
                box.formUnion(Coordinate(x: vertex.x, y: vertex.y))
            }
            return box
        }
    }

    // MARK: Crossings

    mutating func findCrossings() {
        for (a, b) in square.tree.pairs() {
            let first = Int(outlineOfDisc[Int(a)])
            let second = Int(outlineOfDisc[Int(b)])
            guard first >= 0, second >= 0, !isDoubtful[first], !isDoubtful[second] else { continue }
            cross(first, square.discs[Int(a)], second, square.discs[Int(b)])
        }
    }

    private mutating func cross(_ first: Int, _ firstDisc: Disc, _ second: Int, _ secondDisc: Disc) {
        let centre = outlines.centres[first]
        let other = outlines.centres[second]
        let (dx, dy) = (other.x - centre.x, other.y - centre.y)
        let distance = (dx * dx + dy * dy).squareRoot()
        guard distance < firstDisc.outer + secondDisc.outer else { return }
        let direction = atan2(dy, dx)
        // Two circles of the outlines' middle radii cross at these angles.
        let (r, s) = ((firstDisc.inner + firstDisc.outer) / 2, (secondDisc.inner + secondDisc.outer) / 2)
        let half = arcCosine((distance * distance + r * r - s * s) / (2 * distance * r))
        let isInside = { (index: Int) in
            outlines.contains(outlines.vertex(first, outlines.wrapped(index)), second, secondDisc)
        }
        guard
            let entry = change(
                near: outlines.vertex(before: direction - half, on: first), from: false, isInside, first),
            let exit = change(near: outlines.vertex(before: direction + half, on: first), from: true, isInside, first)
        else { return }
        guard record(first, entry, second, isEntry: true), record(first, exit, second, isEntry: false) else {
            isDoubtful[first] = true
            isDoubtful[second] = true
            return
        }
    }

    /// The edge, by its first vertex, along which an outline goes into (out of) a disc: near a guess, else wherever.
    private func change(
        near guess: Int, from state: Bool, _ isInside: (Int) -> Bool, _ outline: Int
    ) -> Int? {
        var vertex = guess
        // A vertex in the wrong state means that the change is behind it, where the state is `state`.
        var isInState = isInside(vertex) == state
        for _ in 0..<12 {
            let next = isInState ? vertex + 1 : vertex - 1
            let isNextInState = isInside(next) == state
            if isInState && !isNextInState { return outlines.wrapped(vertex) }
            if !isInState && isNextInState { return outlines.wrapped(next) }
            vertex = next
            isInState = isNextInState
        }
        var before = isInside(0) == state
        for vertex in 0..<outlines.vertexCount {
            let behind = isInside(vertex + 1) == state
            if before && !behind { return vertex }
            before = behind
        }
        return nil
    }

    /// Notes where an edge of one outline crosses the other outline.
    private mutating func record(_ first: Int, _ edge: Int, _ second: Int, isEntry: Bool) -> Bool {
        let a = outlines.vertex(first, edge)
        let b = outlines.vertex(first, outlines.wrapped(edge + 1))
        let middle = Position(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
        let guess = outlines.vertex(before: angle(of: middle, around: outlines.centres[second]), on: second)
        var touches = false
        for step in [0, 1, -1, 2, -2] + Array(3..<(outlines.vertexCount - 2)) {
            let other = outlines.wrapped(guess + step)
            let c = outlines.vertex(second, other)
            let d = outlines.vertex(second, outlines.wrapped(other + 1))
            guard let found = SegmentCrossing(a, b, c, d, touches: &touches) else { continue }
            // Left of an edge of the second outline is inside of it.
            guard found.isToLeft == isEntry, !touches else { return false }
            let number = Int32(crossings.count)
            crossings.append(found.position)
            events[first].append(Event(place: Double(edge) + found.first, crossing: number, isEntry: isEntry))
            events[second].append(Event(place: Double(other) + found.second, crossing: number, isEntry: !isEntry))
            return true
        }
        return false
    }

    // MARK: Arcs

    mutating func findArcs() {
        for outline in 0..<outlines.count where !isDoubtful[outline] {
            guard let found = arcs(of: outline) else {
                isDoubtful[outline] = true
                continue
            }
            arcs.append(contentsOf: found)
        }
        // An arc that leads into a doubtful outline leads nowhere, but no surface there is cut by arcs anyway.
        arcs.removeAll { isDoubtful[Int($0.outline)] }
    }

    /// The arcs of an outline; nil where entries, exits and what is covered contradict each other.
    private func arcs(of outline: Int) -> [DiscUnion.Arc]? {
        let count = outlines.vertexCount
        let events = events[outline].sorted { $0.place < $1.place }
        var isSeen = [Bool](repeating: false, count: count)
        var seen = 0
        for index in 0..<count where square.tree.contains(outlines.vertex(outline, index)) {
            isSeen[index] = true
            seen += 1
        }
        guard seen > 0 else { return [] }
        if events.isEmpty, seen == count {
            guard !isHidden(outlines.vertex(outline, 0), outline) else { return [] }
            return [
                DiscUnion.Arc(
                    outline: Int32(outline), start: 0, end: Double(count), from: .outside, to: .outside, isWhole: true)
            ]
        }
        // The bounds of the intervals in order: crossings, and the ends of what lies in the square.
        var bounds: [(place: Double, event: Event?)] = events.map { ($0.place, $0) }
        for index in 0..<count {
            let next = index + 1 == count ? 0 : index + 1
            if isSeen[index] != isSeen[next] { bounds.append((Double(isSeen[index] ? index : next), nil)) }
        }
        bounds.sort { ($0.place, $0.event?.crossing ?? -1) < ($1.place, $1.event?.crossing ?? -1) }
        var result: [DiscUnion.Arc] = []
        for (position, bound) in bounds.enumerated() {
            let isLast = position + 1 == bounds.count
            let next = bounds[isLast ? 0 : position + 1]
            let end = next.place + (isLast ? Double(count) : 0)
            guard end > bound.place || bounds.count == 1 else {
                // Two crossings at one place leave no order between them.
                if bound.event != nil, next.event != nil { return nil }
                continue
            }
            guard let sample = sample(outline, bound.place, end, isSeen), !isHidden(sample, outline) else { continue }
            // What is seen begins where the outline leaves a disc and ends where it enters one.
            guard bound.event?.isEntry != true, next.event?.isEntry != false else { return nil }
            result.append(
                DiscUnion.Arc(
                    outline: Int32(outline), start: bound.place, end: end,
                    from: bound.event.map { .crossing($0.crossing) } ?? .outside,
                    to: next.event.map { .crossing($0.crossing) } ?? .outside, isWhole: false))
        }
        return result
    }

    /// A position of an outline between two places, a vertex if there is one; nil outside of the square.
    private func sample(_ outline: Int, _ start: Double, _ end: Double, _ isSeen: [Bool]) -> Position? {
        let first = Int(start) + 1
        let last = end == end.rounded(.down) ? Int(end) - 1 : Int(end)
        if first <= last {
            let vertex = outlines.wrapped((first + last) / 2)
            return isSeen[vertex] ? outlines.vertex(outline, vertex) : nil
        }
        let edge = Int(start)
        guard isSeen[outlines.wrapped(edge)] || isSeen[outlines.wrapped(edge + 1)] else { return nil }
        let a = outlines.vertex(outline, outlines.wrapped(edge))
        let b = outlines.vertex(outline, outlines.wrapped(edge + 1))
        let along = (start + end) / 2 - Double(edge)
        let position = Position(x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along)
        return square.tree.contains(position) ? position : nil
    }

    /// Whether a position on an outline lies in another disc.
    private func isHidden(_ position: Position, _ outline: Int) -> Bool {
        guard let candidates = square.tree.candidates(at: position) else { return true }
        let own = outlines.discs[outline]
        return candidates.contains {
            $0 != own && outlines.contains(position, Int(outlineOfDisc[Int($0)]), square.discs[Int($0)])
        }
    }
}
