/// The Z-order curve over the world: the bits of a place's column and row by turns, so that whatever lies in one tile,
/// of any zoom, stands in one stretch of an array that is sorted by it.
///
/// Source: G. M. Morton, "A computer oriented geodetic data base and a new technique in file sequencing", IBM (1966).
enum ZOrder {
    /// The bits of a column and of a row: a step is less than 2 cm.
    static let depth = 31

    /// The place of a column and a row, both below two to the power of `depth`.
    static func key(x: UInt32, y: UInt32) -> UInt64 { spread(x) | spread(y) << 1 }

    /// The column of a place.
    static func x(_ key: UInt64) -> UInt32 { gathered(key) }

    /// The row of a place.
    static func y(_ key: UInt64) -> UInt32 { gathered(key >> 1) }

    private static func spread(_ value: UInt32) -> UInt64 {
        var bits = UInt64(value)
        bits = (bits | bits << 16) & 0x0000_ffff_0000_ffff
        bits = (bits | bits << 8) & 0x00ff_00ff_00ff_00ff
        bits = (bits | bits << 4) & 0x0f0f_0f0f_0f0f_0f0f
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333
        return (bits | bits << 1) & 0x5555_5555_5555_5555
    }

    private static func gathered(_ key: UInt64) -> UInt32 {
        var bits = key & 0x5555_5555_5555_5555
        bits = (bits | bits >> 1) & 0x3333_3333_3333_3333
        bits = (bits | bits >> 2) & 0x0f0f_0f0f_0f0f_0f0f
        bits = (bits | bits >> 4) & 0x00ff_00ff_00ff_00ff
        bits = (bits | bits >> 8) & 0x0000_ffff_0000_ffff
        return UInt32(truncatingIfNeeded: bits | bits >> 16)
    }

    /// Columns and rows of a rectangle, its border included.
    struct Box {
        let columns: ClosedRange<UInt32>
        let rows: ClosedRange<UInt32>

        func contains(_ key: UInt64) -> Bool { columns.contains(ZOrder.x(key)) && rows.contains(ZOrder.y(key)) }
    }

    /// Finds the places of a box among places in ascending order: calls the closure with stretches of positions, in
    /// ascending order.
    ///
    /// - Parameters:
    ///   - positions: Which positions are searched.
    ///   - key: The place at a position.
    /// - Complexity: O(log² n + stretches · log n): a square of the curve that lies inside the box is one stretch, one
    ///   that lies outside is passed over, others are parted in four.
    @inline(__always)
    static func forEachStretch(
        in box: Box, of positions: Range<Int>, key: (Int) -> UInt64, _ body: (Range<Int>) -> Void
    ) {
        // The smallest square that holds the box.
        let spread =
            (box.columns.lowerBound ^ box.columns.upperBound) | (box.rows.lowerBound ^ box.rows.upperBound)
        let depth = UInt32.bitWidth - spread.leadingZeroBitCount
        let places = UInt64(1) << UInt64(2 * depth)
        let first = Self.key(x: box.columns.lowerBound, y: box.rows.lowerBound) & ~(places - 1)
        let start = lowerBound(first, in: positions, key: key)
        let end = lowerBound(first + places, in: start..<positions.upperBound, key: key)
        // Squares still to be looked at, the next one last.
        var squares: [Square] = [Square(positions: start..<end, depth: depth, first: first)]
        while let square = squares.popLast() {
            let side = UInt32(truncatingIfNeeded: UInt64(1) << UInt64(square.depth) - 1)
            let (west, north) = (x(square.first), y(square.first))
            let (east, south) = (west | side, north | side)
            guard !square.positions.isEmpty, west <= box.columns.upperBound, east >= box.columns.lowerBound,
                north <= box.rows.upperBound, south >= box.rows.lowerBound
            else { continue }
            if box.columns.contains(west), box.columns.contains(east), box.rows.contains(north),
                box.rows.contains(south)
            {
                body(square.positions)
            } else if square.positions.count <= 8 {
                for position in square.positions where box.contains(key(position)) { body(position..<position + 1) }
            } else {
                var end = square.positions.upperBound
                for quadrant in stride(from: 3, through: 0, by: -1) {
                    let first = square.first | UInt64(quadrant) << UInt64(2 * (square.depth - 1))
                    let start = lowerBound(first, in: square.positions.lowerBound..<end, key: key)
                    squares.append(Square(positions: start..<end, depth: square.depth - 1, first: first))
                    end = start
                }
            }
        }
    }

    private struct Square {
        let positions: Range<Int>
        /// The square is two to this power wide.
        let depth: Int
        /// The first place in it.
        let first: UInt64
    }

    /// The first position whose place is not before another.
    @inline(__always)
    private static func lowerBound(_ wanted: UInt64, in positions: Range<Int>, key: (Int) -> UInt64) -> Int {
        var (low, high) = (positions.lowerBound, positions.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if key(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension TileGrid {
    /// How many bits finer a place on the curve is than a step of the grid: at least one.
    private var surplus: UInt32 { UInt32(ZOrder.depth - 12 - zoom) }

    /// The column or row of a share of the world's side; what lies beyond the world is moved to its border.
    static func ordinate(_ share: Double) -> UInt32 {
        let side = Double(UInt64(1) << UInt64(ZOrder.depth))
        return UInt32(max(0, min(side - 1, (share * side).rounded(.down))))
    }

    /// The vertex nearest to a place. What would round to the world's far side stays in the last tile.
    func vertex(_ key: UInt64) -> GridPoint { GridPoint(x: step(ZOrder.x(key)), y: step(ZOrder.y(key))) }

    private func step(_ ordinate: UInt32) -> Int32 {
        min(Int32((ordinate + (1 << (surplus - 1))) >> surplus), lastStep)
    }

    /// The places whose nearest vertex lies in a box, border included.
    func places(_ box: GridBox) -> ZOrder.Box {
        ZOrder.Box(columns: ordinates(box.minX, box.maxX), rows: ordinates(box.minY, box.maxY))
    }

    private func ordinates(_ low: Int32, _ high: Int32) -> ClosedRange<UInt32> {
        let half: UInt32 = 1 << (surplus - 1)
        let first = low <= 0 ? 0 : UInt32(low) << surplus - half
        let last: UInt32 = (UInt32(1) << UInt32(ZOrder.depth)) - 1
        return first...(high >= lastStep ? last : UInt32(max(high, 0)) << surplus + half - 1)
    }
}
