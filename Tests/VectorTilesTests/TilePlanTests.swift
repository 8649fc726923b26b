import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

/// What a tile is made of is found before it is made, at once where it is at hand.
@Suite struct TilePlanTests {
    private let snapshot = PointFixture.snapshot(seed: 4, count: 500)

    private func address(_ z: Int, _ x: Int, _ y: Int) throws -> TileAddress {
        try #require(TileAddress(zoom: z, x: x, y: y))
    }

    /// A plan that makes nothing gives up where the coverage of the zoom or clusters are still to be made, and is the
    /// whole tile where they are.
    @Test(arguments: [["districts"], ["borders"], ["offers"], ["actors", "labels"], ["districts", "offers", "links"]])
    func whatIsToBeMadeIsNotAtHand(layers: [String]) throws {
        let source = try TileSource(snapshot: TestData.exampleSnapshot, tileset: TestData.tileset())
        let offers = source.points(of: try OfferSelection(OfferFilter(), in: TestData.exampleSnapshot))
        let address = try address(4, 8, 5)
        func plan(_ clusters: Clustering) throws -> TilePlan? {
            try source.plan(address, offers: offers, layers: layers, clusters: clusters, isAtHandOnly: true)
        }
        #expect(try plan(.declared) == nil)
        #expect(source.collapsedParts.isEmpty, "nothing was drawn")
        let whole = try source.tile(address, offers: offers, layers: layers, clusters: .declared)
        #expect(!whole.isEmpty)
        let made = try #require(try plan(.declared))
        #expect(try made.bytes() == whole)
        #expect(made.steps > 0)
        // Another zoom's coverage is another one's work; points without clusters never need any.
        let deeper = try self.address(5, 16, 10)
        let next = try source.plan(deeper, offers: offers, layers: layers, clusters: .excluded, isAtHandOnly: true)
        #expect((next == nil) == !Set(layers).isDisjoint(with: ["districts", "borders"]))
    }

    /// Steps count every point that is looked at, members of clusters too.
    @Test func stepsCountThePoints() throws {
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let offers = source.points(of: try OfferSelection(OfferFilter(), in: snapshot))
        let placed = (0..<snapshot.offers.count).count { snapshot.offers.point($0) != nil }
        for clusters in [Clustering.declared, .excluded] {
            let plan = try source.plan(
                address(0, 0, 0), offers: offers, layers: ["offers"], clusters: clusters, isAtHandOnly: false)
            #expect(plan?.steps == 20 * placed)
        }
    }

    @Test func answersAreNeverAtHand() throws {
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        #expect(
            try source.plan(
                address(8, 136, 84), offers: nil, layers: ["gaps"], clusters: .declared, isAtHandOnly: true) == nil)
    }
}
