public import Geometry
public import NetworkModel

/// The figures of one area (DOMAIN 6.5).
public struct AreaCoverage: Sendable, Hashable {
    /// The official key.
    public let key: String
    /// The name, nil where the data state none.
    public let name: String?
    /// The people of the demand points in the area: cells, never the register.
    public let people: Figure<Int64>
    /// How many demand points the area has.
    public let cells: Int
    /// The figures over distances.
    public let distances: DistanceFigures
    /// How unequally the distances are spread over people.
    public let gini: Figure<Double>
    /// The people whose nearest offer is farther away than the radius asked for: `people` less those within it.
    public let gapPeople: Figure<Int64>
    /// The second set of figures, in which the distance is 0 where an offer comes to people; nil where it is not wanted.
    public let outreach: WithOutreach?
    /// The method of the floating catchments.
    public let catchmentMethod: CatchmentBands.Method
    /// The mean over people of the supply per person that they have access to.
    public let catchmentScore: Figure<Double>
    /// How many selected offers are located here, whether or not their place counts for distances.
    public let offersLocated: Int
    /// How many selected offers state a service area that overlaps this one.
    public let offersServing: Int
    /// The actors located here by sector, whatever they offer.
    public let sectors: SectorBalance
    /// The people by the register of residents: what the rates refer to.
    public let registerPopulation: Figure<Int64>
    /// The geodesic area of the outline.
    public let area: Figure<SquareMetres>

    /// The figures with outreach.
    public struct WithOutreach: Sendable, Hashable {
        /// The figures over distances.
        public let distances: DistanceFigures
        /// The people farther away than the radius asked for.
        public let gapPeople: Figure<Int64>
    }

    /// A number of offers per 10,000 inhabitants by the register.
    private func perTenThousand(_ offers: Int) -> Figure<Double> {
        registerPopulation.map { population in
            population == 0 ? .missing(.noPopulation) : .value(Double(offers) / Double(population) * 10_000)
        }
    }

    /// A number of offers per 100 km².
    private func perHundredSquareKilometres(_ offers: Int) -> Figure<Double> {
        area.map { .value(Double(offers) / $0.value * 1e8) }
    }

    /// Offers located here per 10,000 inhabitants by the register.
    public var locatedPerTenThousand: Figure<Double> { perTenThousand(offersLocated) }
    /// Offers serving here per 10,000 inhabitants by the register.
    public var servingPerTenThousand: Figure<Double> { perTenThousand(offersServing) }
    /// Offers located here per 100 km².
    public var locatedPerHundredSquareKilometres: Figure<Double> { perHundredSquareKilometres(offersLocated) }
    /// Offers serving here per 100 km².
    public var servingPerHundredSquareKilometres: Figure<Double> { perHundredSquareKilometres(offersServing) }
}

extension AreaCoverage {
    /// One figure under the name that it has in every answer and layer. Units stand in the name.
    public struct Property: Sendable, Hashable {
        /// The name, snake case.
        public let name: String
        /// The value, null where there is none.
        public let value: FieldValue
        /// Why there is none, else nil.
        public let reason: MissingReason?
    }

    /// All figures in the order in which they are answered. The same names in the same order for every area.
    public var properties: [Property] {
        var result = [
            Property(name: "key", value: .text(key), reason: nil),
            Property(name: "name", value: name.map { .text($0) } ?? .null, reason: nil),
            Property("people", people),
            Property(name: "cells", value: .integer(Int64(cells)), reason: nil),
        ]
        result += Self.properties(distances)
        result += [
            Property("distance_gini", gini),
            Property("gap_people", gapPeople),
            Property("access_\(catchmentMethod.rawValue)", catchmentScore),
            Property(name: "offers_located", value: .integer(Int64(offersLocated)), reason: nil),
            Property(name: "offers_serving", value: .integer(Int64(offersServing)), reason: nil),
            Property("offers_located_per_10000_people", locatedPerTenThousand),
            Property("offers_serving_per_10000_people", servingPerTenThousand),
            Property("offers_located_per_100_km2", locatedPerHundredSquareKilometres),
            Property("offers_serving_per_100_km2", servingPerHundredSquareKilometres),
            Property("register_population", registerPopulation),
            Property("area_m2", area.map { .value($0.value) }),
            Property(name: "actors_located", value: .integer(Int64(sectors.actors)), reason: nil),
        ]
        for (leg, count) in zip(SectorBalance.legs, sectors.legs) {
            result.append(Property(name: "actors_\(leg)", value: .integer(Int64(count)), reason: nil))
        }
        let others = sectors.others.reduce(0) { $0 + $1.actors }
        result += [
            Property(name: "actors_other_sectors", value: .integer(Int64(others)), reason: nil),
            Property(name: "actors_sector_not_stated", value: .integer(Int64(sectors.notStated)), reason: nil),
            Property("sector_evenness", sectors.evenness),
            Property(name: "sectors_missing", value: .list(sectors.missing), reason: nil),
        ]
        if let outreach {
            result += Self.properties(outreach.distances, prefix: "outreach_")
            result.append(Property("outreach_gap_people", outreach.gapPeople))
        }
        return result
    }

    /// The figures over distances. - Parameter prefix: what stands before the names of a second set.
    private static func properties(_ distances: DistanceFigures, prefix: String = "") -> [Property] {
        var result = [
            Property("\(prefix)distance_mean_m", distances.mean),
            Property("\(prefix)distance_median_m", distances.median),
            Property("\(prefix)distance_p90_m", distances.p90),
            Property("\(prefix)distance_max_m", distances.maximum),
            Property("\(prefix)distance_median_cells_m", distances.cellMedian),
        ]
        for within in distances.within {
            let radius = name(of: within.radius)
            result.append(Property("\(prefix)people_within_\(radius)_m", within.people))
            result.append(Property("\(prefix)share_within_\(radius)_m", within.share))
        }
        return result
    }

    /// A radius as it stands in names: `15000`, `1234.5`.
    private static func name(of radius: Metres) -> String {
        Int64(exactly: radius.value).map(String.init) ?? "\(radius.value)"
    }
}

extension AreaCoverage.Property {
    fileprivate init(_ name: String, _ figure: Figure<Int64>) {
        self.init(name: name, value: figure.value.map { .integer($0) } ?? .null, reason: figure.reason)
    }

    fileprivate init(_ name: String, _ figure: Figure<Double>) {
        self.init(name: name, value: figure.value.map { .real($0) } ?? .null, reason: figure.reason)
    }

    fileprivate init(_ name: String, _ figure: Figure<Metres>) {
        self.init(name, figure.map { .value($0.value) })
    }
}
