import Analysis
import Geometry
import NetworkModel
import TestSupport
import Testing

/// What must hold for every network.
struct CoveragePropertyTests {
    private static func town(_ generator: inout SeededGenerator) -> Town {
        var town = Town()
        town.districts = (1...4).map { ("1500\($0)", Int64($0) * 1000, 1e8) }
        town.municipalities = town.districts.map { ($0.key + "000", nil) }
        var place = (longitude: 0.0, latitude: 0.0)
        for number in 0..<300 {
            let district = Int.random(in: 0...4, using: &generator)
            // Some cells share a place, so that distances are equal.
            if number % 4 < 2 {
                place = (.random(in: 11...13, using: &generator), .random(in: 51...53, using: &generator))
            }
            town.addCell(
                "cell-\(number)", Int64.random(in: 1...500, using: &generator), place.longitude, place.latitude,
                municipality: district == 0 ? "" : "1500\(district)000")
        }
        for number in 0..<25 {
            let district = Int.random(in: 1...4, using: &generator)
            town.addOffer(
                "offer-\(number)", Double.random(in: 11...13, using: &generator),
                Double.random(in: 51...53, using: &generator), municipality: "1500\(district)000",
                serves: ["1500\(district)", "15001"])
        }
        return town
    }

    private func figures(_ snapshot: Snapshot, _ level: AreaLevel = .district) throws -> CoverageFigures {
        try CoverageAnalysis(OfferFilter(), demand: Demand(snapshot), in: snapshot)
            .figures(level, radius: Metres(12_345))
    }

    private func within(_ area: AreaCoverage) -> [Int64] { area.distances.within.compactMap(\.people.value) }

    @Test(arguments: UInt64(1)...5)
    func peopleAreConserved(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let town = Self.town(&generator)
        let snapshot = town.snapshot
        let state = try figures(snapshot, .state)
        for level in [AreaLevel.district, .municipality] {
            let parts = try figures(snapshot, level)
            let people = parts.areas.compactMap(\.people.value).reduce(0, +)
            #expect(people + parts.unassigned.people == parts.totalPeople)
            #expect(state.areas[0].people == .value(parts.totalPeople))
            #expect(parts.areas.reduce(0) { $0 + $1.cells } + parts.unassigned.cells == 300)
            #expect(parts.areas.reduce(0) { $0 + $1.offersLocated } + parts.offersLocatedInNoArea == 25)
            for area in parts.areas {
                let radius = try #require(area.distances.within.first { $0.radius == parts.radius })
                #expect(try #require(radius.people.value) + #require(area.gapPeople.value) == area.people.value)
                #expect(within(area) == within(area).sorted())
                let order = [area.distances.median, area.distances.p90, area.distances.maximum].map(\.value)
                #expect(try #require(order[0]) <= #require(order[1]))
                #expect(try #require(order[1]) <= #require(order[2]))
                #expect(try #require(area.distances.mean.value) <= #require(order[2]))
            }
        }
        // Sums over the districts and the listed cells are the state's.
        let analysis = try CoverageAnalysis(OfferFilter(), demand: Demand(snapshot), in: snapshot)
        let access = try #require(analysis.access)
        let districts = try figures(snapshot)
        for (number, radius) in districts.areas[0].distances.within.map(\.radius).enumerated() {
            let listed = zip(zip(analysis.demand.areas(.district), analysis.demand.people), access.distances)
                .reduce(Int64(0)) { $0 + ($1.0.0 < 0 && $1.1 <= radius.value ? $1.0.1 : 0) }
            let sum = districts.areas.reduce(listed) { $0 + within($1)[number] }
            #expect(sum == within(state.areas[0])[number])
        }
    }

    @Test(arguments: UInt64(1)...5)
    func oneMoreOfferNeverLowersCoverage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var town = Self.town(&generator)
        let before = try figures(town.snapshot)
        town.addOffer(
            "more", Double.random(in: 11...13, using: &generator), Double.random(in: 51...53, using: &generator))
        let after = try figures(town.snapshot)
        for (old, new) in zip(before.areas, after.areas) {
            #expect(zip(within(old), within(new)).allSatisfy { $0 <= $1 })
            #expect(try #require(new.gapPeople.value) <= #require(old.gapPeople.value))
            #expect(try #require(new.distances.maximum.value) <= #require(old.distances.maximum.value))
            #expect(try #require(new.distances.mean.value) <= #require(old.distances.mean.value))
        }
    }

    @Test(arguments: UInt64(1)...3)
    func orderOfTheInputChangesNothing(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let town = Self.town(&generator)
        var shuffled = town
        shuffled.cells.shuffle(using: &generator)
        shuffled.offers.shuffle(using: &generator)
        shuffled.districts.shuffle(using: &generator)
        for level in AreaLevel.allCases {
            #expect(try figures(town.snapshot, level).areas == figures(shuffled.snapshot, level).areas)
        }
        // Nor do ids, as far as they are in no answer.
        for index in shuffled.cells.indices { shuffled.cells[index]["id"] = .text("renamed-\(999 - index)") }
        #expect(try figures(town.snapshot).areas == figures(shuffled.snapshot).areas)
    }
}
