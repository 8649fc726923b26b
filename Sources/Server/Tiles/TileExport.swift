import Crypto
import Dispatch
public import NetworkModel
import NIOCore
import Store
import Synchronization
public import VectorTiles

/// Writes the tiles of a snapshot to one file that any static host can serve: the same tiles that the server answers.
///
/// The work is shared out on all cores; the file depends on snapshot, tileset, offers, layers and zooms alone, not on
/// how many cores there are. It stands under its name only when it is whole. A killed export cannot be taken up again:
/// the next one starts anew. Blocks; call it off the event loops.
public struct TileExport: Sendable {
    /// The kinds of archive.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// SQLite (MBTiles 1.3).
        case mbtiles
        /// One file for static hosts that answer range requests (PMTiles 3).
        case pmtiles
    }

    /// How far an export is.
    public struct Progress: Sendable, Hashable {
        /// The zoom that is being written.
        public let zoom: Int
        /// How many tiles of the zoom are done, empty ones included.
        public let done: Int
        /// How many the zoom has.
        public let count: Int
    }

    private let source: TileSource
    private let points: ChosenPoints?
    private let layers: [String]?
    private let clusters: Clustering
    private let additions: TileAdditions
    private let zooms: ClosedRange<Int>
    private let description: ArchiveDescription
    private let threads: Int

    /// Prepares the tiles.
    ///
    /// - Parameters:
    ///   - filter: the offers that the layer `offers` shows.
    ///   - layers: the names of the wanted layers, nil for all.
    ///   - clusters: whether offers and actors that are near each other are drawn as one.
    ///   - zooms: the first and the last zoom, nil for the tileset's.
    ///   - language: the language of names and descriptions, `de` or `en`.
    ///   - threads: how many tiles are made at once, nil for one per core.
    /// - Throws: `TileError`, `FilterError`.
    public init(
        _ snapshot: Snapshot, tileset: Tileset, filter: OfferFilter, layers: [String]?,
        clusters: Clustering = .declared, zooms: (first: Int?, last: Int?), language: String, threads: Int?
    ) throws {
        let first = zooms.first ?? tileset.zooms.lowerBound
        let last = zooms.last ?? tileset.zooms.upperBound
        for zoom in [first, last] where !tileset.zooms.contains(zoom) {
            throw TileError.zoomNotServed(zoom, served: tileset.zooms)
        }
        guard first <= last else { throw TileError.zoomNotServed(last, served: first...tileset.zooms.upperBound) }
        self.zooms = first...last
        self.layers = layers
        self.threads = threads ?? NIOCore.System.coreCount
        self.clusters = clusters
        source = try TileSource(snapshot: snapshot, tileset: tileset)
        points = source.points(of: try OfferSelection(filter, in: snapshot))
        additions = try TileAnswers(Analyst(snapshot), tileset: tileset).additions(
            layers: layers, zoom: nil, questions: TileQuestions(layers: layers, filter: filter))
        description = try source.archiveDescription(
            zooms: self.zooms, attribution: snapshot.attribution, layers: layers, clusters: clusters,
            language: language)
    }

    /// Writes an archive; returns how many tiles it holds.
    ///
    /// - Parameter progress: called now and then, on the calling thread.
    /// - Throws: `StoreError` where the file cannot be written, `ExportError.empty` where no tile holds anything.
    public func write(_ format: Format, to path: String, progress: (Progress) -> Void) throws -> Int {
        switch format {
        case .mbtiles: try writeMBTiles(to: path, progress)
        case .pmtiles: try writePMTiles(to: path, progress)
        }
    }

    private func writeMBTiles(to path: String, _ progress: (Progress) -> Void) throws -> Int {
        let archive = try MBTilesFile(path: path)
        var count = 0
        try forEachBatch(progress) { tiles in
            count += tiles.count
            try archive.append(
                tiles.map {
                    MBTilesFile.Tile(zoom: $0.address.z, column: $0.address.x, row: $0.address.y, bytes: $0.bytes)
                })
        }
        guard count > 0 else { throw ExportError.empty }
        try archive.finish(metadata: try description.rows())
        return count
    }

    private func writePMTiles(to path: String, _ progress: (Progress) -> Void) throws -> Int {
        let archive = try UnfinishedFile(for: path)
        // What stands in front of the tiles is known when all of them are.
        let data = try UnfinishedFile(for: path + ".tiles")
        var index = PMTilesIndex()
        try forEachBatch(progress) { tiles in
            var fresh: [UInt8] = []
            for tile in tiles
            where index.append(tile.address, digest: Array(SHA256.hash(data: tile.bytes)), length: tile.bytes.count) {
                fresh += tile.bytes
            }
            try data.append(fresh)
        }
        guard index.tileCount > 0 else { throw ExportError.empty }
        try archive.append(try index.head(description, compress: Self.compress))
        try archive.append(contentsOf: data)
        try archive.publish()
        return index.tileCount
    }

    /// A tile as it stands in an archive.
    private struct Tile: Sendable {
        let address: TileAddress
        let bytes: [UInt8]
    }

    /// So many tiles are held in memory before they are written.
    private static let batchSize = 512

    /// Makes all tiles that hold something and hands them on in the order of `hilbertIdentifier`.
    private func forEachBatch(_ progress: (Progress) -> Void, _ body: ([Tile]) throws -> Void) throws {
        for zoom in zooms {
            let addresses = try source.addresses(zoom: zoom, layers: layers, additions: additions)
            for start in stride(from: 0, to: addresses.count, by: Self.batchSize) {
                progress(Progress(zoom: zoom, done: start, count: addresses.count))
                try body(try tiles(addresses[start..<min(start + Self.batchSize, addresses.count)]))
            }
            progress(Progress(zoom: zoom, done: addresses.count, count: addresses.count))
        }
    }

    /// The tiles of a batch that hold something, in its order.
    private func tiles(_ addresses: ArraySlice<TileAddress>) throws -> [Tile] {
        let next = Atomic<Int>(addresses.startIndex)
        let results = Mutex([Result<Tile?, any Error>?](repeating: nil, count: addresses.count))
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard position < addresses.endIndex else { return }
                let result = Result { try tile(addresses[position]) }
                results.withLock { $0[position - addresses.startIndex] = result }
            }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }

    private func tile(_ address: TileAddress) throws -> Tile? {
        let plain = try source.tile(
            address, offers: points, layers: layers, clusters: clusters, additions: additions)
        return plain.isEmpty ? nil : Tile(address: address, bytes: try Self.compress(plain))
    }

    private static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try Gzip.compress(ByteBuffer(bytes: bytes)).readableBytesView)
    }
}

/// Why an archive is not written.
public enum ExportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No tile holds anything.
    case empty

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .empty: "no tile holds anything at these zooms; choose other layers, zooms or offers"
        }
    }
}
