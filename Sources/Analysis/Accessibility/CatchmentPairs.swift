internal import Geometry

/// What is done with the pairs of an offer and a demand point that lie in a band.
protocol CatchmentSink {
    /// Every pair of a range of offers and a range of demand points, by their entries in the trees.
    mutating func add(offers: Range<Int>, points: Range<Int>, band: Int)
    /// One pair.
    mutating func add(offer: Int, point: Int, band: Int)
}

/// Finds the pairs of offers and demand points in each band of distance by walking down both of their trees at once
/// (Gray and Moore 2001, 'N-Body' problems in statistical learning, NIPS 13, 521-527).
///
/// Two nodes whose boxes lie within one band of each other are taken together, however many pairs that are; two that are
/// farther apart than all bands are passed over together. So a town full of offers costs little more than one of them.
struct CatchmentPairs: Sendable {
    /// The offers and where they are.
    let offers: ChordTree
    let offerPositions: [Coordinate<Geographic>]
    /// The demand points.
    let demand: DemandIndex
    let bands: CatchmentBands
    let limits: ChordLimits

    /// So many pairs of nodes are looked at between two questions whether the work is still wanted.
    private static let stepsAtOnce = 1 << 16

    /// Hands over all pairs with the demand points below a node, none twice.
    func visit<Sink: CatchmentSink>(
        below part: Int, _ sink: inout Sink, _ cancellation: Cancellation
    ) throws(AnalysisError) {
        guard offers.count > 0 else { return }
        var walk = Walk(pairs: self, cancellation: cancellation)
        try walk.visit(1, part, &sink)
    }

    /// One walk; counts its steps.
    private struct Walk {
        let pairs: CatchmentPairs
        let cancellation: Cancellation
        private var steps = 0
        private let offerLeaf: Int
        private let pointLeaf: Int
        private let bandCount: Int

        init(pairs: CatchmentPairs, cancellation: Cancellation) {
            self.pairs = pairs
            self.cancellation = cancellation
            offerLeaf = pairs.offers.leafCount
            pointLeaf = pairs.demand.tree.leafCount
            bandCount = pairs.bands.bands.count
        }

        mutating func visit<Sink: CatchmentSink>(
            _ offer: Int, _ point: Int, _ sink: inout Sink
        ) throws(AnalysisError) {
            steps += 1
            if steps % CatchmentPairs.stepsAtOnce == 0 { try cancellation.check() }
            let offerBox = pairs.offers.boxes[offer]
            let pointBox = pairs.demand.tree.boxes[point]
            let near = offerBox.squaredDistance(to: pointBox)
            var band = 0
            while band < bandCount, near > pairs.limits.outer[band] { band += 1 }
            guard band < bandCount else { return }
            if offerBox.greatestSquaredDistance(to: pointBox) <= pairs.limits.inner[band] {
                sink.add(offers: pairs.offers.range(of: offer), points: pairs.demand.tree.range(of: point), band: band)
                return
            }
            let isOfferLeaf = offer >= offerLeaf
            let isPointLeaf = point >= pointLeaf
            if isOfferLeaf, isPointLeaf {
                compare(offer, point, from: band, &sink)
            } else if !isOfferLeaf, isPointLeaf || offerBox.squaredDiagonal > pointBox.squaredDiagonal {
                try visit(2 * offer, point, &sink)
                try visit(2 * offer + 1, point, &sink)
            } else {
                try visit(offer, 2 * point, &sink)
                try visit(offer, 2 * point + 1, &sink)
            }
        }

        /// Decides each pair of two leaves by its chord, and by Karney's algorithm where the chord does not tell.
        private func compare<Sink: CatchmentSink>(
            _ offerNode: Int, _ pointNode: Int, from first: Int, _ sink: inout Sink
        ) {
            let points = pairs.demand.tree.range(of: pointNode)
            pairs.offers.entries.withUnsafeBufferPointer { offerEntries in
                pairs.demand.tree.entries.withUnsafeBufferPointer { pointEntries in
                    for offer in pairs.offers.range(of: offerNode) {
                        let place = offerEntries[offer]
                        for point in points {
                            let difference = place - pointEntries[point]
                            let square = difference * difference
                            let squaredChord = square.x + square.y + square.z
                            var band = first
                            while band < bandCount, squaredChord > pairs.limits.outer[band] { band += 1 }
                            guard band < bandCount else { continue }
                            if squaredChord > pairs.limits.inner[band] {
                                band = pairs.bands.number(
                                    of: Geodesic.grs80.distance(
                                        from: pairs.offerPositions[Int(place.w)],
                                        to: pairs.demand.positions[Int(pointEntries[point].w)]
                                    ).value)
                            }
                            if band < bandCount { sink.add(offer: offer, point: point, band: band) }
                        }
                    }
                }
            }
        }
    }
}

extension ChordTree.Box {
    /// The square of the smallest distance between places of two boxes.
    @inline(__always)
    fileprivate func squaredDistance(to other: Self) -> Double {
        let below = low - other.high
        let above = other.low - high
        let x = max(below.x, above.x, 0)
        let y = max(below.y, above.y, 0)
        let z = max(below.z, above.z, 0)
        return x * x + y * y + z * z
    }

    /// The square of the greatest distance between places of two boxes.
    @inline(__always)
    fileprivate func greatestSquaredDistance(to other: Self) -> Double {
        let below = other.high - low
        let above = high - other.low
        let x = max(below.x, above.x)
        let y = max(below.y, above.y)
        let z = max(below.z, above.z)
        return x * x + y * y + z * z
    }

    /// The square of the length of the diagonal.
    @inline(__always)
    fileprivate var squaredDiagonal: Double {
        let sides = high - low
        return sides.x * sides.x + sides.y * sides.y + sides.z * sides.z
    }
}
