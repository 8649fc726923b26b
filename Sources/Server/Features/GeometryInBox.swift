import Geometry

extension MultiPolygon {
    /// Whether the surface and the box share at least a point, borders included. - Complexity: O(vertices)
    ///
    /// They do where an edge meets the box, or where the box lies wholly inside, which one corner then tells.
    func meets(_ box: BoundingBox<Frame>) -> Bool {
        polygons.contains { polygon in
            polygon.rings.contains { $0.meets(box) } || polygon.contains(Coordinate(x: box.minX, y: box.minY))
        }
    }
}

extension FeatureGeometry {
    /// Whether the geometry and the box share at least a point, borders included. - Complexity: O(vertices)
    func meets(_ box: BoundingBox<Frame>) -> Bool {
        switch self {
        case .point(let coordinate): box.contains(coordinate)
        case .multiPoint(let coordinates): coordinates.contains { box.contains($0) }
        case .lineString(let line): Ring(line).meets(box)
        case .multiLineString(let lines): lines.contains { Ring($0).meets(box) }
        case .polygon(let polygon): MultiPolygon([polygon]).meets(box)
        case .multiPolygon(let surface): surface.meets(box)
        case .collection(let members): members.contains { $0.meets(box) }
        }
    }
}

extension Polygon {
    /// Whether a position lies in the shell and in no hole, by the even-odd rule over all rings.
    fileprivate func contains(_ position: Coordinate<Frame>) -> Bool {
        var isInside = false
        for ring in rings {
            for (a, b) in zip(ring.coordinates, ring.coordinates.dropFirst())
            where (a.y > position.y) != (b.y > position.y) {
                let x = a.x + (position.y - a.y) / (b.y - a.y) * (b.x - a.x)
                if position.x < x { isInside.toggle() }
            }
        }
        return isInside
    }
}

extension Ring {
    fileprivate func meets(_ box: BoundingBox<Frame>) -> Bool {
        zip(coordinates, coordinates.dropFirst()).contains { box.meetsSegment($0, $1) }
    }
}

extension BoundingBox {
    /// Whether a segment has a point in the box: what is left of it after cutting at each border (Liang–Barsky).
    fileprivate func meetsSegment(_ a: Coordinate<Frame>, _ b: Coordinate<Frame>) -> Bool {
        var low = 0.0
        var high = 1.0
        let dx = b.x - a.x
        let dy = b.y - a.y
        for (delta, distance) in [(-dx, a.x - minX), (dx, maxX - a.x), (-dy, a.y - minY), (dy, maxY - a.y)] {
            if delta == 0 {
                if distance < 0 { return false }
            } else if delta < 0 {
                low = Swift.max(low, distance / delta)
            } else {
                high = Swift.min(high, distance / delta)
            }
        }
        return low <= high
    }
}
