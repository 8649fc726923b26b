internal import Geometry

/// Geometry literals: GeoJSON geometries (RFC 7946 section 3.1).
extension JSONReader {
    mutating func geometry(
        _ members: [JSONNode.Member], at offset: Int, inCollection: Bool = false
    ) throws(FilterError) -> FeatureGeometry<Unreferenced> {
        guard let type = members.first(where: { $0.name == "type" })?.value else {
            throw failure("expected the type of a geometry", at: offset)
        }
        let name = try string(type, "the type of a geometry")
        let content = name == "GeometryCollection" ? "geometries" : "coordinates"
        // The `bbox` of a geometry repeats what its coordinates say.
        if let stranger = members.first(where: { !["type", "bbox", content].contains($0.name) }) {
            throw failure("unexpected member '\(stranger.name)' in a geometry", at: stranger.offset)
        }
        guard let value = members.first(where: { $0.name == content })?.value else {
            throw failure("expected a member '\(content)' in a geometry", at: offset)
        }
        switch name {
        case "Point": return .point(try position(value))
        case "MultiPoint":
            return .multiPoint(try list(value) { reader, node throws(FilterError) in try reader.position(node) })
        case "LineString": return .lineString(try line(value))
        case "MultiLineString":
            return .multiLineString(try list(value) { reader, node throws(FilterError) in try reader.line(node) })
        case "Polygon": return .polygon(try polygon(value))
        case "MultiPolygon":
            return .multiPolygon(
                MultiPolygon(try list(value) { reader, node throws(FilterError) in try reader.polygon(node) }))
        case "GeometryCollection" where !inCollection:
            return .collection(
                try list(value) { reader, node throws(FilterError) in
                    guard case .object(let members) = node.value else {
                        throw reader.failure("expected a geometry", at: node.offset)
                    }
                    return try reader.geometry(members, at: node.offset, inCollection: true)
                }
            )
        case "GeometryCollection":
            throw failure("a collection cannot be a member of a collection", at: type.offset)
        default: throw failure("there is no geometry type '\(name)'", at: type.offset)
        }
    }

    private mutating func list<Member>(
        _ node: JSONNode, _ member: (inout Self, JSONNode) throws(FilterError) -> Member
    ) throws(FilterError) -> [Member] {
        let nodes = try array(node, "the parts of a geometry")
        guard !nodes.isEmpty else {
            throw source.error(.value, "an empty geometry has no relation to any other", at: node.offset)
        }
        var members: [Member] = []
        for node in nodes { members.append(try member(&self, node)) }
        return members
    }

    private mutating func position(_ node: JSONNode) throws(FilterError) -> Coordinate<Unreferenced> {
        try countVertex(at: node.offset)
        let nodes = try array(node, "a position")
        guard nodes.count == 2 || nodes.count == 3 else {
            throw failure("a position needs two or three numbers", at: node.offset)
        }
        var ordinates: [Double] = []
        for (axis, node) in nodes.enumerated() {
            let ordinate = try number(node)
            if axis < 2, let defect = domain.defect(of: ordinate, axis: axis) {
                throw source.error(.value, defect, at: node.offset)
            }
            ordinates.append(ordinate)
        }
        return Coordinate(x: ordinates[0], y: ordinates[1])
    }

    private mutating func line(_ node: JSONNode) throws(FilterError) -> [Coordinate<Unreferenced>] {
        let line = try list(node) { reader, node throws(FilterError) in try reader.position(node) }
        if let defect = GeometryDefect.ofLine(line) { throw source.error(.value, defect, at: node.offset) }
        return line
    }

    private mutating func polygon(_ node: JSONNode) throws(FilterError) -> Polygon<Unreferenced> {
        let rings: [Ring<Unreferenced>] = try list(node) { reader, node throws(FilterError) in
            let ring = try reader.list(node) { reader, node throws(FilterError) in try reader.position(node) }
            if let defect = GeometryDefect.ofRing(ring) { throw reader.source.error(.value, defect, at: node.offset) }
            return Ring(ring)
        }
        return Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
    }
}
