/// The order of positions along a Hilbert curve: neighbours on the curve are neighbours in the plane.
enum HilbertOrder {
    /// The members of two columns in the order of a curve through 65,536 x 65,536 cells of a box. Members in the same
    /// cell stay in ascending order.
    ///
    /// - Complexity: O(n)
    static func order<Frame>(xs: [Double], ys: [Double], members: [UInt32], in box: BoundingBox<Frame>) -> [UInt32] {
        let scaleX = box.maxX > box.minX ? 65_536 / (box.maxX - box.minX) : 0
        let scaleY = box.maxY > box.minY ? 65_536 / (box.maxY - box.minY) : 0
        var keyed = xs.withUnsafeBufferPointer { xs in
            ys.withUnsafeBufferPointer { ys in
                members.map { member -> UInt64 in
                    let x = gridCell((xs[Int(member)] - box.minX) * scaleX, of: 65_536)
                    let y = gridCell((ys[Int(member)] - box.minY) * scaleY, of: 65_536)
                    return UInt64(position(UInt32(x), UInt32(y))) << 32 | UInt64(member)
                }
            }
        }
        sortByUpperHalf(&keyed)
        return keyed.map { UInt32(truncatingIfNeeded: $0) }
    }

    /// The position of a cell on the curve, quadrant by quadrant (Hilbert 1891, Math. Ann. 38, 459-460).
    @inline(__always)
    private static func position(_ x: UInt32, _ y: UInt32) -> UInt32 {
        var (x, y) = (x, y)
        var position: UInt32 = 0
        for bit in stride(from: UInt32(15), through: 0, by: -1) {
            let right = x >> bit & 1
            let upper = y >> bit & 1
            position = position << 2 | ((3 * right) ^ upper)
            // The lower quadrants are transposed, the right one of them turned over as well.
            if upper == 0 {
                let flip = 0 &- right
                (x, y) = (y ^ flip, x ^ flip)
            }
        }
        return position
    }

    /// A radix sort by the upper 32 bits, in three stable passes.
    private static func sortByUpperHalf(_ values: inout [UInt64]) {
        var other = [UInt64](repeating: 0, count: values.count)
        for shift in [32, 43, 54] as [UInt64] {
            var next = [Int](repeating: 0, count: 2049)
            values.withUnsafeBufferPointer { values in
                other.withUnsafeMutableBufferPointer { other in
                    next.withUnsafeMutableBufferPointer { next in
                        for value in values { next[Int(value >> shift & 0x7FF) + 1] += 1 }
                        for digit in 1...2048 { next[digit] += next[digit - 1] }
                        for value in values {
                            let digit = Int(value >> shift & 0x7FF)
                            other[next[digit]] = value
                            next[digit] += 1
                        }
                    }
                }
            }
            swap(&values, &other)
        }
    }
}
