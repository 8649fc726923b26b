import Foundation
import Geometry
import TestSupport
import Testing

@testable import Analysis

/// Points in space and lengths from chords against the C library and Karney's geodesic.
struct ShortLineTests {
    @Test func sinesAndCosinesAreThoseOfTheCLibrary() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let angles = SIMD2(
                Double.random(in: -180...180, using: &generator), Double.random(in: -90...90, using: &generator))
            let (sines, cosines) = DegreeTrigonometry.sinesAndCosines(angles)
            for lane in 0..<2 {
                // The angle in radians is itself rounded, by up to 4e-16.
                #expect(abs(sines[lane] - sin(angles[lane] * .pi / 180)) < 7e-16)
                #expect(abs(cosines[lane] - cos(angles[lane] * .pi / 180)) < 7e-16)
            }
        }
        let exact: [(Double, Double, Double)] = [
            (0, 0, 1), (90, 1, 0), (-90, -1, 0), (180, 0, -1), (-180, 0, -1),
        ]
        for (angle, sine, cosine) in exact {
            let (sines, cosines) = DegreeTrigonometry.sinesAndCosines(SIMD2(angle, angle))
            #expect(sines == SIMD2(sine, sine))
            #expect(cosines == SIMD2(cosine, cosine))
        }
        let (sines, _) = DegreeTrigonometry.sinesAndCosines(SIMD2(30, -30))
        #expect(abs(sines.x - 0.5) < 1.2e-16 && abs(sines.y + 0.5) < 1.2e-16)
    }

    @Test func lengthIsWithinTheBoundItStates() {
        var generator = SeededGenerator(seed: 4)
        var left = 0
        for _ in 0..<20_000 {
            let start = generator.position()
            let end = Geodesic.grs80.direct(
                from: start, azimuth: Double.random(in: -180...180, using: &generator),
                distance: Metres(pow(10, Double.random(in: -2...4.5, using: &generator))))
            let expected = Geodesic.grs80.distance(from: start, to: end).value
            let squaredChord = SurfacePoint(start).squaredChord(to: SurfacePoint(end))
            guard let length = ShortLine.length(squaredChord: squaredChord) else {
                left += 1
                continue
            }
            #expect(squaredChord <= 25_000 * 25_000)
            #expect(abs(length - expected) <= ShortLine.error(chord: squaredChord.squareRoot()))
            #expect(length.rounded(.up) == expected.rounded(.up))
        }
        // Most lines are not left to Karney.
        #expect(left < 2000)
        #expect(ShortLine.error(chord: 25_000) < 1.7e-4)
        #expect(ShortLine.length(squaredChord: 0) == nil)
        #expect(ShortLine.length(squaredChord: 26_000 * 26_000) == nil)
    }

    @Test func quickReachIsWiderThanReach() {
        var chord = 1e-6
        while chord < 12_000_000 {
            let squaredChord = chord * chord
            let reach = ChordBounds.reach(ofSquaredChord: squaredChord)
            let quick = ChordBounds.quickReach(ofSquaredChord: squaredChord)
            #expect(quick >= reach)
            if chord > 1000, chord < 100_000 {
                #expect((quick.squareRoot() - reach.squareRoot()) < 1e-6 + 2e-9 * chord + 1e-17 * chord * chord * chord)
            }
            chord *= 1.01
        }
    }
}
