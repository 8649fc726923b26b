/// The index of a PMTiles archive (version 3) while its tiles are written one after the other.
///
/// Pure: whoever makes an archive compresses and stores. A content that several tiles share stands once in the tile
/// data. Equal calls make equal bytes.
///
///     var index = PMTilesIndex()
///     for (address, bytes) in tiles where index.append(address, digest: digest(bytes), length: bytes.count) {
///         data.append(bytes)
///     }
///     let archive = try index.head(description, compress: gzip) + data
public struct PMTilesIndex: Sendable {
    private var entries: [PMTilesDirectory.Entry] = []
    /// Where each content stands.
    private var offsets: [[UInt8]: UInt64] = [:]
    private var next: UInt64?

    /// How many tiles there are.
    public private(set) var tileCount = 0
    /// How many bytes the tile data take.
    public private(set) var dataLength = 0
    /// How many different contents there are.
    public var contentCount: Int { offsets.count }

    /// Starts an index without tiles.
    public init() {}

    /// Notes a tile.
    ///
    /// - Parameters:
    ///   - address: the tile; tiles must come in ascending order of `hilbertIdentifier`, each once.
    ///   - digest: what tells contents apart: equal digests, equal contents.
    ///   - length: the length of the content in bytes, at least 1.
    /// - Returns: whether the content is new and must now be appended to the tile data.
    /// - Complexity: O(1) expected
    public mutating func append(_ address: TileAddress, digest: [UInt8], length: Int) -> Bool {
        let identifier = address.hilbertIdentifier
        precondition(next.map { identifier >= $0 } ?? true, "tiles come in the order of the archive")
        precondition(length > 0, "an empty tile has no place in an archive")
        defer { next = identifier + 1 }
        tileCount += 1
        if let offset = offsets[digest] {
            if let last = entries.last, last.offset == offset, identifier == next {
                entries[entries.count - 1].runLength += 1
            } else {
                add(identifier, offset: offset, length: length)
            }
            return false
        }
        let offset = UInt64(dataLength)
        offsets[digest] = offset
        add(identifier, offset: offset, length: length)
        dataLength += length
        return true
    }

    private mutating func add(_ identifier: UInt64, offset: UInt64, length: Int) {
        entries.append(
            PMTilesDirectory.Entry(identifier: identifier, offset: offset, length: UInt64(length), runLength: 1))
    }

    /// What stands in front of the tile data: header, root directory, metadata, leaf directories.
    ///
    /// - Parameters:
    ///   - description: what the archive says of itself.
    ///   - compress: compresses with gzip.
    /// - Throws: what `compress` throws; `TileError.unencodable`.
    /// - Complexity: O(n) in the runs of tiles, times the few attempts until the root directory is small enough.
    public func head(_ description: ArchiveDescription, compress: ([UInt8]) throws -> [UInt8]) throws -> [UInt8] {
        let directories = try directories(compress)
        let metadata = try compress(try description.metadata())
        let header = PMTilesHeader(
            rootLength: directories.root.count, metadataLength: metadata.count, leavesLength: directories.leaves.count,
            dataLength: dataLength, tileCount: tileCount, entryCount: entries.count, contentCount: contentCount,
            zooms: description.zooms, bounds: description.bounds, center: description.center,
            centerZoom: description.centerZoom)
        return header.bytes + directories.root + metadata + directories.leaves
    }

    /// One directory where it fits behind the header, else a root of leaves.
    private func directories(_ compress: ([UInt8]) throws -> [UInt8]) throws -> (root: [UInt8], leaves: [UInt8]) {
        let most = PMTilesHeader.rootEnd - PMTilesHeader.length
        // More entries are not tried in one: leaves serve readers better, and few so large ones would fit.
        if entries.count <= most {
            let root = try compress(PMTilesDirectory.bytes(entries))
            if root.count <= most { return (root, []) }
        }
        var size = Self.leafSize
        while true {
            var leaves: [UInt8] = []
            var root: [PMTilesDirectory.Entry] = []
            for start in stride(from: 0, to: entries.count, by: size) {
                let leaf = entries[start..<min(start + size, entries.count)]
                let bytes = try compress(PMTilesDirectory.bytes(leaf))
                root.append(
                    PMTilesDirectory.Entry(
                        identifier: entries[start].identifier, offset: UInt64(leaves.count),
                        length: UInt64(bytes.count), runLength: 0))
                leaves += bytes
            }
            let bytes = try compress(PMTilesDirectory.bytes(root))
            if bytes.count <= most { return (bytes, leaves) }
            size *= 2
        }
    }

    /// How many entries a leaf directory has at first; the reference implementation's number.
    static let leafSize = 4096
}
