extension FeatureGeometry {
    /// Calls a closure with every coordinate, in storage order. - Complexity: O(n)
    public func forEachCoordinate(_ body: (Coordinate<Frame>) -> Void) {
        switch self {
        case .point(let coordinate): body(coordinate)
        case .multiPoint(let coordinates), .lineString(let coordinates): coordinates.forEach(body)
        case .multiLineString(let lines): for line in lines { line.forEach(body) }
        case .polygon(let polygon): for ring in polygon.rings { ring.coordinates.forEach(body) }
        case .multiPolygon(let surface):
            for polygon in surface.polygons { for ring in polygon.rings { ring.coordinates.forEach(body) } }
        case .collection(let members): for member in members { member.forEachCoordinate(body) }
        }
    }

    /// The smallest box around all coordinates. - Complexity: O(n)
    public var boundingBox: BoundingBox<Frame> {
        var box = BoundingBox<Frame>.empty
        forEachCoordinate { box.formUnion($0) }
        return box
    }

    /// Whether there is no coordinate.
    public var isEmpty: Bool {
        switch self {
        case .point: false
        case .multiPoint(let coordinates), .lineString(let coordinates): coordinates.isEmpty
        case .multiLineString(let lines): lines.allSatisfy(\.isEmpty)
        case .polygon(let polygon): polygon.exterior.coordinates.isEmpty
        case .multiPolygon(let surface): surface.isEmpty
        case .collection(let members): members.allSatisfy(\.isEmpty)
        }
    }

    /// The number of coordinates. - Complexity: O(rings)
    public var vertexCount: Int {
        switch self {
        case .point: 1
        case .multiPoint(let coordinates), .lineString(let coordinates): coordinates.count
        case .multiLineString(let lines): lines.reduce(0) { $0 + $1.count }
        case .polygon(let polygon): polygon.rings.reduce(0) { $0 + $1.coordinates.count }
        case .multiPolygon(let surface):
            surface.polygons.reduce(0) { $1.rings.reduce($0) { $0 + $1.coordinates.count } }
        case .collection(let members): members.reduce(0) { $0 + $1.vertexCount }
        }
    }

    /// The name of the type in GeoJSON.
    public var typeName: String {
        switch self {
        case .point: "Point"
        case .multiPoint: "MultiPoint"
        case .lineString: "LineString"
        case .multiLineString: "MultiLineString"
        case .polygon: "Polygon"
        case .multiPolygon: "MultiPolygon"
        case .collection: "GeometryCollection"
        }
    }

    /// The geometry with its surfaces in the winding of RFC 7946. - Complexity: O(n)
    public var rightHanded: Self {
        switch self {
        case .point, .multiPoint, .lineString, .multiLineString: self
        case .polygon(let polygon): .polygon(polygon.rightHanded)
        case .multiPolygon(let surface): .multiPolygon(surface.rightHanded)
        case .collection(let members): .collection(members.map(\.rightHanded))
        }
    }

    /// The surface parts alone: polygons, also those inside collections. Points and lines have none.
    public var surface: MultiPolygon<Frame> {
        switch self {
        case .point, .multiPoint, .lineString, .multiLineString: MultiPolygon([])
        case .polygon(let polygon): MultiPolygon([polygon])
        case .multiPolygon(let surface): surface
        case .collection(let members): MultiPolygon(members.flatMap(\.surface.polygons))
        }
    }

    /// The same geometry with every coordinate replaced, frame included. - Complexity: O(n)
    public func map<Target, Failure>(
        _ transform: (Coordinate<Frame>) throws(Failure) -> Coordinate<Target>
    ) throws(Failure) -> FeatureGeometry<Target> {
        switch self {
        case .point(let coordinate): return .point(try transform(coordinate))
        case .multiPoint(let coordinates): return .multiPoint(try coordinates.map(transform))
        case .lineString(let coordinates): return .lineString(try coordinates.map(transform))
        case .multiLineString(let lines):
            return .multiLineString(try lines.map { line throws(Failure) in try line.map(transform) })
        case .polygon(let polygon): return .polygon(try polygon.map(transform))
        case .multiPolygon(let surface): return .multiPolygon(try surface.map(transform))
        case .collection(let members):
            return .collection(
                try members.map { member throws(Failure) -> FeatureGeometry<Target> in try member.map(transform) }
            )
        }
    }
}

extension Polygon {
    /// The same polygon with every coordinate replaced, frame included. - Complexity: O(n)
    public func map<Target, Failure>(
        _ transform: (Coordinate<Frame>) throws(Failure) -> Coordinate<Target>
    ) throws(Failure) -> Polygon<Target> {
        Polygon<Target>(
            exterior: Ring(try exterior.coordinates.map(transform)),
            holes: try holes.map { hole throws(Failure) in Ring(try hole.coordinates.map(transform)) }
        )
    }
}

extension MultiPolygon {
    /// The same surface with every coordinate replaced, frame included. - Complexity: O(n)
    public func map<Target, Failure>(
        _ transform: (Coordinate<Frame>) throws(Failure) -> Coordinate<Target>
    ) throws(Failure) -> MultiPolygon<Target> {
        MultiPolygon<Target>(
            try polygons.map { polygon throws(Failure) -> Polygon<Target> in try polygon.map(transform) }
        )
    }
}
