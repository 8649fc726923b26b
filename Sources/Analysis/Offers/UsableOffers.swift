public import Geometry
public import NetworkModel

/// Which selected offers count for distances (DOMAIN 6.4), and why the others do not.
///
/// An offer counts if it is delivered on site or mixed, or states no delivery but a place of its own, and is located
/// to coordinates, address, postcode, municipality or (where the mapping said so) to its actor's place.
public struct UsableOffers: Sendable {
    /// Why an offer does not count for distances. The raw values stand in answers.
    public enum Obstacle: String, Sendable, Hashable, CaseIterable {
        /// It is given online.
        case online
        /// It is given by telephone.
        case telephone
        /// It is printed matter.
        case print
        /// It comes to people: counted in a set of figures of its own.
        case outreach
        /// Its delivery is a word that the definition does not name.
        case unknownDelivery = "unknown_delivery"
        /// It states no delivery, and its place is only its actor's.
        case deliveryNotStated = "delivery_not_stated_place_of_actor"
        /// It is located only to its district.
        case districtOnly = "located_to_district_only"
        /// It is not located, or its position is not on the globe.
        case notLocated = "not_located"
        /// It has a position, of a precision that the definition does not name.
        case unknownPrecision = "unknown_precision"
    }

    /// The rows of the offers that count, ascending.
    public let rows: [Int]
    /// Their positions, degrees.
    public let positions: [Coordinate<Geographic>]
    /// How many do not count, by the first obstacle in the order of delivery, then place; only what occurs.
    public let obstacles: [(obstacle: Obstacle, count: Int)]
    /// How many count although they state no delivery.
    public let withoutDelivery: Int
    /// How many count with the position of their municipality alone.
    public let placedByMunicipality: Int

    /// How many selected offers do not count.
    public var withoutUsablePlace: Int { obstacles.reduce(0) { $0 + $1.count } }

    /// Divides a selection. - Complexity: O(selected offers)
    public init(_ selection: OfferSelection, in snapshot: Snapshot) {
        self.init(rows: selection.rows, in: snapshot)
    }

    /// Divides offers given by their rows in the snapshot, ascending. - Complexity: O(rows)
    public init(rows selected: [Int], in snapshot: Snapshot) {
        let offers = snapshot.offers
        let deliveries = offers.code("delivery")
        let precisions = offers.code("precision")
        let deliveryKinds = [Delivery.notStated] + deliveries.dictionary.codes.map(Delivery.init)
        let precisionKinds = [Precision.notStated] + precisions.dictionary.codes.map(Precision.init)
        var rows: [Int] = []
        var positions: [Coordinate<Geographic>] = []
        var counts: [Obstacle: Int] = [:]
        var withoutDelivery = 0
        var placedByMunicipality = 0
        for row in selected {
            let delivery = deliveryKinds[Int(deliveries.codes[row])]
            let precision = precisionKinds[Int(precisions.codes[row])]
            let position = offers.point(row).flatMap { $0.isOnGlobe ? $0 : nil }
            if let obstacle = Self.obstacle(delivery, precision, isPlaced: position != nil) {
                counts[obstacle, default: 0] += 1
            } else if let position {
                rows.append(row)
                positions.append(position)
                if delivery == .notStated { withoutDelivery += 1 }
                if precision == .municipality { placedByMunicipality += 1 }
            }
        }
        self.rows = rows
        self.positions = positions
        self.withoutDelivery = withoutDelivery
        self.placedByMunicipality = placedByMunicipality
        obstacles = Obstacle.allCases.compactMap { obstacle in counts[obstacle].map { (obstacle, $0) } }
    }

    private enum Delivery: Equatable {
        case notStated
        case atPlace
        case elsewhere(Obstacle)

        init(_ code: String) {
            switch code {
            case "on_site", "mixed": self = .atPlace
            case "online": self = .elsewhere(.online)
            case "telephone": self = .elsewhere(.telephone)
            case "print": self = .elsewhere(.print)
            case "outreach": self = .elsewhere(.outreach)
            default: self = .elsewhere(.unknownDelivery)
            }
        }
    }

    private enum Precision {
        case notStated
        case close
        case municipality
        case actor
        case district
        case unknown

        init(_ code: String) {
            switch code {
            case "coordinates", "address", "postcode": self = .close
            case "municipality": self = .municipality
            case "actor": self = .actor
            case "district": self = .district
            case "none": self = .notStated
            default: self = .unknown
            }
        }
    }

    private static func obstacle(_ delivery: Delivery, _ precision: Precision, isPlaced: Bool) -> Obstacle? {
        if case .elsewhere(let obstacle) = delivery { return obstacle }
        if precision == .district { return .districtOnly }
        guard isPlaced else { return .notLocated }
        switch precision {
        case .close, .municipality: return nil
        case .actor: return delivery == .notStated ? .deliveryNotStated : nil
        // A position whose origin nobody states may be a district's centre: it is not trusted.
        case .notStated, .unknown: return .unknownPrecision
        case .district: return .districtOnly
        }
    }
}
