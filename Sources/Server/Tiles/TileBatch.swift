import Store
import VectorTiles

/// Some tiles of an archive as they stand in one frame of its journal.
struct TileBatch: Sendable {
    /// A tile as it stands in an archive.
    struct Tile: Sendable, Hashable {
        let address: TileAddress
        /// The content, compressed with gzip.
        let bytes: [UInt8]
    }

    /// How many addresses of the archive are done with this batch, those without content included.
    let end: Int
    /// The tiles that hold something.
    let tiles: [Tile]

    init(end: Int, tiles: [Tile]) {
        self.end = end
        self.tiles = tiles
    }

    /// The content of a frame: the end, then zoom, column, row, length and bytes of each tile; numbers in eight bytes,
    /// the least significant first.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(tiles.reduce(8) { $0 + 32 + $1.bytes.count })
        func append(_ number: Int) {
            withUnsafeBytes(of: UInt64(number).littleEndian) { result.append(contentsOf: $0) }
        }
        append(end)
        for tile in tiles {
            for number in [tile.address.z, tile.address.x, tile.address.y, tile.bytes.count] { append(number) }
            result += tile.bytes
        }
        return result
    }

    /// Reads the content of a frame.
    ///
    /// - Parameter path: where it stands, for the error.
    /// - Throws: `StoreError.damaged` where it is none.
    init(_ bytes: [UInt8], in path: String) throws(StoreError) {
        var position = 0
        func number() throws(StoreError) -> Int {
            guard position + 8 <= bytes.count else { throw Self.damage(path) }
            defer { position += 8 }
            let value = bytes[position..<position + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard let number = Int(exactly: value) else { throw Self.damage(path) }
            return number
        }
        end = try number()
        var tiles: [Tile] = []
        while position < bytes.count {
            let (zoom, x, y, count) = (try number(), try number(), try number(), try number())
            guard let address = TileAddress(zoom: zoom, x: x, y: y), count <= bytes.count - position else {
                throw Self.damage(path)
            }
            tiles.append(Tile(address: address, bytes: Array(bytes[position..<position + count])))
            position += count
        }
        self.tiles = tiles
    }

    private static func damage(_ path: String) -> StoreError {
        .damaged(path: path, message: "it holds no tiles; remove it and export again")
    }
}
