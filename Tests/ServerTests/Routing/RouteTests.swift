import Testing

@testable import Server

@Suite struct RouteTests {
    @Test(arguments: [
        ("/", Route.map), ("/api", .landing), ("/api/", .landing), ("/api/collections/offers/items", .items("offers")),
        ("/api/collections/offers/items/a%2Fb", .item("offers", feature: "a/b")),
        ("/api/collections/links/items/a/b/c", .item("links", feature: "a/b/c")),
        ("/api/collections/%C3%A4", .collection("ä")),
        ("/tiles/kompass/4/8/5.mvt", .tile(zoom: "4", column: "8", row: "5")),
        ("/api/tiles/", .tilesets(collection: nil)),
        ("/api/tiles/A", .tileset(collection: nil, tileMatrixSet: "A")),
        (
            "/api/collections/offers/tiles/A/1/2/3",
            .tilesetTile(collection: "offers", tileMatrixSet: "A", tileMatrix: "1", tileRow: "2", tileCol: "3")
        ), ("/api/tileMatrixSets/A", .tileMatrixSet("A")),
        ("/tiles/kompass.json", .tileJSON), ("/assets/css/base.css", .asset("css/base.css")),
        ("/assets/../Package.swift", .asset("../Package.swift")), ("/health/live", .live),
    ])
    func reads(path: String, route: Route) throws { #expect(try Route.parse(path) == route) }

    @Test(arguments: [
        "/nothing", "/api/nothing", "/api/collections/offers/nothing", "/tiles/kompass/4/8/5",
        "/tiles/kompass/4/8/5.png",
        "/api/tiles/A/1/2", "/api/tileMatrixSets/A/B", "/tiles/other/4/8/5.mvt", "/api//collections", "//", "/health",
        "/API",
    ])
    func knowsNothingElse(path: String) throws { #expect(try Route.parse(path) == nil) }

    @Test(arguments: ["", "api", "http://x/api", "/%", "/%ff", "/api/%00"])
    func refusesWhatIsNoPath(path: String) { #expect(throws: Problem.self) { try Route.parse(path) } }
}
