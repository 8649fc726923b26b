import Foundation
import Geometry
import TestSupport
import Testing

@testable import Server

/// OGC API Features part 2: coordinate reference systems by reference.
@Suite struct CRSTests {
    private static let base = "http://www.opengis.net/def/crs"
    private static let crs84 = "\(base)/OGC/1.3/CRS84"
    private static let uris = [crs84] + [4326, 25832, 3035, 3857].map { "\(base)/EPSG/0/\($0)" }

    private let site: TestSite

    init() throws { site = try TestSite() }

    @Test func collectionsListTheirCRSs() async throws {
        let list = try await site.send("/api/collections").json()["collections"] as? [[String: Any]] ?? []
        #expect(list.count == 9)
        for collection in list {
            #expect(collection["crs"] as? [String] == Self.uris)
            #expect(collection["storageCrs"] as? String == Self.crs84)
        }
        let classes = try await site.send("/api/conformance").json()["conformsTo"] as? [String] ?? []
        #expect(classes.contains("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"))
    }

    @Test(arguments: ["offers", "districts", "population", "coverage", "access"])
    func everyCRSIsWrittenAndReadsBack(collection: String) async throws {
        let path = "/api/collections/\(collection)/items"
        let plain = try await site.send(path)
        #expect(plain["Content-Crs"] == "<\(Self.crs84)>")
        let expected = try Self.positions(plain.features())
        #expect(!expected.isEmpty)
        let id = try #require(try plain.ids().first)
        for uri in Self.uris {
            let query = "crs=\(PercentCoding.encode(uri))"
            for target in ["\(path)?\(query)", "\(path)/\(PercentCoding.encode(id))?\(query)"] {
                let answer = try await site.send(target)
                #expect(answer.status == 200)
                #expect(answer["Content-Crs"] == "<\(uri)>")
                #expect(answer["Content-Type"] == "application/geo+json")
            }
            let answer = try await site.send("\(path)?\(query)")
            let written = try Self.positions(answer.features())
            #expect(written.count == expected.count)
            // Back by PROJ itself, which is told the CRS and that axes stand as the authority orders them.
            let context = try ProjContext()
            let code = uri.hasSuffix("CRS84") ? "OGC:CRS84" : "EPSG:\(uri.split(separator: "/").last ?? "")"
            let system = try CoordinateReferenceSystem(code, in: context)
            let back = try CoordinateTransformer<Projected, Geographic>(
                from: system, to: CoordinateReferenceSystem("OGC:CRS84", in: context), in: context)
            let swaps = system.axisOrder == .northEast
            let places = back.transform(
                written.map { swaps ? Coordinate(x: $0[1], y: $0[0]) : Coordinate(x: $0[0], y: $0[1]) })
            for (place, position) in zip(places.coordinates, expected) {
                #expect(abs(place.x - position[0]) < 1e-6 && abs(place.y - position[1]) < 1e-6, "\(uri)")
            }
            let own = try #require(try answer.link("self"))
            #expect(uri == Self.crs84 || own.contains(query))
        }
    }

    /// All positions of some features, in their order.
    private static func positions(_ features: [[String: Any]]) -> [[Double]] {
        func collect(_ value: Any) -> [[Double]] {
            if let position = value as? [Double], !position.isEmpty { return [position] }
            return (value as? [Any])?.flatMap(collect) ?? []
        }
        return features.flatMap { collect(($0["geometry"] as? [String: Any])?["coordinates"] ?? []) }
    }

    @Test(arguments: [
        ("offers", "OGC/1.3/CRS84", "11.4,51.4,11.6,51.6", ["beratung", "kurs"]),
        ("offers", "EPSG/0/4326", "51.4,11.4,51.6,11.6", ["beratung", "kurs"]),
        ("offers", "EPSG/0/4326", "51.4,11.4,0,51.6,11.6,100", ["beratung", "kurs"]),
        ("offers", "EPSG/0/4326", "51.4,12.4,51.6,12.6", []),
        ("offers", "EPSG/0/25832", "665000,5695000,682000,5720000", ["beratung", "kurs"]),
        ("offers", "EPSG/0/25832", "665000,5715000,682000,5720000", []),
        ("offers", "EPSG/0/3035", "3155000,4415000,3176000,4440000", ["beratung", "kurs"]),
        ("offers", "EPSG/0/3857", "1269000,6690000,1292000,6725000", ["beratung", "kurs"]),
        ("districts", "EPSG/0/4326", "51.1,11.9,51.2,12.1", ["15001", "15002"]),
        ("districts", "EPSG/0/3857", "1269000,6690000,1292000,6725000", ["15001"]),
        ("coverage", "EPSG/0/25832", "745000,5700000,746000,5701000", ["15002"]),
    ])
    func boxesAreReadInTheirCRS(collection: String, name: String, box: String, ids: [String]) async throws {
        let crs = PercentCoding.encode("\(Self.base)/\(name)")
        #expect(
            try await site.send("/api/collections/\(collection)/items?bbox=\(box)&bbox-crs=\(crs)").ids() == ids)
        guard collection == "offers" else { return }
        // With a selection of the grammar the box counts for what is not stated, too.
        let selected = try await site.send(
            "/api/collections/offers/items?bbox=\(box)&bbox-crs=\(crs)&category=training"
        ).ids()
        #expect(selected == ids.filter { $0 == "kurs" })
    }

    @Test func aBoxInMetresIsMetExactly() async throws {
        // North is not up in this CRS at the grid's western edge: the box's cover is wider than the box.
        let site = try TestSite(MadeNetwork.offers(3000))
        let crs = PercentCoding.encode("\(Self.base)/EPSG/0/25832")
        let everything = try await site.send("/api/collections/offers/items?limit=10000&crs=\(crs)").features()
        let box = (west: 650_000.0, south: 5_660_000.0, east: 700_000.0, north: 5_700_000.0)
        let expected = everything.filter { feature in
            guard let position = (feature["geometry"] as? [String: Any])?["coordinates"] as? [Double] else {
                return false
            }
            return (box.west...box.east).contains(position[0]) && (box.south...box.north).contains(position[1])
        }.compactMap { $0["id"] as? String }
        let found = try await site.send(
            "/api/collections/offers/items?limit=10000&bbox=650000,5660000,700000,5700000&bbox-crs=\(crs)")
        #expect(try found.ids() == expected)
        #expect(expected.count > 100 && expected.count < 2000)
    }

    @Test(arguments: [
        ("crs=http://www.opengis.net/def/crs/0/unsupported", "crs"), ("crs=", "crs"), ("crs=EPSG:31468", "crs"),
        ("bbox-crs=http://www.opengis.net/def/crs/0/unsupported", "bbox-crs"),
        ("bbox=1,2,3,4&bbox-crs=x", "bbox-crs"), ("bbox=1,2,3&bbox-crs=EPSG:25832", "bbox"),
        ("bbox=nan,1,2,3&bbox-crs=EPSG:25832", "bbox"), ("bbox=5,1,2,3&bbox-crs=EPSG:25832", "bbox"),
        ("bbox=11,51,12,52&bbox-crs=EPSG:4326&bbox=1,1,1,1", "bbox"), ("bbox=-91,0,1,1&bbox-crs=EPSG:4326", "bbox"),
        ("bbox=1e300,1e300,1e301,1e301&bbox-crs=EPSG:25832", "bbox"), ("bbox=&bbox-crs=EPSG:3035", "bbox"),
    ])
    func whatIsNotOfferedIsRefused(query: String, parameter: String) async throws {
        let answer = try await site.send("/api/collections/offers/items?\(query)")
        #expect(answer.status == 400, "\(answer.text)")
        #expect(try answer.json()["parameter"] as? String == parameter)
        guard parameter == "crs" else { return }
        #expect(try await site.send("/api/collections/offers/items/beratung?\(query)").status == 400)
    }

    @Test func aWalkKeepsItsCRSs() async throws {
        let site = try TestSite(MadeNetwork.offers(100))
        let crs = PercentCoding.encode("\(Self.base)/EPSG/0/3035")
        var target: String? =
            "/api/collections/offers/items?limit=9&crs=\(crs)&bbox=51,11,52,12.5&bbox-crs=EPSG:4326"
        var ids: [String] = []
        while let page = target {
            let answer = try await site.send(page)
            #expect(answer["Content-Crs"] == "<\(Self.base)/EPSG/0/3035>")
            ids += try answer.ids()
            target = try answer.link("next")
        }
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids) == Set((0..<100).filter { $0 % 10 != 0 && $0 <= 75 }.map { "o\($0)" }))
    }
}
