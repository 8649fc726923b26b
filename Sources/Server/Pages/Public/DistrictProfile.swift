import Analysis
import Geometry
import HTTPTypes
import NetworkModel

/// All that a district's pages show: its record, its offers, what analyses say of it, its neighbours.
///
/// Made on the analysts' threads; the answers behind it are kept with the snapshot, so only the first page waits.
struct DistrictProfile: Sendable {
    /// A place with the offers there, numbered through the page.
    struct Stop: Sendable {
        let place: Coordinate<Geographic>
        let numbers: ClosedRange<Int>

        /// The numbers as a mark shows them.
        var text: String {
            numbers.count == 1 ? "\(numbers.lowerBound)" : "\(numbers.lowerBound)–\(numbers.upperBound)"
        }
    }

    let record: RecordFacts
    /// The offers located here, in the order of their numbers: by place, then without.
    let offers: [RecordFacts]
    /// Where they are.
    let stops: [Stop]
    /// Offers that state to come here from elsewhere, but not to all of the state.
    let visiting: [RecordFacts]
    /// The figures of DOMAIN 6.5 for the district.
    let coverage: Figures
    /// The surfaces that are farther than the radius from any offer.
    let gaps: [MultiPolygon<Geographic>]
    /// The municipalities where most of the people live whom no offer reaches within the radius, those with most first.
    let unreached: [(name: String, people: Int)]
    /// How rural the district's region is; nil where nothing is known of it.
    let rural: RuralIndex.Area?
    /// The districts that share a border, by name.
    let neighbours: [RecordFacts]
    /// The municipalities of the district.
    let municipalities: [Int]

    /// How many municipalities a page names where it speaks of gaps.
    private static let mostUnreached = 3

    /// The radius of the gaps, metres.
    static let radius = CoverageFigures.defaultRadius

    /// The row of one area in an answer, read by field.
    struct Figures: Sendable {
        let table: FeatureTable
        let row: Int?
        let completeness: Completeness

        func real(_ field: String) -> Double? {
            guard let row else { return nil }
            return switch table[field: field]?[row] {
            case .real(let number)?: number
            case .integer(let number)?: Double(number)
            default: nil
            }
        }

        func integer(_ field: String) -> Int? { real(field).flatMap { Int(exactly: $0) } }
    }

    /// - Throws: `CancellationError`; a problem where no figure can be made from the data.
    init(_ record: RecordFacts, in served: ServedSnapshot, cancellation: Cancellation) throws {
        let snapshot = served.snapshot
        let key = record.id
        self.record = record
        let located = Self.located(key, snapshot)
        offers = located.map { RecordFacts(table: snapshot.offers, row: $0) }
        stops = Self.stops(offers)
        let serving = snapshot.offers.codeList("served_keys")
        let districts = snapshot.offers.code("district_key")
        visiting = (0..<snapshot.offers.count).filter { row in
            districts[row] != key && serving[row].contains { $0 == key || $0.hasPrefix(key) }
        }.map { RecordFacts(table: snapshot.offers, row: $0) }
        let answer = try served.analyst.answer(
            try AnalyticalQuery(.coverage, QueryParameters()), cancellation: cancellation)
        coverage = Figures(
            table: answer.table, row: answer.table.row(of: key), completeness: answer.account.completeness)
        let surfaces = try served.analyst.answer(
            try AnalyticalQuery(.gaps, QueryParameters()), cancellation: cancellation)
        let areas = surfaces.table[field: "area_key"]
        gaps = (0..<surfaces.table.count).filter { areas?[$0] == .text(key) }.compactMap(surfaces.table.surface)
        unreached = try Self.unreached(key, served, cancellation)
        rural = try served.ruralRegions(cancellation).index.areas.first { $0.indicators.members.contains(key) }
        neighbours = Self.neighbours(of: record.row, snapshot)
        let owners = snapshot.municipalities.code("district_key")
        municipalities = (0..<snapshot.municipalities.count).filter { owners[$0] == key }
    }

    private static func unreached(
        _ district: String, _ served: ServedSnapshot, _ cancellation: Cancellation
    ) throws -> [(name: String, people: Int)] {
        let level = QueryParameters([("level", AreaLevel.municipality.rawValue)])
        let table = try served.analyst.answer(
            try AnalyticalQuery(.coverage, level), cancellation: cancellation
        ).table
        let (names, people) = (table[field: "name"], table[field: "gap_people"])
        let rows = served.snapshot.municipalities.code("district_key")
        let found = (0..<rows.count).compactMap { row -> (name: String, people: Int)? in
            guard rows[row] == district, let key = served.snapshot.municipalities.identifiers[row],
                let position = table.row(of: key), case .text(let name)? = names?[position],
                case .integer(let count)? = people?[position], count > 0
            else { return nil }
            return (name, Int(count))
        }
        return Array(found.sorted { ($1.people, $0.name) < ($0.people, $1.name) }.prefix(mostUnreached))
    }

    /// The rows of the offers in a district: those with a place by place and title, then the others by title.
    private static func located(_ key: String, _ snapshot: Snapshot) -> [Int] {
        let offers = snapshot.offers
        let districts = offers.code("district_key")
        let names = offers.code("municipality_name")
        let titles = offers.text("title")
        let rows = (0..<offers.count).filter { districts[$0] == key }
        let order = { (row: Int) -> (String, String, String, Int) in
            // What has no place comes after every name.
            guard let point = offers.point(row) else { return ("\u{10ffff}", "", titles[row] ?? "", row) }
            return (names[row] ?? "", "\(point.longitude) \(point.latitude)", titles[row] ?? "", row)
        }
        return rows.map(order).sorted { $0 < $1 }.map(\.3)
    }

    private static func stops(_ offers: [RecordFacts]) -> [Stop] {
        var result: [Stop] = []
        for (position, offer) in offers.enumerated() {
            guard let point = offer.table.point(offer.row) else { continue }
            let number = position + 1
            if let last = result.last, last.place == point, last.numbers.upperBound == number - 1 {
                result[result.count - 1] = Stop(place: point, numbers: last.numbers.lowerBound...number)
            } else {
                result.append(Stop(place: point, numbers: number...number))
            }
        }
        return result
    }

    /// The districts that have vertices of a border in common. - Complexity: O(vertices of boxes that meet)
    private static func neighbours(of row: Int, _ snapshot: Snapshot) -> [RecordFacts] {
        let table = snapshot.districts
        guard let own = table.surface(row) else { return [] }
        let vertices = Set(own.polygons.flatMap { [$0.exterior] + $0.holes }.flatMap(\.coordinates))
        let box = snapshot.districtBoxes[row]
        let names = table.text("name")
        return (0..<table.count).filter { other in
            guard other != row, snapshot.districtBoxes[other].intersects(box), let surface = table.surface(other) else {
                return false
            }
            let rings = surface.polygons.flatMap { [$0.exterior] + $0.holes }
            return rings.contains { $0.coordinates.contains(where: vertices.contains) }
        }
        .sorted { GlossaryTerms.sortKey(names[$0] ?? "") < GlossaryTerms.sortKey(names[$1] ?? "") }
        .map { RecordFacts(table: table, row: $0) }
    }
}

extension ServedSnapshot {
    /// The rural index of the regions, computed once.
    func ruralRegions(_ cancellation: Cancellation) throws -> RuralAnswer {
        do {
            return try ruralOfRegions.value { () throws(AnalysisError) -> RuralAnswer in
                try RuralAnswer(.region, in: snapshot, cancellation: cancellation)
            }
        } catch AnalysisError.cancelled {
            throw CancellationError()
        } catch {
            throw Problem(.internalServerError, error.description)
        }
    }
}
