internal import Foundation

/// The angle of a position around a centre, radians, counter-clockwise from the direction of x.
@inline(__always)
func angle(of position: Position, around centre: Position) -> Double {
    atan2(position.y - centre.y, position.x - centre.x)
}

/// The angle whose cosine is given, for a value that rounding may have pushed beyond ±1.
@inline(__always)
func arcCosine(_ value: Double) -> Double { acos(max(-1, min(1, value))) }
