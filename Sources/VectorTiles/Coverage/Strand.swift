/// A line of the grid together with what it says about the areas on its two sides.
struct Strand {
    var points: [GridPoint]
    var sides: [AreaSide]
}

/// One area's statement on a directed line: how much its winding number is higher on the left than on the right.
///
/// An outline says +1 for its own area. A border between two areas says +1 for the one on the left and -1 for the one
/// on the right.
struct AreaSide: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The number of the area in its coverage.
    var area: Int32
    var winding: Int32

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.area, lhs.winding) < (rhs.area, rhs.winding) }

    var reversed: Self { Self(area: area, winding: -winding) }
}

extension [AreaSide] {
    /// The sum of several statements: one entry per area, ascending, none that says nothing.
    func summed() -> [AreaSide] {
        guard count > 1 else { return self }
        var result: [AreaSide] = []
        for side in sorted() {
            if let last = result.indices.last, result[last].area == side.area {
                result[last].winding += side.winding
            } else {
                if result.last?.winding == 0 { result.removeLast() }
                result.append(side)
            }
        }
        if result.last?.winding == 0 { result.removeLast() }
        return result
    }
}
