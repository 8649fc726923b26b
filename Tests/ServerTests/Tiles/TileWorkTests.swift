import Analysis
import HTTPTypes
import NetworkModel
import TestSupport
import Testing
import VectorTiles

@testable import Server

/// Light tiles are made where their request stands, others by the workers: the same bytes.
@Suite struct TileWorkTests {
    private func site(offers: Int) throws -> TestSite {
        try TestSite(MadeNetwork.offers(offers))
    }

    private func work(_ site: TestSite, _ path: String, layers: [String]? = nil, ordered: Bool = false) throws
        -> TileWork
    {
        let served = site.server.site.current.served
        let parts = path.split(separator: "/").map(String.init)
        let position = try TilePosition(zoom: parts[0], column: parts[1], row: parts[2])
        var query = ["clusters": "exclude"]
        if let layers { query[ordered ? "collections" : "layers"] = layers.joined(separator: ",") }
        let exchange = Exchange(
            head: .init(method: .get, scheme: "http", authority: "kompass.test", path: "/"),
            route: .tile(zoom: parts[0], column: parts[1], row: parts[2]),
            query: QueryParameters(query.map { ($0.key, $0.value) }), base: .none, served: served,
            client: ClientPresence())
        let request =
            ordered ? try TileQuery(exchange, collection: nil, known: []) : try TileQuery(exchange, known: [])
        return TileWork(served: served, address: position.address(in: served.tiles.tileset), request: request)
    }

    @Test(arguments: [false, true])
    func whatIsLightIsTheSameTile(ordered: Bool) throws {
        let site = try site(offers: 5)
        let work = try work(site, "4/8/5", layers: ["offers", "districts", "actors"], ordered: ordered)
        #expect(try work.lightBytes() == nil, "the coverage is still to be drawn")
        let whole = try work.bytes(.never)
        #expect(!whole.isEmpty)
        #expect(try work.lightBytes() == whole)
        let other = try self.work(site, "4/8/5", layers: ["actors", "districts", "offers"], ordered: ordered)
        #expect(try other.lightBytes() == (try other.bytes(.never)))
        #expect((try other.bytes(.never) == whole) != ordered, "only collections have an order of the request's")
    }

    @Test func manyPointsAreWorkForTheWorkers() throws {
        let site = try site(offers: 1_500)
        let heavy = try work(site, "0/0/0", layers: ["offers"])
        #expect(try !heavy.bytes(.never).isEmpty)
        #expect(try heavy.lightBytes() == nil)
        let far = try work(site, "9/0/0", layers: ["offers"])
        #expect(try far.lightBytes() == [])
    }

    @Test func aZoomWithoutTilesIsNoWork() throws {
        #expect(try work(site(offers: 1), "20/0/0").lightBytes() == [])
    }
}
