/// A directory of a PMTiles archive: which tiles stand where.
///
/// Source: PMTiles specification, version 3, section 4.
struct PMTilesDirectory: Sendable {
    /// A run of tiles with the same content, or, with `runLength` 0, a leaf directory that begins with a tile.
    struct Entry: Hashable, Sendable, BitwiseCopyable {
        /// The number of the first tile.
        var identifier: UInt64
        /// Where the content begins, in bytes from the start of the tile data (of a leaf: of the leaf directories).
        var offset: UInt64
        /// Its length in bytes.
        var length: UInt64
        /// How many tiles that follow each other have it; 0 for a leaf directory.
        var runLength: UInt64
    }

    /// The bytes of a directory before compression. - Complexity: O(n)
    static func bytes(_ entries: some BidirectionalCollection<Entry>) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.varint(UInt64(entries.count))
        var last: UInt64 = 0
        for entry in entries {
            writer.varint(entry.identifier - last)
            last = entry.identifier
        }
        for entry in entries { writer.varint(entry.runLength) }
        for entry in entries { writer.varint(entry.length) }
        // What follows the content before it needs no offset of its own.
        var end: UInt64?
        for entry in entries {
            writer.varint(entry.offset == end ? 0 : entry.offset + 1)
            end = entry.offset + entry.length
        }
        return writer.bytes
    }
}
