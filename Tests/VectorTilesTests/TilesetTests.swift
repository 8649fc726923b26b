import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import VectorTiles

@Suite struct TilesetTests {
    @Test func shippedFileIsRead() throws {
        let tileset = try TestData.tileset()
        #expect(tileset.zooms == 0...14)
        #expect(
            tileset.layerNames == [
                "districts", "municipalities", "borders", "labels", "offers", "actors", "links", "gaps", "access",
            ])
        #expect(tileset.layers[1].zooms == 7...14)
        #expect(
            tileset.layers[0].attributes.filter { $0.figures == nil }.map(\.name) == [
                "key", "name", "designation", "people", "area_m2", "actors", "offers", "data_status",
            ])
        #expect(
            tileset.layers[0].attributes.filter { $0.figures == .rural }.map(\.name) == [
                "rural_index", "rural_class", "rural_published_index", "rural_published_type",
            ])
        #expect(tileset.layers[0].holds(.coverage) && tileset.layers[1].holds(.coverage))
        #expect(tileset.layers[0].attributes.first { $0.name == "rural_class" }?.isNumber == false)
        let people = try #require(tileset.layers[0].attributes.first { $0.name == "people" })
        #expect(people.unit == "{people}")
        #expect(people.summary["de"] == "Einwohner (Zensuszellen)")
        #expect(people.summary["en-GB"] == "Inhabitants (census cells)")
    }

    /// Caches tell tilesets apart by their fingerprints.
    @Test func fingerprintIsTheFiles() throws {
        let bytes = try Data(contentsOf: TestData.package.appending(path: "Tiles/tileset.json"))
        let text = String(decoding: bytes, as: UTF8.self)
        let other = try Tileset(json: Array(text.replacing("\"maxzoom\": 14", with: "\"maxzoom\": 13").utf8))
        #expect(try TestData.tileset().fingerprint == Tileset(json: Array(bytes)).fingerprint)
        #expect(try TestData.tileset().fingerprint != other.fingerprint)
        #expect(!other.fingerprint.isEmpty)
    }

    /// Every mistake names its place.
    @Test(arguments: [
        ("\"minzoom\": 0", "\"minzom\": 0", "minzom", "not known"),
        ("\"maxzoom\": 14", "\"maxzoom\": 40", "minzoom", "within 0 to 18"),
        ("\"version\": \"1.2.0\"", "\"version\": \"1.0\"", "version", "three numbers"),
        ("\"version\": \"1.2.0\",", "", "", "\"version\" is missing"),
        ("\"id\": \"districts\"", "\"id\": \"kreise\"", "layers[0].id", "no layer \"kreise\""),
        ("\"id\": \"municipalities\"", "\"id\": \"districts\"", "layers", "stands twice"),
        (
            "{\"name\": \"designation\"}", "{\"name\": \"colour\"}", "layers[0].attributes[2].name",
            "no field \"colour\""
        ),
        (
            "{\"name\": \"designation\"}", "{\"name\": \"key\"}", "layers[0].attributes", "\"key\" stands twice"
        ),
        (
            "{\"name\": \"designation\"}", "{\"name\": \"designation\", \"minzoom\": 15}",
            "layers[0].attributes[2].minzoom",
            "must be 0 to 14"
        ),
        (
            "\"figures\": \"rural\"", "\"figures\": \"urban\"", "layers[0].attributes[8].figures",
            "no figures \"urban\""
        ),
        ("\"type\": \"text\"", "\"type\": \"date\"", "layers[0].attributes[9].type", "number or text"),
        ("{\"municipality\": 7}", "{\"village\": 7}", "layers[2].levels", "no level \"village\""),
        ("{\"municipality\": 7}", "{\"municipality\": 15}", "layers[2].levels", "must be 0 to 14"),
        ("\"minzoom\": 0", "\"minzoom\": \"0\"", "minzoom", "must be of type Int"),
        ("\"radius\": 50", "\"radius\": 0", "layers[4].clusters.radius", "must be 1 to 256"),
        ("\"radius\": 50", "\"radios\": 50", "layers[4].clusters.radios", "not known"),
        ("\"maxzoom\": 13", "\"maxzoom\": 15", "layers[4].clusters.maxzoom", "must be 0 to 14"),
        (
            "\"counts\": \"category\"", "\"counts\": \"title\"", "layers[4].clusters.counts",
            "no field \"title\" of codes"
        ),
        ("\"levels\": {\"municipality\": 7}", "\"clusters\": {}", "layers[2].clusters.maxzoom", "no points"),
        ("\"de\": \"Kompass\", ", "", "name", "\"de\""),
    ])
    func mistakesAreNamed(found: String, replacement: String, path: String, problem: String) throws {
        var text = try String(contentsOf: TestData.package.appending(path: "Tiles/tileset.json"), encoding: .utf8)
        let range = try #require(text.range(of: found))
        text.replaceSubrange(range, with: replacement)
        let error = #expect(throws: TileError.self) { try Tileset(json: Array(text.utf8)) }
        guard case .invalidTileset(let errorPath, let errorProblem)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(errorPath == path)
        #expect(errorProblem.contains(problem))
    }

    @Test(arguments: ["", "[]", "{", "null", "{\"version\": 1}"])
    func whatIsNoTilesetIsRefused(_ text: String) {
        #expect(throws: TileError.self) { try Tileset(json: Array(text.utf8)) }
    }
}

@Suite struct TileSourceTests {
    private let snapshot = Snapshot(ExampleNetwork.tables)

    private func tile(_ zoom: Int, _ longitude: Double, _ latitude: Double, layers: [String]? = nil) throws
        -> DecodedTile
    {
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let point = WebMercator.project(.init(longitude: longitude, latitude: latitude))
        let side = Double(1 << zoom)
        let address = try #require(TileAddress(zoom: zoom, x: Int(point.x * side), y: Int(point.y * side)))
        return try DecodedTile(
            try source.tile(address, offers: try OfferSelection(OfferFilter(), in: snapshot), layers: layers))
    }

    @Test func districtsCarryTheirFigures() throws {
        let layer = try #require(try tile(5, 11.5, 51.5)["districts"])
        #expect(layer.features.map(\.id) == [15001, 15002])
        let attributes = layer.attributes(layer.features[0])
        #expect(attributes.map(\.key) == ["key", "name", "people", "area_m2", "actors", "offers", "data_status"])
        #expect(
            attributes.map(\.value) == [
                .text("15001"), .text("Westkreis"), .uint(100), .float(1e9), .uint(1), .uint(2), .text("data"),
            ])
        #expect(layer.attributes(layer.features[1]).last?.value == .text("no_data"))
    }

    @Test func offersCarryIdAndHash() throws {
        let layer = try #require(try tile(14, 11.5, 51.5)["offers"])
        #expect(layer.features.count == 2)
        #expect(layer.features[0].id == FeatureIdentifiers.hash("beratung".utf8, attempt: 0))
        let attributes = layer.attributes(layer.features[0])
        #expect(attributes.contains(.init(key: "id", value: .text("beratung"))))
        #expect(attributes.contains(.init(key: "actor_name", value: .text("Amt für Mädchen"))))
        #expect(attributes.contains(.init(key: "source_year", value: .uint(2018))))
    }

    @Test func layersComeInTheTilesetsOrderAndOnlyWhenAskedFor() throws {
        #expect(try tile(9, 11.5, 51.5).layers.map(\.name).first == "districts")
        #expect(try tile(9, 11.5, 51.5, layers: ["actors", "labels"]).layers.map(\.name) == ["labels", "actors"])
        #expect(try tile(6, 11.5, 51.5, layers: ["municipalities"]).layers.isEmpty)
        #expect(throws: TileError.unknownLayer("rivers", known: try TestData.tileset().layerNames)) {
            try tile(9, 11.5, 51.5, layers: ["rivers"])
        }
    }

    @Test func emptyTileHasNoBytes() throws {
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let far = try #require(TileAddress(zoom: 10, x: 3, y: 3))
        let offers = try OfferSelection(OfferFilter(), in: snapshot)
        #expect(try source.tile(far, offers: offers, layers: nil).isEmpty)
    }

    @Test(arguments: [15, 18])
    func zoomOutsideTheTilesetIsRefused(zoom: Int) throws {
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let address = try #require(TileAddress(zoom: zoom, x: 0, y: 0))
        let offers = try OfferSelection(OfferFilter(), in: snapshot)
        #expect(throws: TileError.zoomNotServed(zoom, served: 0...14)) {
            try source.tile(address, offers: offers, layers: nil)
        }
    }

    @Test func emptyNetworkHasEmptyTilesAndADocument() throws {
        let empty = Snapshot([:])
        let source = try TileSource(snapshot: empty, tileset: TestData.tileset())
        let offers = try OfferSelection(OfferFilter(), in: empty)
        #expect(try source.tile(try #require(TileAddress(zoom: 4, x: 8, y: 5)), offers: offers, layers: nil).isEmpty)
        #expect(!(try source.tileJSON(urls: ["x"], attribution: "", layers: nil, language: "de")).isEmpty)
    }

    @Test func tileJSONTellsWhatTilesHold() throws {
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let bytes = try source.tileJSON(
            urls: ["https://example.org/tiles/kompass/{z}/{x}/{y}.mvt?v=1"], attribution: "© Beispiel", layers: nil,
            language: "en")
        let again = try source.tileJSON(
            urls: ["https://example.org/tiles/kompass/{z}/{x}/{y}.mvt?v=1"], attribution: "© Beispiel", layers: nil,
            language: "en")
        #expect(bytes == again)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(document["tilejson"] as? String == "3.0.0")
        #expect(document["tiles"] as? [String] == ["https://example.org/tiles/kompass/{z}/{x}/{y}.mvt?v=1"])
        #expect(document["bounds"] as? [Double] == [11, 51, 13, 52])
        #expect(document["minzoom"] as? Int == 0)
        #expect(document["maxzoom"] as? Int == 14)
        #expect(document["version"] as? String == "1.2.0")
        #expect(document["data_version"] as? String == snapshot.dataVersion.description)
        let center = try #require(document["center"] as? [Double])
        #expect(center[0] == 12)
        #expect(abs(center[1] - 51.5) < 0.01)
        #expect((0...14).contains(center[2]))
        let layers = try #require(document["vector_layers"] as? [[String: Any]])
        let shown = try TestData.tileset().layers.filter { !$0.content.isAnswer }
        #expect(layers.map { $0["id"] as? String } == shown.map(\.content.rawValue))
        let fields = try #require(layers[0]["fields"] as? [String: String])
        #expect(fields["area_m2"] == "Geodesic area of the outline [m2]")
        #expect(fields["offers"] == "Offers")
        let some = try source.tileJSON(urls: [], attribution: "", layers: ["offers"], language: "de")
        let part = try #require(try JSONSerialization.jsonObject(with: Data(some)) as? [String: Any])
        #expect((part["vector_layers"] as? [Any])?.count == 1)
    }

    /// Where only some layers are asked for, the zooms are theirs.
    @Test(arguments: [(["municipalities"], 7), (["municipalities", "gaps"], 4), (["labels", "access"], 0)])
    func tileJSONHasTheZoomsOfItsLayers(layers: [String], first: Int) throws {
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let bytes = try source.tileJSON(urls: [], attribution: "", layers: layers, language: "de")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(document["minzoom"] as? Int == first)
        #expect(document["maxzoom"] as? Int == 14)
        let center = try #require(document["center"] as? [Double])
        #expect((Double(first)...14).contains(center[2]))
    }

    /// No point is lost that a record has: beyond the square it stands at its border, inside one tile of each zoom.
    @Test(arguments: [0, 1, 6, 14])
    func pointsBeyondTheSquareStandAtItsBorder(zoom: Int) throws {
        let places = [(10.0, 90.0), (10, -90), (180, 52), (-180, 52), (10, 86), (180, -90)]
        let snapshot = PointFixture.snapshot(
            places.enumerated().map { number, place in
                [
                    "id": .text("offer-\(number)"), "title": .text("Angebot"), "category": .text("training"),
                    "region": .text("example"), "lon": .real(place.0), "lat": .real(place.1),
                ]
            })
        let source = try TileSource(snapshot: snapshot, tileset: TestData.tileset())
        let offers = try OfferSelection(OfferFilter(), in: snapshot)
        var counted = 0
        for address in try source.addresses(zoom: zoom, layers: ["offers"]) {
            let tile = try DecodedTile(
                try source.tile(address, offers: offers, layers: ["offers"], clusters: .excluded))
            for vertex in tile["offers"]?.features.flatMap({ $0.paths.joined() }) ?? []
            where (0..<4096).contains(vertex.x) && (0..<4096).contains(vertex.y) {
                counted += 1
            }
        }
        #expect(counted == places.count)
    }
}

@Suite struct AddressTests {
    @Test func matrixEnds() {
        #expect(TileAddress(zoom: 0, x: 0, y: 0) != nil)
        #expect(TileAddress(zoom: 3, x: 8, y: 0) == nil)
        #expect(TileAddress(zoom: 3, x: 0, y: -1) == nil)
        #expect(TileAddress(zoom: -1, x: 0, y: 0) == nil)
        #expect(TileAddress(zoom: 19, x: 0, y: 0) == nil)
    }

    /// OGC 17-083r4, annex D.1: the matrix of level 0 is the square of ±180° and ±85.05112877980659°.
    @Test func boundsOfTheWorld() throws {
        let world = try #require(TileAddress(zoom: 0, x: 0, y: 0)).bounds
        #expect(world.minX == -180 && world.maxX == 180)
        #expect(abs(world.maxY - WebMercator.northernmostLatitude) < 1e-9)
        #expect(abs(world.minY + WebMercator.northernmostLatitude) < 1e-9)
    }

    @Test(arguments: [(0.0, 0.0), (11.63, 52.13), (-179.9, -80.0), (180, 85)])
    func projectionAndBack(longitude: Double, latitude: Double) {
        let back = WebMercator.unproject(WebMercator.project(.init(longitude: longitude, latitude: latitude)))
        #expect(abs(back.longitude - longitude) < 1e-9)
        #expect(abs(back.latitude - latitude) < 1e-9)
    }

    /// Magdeburg's cathedral lies in the tile that every map of it shows.
    @Test func knownTile() {
        let point = WebMercator.project(.init(longitude: 11.6347, latitude: 52.1247))
        #expect(Int(point.x * 4096) == 2180)
        #expect(Int(point.y * 4096) == 1350)
    }
}

@Suite struct FeatureIdentifierTests {
    @Test func keysAreTheirOwnNumbersAndOthersAreHashed() {
        var column = TextColumn()
        for identifier in ["01001", "15081", "abc", "12345678901234567"] { column.append(identifier) }
        let numbers = FeatureIdentifiers.numbers(of: column)
        #expect(numbers[0] == 1001)
        #expect(numbers[1] == 15081)
        #expect(numbers[2] == FeatureIdentifiers.hash("abc".utf8, attempt: 0))
        #expect(numbers.allSatisfy { $0 < 1 << 53 })
    }

    @Test func numbersThatAreTakenAreAvoided() {
        var column = TextColumn()
        for identifier in ["0015", "015", "15"] { column.append(identifier) }
        let numbers = FeatureIdentifiers.numbers(of: column)
        #expect(Set(numbers).count == 3)
        #expect(numbers[0] == 15)
    }

    /// However often hashes collide, no two records share an id, the earlier ones keep theirs, and keys are never moved.
    @Test func collisionsAreResolved() {
        var column = TextColumn()
        for identifier in ["3", "a", "b", "c", "d", "e", "f", "4"] { column.append(identifier) }
        let numbers = FeatureIdentifiers.numbers(of: column) { identifier, attempt in
            // Three numbers for everything, at first.
            attempt == 0 ? UInt64((identifier.first ?? 0) % 3 + 3) : UInt64(identifier.first ?? 0) + attempt * 1000
        }
        #expect(Set(numbers).count == 8)
        #expect(numbers.first == 3 && numbers.last == 4)
        #expect(numbers == [3, 1097, 5, 1099, 1100, 1101, 1102, 4])
        var shorter = TextColumn()
        for identifier in ["3", "a", "b"] { shorter.append(identifier) }
        #expect(FeatureIdentifiers.numbers(of: shorter) == Array(FeatureIdentifiers.numbers(of: column)[..<3]))
    }

    /// A change of the hash would change every id that clients and links have kept.
    @Test func hashesStay() {
        #expect(FeatureIdentifiers.hash("beratung".utf8, attempt: 0) == 444_530_205_028_266)
    }
}

@Suite struct LabelPointTests {
    @Test func placeIsStatedOrInside() throws {
        var tables = ExampleNetwork.tables
        tables[.districts] = Table(
            .districts, [["key": .text("15001"), "name": .text("Hufe")]],
            surfaces: [
                MultiPolygon([
                    Polygon(
                        exterior: Ring(
                            [
                                (11.0, 51.0), (14, 51), (14, 54), (13, 54), (13, 52), (12, 52), (12, 54), (11, 54),
                                (11, 51),
                            ]
                            .map { Coordinate(x: $0.0, y: $0.1) }))
                ])
            ])
        let snapshot = Snapshot(tables)
        let labels = LabelPoint.points(of: snapshot.districts, level: "district", features: [15001])
        let place = WebMercator.unproject(try #require(labels.first).position)
        #expect(abs(place.latitude - 52.5) < 1e-9)
        #expect(abs(place.longitude - 11.5) < 1e-9 || abs(place.longitude - 13.5) < 1e-9)
        let stated = LabelPoint.points(of: snapshot.municipalities, level: "municipality", features: [1, 2, 3])
        #expect(abs(WebMercator.unproject(stated[0].position).longitude - 11.5) < 1e-9)
    }
}
