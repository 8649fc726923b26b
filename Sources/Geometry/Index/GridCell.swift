/// The cell of a row of cells in which a position lies, the nearest one for positions outside; 0 for NaN.
///
/// Monotone, and never a trap: positions come from division by extents that may be nothing or next to nothing.
@inline(__always)
func gridCell(_ position: Double, of count: Int) -> Int {
    guard position >= 0 else { return 0 }
    return position < Double(count) ? Int(position) : count - 1
}
