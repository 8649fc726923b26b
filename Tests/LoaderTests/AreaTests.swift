import Foundation
import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Loader

@Suite struct AreaTests {
    private func collection(_ features: [(key: String, rings: String)], type: String = "Polygon") -> String {
        let texts = features.map {
            "{\"type\":\"Feature\",\"properties\":{\"key\":\"\($0.key)\",\"name\":\"K\($0.key)\"},"
                + "\"geometry\":{\"type\":\"\(type)\",\"coordinates\":\($0.rings)}}"
        }
        return "{\"type\":\"FeatureCollection\",\"features\":[\n\(texts.joined(separator: ",\n"))\n]}"
    }

    private let west = "[[[11,51],[12,51],[12,52],[11,52],[11,51]]]"
    private let east = "[[[12,51],[13,51],[13,52],[12,52],[12,51]]]"

    @Test func measuresAndLabelsASoundCoverage() async throws {
        let outcome = try await load(.districts, collection([("15001", west), ("15002", east)]), name: "d.geojson")
        #expect(outcome.report.notes.contains("coverage: 2 areas, no gaps, no overlaps"))
        let table = try #require(outcome.tables.first)
        for row in 0..<2 {
            let surface = try #require(table.surface(row))
            #expect(table.real("area_m2")[row] == Geodesic.grs80.area(of: surface).value)
            #expect(abs(table.real("area_m2")[row] - 7.6e9) < 2e8)
            #expect(
                PolygonIndex([surface]).locate(
                    Coordinate(longitude: table.real("label_lon")[row], latitude: table.real("label_lat")[row])) == 0)
        }
    }

    @Test func turnsWindingToTheRightHand() async throws {
        let clockwise = "[[[11,51],[11,52],[12,52],[12,51],[11,51]]]"
        let outcome = try await load(.districts, collection([("15001", clockwise)]), name: "d.geojson")
        let ring = try #require(outcome.tables.first?.surface(0)?.polygons.first?.exterior)
        #expect(ring.doubledSignedArea > 0)
        #expect(outcome.report.loaded == 1)
    }

    @Test func repairsASelfIntersectionAndSaysWhere() async throws {
        let bow = "[[[11,51],[12,52],[12,51],[11,52],[11,51]]]"
        let outcome = try await load(.districts, collection([("15001", bow)]), name: "d.geojson")
        let issue = try #require(outcome.issues(.repaired).first)
        #expect(issue.reason.contains("Self-intersection at 11.5 51.5"))
        #expect(issue.line == 2)
        #expect(outcome.report.repaired == 1)
        #expect(outcome.report.addsUp)
    }

    @Test(arguments: [
        ("Polygon", "[]", "empty"), ("MultiPolygon", "[]", "empty"), ("Point", "[11,51]", "point"),
        ("LineString", "[[11,51],[12,52]]", "no surface"),
        ("Polygon", "[[[11,51],[12,51],[11,51]]]", "encloses nothing"),
        ("Polygon", "[[[11,51],[12,\"x\"],[12,52],[11,51]]]", "not a number"),
        ("Polygon", "[[[11,51],[12,1e400],[12,52],[11,51]]]", "out of range"),
        ("Polygon", "[[11,51],[12,51],[12,52],[11,51]]", "not those of a Polygon"), ("Banana", "[11,51]", "no type"),
        ("Polygon", "[[[11,51],[12,51],[12,NaN],[11,51]]]", "not a number"),
        ("Polygon", "[[[110,510],[120,510],[120,520],[110,510]]]", "outside"),
    ])
    func rejectsWhatIsNoOutline(_ type: String, _ coordinates: String, _ reason: String) async throws {
        let text = collection([("15001", coordinates)], type: type)
        let both = text.replacing(
            "\n]}", with: ",\n" + collection([("15002", east)]).split(separator: "\n")[1] + "\n]}")
        let outcome = try await load(.districts, both, name: "d.geojson")
        #expect(outcome.texts("key") == ["15002"])
        #expect(outcome.issues(.rejected).first?.reason.contains(reason) == true, "\(outcome.report.issues)")
        #expect(outcome.report.addsUp)
    }

    @Test func findsGapsOverlapsAndDuplicateKeys() async throws {
        let wide = "[[[11.9,51],[13,51],[13,52],[11.9,52],[11.9,51]]]"
        let overlapping = try await load(.districts, collection([("15001", west), ("15002", wide)]), name: "d.geojson")
        #expect(overlapping.report.notes.contains { $0.contains("15001 and 15002 overlap") && $0.contains("m² at") })
        let holed =
            "[[[11,51],[12,51],[12,52],[11,52],[11,51]],[[11.4,51.4],[11.4,51.6],[11.6,51.6],[11.6,51.4],[11.4,51.4]]]"
        let gap = try await load(.districts, collection([("15001", holed)]), name: "d.geojson")
        #expect(gap.report.notes.contains { $0.contains("gap between 15001") })
        let twice = try await load(.districts, collection([("15001", west), ("15001", east)]), name: "d.geojson")
        #expect(twice.issues(.rejected).first?.reason.contains("line 2 already") == true)
    }

    @Test func repairsKeysThatLostTheirZero() async throws {
        let outcome = try await load(
            .districts, collection([("1001", west), ("01002000", east)]), name: "d.geojson")
        #expect(outcome.texts("key") == ["01001", "01002"])
        #expect(outcome.report.repaired == 2)
        let municipality = try await load(.municipalities, collection([("1001000", west)]), name: "m.geojson")
        #expect(municipality.texts("key") == ["01001000"])
        #expect(municipality.texts("district_key") == ["01001"])
        let regional = try await load(.municipalities, collection([("150820440440", west)]), name: "m.geojson")
        #expect(regional.texts("key") == ["15082440"])
        let wrong = try await load(.municipalities, collection([("15x", west)]), name: "m.geojson")
        #expect(wrong.report.rejected == 1)
    }

    @Test func nestingIsComparedWithTheDistricts() async throws {
        let half = "[[[11,51],[11.5,51],[11.5,52],[11,52],[11,51]]]"
        let outcome = try await load(
            .municipalities, collection([("15001010", half), ("15009010", east)]), name: "m.geojson",
            reference: exampleReference())
        #expect(outcome.report.notes.contains { $0.contains("the municipalities of district 15001 have") })
        #expect(outcome.report.notes.contains { $0.contains("no district is loaded for the municipalities of 15009") })
    }

    @Test func takesWellKnownTextAndTheCRSOfTheMapping() async throws {
        let outcome = try await load(
            .districts,
            "key;name;wkt\n15001;A;POLYGON((640000 5700000,650000 5700000,650000 5710000,640000 5700000))\n",
            mapping: "crs: EPSG:25832\ncolumns: {key: key, name: name, wkt: wkt}")
        let box = try #require(outcome.tables.first?.surface(0)?.boundingBox)
        #expect(abs(box.minX - 11.01) < 0.05 && abs(box.minY - 51.43) < 0.05)
        #expect(outcome.report.dialect.contains("EPSG:25832"))
    }

    @Test func populationIsAssignedToMunicipalities() async throws {
        let text = """
            id,x,y,people,state,role
            in,11.5,51.5,10,15,own
            near,10.99,51.5,7,15,own
            far,10.5,51.5,5,15,own
            ring,11.5,51.6,3,03,context
            """
        let outcome = try await load(.populationCells, text, reference: exampleReference())
        #expect(outcome.texts("assignment") == ["inside", "nearest", "listed", ""])
        #expect(outcome.texts("municipality_key") == ["15001000", "15001000", "", ""])
        #expect(outcome.texts("district_key") == ["15001", "15001", "", ""])
        #expect(
            outcome.report.notes.contains {
                $0.contains(
                    "inside a municipality 1 with 10 people; assigned to the nearest within 2 km 1 with 7 people; listed 1 with 5"
                )
            })
        #expect(outcome.report.notes.contains { $0.contains("far (5)") })
    }

    @Test func withoutMunicipalitiesPopulationIsAssignedToDistricts() async throws {
        var reference = ReferenceData()
        if let districts = ExampleNetwork.tables[.districts] { reference.add(districts) }
        let text = """
            id,x,y,people,state,role
            in,11.5,51.5,10,15,own
            near,10.99,51.5,7,15,own
            ring,11.5,51.6,3,03,context
            """
        let outcome = try await load(.populationCells, text, reference: reference)
        #expect(outcome.texts("assignment") == ["inside", "nearest", ""])
        #expect(outcome.texts("municipality_key") == ["", "", ""])
        #expect(outcome.texts("district_key") == ["15001", "15001", ""])
        #expect(outcome.report.notes.contains { $0.contains("inside a district 1 with 10 people") })
    }

    /// Keys of districts and municipalities stand in one table; a lost zero is put back, anything else is refused.
    @Test func landUseOfDistrictsAndMunicipalities() async throws {
        let outcome = try await load(
            .landUse,
            "key,date,total_m2,settlement_m2\n15001,2018-12-31,1000,100\n15001000,2018-12-31,1000,\n1001,2018,5,1\nDE,2018,5,1\n"
        )
        #expect(outcome.texts("key") == ["15001", "15001000", "01001"])
        #expect(outcome.texts("settlement_m2") == ["100", "", "1"])
        #expect(outcome.issues(.rejected).map(\.field) == ["key"])
    }

    @Test func peopleBelowZeroAreRejected() async throws {
        let outcome = try await load(.populationCells, "id,lon,lat,people\na,11,51,-1\nb,11,51,2.5\nc,11,51,3.0\n")
        #expect(outcome.texts("people") == ["3"])
        #expect(outcome.issues(.rejected).map(\.line) == [2, 3])
    }
}
