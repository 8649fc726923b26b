public import Geometry
internal import NetworkModel

/// The usable offers by place, to be asked for the nearest ones.
///
/// Distances are geodesics on GRS 80 (Karney's algorithm, as PROJ has it), and so is the order: the index in space only
/// leaves out what provably cannot be in the answer (`ChordBounds`). Offers at equal distance stand in the byte order
/// of their ids. Safe to share between threads.
public struct NearestOffers: Sendable {
    /// One of the nearest offers.
    public struct Neighbour: Sendable, Hashable {
        /// Its row in the snapshot's offers.
        public let offer: Int
        /// The geodesic distance.
        public let distance: Metres
        /// The direction in which the shortest way sets out, degrees clockwise from north, 0 up to but not including
        /// 360; nil where the offer is at the very place.
        public let bearing: Double?
    }

    /// How many offers one question may ask for.
    public static let allowedCounts = 1...1000

    /// The different places, and for each its offers in ascending order.
    private let places: [Coordinate<Geographic>]
    private let offers: [Int32]
    private let ends: [Int32]
    private let tree: ChordTree
    /// For each entry of the tree the first offer of its place.
    private let firstOffers: [Int32]

    /// How many offers there are.
    public var count: Int { offers.count }

    /// Indexes usable offers. - Complexity: O(n log n), on all cores.
    public init(_ usable: UsableOffers) {
        self.init(ascending: usable.rows, positions: usable.positions)
    }

    /// Indexes rows of offers at positions in degrees.
    ///
    /// - Parameters:
    ///   - rows: the rows, from 0 to less than 2^31, whose order decides between equal distances: each once, in any
    ///     order.
    ///   - positions: as many positions.
    /// - Complexity: O(n log n), on all cores.
    /// - Throws: `AnalysisError.invalidPosition`.
    public init(rows: [Int], positions: [Coordinate<Geographic>]) throws(AnalysisError) {
        precondition(rows.count == positions.count, "each row needs a position")
        if let position = positions.first(where: { !$0.isOnGlobe }) {
            throw .invalidPosition(longitude: position.longitude, latitude: position.latitude)
        }
        if zip(rows, rows.dropFirst()).allSatisfy(<) {
            self.init(ascending: rows, positions: positions)
        } else {
            let order = rows.indices.sorted { rows[$0] < rows[$1] }
            self.init(ascending: order.map { rows[$0] }, positions: order.map { positions[$0] })
        }
    }

    private init(ascending rows: [Int], positions: [Coordinate<Geographic>]) {
        // Offers often share a place: a house of many offers would make each question as long as their list.
        let (places, placeOfOffer) = Self.distinctPlaces(positions)
        var ends = [Int32](repeating: 0, count: places.count + 1)
        for place in placeOfOffer { ends[Int(place) + 1] += 1 }
        for place in places.indices { ends[place + 1] += ends[place] }
        var next = ends
        var offers = [Int32](repeating: 0, count: rows.count)
        for (row, place) in zip(rows, placeOfOffer) {
            offers[Int(next[Int(place)])] = Int32(row)
            next[Int(place)] += 1
        }
        let tree = ChordTree(SurfacePoint.points(places))
        self.places = places
        self.offers = offers
        self.ends = ends
        self.tree = tree
        firstOffers = tree.entries.map { offers[Int(ends[Int($0.w)])] }
    }

    /// The different places in the order in which they occur, and for each position the number of its place.
    ///
    /// A table of twice as many slots or more, each free (-1) or taken by a place (Knuth, The Art of Computer
    /// Programming 3, 6.4, algorithm L); a dictionary would take longer than all the rest.
    private static func distinctPlaces(
        _ positions: [Coordinate<Geographic>]
    ) -> (places: [Coordinate<Geographic>], numbers: [Int32]) {
        var bits = 1
        while 1 << bits < 2 * positions.count { bits += 1 }
        var slots = [Int32](repeating: -1, count: 1 << bits)
        var places: [Coordinate<Geographic>] = []
        places.reserveCapacity(positions.count)
        let numbers = positions.map { position in
            let place = oneOfEqual(position)
            // The finaliser of SplitMix64 (Steele, Lea and Flood 2014) mixes the digits well.
            var word = place.x.bitPattern &* 0x9e37_79b9_7f4a_7c15 ^ place.y.bitPattern
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            var slot = Int((word ^ (word >> 31)) >> UInt64(64 - bits))
            while slots[slot] >= 0 {
                if places[Int(slots[slot])] == place { return slots[slot] }
                slot = (slot + 1) & (slots.count - 1)
            }
            slots[slot] = Int32(places.count)
            places.append(place)
            return slots[slot]
        }
        return (places, numbers)
    }

    /// One writing for each place: 180° east is 180° west, a pole has all longitudes, and zero has no sign.
    private static func oneOfEqual(_ position: Coordinate<Geographic>) -> Coordinate<Geographic> {
        let longitude =
            abs(position.latitude) == 90 ? 0 : position.longitude == -180 ? 180 : position.longitude + 0
        return Coordinate(longitude: longitude, latitude: position.latitude + 0)
    }

    private func offers(at place: Int32) -> ArraySlice<Int32> {
        offers[Int(ends[Int(place)])..<Int(ends[Int(place) + 1])]
    }

    /// The nearest offers to a position, the nearest first; fewer than asked for where there are no more.
    ///
    /// - Complexity: O(log n + count²) expected.
    /// - Throws: `AnalysisError.invalidPosition`, `AnalysisError.invalidCount`.
    public func nearest(_ count: Int, to position: Coordinate<Geographic>) throws(AnalysisError) -> [Neighbour] {
        guard position.isOnGlobe else {
            throw .invalidPosition(longitude: position.longitude, latitude: position.latitude)
        }
        guard Self.allowedCounts.contains(count) else {
            throw .invalidCount(count, allowed: Self.allowedCounts)
        }
        var candidates: [ChordTree.Candidate] = []
        tree.candidates(count, near: SurfacePoint(position), into: &candidates)
        var result: [Neighbour] = []
        for candidate in candidates {
            let way = Geodesic.grs80.inverse(from: position, to: places[Int(candidate.number)])
            let bearing = way.initialAzimuth < 0 ? way.initialAzimuth + 360 : way.initialAzimuth
            for offer in offers(at: candidate.number).prefix(count) {
                result.append(
                    Neighbour(
                        offer: Int(offer), distance: way.distance,
                        // A tiny negative azimuth becomes 360 when rounded.
                        bearing: way.distance.value == 0 ? nil : bearing < 360 ? bearing + 0 : 0))
            }
        }
        result.sort { ($0.distance.value, $0.offer) < ($1.distance.value, $1.offer) }
        return Array(result.prefix(count))
    }

    /// The nearest offer of every demand point, or nil where there is no offer.
    ///
    /// As for positions, except that their points in space were made with the demand.
    /// - Complexity: O(m log n) expected for m points, on all cores.
    /// - Throws: `AnalysisError.cancelled`.
    public func access(
        from demand: Demand, cancellation: Cancellation = .never
    ) throws(AnalysisError) -> CellAccess? {
        let points = demand.points
        let positions = demand.positions
        return try access(demand.count, cancellation) { (range, output) throws(AnalysisError) in
            search(range, output) {
                points[$0].vector
            } position: {
                positions[$0]
            }
        }
    }

    /// The nearest offer of each of many positions, or nil where there is no offer.
    ///
    /// Which offer that is, is decided as by `nearest`. Its distance is good to 0.17 mm, and whether it is at most a
    /// whole number of metres is decided as by Karney's algorithm (`ShortLine`). The answer does not depend on the
    /// order of the positions, the time does: each search begins with the answer of the one before, so they should
    /// follow each other like cells of a grid. Blocks the calling thread.
    /// - Complexity: O(m log n) expected for m positions, on all cores.
    /// - Throws: `AnalysisError.invalidPosition`, `AnalysisError.cancelled`.
    public func access(
        from positions: [Coordinate<Geographic>], cancellation: Cancellation = .never
    ) throws(AnalysisError) -> CellAccess? {
        try access(positions.count, cancellation) { (range, output) throws(AnalysisError) in
            for position in positions[range] where !position.isOnGlobe {
                throw .invalidPosition(longitude: position.longitude, latitude: position.latitude)
            }
            search(range, output) {
                SurfacePoint(positions[$0]).vector
            } position: {
                positions[$0]
            }
        }
    }

    /// Where the answers for the positions of a piece are put.
    private struct Output {
        let distances: UnsafeMutableBufferPointer<Double>
        let offers: UnsafeMutableBufferPointer<Int32>
    }

    private static let pieceSize = 8192

    private func access(
        _ count: Int, _ cancellation: Cancellation,
        _ body: @Sendable (Range<Int>, Output) throws(AnalysisError) -> Void
    ) throws(AnalysisError) -> CellAccess? {
        guard self.count > 0 else { return nil }
        let (distances, offers) = try ParallelPieces.fill(
            count, size: Self.pieceSize, of: Double.self, Int32.self, cancellation
        ) { (range, distances, offers) throws(AnalysisError) in
            try body(range, Output(distances: distances, offers: offers))
        }
        return CellAccess(distances: distances, offers: offers)
    }

    /// Answers for the positions of a piece, which the closures give.
    @inline(__always)
    private func search(
        _ range: Range<Int>, _ output: Output, point: (Int) -> SIMD4<Double>,
        position: (Int) -> Coordinate<Geographic>
    ) {
        tree.withSearch { search in
            firstOffers.withUnsafeBufferPointer { firstOffers in
                var near = 0
                for index in range {
                    let nearest = search.nearest(to: point(index), first: near)
                    near = nearest.entry
                    if nearest.isDecided {
                        output.offers[index] = firstOffers[near]
                        output.distances[index] =
                            ShortLine.length(squaredChord: nearest.squaredChord)
                            ?? Geodesic.grs80.distance(from: position(index), to: places[Int(search.number(near))])
                            .value
                    } else {
                        let best = referee(position(index))
                        output.offers[index] = best.offer
                        output.distances[index] = best.distance
                    }
                }
            }
        }
    }

    /// The nearest offer as Karney's algorithm decides it.
    @inline(never)
    private func referee(_ position: Coordinate<Geographic>) -> (distance: Double, offer: Int32) {
        var candidates: [ChordTree.Candidate] = []
        tree.candidates(1, near: SurfacePoint(position), into: &candidates)
        var best = (distance: Double.infinity, offer: Int32.max)
        for candidate in candidates {
            let distance = Geodesic.grs80.distance(from: position, to: places[Int(candidate.number)]).value
            // The first offer of a place is the first by id.
            let other = (distance: distance, offer: offers[Int(ends[Int(candidate.number)])])
            if other < best { best = other }
        }
        return best
    }
}
