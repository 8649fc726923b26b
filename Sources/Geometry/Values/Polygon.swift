/// A closed line: the last coordinate repeats the first, as in OGC Simple Features.
public struct Ring<Frame: ReferenceFrame>: Hashable, Sendable {
    /// The vertices, the first one repeated at the end.
    public var coordinates: [Coordinate<Frame>]

    /// Makes a ring of closed coordinates; nothing is checked here (GEOS judges validity where data enter).
    @inlinable
    public init(_ coordinates: [Coordinate<Frame>]) {
        self.coordinates = coordinates
    }

    /// Twice the planar area, positive for a ring that runs counter-clockwise where y grows north.
    ///
    /// - Complexity: O(n). Computed relative to the first vertex, so that large eastings lose no precision.
    public var doubledSignedArea: Double {
        guard let origin = coordinates.first else { return 0 }
        var sum = 0.0
        for index in coordinates.indices.dropFirst() {
            let a = coordinates[index - 1]
            let b = coordinates[index]
            sum += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
        }
        return sum
    }

    /// The smallest box around the ring. - Complexity: O(n)
    public var boundingBox: BoundingBox<Frame> {
        var box = BoundingBox<Frame>.empty
        for coordinate in coordinates { box.formUnion(coordinate) }
        return box
    }

    /// The same ring run the other way round.
    public var reversed: Self { Self(coordinates.reversed()) }
}

/// A surface with one shell and any number of holes.
public struct Polygon<Frame: ReferenceFrame>: Hashable, Sendable {
    /// The outer ring.
    public var exterior: Ring<Frame>
    /// The inner rings.
    public var holes: [Ring<Frame>]

    /// Makes a polygon from its rings; nothing is checked here.
    @inlinable
    public init(exterior: Ring<Frame>, holes: [Ring<Frame>] = []) {
        self.exterior = exterior
        self.holes = holes
    }

    /// All rings, the shell first.
    @inlinable
    public var rings: [Ring<Frame>] { [exterior] + holes }

    /// The polygon with the winding of RFC 7946: shell counter-clockwise, holes clockwise.
    public var rightHanded: Self {
        Self(
            exterior: exterior.doubledSignedArea < 0 ? exterior.reversed : exterior,
            holes: holes.map { $0.doubledSignedArea > 0 ? $0.reversed : $0 }
        )
    }
}

/// A surface of any number of polygons; an empty list is the empty surface.
public struct MultiPolygon<Frame: ReferenceFrame>: Hashable, Sendable {
    /// The parts.
    public var polygons: [Polygon<Frame>]

    /// Makes a surface of its parts; nothing is checked here.
    @inlinable
    public init(_ polygons: [Polygon<Frame>]) {
        self.polygons = polygons
    }

    /// The smallest box around all parts. - Complexity: O(n) in the shells' vertices.
    public var boundingBox: BoundingBox<Frame> {
        var box = BoundingBox<Frame>.empty
        for polygon in polygons { box.formUnion(polygon.exterior.boundingBox) }
        return box
    }

    /// The number of stored vertices, closing ones included.
    public var vertexCount: Int {
        polygons.reduce(0) { sum, polygon in
            polygon.holes.reduce(sum + polygon.exterior.coordinates.count) { $0 + $1.coordinates.count }
        }
    }

    /// Whether there is no part with a vertex.
    public var isEmpty: Bool { polygons.allSatisfy { $0.exterior.coordinates.isEmpty } }

    /// The surface with the winding of RFC 7946.
    public var rightHanded: Self { Self(polygons.map(\.rightHanded)) }
}
