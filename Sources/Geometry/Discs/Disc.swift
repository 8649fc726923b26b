internal import Foundation

/// A disc as far as it must be known before its outline is drawn.
///
/// The outline is a convex, nearly regular polygon around the centre. All of it lies between two circles: what is inside
/// the inner one is inside the disc, what is outside the outer one is outside.
public struct Disc: Sendable, Hashable {
    /// The centre.
    public var centre: Coordinate<Projected>
    /// The radius of a circle that the outline encloses, in units of the frame.
    public var inner: Double
    /// The radius of a circle that encloses the outline.
    public var outer: Double

    /// Makes a disc.
    public init(centre: Coordinate<Projected>, inner: Double, outer: Double) {
        self.centre = centre
        self.inner = inner
        self.outer = outer
    }
}

/// The outlines of some discs, each with the same number of vertices, counter-clockwise, not closed.
///
/// Vertex k of an outline lies near the angle of vertex 0 plus k steps of a regular polygon.
public struct DiscOutlines: Sendable {
    /// How many vertices each outline has.
    public let vertexCount: Int
    /// All vertices, outline by outline.
    var vertices: [Position] = []
    /// The centres.
    private(set) var centres: [Position] = []
    /// For each outline the angle of its first vertex, radians.
    private(set) var angles: [Double] = []
    /// The discs that the outlines belong to, ascending.
    private(set) var discs: [Int32] = []
    /// For each outline whether it is not what `Disc` promises, so that nothing may be concluded from it.
    private(set) var isDoubtful: [Bool] = []

    /// How many outlines there are.
    public var count: Int { discs.count }

    /// Makes an empty set of outlines with a number of vertices each, at least 8.
    public init(vertexCount: Int) {
        precondition(vertexCount >= 8, "an outline needs at least eight vertices")
        self.vertexCount = vertexCount
    }

    /// Appends the outline of a disc; discs come in ascending order.
    ///
    /// - Parameter outline: `vertexCount` vertices, counter-clockwise, not closed.
    /// - Complexity: O(vertexCount)
    public mutating func append(_ outline: [Coordinate<Projected>], of number: Int, _ disc: Disc) {
        precondition(outline.count == vertexCount, "every outline has as many vertices")
        let centre = Position(x: disc.centre.x, y: disc.centre.y)
        outline.withPositions { positions in
            isDoubtful.append(!Self.isNearlyRegular(positions, around: centre, disc))
            angles.append(angle(of: positions[0], around: centre))
            vertices.append(contentsOf: positions)
        }
        centres.append(centre)
        discs.append(Int32(number))
    }

    /// Joins sets whose discs follow each other.
    public mutating func append(_ others: DiscOutlines) {
        vertices.append(contentsOf: others.vertices)
        centres.append(contentsOf: others.centres)
        angles.append(contentsOf: others.angles)
        discs.append(contentsOf: others.discs)
        isDoubtful.append(contentsOf: others.isDoubtful)
    }

    /// Whether every vertex lies between the circles and within a quarter of a step of its angle in a regular polygon,
    /// and no edge comes closer to the centre than the inner circle.
    private static func isNearlyRegular(
        _ outline: UnsafeBufferPointer<Position>, around centre: Position, _ disc: Disc
    ) -> Bool {
        let count = outline.count
        let step = 2 * Double.pi / Double(count)
        let room = sin(step / 4)
        let (turnX, turnY) = (cos(step), sin(step))
        // The direction that the vertex would have.
        var direction = Position(x: outline[0].x - centre.x, y: outline[0].y - centre.y)
        let first = (direction.x * direction.x + direction.y * direction.y).squareRoot()
        guard first > 0, first.isFinite else { return false }
        direction = Position(x: direction.x / first, y: direction.y / first)
        for index in 0..<count {
            let a = outline[index]
            let b = outline[index + 1 == count ? 0 : index + 1]
            let (ax, ay, bx, by) = (a.x - centre.x, a.y - centre.y, b.x - centre.x, b.y - centre.y)
            let length = (ax * ax + ay * ay).squareRoot()
            guard length >= disc.inner, length <= disc.outer else { return false }
            guard abs(direction.x * ay - direction.y * ax) <= room * length, direction.x * ax + direction.y * ay > 0
            else { return false }
            // How far the edge's line is from the centre.
            let edge = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
            guard ax * by - ay * bx >= disc.inner * edge else { return false }
            direction = Position(
                x: direction.x * turnX - direction.y * turnY, y: direction.x * turnY + direction.y * turnX)
        }
        return true
    }
}
