/// Well-known text (OGC 06-103r4 section 7), as found in columns of CSV files, to values and back.
///
/// Keywords are read in any case; Z and M ordinates are skipped, with or without their keyword, and so is the prefix
/// `SRID=4326;` of PostGIS. All functions are pure.
public enum WellKnownText {
    /// Reads exactly one geometry. An empty point is read as a multipoint without positions.
    ///
    /// - Complexity: O(characters); collections nest at most `WellKnownBinary.maximumDepth` deep.
    /// - Throws: `GeometryError.invalidEncoding` with the byte at which reading stopped.
    public static func parse<Frame>(
        _ text: some StringProtocol,
        as frame: Frame.Type = Frame.self
    ) throws(GeometryError) -> FeatureGeometry<Frame> {
        var parser = WellKnownTextParser(text)
        _ = try parser.spatialReferenceID()
        let geometry: FeatureGeometry<Frame> = try parser.geometry(depth: 0)
        try parser.end()
        return geometry
    }

    /// The number in a prefix `SRID=4326;`, nil without one.
    public static func spatialReferenceID(of text: some StringProtocol) throws(GeometryError) -> Int32? {
        var parser = WellKnownTextParser(text)
        return try parser.spatialReferenceID()
    }

    /// The text of a geometry; every number with the fewest digits that read back to the same value.
    public static func format<Frame>(_ geometry: FeatureGeometry<Frame>) -> String {
        switch geometry {
        case .point(let coordinate): "POINT (\(text(coordinate)))"
        case .multiPoint(let coordinates): "MULTIPOINT \(list(coordinates) { "(\(text($0)))" })"
        case .lineString(let coordinates): "LINESTRING \(text(coordinates))"
        case .multiLineString(let lines): "MULTILINESTRING \(list(lines, text))"
        case .polygon(let polygon): "POLYGON \(text(polygon))"
        case .multiPolygon(let surface): "MULTIPOLYGON \(list(surface.polygons, text))"
        case .collection(let members): "GEOMETRYCOLLECTION \(list(members, format))"
        }
    }

    private static func list<Element>(_ elements: [Element], _ text: (Element) -> String) -> String {
        elements.isEmpty ? "EMPTY" : "(\(elements.map(text).joined(separator: ", ")))"
    }

    private static func text<Frame>(_ coordinate: Coordinate<Frame>) -> String {
        "\(text(coordinate.x)) \(text(coordinate.y))"
    }

    private static func text<Frame>(_ coordinates: [Coordinate<Frame>]) -> String {
        list(coordinates) { text($0) }
    }

    private static func text<Frame>(_ polygon: Polygon<Frame>) -> String {
        let isEmpty = polygon.exterior.coordinates.isEmpty && polygon.holes.isEmpty
        return list(isEmpty ? [] : polygon.rings) { text($0.coordinates) }
    }

    /// Swift's shortest form, without the `.0` of whole numbers.
    private static func text(_ number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
