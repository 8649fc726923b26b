import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct PublicPageTests {
    private let site: TestSite

    init() throws { site = try TestSite(Self.tables()) }

    /// The example with a glossary, a contact, and an operator who states everything.
    private static func tables(_ change: (inout [RecordKind: Table]) -> Void = { _ in }) -> [RecordKind: Table] {
        var tables = ExampleNetwork.tables
        tables[.regions] = Table(
            .regions,
            [
                [
                    "id": .text("example"), "name_de": .text("Beispiel"), "state": .text("ST"),
                    "as_of": .text("2024-12-31"),
                    "imprint_text": .text("Verein Beispiel e.V.\nWeg 1\n\nhttps://a.test/x"),
                    "feedback_url": .text("mailto:post@a.test"),
                    "report_url": .text("https://a.test/melden?id={id}&seite={url}"),
                ]
            ])
        tables[.glossary] = Table(
            .glossary,
            [
                [
                    "id": .text("1"), "term": .text("Beratung"),
                    "explanation_de": .text("Ein Gespräch über eine Frage."), "region": .text("example"),
                ],
                [
                    "id": .text("2"), "term": .text("Kurs"), "explanation_de": .text("Mehr als eine Beratung."),
                    "explanation_en": .text("More than counselling."), "region": .text("example"),
                ],
            ])
        change(&tables)
        return tables
    }

    private static let pages = [
        "/offers/beratung", "/actors/amt", "/districts", "/districts/15001", "/districts/15001/sheet", "/network",
        "/glossary", "/imprint", "/privacy", "/accessibility",
    ]

    @Test(arguments: pages)
    func everyLanguageHasThePage(path: String) async throws {
        for tag in site.server.site.pages.languages {
            let answer = try await site.send("\(path)?lang=\(tag)")
            #expect(answer.status == 200, "\(path) \(tag)")
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            #expect(answer["Set-Cookie"] == nil)
            let text = answer.text
            #expect(text.contains("<html lang=\"\(tag)\" dir=\"\(["ar", "fa"].contains(tag) ? "rtl" : "ltr")\""))
            #expect(!text.contains("{{") && !text.contains("<script") && !text.contains(" style=\""))
            // A text that is missing would show its key.
            let words = text.replacing(/<[^>]*>/, with: " ")
            #expect(
                !words.contains(/\b(field|nav|rural|reach|gap|status|privacy|accessibility|duty|sheet)_[a-z]/),
                "\(path) \(tag)")
            if !path.hasSuffix("/sheet") {
                #expect(text.contains("<link rel=\"canonical\" href=\"http://kompass.test\(path)?lang=\(tag)\">"))
                #expect(text.components(separatedBy: "rel=\"alternate\" hreflang=").count == 13)
            }
        }
        #expect(try await site.send(path, ["Accept-Language": "uk, de;q=0.5"]).text.contains("<html lang=\"uk\""))
        #expect(try await site.send("\(path)?lang=xx&utm_source=a").text.contains("<html lang=\"de\""))
        let tag = try #require(try await site.send(path)["ETag"])
        #expect(try await site.send(path, ["If-None-Match": tag]).status == 304)
    }

    @Test func everythingThatAPageNamesIsThere() async throws {
        for page in Self.pages {
            let text = try await site.send("\(page)?lang=fr").text
            for attribute in ["src=\"", "href=\"", "action=\""] {
                for part in text.components(separatedBy: attribute).dropFirst() {
                    let target = part.prefix { $0 != "\"" && $0 != "#" }.replacing("&amp;", with: "&")
                    guard target.hasPrefix("/") else { continue }
                    #expect(try await site.send(String(target)).status == 200, "\(page): \(target)")
                }
            }
        }
    }

    @Test func whatIsNotThereIsSaidInTheLanguage() async throws {
        for path in [
            "/offers/nope", "/actors/nope", "/districts/99999", "/districts/99999/sheet", "/districts/1/og.png",
        ] {
            let answer = try await site.send("\(path)?lang=en")
            #expect(answer.status == 404, "\(path)")
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer.text.contains("There is no such page"))
        }
        for path in ["/offers", "/offers/", "/actors", "/districts/15001/sheet/x", "/impressum"] {
            #expect(try await site.send(path).status == 404, "\(path)")
        }
    }

    @Test func aPersonIsToldByAPageAndAProgramByADocument() async throws {
        let browser = ["Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]
        for path in ["/impressum", "/offers", "/districts/15001/sheet/x"] {
            let page = try await site.send("\(path)?lang=en", browser)
            #expect(page.status == 404 && page["Content-Type"] == "text/html; charset=utf-8", "\(path)")
            #expect(page.text.contains("There is no such page") && page["Cache-Control"] == "no-store")
            #expect(try await site.send(path)["Content-Type"] == "application/problem+json")
        }
        for path in ["/api/impressum", "/tiles/x"] {
            let answer = try await site.send(path, browser)
            #expect(answer.status == 404 && answer["Content-Type"] == "application/problem+json", "\(path)")
        }
    }

    @Test func whatWasWithdrawnIsGone() async throws {
        let tables = Self.tables()
        let log = ChangeLog([
            ChangeLog.Step(
                before: "00000000000000aa", after: Snapshot(tables).dataVersion.description,
                time: "2026-01-02T03:04:05Z",
                changes: [
                    RecordChange(
                        .removed, .offers, "alt", title: "Altes <Angebot>", status: "undated_reported_2018")
                ])
        ])
        let site = try TestSite(
            source: SnapshotSource(changeToken: { 0 }, load: { Snapshot(tables, changes: log) }))
        let answer = try await site.send("/offers/alt?lang=de")
        #expect(answer.status == 410)
        for text in ["Altes &lt;Angebot&gt;", "ohne Datum, berichtet 2018", "2. Januar 2026"] {
            #expect(answer.text.contains(text), "\(text)")
        }
        #expect(try await site.send("/actors/alt").status == 404)
    }

    @Test func anOfferTellsWhatIsKnownAndWhatIsNot() async throws {
        let text = try await site.send("/offers/beratung?lang=de").text
        for part in [
            "<bdi>Beratung auf Arabisch</bdi>", "Arabisch</span>, <span>Deutsch</span>", "ohne Datum, berichtet 2018",
            "Lage: nur Gemeinde, nicht die Adresse", "<a href=\"/districts/15001?lang=de\">Westkreis</a>",
            "<a href=\"/actors/amt?lang=de\">Amt für Mädchen</a>", "nicht angegeben",
            "Bericht</span> (<span>Verein</span>), 2018",
            "href=\"/?lang=de#offer/beratung\"", "Von demselben Träger", "href=\"/offers/kurs?lang=de\"",
            "Von verbundenen Akteuren", "href=\"/offers/treffen?lang=de\"", "<svg class=\"sketch\" role=\"img\"",
            "https://a.test/melden?id=beratung&amp;seite=http:%2F%2Fkompass.test%2Foffers%2Fberatung",
            "href=\"mailto:post@a.test\"", "Stand der Daten: 31. Dezember 2024",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let arabic = try await site.send("/offers/beratung?lang=ar").text
        #expect(arabic.contains("<bdi lang=\"de\">Beratung auf Arabisch</bdi>"))
        #expect(arabic.contains("<span class=\"brand-region\" lang=\"de\">"))
        #expect(
            arabic.contains("<span lang=\"de\" dir=\"auto\"><a href=\"/districts/15001?lang=ar\">Westkreis</a></span>"))
        #expect(
            arabic.contains(
                "<span lang=\"de\" dir=\"auto\">Deutsch</span> <span class=\"fallback\">بالألمانية فقط</span>"))
        let english = try await site.send("/offers/beratung?lang=en").text
        #expect(english.contains("<span>Arabic</span>") && english.contains("<span class=\"brand-region\">"))
        let course = try await site.send("/offers/kurs?lang=de").text
        #expect(course.contains("data-ends=\"2018-06\"") && course.contains(">Juni 2018</span>"))
        let meeting = try await site.send("/offers/treffen?lang=de").text
        #expect(meeting.contains("ab 2019; Ende offen, berichtet 2018") && !meeting.contains("<svg class=\"sketch\""))
    }

    @Test func hostileTextsStayTexts() async throws {
        let evil = "<script>alert(1)</script>\"'>&<\u{338}b\u{338}>{{title}}"
        let site = try TestSite(
            Self.tables { tables in
                var offer = ExampleNetwork.offer("böse/id \"<x>", evil, "counselling", actor: "amt")
                for field in ["description", "cost", "accessibility", "place", "opening_hours"] {
                    offer[field] = .text(evil)
                }
                offer["url"] = .text("javascript:alert(1)")
                offer["booking_url"] = .text("data:text/html,x")
                offer["phone"] = .text("+49 391 <b>1")
                offer["email"] = .text("a\"><script>@b.test?bcc=c@d.test")
                tables[.offers] = Table(.offers, [offer])
                tables[.glossary] = Table(
                    .glossary,
                    [
                        [
                            "id": .text("1"), "term": .text(evil), "explanation_de": .text(evil),
                            "region": .text("example"),
                        ]
                    ])
                tables[.regions] = Table(
                    .regions,
                    [
                        [
                            "id": .text("example"), "name_de": .text(evil),
                            "imprint_text": .text("\(evil)\nhttps://\(evil)"),
                            "report_url": .text("javascript:alert(2)"), "feedback_url": .text("javascript:alert(3)"),
                        ]
                    ])
                tables[.links] = Table(
                    .links,
                    [
                        [
                            "id": .text("l"), "from_id": .text("amt"), "to_id": .text("fremd"), "to_name": .text(evil),
                            "kind": .text("\"><x>"), "region": .text("example"),
                        ]
                    ])
            })
        let id = PercentCoding.encode("böse/id \"<x>")
        for path in [
            "/offers/\(id)", "/actors/amt", "/districts/15001", "/districts/15001/sheet", "/network", "/glossary",
            "/imprint", "/accessibility", "/districts",
        ] {
            for tag in ["de", "ar"] {
                let answer = try await site.send("\(path)?lang=\(tag)")
                #expect(answer.status == 200, "\(path)")
                let scalars = String(
                    String.UnicodeScalarView(answer.text.unicodeScalars.filter { $0 != "\u{338}" && $0 != "\u{200b}" }))
                for part in ["<script", "javascript:", "<x>", "<b>", "data:text", "href=\"mailto:a\""] {
                    let isText = part == "javascript:" || part == "data:text"
                    #expect(!scalars.contains(isText ? "href=\"\(part)" : part), "\(path) \(tag): \(part)")
                }
            }
        }
        let page = try await site.send("/offers/\(id)?lang=de").text
        #expect(page.contains("javascript:alert(1)"), "an address that is none stays readable")
        #expect(!page.contains(/href="mailto:[^"]*[?&]/), "an address cannot add recipients")
        #expect(page.contains("href=\"tel:+493911\""))
    }

    @Test func termsAreLinkedWhereTheyAreFirstNamed() async throws {
        let site = try TestSite(
            Self.tables { tables in
                var offer = ExampleNetwork.offer("o", "Treffen", "counselling")
                offer["description"] = .text("Beratungen und Kurse; keine Beratung ersetzt einen Kurs.")
                tables[.offers] = Table(.offers, [offer])
            })
        let page = try await site.send("/offers/o?lang=de").text
        #expect(
            page.contains(
                "<a href=\"/glossary?lang=de#term-kurs\" class=\"term\">Kurse</a>; keine"))
        #expect(page.components(separatedBy: "class=\"term\">Kurs").count == 2, "the first mention alone")
        #expect(page.contains("<a class=\"term\" href=\"/glossary?lang=de#term-kurs\">Kurs</a>"))
        let glossary = try await site.send("/glossary?lang=ar").text
        #expect(glossary.contains("بالألمانية فقط"), "what is not translated says so")
        let english = try await site.send("/glossary?lang=en").text
        #expect(english.contains("<span>More than counselling.</span>"))
        let german = try await site.send("/glossary?lang=de").text
        #expect(german.contains("Mehr als eine <a href=\"#term-beratung\" class=\"term\">Beratung</a>."))
        #expect(german.contains("<div id=\"term-beratung\">") && german.contains("href=\"#letter-B\""))
    }

    @Test func theNetworkIsAListThatCanBeChosenFrom() async throws {
        let all = try await site.send("/network?lang=de").text
        #expect(all.contains("1 Verbindung, 2 Akteure"))
        #expect(all.contains("cooperation:</span>") || all.contains("cooperation</span>:"))
        let some = try await site.send("/network?lang=de&sector=administration&kind=cooperation").text
        #expect(some.contains("1 Verbindung, 1 Akteure"))
        #expect(some.contains("<option value=\"administration\" selected>Verwaltung</option>"))
        #expect(some.contains("href=\"/network?lang=en&amp;kind=cooperation&amp;sector=administration\""))
        // What nothing has is passed over, as shared links collect what others append.
        #expect(try await site.send("/network?lang=de&kind=nonsense").text.contains("1 Verbindung, 2 Akteure"))
    }

    @Test func aDistrictTellsItsFiguresInWords() async throws {
        let areas = try await site.send("/api/coverage?area=15001").json()["areas"] as? [[String: Any]]
        let median = try #require(areas?.first?["distance_median_m"] as? Double)
        let kilometres = String(format: "%.1f", median / 1000).replacing(".", with: ",")
        let west = try await site.send("/districts/15001?lang=de").text
        for part in [
            "1.000\u{a0}km²", "2 Angebote", "<a href=\"/districts/15002?lang=de\">Ostkreis</a>",
            "höchstens \(kilometres) km",
            "Besonders viele von ihnen leben in ", "0\u{a0}% der Menschen wohnen höchstens 15 km",
            "100 Menschen wohnen weiter als 15 km",
            "Für diesen Kreis gibt es keinen Wert.", "<text x=", "1–2</text>", "<path class=\"sketch-gap\"",
            "property=\"og:image\" content=\"http://kompass.test/districts/15001/og.png\"",
        ] {
            #expect(west.contains(part), "\(part)")
        }
        let east = try await site.send("/districts/15002?lang=de").text
        #expect(east.contains("Ostkreis: keine Daten. Die Quellen nennen hier nichts; das heißt nicht"))
        #expect(east.contains("Keine Daten") && !east.contains("0 Angebote"))
    }

    @Test func theSheetHasMapListAndCode() async throws {
        let text = try await site.send("/districts/15001/sheet?lang=de").text
        for part in [
            "<span class=\"key key-gap\"></span>weiter als 15 km", "<svg class=\"sketch\"", "<svg class=\"code\"",
            "<bdi dir=\"ltr\">http://kompass.test/districts/15001</bdi>",
            "Angebote: Westkreis",
            "Beratung auf Arabisch", "Hauptstraße 1", "Stand der Daten: 31. Dezember 2024",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func dutiesSayWhatTheOperatorStatesAndNothingElse() async throws {
        let imprint = try await site.send("/imprint?lang=en").text
        #expect(imprint.contains("<p>Verein Beispiel e.V.<br>Weg 1</p>"))
        #expect(imprint.contains("<a href=\"https://a.test/x\">https://a.test/x</a>"))
        #expect(!imprint.contains("The operator has not provided this yet."))
        let privacy = try await site.send("/privacy?lang=en").text
        #expect(privacy.contains("The operator has not provided this yet.") && privacy.contains("No cookies are set."))
        let accessibility = try await site.send("/accessibility?lang=en").text
        #expect(accessibility.contains("href=\"mailto:post@a.test\""))
        #expect(accessibility.components(separatedBy: "The operator has not provided this yet.").count == 3)
    }

    @Test func thePictureIsAPictureOfTheDistrict() async throws {
        let answer = try await site.send("/districts/15001/og.png")
        #expect(answer.status == 200 && answer["Content-Type"] == "image/png")
        #expect(answer.body.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
        #expect(Array(answer.body[16..<24]) == [0, 0, 4, 176, 0, 0, 2, 118], "1200 × 630")
        #expect(try await site.send("/districts/15001/og.png").body == answer.body)
    }
}
