import Foundation
import NetworkModel
import Testing

@testable import Loader

@Suite struct HostileInputTests {
    @Test func aMissingFileIsNamed() async throws {
        await #expect {
            try await load(.offers, URL(filePath: "/nowhere/a.csv"))
        } throws: { "\($0)".contains("/nowhere/a.csv: there is no such file") }
        await #expect {
            try await load(.offers, FileManager.default.temporaryDirectory)
        } throws: { "\($0)".contains("not a file") }
    }

    @Test(arguments: [
        ("a.geojson", "id,name\n1,a\n", "plain text"),
        ("a.csv", "{\"type\":\"FeatureCollection\",\"features\":[]}", "JSON"),
        ("a.gpkg", "<!DOCTYPE html><html>404</html>", "web page"), ("a.csv", "%PDF-1.4", "PDF"),
        ("a.csv", "PK\u{3}\u{4}xxxxxxxx", "ZIP"), ("a.gpkg", "id,name\n1,a\n", "plain text"),
    ])
    func aWrongFormatUnderARightNameIsTold(_ name: String, _ content: String, _ found: String) async throws {
        await #expect {
            try await load(.offers, content, name: name)
        } throws: { error in
            guard case .wrongFormat? = error as? LoaderError else { return false }
            return "\(error)".contains(found) && "\(error)".contains(name)
        }
    }

    @Test func utf16AndEmptyFilesAreTold() async throws {
        let wide = try TemporaryFile("a.csv", [0xff, 0xfe, 0x69, 0x00])
        await #expect { try await load(.offers, wide.url) } throws: {
            "\($0)".contains("UTF-16") && "\($0)".contains("UTF-8")
        }
        await #expect { try await load(.offers, "") } throws: { "\($0)".contains("empty") }
        let header = try await load(.offers, "id,title\n")
        #expect(header.count == 0 && header.report.addsUp)
    }

    @Test func truncatedArchivesAndDatabasesAreTold() async throws {
        let zip = try TemporaryFile("a.zip", Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 7, count: 500))
        await #expect { try await load(.districts, zip.url) } throws: {
            "\($0)".contains("a.zip") && "\($0)".contains("ogr2ogr")
        }
        let database = try TemporaryFile(
            "a.gpkg", Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 3_000))
        await #expect { try await load(.districts, database.url) } throws: { "\($0)".contains("a.gpkg") }
    }

    @Test func otherFormatsComeThroughGDAL() async throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>
            <name>Treff</name><Point><coordinates>11.5,51.5,0</coordinates></Point></Placemark></Document></kml>
            """
        do {
            let outcome = try await load(
                .actors, text, name: "a.kml", mapping: "columns: {id: Name, name: Name}")
            #expect(outcome.texts("name") == ["Treff"])
            #expect(outcome.points == [[11.5, 51.5]])
            #expect(outcome.report.dialect.contains("through ogr2ogr"))
        } catch LoaderError.missingTool {
            print("skipped: GDAL is not installed")
        }
    }

    @Test func aMissingToolIsNamedWithItsCure() async throws {
        let file = try TemporaryFile("a.kml", "<kml/>")
        await #expect {
            _ = try await OGRConversion(InputDefinition(kind: .actors, file: file.url), tool: "kompass-no-such-tool")
        } throws: { error in
            "\(error)".contains("gdal-bin") && (error as? LoaderError)?.isUsage == true
        }
    }

    @Test func aFileThatWantsToFetchIsNotObeyed() async throws {
        let text =
            "<OGRVRTDataSource><OGRVRTLayer name=\"a\"><SrcDataSource>/etc/hostname</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
        await #expect {
            try await load(.actors, text, name: "a.gml")
        } throws: { error in
            switch error as? LoaderError {
            case .toolFailed, .missingTool: true
            default: false
            }
        }
    }

    @Test func noFeaturesAreNoRecords() async throws {
        let outcome = try await load(.districts, "{\"type\":\"FeatureCollection\",\"features\":[]}", name: "d.geojson")
        #expect(outcome.count == 0 && outcome.report.addsUp)
    }

    @Test func datesAndMeasuresAreNoTelephoneNumbers() {
        for text in ["29/06/2018", "2018-06-29", "01-02-2018", "0.12345678", "06774", "01001000", "12345678"] {
            #expect(ContactColumns.suspicion(values: [text, text]) == nil, "\(text)")
        }
        for text in ["0391/123456", "+49 391 123456", "(0391) 12 34 56-7"] {
            #expect(ContactColumns.suspicion(values: [text, text]) == .telephone, "\(text)")
        }
        for name in ["cell_size", "Name", "Ort", "opened", "mailing_area", "faxen"] {
            #expect(ContactColumns.suspicion(name: name) == nil, "\(name)")
        }
        for name in ["E-Mail", "e_mail", "Telefon-Nr.", "Fax", "Ansprechpartner/in", "First Name", "contact_person"] {
            #expect(ContactColumns.suspicion(name: name) != nil, "\(name)")
        }
    }

    @Test func duplicatesNameTheFirstLine() async throws {
        let outcome = try await load(.offers, "id,title\nx,a\ny,b\nx,c\n")
        #expect(outcome.texts("title") == ["a", "b"])
        #expect(outcome.issues(.rejected).first?.reason.contains("line 2") == true)
        #expect(outcome.issues(.rejected).first?.line == 4)
    }

    @Test func aRejectedRowDoesNotTakeItsId() async throws {
        let outcome = try await load(.offers, "id,title,capacity\nx,a,NaN\nx,b,3\n")
        #expect(outcome.texts("title") == ["b"])
    }

    @Test func anErrorInTheLastOfManyRowsIsFound() async throws {
        let rows = (1...100_000).map { "\($0),T\($0)" }.joined(separator: "\n")
        let outcome = try await load(
            .offers, "id,title,capacity\n" + rows.replacing("\n", with: ",5\n") + ",5\nlast,L,1e400\n")
        #expect(outcome.report.read == 100_001)
        #expect(outcome.report.loaded == 100_000)
        #expect(outcome.issues(.rejected).map(\.line) == [100_002])
        #expect(outcome.tables.count > 1)
        #expect(outcome.report.addsUp)
    }

    @Test func sameInputSameRecords() async throws {
        let text =
            "id,title,lon,lat,languages\n"
            + (0..<40_000).map { "\($0),T,1\($0 % 4).5,51.5,de;en" }.joined(separator: "\n")
        let first = try await load(.offers, text, reference: exampleReference())
        let second = try await load(.offers, text, reference: exampleReference())
        #expect(first.texts("municipality_key") == second.texts("municipality_key"))
        #expect(first.report.notes == second.report.notes)
        #expect(first.report.issues == second.report.issues)
        #expect(first.report.sha256 == second.report.sha256)
        #expect(first.report.sha256.count == 64)
    }

    @Test func zeroBytesRejectTheirRow() async throws {
        let file = try TemporaryFile("a.csv", Array("id,title\n1,a".utf8) + [0] + Array("b\n2,c\n".utf8))
        // A zero byte near the beginning means that the file is no text at all.
        await #expect { try await load(.offers, file.url) } throws: { "\($0)".contains("binary") }
        let far = try TemporaryFile(
            "a.csv",
            Array("id,title\n".utf8) + Array((0..<2000).map { "\($0),x\n" }.joined().utf8) + Array("z,a".utf8) + [
                0, 0x0a,
            ])
        let outcome = try await load(.offers, far.url)
        #expect(outcome.report.loaded == 2000)
        #expect(outcome.issues(.rejected).map(\.line) == [2002])
    }

    @Test func issuesAreListedUpToALimitAndCountedBeyond() async throws {
        let text = "id,title,valid_from\n" + (0..<12_000).map { "\($0),T,01.02.2020" }.joined(separator: "\n")
        let outcome = try await load(.offers, text)
        #expect(outcome.report.repaired == 12_000)
        #expect(outcome.report.issues.count == 10_000)
        #expect(outcome.report.notes.contains { $0.contains("2000 further issues") })
    }
}
