internal import Foundation

extension DiscOutlines {
    /// A place on an outline: the edge behind a vertex, and how far along it, 0 to 1.
    typealias Place = Double

    @inline(__always)
    func vertex(_ outline: Int, _ index: Int) -> Position {
        vertices[outline * vertexCount + index]
    }

    /// The number of a vertex, counted around the outline.
    @inline(__always)
    func wrapped(_ index: Int) -> Int {
        let rest = index % vertexCount
        return rest < 0 ? rest + vertexCount : rest
    }

    /// The vertex before an angle, as it would be in a regular polygon.
    @inline(__always)
    func vertex(before angle: Double, on outline: Int) -> Int {
        wrapped(Int(((angle - angles[outline]) / (2 * .pi) * Double(vertexCount)).rounded(.down)))
    }

    /// Whether a position lies inside a disc or on its outline; decided exactly for an outline without doubt.
    func contains(_ position: Position, _ outline: Int, _ disc: Disc) -> Bool {
        let centre = centres[outline]
        let (dx, dy) = (position.x - centre.x, position.y - centre.y)
        let square = dx * dx + dy * dy
        if square <= disc.inner * disc.inner { return true }
        if square > disc.outer * disc.outer { return false }
        // Beyond the circle inside, only the edge at this angle and its two neighbours can have the position outside.
        let edge = vertex(before: atan2(dy, dx), on: outline)
        for step in -1...1 {
            let a = vertex(outline, wrapped(edge + step))
            let b = vertex(outline, wrapped(edge + step + 1))
            if Orientation.sign(a.x, a.y, b.x, b.y, position.x, position.y) < 0 { return false }
        }
        return true
    }

    /// Whether a position lies in any of some discs.
    func isCovered(_ position: Position, by tree: DiscQuadtree, _ outlineOfDisc: [Int32], _ all: [Disc]) -> Bool {
        guard let candidates = tree.candidates(at: position) else { return true }
        return candidates.contains { contains(position, Int(outlineOfDisc[Int($0)]), all[Int($0)]) }
    }
}

/// Where two segments cross, strictly inside both.
struct SegmentCrossing {
    /// How far along the first segment, 0 to 1.
    let first: Double
    /// How far along the second segment, 0 to 1.
    let second: Double
    /// Where.
    let position: Position
    /// Whether the first segment passes from the right of the second to its left.
    let isToLeft: Bool

    /// The crossing of ab and cd; nil where there is none. Touching ends make it undecided: see `touches`.
    init?(_ a: Position, _ b: Position, _ c: Position, _ d: Position, touches: inout Bool) {
        guard max(a.x, b.x) >= min(c.x, d.x), max(c.x, d.x) >= min(a.x, b.x), max(a.y, b.y) >= min(c.y, d.y),
            max(c.y, d.y) >= min(a.y, b.y)
        else { return nil }
        let start = Orientation.sign(c.x, c.y, d.x, d.y, a.x, a.y)
        let end = Orientation.sign(c.x, c.y, d.x, d.y, b.x, b.y)
        if (start > 0 && end > 0) || (start < 0 && end < 0) { return nil }
        let before = Orientation.sign(a.x, a.y, b.x, b.y, c.x, c.y)
        let behind = Orientation.sign(a.x, a.y, b.x, b.y, d.x, d.y)
        if (before > 0 && behind > 0) || (before < 0 && behind < 0) { return nil }
        guard start != 0, end != 0, before != 0, behind != 0 else {
            touches = true
            return nil
        }
        let (ux, uy) = (b.x - a.x, b.y - a.y)
        let (vx, vy) = (d.x - c.x, d.y - c.y)
        let denominator = ux * vy - uy * vx
        guard denominator != 0 else {
            touches = true
            return nil
        }
        let (wx, wy) = (c.x - a.x, c.y - a.y)
        first = max(0, min(1, (wx * vy - wy * vx) / denominator))
        second = max(0, min(1, (wx * uy - wy * ux) / denominator))
        position = Position(x: a.x + first * ux, y: a.y + first * uy)
        isToLeft = end > 0
    }
}
