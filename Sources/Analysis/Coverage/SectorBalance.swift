internal import Foundation
internal import NetworkModel

/// The actors of an area by sector: the "three-legged stool" of administration, business and civil society (DOMAIN 6.5).
public struct SectorBalance: Sendable, Hashable {
    /// The three legs, as the vocabulary names them.
    public static let legs = ["administration", "business", "civil_society"]

    /// A sector that is none of the legs.
    public struct OtherSector: Sendable, Hashable {
        /// The key of the sector.
        public let sector: String
        /// How many actors located here state it.
        public let actors: Int
    }

    /// How many actors located here state each of the legs, in the order of `legs`.
    public let legs: [Int]
    /// How many state another sector, counted beside: the sectors in their byte order.
    public let others: [OtherSector]
    /// How many state no sector.
    public let notStated: Int

    /// How many actors are located here.
    public var actors: Int { legs.reduce(notStated) { $0 + $1 } + others.reduce(0) { $0 + $1.actors } }

    /// The legs without an actor.
    public var missing: [String] { zip(Self.legs, legs).filter { $1 == 0 }.map(\.0) }

    /// How evenly the actors of the three legs are spread: Shannon's entropy over that of an even spread, ln 3. 1 where
    /// all legs have the same number, 0 where there is but one; null without an actor of a leg.
    public var evenness: Figure<Double> {
        let total = legs.reduce(0, +)
        guard total > 0 else { return .missing(.noActor) }
        let entropy = legs.filter { $0 > 0 }.reduce(0.0) { sum, count in
            let share = Double(count) / Double(total)
            return sum - share * log(share)
        }
        // One leg alone has an entropy of -0.0.
        return .value(entropy / log(3) + 0)
    }

    /// The balance of each area. - Complexity: O(actors + areas)
    static func balances(_ list: AreaList, in snapshot: Snapshot) -> [SectorBalance] {
        let sectors = snapshot.actors.code("sector")
        let codes = Array(sectors.dictionary.codes)
        let areas = list.numbers(of: snapshot.actors)
        var counts = [[Int]](repeating: [Int](repeating: 0, count: codes.count + 1), count: list.count)
        for (actor, area) in areas.enumerated() where area >= 0 { counts[Int(area)][Int(sectors.codes[actor])] += 1 }
        let numberOfLeg = Self.legs.map { leg in codes.firstIndex(of: leg).map { $0 + 1 } }
        let otherCodes = codes.filter { !Self.legs.contains($0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numberOfOther = otherCodes.map { code in (codes.firstIndex(of: code) ?? -1) + 1 }
        return counts.map { counts in
            SectorBalance(
                legs: numberOfLeg.map { $0.map { counts[$0] } ?? 0 },
                others: zip(otherCodes, numberOfOther).map { OtherSector(sector: $0, actors: counts[$1]) },
                notStated: counts[0])
        }
    }
}
