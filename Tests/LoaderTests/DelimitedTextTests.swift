import NetworkModel
import Testing

@testable import Loader

@Suite struct DelimitedTextTests {
    @Test func readsQuotesLineBreaksAndMixedLineEnds() async throws {
        let outcome = try await load(
            .glossary,
            "id,term,explanation_de\r\n1,\"A \"\"b\"\", c\",\"zwei\nZeilen\"\n2,B,\"x\r\ny\"\r3,C,z")
        #expect(outcome.texts("term") == ["A \"b\", c", "B", "C"])
        #expect(outcome.texts("explanation_de") == ["zwei\nZeilen", "x\r\ny", "z"])
        #expect(outcome.report.read == 3)
        #expect(outcome.report.addsUp)
    }

    @Test func issuesNameTheFirstLineOfTheirRow() async throws {
        let outcome = try await load(.glossary, "id,term\n1,\"a\nb\nc\"\n2,\n\n3,d\n3,e\n")
        #expect(outcome.issues(.rejected).map(\.line) == [5, 8])
        #expect(outcome.issues(.rejected).map(\.field) == ["term", "id"])
        #expect(outcome.report.notes.contains("1 blank rows passed over"))
        #expect(outcome.report.addsUp)
    }

    @Test(arguments: [
        ("id;term\n1;Öl\n", "UTF-8", "';'"), ("\u{feff}id\tterm\n1\tÖl\n", "UTF-8 with byte order mark", "tab"),
        ("id|term\n1|Öl\n", "UTF-8", "'|'"),
    ])
    func tellsDelimiters(_ text: String, _ encoding: String, _ delimiter: String) async throws {
        let outcome = try await load(.glossary, text)
        #expect(outcome.texts("term") == ["Öl"])
        #expect(outcome.report.dialect.contains("\(encoding), delimiter \(delimiter)"))
    }

    @Test func tellsOneByteEncodings() async throws {
        let latin = try TemporaryFile("a.csv", Array("id,term\n1,".utf8) + [0xd6, 0x6c, 0x0a])
        let first = try await load(.glossary, latin.url)
        #expect(first.texts("term") == ["Öl"])
        #expect(first.report.dialect.contains("ISO-8859-1"))
        let windows = try TemporaryFile(
            "a.csv", Array("id,term\n1,".utf8) + [0x84, 0xd6, 0x6c, 0x93, 0x20, 0x80, 0x0a])
        let second = try await load(.glossary, windows.url)
        #expect(second.texts("term") == ["„Öl“ €"])
        #expect(second.report.dialect.contains("Windows-1252"))
    }

    @Test func rejectsTheRowsOfDamagedUTF8() async throws {
        let file = try TemporaryFile(
            "a.csv", Array("id,term\n1,Öl\n2,Ä".utf8) + [0xd6, 0x0a] + Array("3,Äpfel\n".utf8))
        let outcome = try await load(.glossary, file.url)
        #expect(outcome.texts("id") == ["1", "3"])
        #expect(outcome.issues(.rejected).first?.line == 3)
        #expect(outcome.issues(.rejected).first?.reason.contains("encoding:") == true)
        #expect(outcome.report.addsUp)
    }

    @Test func rejectsRowsOfAnotherWidth() async throws {
        let outcome = try await load(.glossary, "id,term\n1,a\n2\n3,c,d\n4,e\n")
        #expect(outcome.texts("id") == ["1", "4"])
        #expect(outcome.issues(.rejected).map(\.line) == [3, 4])
        #expect(outcome.issues(.rejected)[1].reason.contains("3 values, the header 2 columns"))
        #expect(outcome.report.addsUp)
    }

    @Test func rejectsTextBehindAClosingQuote() async throws {
        let outcome = try await load(.glossary, "id,term\n1,\"a\"b\n2,c\n")
        #expect(outcome.texts("id") == ["2"])
        #expect(outcome.issues(.rejected).first?.line == 2)
    }

    @Test func namesTheLineOfAnUnclosedQuote() async throws {
        await #expect {
            try await load(.glossary, "id,term\n1,a\n2,\"b\n3,c\n")
        } throws: { error in
            "\(error)".contains("line 3") && "\(error)".contains("never closed")
        }
    }

    @Test func takesTenMegabytesInOneFieldAsARejectedRow() async throws {
        let long = String(repeating: "x", count: 10 << 20)
        let outcome = try await load(.glossary, "id,term\n1,\(long)\n2,b\n")
        #expect(outcome.texts("id") == ["2"])
        #expect(outcome.issues(.rejected).first?.reason.contains("1 MB") == true)
        #expect((outcome.issues(.rejected).first?.value.count ?? 0) <= 200)
    }

    @Test(arguments: [
        ("1.5", ",", 1.5), ("-1e3", ",", -1000), ("1 234,5", ";", 1234.5), ("1.234,5", ";", 1234.5),
        ("1\u{a0}234\u{202f}567,25", ";", 1_234_567.25), ("0,000000000000000000001", ";", 1e-21),
        ("123456789012345678901234567890,0", ";", 1.2345678901234568e29),
    ])
    func readsNumbers(_ text: String, _ delimiter: String, _ value: Double) async throws {
        let outcome = try await load(
            .indicators,
            "id;key;value\na;k;\(text)\nb;k;0,5\n".replacing(";", with: delimiter == ";" ? ";" : "|")
                .replacing("0,5", with: delimiter == ";" ? "0,5" : "0.5"))
        #expect(outcome.values("value").first == .real(value))
    }

    @Test(arguments: ["NaN", "inf", "-Infinity", "1e400", "abc", "1,5", "1.2.3", "0x10", "--1", "1e", "12 34"])
    func rejectsWhatIsNoNumber(_ text: String) async throws {
        let outcome = try await load(.indicators, "id|key|value\na|k|\(text)\nb|k|1.5\nc|k|2.5\n")
        #expect(outcome.texts("id") == ["b", "c"])
        let issue = try #require(outcome.issues(.rejected).first)
        #expect(issue.field == "value")
        #expect(issue.value == text)
        #expect(issue.line == 2)
    }

    @Test func headerMayStandBelowABanner() async throws {
        let outcome = try await load(
            .glossary, "Stand 2024;\n;\n\"Kenn-\nung\";term\n1;a\n",
            mapping: "header_row: 3\ncolumns: {id: Kenn- ung, term: term}")
        #expect(outcome.texts("id") == ["1"])
        #expect(outcome.texts("term") == ["a"])
    }

    @Test func unnamedColumnsAreCountedAndAmbiguousOnesRefused() async throws {
        let outcome = try await load(.glossary, "id,term,,\n1,a,,\n")
        #expect(outcome.report.notes.contains { $0.contains("2 columns have no name") })
        await #expect {
            try await load(.glossary, "id,term,term\n1,a,b\n")
        } throws: { "\($0)".contains("2 columns have this name") }
    }
}
