import Foundation
import HTTPTypes
import NetworkModel
import TestSupport
import Testing
import VectorTiles

@testable import Server

/// OGC API Tiles (20-057), requirement by requirement as its abstract test suite lists them.
@Suite struct OGCTilesTests {
    private let site: TestSite
    private static let vector = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
    private static let scheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
    private static let uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    private static let tile = "/api/tiles/WebMercatorQuad/4/5/8"

    init() throws { site = try TestSite() }

    private func bytes(_ parameters: [(String, String)] = [], layers: [String]? = nil) throws -> [UInt8] {
        let served = site.server.site.current.served
        let filter = try OfferFilter(parameters: parameters.map { (name: $0.0, value: $0.1) })
        return try served.tiles.tile(
            try #require(TileAddress(zoom: 4, x: 8, y: 5)), offers: OfferSelection(filter, in: served.snapshot),
            layers: layers)
    }

    // MARK: core

    @Test func conformanceNamesTheClassesThatAreKept() async throws {
        let classes = try await site.send("/api/conformance").json()["conformsTo"] as? [String] ?? []
        #expect(
            classes.filter { $0.contains("ogcapi-tiles-1") }
                == [
                    "core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection",
                    "mvt", "oas30",
                ].map { "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/\($0)" })
    }

    @Test func rowStandsBeforeColumn() async throws {
        let tile = try await site.send(Self.tile)
        #expect(tile.status == 200)
        #expect(tile["Content-Type"] == "application/vnd.mapbox-vector-tile")
        #expect(tile.body == (try bytes()))
        #expect(try await site.send("/api/tiles/WebMercatorQuad/4/8/5").status == 404)
    }

    @Test func aTileIsThatOfTheMapWithItsHeaders() async throws {
        for query in ["", "?v=\(site.tileVersion)", "?v=old", "?category=training"] {
            let own = try await site.send("\(Self.tile)\(query)")
            let map = try await site.send("/tiles/kompass/4/8/5.mvt\(query)")
            #expect(own.status == map.status)
            #expect(own.body == map.body)
            for name in ["Content-Type", "Cache-Control", "ETag", "Vary", "Access-Control-Allow-Origin"] {
                #expect(own[name] == map[name], "\(name) \(query)")
            }
        }
        let tag = try #require(try await site.send(Self.tile)["ETag"])
        #expect(try await site.send(Self.tile, ["If-None-Match": tag]).status == 304)
        #expect(try await site.send(Self.tile, method: .head).body.isEmpty)
    }

    @Test func theMediaTypeIsNegotiated() async throws {
        for accept in ["application/vnd.mapbox-vector-tile", "*/*", "application/*", "application/x-protobuf"] {
            #expect(try await site.send(Self.tile, ["Accept": accept]).status == 200, "\(accept)")
        }
        #expect(try await site.send(Self.tile, ["Accept": "image/png"]).status == 406)
        #expect(try await site.send("\(Self.tile)?f=mvt", ["Accept": "image/png"]).status == 200)
        let refused = try await site.send("\(Self.tile)?f=png")
        #expect(refused.status == 400)
        #expect(try refused.json()["parameter"] as? String == "f")
    }

    @Test(arguments: [
        ("4/-1/8", 400), ("4/16/8", 404), ("4/5/16", 404), ("99/0/0", 404), ("abc/0/0", 400), ("4/5/x", 400),
        ("4/5.0/8", 400), ("25/0/0", 404),
        // Inside the matrix, outside the limits.
        ("4/0/0", 404), ("3/7/7", 404), ("15/0/0", 404),
    ])
    func wrongNumbersAreErrors(path: String, status: Int) async throws {
        let answer = try await site.send("/api/tiles/WebMercatorQuad/\(path)")
        #expect(answer.status == status)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer["Access-Control-Allow-Origin"] == "*")
    }

    @Test func theParameterThatIsWrongIsNamed() async throws {
        for (path, name) in [("x/5/8", "tileMatrix"), ("4/x/8", "tileRow"), ("4/5/x", "tileCol")] {
            let answer = try await site.send("/api/tiles/WebMercatorQuad/\(path)")
            #expect(try answer.json()["parameter"] as? String == name)
        }
    }

    @Test func insideTheLimitsAnEmptyTileIs204() async throws {
        // Between the places at zoom 14 there is nothing of this layer.
        let limits = try #require(try await limits(of: "/api/collections/links/tiles").last)
        let (row, column) = (try #require(limits["minTileRow"] as? Int), try #require(limits["minTileCol"] as? Int))
        let answer = try await site.send("/api/collections/links/tiles/WebMercatorQuad/14/\(row)/\(column)")
        #expect(answer.status == 204)
        // A filter that nothing matches empties every tile, and the limits stay.
        let none = try await site.send("/api/collections/offers/tiles/WebMercatorQuad/4/5/8?q=nothinghasthis")
        #expect(none.status == 204)
        #expect(none.body.isEmpty)
    }

    @Test func nothingLiesOutsideTheLimits() async throws {
        let served = site.server.site.current.served
        let limits = try await limits(of: "/api/tiles")
        #expect(limits.count == served.tiles.tileset.zooms.count)
        for limit in limits {
            let zoom = try #require((limit["tileMatrix"] as? String).flatMap { Int($0) })
            let (top, bottom) = (limit["minTileRow"] as? Int ?? 0, limit["maxTileRow"] as? Int ?? -1)
            let (left, right) = (limit["minTileCol"] as? Int ?? 0, limit["maxTileCol"] as? Int ?? -1)
            for address in try served.tiles.addresses(zoom: zoom, layers: nil) {
                #expect((top...bottom).contains(address.y) && (left...right).contains(address.x), "\(address)")
            }
        }
    }

    /// What a tile refuses, the document that leads to it refuses too, in both forms.
    @Test(arguments: [
        ("", "category=nonsense"), ("", "located_in=99999"), ("", "clusters=yes"), ("", "collections=nonsense"),
        ("", "valid_on=tomorrow"), ("/collections/offers", "audience=nonsense"),
        ("/collections/offers", "actor=nobody"),
        ("/collections/districts", "category=training"), ("/collections/gaps", "category=nonsense"),
        ("/collections/gaps", "area=99999"), ("/collections/gaps", "radius=-1"), ("/collections/access", "bands=x"),
        ("/collections/access", "area=nowhere"),
    ])
    func valuesThatTilesRefuseAreRefusedByTheirDescription(collection: String, query: String) async throws {
        let path = "/api\(collection)/tiles/WebMercatorQuad"
        let limits = try #require(try await limits(of: "/api\(collection)/tiles").first)
        let place = try ["tileMatrix", "minTileRow", "minTileCol"].map { try #require(limits[$0]) }
        let tile = try await site.send("\(path)/\(place[0])/\(place[1])/\(place[2])?\(query)")
        #expect(tile.status == 400)
        for form in ["json", "html"] {
            let document = try await site.send("\(path)?f=\(form)&\(query)")
            #expect(document.status == 400, "\(form)")
            #expect(try document.json()["parameter"] as? String == tile.json()["parameter"] as? String)
        }
    }

    @Test(arguments: [
        "category=nonsense", "located_in=99999", "layers=gaps&area=99999", "figures=coverage&area=99999", "figures=all",
        "layers=nonsense",
    ])
    func valuesThatTilesRefuseAreRefusedByTheirTileJSON(query: String) async throws {
        let tile = try await site.send("/tiles/kompass/8/135/85.mvt?\(query)")
        let document = try await site.send("/tiles/kompass.json?\(query)")
        #expect(tile.status == 400)
        #expect(document.status == 400)
        #expect(try document.json()["parameter"] as? String == tile.json()["parameter"] as? String)
    }

    @Test func unknownParametersAndTilesetsAreRefused() async throws {
        #expect(try await site.send("\(Self.tile)?layers=offers").status == 400)
        #expect(try await site.send("\(Self.tile)?colour=red").status == 400)
        #expect(try await site.send("/api/tiles/WorldCRS84Quad").status == 404)
        #expect(try await site.send("/api/tiles/WorldCRS84Quad/4/5/8").status == 404)
        #expect(try await site.send("/api/tileMatrixSets/WorldCRS84Quad").status == 404)
        #expect(try await site.send("/api/tiles/WebMercatorQuad/4/5").status == 404)
    }

    // MARK: tileset

    private func limits(of path: String) async throws -> [[String: Any]] {
        try await site.send("\(path)/WebMercatorQuad").json()["tileMatrixSetLimits"] as? [[String: Any]] ?? []
    }

    @Test(arguments: ["/api/tiles", "/api/collections/offers/tiles", "/api/collections/municipalities/tiles"])
    func aTilesetHasWhatTheSchemaRequires(path: String) async throws {
        let json = try await site.send("\(path)/WebMercatorQuad?f=json").json()
        #expect(json["title"] is String)
        #expect(json["dataType"] as? String == "vector")
        #expect(json["crs"] as? String == "http://www.opengis.net/def/crs/EPSG/0/3857")
        #expect(json["tileMatrixSetURI"] as? String == Self.uri)
        let links = try #require(json["links"] as? [[String: Any]])
        for link in links {
            #expect(link["href"] is String)
            #expect(link["rel"] is String)
        }
        let scheme = try #require(links.first { $0["rel"] as? String == Self.scheme })
        let definition = try await site.send(Received.target(try #require(scheme["href"] as? String))).json()
        #expect(definition["uri"] as? String == Self.uri)
        let item = try #require(links.first { $0["rel"] as? String == "item" })
        #expect(item["templated"] as? Bool == true)
        #expect(item["type"] as? String == "application/vnd.mapbox-vector-tile")
        let template = try #require(item["href"] as? String)
        for variable in ["{tileMatrix}", "{tileRow}", "{tileCol}"] { #expect(template.contains(variable)) }

        for limit in try #require(json["tileMatrixSetLimits"] as? [[String: Any]]) {
            let zoom = try #require(Int(limit["tileMatrix"] as? String ?? ""))
            for (least, most) in [("minTileRow", "maxTileRow"), ("minTileCol", "maxTileCol")] {
                let low = try #require(limit[least] as? Int)
                let high = try #require(limit[most] as? Int)
                #expect(0 <= low && low <= high && high < 1 << zoom)
            }
        }
        let box = try #require(json["boundingBox"] as? [String: Any])
        let lower = try #require(box["lowerLeft"] as? [Double])
        let upper = try #require(box["upperRight"] as? [Double])
        #expect(lower.count == 2 && upper.count == 2 && lower[0] <= upper[0] && lower[1] <= upper[1])
        for layer in try #require(json["layers"] as? [[String: Any]]) {
            #expect(layer["id"] is String)
            #expect(layer["dataType"] as? String == "vector")
            #expect([0, 1, 2].contains(layer["geometryDimension"] as? Int))
            #expect(layer["links"] is [[String: Any]])
            let schema = try #require(layer["propertiesSchema"] as? [String: Any])
            #expect(schema["properties"] is [String: [String: Any]])
        }
    }

    @Test func theTemplateOfTheTilesetLeadsToTilesOfItsFilter() async throws {
        let links =
            try await site.send("/api/tiles/WebMercatorQuad?category=training&q=a%20b&collections=offers,districts")
            .json()["links"] as? [[String: Any]] ?? []
        let template = try #require(links.first { $0["rel"] as? String == "item" }?["href"] as? String)
        let target = Received.target(template).replacing("{tileMatrix}", with: "4").replacing("{tileRow}", with: "5")
            .replacing("{tileCol}", with: "8")
        let tile = try await site.send(target)
        #expect(tile["Cache-Control"] == "public, max-age=31536000, immutable")
        let filter = [("category", "training"), ("q", "a b")]
        let parts = try ["offers", "districts"].map { try bytes(filter, layers: [$0]) }
        #expect(tile.body == parts.flatMap { $0 })
        let own = try #require(links.first { $0["rel"] as? String == "self" }?["href"] as? String)
        #expect(own.contains("category=training") && own.contains("collections=offers,districts"))
    }

    // MARK: tilesets-list, dataset-tilesets, geodata-tilesets

    @Test(arguments: ["/api", "/api/collections/offers", "/api/collections/districts"])
    func theResourceLinksToItsTilesetsAndTheyToTheirs(path: String) async throws {
        let list = try #require(try await site.send(path).link(Self.vector))
        #expect(list == (path == "/api" ? "/api/tiles" : "\(path)/tiles"))
        let answer = try await site.send(list)
        #expect(answer.status == 200)
        let tilesets = try #require(try answer.json()["tilesets"] as? [[String: Any]])
        #expect(tilesets.count == 1)
        for tileset in tilesets {
            #expect(tileset["dataType"] as? String == "vector")
            #expect(tileset["crs"] as? String == "http://www.opengis.net/def/crs/EPSG/0/3857")
            #expect(tileset["tileMatrixSetURI"] as? String == Self.uri)
            let links = try #require(tileset["links"] as? [[String: Any]])
            let own = try #require(links.first { $0["rel"] as? String == "self" }?["href"] as? String)
            #expect(own.contains("/tiles") && own.contains("f=json"))
            #expect(links.contains { $0["rel"] as? String == Self.scheme })
            let json = try await site.send(Received.target(own)).json()
            #expect(json["title"] as? String == tileset["title"] as? String)
        }
    }

    @Test func eachCollectionWithALayerHasTilesAndNoOther() async throws {
        let served = site.server.site.current.served
        let layers = Set(served.tiles.tileset.layerNames)
        #expect(served.collections.contains { !layers.contains($0.id) })
        for collection in served.collections {
            let path = "/api/collections/\(collection.id)"
            let isTiled = layers.contains(collection.id)
            #expect(try await site.send("\(path)/tiles").status == (isTiled ? 200 : 404), "\(path)")
            #expect(try await site.send("\(path)/tiles/WebMercatorQuad").status == (isTiled ? 200 : 404))
            #expect(try await site.send(path).link(Self.vector) == (isTiled ? "\(path)/tiles" : nil))
        }
        #expect(try await site.send("/api/collections/rivers/tiles").status == 404)
    }

    @Test func aCollectionsTileHoldsItsLayer() async throws {
        let path = "/api/collections/offers/tiles/WebMercatorQuad/4/5/8"
        #expect(try await site.send(path).body == (try bytes(layers: ["offers"])))
        #expect(
            try await site.send("\(path)?category=training").body
                == (try bytes([("category", "training")], layers: ["offers"])))
        // What a filter cannot change does not take one.
        let districts = "/api/collections/districts/tiles/WebMercatorQuad/4/5/8"
        #expect(try await site.send(districts).body == (try bytes(layers: ["districts"])))
        #expect(try await site.send("\(districts)?category=training").status == 400)
        #expect(try await site.send("\(districts)?collections=offers").status == 400)
        // Municipalities begin at zoom 7.
        #expect(try await site.send("/api/collections/municipalities/tiles/WebMercatorQuad/4/5/8").status == 404)
    }

    // MARK: collections-selection

    @Test(arguments: [["offers", "districts"], ["districts", "offers"], ["actors"]])
    func collectionsAreChosenInTheirOrder(ids: [String]) async throws {
        let answer = try await site.send("\(Self.tile)?collections=\(ids.joined(separator: ","))")
        #expect(answer.body == (try ids.flatMap { try bytes(layers: [$0]) }))
    }

    @Test(arguments: ["", ","]) func namingNoneChoosesAll(names: String) async throws {
        #expect(try await site.send("\(Self.tile)?collections=\(names)").body == bytes())
        let map = "/tiles/kompass/4/8/5.mvt"
        #expect(try await site.send("\(map)?layers=\(names)").body == bytes())
        let document = try await site.send("/tiles/kompass.json?layers=\(names)")
        #expect(document.body == (try await site.send("/tiles/kompass.json").body))
    }

    @Test func unknownCollectionsAreRefused() async throws {
        for ids in ["offers,rivers", "population", "borders"] {
            let answer = try await site.send("\(Self.tile)?collections=\(ids)")
            #expect(answer.status == 400, "\(ids)")
            #expect(try answer.json()["parameter"] as? String == "collections")
        }
    }

    // MARK: oas30

    @Test func operationsAreNamedAsTheStandardWants() async throws {
        let json = try await site.send("/api/openapi.json").json()
        let paths = try #require(json["paths"] as? [String: [String: [String: Any]]])
        func operation(_ path: String) throws -> [String: Any] { try #require(paths[path]?["get"], "\(path)") }
        for (root, kind) in [("/api/tiles", "dataset"), ("/api/collections/offers/tiles", "collection")] {
            for (path, name) in [
                (root, "getTileSetsList"), ("\(root)/WebMercatorQuad", "getTileSet"),
                ("\(root)/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}", "getTile"),
            ] {
                let id = try #require(try operation(path)["operationId"] as? String)
                #expect(id.hasSuffix(".\(kind).vector.\(name)"))
            }
        }
        let tile = try operation("/api/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}")
        let parameters = try #require(tile["parameters"] as? [[String: Any]])
        for (name, type) in [("tileMatrix", "string"), ("tileRow", "integer"), ("tileCol", "integer")] {
            let parameter = try #require(parameters.first { $0["name"] as? String == name })
            #expect(parameter["in"] as? String == "path")
            #expect(parameter["required"] as? Bool == true)
            #expect((parameter["schema"] as? [String: Any])?["type"] as? String == type)
        }
        let responses = try #require(tile["responses"] as? [String: [String: Any]])
        #expect(responses["204"] != nil)
        #expect((responses["200"]?["content"] as? [String: Any])?["application/vnd.mapbox-vector-tile"] != nil)
        // What the document names, the tile takes.
        for parameter in parameters where parameter["in"] as? String == "query" {
            let name = try #require(parameter["name"] as? String)
            #expect(try await !site.send("\(Self.tile)?\(name)=%20").text.contains("unknown parameter"), "\(name)")
        }
    }

    // MARK: 2D Tile Matrix Set

    @Test func theTileMatrixSetIsTheRegistered() async throws {
        let list = try await site.send("/api/tileMatrixSets").json()["tileMatrixSets"] as? [[String: Any]] ?? []
        #expect(list.compactMap { $0["id"] as? String } == ["WebMercatorQuad"])
        let links = try #require(list.first?["links"] as? [[String: Any]])
        let own = try #require(links.first { $0["rel"] as? String == "self" }?["href"] as? String)
        let json = try await site.send(Received.target(own)).json()
        #expect(json["id"] as? String == "WebMercatorQuad")
        #expect(json["uri"] as? String == Self.uri)
        #expect(json["crs"] as? String == "http://www.opengis.net/def/crs/EPSG/0/3857")
        let matrices = try #require(json["tileMatrices"] as? [[String: Any]])
        #expect(matrices.compactMap { $0["id"] as? String } == (0...24).map(\.description))
        // The register's figures, as it prints them.
        let registered = [
            0: (559082264.028717, 156543.033928041), 1: (279541132.014358, 78271.5169640204),
            10: (545978.773465544, 152.874056570353),
        ]
        for (zoom, (denominator, size)) in registered {
            let matrix = matrices[zoom]
            let ownDenominator = try #require(matrix["scaleDenominator"] as? Double)
            let ownSize = try #require(matrix["cellSize"] as? Double)
            #expect(abs(ownDenominator / denominator - 1) < 1e-13)
            #expect(abs(ownSize / size - 1) < 1e-13)
            #expect(matrix["pointOfOrigin"] as? [Double] == [-20037508.3427892, 20037508.3427892])
            #expect(matrix["matrixWidth"] as? Int == 1 << zoom)
            #expect(matrix["matrixHeight"] as? Int == 1 << zoom)
            #expect(matrix["tileWidth"] as? Int == 256)
        }
    }

    @Test(arguments: [
        "/api/tiles", "/api/tiles/WebMercatorQuad", "/api/collections/offers/tiles/WebMercatorQuad",
        "/api/tileMatrixSets", "/api/tileMatrixSets/WebMercatorQuad",
    ])
    func documentsHaveAnHTMLForm(path: String) async throws {
        let json = try await site.send(path)
        #expect(json["Content-Type"] == "application/json")
        let html = try await site.send(path, ["Accept": "text/html", "Accept-Language": "en"])
        #expect(html["Content-Type"] == "text/html; charset=utf-8")
        #expect(html["Vary"]?.contains("Accept") == true)
        for link in try json.json()["links"] as? [[String: Any]] ?? [] {
            let href = try #require(link["href"] as? String).replacing("&", with: "&amp;")
            // A template is shown; there is nothing behind it as it stands.
            #expect(html.text.contains(link["templated"] == nil ? "<a href=\"\(href)\"" : ": \(href)"), "\(href)")
        }
    }
}
