import Foundation
import Geometry
import TestSupport
import Testing

extension SeededGenerator {
    mutating func coordinate<Frame>(in box: BoundingBox<Frame>) -> Coordinate<Frame> {
        Coordinate(x: .random(in: box.minX...box.maxX, using: &self), y: .random(in: box.minY...box.maxY, using: &self))
    }

    /// A star-shaped, hence simple, ring around a centre.
    mutating func star<Frame>(around centre: Coordinate<Frame>, radius: Double, vertices: Int) -> Ring<Frame> {
        var coordinates: [Coordinate<Frame>] = []
        for index in 0..<vertices {
            let angle = 2 * Double.pi * Double(index) / Double(vertices)
            let length = radius * Double.random(in: 0.3...1, using: &self)
            coordinates.append(Coordinate(x: centre.x + length * cos(angle), y: centre.y + length * sin(angle)))
        }
        coordinates.append(coordinates[0])
        return Ring(coordinates)
    }

    /// Any geometry, nested at most `depth` deep.
    mutating func geometry(depth: Int = 2) -> FeatureGeometry<Unreferenced> {
        let box = BoundingBox<Unreferenced>(minX: -1e6, minY: -1e6, maxX: 1e6, maxY: 1e6)
        func line(_ generator: inout Self, minimum: Int = 0) -> [Coordinate<Unreferenced>] {
            (0..<Int.random(in: minimum...6, using: &generator)).map { _ in generator.coordinate(in: box) }
        }
        func polygon(_ generator: inout Self) -> Polygon<Unreferenced> {
            let holes = Int.random(in: 0...2, using: &generator)
            return Polygon(
                exterior: Ring(line(&generator, minimum: 1)),
                holes: (0..<holes).map { _ in Ring(line(&generator)) }
            )
        }
        let count = Int.random(in: 0...3, using: &self)
        switch Int.random(in: 0...(depth > 0 ? 6 : 5), using: &self) {
        case 0: return .point(coordinate(in: box))
        case 1: return .multiPoint(line(&self))
        case 2: return .lineString(line(&self))
        case 3: return .multiLineString((0..<count).map { _ in line(&self) })
        case 4: return .polygon(polygon(&self))
        case 5: return .multiPolygon(MultiPolygon((0..<count).map { _ in polygon(&self) }))
        default: return .collection((0..<count).map { _ in geometry(depth: depth - 1) })
        }
    }
}

/// Bytes written as hexadecimal digits; blanks are ignored.
func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func ring<Frame>(_ pairs: (Double, Double)..., as frame: Frame.Type = Frame.self) -> Ring<Frame> {
    Ring(pairs.map { Coordinate(x: $0.0, y: $0.1) })
}

func square<Frame>(_ x: Double, _ y: Double, _ size: Double, as frame: Frame.Type = Frame.self) -> MultiPolygon<Frame> {
    MultiPolygon([BoundingBox(minX: x, minY: y, maxX: x + size, maxY: y + size).polygon])
}
