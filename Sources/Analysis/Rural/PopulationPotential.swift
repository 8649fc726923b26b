internal import Foundation
internal import Geometry

/// Inhabitants around a place, each divided by the distance: Σ people / max(d, 1 km) over all places within 50 km, the
/// place itself included, in inhabitants per kilometre (DOMAIN 6.6).
///
/// Distances are geodesics on GRS 80, taken from the chord as on a sphere of the mean radius: s = c + c³/24R². Up to
/// 50 km the curvature adds less than 2.6 millionths to the chord, and the ellipsoid's curvatures differ from the mean
/// by less than 0.7 %, so the distance is within 2 · 10⁻⁸ of the geodesic. No other approximation is made: the potential
/// is evaluated place by place.
///
/// The places stand in blocks of 10 km in space; each question looks at the blocks that its ball meets. Safe to share
/// between threads.
struct PopulationPotential: Sendable {
    /// How far the potential reaches, metres.
    static let reach = 50_000.0
    /// The shortest distance that counts, metres.
    static let shortest = 1_000.0

    private static let blockSize = 10_000.0
    private static let lanes = 4
    /// 1 / 24R² with the mean radius of GRS 80, (2a + b) / 3 = 6,371,008.771 m.
    private static let curvature = 1 / (24 * 6_371_008.771 * 6_371_008.771)
    /// The longest chord of a block's two points counted without a look at its distance, metres: well below the reach.
    private static let surelyWithin = 49_990.0

    fileprivate struct Block: Sendable {
        let i: Int32
        let j: Int32
        let k: Int32
        /// Where its places begin and end in the columns, a multiple of the lanes each.
        let start: Int
        let end: Int
        let x: Double
        let y: Double
        let z: Double
        /// How far its places lie from its centre at most.
        let radius: Double

        func distance(from point: SurfacePoint) -> Double {
            let (dx, dy, dz) = (x - point.x, y - point.y, z - point.z)
            return (dx * dx + dy * dy + dz * dz).squareRoot()
        }
    }

    private var xs: [Double] = []
    private var ys: [Double] = []
    private var zs: [Double] = []
    private var people: [Double] = []
    private var blocks: [Block] = []

    /// Indexes places with inhabitants. - Complexity: O(n log n)
    init(_ places: [(point: SurfacePoint, people: Int64)]) {
        let indexes = places.map { place in
            Self.block(of: place.point)
        }
        let order = places.indices.sorted { lhs, rhs in
            indexes[lhs] == indexes[rhs] ? lhs < rhs : indexes[lhs] < indexes[rhs]
        }
        xs.reserveCapacity(places.count * 5 / 4)
        var start = 0
        while start < order.count {
            let block = indexes[order[start]]
            var end = start
            while end < order.count, indexes[order[end]] == block { end += 1 }
            append(order[start..<end].map { places[$0] }, block)
            start = end
        }
    }

    /// The block of a point: questions of one block share their neighbourhood.
    static func block(of point: SurfacePoint) -> (Int32, Int32, Int32) {
        (index(point.x), index(point.y), index(point.z))
    }

    private static func index(_ ordinate: Double) -> Int32 { Int32((ordinate / blockSize).rounded(.down)) }

    private mutating func append(_ members: [(point: SurfacePoint, people: Int64)], _ index: (Int32, Int32, Int32)) {
        let first = xs.count
        let count = Double(members.count)
        let x = members.reduce(0) { $0 + $1.point.x } / count
        let y = members.reduce(0) { $0 + $1.point.y } / count
        let z = members.reduce(0) { $0 + $1.point.z } / count
        var radius = 0.0
        for (point, people) in members {
            xs.append(point.x)
            ys.append(point.y)
            zs.append(point.z)
            self.people.append(Double(people))
            let (dx, dy, dz) = (point.x - x, point.y - y, point.z - z)
            radius = max(radius, (dx * dx + dy * dy + dz * dz).squareRoot())
        }
        // Places without people fill up the last lanes.
        while xs.count % Self.lanes != 0 {
            xs.append(x)
            ys.append(y)
            zs.append(z)
            people.append(0)
        }
        blocks.append(
            Block(
                i: index.0, j: index.1, k: index.2, start: first, end: xs.count, x: x, y: y, z: z, radius: radius))
    }

    /// The blocks that can be within reach of the points of one block.
    struct Neighbourhood: Sendable {
        fileprivate let blocks: [Block]
    }

    /// What can be within reach of the points of a block. - Complexity: O(log blocks + answers)
    func neighbourhood(of block: (Int32, Int32, Int32)) -> Neighbourhood {
        let steps = Int32((Self.reach / Self.blockSize).rounded(.up))
        var found: [Block] = []
        for i in block.0 - steps...block.0 + steps {
            for j in block.1 - steps...block.1 + steps {
                let first = blocks.partitioningIndex { ($0.i, $0.j, $0.k) >= (i, j, block.2 - steps) }
                found += blocks[first...].prefix { $0.i == i && $0.j == j && $0.k <= block.2 + steps }
            }
        }
        return Neighbourhood(blocks: found)
    }

    /// The potential at a point. - Complexity: O(places within 65 km)
    func value(at point: SurfacePoint, _ neighbourhood: Neighbourhood) -> Double {
        var sum = 0.0
        for block in neighbourhood.blocks {
            let distance = block.distance(from: point)
            if distance - block.radius > Self.reach { continue }
            sum += distance + block.radius < Self.surelyWithin ? whole(block, point) : part(block, point)
        }
        // Metres to kilometres.
        return sum * 1000
    }

    /// Which of 16 directions around a point, clockwise from north, have a block of inhabited places with its centre
    /// 25 to 50 km away; a bit each. - Complexity: O(blocks)
    func directions(around point: SurfacePoint, _ neighbourhood: Neighbourhood) -> UInt16 {
        let axis = (point.x * point.x + point.y * point.y).squareRoot()
        let length = (axis * axis + point.z * point.z).squareRoot()
        // Cosine and sine of the longitude and of the geocentric latitude; a pole has any longitude.
        let (cosine, sine) = axis > 1 ? (point.x / axis, point.y / axis) : (1, 0)
        let (flat, steep) = (axis / length, point.z / length)
        var found: UInt16 = 0
        for block in neighbourhood.blocks {
            let distance = block.distance(from: point)
            guard distance >= Self.reach / 2, distance <= Self.reach else { continue }
            let (dx, dy, dz) = (block.x - point.x, block.y - point.y, block.z - point.z)
            let east = cosine * dy - sine * dx
            let north = flat * dz - steep * (cosine * dx + sine * dy)
            let sector = Int((atan2(east, north) / (2 * .pi) * 16 + 16.5).rounded(.down)) % 16
            found |= 1 << UInt16(sector)
        }
        return found
    }

    /// Σ people / max(d, 1 km) over a block that lies within reach as a whole.
    private func whole(_ block: Block, _ point: SurfacePoint) -> Double {
        sum(block, point) { people, _ in people }
    }

    /// The same over a block that the reach may cut.
    private func part(_ block: Block, _ point: SurfacePoint) -> Double {
        sum(block, point) { people, distance in
            people.replacing(with: 0, where: distance .> SIMD4(repeating: Self.reach))
        }
    }

    @inline(__always)
    private func sum(
        _ block: Block, _ point: SurfacePoint, _ count: (SIMD4<Double>, SIMD4<Double>) -> SIMD4<Double>
    ) -> Double {
        let (x, y, z) = (SIMD4(repeating: point.x), SIMD4(repeating: point.y), SIMD4(repeating: point.z))
        let shortest = SIMD4(repeating: Self.shortest)
        var sum = SIMD4<Double>.zero
        xs.withUnsafeBytes { xs in
            ys.withUnsafeBytes { ys in
                zs.withUnsafeBytes { zs in
                    people.withUnsafeBytes { people in
                        for index in stride(from: block.start, to: block.end, by: Self.lanes) {
                            let offset = index * MemoryLayout<Double>.stride
                            let dx = xs.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self) - x
                            let dy = ys.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self) - y
                            let dz = zs.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self) - z
                            let squared = dx * dx + dy * dy + dz * dz
                            let chord = squared.squareRoot()
                            let distance = chord + chord * squared * Self.curvature
                            let weights = people.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
                            let longer = distance.replacing(with: shortest, where: distance .< shortest)
                            sum += count(weights, distance) / longer
                        }
                    }
                }
            }
        }
        return sum.sum()
    }
}
