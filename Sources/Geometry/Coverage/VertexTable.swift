/// Numbers coordinates in the order of their first appearance; equal coordinates get the same number.
///
/// An open-addressing table of flat arrays: some ten times faster here than a `Dictionary`, and without a hash seed.
struct VertexTable {
    private(set) var positions: [Position] = []
    private var slots: [Int32]
    private var mask: Int

    init(minimumCapacity: Int) {
        var size = 16
        while size < 2 * minimumCapacity { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        mask = size - 1
        positions.reserveCapacity(minimumCapacity)
    }

    /// The number of a position; a new one if it has not been seen.
    mutating func number(of position: Position) -> Int32 {
        // Adding zero makes -0 and +0 one.
        let position = Position(x: position.x + 0, y: position.y + 0)
        var slot = Self.hash(position) & mask
        while true {
            let number = slots[slot]
            if number < 0 { break }
            if positions[Int(number)] == position { return number }
            slot = (slot + 1) & mask
        }
        let number = Int32(positions.count)
        positions.append(position)
        slots[slot] = number
        if positions.count * 2 > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        mask = slots.count * 2 - 1
        slots = [Int32](repeating: -1, count: mask + 1)
        for index in positions.indices {
            var slot = Self.hash(positions[index]) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index)
        }
    }

    /// The finalizer of SplitMix64 over both bit patterns.
    private static func hash(_ position: Position) -> Int {
        var z = position.x.bitPattern &+ 0x9E37_79B9_7F4A_7C15 &* (position.y.bitPattern | 1)
        z ^= position.y.bitPattern >> 7
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: z ^ (z >> 31))
    }
}
