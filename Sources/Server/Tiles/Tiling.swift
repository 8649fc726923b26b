import Geometry
import HTTPTypes
import NetworkModel
import VectorTiles

/// A tileset of OGC API Tiles (20-057): the whole, or the layer of one collection, in WebMercatorQuad.
///
/// Its tiles are those of the tileset `kompass`; outside the limits that it declares there are none (404), inside them
/// an empty one is 204.
struct Tiling: Sendable {
    /// The collection whose layer it is; nil for the whole.
    let collection: FeatureCollection?
    private let served: ServedSnapshot

    /// The relation of links to the tilesets of a dataset or a collection.
    static let relation = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"

    /// Finds a tileset.
    ///
    /// - Throws: a problem of status 404 for a collection that does not exist or has no tiles, or another tile matrix
    ///   set.
    init(
        collection: String?, tileMatrixSet: String = TileMatrixSet.id, in served: ServedSnapshot
    ) throws(Problem) {
        try TileMatrixSet.require(tileMatrixSet)
        self.served = served
        guard let collection else {
            self.collection = nil
            return
        }
        let found = try served.collection(collection)
        let tiled = served.tiledCollections.map(\.id)
        guard tiled.contains(found.id) else {
            throw Problem(
                .notFound,
                "the collection '\(found.id)' has no tiles; these have: \(tiled.joined(separator: ", "))")
        }
        self.collection = found
    }

    /// The path of its list of tilesets.
    var path: String { collection.map { "/api/collections/\($0.id)/tiles" } ?? "/api/tiles" }

    /// What it is called.
    var title: Localized { collection?.title ?? Localized(de: "Alle Ebenen", en: "All layers") }

    /// The layers of its tiles, in the tileset's order or the request's.
    func layers(_ request: TileQuery) -> [Tileset.Layer] {
        let all = served.tiles.tileset.layers
        guard let names = request.layers else { return all.filter { !$0.content.isAnswer } }
        return names.compactMap { name in all.first { $0.content.rawValue == name } }
    }

    /// The parameters that choose what tiles hold.
    static func parameters(of collection: FeatureCollection?) -> [QueryParameter] {
        guard let collection else { return [.tileCollections, .tileClusters] + QueryParameter.offerFilter }
        if let question = collection.question { return question.parameters }
        return (collection.dependsOnOffers ? QueryParameter.offerFilter : [])
            + (collection.hasClusters ? [.tileClusters] : [])
    }

    /// The zooms at which tiles can hold something.
    var zooms: ClosedRange<Int> {
        guard let collection else { return served.tiles.tileset.zooms }
        return served.tiles.tileset.layers.first { $0.content.rawValue == collection.id }?.zooms
            ?? served.tiles.tileset.zooms
    }

    /// The box around what tiles show, in degrees.
    var box: BoundingBox<Geographic> {
        let box = collection?.extent ?? served.snapshot.extent
        return box.isEmpty ? served.snapshot.extent : box
    }

    /// Where the tiles of a zoom can hold something; nil at a zoom without tiles.
    func limits(zoom: Int) -> TileLimits? {
        zooms.contains(zoom) && !box.isEmpty ? TileLimits(zoom: zoom, box: box) : nil
    }
}

extension ServedSnapshot {
    /// The collections that a layer of the tiles shows.
    var tiledCollections: [FeatureCollection] {
        let names = tiles.tileset.layerNames
        return collections.filter { names.contains($0.id) }
    }
}

extension FeatureCollection {
    /// Whether a filter for offers decides what its features are.
    var dependsOnOffers: Bool { id == RecordKind.offers.rawValue || question != nil }

    /// Whether its features are drawn as clusters where they are near each other.
    var hasClusters: Bool { kind == .offers || kind == .actors }

    /// The link to its tiles, where it has such.
    func tileLinks(_ exchange: Exchange) -> [Link] {
        guard exchange.served.tiledCollections.contains(where: { $0.id == id }) else { return [] }
        return [
            Link(
                href: exchange.url("/api/collections/\(id)/tiles"), rel: Tiling.relation, type: MediaTypes.json,
                title: Localized(de: "Vektorkacheln", en: "Vector tiles"))
        ]
    }
}

extension QueryParameter {
    static let tileClusters = QueryParameter(
        "clusters", de: "exclude: jeder Punkt einzeln", en: "exclude: every point by itself",
        schema: ["type": "string", "enum": ["exclude"]])
    static let tileCollections = codes(
        "collections", de: "Nur die Ebenen dieser Sammlungen, in dieser Reihenfolge",
        en: "Only the layers of these collections, in this order")
}
