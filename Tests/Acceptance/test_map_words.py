"""What the client says in words: addresses, ended offers, texts in another language than the page."""

import datetime
import re
import urllib.parse

from browser import Browser
from client import ClientTest, texts
from project import ROOT

ADDRESSES = """id;title;category;place;postcode;street;lon;lat;valid_from;valid_to
a1;Haus der Vielfalt;counselling;Stendal;39576;Teststraße 7;11.86001;52.60702;;
a2;Kurs von gestern;training;Stendal;39576;;11.85;52.6;2024-01-01;%s
a3;Kurs bis heute;training;Stendal;39576;;11.85;52.6;2024-01-01;%s
a4;Kurs bis 2199;training;Stendal;39576;;11.85;52.6;2024-01-01;2199-12
"""
MAPPING = """format: csv
encoding: utf-8
delimiter: ";"
crs: EPSG:4326
columns:
  id: id
  title: title
  category: category
  place: place
  postcode: postcode
  street: street
  lon: lon
  lat: lat
  valid_from: valid_from
  valid_to: valid_to
"""


class WordsTest(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.close()
        today = datetime.date.today()
        cls.import_offers(ADDRESSES % (today - datetime.timedelta(days=2), today + datetime.timedelta(days=1)), MAPPING)
        from project import Server
        cls.server = Server(cls.project)
        cls.addClassCleanup(cls.server.close)

    def type(self, browser, line):
        browser.evaluate("(() => { const box = document.querySelector('#search'); box.value = ''; box.focus(); })()")
        browser.type(line)
        browser.wait_for("document.querySelector('[data-part=suggestions-status]').textContent")

    def near(self, browser):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(browser.evaluate("location.href")).query).get("near", [""])[0]

    def notes(self, browser):
        return browser.evaluate("document.querySelector('[data-part=notes]').textContent")

    def test_an_address_gives_a_place_and_says_how_exactly(self):
        browser = self.open("/?lang=de")
        german = texts("de")
        for line, place in [("Hansastraße 5, 39576 Stendal", "39576 Stendal"), ("Stendal Hansastr.", "39576 Stendal"),
                            ("Breiter Weg 12, 39104 Magdeburg", "39104 Magdeburg"), ("Lange Gasse 3, Koethen", "06366 Köthen (Anhalt)")]:
            self.type(browser, line)
            browser.press("Enter")
            browser.wait_for(f"decodeURIComponent(location.search).includes('near={place}')")
            self.assertEqual(self.near(browser), place)
            browser.wait_for(f"document.querySelector('.entry-away') && document.querySelector('[data-part=notes]').textContent.includes('{place}')")
            said = browser.wait_for("document.querySelector('[data-part=tool-status]').textContent")
            self.assertIn(german["near_street_unknown"].split("“")[1].split("{")[0].strip(), said)
            self.assertIn(german["near_from_town"].replace("{place}", place), self.notes(browser))
        # The street that somebody typed is sent nowhere.
        asked = " ".join(urllib.parse.unquote(path) for paths in browser.requests_by_host().values() for path in paths)
        self.assertNotIn("Hansa", asked)
        self.assertNotIn("Hansa", browser.evaluate("decodeURIComponent(location.href)"))
        self.assert_clean(browser)

    def test_the_address_is_offered_while_it_is_typed(self):
        browser = self.open("/?lang=de", width=360, height=740)
        self.type(browser, "Hansastr. 5 Stendal")
        first = self.suggestions(browser)[0]
        self.assertIn("39576 Stendal", first)
        self.assertIn("Hansastr. 5", first)
        browser.press("ArrowDown")
        browser.press("Enter")
        browser.wait_for("location.search.includes('near=')")

    def test_nothing_is_guessed(self):
        browser = self.open("/?lang=de")
        self.type(browser, "Markt 1, 39576 Magdeburg")
        browser.press("Enter")
        said = browser.wait_for("document.querySelector('[data-part=tool-status]').textContent")
        self.assertEqual(said, texts("de")["near_contradiction"].replace("{postcode}", "39576").replace("{place}", "Magdeburg"))
        self.assertEqual(self.near(browser), "")
        browser = self.open("/?lang=de&near=Nirgendwo")
        self.assertIn(texts("de")["near_unknown"].replace("{place}", "Nirgendwo"), self.notes(browser))

    def test_an_address_that_an_offer_states_is_where_it_stands(self):
        browser = self.open("/?lang=de")
        self.type(browser, "teststr. 7, 39576 Stendal")
        browser.press("Enter")
        browser.wait_for("location.search.includes('near=')")
        browser.wait_for("document.querySelector('.entry-away')")
        self.assertEqual(browser.evaluate("document.querySelector('.entry .entry-title').textContent"), "Haus der Vielfalt")
        self.assertEqual(browser.evaluate("document.querySelector('.entry-away').textContent").replace("\xa0", " "), "0,0 km")
        self.assertIn("Haus der Vielfalt", self.notes(browser))
        # The link shows the same.
        other = self.open(browser.evaluate("location.pathname + location.search"))
        self.assertEqual(other.evaluate("document.querySelector('.entry-away').textContent").replace("\xa0", " "), "0,0 km")

    def test_ended_offers_are_told_apart_and_stay(self):
        browser = self.open("/?lang=de&category=training")
        offers = self.server.json("/api/collections/offers/items?limit=1000&category=training")["features"]
        today = datetime.date.today().isoformat()
        ended = {offer["properties"]["title"] for offer in offers if (offer["properties"].get("valid_to") or "9999") < today[:len(offer["properties"].get("valid_to") or "")]}
        self.assertIn("Kurs von gestern", ended)
        self.assertNotIn("Kurs bis heute", ended)
        self.assertNotIn("Kurs bis 2199", ended)
        self.assertEqual(self.count(browser), len(offers))
        while browser.evaluate("!!document.querySelector('[data-part=more] button')"):
            browser.evaluate("document.querySelector('[data-part=more] button').click()")
        marked = browser.evaluate("[...document.querySelectorAll('.entry')].filter(e => e.querySelector('.is-ended')).map(e => e.querySelector('.entry-title').textContent)")
        self.assertEqual(set(marked), ended)
        said = browser.evaluate("[...document.querySelectorAll('.entry .is-ended')].map(e => e.textContent)")
        start = texts("de")["status_ended_on"].split("{")[0]
        self.assertTrue(all(text.startswith(start) and re.search(r"\d{4}", text) for text in said), said)
        number = sum(1 for offer in offers if offer["properties"]["title"] in ended)
        self.assertIn(texts("de")["note_ended"]["other"].replace("{n}", str(number)).replace("{total}", str(len(offers))), self.notes(browser))
        # In the list and on the map they have a look of their own, which is not a colour.
        hollow = browser.evaluate("[...document.querySelectorAll('.entry')].filter(e => e.querySelector('.symbol.is-hollow')).map(e => e.querySelector('.entry-title').textContent)")
        self.assertEqual(set(hollow), ended)
        # On the map the same: its marks say it, and what they open.
        self.wait_for_map(browser, self.placed("&category=training"))
        names = browser.evaluate("[...document.querySelectorAll('[data-part=map] button.place')].map(b => b.ariaLabel).filter(n => !/^\\d/.test(n))")
        for name in names:
            titles = [offer["properties"]["title"] for offer in offers if name.startswith(offer["properties"]["title"])]
            self.assertEqual(name.endswith(texts("de")["status_ended"]), max(titles, key=len) in ended, name)
        signs = browser.evaluate(
            "[...document.querySelectorAll('[data-part=map] button.place')].map(b => [b.ariaLabel, b.querySelector('.is-hollow, .bundle-hollow') !== null])")
        for name, is_hollow in signs:
            over = name.endswith(texts("de")["status_ended"]) or "nach Angabe der Quelle beendet" in name
            self.assertEqual(is_hollow, over, name)
        placed = [offer for offer in offers if offer["geometry"]]
        # A mark of several says how many of them have ended; together they are all.
        told = sum(int(match[1]) for name, _ in signs if (match := re.search(r"(\d+) von \d+ (?:ist|sind) nach Angabe", name)))
        told += sum(1 for name, _ in signs if name.endswith(texts("de")["status_ended"]))
        self.assertEqual(told, sum(1 for offer in placed if offer["properties"]["title"] in ended))
        legend = browser.evaluate("[...document.querySelectorAll('.legend li')].find(li => li.querySelector('.is-hollow'))?.innerText")
        self.assertEqual(legend.split(), [texts("de")["status_ended"], str(told)])
        none = self.open("/?lang=de&q=Kurs%20bis%202199")
        self.wait_for_map(none, 1)
        self.assertFalse(none.evaluate("!!document.querySelector('.is-hollow')"))

    def test_the_page_of_an_offer_says_that_it_has_ended(self):
        for offer, over in [("a2", True), ("a3", False), ("a4", False), ("a1", False)]:
            browser = Browser()
            self.addCleanup(browser.close)
            browser.open(f"{self.server.base}/offers/{offer}?lang=de")
            marks = browser.evaluate("[...document.querySelectorAll('.status .is-ended')].map(mark => mark.textContent)")
            self.assertEqual(marks, [texts("de")["status_ended"]] if over else [], offer)
            self.assert_clean(browser)
            browser.close()

    def test_everybody_can_search_in_their_own_language(self):
        """The example in the search box does what it says, in each language of the page."""
        browser = self.open("/?lang=de")
        for path in sorted((ROOT / "Tiles" / "locales").glob("*.json")):
            example = re.split("[,،]", texts(path.stem)["search_placeholder"])[0]
            # What stands before it: "e.g.".
            example = re.sub(r"^(?:\S*\.\s+)+|^مثل\S+\s+", "", example)
            browser.open(f"{self.server.base}/?lang={path.stem}")
            browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
            self.search(browser, example)
            self.assertEqual(len(self.suggestions(browser)), 1, (path.stem, example))
            browser.press("ArrowDown")
            browser.press("Enter")
            browser.wait_for("location.search.includes('language=')")
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(browser.evaluate("location.href")).query)
            self.assertEqual((query["language"], query["category"]), (["ar"], ["counselling"]), (path.stem, example))
        # Whoever does not read the page's language can still type the name of their own.
        for name, key in [("العربية", "ar"), ("عربي", "ar"), ("українська", "uk"), ("Tiếng Việt", "vi"), ("tieng viet", "vi"), ("Türkçe", "tr"), ("فارسی", "fa")]:
            browser.open(f"{self.server.base}/?lang=de")
            browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
            self.search(browser, name)
            browser.press("ArrowDown")
            browser.press("Enter")
            browser.wait_for(f"location.search.includes('language={key}')")
        self.assert_clean(browser)

    def test_languages_have_their_names_in_the_language_of_the_page(self):
        for tag, names in [("ar", ["العربية", "الأوكرانية"]), ("uk", ["арабська", "українська"]), ("de", ["Arabisch", "Ukrainisch"])]:
            browser = self.open(f"/?lang={tag}")
            shown = browser.evaluate("[...document.querySelectorAll('[data-field=language] .choice-label')].map(label => label.textContent)")
            for name in names:
                self.assertIn(name, shown)
            in_order = browser.evaluate(
                "(names => names.every((name, at) => !at || new Intl.Collator(document.documentElement.lang).compare(names[at - 1], name) <= 0))"
                "([...document.querySelectorAll('[data-field=language] .choice:not(.choice-silent) .choice-label')].map(label => label.firstChild.textContent))")
            self.assertTrue(in_order, shown)
            browser.close()
        # Each language of the page is one that offers can be asked for.
        keys = {entry["key"] for entry in self.server.json("/api/vocabulary")["fields"]["language"]}
        self.assertLessEqual({path.stem for path in (ROOT / "Tiles" / "locales").glob("*.json")} - {"de-simple"}, keys)

    def test_a_search_text_is_never_too_long_for_the_map(self):
        browser = self.open(f"/?lang=ar&q={urllib.parse.quote('ع' * 150)}", width=360, height=740)
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 360)
        browser.evaluate("document.querySelector('[data-part=views] [data-view=map]').click()")
        self.wait_for_map(browser, 0)
        self.assert_clean(browser)

    def test_german_inside_an_arabic_page_is_marked(self):
        browser = self.open("/?lang=ar&category=training")
        browser.evaluate("document.querySelector('.entry summary').click()")
        browser.wait_for("document.querySelector('.entry dl.facts')")
        self.wait_for_map(browser)
        # Every text with Latin words is German in both ways, the interface's own words are not.
        found = browser.evaluate(
            """(() => { const problems = [];
                const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
                for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                    const parent = node.parentElement;
                    if (!/[A-Za-zÄÖÜäöüß]{4,}/.test(node.data) || parent.closest('script, noscript, option, .maplibregl-ctrl-scale, [hidden]')) continue;
                    if (parent.closest('a[href]')?.textContent.match(/@|\\./)) continue;
                    const lang = parent.closest('[lang]').lang;
                    const dir = parent.closest('[dir]').dir;
                    if (lang !== 'de' || dir !== 'ltr') problems.push(parent.outerHTML.slice(0, 160));
                }
                return problems; })()""")
        self.assertEqual(found, [])
        # The stand-ins among them are marked for the eye as well.
        marks = browser.evaluate("[...document.querySelectorAll('.entry-meta .stand-in')].map(m => m.textContent)")
        self.assertEqual(len(marks), len(self.titles(browser)))
        self.assertIn(texts("ar")["language_fallback"], marks[0])
        self.assertTrue(browser.evaluate("document.querySelector('[data-field=category] .stand-in') !== null"))
        self.assertTrue(browser.evaluate("document.querySelector('.legend .stand-in') !== null"))
        self.assertTrue(browser.evaluate("document.querySelector('.chip .stand-in') !== null"))
        self.assertIn(texts("ar")["content_german"], browser.evaluate("document.body.textContent"))
        german = self.open("/?lang=de&category=training")
        self.assertEqual(german.evaluate("document.querySelectorAll('.stand-in').length"), 0)
        self.assertNotIn(texts("de")["content_german"], german.evaluate("document.body.innerText"))
        self.assert_clean(browser)
