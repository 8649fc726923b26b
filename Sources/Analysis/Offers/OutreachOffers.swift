public import NetworkModel

/// The selected offers that come to people, for the second set of figures (DOMAIN 6.4): within a service area of at most
/// one district the distance is 0; wider ones are only reported.
public struct OutreachOffers: Sendable, Hashable {
    /// The rows of the offers with a service area of at most one district, ascending.
    public let rows: [Int]
    /// How many serve more than one district.
    public let wider: Int
    /// How many state no service area.
    public let withoutServiceArea: Int

    /// The keys that they serve, districts and municipalities.
    let keys: Set<String>

    /// How many selected offers come to people.
    public var count: Int { rows.count + wider + withoutServiceArea }

    /// Picks the offers of a selection that come to people. - Complexity: O(selected offers)
    public init(_ selection: OfferSelection, in snapshot: Snapshot) {
        self.init(rows: selection.rows, in: snapshot)
    }

    init(rows selected: [Int], in snapshot: Snapshot) {
        let deliveries = snapshot.offers.code("delivery")
        let served = snapshot.offers.codeList("served_keys")
        var rows: [Int] = []
        var keys: Set<String> = []
        var (wider, without) = (0, 0)
        for row in selected where deliveries[row] == "outreach" {
            let area = served[row]
            guard !area.isEmpty else {
                without += 1
                continue
            }
            let districts = Set(area.map { $0.prefix(AreaLevel.district.keyLength) })
            guard districts.count == 1, area.allSatisfy({ $0.utf8.count >= AreaLevel.district.keyLength }) else {
                wider += 1
                continue
            }
            rows.append(row)
            keys.formUnion(area)
        }
        self.rows = rows
        self.wider = wider
        withoutServiceArea = without
        self.keys = keys
    }

    /// The distances with 0 where one of the offers comes; infinite where there is no offer at all.
    ///
    /// - Parameter distances: the distances without outreach, nil where there is no usable offer.
    /// - Complexity: O(points + areas)
    func distances(_ distances: [Double]?, demand: Demand, in snapshot: Snapshot) -> [Double] {
        let districts = AreaList(.district, in: snapshot).keys.map(keys.contains)
        let municipalities = AreaList(.municipality, in: snapshot).keys.map { key in
            keys.contains(key) || keys.contains(String(key.prefix(AreaLevel.district.keyLength)))
        }
        let districtOfPoint = demand.areas(.district)
        let municipalityOfPoint = demand.areas(.municipality)
        return (0..<demand.count).map { point in
            let (district, municipality) = (Int(districtOfPoint[point]), Int(municipalityOfPoint[point]))
            if district >= 0, districts[district] { return 0 }
            if municipality >= 0, municipalities[municipality] { return 0 }
            return distances?[point] ?? .infinity
        }
    }
}
