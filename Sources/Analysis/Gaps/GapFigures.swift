public import Geometry
public import NetworkModel

/// A part of an area that no disc around a selected offer reaches: the picture of a gap (DOMAIN 6.5).
///
/// People are counted by their cells' distances alone; each uncovered cell goes to the polygon of its own area that
/// holds it, else to the nearest one there.
public struct GapPolygon: Sendable, Hashable {
    /// The area's key and the polygon's number in the area, from west to east: `15081-1`.
    public let id: String
    /// The key of the area.
    public let areaKey: String
    /// The name of the area.
    public let areaName: String?
    /// The polygon, longitude and latitude in degrees.
    public let surface: MultiPolygon<Geographic>
    /// The people of the uncovered cells.
    public let people: Int64
    /// How many uncovered cells there are.
    public let cells: Int
    /// The geodesic area of the polygon.
    public let area: SquareMetres
}

/// The gaps of one area.
public struct AreaGaps: Sendable, Hashable {
    /// The key of the area.
    public let key: String
    /// The name of the area.
    public let name: String?
    /// The geodesic area of its gaps.
    public let gapArea: Figure<SquareMetres>
    /// The geodesic area of the rest of its outline.
    public let coveredArea: Figure<SquareMetres>
    /// The people of all uncovered cells.
    public let gapPeople: Figure<Int64>
    /// Those of them whose cells belong to no polygon, because the area has none.
    public let peopleWithoutPolygon: Int64
    /// Where the area's polygons stand among all.
    public let polygons: Range<Int>
}

/// The gaps that a selection of offers leaves at one level and radius.
public struct GapFigures: Sendable {
    /// The content that they are made from.
    public let dataVersion: DataVersion
    /// What selected the offers.
    public let filter: OfferFilter
    /// How the areas were chosen.
    public let level: AreaLevel
    /// The radius of the discs.
    public let radius: Metres
    /// How many vertices a disc has.
    public let discVertices: Int
    /// The gaps of all areas, by area, each from west to east.
    public let polygons: [GapPolygon]
    /// The areas in the byte order of their keys.
    public let areas: [AreaGaps]
    /// Why there is no picture of the gaps; nil where there is one.
    public let reason: MissingReason?

    /// The gaps of the areas with some keys alone.
    ///
    /// - Complexity: O(areas + polygons)
    public func only(_ isMeant: (String) -> Bool) -> GapFigures {
        var kept: [GapPolygon] = []
        let areas = self.areas.filter { isMeant($0.key) }.map { area in
            let start = kept.count
            kept.append(contentsOf: polygons[area.polygons])
            return AreaGaps(
                key: area.key, name: area.name, gapArea: area.gapArea, coveredArea: area.coveredArea,
                gapPeople: area.gapPeople, peopleWithoutPolygon: area.peopleWithoutPolygon,
                polygons: start..<kept.count)
        }
        return GapFigures(
            dataVersion: dataVersion, filter: filter, level: level, radius: radius, discVertices: discVertices,
            polygons: kept, areas: areas, reason: reason)
    }
}
