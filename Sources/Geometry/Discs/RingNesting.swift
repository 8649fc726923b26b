/// Polygons made of rings that run around what is inside of them.
enum RingNesting {
    /// The surface that rings enclose: counter-clockwise ones are shells, clockwise ones holes of the smallest shell
    /// around them. Nil for a hole without a shell.
    ///
    /// Each ring begins at its first vertex from west to east, and polygons stand in the order of those vertices: the
    /// same rings in another order give the same surface. - Complexity: O(vertices + holes · shells)
    static func surface<Frame>(_ rings: [[Position]]) -> MultiPolygon<Frame>? {
        var shells: [(ring: [Position], area: Double, holes: [[Position]])] = []
        var holes: [[Position]] = []
        for ring in rings {
            let ring = canonical(ring)
            guard ring.count >= 4 else { continue }
            let area = doubledArea(ring)
            if area > 0 {
                shells.append((ring, area, []))
            } else if area < 0 {
                holes.append(ring)
            }
        }
        shells.sort { $0.ring[0].precedes($1.ring[0]) || ($0.ring[0] == $1.ring[0] && $0.area < $1.area) }
        holes.sort { $0[0].precedes($1[0]) }
        for hole in holes {
            let around = shells.indices.filter { contains(hole, in: shells[$0].ring) }
            guard let smallest = around.min(by: { shells[$0].area < shells[$1].area }) else { return nil }
            shells[smallest].holes.append(hole)
        }
        return MultiPolygon(
            shells.map { shell in
                Polygon(exterior: Ring(.init(shell.ring)), holes: shell.holes.map { Ring(.init($0)) })
            })
    }

    /// The closed ring without repeated vertices, from its first vertex from west to east.
    private static func canonical(_ ring: [Position]) -> [Position] {
        var open: [Position] = []
        open.reserveCapacity(ring.count)
        for vertex in ring.dropLast() where vertex != open.last { open.append(vertex) }
        while open.count > 1, open.first == open.last { open.removeLast() }
        guard let first = open.indices.min(by: { open[$0].precedes(open[$1]) }) else { return [] }
        return Array(open[first...]) + Array(open[..<first]) + [open[first]]
    }

    private static func doubledArea(_ ring: [Position]) -> Double {
        let origin = ring[0]
        var sum = 0.0
        for (a, b) in zip(ring, ring.dropFirst()) {
            sum += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
        }
        return sum
    }

    /// Whether a ring lies in another one, which it does not cross: its first vertex that is not on the other's border
    /// tells.
    private static func contains(_ ring: [Position], in shell: [Position]) -> Bool {
        for vertex in ring {
            var isInside = false
            var isOnBorder = false
            for (a, b) in zip(shell, shell.dropFirst()) {
                if vertex == a || vertex == b {
                    isOnBorder = true
                    break
                }
                guard (a.y > vertex.y) != (b.y > vertex.y) else { continue }
                let side = Orientation.sign(a.x, a.y, b.x, b.y, vertex.x, vertex.y)
                if side == 0 {
                    isOnBorder = true
                    break
                }
                if (side > 0) == (b.y > a.y) { isInside.toggle() }
            }
            if !isOnBorder { return isInside }
        }
        return false
    }
}
