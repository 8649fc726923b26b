/// On which side of a directed line a point lies, decided exactly.
///
/// Shewchuk (1997), Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates, Discrete &
/// Computational Geometry 18, 305-363: a fast answer with an error bound, and exact arithmetic where that is not enough.
/// Exact as long as no product under- or overflows, which coordinates on Earth never do.
enum Orientation {
    /// Shewchuk's `ccwerrboundA` = (3 + 16ε)ε with ε = 2⁻⁵³.
    private static let errorBound = (3 + 16 * 0x1p-53) * 0x1p-53

    /// Positive if c lies to the left of the line from a to b, negative on its right, zero exactly on it.
    @inline(__always)
    static func sign(_ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ cx: Double, _ cy: Double) -> Double {
        let left = (ax - cx) * (by - cy)
        let right = (ay - cy) * (bx - cx)
        let determinant = left - right
        if abs(determinant) > errorBound * (abs(left) + abs(right)) { return determinant }
        return exactSign(ax, ay, bx, by, cx, cy)
    }

    /// The sign of ax·by - ax·cy - cx·by - ay·bx + ay·cx + cy·bx, each product and the sum without rounding.
    @inline(never)
    private static func exactSign(
        _ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ cx: Double, _ cy: Double
    ) -> Double {
        var expansion: [Double] = []
        expansion.reserveCapacity(12)
        for (p, q) in [(ax, by), (-ax, cy), (-cx, by), (-ay, bx), (ay, cx), (cy, bx)] {
            let product = p * q
            grow(&expansion, by: (-product).addingProduct(p, q))
            grow(&expansion, by: product)
        }
        // The largest component of a nonoverlapping expansion has the sign of the sum.
        return expansion.last { $0 != 0 } ?? 0
    }

    /// Shewchuk's GROW-EXPANSION: adds a number to an expansion, smallest component first.
    private static func grow(_ expansion: inout [Double], by number: Double) {
        var carry = number
        for index in expansion.indices {
            let sum = carry + expansion[index]
            let part = sum - carry
            expansion[index] = (carry - (sum - part)) + (expansion[index] - part)
            carry = sum
        }
        expansion.append(carry)
    }
}
