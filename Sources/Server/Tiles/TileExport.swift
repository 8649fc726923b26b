import Crypto
public import NetworkModel
import NIOCore
public import Store
public import VectorTiles

/// Writes the tiles of a snapshot to one file that any static host can serve: the same tiles that the server answers.
///
/// The work is shared out on all cores; the file depends on snapshot, tileset, offers, layers and zooms alone, not on
/// how many cores there are, nor on how often the export was ended and taken up again. It stands under its name only
/// when it is whole. Blocks; call it off the event loops.
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
        /// How many tiles of all zooms are done, empty ones included.
        public let done: Int
        /// How many there are.
        public let count: Int
    }

    private let source: TileSource
    private let points: ChosenPoints?
    private let layers: [String]?
    private let clusters: Clustering
    private let additions: TileAdditions
    private let zooms: ClosedRange<Int>
    private let figures: Set<Tileset.FigureSet>
    private let attribution: String
    private let language: String
    private let work: ParallelWork
    /// What the tiles depend on.
    let key: String

    /// Prepares the tiles.
    ///
    /// - Parameters:
    ///   - filter: the offers that the layer `offers` shows.
    ///   - layers: the names of the wanted layers, nil for all.
    ///   - clusters: whether offers and actors that are near each other are drawn as one.
    ///   - figures: what districts and municipalities carry; those of coverage are about the offers of `filter`.
    ///   - zooms: the first and the last zoom, nil for the tileset's.
    ///   - language: the language of names and descriptions, `de` or `en`.
    ///   - threads: how many tiles are made at once, nil for one per core.
    /// - Throws: `TileError`, `FilterError`.
    public init(
        _ snapshot: Snapshot, tileset: Tileset, filter: OfferFilter, layers: [String]?,
        clusters: Clustering = .declared, figures: Set<Tileset.FigureSet> = [.rural],
        zooms: (first: Int?, last: Int?), language: String, threads: Int?
    ) throws {
        let first = zooms.first ?? tileset.zooms.lowerBound
        let last = zooms.last ?? tileset.zooms.upperBound
        for zoom in [first, last] where !tileset.zooms.contains(zoom) {
            throw TileError.zoomNotServed(zoom, served: tileset.zooms)
        }
        guard first <= last else { throw TileError.zoomNotServed(last, served: first...tileset.zooms.upperBound) }
        self.zooms = first...last
        self.layers = layers
        work = ParallelWork(threads: threads ?? NIOCore.System.coreCount)
        self.clusters = clusters
        self.figures = figures
        self.language = language
        attribution = snapshot.attribution
        source = try TileSource(snapshot: snapshot, tileset: tileset)
        let names = tileset.layerNames.filter { layers?.contains($0) ?? true }
        key = """
            data \(snapshot.dataVersion), definitions \(Definition.versions), tileset \(tileset.fingerprint), zooms \(first)-\(last), \
            layers \(names), clusters \(clusters), figures \(figures.map(\.rawValue).sorted()), offers \
            \(QueryParameters.encode(filter.parameters))
            """
        points = source.points(of: try OfferSelection(filter, in: snapshot))
        additions = try TileAnswers(Analyst(snapshot), tileset: tileset).additions(
            layers: layers, zoom: nil, questions: TileQuestions(layers: layers, filter: filter, figures: figures))
        // What is asked for is checked before anything is written.
        _ = try description(self.zooms)
    }

    /// Writes an archive; returns how many tiles it holds.
    ///
    /// Where an export of the same data, tileset, layers, zooms and offers was ended before it was done, this one goes
    /// on where it ended; the file is the same as if it had never been ended.
    ///
    /// - Parameters:
    ///   - begun: called once, when it is known what an earlier export has left.
    ///   - progress: called now and then, on the calling thread.
    /// - Throws: `StoreError` where the file cannot be written, `ExportError.empty` where no tile holds anything.
    public func write(
        _ format: Format, to path: String, begun: (TileJournal.Beginning) -> Void = { _ in },
        progress: (Progress) -> Void
    ) throws -> Int {
        let journal = try TileJournal(for: path, key: Array(key.utf8))
        begun(journal.beginning)
        try fill(journal, progress)
        var count = 0
        var held: ClosedRange<Int>?
        try journal.forEach { bytes in
            for tile in try TileBatch(bytes, in: journal.path).tiles {
                count += 1
                held = min(held?.lowerBound ?? tile.address.z, tile.address.z)...tile.address.z
            }
        }
        guard let held else {
            journal.remove()
            throw ExportError.empty
        }
        let description = try description(held)
        switch format {
        case .mbtiles: try writeMBTiles(description, to: path, journal)
        case .pmtiles: try writePMTiles(description, to: path, journal)
        }
        journal.remove()
        return count
    }

    /// So many tiles are made between two entries of the journal: what a kill costs at most.
    private static let batchSize = 512

    /// Makes the tiles that the journal does not have yet, in the order of an archive.
    private func fill(_ journal: TileJournal, _ progress: (Progress) -> Void) throws {
        let zooms = Array(zooms)
        let addresses = try work.map(zooms.count) {
            try source.addresses(zoom: zooms[$0], layers: layers, additions: additions)
        }
        .flatMap { $0 }
        let first = try journal.last.map { try TileBatch($0, in: journal.path).end } ?? 0
        for start in stride(from: min(first, addresses.count), to: addresses.count, by: Self.batchSize) {
            progress(Progress(zoom: addresses[start].z, done: start, count: addresses.count))
            let batch = addresses[start..<min(start + Self.batchSize, addresses.count)]
            let tiles = try work.map(batch.count) { try tile(batch[batch.startIndex + $0]) }
            try journal.append(TileBatch(end: batch.endIndex, tiles: tiles.compactMap { $0 }).bytes)
        }
        if let last = addresses.last {
            progress(Progress(zoom: last.z, done: addresses.count, count: addresses.count))
        }
    }

    /// What an archive says of itself that holds tiles from one zoom to another: both formats want the zooms of the tiles
    /// that there are, not those that were asked for.
    private func description(_ zooms: ClosedRange<Int>) throws -> ArchiveDescription {
        try source.archiveDescription(
            zooms: zooms, attribution: attribution, layers: layers, figures: figures, clusters: clusters,
            language: language)
    }

    private func writeMBTiles(_ description: ArchiveDescription, to path: String, _ journal: TileJournal) throws {
        let archive = try MBTilesFile(path: path)
        try journal.forEach { bytes in
            try archive.append(
                try TileBatch(bytes, in: journal.path).tiles.map {
                    MBTilesFile.Tile(zoom: $0.address.z, column: $0.address.x, row: $0.address.y, bytes: $0.bytes)
                })
        }
        try archive.finish(metadata: try description.rows())
    }

    private func writePMTiles(_ description: ArchiveDescription, to path: String, _ journal: TileJournal) throws {
        let archive = try UnfinishedFile(for: path)
        // What stands in front of the tiles is known when all of them are.
        var index = PMTilesIndex()
        var isFresh: [Bool] = []
        try journal.forEach { bytes in
            for tile in try TileBatch(bytes, in: journal.path).tiles {
                let digest = Array(SHA256.hash(data: tile.bytes))
                isFresh.append(index.append(tile.address, digest: digest, length: tile.bytes.count))
            }
        }
        try archive.append(try index.head(description, compress: Self.compress))
        var position = 0
        try journal.forEach { bytes in
            var fresh: [UInt8] = []
            for tile in try TileBatch(bytes, in: journal.path).tiles {
                if isFresh[position] { fresh += tile.bytes }
                position += 1
            }
            try archive.append(fresh)
        }
        try archive.publish()
    }

    private func tile(_ address: TileAddress) throws -> TileBatch.Tile? {
        let plain = try source.tile(
            address, offers: points, layers: layers, clusters: clusters, additions: additions)
        return plain.isEmpty ? nil : TileBatch.Tile(address: address, bytes: try Self.compress(plain))
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
