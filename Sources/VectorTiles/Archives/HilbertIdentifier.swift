extension TileAddress {
    /// The number of the tile in a PMTiles archive: all tiles of the zooms above come first, the tiles of one zoom
    /// follow each other along a Hilbert curve, so that what lies close together on the map does so in the file.
    ///
    /// Source: PMTiles specification, version 3, section 4.1.
    /// - Complexity: O(z)
    public var hilbertIdentifier: UInt64 {
        var identifier = ((UInt64(1) << (2 * UInt64(z))) - 1) / 3
        var (x, y) = (x, y)
        for bit in stride(from: z - 1, through: 0, by: -1) {
            let side = 1 << bit
            let (isEast, isSouth) = (x & side, y & side)
            identifier += UInt64((3 * isEast) ^ isSouth) << UInt64(bit)
            // What remains of x and y is the place in the quarter, turned so that the curve enters where it left.
            (x, y) = (x & (side - 1), y & (side - 1))
            guard isSouth == 0 else { continue }
            if isEast != 0 { (x, y) = (side - 1 - x, side - 1 - y) }
            swap(&x, &y)
        }
        return identifier
    }
}
