internal import Geometry

/// What is done with the pairs of an offer and a demand point that lie in a band.
protocol CatchmentSink {
    /// Every pair of a range of offers and a range of demand points, by their entries in the trees.
    mutating func add(offers: Range<Int>, points: Range<Int>, band: Int)
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
        try offers.withTables { (offers) throws(AnalysisError) in
            try demand.tree.withTables { (points) throws(AnalysisError) in
                try limits.inner.withUnsafeBufferPointer { (inner) throws(AnalysisError) in
                    try limits.outer.withUnsafeBufferPointer { (outer) throws(AnalysisError) in
                        var walk = Walk(
                            offers: offers, points: points, inner: inner, outer: outer, pairs: self,
                            cancellation: cancellation)
                        try walk.visit(1, part, &sink)
                    }
                }
            }
        }
    }

    /// One walk; counts its steps.
    private struct Walk {
        let offers: ChordTree.Tables
        let points: ChordTree.Tables
        let inner: UnsafeBufferPointer<Double>
        let outer: UnsafeBufferPointer<Double>
        let pairs: CatchmentPairs
        let cancellation: Cancellation
        var steps = 0

        mutating func visit<Sink: CatchmentSink>(
            _ offer: Int, _ point: Int, _ sink: inout Sink
        ) throws(AnalysisError) {
            steps += 1
            if steps % CatchmentPairs.stepsAtOnce == 0 { try cancellation.check() }
            let offerBox = offers.boxes[offer]
            let pointBox = points.boxes[point]
            let near = offerBox.squaredDistance(to: pointBox)
            var band = 0
            while band < outer.count, near > outer[band] { band += 1 }
            guard band < outer.count else { return }
            if offerBox.greatestSquaredDistance(to: pointBox) <= inner[band] {
                sink.add(
                    offers: ChordTree.range(of: offer, starts: offers.starts),
                    points: ChordTree.range(of: point, starts: points.starts), band: band)
                return
            }
            let isOfferLarger = offerBox.squaredDiagonal > pointBox.squaredDiagonal
            if offer >= offers.leafCount, isOfferLarger {
                for entry in ChordTree.range(of: offer, starts: offers.starts) { descend(entry, point, &sink) }
            } else if offer < offers.leafCount, isOfferLarger || point >= points.leafCount {
                try visit(2 * offer, point, &sink)
                try visit(2 * offer + 1, point, &sink)
            } else if point >= points.leafCount {
                compare(offer, point, from: band, &sink)
            } else {
                try visit(offer, 2 * point, &sink)
                try visit(offer, 2 * point + 1, &sink)
            }
        }

        /// Hands over the pairs of one offer with the points below a node.
        private func descend<Sink: CatchmentSink>(_ offer: Int, _ point: Int, _ sink: inout Sink) {
            let place = offers.entries[offer]
            let box = points.boxes[point]
            let near = box.squaredDistance(to: place)
            var band = 0
            while band < outer.count, near > outer[band] { band += 1 }
            guard band < outer.count else { return }
            if box.greatestSquaredDistance(to: place) <= inner[band] {
                sink.add(
                    offers: offer..<offer + 1, points: ChordTree.range(of: point, starts: points.starts), band: band)
            } else if point < points.leafCount {
                descend(offer, 2 * point, &sink)
                descend(offer, 2 * point + 1, &sink)
            } else {
                for entry in ChordTree.range(of: point, starts: points.starts) {
                    decide(offer, place, entry, points.entries[entry], from: band, &sink)
                }
            }
        }

        /// Decides one pair by the chord, and by Karney's algorithm where that does not tell.
        @inline(__always)
        private func decide<Sink: CatchmentSink>(
            _ offer: Int, _ place: SIMD4<Double>, _ point: Int, _ other: SIMD4<Double>, from first: Int,
            _ sink: inout Sink
        ) {
            let difference = place - other
            let square = difference * difference
            let squaredChord = square.x + square.y + square.z
            var band = first
            while band < outer.count, squaredChord > outer[band] { band += 1 }
            guard band < outer.count else { return }
            if squaredChord > inner[band] { band = referee(place, other) }
            if band < outer.count { sink.add(offers: offer..<offer + 1, points: point..<point + 1, band: band) }
        }

        /// Decides the pairs of two leaves: each point with all offers at once, if their box tells, else one by one.
        @inline(__always)
        private func compare<Sink: CatchmentSink>(
            _ offerNode: Int, _ pointNode: Int, from first: Int, _ sink: inout Sink
        ) {
            let box = offers.boxes[offerNode]
            let range = ChordTree.range(of: offerNode, starts: offers.starts)
            for point in ChordTree.range(of: pointNode, starts: points.starts) {
                let place = points.entries[point]
                let near = box.squaredDistance(to: place)
                var nearest = first
                while nearest < outer.count, near > outer[nearest] { nearest += 1 }
                guard nearest < outer.count else { continue }
                if box.greatestSquaredDistance(to: place) <= inner[nearest] {
                    sink.add(offers: range, points: point..<point + 1, band: nearest)
                    continue
                }
                for offer in range { decide(offer, offers.entries[offer], point, place, from: nearest, &sink) }
            }
        }

        @inline(never)
        private func referee(_ offer: SIMD4<Double>, _ point: SIMD4<Double>) -> Int {
            pairs.bands.number(
                of: Geodesic.grs80.distance(
                    from: pairs.offerPositions[Int(offer.w)], to: pairs.demand.positions[Int(point.w)]
                ).value)
        }
    }
}

extension ChordTree {
    /// The arrays of a tree without bounds checks.
    fileprivate struct Tables {
        let entries: UnsafeBufferPointer<SIMD4<Double>>
        let boxes: UnsafeBufferPointer<Box>
        let starts: UnsafeBufferPointer<Int32>
        let leafCount: Int
    }

    fileprivate func withTables<Result, Failure>(
        _ body: (Tables) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try entries.withUnsafeBufferPointer { (entries) throws(Failure) in
            try boxes.withUnsafeBufferPointer { (boxes) throws(Failure) in
                try starts.withUnsafeBufferPointer { (starts) throws(Failure) in
                    try body(Tables(entries: entries, boxes: boxes, starts: starts, leafCount: leafCount))
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
