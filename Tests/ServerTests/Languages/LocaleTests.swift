import Foundation
import NetworkModel
import Testing

@testable import Server

@Suite struct LocaleTests {
    private let pages: PageRenderer

    init() throws { pages = try PageRenderer(assets: Checkout.tiles) }

    /// The languages that issue and README promise.
    private static let promised = ["de", "de-simple", "en", "ar", "fa", "fr", "pl", "ro", "ru", "tr", "uk", "vi"]

    @Test func theLanguagesAreThereGermanFirst() {
        #expect(pages.languages == Self.promised)
        #expect(pages.languages.filter { pages.texts[$0]?.direction == "rtl" } == ["ar", "fa"])
        // German and English are written by hand; whatever else is there was made by a machine and says so.
        #expect(pages.languages.filter { pages.texts[$0]?.isReviewed == true } == ["de", "en"])
    }

    @Test func everyLanguageHasEveryTextWithItsPlaceholdersAndForms() throws {
        let german = try #require(pages.locales["de"])
        let keys = Set(german.members.map(\.0))
        let placeholders = { (text: String) in Set(text.matches(of: /\{\w+\}/).map { String($0.output) }) }
        for (tag, file) in pages.locales {
            let names = file.members.map(\.0)
            #expect(Set(names) == keys, "\(tag): \(Set(names).symmetricDifference(keys).sorted())")
            #expect(names.count == keys.count, "\(tag) has a key twice")
            let forms = Set(
                (0...120).map { PluralRule(language: tag).category($0) }
                    + [PluralRule(language: tag).category(1_000_000), .other])
            for (key, original) in german.members {
                let value = file[key] ?? .null
                let expected = placeholders(original.text ?? original["other"]?.text ?? "")
                if original.text != nil {
                    #expect(value.text?.isEmpty == false, "\(tag): \(key)")
                    #expect(placeholders(value.text ?? "") == expected, "\(tag): \(key)")
                } else if case .object = original {
                    #expect(Set(value.members.compactMap { PluralCategory(rawValue: $0.0) }) == forms, "\(tag): \(key)")
                    #expect(value.members.count == forms.count, "\(tag): \(key)")
                    for (form, text) in value.members {
                        #expect(placeholders(text.text ?? "") == expected, "\(tag): \(key), \(form)")
                    }
                }
            }
        }
    }

    @Test func numbersDatesAndListsFollowTheLanguage() throws {
        let date = try #require(ReducedDate("2026-06-30"))
        let month = try #require(ReducedDate("2018-06"))
        let expected: [(String, String, String, String)] = [
            ("de", "12.345", "30. Juni 2026", "Juni 2018"), ("de-simple", "12.345", "30. Juni 2026", "Juni 2018"),
            ("en", "12,345", "June 30, 2026", "June 2018"), ("pl", "12\u{a0}345", "30 czerwca 2026", "czerwiec 2018"),
            ("fa", "۱۲٬۳۴۵", "۳۰ ژوئن ۲۰۲۶", "ژوئن ۲۰۱۸"),
        ]
        for (tag, number, day, reduced) in expected {
            let texts = try #require(pages.texts[tag])
            #expect(texts.number(12_345) == number, "\(tag)")
            #expect(texts.date(date) == day, "\(tag)")
            #expect(texts.date(month) == reduced, "\(tag)")
        }
        let german = try #require(pages.texts["de"])
        #expect(german.list(["a", "b", "c"]) == "a, b und c")
        #expect(german.percent(0.125, decimals: 1) == "12,5\u{a0}%")
        #expect(german.number(.nan, decimals: 1) == nil)
    }

    @Test func placeholdersAreFilledOnceAndByNameOnly() {
        let json: JSON = ["a": "{x} {y}", "n": ["one": "{n} Ding {x}", "other": "{n} Dinge {x}"], "open": "{x"]
        let texts = PageTexts(tag: "de", json: json)
        #expect(texts.text("a", ["x": "{y}", "y": "2"]) == "{y} 2")
        #expect(texts.text("n", count: 1, ["x": "!"]) == "1 Ding !")
        #expect(texts.text("n", count: 1000, ["x": "!"]) == "1.000 Dinge !")
        #expect(texts.text("open", ["x": "1"]) == "{x")
        #expect(texts.text("missing") == "missing")
    }
}
