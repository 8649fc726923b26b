import Geometry
import TestSupport
import Testing

@Suite struct CoordinateReferenceSystemTests {
    @Test func databaseIsFound() throws {
        let context = try ProjContext()
        #expect(context.databasePath.hasSuffix("proj.db"))
        #expect(context.registerVersion.hasPrefix("v"))
    }

    @Test(arguments: [
        ("EPSG:25832", "EPSG:25832", "ETRS89 / UTM zone 32N"),
        (" epsg:25832 ", "EPSG:25832", "ETRS89 / UTM zone 32N"),
        ("[EPSG:25832]", "EPSG:25832", "ETRS89 / UTM zone 32N"),
        ("urn:ogc:def:crs:EPSG::3035", "EPSG:3035", "ETRS89-extended / LAEA Europe"),
        ("urn:ogc:def:crs:EPSG:9.8:3035", "EPSG:3035", "ETRS89-extended / LAEA Europe"),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", "EPSG:25832", "ETRS89 / UTM zone 32N"),
        ("OGC:CRS84", "OGC:CRS84", "WGS 84 (CRS84)"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", "WGS 84 (CRS84)"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84", "WGS 84 (CRS84)"),
    ])
    func spellings(text: String, identifier: String, name: String) throws {
        let context = try ProjContext()
        let system = try CoordinateReferenceSystem(text, in: context)
        #expect(system.identifier == identifier)
        #expect(system.name == name)
        let uri = try #require(system.uri)
        #expect(try CoordinateReferenceSystem(uri, in: context) == system)
    }

    @Test(
        arguments: [
            ("OGC:CRS84", .eastNorth, true), ("EPSG:4326", .northEast, true), ("EPSG:4258", .northEast, true),
            ("EPSG:25832", .eastNorth, false), ("EPSG:25833", .eastNorth, false), ("EPSG:3857", .eastNorth, false),
            ("EPSG:3035", .northEast, false), ("EPSG:31467", .northEast, false), ("EPSG:5555", .eastNorth, false),
            ("EPSG:32661", .other, false),
        ] as [(String, CoordinateReferenceSystem.AxisOrder, Bool)])
    func axisOrder(text: String, order: CoordinateReferenceSystem.AxisOrder, isGeographic: Bool) throws {
        let system = try CoordinateReferenceSystem(text, in: ProjContext())
        #expect(system.axisOrder == order)
        #expect(system.isGeographic == isGeographic)
        #expect(system.metresPerUnit == (isGeographic ? nil : 1))
    }

    @Test func areaOfUse() throws {
        let context = try ProjContext()
        let zone = try CoordinateReferenceSystem("EPSG:25832", in: context)
        let box = try #require(zone.areaOfUse.first)
        #expect(box.minX == 6 && abs(box.maxX - 12) < 0.02 && box.minY > 35 && box.maxY < 85)
        #expect(zone.isUsable(at: Coordinate(longitude: 11.6, latitude: 52.1)))
        #expect(!zone.isUsable(at: Coordinate(longitude: 52.1, latitude: 11.6)))
        // New Zealand's continental grid crosses the antimeridian.
        #expect(try CoordinateReferenceSystem("EPSG:3851", in: context).areaOfUse.count == 2)
    }

    /// The `.prj` of BKG's VG1000, in ESRI's dialect: the register's equal is found.
    @Test func projectionFile() throws {
        let text = """
            PROJCS["ETRS_1989_UTM_Zone_32N",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,\
            298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],\
            PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],\
            PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]
            """
        let context = try ProjContext()
        #expect(try CoordinateReferenceSystem(text, in: context).identifier == "EPSG:25832")
        // The same with another central meridian is in no register, but can be used all the same.
        let odd = text.replacing("9.0],", with: "9.5],").replacing("ETRS_1989_UTM_Zone_32N", with: "Eigenes")
        let system = try CoordinateReferenceSystem(odd, in: context)
        #expect(system.authority == nil && system.uri == nil && system.identifier == "Eigenes")
        let transformer = try CoordinateTransformer<Projected, Geographic>(
            from: system, to: CoordinateReferenceSystem("OGC:CRS84", in: context), in: context
        )
        let centre = try transformer.transform(Coordinate(x: 500_000, y: 5_777_697))
        #expect(abs(centre.longitude - 9.5) < 1e-9)
    }

    @Test(arguments: [
        "", "EPSG:999999", "EPSG:", "25832", "Gauß-Krüger", "+proj=utm +zone=32 +init=/etc/passwd", "PROJCS[\"x\"",
        "http://example.org/def/crs/EPSG/0/25832", "EPSG:258 32", "ELLIPSOID[\"x\",6378137,298]",
        "DATUM[\"WGS_1984\",ELLIPSOID[\"WGS 84\",6378137,298.257223563]]",
    ])
    func unknown(text: String) throws {
        let context = try ProjContext()
        let error = #expect(throws: GeometryError.self) { try CoordinateReferenceSystem(text, in: context) }
        guard case .unknownCRS? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["EPSG:5783", "EPSG:4978"])
    func unsupported(text: String) throws {
        let context = try ProjContext()
        let error = #expect(throws: GeometryError.self) { try CoordinateReferenceSystem(text, in: context) }
        guard case .unsupportedCRS? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

@Suite final class CoordinateTransformerTests {
    let context: ProjContext
    let geographic: CoordinateReferenceSystem

    init() throws {
        context = try ProjContext()
        geographic = try CoordinateReferenceSystem("OGC:CRS84", in: context)
    }

    static let magdeburg = Coordinate<Geographic>(longitude: 11.6276, latitude: 52.1205)
    static let aachen = Coordinate<Geographic>(longitude: 6.0839, latitude: 50.7753)

    /// Reference values from pyproj 3.7.2 (PROJ 9.5.1), east first whatever the authority says.
    @Test(
        arguments: [
            ("EPSG:25832", magdeburg, 679_885.956276, 5_777_697.436068),
            ("EPSG:3035", magdeburg, 4_432_469.555342, 3_224_652.876494),
            ("EPSG:3857", magdeburg, 1_294_378.511148, 6_821_942.793889),
            ("EPSG:4258", magdeburg, 11.6276, 52.1205),
            ("EPSG:4326", magdeburg, 11.6276, 52.1205),
            ("EPSG:25832", aachen, 294_409.402698, 5_628_892.410969),
            ("EPSG:3035", aachen, 4_044_915.786158, 3_081_133.860835),
        ] as [(String, Coordinate<Geographic>, Double, Double)])
    func knownValues(text: String, position: Coordinate<Geographic>, x: Double, y: Double) throws {
        let target = try CoordinateReferenceSystem(text, in: context)
        let transformer = try CoordinateTransformer<Geographic, Projected>(from: geographic, to: target, in: context)
        let projected = try transformer.transform(position)
        #expect(abs(projected.x - x) < 1e-5 && abs(projected.y - y) < 1e-5)
        let back = try transformer.inverse(projected)
        #expect(abs(back.x - position.x) < 1e-8 && abs(back.y - position.y) < 1e-8)
    }

    @Test func bulkReportsEachFailure() throws {
        let zone = try CoordinateReferenceSystem("EPSG:25832", in: context)
        let transformer = try CoordinateTransformer<Geographic, Projected>(from: geographic, to: zone, in: context)
        var positions = Array(repeating: Self.magdeburg, count: 1000)
        positions[3] = Coordinate(x: .nan, y: 52)
        positions[700] = Coordinate(x: 11, y: .infinity)
        positions[701] = Coordinate(x: 11, y: 100)
        let projected = transformer.transform(positions)
        #expect(projected.coordinates.count == 1000)
        #expect(projected.failures == [3, 700, 701])
        #expect(projected.coordinates[3].x.isNaN)
        #expect(projected.coordinates[999] == projected.coordinates[0])
        #expect(abs(projected.coordinates[702].x - 679_885.956276) < 1e-5)
        #expect(transformer.transform([]).coordinates.isEmpty)
        let error = #expect(throws: GeometryError.self) { try transformer.transform(positions[701]) }
        #expect(error == .untransformable(index: 0, x: 11, y: 100))
    }

    @Test(arguments: [41] as [UInt64])
    func geometriesThereAndBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let laea = try CoordinateReferenceSystem("EPSG:3035", in: context)
        let transformer = try CoordinateTransformer<Geographic, Projected>(from: geographic, to: laea, in: context)
        for _ in 0..<50 {
            let star = generator.star(around: Self.magdeburg, radius: 2, vertices: 40)
            let hole = generator.star(around: Self.magdeburg, radius: 0.2, vertices: 10)
            let surface = MultiPolygon([Polygon(exterior: star, holes: [hole])])
            let back = try transformer.inverse(transformer.transform(surface))
            for (a, b) in zip(surface.polygons[0].rings, back.polygons[0].rings) {
                #expect(a.coordinates.count == b.coordinates.count)
                for (p, q) in zip(a.coordinates, b.coordinates) {
                    #expect(abs(p.x - q.x) < 1e-8 && abs(p.y - q.y) < 1e-8, "seed \(seed)")
                }
            }
        }
    }

    @Test func boxHoldsItsCurvedEdges() throws {
        let laea = try CoordinateReferenceSystem("EPSG:3035", in: context)
        let transformer = try CoordinateTransformer<Geographic, Projected>(from: geographic, to: laea, in: context)
        let box = BoundingBox<Geographic>(minX: 5, minY: 50, maxX: 15, maxY: 54)
        let projected = try #require(transformer.transform(box).first)
        // The southern edge sags: its middle lies further south than its corners.
        #expect(projected.contains(try transformer.transform(Coordinate(longitude: 10, latitude: 50))))
        #expect(projected.minY < (try transformer.transform(Coordinate(longitude: 5, latitude: 50))).y)
    }

    @Test func transformerOutlivesItsContext() throws {
        func make() throws -> CoordinateTransformer<Geographic, Projected> {
            let context = try ProjContext()
            return try CoordinateTransformer(
                from: geographic, to: CoordinateReferenceSystem("EPSG:25832", in: context), in: context
            )
        }
        let transformer = try make()
        #expect(abs(try transformer.transform(Self.magdeburg).x - 679_885.956276) < 1e-5)
    }
}
