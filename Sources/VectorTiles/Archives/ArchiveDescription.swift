internal import FoundationEssentials
public import Geometry
internal import NetworkModel

/// What a tile archive says of itself: the same for MBTiles and PMTiles, each in its own form.
public struct ArchiveDescription: Sendable {
    /// The zooms of the tiles.
    public let zooms: ClosedRange<Int>
    /// The box around what the tiles show, in degrees.
    public let bounds: BoundingBox<Geographic>
    /// Where a map starts.
    public let center: Coordinate<Geographic>
    /// At which zoom it starts.
    public let centerZoom: Int
    private let document: Document

    /// The members that archives have in common with TileJSON.
    private struct Document: Encodable {
        let name: String
        let description: String
        let attribution: String
        let type = "overlay"
        let version: String
        let dataVersion: String
        let vectorLayers: [TileJSON.VectorLayer]

        enum CodingKeys: String, CodingKey {
            case name, description, attribution, type, version
            case dataVersion = "data_version"
            case vectorLayers = "vector_layers"
        }
    }

    /// The member `json` of MBTiles.
    private struct LayerList: Encodable {
        let vectorLayers: [TileJSON.VectorLayer]

        enum CodingKeys: String, CodingKey {
            case vectorLayers = "vector_layers"
        }
    }

    init(
        _ tileJSON: TileJSON, zooms: ClosedRange<Int>, layers: [Tileset.Layer],
        clusters: [Tileset.Content: [ClusterAttribute]], language: String
    ) {
        self.zooms = zooms
        bounds = tileJSON.box
        center = Coordinate(longitude: tileJSON.center[0], latitude: tileJSON.center[1])
        centerZoom = min(max(Int(tileJSON.center[2]), zooms.lowerBound), zooms.upperBound)
        document = Document(
            name: tileJSON.name, description: tileJSON.description, attribution: tileJSON.attribution,
            version: tileJSON.version, dataVersion: tileJSON.dataVersion,
            vectorLayers: layers.filter { $0.zooms.overlaps(zooms) }.map { layer in
                let shown = layer.zooms.clamped(to: zooms)
                let isClustered = layer.clusters.map { $0.maxzoom >= shown.lowerBound } ?? false
                let fields =
                    layer.attributes.filter { $0.minzoom <= shown.upperBound }
                    .map { ($0.name, $0.isNumber ? "Number" : "String") }
                    + (isClustered ? clusters[layer.content] ?? [] : []).map { ($0.name, $0.type) }
                return TileJSON.VectorLayer(
                    id: layer.content.rawValue, description: layer.summary[language], minzoom: shown.lowerBound,
                    maxzoom: shown.upperBound, fields: Dictionary(fields, uniquingKeysWith: { first, _ in first }))
            })
    }

    /// The metadata of a PMTiles archive (version 3, section 5): a JSON object.
    ///
    /// - Throws: `TileError.unencodable`.
    public func metadata() throws(TileError) -> [UInt8] { try TileJSON.encode(document) }

    /// The rows of the table `metadata` of MBTiles (1.3, section "Metadata"), in one order.
    ///
    /// - Throws: `TileError.unencodable`.
    public func rows() throws(TileError) -> [(name: String, value: String)] {
        let json = try TileJSON.encode(LayerList(vectorLayers: document.vectorLayers))
        func list(_ numbers: Double...) -> String { numbers.map(\.description).joined(separator: ",") }
        return [
            ("name", document.name), ("format", "pbf"),
            ("bounds", list(bounds.minX, bounds.minY, bounds.maxX, bounds.maxY)),
            ("center", "\(list(center.longitude, center.latitude)),\(centerZoom)"),
            ("minzoom", "\(zooms.lowerBound)"), ("maxzoom", "\(zooms.upperBound)"),
            ("attribution", document.attribution), ("description", document.description), ("type", document.type),
            ("data_version", document.dataVersion), ("json", String(decoding: json, as: UTF8.self)),
        ]
    }
}
