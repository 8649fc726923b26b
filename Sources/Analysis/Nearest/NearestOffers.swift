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

    /// How many offers there are.
    public var count: Int { offers.count }

    /// Indexes usable offers. - Complexity: O(n log n)
    public init(_ usable: UsableOffers) {
        self.init(rows: usable.rows, positions: usable.positions)
    }

    /// Indexes rows, ascending, at positions on the globe.
    init(rows: [Int], positions: [Coordinate<Geographic>]) {
        // Offers often share a place: a house of many offers would make each question as long as their list.
        var numbers: [Coordinate<Geographic>: Int] = [:]
        var places: [Coordinate<Geographic>] = []
        let placeOfOffer = positions.map { position in
            let place = Self.oneOfEqual(position)
            if let number = numbers[place] { return number }
            numbers[place] = places.count
            places.append(place)
            return places.count - 1
        }
        var ends = [Int32](repeating: 0, count: places.count + 1)
        for place in placeOfOffer { ends[place + 1] += 1 }
        for place in places.indices { ends[place + 1] += ends[place] }
        var next = ends
        var offers = [Int32](repeating: 0, count: rows.count)
        for (row, place) in zip(rows, placeOfOffer) {
            offers[Int(next[place])] = Int32(row)
            next[place] += 1
        }
        self.places = places
        self.offers = offers
        self.ends = ends
        tree = ChordTree(places.map { SurfacePoint($0) })
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
    /// - Complexity: O(m log n) expected for m points.
    /// - Throws: `AnalysisError.cancelled` if the task is cancelled meanwhile.
    public func access(from demand: Demand) throws(AnalysisError) -> CellAccess? {
        try access(from: demand.positions)
    }

    /// The nearest offer of each of many positions on the globe.
    func access(from positions: [Coordinate<Geographic>]) throws(AnalysisError) -> CellAccess? {
        guard count > 0 else { return nil }
        var distances: [Double] = []
        var nearest: [Int32] = []
        distances.reserveCapacity(positions.count)
        nearest.reserveCapacity(positions.count)
        var candidates: [ChordTree.Candidate] = []
        for (index, position) in positions.enumerated() {
            if index % 4096 == 0, Task.isCancelled { throw .cancelled }
            tree.candidates(1, near: SurfacePoint(position), into: &candidates)
            var best = (distance: Double.infinity, offer: Int32.max)
            for candidate in candidates {
                let place = Int(candidate.number)
                // The first offer of a place is the first by id.
                let other = (
                    distance: Geodesic.grs80.distance(from: position, to: places[place]).value,
                    offer: offers[Int(ends[place])]
                )
                if other < best { best = other }
            }
            distances.append(best.distance)
            nearest.append(best.offer)
        }
        return CellAccess(distances: distances, offers: nearest)
    }
}
