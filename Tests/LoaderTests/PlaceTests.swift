import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Loader

@Suite struct PlaceTests {
    private func gazetteer() async throws -> ReferenceData {
        var reference = exampleReference()
        let outcome = try await load(
            .gazetteer,
            """
            kind,postcode,name,district_key,municipality_key,lon,lat,source
            postcode,06123,,15001,,11.4,51.4,t
            place,06123,Oberdorf,15001,,11.41,51.41,t
            place,06200,Unterdorf,15002,,12.6,51.6,t
            place,06201,Unterdorf,15001,,11.1,51.9,t
            """)
        for table in outcome.tables { reference.add(table) }
        return reference
    }

    @Test func addressesAreFoundStepByStep() async throws {
        let text = """
            id,name,place,district_key,street,postcode,lon,lat
            a,A,Weststadt,,Gasse 1,,11.2,51.2
            b,B,,,,,11.2,51.2
            c,C,Oberdorf,15001,Weg 2,06123,,
            d,D,Nirgends,15001,,6123,,
            e,E,Nordort,15002,,,,
            f,F,unterdorf,15001,,,,
            g,G,Unterdorf,,,,,
            h,H,,15002,,,,
            i,I,,,,,,
            j,J,SUEDORT,,,,,
            """
        let outcome = try await load(.actors, text, reference: try await gazetteer())
        #expect(
            outcome.texts("precision") == [
                "address", "coordinates", "postcode", "postcode", "municipality", "municipality", "none", "district",
                "none",
                "municipality",
            ])
        #expect(
            outcome.texts("municipality_key") == [
                "15001000", "15001000", "15001000", "15001000", "15002010", "15001000", "", "", "", "15002020",
            ])
        #expect(
            outcome.texts("district_key") == [
                "15001", "15001", "15001", "15001", "15002", "15001", "", "15002", "", "15002",
            ])
        #expect(outcome.points[2] == [11.41, 51.41])
        #expect(outcome.points[3] == [11.4, 51.4])
        #expect(outcome.points[4] == [12.5, 51.75])
        #expect(outcome.points[6] == nil && outcome.points[7] == nil && outcome.points[8] == nil)
        #expect(outcome.issues(.noted).contains { $0.line == 8 && $0.reason.contains("stands for 2 places") })
        #expect(outcome.issues(.repaired).map(\.line) == [5])
        #expect(outcome.report.notes.contains { $0.contains("3 rows have no point") && $0.contains("g, h, i") })
        #expect(outcome.report.addsUp)
    }

    @Test(arguments: [
        ("Naumburg (Saale), Stadt", "Naumburg"), ("Halle (Saale), Stadt", "HALLE (SAALE)"),
        ("Lutherstadt Eisleben", "Eisleben"),
        ("Dessau-Roßlau, Stadt", "Dessau Rosslau"), ("Tangerhütte, Stadt", "tangerhuette"),
        ("Magdeburg, Landeshauptstadt", "Landeshauptstadt Magdeburg"), ("Muldestausee", "Muldestausee OT Rösa"),
        ("Salzwedel, Hansestadt", "Hansestadt Salzwedel"), ("Mülheim an der Ruhr, Stadt", "Mülheim"),
    ])
    func officialAndSpokenNamesMeet(_ official: String, _ spoken: String) {
        #expect(!Set(PlaceName.forms(official)).isDisjoint(with: PlaceName.forms(spoken)))
    }

    @Test func differentNamesStayApart() {
        #expect(Set(PlaceName.forms("Bad Lauchstädt")).isDisjoint(with: PlaceName.forms("Bad Schmiedeberg")))
        #expect(Set(PlaceName.forms("Stadt")).isDisjoint(with: PlaceName.forms("Markt")))
    }

    @Test func swappedCoordinatesAreTurnedBackOnlyWhereThatHelps() async throws {
        let text = "id,name,lon,lat\na,A,51.5,11.5\nb,B,11.5,51.5\nc,C,2.3,48.8\nd,D,11.5,151.5\n"
        let outcome = try await load(.actors, text, reference: exampleReference())
        #expect(outcome.texts("id") == ["a", "b", "c"])
        #expect(outcome.points == [[11.5, 51.5], [11.5, 51.5], [2.3, 48.8]])
        #expect(outcome.issues(.repaired).map(\.line) == [2])
        #expect(outcome.issues(.repaired)[0].reason.contains("swapped"))
        #expect(outcome.issues(.noted).map(\.line) == [4])
        #expect(outcome.issues(.rejected).map(\.line) == [5])
        #expect(outcome.report.addsUp)
    }

    @Test func projectedCoordinatesNeedTheirSystem() async throws {
        let text = "id,name,x,y\na,A,680000,5780000\nb,B,5780000,680000\nc,C,9e15,1\n"
        await #expect {
            try await load(.actors, text)
        } throws: { error in
            error as? LoaderError == .missingCRS(file: "input.csv", suggestion: "EPSG:25832")
        }
        let mapping = "crs: EPSG:25832\ncolumns: {id: id, name: name, x: x, y: y}"
        let outcome = try await load(.actors, text, mapping: mapping, reference: exampleReference())
        #expect(outcome.texts("id") == ["a"])
        #expect(outcome.issues(.rejected).map(\.line) == [3, 4])
        await #expect {
            try await load(.actors, text, mapping: mapping.replacing("25832", with: "99999"))
        } throws: { "\($0)".contains("EPSG:99999") && ($0 as? LoaderError)?.isUsage == true }
    }

    @Test func aContradictionWithTheDistrictIsNotedAndKept() async throws {
        let outcome = try await load(
            .actors, "id,name,district_key,lon,lat\na,A,15002,11.5,51.5\n", reference: exampleReference())
        #expect(outcome.texts("district_key") == ["15002"])
        #expect(outcome.issues(.noted).first?.reason.contains("15001") == true)
        #expect(outcome.report.loaded == 1)
    }

    @Test func offersTakeTheirActorsPlaceOnlyWhenTold() async throws {
        var reference = exampleReference()
        let actors = try await load(
            .actors, "id,name,place,postcode,lon,lat,district_key\nx,X,Weststadt,06111,11.3,51.3,\ny,Y,,,,,15002\n",
            reference: reference)
        for table in actors.tables { reference.add(table) }
        let text = "id,title,actor_id,place\n1,a,x,\n2,b,y,\n3,c,z,\n4,d,x,Nordort\n"
        let without = try await load(.offers, text, reference: reference)
        #expect(without.texts("precision") == ["none", "none", "none", "municipality"])
        let with = try await load(
            .offers, text,
            mapping: "place_from_actor: true\ncolumns: {id: id, title: title, actor_id: actor_id, place: place}",
            reference: reference)
        #expect(with.texts("precision") == ["actor", "district", "none", "municipality"])
        #expect(with.points[0] == [11.3, 51.3])
        #expect(with.texts("place") == ["Weststadt", "", "", "Nordort"])
        #expect(with.texts("postcode") == ["06111", "", "", ""])
        #expect(with.texts("district_key") == ["15001", "15002", "", "15002"])
        #expect(with.report.notes.contains { $0.contains("take no place from them: z") })
    }

    @Test func surfacesOfPlacesBecomeAPointInside() async throws {
        let text = """
            {"type":"Feature","properties":{"id":"a","people":4},"geometry":{"type":"Polygon","coordinates":
            [[[11,51],[11.002,51],[11.002,51.002],[11,51.002],[11,51]]]}}
            """
        let outcome = try await load(.populationCells, text, name: "a.geojson")
        let point = try #require(outcome.points.first.flatMap { $0 })
        #expect(abs(point[0] - 11.001) < 1e-12 && abs(point[1] - 51.001) < 1e-12)
        #expect(outcome.report.notes.contains { $0.contains("1 surfaces were reduced") })
    }

    @Test func linksKeepTheNamesOfEndsThatAreNotLoaded() async throws {
        var reference = ReferenceData()
        let actors = try await load(.actors, "id,name\nx,Verein X\n")
        for table in actors.tables { reference.add(table) }
        let outcome = try await load(
            .links, "from_id,from_name,to_id,to_name,kind,since\nx,,y,Amt Y,partner,2018\n", reference: reference)
        #expect(outcome.texts("id") == ["x/y/partner"])
        #expect(outcome.texts("from_name") == ["Verein X"])
        #expect(
            outcome.report.notes.contains { $0.contains("1 ends of links are not loaded") && $0.contains("y (Amt Y)") })
    }
}
