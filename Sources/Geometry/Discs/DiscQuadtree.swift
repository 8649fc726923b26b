internal import Foundation

/// Where discs leave something open: a square, divided until each part is either covered by a single disc or reached by
/// few of them.
///
/// What lies deep inside a crowd of discs is covered by one of them in the large; the tree becomes fine only along the
/// outer border of the crowd, and there only until the discs that form the border are told apart. So a million discs
/// around one town cost hardly more than a dozen.
struct DiscQuadtree: Sendable {
    private struct Node {
        /// The first of four children, or the first entry of the leaf's list.
        var first: UInt32
        /// How long the leaf's list is, or one of the two marks below.
        var count: UInt32
    }

    private static let divided = UInt32.max
    private static let covered = UInt32.max - 1

    /// A part with at most so many discs is not divided further.
    private static let smallList = 4
    /// Parts are not divided below this fraction of the largest disc's radius.
    private static let finest = 1.0 / 1024
    /// By how much the outlines of two discs may differ in shape, in terms of the distance between their centres: far
    /// more than a projection makes of it, which is the ratio of their radius to the Earth's.
    private static let distortion = 0.04

    private let originX: Double
    private let originY: Double
    private let size: Double
    private var nodes: [Node] = []
    private var lists: [Int32] = []

    /// Divides the square around a box.
    ///
    /// - Parameter vertexCount: how many vertices each outline has.
    /// - Complexity: O(discs) expected for the top, then O(border of their union).
    init(_ discs: [Disc], within box: BoundingBox<Projected>, vertexCount: Int) {
        originX = box.minX
        originY = box.minY
        size = max(box.maxX - box.minX, box.maxY - box.minY)
        let largest = discs.map(\.outer).max() ?? 0
        var builder = Builder(
            discs: discs, smallest: largest * Self.finest, local: largest / 32,
            slack: tan(.pi / Double(vertexCount)) + Self.distortion)
        builder.stack = discs.indices.map(Int32.init)
        builder.nodes.append(Node(first: 0, count: 0))
        builder.divide(0, originX, originY, size, list: 0..<discs.count)
        nodes = builder.nodes
        lists = builder.lists
    }

    /// The discs that reach an open part, ascending: only their outlines can be seen.
    var visible: [Int] { Array(Set(lists)).sorted().map(Int.init) }

    /// Each pair of discs that reach the same open part, the smaller number first, without repetition, in order.
    func pairs() -> [(Int32, Int32)] {
        var keys: [UInt64] = []
        for node in nodes where node.count < Self.covered && node.count > 1 {
            let list = lists[Int(node.first)..<Int(node.first + node.count)]
            for (offset, a) in list.enumerated() {
                for b in list.dropFirst(offset + 1) {
                    keys.append(UInt64(UInt32(bitPattern: min(a, b))) << 32 | UInt64(UInt32(bitPattern: max(a, b))))
                }
            }
        }
        keys.sort()
        var last: UInt64?
        var result: [(Int32, Int32)] = []
        for key in keys where key != last {
            last = key
            result.append((Int32(truncatingIfNeeded: key >> 32), Int32(truncatingIfNeeded: key)))
        }
        return result
    }

    /// Whether a position lies in the square.
    @inline(__always)
    func contains(_ position: Position) -> Bool {
        position.x >= originX && position.x <= originX + size && position.y >= originY && position.y <= originY + size
    }

    /// The discs that may hold a position of the square; nil where one is known to.
    @inline(__always)
    func candidates(at position: Position) -> ArraySlice<Int32>? {
        var node = nodes[0]
        var (x, y, size) = (originX, originY, size)
        while node.count == Self.divided {
            size /= 2
            let isEast = position.x >= x + size
            let isNorth = position.y >= y + size
            if isEast { x += size }
            if isNorth { y += size }
            node = nodes[Int(node.first) + (isEast ? 1 : 0) + (isNorth ? 2 : 0)]
        }
        return node.count == Self.covered ? nil : lists[Int(node.first)..<Int(node.first + node.count)]
    }

    /// Whether a box inside the square lies wholly in parts that are covered.
    func covers(_ box: BoundingBox<Unreferenced>) -> Bool { covers(box, nodes[0], originX, originY, size) }

    private func covers(
        _ box: BoundingBox<Unreferenced>, _ node: Node, _ x: Double, _ y: Double, _ size: Double
    ) -> Bool {
        guard node.count == Self.divided else { return node.count == Self.covered }
        let half = size / 2
        let (middleX, middleY) = (x + half, y + half)
        for child in 0..<4 {
            let isEast = child & 1 == 1
            let isNorth = child & 2 == 2
            // Positions on the middle lines belong to the east and north.
            guard isEast ? box.maxX >= middleX : box.minX < middleX,
                isNorth ? box.maxY >= middleY : box.minY < middleY
            else { continue }
            if !covers(box, nodes[Int(node.first) + child], isEast ? middleX : x, isNorth ? middleY : y, half) {
                return false
            }
        }
        return true
    }

    /// The parts that are covered and meet a box. - Complexity: O(parts)
    func coveredParts(meeting box: BoundingBox<Projected>) -> [BoundingBox<Projected>] {
        var result: [BoundingBox<Projected>] = []
        collect(nodes[0], originX, originY, size, box, &result)
        return result
    }

    private func collect(
        _ node: Node, _ x: Double, _ y: Double, _ size: Double, _ box: BoundingBox<Projected>,
        _ result: inout [BoundingBox<Projected>]
    ) {
        let part = BoundingBox<Projected>(minX: x, minY: y, maxX: x + size, maxY: y + size)
        guard part.intersects(box) else { return }
        if node.count == Self.covered { result.append(part) }
        guard node.count == Self.divided else { return }
        for child in 0..<4 {
            collect(
                nodes[Int(node.first) + child], child & 1 == 1 ? x + size / 2 : x,
                child & 2 == 2 ? y + size / 2 : y, size / 2, box, &result)
        }
    }

    private struct Builder {
        let discs: [Disc]
        let smallest: Double
        /// In parts up to this size discs may be left out behind others.
        let local: Double
        /// How much nearer the centre of a disc must be for it to hide another one, in terms of their distance.
        let slack: Double
        var nodes: [Node] = []
        var lists: [Int32] = []
        /// The lists of the parts on the way down, one behind the other.
        var stack: [Int32] = []

        mutating func divide(_ node: Int, _ x: Double, _ y: Double, _ size: Double, list: Range<Int>) {
            guard list.count > DiscQuadtree.smallList, size > smallest else {
                nodes[node] = Node(first: UInt32(lists.count), count: UInt32(list.count))
                lists.append(contentsOf: stack[list])
                return
            }
            let first = nodes.count
            nodes[node] = Node(first: UInt32(first), count: DiscQuadtree.divided)
            nodes.append(contentsOf: repeatElement(Node(first: 0, count: 0), count: 4))
            let half = size / 2
            for child in 0..<4 {
                let childX = child & 1 == 1 ? x + half : x
                let childY = child & 2 == 2 ? y + half : y
                let start = stack.count
                if collect(list, childX, childY, half) {
                    nodes[first + child] = Node(first: 0, count: DiscQuadtree.covered)
                } else {
                    if half <= local, stack.count - start > DiscQuadtree.smallList {
                        leaveOutHidden(from: start, childX, childY, half)
                    }
                    divide(first + child, childX, childY, half, list: start..<stack.count)
                }
                stack.removeSubrange(start...)
            }
        }

        /// Takes those discs from the top of the stack that another one hides in all of a square.
        ///
        /// Let the centres of two discs with outlines of the same shape be e apart. Seen from a place of the square, an
        /// outline's distance from its centre changes by at most tan(π/n) per unit that the direction moves it, and the
        /// directions to both centres differ by e over the distance. So one disc holds whatever of the square the other
        /// one holds, if its centre is nearer to the middle of the square by e · (slack + half diagonal / distance).
        private mutating func leaveOutHidden(from start: Int, _ x: Double, _ y: Double, _ size: Double) {
            let middle = Position(x: x + size / 2, y: y + size / 2)
            let half = size * 0.7072
            var kept: [(disc: Int32, distance: Double)] = []
            var sorted = stack[start...].map { number -> (disc: Int32, distance: Double) in
                let centre = discs[Int(number)].centre
                let (dx, dy) = (centre.x - middle.x, centre.y - middle.y)
                return (number, (dx * dx + dy * dy).squareRoot())
            }
            sorted.sort { ($0.distance, $0.disc) < ($1.distance, $1.disc) }
            for candidate in sorted {
                let own = discs[Int(candidate.disc)]
                let factor = slack + half / max(own.inner / 2, 1e-9)
                let isHidden = kept.contains { other in
                    let disc = discs[Int(other.disc)]
                    let (dx, dy) = (disc.centre.x - own.centre.x, disc.centre.y - own.centre.y)
                    let apart = (dx * dx + dy * dy).squareRoot()
                    // Discs of different radii are not compared; those that are far apart are not of one shape.
                    return disc.inner == own.inner && disc.outer == own.outer && apart < own.inner
                        && candidate.distance - other.distance > apart * factor
                }
                if !isHidden { kept.append(candidate) }
            }
            stack.removeSubrange(start...)
            stack.append(contentsOf: kept.map(\.disc).sorted())
        }

        /// Pushes the discs of a list that reach a square; tells whether one of them covers it.
        private mutating func collect(_ list: Range<Int>, _ x: Double, _ y: Double, _ size: Double) -> Bool {
            for position in list {
                let disc = discs[Int(stack[position])]
                // The nearest and the farthest place of the square, seen from the centre.
                let (west, east) = (x - disc.centre.x, disc.centre.x - (x + size))
                let (south, north) = (y - disc.centre.y, disc.centre.y - (y + size))
                let (nearX, nearY) = (max(west, east, 0), max(south, north, 0))
                guard nearX * nearX + nearY * nearY <= disc.outer * disc.outer else { continue }
                let (farX, farY) = (max(-west, -east), max(-south, -north))
                if farX * farX + farY * farY <= disc.inner * disc.inner { return true }
                stack.append(stack[position])
            }
            return false
        }
    }
}
