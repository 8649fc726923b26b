internal import FoundationEssentials
internal import Geometry
internal import NetworkModel

/// The document that tells a client about a tileset (TileJSON 3.0.0), with the data version as an extra member.
struct TileJSON: Encodable {
    struct VectorLayer: Encodable {
        let id: String
        let description: String
        let minzoom: Int
        let maxzoom: Int
        let fields: [String: String]
    }

    let tilejson = "3.0.0"
    let tiles: [String]
    let scheme = "xyz"
    let name: String
    let description: String
    let version: String
    let dataVersion: String
    let attribution: String
    let bounds: [Double]
    let center: [Double]
    let minzoom: Int
    let maxzoom: Int
    let vectorLayers: [VectorLayer]

    enum CodingKeys: String, CodingKey {
        case tilejson, tiles, scheme, name, description, version, attribution, bounds, center, minzoom, maxzoom
        case dataVersion = "data_version"
        case vectorLayers = "vector_layers"
    }

    init(
        _ tileset: Tileset, snapshot: Snapshot, urls: [String], attribution: String, layers: [Tileset.Layer],
        clusters: [Tileset.Content: [ClusterAttribute]], language: String
    ) {
        tiles = urls
        name = tileset.name[language]
        description = tileset.summary[language]
        version = tileset.version
        dataVersion = snapshot.dataVersion.description
        self.attribution = attribution
        let latitude = WebMercator.northernmostLatitude
        let extent = snapshot.extent
        let south = max(extent.minY, -latitude)
        let north = min(extent.maxY, latitude)
        bounds = [extent.minX, south, extent.maxX, north]
        let northWest = WebMercator.project(Coordinate(longitude: extent.minX, latitude: north))
        let southEast = WebMercator.project(Coordinate(longitude: extent.maxX, latitude: south))
        let middle = WebMercator.unproject(
            Coordinate(x: (northWest.x + southEast.x) / 2, y: (northWest.y + southEast.y) / 2))
        minzoom = layers.map(\.zooms.lowerBound).min() ?? tileset.zooms.lowerBound
        maxzoom = layers.map(\.zooms.upperBound).max() ?? tileset.zooms.upperBound
        // The deepest zoom at which the whole is not larger than a tile.
        let span = max(southEast.x - northWest.x, southEast.y - northWest.y)
        let zoom = (minzoom...maxzoom).last { Double(1 << $0) * span <= 1 } ?? minzoom
        // Five decimals are a metre: enough for where a map starts, and the same on every machine.
        center = [middle.longitude, middle.latitude].map { ($0 * 100_000).rounded() / 100_000 } + [Double(zoom)]
        vectorLayers = layers.map { layer in
            VectorLayer(
                id: layer.content.rawValue, description: layer.summary[language], minzoom: layer.zooms.lowerBound,
                maxzoom: layer.zooms.upperBound,
                fields: Dictionary(
                    layer.attributes.map { ($0.name, $0.note(language)) }
                        + (clusters[layer.content] ?? []).map { ($0.name, $0.summary[language]) },
                    uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The box around what the tiles show.
    var box: BoundingBox<Geographic> {
        BoundingBox(minX: bounds[0], minY: bounds[1], maxX: bounds[2], maxY: bounds[3])
    }

    /// The document's bytes; equal documents have equal bytes.
    func bytes() throws(TileError) -> [UInt8] { try Self.encode(self) }

    /// The bytes of a document; equal documents have equal bytes.
    static func encode(_ document: some Encodable) throws(TileError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(document))
        } catch {
            throw .unencodable("\(error)")
        }
    }
}

extension Tileset.Attribute {
    /// Meaning, unit and first zoom in one text, as TileJSON has one text per field.
    fileprivate func note(_ language: String) -> String {
        // The unit "1" of a plain count says nothing to a reader.
        unit.flatMap { $0 == "1" ? nil : "\(summary[language]) [\($0)]" } ?? summary[language]
    }
}
