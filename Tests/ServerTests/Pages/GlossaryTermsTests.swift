import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct GlossaryTermsTests {
    private let glossary = GlossaryTerms(
        Table(
            .glossary,
            [
                "Öffnung", "Interkulturelle Öffnung", "IKÖ", "KI (Kommunales Integrationszentrum)",
                "Integrationslots*innen", "Oe",
            ]
            .enumerated().map { number, term in
                ["id": .text("\(number)"), "term": .text(term), "region": .text("example")]
            }))

    private func found(_ text: String) -> [String] {
        glossary.matches(in: text).map { "\(text[$0.range])=\($0.term.name)" }
    }

    @Test func theLongestTermWinsWhateverItsEndings() {
        #expect(found("Zur Interkulturellen Öffnung.") == ["Interkulturellen Öffnung=Interkulturelle Öffnung"])
        #expect(found("eine Öffnung, öffnungen") == ["Öffnung=Öffnung", "öffnungen=Öffnung"])
        #expect(found("Lotsen und Integrationslots*innen") == ["Integrationslots*innen=Integrationslots*innen"])
    }

    @Test func abbreviationsAreTakenAsWritten() {
        #expect(found("IKÖ, ikö, IKÖs") == ["IKÖ=IKÖ"])
        #expect(found("Das KI ki ist") == ["KI=KI (Kommunales Integrationszentrum)"])
        #expect(
            found("im Kommunalen Integrationszentrum") == [
                "Kommunalen Integrationszentrum=KI (Kommunales Integrationszentrum)"
            ])
    }

    @Test func wordsWithinWordsAreNoTerms() {
        #expect(found("Eröffnung Öffnungszeiten") == [])
        #expect(found("") == [])
    }

    @Test func theOrderIsThatOfADictionary() {
        #expect(
            glossary.terms.map(\.name) == [
                "IKÖ", "Integrationslots*innen", "Interkulturelle Öffnung", "KI (Kommunales Integrationszentrum)", "Oe",
                "Öffnung",
            ])
        #expect(Set(glossary.terms.map(\.anchor)).count == 6)
        #expect(GlossaryTerms.letter(of: "Öffnung") == "O")
        #expect(GlossaryTerms.letter(of: "2. Weg") == "#")
    }
}
