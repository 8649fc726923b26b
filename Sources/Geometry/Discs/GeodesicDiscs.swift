internal import Foundation

/// Draws discs of one geodesic radius as polygons in a projected CRS.
///
/// Vertices lie on the geodesic circle at equal steps of azimuth, the first one north of the centre, counter-clockwise.
/// The projected circle is a smooth closed curve whose harmonics fall by the ratio of the radius to the Earth's for
/// each order; up to 200 km, 16 places on it therefore determine it to less than 0.1 mm, and the other vertices come
/// from them by trigonometric interpolation, which is an order of magnitude cheaper than Karney's and PROJ's formulas.
public struct GeodesicDiscs: Sendable {
    /// The largest radius for which the interpolation is good.
    public static let largestRadius = Metres(200_000)
    private static let sampleCount = 16

    /// The radius.
    public let radius: Metres
    /// How many vertices a disc has: a multiple of 16.
    public let vertexCount: Int

    /// For each vertex the weights of the samples.
    private let weights: [Double]

    /// Prepares discs of a radius above 0 and up to `largestRadius`.
    ///
    /// - Parameter vertexCount: vertices of each disc, a multiple of 16; DOMAIN 6.5 asks for 256.
    public init(radius: Metres, vertexCount: Int = 256) {
        precondition(vertexCount > 0 && vertexCount % Self.sampleCount == 0, "a multiple of 16 is needed")
        self.radius = radius
        self.vertexCount = vertexCount
        let count = Self.sampleCount
        var weights: [Double] = []
        for vertex in 0..<vertexCount {
            for sample in 0..<count {
                // The periodic sinc function for an even number of samples (Trefethen 2000, Spectral Methods in MATLAB, 3).
                let half = Double.pi * (Double(vertex) / Double(vertexCount) - Double(sample) / Double(count))
                let isSame = vertex * count == sample * vertexCount
                weights.append(isSame ? 1 : sin(Double(count) * half) / (Double(count) * tan(half)))
            }
        }
        self.weights = weights
    }

    /// The outline of the disc around a position; nil where it cannot be projected.
    ///
    /// - Complexity: 16 geodesics and projections, and 32 multiplications per vertex.
    public func outline(
        around centre: Coordinate<Geographic>, in transformer: borrowing CoordinateTransformer<Geographic, Projected>
    ) -> [Coordinate<Projected>]? {
        let count = Self.sampleCount
        let places = (0..<count).map { sample in
            Geodesic.grs80.direct(
                from: centre, azimuth: -360 * Double(sample) / Double(count), distance: radius)
        }
        let projected = transformer.transform(places)
        guard projected.failures.isEmpty else { return nil }
        let samples = projected.coordinates
        let origin = samples[0]
        return [Coordinate<Projected>](unsafeUninitializedCapacity: vertexCount) { buffer, initialized in
            samples.withPositions { samples in
                weights.withUnsafeBufferPointer { weights in
                    for vertex in 0..<vertexCount {
                        var (x, y) = (0.0, 0.0)
                        for sample in 0..<count {
                            let weight = weights[vertex * count + sample]
                            x += weight * (samples[sample].x - origin.x)
                            y += weight * (samples[sample].y - origin.y)
                        }
                        buffer.initializeElement(at: vertex, to: Coordinate(x: origin.x + x, y: origin.y + y))
                    }
                }
            }
            initialized = vertexCount
        }
    }
}

/// How much a projection stretches lengths within an area: between these two factors in every direction.
public struct ScaleRange: Sendable, Hashable {
    /// The smallest factor.
    public let smallest: Double
    /// The largest factor.
    public let largest: Double

    /// Measures the projection at places of a box, and leaves room for what lies between them.
    ///
    /// - Returns: nil where the box cannot be projected everywhere.
    public init?(in box: BoundingBox<Geographic>, _ transformer: borrowing CoordinateTransformer<Geographic, Projected>)
    {
        let steps = 8
        var (smallest, largest) = (Double.infinity, 0.0)
        for row in 0...steps {
            for column in 0...steps {
                let place = Coordinate<Geographic>(
                    longitude: box.minX + (box.maxX - box.minX) * Double(column) / Double(steps),
                    latitude: box.minY + (box.maxY - box.minY) * Double(row) / Double(steps))
                let length = Metres(100)
                let around = (0..<4).map {
                    Geodesic.grs80.direct(from: place, azimuth: Double($0) * 45, distance: length)
                }
                let projected = transformer.transform([place] + around)
                guard projected.failures.isEmpty else { return nil }
                let centre = projected.coordinates[0]
                for other in projected.coordinates.dropFirst() {
                    let (dx, dy) = (other.x - centre.x, other.y - centre.y)
                    let scale = (dx * dx + dy * dy).squareRoot() / length.value
                    smallest = min(smallest, scale)
                    largest = max(largest, scale)
                }
            }
        }
        guard largest > 0 else { return nil }
        // Within a square of the lattice a smooth scale goes beyond its corners by less than its range over the lattice.
        let room = (largest - smallest) / 4 + 1e-4
        self.smallest = smallest - room
        self.largest = largest + room
    }
}
