import Foundation
import HTTPTypes
import NetworkModel
import TestSupport
import Testing

@testable import Server

/// Whole collections as files.
@Suite struct ExportTests {
    @Test(arguments: ["offers", "actors", "districts", "municipalities", "population", "links", "coverage", "access"])
    func everyFormHoldsEveryFeature(collection: String) async throws {
        let site = try TestSite(MadeNetwork.offers(2500))
        let path = "/api/collections/\(collection)"
        let items = try await site.send("\(path)/items?limit=10000")
        let expected = try items.features().map { NSDictionary(dictionary: $0) }
        let whole = try await site.send("\(path)/export")
        #expect(whole["Content-Type"] == "application/geo+json")
        #expect(try whole.features().map { NSDictionary(dictionary: $0) } == expected)
        #expect(try whole.json()["data_version"] as? String == site.version)
        let sequence = try await site.send("\(path)/export?f=geojsonseq")
        #expect(sequence["Content-Type"] == "application/geo+json-seq")
        let records = try sequence.body.split(separator: 0x1e).map { record in
            #expect(record.last == 0x0a)
            return try JSONSerialization.jsonObject(with: Data(record)) as? [String: Any] ?? [:]
        }
        #expect(records.map { NSDictionary(dictionary: $0) } == expected)
        for form in ["csv", "csv-excel"] {
            let table = try await site.send("\(path)/export?f=\(form)")
            #expect(table["Content-Type"] == "text/csv; charset=utf-8; header=present")
            let lines = CellReader.lines(table.text, separator: form == "csv" ? "," : ";")
            #expect(lines.count == expected.count + 1, "\(form)")
            #expect(lines.allSatisfy { $0.count == lines[0].count })
            #expect(table.body.starts(with: [0xef, 0xbb, 0xbf]) == (form == "csv-excel"))
            let ids = try items.ids()
            #expect(lines.dropFirst().map { $0[0] } == ids)
        }
    }

    @Test func valuesStandAsTheirDialectHasThem() async throws {
        var tables = ExampleNetwork.tables
        var row = ExampleNetwork.offer("o1", "=1+1; \"zitiert\",\nzweite Zeile", "training", languages: ["ar", "de"])
        row["lon"] = .real(11.25)
        tables[.offers] = Table(.offers, [row])
        let site = try TestSite(tables)
        let path = "/api/collections/offers/export?properties=id,title,languages,valid_from"
        let csv = try await site.send("\(path)&f=csv")
        #expect(
            csv.text
                == "id,title,languages,valid_from,lon,lat\r\no1,\"=1+1; \"\"zitiert\"\",\nzweite Zeile\",ar;de,,11.25,51.5\r\n"
        )
        let excel = try await site.send("\(path)&f=csv-excel")
        #expect(
            String(decoding: excel.body.dropFirst(3), as: UTF8.self)
                == "id;title;languages;valid_from;lon;lat\r\no1;\"'=1+1; \"\"zitiert\"\",\nzweite Zeile\";\"ar;de\";;11,25;51,5\r\n"
        )
        let metric = try await site.send("\(path)&f=csv&crs=EPSG:3035")
        #expect(metric.text.contains("valid_from,easting,northing\r\n"))
        #expect(metric["Content-Crs"] == "<http://www.opengis.net/def/crs/EPSG/0/3035>")
        let surfaces = try await site.send("/api/collections/districts/export?f=csv&properties=key")
        #expect(surfaces.text.contains("key,wkt\r\n15001,\"MULTIPOLYGON (((11 51, "))
        let none = try await site.send("/api/collections/districts/export?f=csv-excel&properties=key")
        #expect(none.text.hasSuffix("key\r\n15001\r\n15002\r\n"))
    }

    @Test func selectionsAreThoseOfItems() async throws {
        let site = try TestSite(MadeNetwork.offers(500))
        for query in [
            "category=training", "filter=id%20LIKE%20'o1%25'", "bbox=51,11,51.02,12&bbox-crs=EPSG:4326",
            "sortby=-title&properties=title", "q=angebot&filter=geometry%20IS%20NULL",
        ] {
            let items = try await site.send("/api/collections/offers/items?limit=1000&\(query)")
            let export = try await site.send("/api/collections/offers/export?\(query)")
            #expect(try export.ids() == items.ids())
            #expect(try !export.ids().isEmpty)
            let link = try #require(try items.link("enclosure", type: "application/geo+json"))
            #expect(try await site.send(link).ids() == items.ids())
        }
        let empty = try await site.send("/api/collections/offers/export?bbox=0,0,1,1")
        #expect(try empty.json()["numberReturned"] as? Int == 0)
        #expect(try empty.features().isEmpty)
    }

    @Test func largeExportsComeInPiecesAndTheSameEachTime() async throws {
        let site = try TestSite(MadeNetwork.offers(9000, titled: String(repeating: "Lang ", count: 40)))
        for form in ["geojson", "geojsonseq", "csv"] {
            let target = "/api/collections/offers/export?f=\(form)"
            let first = try await site.send(target)
            #expect(first.body.count > 2 << 20)
            #expect(first["Content-Length"] == nil)
            #expect(try await site.send(target).body == first.body)
            let tag = try #require(first["ETag"])
            #expect(try await site.send(target, ["If-None-Match": tag]).status == 304)
            let head = try await site.send(target, method: .head)
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test func filesAreNamedByTheirData() async throws {
        var tables = ExampleNetwork.tables
        tables[.regions] = Table(
            .regions, [["id": .text("example"), "name_de": .text("Beispiel"), "as_of": .text("2024-06")]])
        let site = try TestSite(tables)
        for (form, ending) in [
            ("geojson", "geojson"), ("geojsonseq", "geojsons"), ("csv", "csv"), ("csv-excel", "csv"),
        ] {
            let answer = try await site.send("/api/collections/offers/export?f=\(form)")
            #expect(
                answer["Content-Disposition"]
                    == "attachment; filename=\"kompass-offers-2024-06-\(site.version).\(ending)\"")
        }
    }

    @Test func acceptChoosesWhereFDoesNot() async throws {
        let site = try TestSite()
        let path = "/api/collections/offers/export"
        #expect(try await site.send(path, ["Accept": "text/csv"])["Content-Type"]?.hasPrefix("text/csv") == true)
        #expect(try await site.send(path, ["Accept": "image/png"]).status == 406)
        #expect(try await site.send(path, ["Accept": "text/html,*/*;q=0.1"])["Content-Type"] == "application/geo+json")
    }

    @Test(arguments: [
        ("f=xml", "f"), ("f=", "f"), ("limit=1", "limit"), ("cursor=x", "cursor"), ("lang=de", "lang"),
        ("curious=1", "curious"), ("bbox=1", "bbox"), ("filter=", "filter"), ("sortby=colour", "sortby"),
        ("properties=colour", "properties"), ("crs=x", "crs"),
    ])
    func badParametersAreNamed(query: String, parameter: String) async throws {
        let site = try TestSite()
        let answer = try await site.send("/api/collections/offers/export?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == parameter)
        #expect(try await site.send("/api/collections/nothing/export").status == 404)
    }

    @Test func theCommandWritesTheSameBytes() async throws {
        let site = try TestSite()
        let export = OfflineExport(Snapshot(ExampleNetwork.tables))
        for collection in export.collections {
            for form in OfflineExport.Form.allCases {
                var bytes: [UInt8] = []
                let count = try export.write(collection, parameters: [("crs", "EPSG:25832")], form: form) {
                    bytes += $0
                }
                let answer = try await site.send(
                    "/api/collections/\(collection)/export?crs=EPSG:25832&f=\(form.rawValue)")
                #expect(answer.body == bytes, "\(collection) \(form)")
                #expect(count >= 0)
            }
        }
        #expect(throws: AnalysisRefusal.self) { _ = try export.write("x", parameters: [], form: .csv) { _ in } }
        #expect(throws: AnalysisRefusal.self) {
            _ = try export.write("offers", parameters: [("limit", "1")], form: .csv) { _ in }
        }
    }
}

/// A reader of RFC 4180, another than what writes.
private enum CellReader {
    static func lines(_ text: String, separator: Character) -> [[String]] {
        var lines: [[String]] = []
        var line: [String] = []
        var cell = ""
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        if scalars.first == "\u{feff}" { scalars.removeFirst() }
        while let scalar = scalars.popFirst() {
            if isQuoted {
                if scalar != "\"" {
                    cell.unicodeScalars.append(scalar)
                } else if scalars.first == "\"" {
                    scalars.removeFirst()
                    cell += "\""
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"" {
                isQuoted = true
            } else if Character(scalar) == separator {
                line.append(cell)
                cell = ""
            } else if scalar == "\r" {
                continue
            } else if scalar == "\n" {
                lines.append(line + [cell])
                line = []
                cell = ""
            } else {
                cell.unicodeScalars.append(scalar)
            }
        }
        return lines
    }
}
