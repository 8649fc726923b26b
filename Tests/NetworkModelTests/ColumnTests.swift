import NetworkModel
import TestSupport
import Testing

struct ColumnTests {
    @Test(arguments: ["2018", "2018-06", "2020-02-29", "0001-01-01"])
    func dateIsWrittenAsItWasRead(_ text: String) {
        #expect(ReducedDate(text)?.description == text)
    }

    @Test(arguments: [
        "", "18", "2018-6", "2018-13", "2019-02-29", "2018-06-31", "2018-06-1x", "2018-06-01-01", "-2018",
    ])
    func noDate(_ text: String) {
        #expect(ReducedDate(text) == nil)
    }

    @Test func reducedDateMeansItsFirstAndLastDay() {
        #expect(ReducedDate("2018")?.firstDay == 2018_01_01)
        #expect(ReducedDate("2018")?.lastDay == 2018_12_31)
        #expect(ReducedDate("2020-02")?.lastDay == 2020_02_29)
    }

    @Test func indexAgreesWithADictionary() {
        var random = SeededGenerator(seed: 7)
        var index = IdentifierIndex()
        var oracle: [String: Int] = [:]
        for _ in 0..<20_000 {
            let identifier = "id-\(Int.random(in: 0..<5_000, using: &random))"
            let (row, isNew) = index.insert(identifier)
            #expect(isNew == (oracle[identifier] == nil))
            oracle[identifier] = oracle[identifier] ?? row
            #expect(row == oracle[identifier])
        }
        #expect(index.count == oracle.count)
        #expect(index.row(of: "id-5001") == nil)
        #expect(index.row(of: "") == nil)
    }

    @Test func sortedRowsAreInByteOrder() {
        var random = SeededGenerator(seed: 8)
        var column = TextColumn()
        var texts: [String] = []
        for _ in 0..<2_000 {
            let length = Int.random(in: 0...14, using: &random)
            let text = String((0..<length).map { _ in "abcäöü€0".randomElement(using: &random) ?? "a" })
            column.append(text)
            texts.append(text)
        }
        let expected = texts.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(column.sortedRows().map { column[$0] ?? "" } == expected)
    }

    @Test func foldedTextFindsEitherSpelling() {
        #expect(FoldedText.fold("Mädchen") == FoldedText.fold("MAEDCHEN"))
        #expect(FoldedText.fold("Straße") == FoldedText.fold("STRASSE"))
        #expect(FoldedText.fold("Łódź") == Array("lodz".utf8))
        #expect(FoldedText.fold("ПРИВЕТ") == Array("привет".utf8))
    }
}
