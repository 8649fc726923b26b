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

    /// Finds what of the points stands in a tile and its buffer: clusters where the layer has them at the zoom.
    ///
    /// - Parameter isAtHandOnly: whether to give up, with nil, where clusters have still to be made.
    func found(in address: TileAddress, _ clustering: Clustering, isAtHandOnly: Bool) -> FoundPoints? {
        guard clustering == .declared, content.isClustered(zoom: address.z) else {
            return content.found(points, in: address)
        }
        let clusters: PointClusters?
        if isAtHandOnly {
            guard let made = made.withLockIfAvailable({ $0 }), made.isMade else { return nil }
            clusters = made.clusters
        } else {
            clusters = self.clusters
        }
        guard let clusters else { return content.found(points, in: address) }
        return content.found(clusters, of: points, in: address)
    }

    /// Writes what has been found.
    func write(_ found: FoundPoints, of address: TileAddress, to tile: inout ProtobufWriter) {
        switch found {
        case .points(let stretches): content.write(stretches, of: points, at: address, to: &tile)
        case .clusters(let clusters, let marks):
            content.write(marks, of: clusters, points, at: address, to: &tile)
        }
    }
}

/// What of a layer's points stands in a tile and its buffer.
enum FoundPoints {
    /// Each for itself: stretches of point numbers.
    case points([Range<Int>])
    /// As clusters: stretches of the zoom's marks.
    case clusters(PointClusters, marks: [Range<Int>])

    /// How many points writing looks at.
    func count(zoom: Int) -> Int {
        switch self {
        case .points(let stretches): stretches.reduce(0) { $0 + $1.count }
        case .clusters(let clusters, let marks):
            clusters[zoom].map { level in marks.joined().reduce(0) { $0 + Int(level.weights[$1]) } } ?? 0
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
