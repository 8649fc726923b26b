import Foundation
import NetworkModel
import Testing

@testable import Loader

/// The awkward files of the field: each loads, or says exactly why not.
@Suite struct RealFileTests {
    private func file(_ path: String) -> URL? {
        let url = testData(path)
        if url == nil { print("skipped: no \(path) (set KOMPASS_TEST_DATA to the folder of real data)") }
        return url
    }

    @Test func latin1WithTabsDecimalCommasAndLostZeros() async throws {
        guard let url = file("indikatoren/inkar_kreise_latin1_tab.csv") else { return }
        let outcome = try await load(
            .indicators, url,
            mapping: """
                columns:
                  key: {value: unemployment}
                  area_key: Kennziffer
                  value: Arbeitslosenquote
                  year: {value: "2017"}
                  label_de: Raumeinheit
                """)
        #expect(outcome.report.dialect.contains("ISO-8859-1") || outcome.report.dialect.contains("Windows-1252"))
        #expect(outcome.report.dialect.contains("delimiter tab, decimal comma"))
        #expect(outcome.report.read == 401 && outcome.count == 401)
        #expect(outcome.texts("area_key").first == "01001")
        #expect(outcome.values("value").first == .real(9.06))
        #expect(outcome.texts("label_de").contains { $0.contains("ü") })
        #expect(outcome.report.addsUp)
    }

    @Test func quotedLineBreaksAnd264EmptyRows() async throws {
        guard let url = file("orte/2020-03-12_Standorte_Verkaufsstellen.csv") else { return }
        let outcome = try await load(
            .actors, url,
            mapping:
                "columns: {id: Verkaufsstelle, name: Verkaufsstelle, place: Ort, street: Lage, opening_hours: Öffnungszeiten, lon: Lon, lat: Lat}"
        )
        #expect(outcome.report.notes.contains("264 blank rows passed over"))
        #expect(outcome.report.notes.contains { $0.contains("18 columns have no name") })
        #expect(outcome.report.read == 33)
        #expect(outcome.texts("street").contains { $0.contains("\n") })
        #expect(outcome.points.allSatisfy { $0 != nil })
        #expect(outcome.report.addsUp)
    }

    @Test func geoJSONInALaeaProjection() async throws {
        guard let url = file("bevoelkerung/zensus2022_100m_magdeburg.geojson") else { return }
        let outcome = try await load(.populationCells, url, mapping: "columns: {id: grid_id, people: einwohner}")
        #expect(outcome.report.dialect.contains("EPSG:3035"))
        #expect(outcome.count == 4_531)
        let people = outcome.values("people").reduce(0) { sum, value in
            if case .integer(let number) = value { sum + Int(number) } else { sum }
        }
        #expect(people == 241_374)
        #expect(outcome.points.allSatisfy { $0.map { abs($0[0] - 11.6) < 0.2 && abs($0[1] - 52.1) < 0.2 } == true })
    }

    @Test func geoPackageWithAnUmlautInAColumnName() async throws {
        guard let url = file("thuenen/laendlichkeit_kreisregionen_2016.gpkg") else { return }
        let outcome = try await load(
            .indicators, url,
            mapping: "columns: {id: Kennziffer, key: {value: rural_index}, value: Ländlichkeit, label_de: name}")
        #expect(outcome.count == 361)
        #expect(outcome.report.dialect.contains("ThuenenLandatlas"))
        let areas = try await load(
            .districts, url, mapping: "columns: {key: Kennziffer, name: name}")
        #expect(areas.report.read == 361)
        #expect(areas.report.addsUp)
        #expect(areas.texts("key").contains("15003"))
    }

    @Test func geoPackagesAndArchivesThatBreakOffAreTold() async throws {
        guard let package = file("thuenen/laendlichkeit_kreisregionen_2016.gpkg"),
            let archive = file("grenzen/vg250_gem_2022/VG250_GEM_simplified.zip")
        else { return }
        for (url, name) in [(package, "half.gpkg"), (archive, "half.zip")] {
            let bytes = try Data(contentsOf: url)
            for share in [3, 2] {
                let half = try TemporaryFile(name, bytes.prefix(bytes.count * (share - 1) / share))
                await #expect {
                    try await load(.districts, half.url, mapping: "columns: {key: Kennziffer, name: name}")
                } throws: { error in
                    "\(error)".contains(name) && (error as? LoaderError)?.isUsage == false
                }
            }
        }
    }

    @Test func zippedShapefileWithoutEncodingFile() async throws {
        guard let url = file("grenzen/vg250_gem_2022/VG250_GEM_simplified.zip") else { return }
        let outcome = try await load(
            .municipalities, url, mapping: "where: ARS >= '15' AND ARS < '16'\ncolumns: {key: ARS, name: ARS}")
        #expect(outcome.report.read == 10_990)
        #expect(outcome.count == 218)
        #expect(outcome.issues(.repaired).filter { $0.field == "geometry" }.count == 3)
        #expect(outcome.report.addsUp)
    }

    @Test func wronglyGeocodedSchoolsAreNoted() async throws {
        guard let url = file("orte/schulen_2017/sachsen-anhalt.csv"),
            let districts = file("grenzen/abgeleitet/sachsen-anhalt_kreise_2024.geojson")
        else { return }
        var reference = ReferenceData()
        let areas = try await load(.districts, districts, mapping: "columns: {key: AGS, name: GEN}")
        #expect(areas.count == 14)
        for table in areas.tables { reference.add(table) }
        let outcome = try await load(
            .actors, url, mapping: "columns: {id: id, name: name, street: address, lon: lon, lat: lat}",
            reference: reference)
        #expect(outcome.count == 901)
        let wrong = outcome.issues(.noted).filter { $0.field == "geometry" }
        let ids = outcome.texts("id")
        #expect(Set(wrong.map { ids[$0.line - 2] }) == ["ST-387", "ST-583", "ST-732", "ST-829", "ST-848"])
        #expect(outcome.texts("name").contains("\"Grundschule am Schlosspark\" Rösa"))
        #expect(outcome.report.notes.contains { $0.contains("fax (telephone") && $0.contains("phone (telephone") })
    }

    @Test func spreadsheetsOfSeveralSheetsAskForOne() async throws {
        guard let url = file("indikatoren/Deutschlandatlas-Daten_2024-12-12.xlsx") else { return }
        await #expect {
            try await load(.indicators, url)
        } throws: { error in
            guard case .layer(_, nil, let layers)? = error as? LoaderError else { return false }
            return layers.contains("Deutschlandatlas_KRS1222")
        }
        let outcome = try await load(
            .indicators, url,
            mapping: """
                layer: Deutschlandatlas_KRS1222
                columns: {key: {value: settlement_share}, area_key: KRS1222, value: fl_suv, label_de: Kreisname}
                """)
        #expect(outcome.report.addsUp)
        #expect(outcome.count == 400)
        #expect(outcome.texts("area_key").first == "01001000")
    }

    @Test func spreadsheetWithItsHeaderInRowSix() async throws {
        guard let url = file("bevoelkerung/04-kreise_31122023.xlsx") else { return }
        let outcome = try await load(
            .indicators, url,
            mapping: """
                layer: Kreisfreie Städte u. Landkreise
                header_row: 6
                columns: {key: {value: area}, area_key: "1", label_de: "3", value: "5", year: {value: "2023"}}
                """)
        #expect(outcome.report.addsUp)
        let values = Dictionary(
            zip(outcome.texts("area_key"), outcome.texts("value")), uniquingKeysWith: { first, _ in first })
        #expect(values["15003"] == "201.68")
        #expect(outcome.report.notes.contains { $0.hasSuffix("blank rows passed over") })
        #expect(outcome.texts("area_key").filter { $0.count == 5 }.count == 400)
    }

    @Test func aSpreadsheetThatGDALCannotOpenIsTold() async throws {
        guard let url = file("indikatoren/Deutschlandatlas-Daten_2026-04-22.xlsx") else { return }
        await #expect {
            try await load(.indicators, url)
        } throws: { error in
            guard case .toolFailed? = error as? LoaderError else {
                // A newer GDAL opens it: then it asks for a sheet.
                if case .layer? = error as? LoaderError { return true }
                return false
            }
            return "\(error)".contains("save it as CSV")
        }
    }

    @Test func invalidQuarterIsRepairedAndNamed() async throws {
        guard let url = file("grenzen/magdeburg/Stadtteile.geojson") else { return }
        let outcome = try await load(
            .municipalities, url, mapping: "columns: {key: {value: \"15003000\"}, name: name}")
        #expect(outcome.report.read == 40)
        // All quarters have the city's key: the first is taken, the others are duplicates.
        #expect(outcome.count == 1 && outcome.report.rejected == 39)
        #expect(outcome.report.addsUp)
    }

    @Test func germanDatesAndDecimalCommasInLatin1() async throws {
        guard let url = file("kodierung/magdeburg_steuersaetze_1991-2026_latin1.csv") else { return }
        let outcome = try await load(
            .offers, url,
            mapping: """
                columns: {id: Satzung, title: Beschreibung, valid_from: ab, cost: Tarif}
                """)
        #expect(outcome.report.dialect.contains("delimiter ';', decimal comma"))
        #expect(outcome.report.addsUp)
        #expect(outcome.texts("valid_from").contains("2025-04-01"))
    }

    @Test func networkFilesLoadWithAMapping() async throws {
        guard let actors = file("netzwerk/actors.csv"), let links = file("netzwerk/links.csv") else { return }
        let outcome = try await load(
            .actors, actors,
            mapping:
                "columns: {id: id, name: name, sector: sector, kind: kind, state: state, place: place, url: url, parent_id: parent_id}"
        )
        #expect(outcome.count == 297)
        let related = try await load(.links, links)
        #expect(related.count == 370 || related.report.rejected > 0)
        #expect(related.report.addsUp)
    }
}
