internal import NetworkModel
internal import Synchronization

/// The points of a layer that tiles show, with what is made of them once for all tiles.
///
/// Belongs to the source that made it. Clusters are made when a tile first needs them, and kept. Safe to use from any
/// thread.
public final class ChosenPoints: Sendable {
    private let content: PointContent
    private let points: PlacedPoints
    private let made = Mutex<(isMade: Bool, clusters: PointClusters?)>((false, nil))

    init(_ points: PlacedPoints, of content: PointContent) {
        self.content = content
        self.points = points
    }

    /// About what it takes in memory with its clusters, bytes.
    public var cost: Int { 256 + points.count * 40 }

    /// The clusters, made by whoever needs them first while others wait; nil where the layer has none.
    private var clusters: PointClusters? {
        made.withLock { made in
            if !made.isMade { made = (true, content.clusters(of: points)) }
            return made.clusters
        }
    }

    /// Writes the points of a tile, as clusters where the layer has them at the zoom.
    func write(_ address: TileAddress, _ clustering: Clustering, to tile: inout ProtobufWriter) {
        if clustering == .declared, content.isClustered(zoom: address.z), let clusters {
            content.write(clusters, of: points, at: address, to: &tile)
        } else {
            content.write(points, of: address, to: &tile)
        }
    }
}

/// Whether points that are near each other are drawn as one.
public enum Clustering: Sendable, Hashable {
    /// As the tileset says.
    case declared
    /// Never: every point is a feature.
    case excluded
}
