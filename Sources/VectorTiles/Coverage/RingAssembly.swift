/// One part of an area: a shell (positive area) and its holes (negative area), each ring without its closing vertex.
struct GridPolygon: Hashable, Sendable {
    var shell: [GridPoint]
    var holes: [[GridPoint]] = []
    var box: GridBox

    init(shell: [GridPoint]) {
        self.shell = shell
        box = GridBox(shell)
    }

    /// The shell and the holes behind it.
    var rings: [[GridPoint]] { [shell] + holes }

    /// Twice the area. - Complexity: O(n)
    var doubledArea: Int64 { rings.reduce(0) { $0 + TileGeometry.doubledArea($1) } }
}

/// Makes valid polygons of closed walks that may touch themselves at vertices.
enum RingAssembly {
    /// The polygons that closed walks with the area on their left enclose, in the order of their shells' walks.
    ///
    /// A walk that visits a vertex twice is taken apart there: no ring touches itself, as OGC Simple Features ask.
    static func polygons(of walks: [[GridPoint]]) -> [GridPolygon] {
        var polygons: [GridPolygon] = []
        var holes: [[GridPoint]] = []
        for walk in walks {
            for ring in simpleRings(of: walk) {
                let area = TileGeometry.doubledArea(ring)
                if area > 0 { polygons.append(GridPolygon(shell: ring)) } else if area < 0 { holes.append(ring) }
            }
        }
        let areas = holes.isEmpty ? [] : polygons.map { TileGeometry.doubledArea($0.shell) }
        for hole in holes {
            let box = GridBox(hole)
            var owner: Int?
            for index in polygons.indices where polygons[index].box.contains(box) {
                guard owner.map({ areas[index] < areas[$0] }) ?? true else { continue }
                if polygons.count == 1 || encloses(polygons[index].shell, hole) { owner = index }
            }
            if let owner { polygons[owner].holes.append(hole) }
        }
        return polygons
    }

    /// Takes a closed walk apart at vertices that it visits more than once.
    static func simpleRings(of walk: [GridPoint]) -> [[GridPoint]] {
        guard hasRepeats(walk) else { return [walk] }
        var result: [[GridPoint]] = []
        var path: [GridPoint] = []
        var places: [GridPoint: Int] = [:]
        for point in walk {
            if let place = places[point] {
                let loop = Array(path[place...])
                for visited in loop.dropFirst() { places[visited] = nil }
                path.removeSubrange((place + 1)...)
                if loop.count > 2 { result.append(loop) }
            } else {
                places[point] = path.count
                path.append(point)
            }
        }
        if path.count > 2 { result.append(path) }
        return result
    }

    /// Whether a vertex occurs twice. - Complexity: O(n)
    ///
    /// Nearly every ring of every tile is asked and nearly none has one, so a plain table of numbers does it: open
    /// addressing, at most half full, scattered by the golden ratio (Knuth, TAOCP 3, section 6.4).
    private static func hasRepeats(_ walk: [GridPoint]) -> Bool {
        let bits = max(4, Int.bitWidth - (2 * walk.count).leadingZeroBitCount)
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 1 << bits) { table in
            // No vertex of a tile's grid is this one: ordinates stay below 2³¹ - 1.
            let free = UInt64.max
            table.initialize(repeating: free)
            for point in walk {
                let key = UInt64(UInt32(bitPattern: point.x)) << 32 | UInt64(UInt32(bitPattern: point.y))
                var place = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - bits))
                while table[place] != free {
                    if table[place] == key { return true }
                    place = (place + 1) & ((1 << bits) - 1)
                }
                table[place] = key
            }
            return false
        }
    }

    /// Whether a ring lies inside another that it shares no edge with and does not cross.
    private static func encloses(_ shell: [GridPoint], _ ring: [GridPoint]) -> Bool {
        guard ring.count > 1 else { return false }
        // The middle of an edge lies on no edge of the shell; a vertex might. Twice the ordinates keep it whole.
        let middle = DoubledPoint(between: ring[0], ring[1])
        return middle.isInside(shell)
    }
}

/// A position in half steps of the grid, for points that must lie on no vertex.
struct DoubledPoint {
    var x: Int64
    var y: Int64

    init(x: Int64, y: Int64) {
        self.x = x
        self.y = y
    }

    init(between one: GridPoint, _ other: GridPoint) {
        x = Int64(one.x) + Int64(other.x)
        y = Int64(one.y) + Int64(other.y)
    }

    /// Whether the point lies inside a ring, by the parity of the edges that a ray to the east meets.
    ///
    /// Exact for points that lie on no edge.
    func isInside(_ ring: [GridPoint]) -> Bool {
        guard var previous = ring.last else { return false }
        var isInside = false
        for point in ring {
            let (startY, endY) = (2 * Int64(previous.y), 2 * Int64(point.y))
            if (startY > y) != (endY > y) {
                // The edge crosses the ray's line; the sign tells on which side of the point.
                let side =
                    (2 * Int64(point.x) - 2 * Int64(previous.x)) * (y - startY)
                    - (endY - startY) * (x - 2 * Int64(previous.x))
                if (side > 0) == (endY > startY) { isInside.toggle() }
            }
            previous = point
        }
        return isInside
    }
}

extension PlanarGraph {
    /// The polygons of each label, where every face has at most one (-1 is none). - Complexity: O(n)
    ///
    /// - Parameters:
    ///   - labels: The label of each face.
    ///   - count: How many labels there are, counted from 0.
    func polygons(_ labels: [Int32], count: Int) -> [[GridPolygon]] {
        var isDone = [Bool](repeating: false, count: halfEdgeCount)
        var walks = [[[GridPoint]]](repeating: [], count: count)
        func isBorder(_ halfEdge: Int, of label: Int32) -> Bool {
            labels[face(halfEdge)] == label && labels[face(halfEdge ^ 1)] != label
        }
        for first in 0..<halfEdgeCount where !isDone[first] {
            let label = labels[face(first)]
            guard label >= 0, isBorder(first, of: label) else { continue }
            var walk: [GridPoint] = []
            var halfEdge = first
            repeat {
                isDone[halfEdge] = true
                walk.append(start(halfEdge))
                // Keep to the left: the first border of the area clockwise from where the walk came.
                halfEdge = clockwise(halfEdge ^ 1)
                while !isBorder(halfEdge, of: label) { halfEdge = clockwise(halfEdge) }
            } while halfEdge != first
            walks[Int(label)].append(walk)
        }
        return walks.map(RingAssembly.polygons)
    }
}
