/// Sine and cosine of two angles in degrees at once, several times as fast as the four functions of the C library.
///
/// The angle is reduced by a multiple of 90°, which is exact in floating point (Karney 2013 does the same), so that
/// multiples of 90° have exact values. The rest, at most π/4, goes into the Taylor series up to x¹⁵ and x¹⁶: what is left
/// out is smaller than the next term, (π/4)¹⁷/17! < 5e-17 and (π/4)¹⁸/18! < 3e-18, so only rounding matters, some 2e-16.
enum DegreeTrigonometry {
    /// The factors 1/3!, 1/5!, ... of the sine, with their signs, the smallest first.
    private static let sineFactors = (
        -1 / 1_307_674_368_000.0, 1 / 6_227_020_800.0, -1 / 39_916_800.0, 1 / 362_880.0, -1 / 5_040.0, 1 / 120.0,
        -1 / 6.0
    )
    /// The factors 1/2!, 1/4!, ... of the cosine, with their signs, the smallest first.
    private static let cosineFactors = (
        1 / 20_922_789_888_000.0, -1 / 87_178_291_200.0, 1 / 479_001_600.0, -1 / 3_628_800.0, 1 / 40_320.0,
        -1 / 720.0, 1 / 24.0, -0.5
    )

    /// The sines and cosines of angles from -180 to 180 degrees.
    @inline(__always)
    static func sinesAndCosines(_ degrees: SIMD2<Double>) -> (sines: SIMD2<Double>, cosines: SIMD2<Double>) {
        // Adding 1.5 · 2⁵² leaves no digits behind the point: the multiple of 90°, rounded, in the lowest bits.
        let shifted = degrees * (1 / 90.0) + 0x1.8p52
        let quadrants = SIMD2<UInt64>(shifted.x.bitPattern, shifted.y.bitPattern)
        let rest = (degrees - (shifted - 0x1.8p52) * 90) * (.pi / 180)
        let square = rest * rest
        let (s, c) = (sineFactors, cosineFactors)
        var sine = square * s.0 + s.1
        sine = sine * square + s.2
        sine = sine * square + s.3
        sine = sine * square + s.4
        sine = sine * square + s.5
        sine = sine * square + s.6
        sine = sine * square * rest + rest
        var cosine = square * c.0 + c.1
        cosine = cosine * square + c.2
        cosine = cosine * square + c.3
        cosine = cosine * square + c.4
        cosine = cosine * square + c.5
        cosine = cosine * square + c.6
        cosine = cosine * square + c.7
        cosine = cosine * square + 1
        // 90° further, sine and cosine change places; the signs follow the bits of the quadrant.
        let isOdd = (quadrants & 1) .!= 0
        let sines = sine.replacing(with: cosine, where: isOdd)
        let cosines = cosine.replacing(with: sine, where: isOdd)
        let sineSigns = (quadrants & 2) &<< 62
        let cosineSigns = ((quadrants &+ 1) & 2) &<< 62
        return (flip(sines, sineSigns), flip(cosines, cosineSigns))
    }

    @inline(__always)
    private static func flip(_ values: SIMD2<Double>, _ signs: SIMD2<UInt64>) -> SIMD2<Double> {
        SIMD2(
            Double(bitPattern: values.x.bitPattern ^ signs.x), Double(bitPattern: values.y.bitPattern ^ signs.y))
    }
}
