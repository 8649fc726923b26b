import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Loader

@Suite struct MappingTests {
    @Test func mapsColumnsConstantsUnitsListsAndFilters() async throws {
        let text = "AGS;Ort;GF;Fläche;Sprachen\n15001;A;4;1,5;de, en\n15002;B;2;2;de\n15003;C;4;x;de\n"
        let outcome = try await load(
            .offers, text,
            mapping: """
                where: GF = 4 AND Ort != 'Z'
                columns:
                  id: AGS
                  title: Ort
                  languages: {column: Sprachen, separator: ","}
                  source_id: {value: quelle-1}
                """)
        #expect(outcome.texts("id") == ["15001", "15003"])
        #expect(outcome.values("languages").first == .list(["de", "en"]))
        #expect(outcome.texts("source_id") == ["quelle-1", "quelle-1"])
        #expect(outcome.report.filtered == 1)
        #expect(outcome.report.addsUp)
        #expect(outcome.report.notes.contains { $0.contains("not used: Fläche") })
    }

    @Test(arguments: [("km2", 1_500_000), ("ha", 15_000), ("qkm", 1_500_000)])
    func convertsUnits(_ unit: String, _ expected: Int) async throws {
        let outcome = try await load(
            .districts,
            "k;n;f;wkt\n15001;A;1,5;POLYGON((11 51,12 51,12 52,11 51))\n15002;B;2,5;POLYGON((12 51,13 51,13 52,12 51))\n",
            mapping: "columns: {key: k, name: n, area_official_m2: {column: f, unit: \(unit)}, wkt: wkt}")
        #expect(outcome.texts("area_official_m2").first == String(expected))
    }

    @Test(arguments: [
        ("columns: {id: a, nonsense: b}", "'nonsense'"), ("columns: {id: }", "needs the name"),
        ("colums: {}", "'colums'"),
        ("format: docx", "'docx'"), ("where: GF == == 4", "GF == == 4"), ("delimiter: abc", "'abc'"),
        ("columns: {email: Mail}", "organisation: true"),
        ("columns: {capacity: {column: a, unit: km2}}", "not measured"),
        ("columns: {capacity: {column: a, unit: lightyears}}", "'lightyears'"), ("encoding: ebcdic", "'ebcdic'"),
        ("a: [", "not valid YAML"), ("columns: {id: a}\ncolumns: {id: b}", "columns"), ("header_row: -1", "'-1'"),
        ("place_from_actor: maybe", "neither true nor false"), ("columns: {region: x}", "set by the load"),
    ])
    func namesWhatIsWrongInAMapping(_ mapping: String, _ message: String) async throws {
        await #expect {
            try await load(.offers, "id,title\n1,a\n", mapping: mapping)
        } throws: { error in
            (error as? LoaderError)?.isUsage == true && "\(error)".contains(message)
                && "\(error)".contains("mapping.yaml")
        }
    }

    @Test func namesColumnsThatAreMissing() async throws {
        for mapping in ["columns: {id: Kennung, title: title}", "where: GF = 4\ncolumns: {id: id, title: title}"] {
            await #expect {
                try await load(.offers, "id,title\n1,a\n", mapping: mapping)
            } throws: { "\($0)".contains("there is no column") && "\($0)".contains("'title'") }
        }
        await #expect {
            try await load(
                .offers, #"{"type":"Feature","properties":{"id":"1","title":"a"},"geometry":null}"#, name: "a.json",
                mapping: "columns: {id: Kennung, title: title}")
        } throws: { "\($0)".contains("'Kennung'") }
    }

    @Test func contactsOfPersonsAreDroppedAndNamed() async throws {
        let text = """
            id,name,email,Telefon,Ansprechpartner,info,erreichbar,short_name
            1,Verein,a@b.de,0391 123456,Frau Muster,Fragen an post@verein.de bitte,0391/555123,x@y.de
            2,Amt,c@d.de,0391 654321,Herr Muster,,0391/555124,z@y.de
            """
        let outcome = try await load(
            .actors, text.replacing("info", with: "description"))
        #expect(outcome.texts("email") == ["", ""])
        #expect(outcome.texts("short_name") == ["", ""])
        #expect(outcome.texts("description") == ["Fragen an  bitte", ""])
        let note = try #require(outcome.report.notes.first { $0.contains("look like contacts") })
        for name in [
            "email (", "Telefon (", "Ansprechpartner (names of persons", "erreichbar (telephone", "short_name (e-mail",
        ] {
            #expect(note.contains(name), "\(note)")
        }
        #expect(outcome.report.repaired == 1)
        #expect(!outcome.report.issues.contains { $0.value.contains("@") || $0.reason.contains("post@") })
    }

    @Test func anOrganisationsContactsAreKeptWhenDeclared() async throws {
        let outcome = try await load(
            .actors, "id,name,Mail,Tel\n1,Verein,post@verein.de,0391 1234567\n2,V,x@y.de,0391 7654321\n",
            mapping: """
                columns:
                  id: id
                  name: name
                  email: {column: Mail, organisation: true}
                  phone: {column: Tel, organisation: true}
                """)
        #expect(outcome.texts("email") == ["post@verein.de", "x@y.de"])
        #expect(outcome.texts("phone") == ["0391 1234567", "0391 7654321"])
    }

    @Test func datesAreRepairedOrRejected() async throws {
        let text =
            "id,title,valid_from,valid_to\n1,a,2018,2018-06\n2,b,29.06.2018,2020-02-30\n3,c,01.04.2025,6.2026\n4,d,2018-06-29T10:00:00Z,\n5,e,,30.02.2020\n"
        let outcome = try await load(.offers, text)
        #expect(outcome.texts("id") == ["1", "3", "4"])
        #expect(outcome.texts("valid_from") == ["2018", "2025-04-01", "2018-06-29"])
        #expect(outcome.texts("valid_to") == ["2018-06", "2026-06", ""])
        #expect(outcome.issues(.rejected).map(\.line) == [3, 6])
        #expect(outcome.report.repaired == 2)
    }

    @Test func unknownVocabularyKeysAreNotedOrRejectedWhenStrict() async throws {
        let text = "id,title,category,languages\n1,a,counselling,de;xx\n2,b,nonsense,de\n3,c,training,\n"
        let tolerant = try await load(.offers, text, reference: exampleReference())
        #expect(tolerant.count == 3)
        #expect(tolerant.report.notes.contains { $0.contains("category: the key 'nonsense'") && $0.contains("line 3") })
        #expect(tolerant.report.notes.contains { $0.contains("languages: the key 'xx'") })
        let strict = try await load(.offers, text, reference: exampleReference(), strict: true)
        #expect(strict.texts("id") == ["3"])
        #expect(strict.issues(.rejected).map(\.field) == ["languages", "category"])
    }

    @Test func actorsAndAreasThatAreNotLoadedAreNoted() async throws {
        var reference = exampleReference()
        for table in try await load(.actors, "id,name\nx,X\n").tables { reference.add(table) }
        let outcome = try await load(
            .offers, "id,title,actor_id,district_key\n1,a,x,15001\n2,b,y,15099\n3,c,,11000\n", reference: reference)
        #expect(outcome.count == 3)
        #expect(outcome.report.notes.contains { $0.contains("actor_id: the key 'y'") })
        #expect(outcome.report.notes.contains { $0.contains("district_key: the key '15099'") })
        #expect(!outcome.report.notes.contains { $0.contains("11000") })
    }

    @Test func idsOfOtherRegionsAreRefused() async throws {
        var reference = ReferenceData()
        let file = try TemporaryFile("a.csv", "id,name\nx,X\ny,Y\n")
        let other = try await load(.actors, file.url, region: "elsewhere")
        for table in other.tables { reference.add(table) }
        let outcome = try await load(.actors, "id,name\nx,Mine\nz,Z\n", reference: reference)
        #expect(outcome.texts("id") == ["z"])
        #expect(outcome.issues(.rejected).first?.reason.contains("'elsewhere'") == true)
        #expect(try await load(.actors, file.url, reference: reference, region: "elsewhere").count == 2)
    }

    @Test func rowFiltersCompareNumbersAndTexts() throws {
        let filter = try #require(RowFilter("GF >= 4 and \"my col\" != 'a b'"))
        #expect(filter.terms.count == 2)
        #expect(filter.terms[0].holds(text: "10", number: 10))
        #expect(!filter.terms[0].holds(text: "3", number: 3))
        #expect(!filter.terms[1].holds(text: "a b", number: nil))
        for wrong in ["", "GF", "GF =", "= 4", "GF = 4 OR X = 5", "GF ~ 4"] { #expect(RowFilter(wrong) == nil) }
    }
}
