import Geometry
import HTTPTypes

/// The tile matrix set that all tiles are in: WebMercatorQuad.
///
/// Source of all numbers: OGC 17-083r4 (Two Dimensional Tile Matrix Set and Tile Set Metadata 2.0), annex D.1.
enum TileMatrixSet {
    /// Its identifier here and in the OGC's register.
    static let id = "WebMercatorQuad"
    /// Its name in the OGC's register.
    static let uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    /// The CRS of its coordinates.
    static let crs = "http://www.opengis.net/def/crs/EPSG/0/3857"
    /// The relation of a link from a tileset to its tile matrix set.
    static let relation = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
    /// The relation of a link to all tile matrix sets.
    static let listRelation = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
    /// Its name for people.
    static let title = Localized(
        de: "Web-Mercator-Raster der Karten im Netz", en: "Google Maps Compatible for the World")

    /// The scale denominator of the matrix at zoom 0, for pixels of 0.28 mm.
    private static let scaleDenominator = 559_082_264.028_717
    /// The size of a pixel at zoom 0, metres at the equator.
    private static let cellSize = 156_543.033_928_041
    /// The north-western corner, metres.
    private static let origin = (x: -20_037_508.342_789_2, y: 20_037_508.342_789_2)

    /// Checks an identifier.
    ///
    /// - Throws: a problem of status 404 for another tile matrix set.
    static func require(_ wanted: String) throws(Problem) {
        guard wanted == id else {
            throw Problem(.notFound, "there is no tile matrix set '\(wanted.clipped)'; there is \(id)")
        }
    }

    /// The definition (tileMatrixSet.json).
    static func json(_ language: String, links: [Link]) -> JSON {
        [
            "id": .string(id), "title": .string(title[language]), "uri": .string(uri), "crs": .string(crs),
            "orderedAxes": ["X", "Y"],
            "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
            "tileMatrices": .array(
                (0...TilePosition.deepestZoom).map { zoom in
                    let side = 1 << zoom
                    return [
                        "id": .string("\(zoom)"), "scaleDenominator": .real(scaleDenominator / Double(side)),
                        "cellSize": .real(cellSize / Double(side)), "cornerOfOrigin": "topLeft",
                        "pointOfOrigin": [.real(origin.x), .real(origin.y)],
                        "tileWidth": 256, "tileHeight": 256, "matrixWidth": .integer(side),
                        "matrixHeight": .integer(side),
                    ]
                }),
            "links": links.json(language),
        ]
    }
}

extension Exchange {
    /// The tile matrix sets.
    func tileMatrixSets(_ language: String, _ format: Format) -> APIDocument {
        let title = Localized(de: "Kachelraster", en: "Tile matrix sets")
        let links = selfLinks(format)
        let own = Link(
            href: url("/api/tileMatrixSets/\(TileMatrixSet.id)"), rel: "self", type: MediaTypes.json,
            title: TileMatrixSet.title)
        return APIDocument(
            title: title[language],
            description: Localized(
                de: "Wie die Welt in Kacheln geteilt ist", en: "How the world is divided into tiles")[language],
            links: links,
            json: [
                "tileMatrixSets": [
                    [
                        "id": .string(TileMatrixSet.id), "title": .string(TileMatrixSet.title[language]),
                        "uri": .string(TileMatrixSet.uri), "crs": .string(TileMatrixSet.crs),
                        "links": [own].json(language),
                    ]
                ],
                "links": links.json(language),
            ])
    }

    /// The tile matrix set.
    func tileMatrixSet(_ language: String, _ format: Format) -> APIDocument {
        let links = selfLinks(format)
        return APIDocument(
            title: TileMatrixSet.id, description: TileMatrixSet.title[language], links: links,
            json: TileMatrixSet.json(language, links: links))
    }
}
