/// What of a selection's points is drawn as one at each zoom.
///
/// Made from the deepest clustered zoom upwards. At each zoom the marks of the zoom below are taken in the order of
/// their weight, at equal weight in Z-order: a mark that has none nearer than the radius stays where it is, the others
/// join the nearest that stays. So a town keeps its place and takes the villages around it, and
/// - two marks of a zoom are never nearer than the radius, measured between the vertices that tiles hold,
/// - the marks of a zoom are marks of the next, each with a part of the same members: what zooming in parts was
///   together, and nothing jumps,
/// - all follows from the points alone, which are the filtered ones: no order of requests or threads changes it.
///
/// Kin of the greedy hierarchy of mapbox/supercluster, which moves marks to their members' mean and so promises no
/// distance.
struct PointClusters: Sendable {
    /// The marks of one zoom, in Z-order.
    struct Level: Sendable {
        /// The point at which each stands, which is one of its members.
        fileprivate(set) var points: [UInt32] = []
        /// Where its members begin in `members`.
        fileprivate(set) var starts: [UInt32] = []
        /// How many it has.
        fileprivate(set) var weights: [UInt32] = []
        /// The zoom at which they part: 0 where none parts them.
        fileprivate(set) var partings: [UInt8] = []
    }

    private let zooms: ClosedRange<Int>
    private let levels: [Level]
    /// The points, so that the members of every mark of every zoom stand together.
    let members: [UInt32]

    /// Makes the marks of all zooms.
    ///
    /// - Parameters:
    ///   - points: The points.
    ///   - zooms: The clustered zooms.
    ///   - radius: The smallest distance of two marks, steps of a tile's grid.
    /// - Complexity: O(n) expected for each zoom; about 0.3 s for a million points.
    init(_ points: PlacedPoints, zooms: ClosedRange<Int>, radius: Int32) {
        self.zooms = zooms
        var marks = Marks(stacksOf: points)
        // The marks of each zoom from the deepest upwards; `parents` of the marks of the zoom below each.
        var made: [(marks: Marks, parents: [UInt32])] = []
        let places = marks
        for zoom in zooms.reversed() {
            let next = marks.joined(at: zoom, keys: points.keys, radius: radius)
            made.append(next)
            marks = next.marks
        }
        // From the top downwards every mark gets its stretch of members within that of its parent.
        var cursor: UInt32 = 0
        var starts = marks.weights.map { weight in
            defer { cursor += weight }
            return cursor
        }
        var levels: [Level] = []
        for (index, (marks, parents)) in made.enumerated().reversed() {
            levels.append(
                Level(points: marks.points, starts: starts, weights: marks.weights, partings: marks.partings))
            let weights = index == 0 ? places.weights : made[index - 1].marks.weights
            var cursors = starts
            starts = parents.enumerated().map { mark, parent in
                defer { cursors[Int(parent)] += weights[mark] }
                return cursors[Int(parent)]
            }
        }
        self.levels = levels
        var members = [UInt32](repeating: 0, count: points.count)
        for (stack, start) in starts.enumerated() {
            for offset in 0..<places.weights[stack] { members[Int(start + offset)] = places.points[stack] + offset }
        }
        self.members = members
    }

    /// The marks of a zoom; nil where points are not clustered.
    subscript(zoom: Int) -> Level? { zooms.contains(zoom) ? levels[zoom - zooms.lowerBound] : nil }

    /// What they take in memory, bytes.
    var cost: Int { members.count * 4 + levels.reduce(0) { $0 + $1.points.count * 13 } }
}

/// Marks while a hierarchy is made.
private struct Marks {
    /// The point at which each stands, ascending: in Z-order.
    var points: [UInt32] = []
    var weights: [UInt32] = []
    /// The zoom at which its members part, 0 for never.
    var partings: [UInt8] = []

    init() {}

    /// One mark for all points at one place.
    init(stacksOf points: PlacedPoints) {
        for point in 0..<points.count {
            if point > 0, points.keys[point] == points.keys[point - 1] {
                weights[weights.count - 1] += 1
            } else {
                self.points.append(UInt32(point))
                weights.append(1)
                partings.append(0)
            }
        }
    }

    /// The marks of the next zoom upwards, and for each of these marks which one it joins.
    func joined(at zoom: Int, keys: [UInt64], radius: Int32) -> (marks: Marks, parents: [UInt32]) {
        let grid = TileGrid(zoom: zoom)
        let vertices = points.map { grid.vertex(keys[Int($0)]) }
        var staying = StayingMarks(count: points.count, radius: radius)
        var stays = [Bool](repeating: false, count: points.count)
        for mark in ranked where staying.nearest(to: vertices[mark], in: vertices, any: true) == nil {
            staying.insert(mark, at: vertices[mark])
            stays[mark] = true
        }
        var result = Marks()
        var numbers = [UInt32](repeating: 0, count: points.count)
        for mark in points.indices where stays[mark] {
            numbers[mark] = UInt32(result.points.count)
            result.points.append(points[mark])
            result.weights.append(weights[mark])
            result.partings.append(partings[mark])
        }
        let parents = points.indices.map { mark -> UInt32 in
            guard !stays[mark], let nearest = staying.nearest(to: vertices[mark], in: vertices, any: false) else {
                return numbers[mark]
            }
            let parent = numbers[nearest]
            result.weights[Int(parent)] += weights[mark]
            result.partings[Int(parent)] = UInt8(zoom + 1)
            return parent
        }
        return (result, parents)
    }

    /// The heaviest first, equal ones in Z-order.
    private var ranked: [Int] {
        let heavy = points.indices.filter { weights[$0] > 1 }.sorted { (weights[$1], $0) < (weights[$0], $1) }
        return heavy + points.indices.filter { weights[$0] == 1 }
    }
}

/// The marks that stay, found by place: squares at least as wide as the radius in an open hash table, whose slots
/// follow the Z-order of the squares, so that neighbours lie together in memory too.
private struct StayingMarks {
    private let radius: Int32
    /// A square is two to this power wide.
    private let shift: Int32
    private let mask: Int
    /// The square of each slot, -1 for none, and the last mark put into it.
    private var squares: [Int64]
    private var last: [Int32]
    /// For each mark the one put before it into the same square, -1 for none.
    private var previous: [Int32]

    init(count: Int, radius: Int32) {
        self.radius = radius
        shift = Int32(32 - max(radius - 1, 1).leadingZeroBitCount)
        var size = 16
        while size < 2 * count { size *= 2 }
        mask = size - 1
        squares = [Int64](repeating: -1, count: size)
        last = [Int32](repeating: -1, count: size)
        previous = [Int32](repeating: -1, count: count)
    }

    mutating func insert(_ mark: Int, at vertex: GridPoint) {
        let slot = slot(column: vertex.x >> shift, row: vertex.y >> shift)
        squares[slot] = Self.square(vertex.x >> shift, vertex.y >> shift)
        previous[mark] = last[slot]
        last[slot] = Int32(mark)
    }

    /// The nearest mark that is nearer than the radius, of equally near ones the first in Z-order; or, where any will do,
    /// one of them.
    func nearest(to vertex: GridPoint, in vertices: [GridPoint], any: Bool) -> Int? {
        var best = Int64(radius) * Int64(radius)
        var found: Int?
        let reach = radius - 1
        for row in ((vertex.y - reach) >> shift)...((vertex.y + reach) >> shift) {
            for column in ((vertex.x - reach) >> shift)...((vertex.x + reach) >> shift) {
                var mark = last[slot(column: column, row: row)]
                while mark >= 0 {
                    let other = vertices[Int(mark)]
                    let (width, height) = (Int64(other.x - vertex.x), Int64(other.y - vertex.y))
                    let distance = width * width + height * height
                    if distance < best || (distance == best && found.map { Int(mark) < $0 } == true) {
                        if any { return Int(mark) }
                        (best, found) = (distance, Int(mark))
                    }
                    mark = previous[Int(mark)]
                }
            }
        }
        return found
    }

    private static func square(_ column: Int32, _ row: Int32) -> Int64 { Int64(column) << 32 | Int64(row) }

    /// The slot of a square, or the free one where it belongs.
    private func slot(column: Int32, row: Int32) -> Int {
        let wanted = Self.square(column, row)
        let place = ZOrder.key(x: UInt32(truncatingIfNeeded: column), y: UInt32(truncatingIfNeeded: row))
        var slot = Int(truncatingIfNeeded: place) & mask
        while squares[slot] != wanted, squares[slot] != -1 { slot = (slot + 1) & mask }
        return slot
    }
}
