"""What people come to the map for, done as they do it: by keyboard, on a small screen, in their language, without a map."""

import urllib.parse

from browser import Browser
from client import ClientTest, texts


class StatedLanguages(ClientTest):
    """On offers that state their languages."""

    states_languages = True

    def test_arabic_counselling_near_stendal_by_keyboard_on_a_small_screen(self):
        browser = self.open("/?lang=de", width=360, height=740)
        for _ in range(20):
            browser.press("Tab")
            if browser.evaluate("document.activeElement.id") == "search":
                break
        self.assertEqual(browser.evaluate("document.activeElement.id"), "search")
        browser.type("beratng arabisch Stendal")
        first = browser.wait_for("document.querySelector('.suggestion')?.innerText")
        for word in ("Arabisch", "Beratung", "Stendal"):
            self.assertIn(word, first)
        browser.press("ArrowDown")
        self.assertEqual(browser.evaluate("document.activeElement.getAttribute('aria-activedescendant')"), "suggestion-0")
        browser.press("Enter")
        browser.wait_for("location.search.includes('near=')")
        browser.wait_for("document.querySelector('.entry-away')")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(browser.evaluate("location.href")).query)
        self.assertEqual(query["language"], ["ar"])
        self.assertEqual(query["category"], ["counselling"])
        titles = self.titles(browser)
        self.assertEqual(titles[:2], ["Migrationsberatung auf Arabisch", "Beratung in Tangermünde"])
        # What comes by telephone stands beside, with the area that it serves.
        self.assertIn("Beratung am Telefon", titles)
        text = browser.evaluate("document.querySelector('[data-part=entries]').innerText")
        self.assertIn(texts("de")["group_coming"], text)
        self.assertIn("ganz Sachsen-Anhalt", text)
        self.assertRegex(text, r"\d+ km")
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 360)
        # On with the keyboard: to the first entry's details.
        for _ in range(40):
            browser.press("Tab")
            if browser.evaluate("document.activeElement.matches('.entry summary')"):
                break
        browser.press("Enter")
        facts = browser.wait_for("document.querySelector('.entry dl.facts')?.innerText")
        self.assertIn("Arabisch", facts)
        self.assert_clean(browser)

    def test_a_shared_link_shows_the_same_elsewhere(self):
        browser = self.open("/?lang=de&view=counselling&language=ar")
        browser.evaluate("document.querySelector('[data-part=share]').focus()")
        browser.press("Enter")
        browser.wait_for("document.querySelector('dialog[open]')")
        link = browser.evaluate("document.querySelector('#share-link').value")
        code = browser.evaluate("document.querySelector('#share-code').value")
        self.assertIn("embed=1", code)
        titles = self.titles(browser)
        browser.press("Escape")
        browser.wait_for("!document.querySelector('dialog')")
        self.assertEqual(browser.evaluate("document.activeElement.dataset.part"), "share")
        self.assert_clean(browser)
        other = self.open(link.removeprefix(self.server.base))
        self.assertEqual(self.titles(other), titles)
        self.assertEqual(len(titles), 4)

    def test_the_same_in_arabic(self):
        browser = self.open("/?lang=ar&view=counselling&language=ar&near=39576%20Stendal")
        self.assertEqual(browser.evaluate("[document.dir, document.documentElement.lang]"), ["rtl", "ar"])
        browser.wait_for("document.querySelector('.entry-away')")
        self.assertEqual(self.titles(browser)[0], "Migrationsberatung auf Arabisch")
        # Mirrored: the panel stands to the right of the map; German titles keep their direction.
        panel, stage = (browser.evaluate(f"document.querySelector('.{name}').getBoundingClientRect().left") for name in ("panel", "stage"))
        self.assertGreater(panel, stage)
        self.assertEqual(browser.evaluate("document.querySelector('.entry-title').lang"), "de")
        self.assert_clean(browser)

    def test_list_and_map_are_equal_in_every_state(self):
        browser = self.open("/?lang=de")
        states = ["", "&category=counselling", "&language=ar,not_stated", "&language=not_stated&located_in=15084", "&topic=networking&delivery=on_site",
                  "&q=Beratung", "&sector=administration,civil_society", "&located_in=15090,not_stated"]
        for state in states:
            browser.open(f"{self.server.base}/?lang=de{state}")
            browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
            self.assertEqual(self.count(browser), self.matched(state), state)
            listed = "document.querySelectorAll('[data-part=entries] [data-offer]').length"
            self.assertEqual(browser.evaluate(listed), min(30, self.count(browser)), state)
            # The rest comes on request, and is the whole of it.
            browser.evaluate("while (document.querySelector('[data-part=more] button')) document.querySelector('[data-part=more] button').click()")
            self.assertEqual(browser.evaluate(listed), self.count(browser), state)
            self.wait_for_map(browser, self.placed(state))
        self.assert_clean(browser)

    def test_counts_say_what_a_choice_would_find(self):
        browser = self.open("/?lang=de&category=counselling")
        shown = browser.evaluate(
            "[...document.querySelectorAll('[data-field=language] .choice')].map(c => [c.querySelector('input').value, Number(c.querySelector('.choice-count').textContent)])")
        self.assertIn("not_stated", dict(shown))
        for key, number in shown:
            self.assertEqual(number, self.matched(f"&category=counselling&language={key}"), key)


class ShippedPack(ClientTest):
    """On the documents as they are: hardly any offer states a language."""

    def test_what_is_not_stated_is_said_and_shown(self):
        browser = self.open("/?lang=de&view=counselling&language=ar")
        silent = self.matched("&category=counselling,mobile_outreach&language=not_stated")
        self.assertGreater(silent, 5)
        headline = browser.evaluate("document.querySelector('[data-part=count]').textContent")
        self.assertIn(str(silent), headline)
        self.assertIn("Arabisch", headline)
        self.assertEqual(len(self.titles(browser, "silent")), silent)
        heading = browser.evaluate("document.querySelector('.silent-title').textContent")
        self.assertIn(f"{silent} Angebote ohne Angabe", heading)
        text = browser.evaluate("document.querySelector('[data-part=results]').innerText")
        self.assertNotRegex(text, r"[Kk]eine Angebote(?! gibt)")
        browser.evaluate("document.querySelector('.silent-section .link-button').click()")
        browser.wait_for(f"document.querySelector('[data-part=list-count]').textContent === '{silent}'")
        self.assertIn("language=ar,not_stated", urllib.parse.unquote(browser.evaluate("location.search")))
        self.assert_clean(browser)

    def test_the_searches_that_people_type(self):
        browser = self.open("/?lang=de")
        for typed, wanted in [("Stendal", "Nahe Stendal"), ("39576", "39576"), ("Koethen", "Köthen"), ("beratng", "Beratung"),
                              ("Arabisch Beratung", "Arabisch"), ("AMIF", "AMIF"), ("Miteinander e", "Miteinander")]:
            browser.evaluate("document.querySelector('#search').value = ''")
            self.search(browser, typed)
            found = self.suggestions(browser)
            self.assertTrue(any(wanted in line for line in found), f"{typed}: {found}")
            browser.press("Escape")
        self.assertEqual(browser.foreign_hosts(), set())
        asked = [urllib.parse.unquote(address) for paths in browser.requests_by_host().values() for address in paths]
        self.assertFalse(any("Koethen" in address or "39576" in address for address in asked), "what is typed is sent nowhere")
        self.assert_clean(browser)

    def test_words_that_no_offer_holds_are_read_as_filters(self):
        browser = self.open("/?lang=de")
        self.search(browser, "Arabisch Beratung")
        browser.press("Enter")
        browser.wait_for("location.search.includes('language=ar')")
        self.assertIn("category=counselling", browser.evaluate("location.search"))
        browser.evaluate("document.querySelector('#search').focus()")
        browser.type("zzzqqq")
        browser.press("Enter")
        browser.wait_for("location.search.includes('q=zzzqqq')")

    def test_near_me_only_after_a_click_and_nowhere_else(self):
        browser = self.open("/?lang=de")
        browser.position(11.8587, 52.6058)
        browser.clear()
        browser.evaluate("document.querySelector('[data-part=near-me]').click()")
        browser.wait_for("document.querySelector('.entry-away')")
        kilometres = browser.evaluate("[...document.querySelectorAll('.entry-away')].map(a => parseFloat(a.textContent.replace(',', '.')))")
        self.assertEqual(kilometres, sorted(kilometres))
        self.assertNotIn("near", browser.evaluate("location.href"))
        self.wait_for_map(browser)
        asked = " ".join(address for paths in browser.requests_by_host().values() for address in paths)
        for part in ("11.85", "52.60"):
            self.assertNotIn(part, asked)
        kept = browser.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        self.assertEqual(kept, '[{},{},""]')
        self.assert_clean(browser)

    def test_each_way_in(self):
        browser = self.open("/?lang=de")
        self.wait_for_map(browser)
        for way, categories in [("projects", "project"), ("counselling", "counselling,mobile_outreach"), ("trainers", "training,workshop")]:
            browser.click(f"a[data-way={way}]")
            wanted = self.matched(f"&category={categories}")
            browser.wait_for(f"document.querySelector('[data-part=list-count]').textContent === '{wanted}'")
            self.assertIn(f"view={way}", browser.evaluate("location.search"))
            self.assertEqual(browser.evaluate("document.querySelector('.ways [aria-current]').dataset.way"), way)
            self.wait_for_map(browser, self.placed(f"&category={categories}"))
            page = self.server.get(f"/?lang=de&view={way}").body.decode()
            self.assertEqual(page.count('<li class="entry">'), wanted, "without script it is the same")
        # Training is listed by who gives it: organisations, no persons.
        self.assertTrue(browser.evaluate("!!document.querySelector('[data-part=entries] .group-title')"))
        self.assert_clean(browser)

    def test_the_network(self):
        browser = self.open("/?lang=de&view=network")
        actors = self.server.json("/api/collections/actors/items?limit=1000")
        links = self.server.json("/api/collections/links/items?limit=1000")
        self.assertEqual(self.count(browser), actors["numberMatched"])
        headline = browser.evaluate("document.querySelector('[data-part=count]').textContent")
        self.assertIn(str(links["numberMatched"]), headline)
        placed = {actor["id"]: actor["geometry"]["coordinates"] for actor in actors["features"] if actor["geometry"]}
        lines = [link for link in links["features"]
                 if (link["properties"]["from_id"] in placed and link["properties"]["to_id"] in placed
                     and placed[link["properties"]["from_id"]] != placed[link["properties"]["to_id"]])]
        browser.wait_for(f"document.querySelector('[data-part=map]').dataset.links === '{len(lines)}'")
        self.assertEqual(browser.evaluate("document.querySelector('[data-part=map]').dataset.actors"), str(len(placed)))
        browser.evaluate("document.querySelector('[data-field=link_kind] input[value=funding]').click()")
        funding = [link["properties"] for link in links["features"] if link["properties"]["kind"] == "funding"]
        ends = {link[end] for link in funding for end in ("from_id", "to_id")} & {actor["id"] for actor in actors["features"]}
        browser.wait_for(f"document.querySelector('[data-part=list-count]').textContent === '{len(ends)}'")
        self.assertIn("link_kind=funding", browser.evaluate("location.search"))
        browser.evaluate("document.querySelector('[data-field=sector] input[value=administration]').click()")
        browser.wait_for(f"document.querySelector('[data-part=list-count]').textContent < '{len(ends)}'")
        self.assert_clean(browser)

    def test_sorting_by_theme_and_district(self):
        browser = self.open("/?lang=de&order=topic")
        self.assertGreater(len(browser.evaluate("[...document.querySelectorAll('.group-title')].map(g => g.textContent)")), 3)
        browser.evaluate("(() => { const order = document.querySelector('#order'); order.value = 'district'; order.dispatchEvent(new Event('change')); })()")
        browser.wait_for("location.search.includes('order=district')")
        groups = browser.evaluate("[...document.querySelectorAll('.group-title')].map(g => g.textContent)")
        self.assertTrue(any("Altmarkkreis" in group for group in groups), groups)

    def test_without_script_the_form_finds_the_same(self):
        browser = Browser(javascript=False)
        self.addCleanup(browser.close)
        browser.open(self.server.base + "/?lang=de&view=counselling&language=not_stated")
        page = browser.send("Page.captureSnapshot")["data"]
        self.assertIn("Form", page)
        html = self.server.get("/?lang=de&view=counselling&language=not_stated").body.decode()
        self.assertEqual(html.count('<li class="entry">'), self.matched("&category=counselling,mobile_outreach&language=not_stated"))
        self.assertEqual(browser.errors(), [])

    def test_without_a_map_the_list_is_everything(self):
        browser = self.open("/?lang=de", webgl=False)
        message = texts("de")["map_unavailable"]
        browser.wait_for(f"document.querySelector('[data-part=message]').textContent === {message!r}")
        self.assertEqual(self.count(browser), self.matched())
        self.assertEqual(browser.foreign_hosts(), set())

    def test_a_network_too_large_for_the_browser_is_asked_of_the_server(self):
        browser = Browser()
        self.addCleanup(browser.close)
        # As the server says it of more than 10,000 offers.
        browser.send("Page.addScriptToEvaluateOnNewDocument", source=(
            "new MutationObserver(() => { if (document.documentElement) document.documentElement.dataset.large = 'true'; })"
            ".observe(document, {childList: true})"))
        browser.open(self.server.base + "/?lang=de&view=counselling&language=ar,not_stated")
        browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        self.assertEqual(self.count(browser), self.matched("&category=counselling,mobile_outreach&language=ar,not_stated"))
        asked = [address for paths in browser.requests_by_host().values() for address in paths]
        self.assertTrue(any("/api/collections/offers/items?" in address for address in asked))
        browser.open(self.server.base + "/?lang=de&view=counselling&language=ar")
        browser.wait_for("document.querySelector('[data-part=results]:not([aria-busy])') && document.querySelector('[data-part=list-count]').textContent")
        self.assertEqual(self.count(browser), 0)
        silent = self.matched("&category=counselling,mobile_outreach&language=not_stated")
        self.assertIn(f"{silent} weitere Angebote", browser.evaluate("document.querySelector('[data-part=notes]').textContent"))
        self.assert_clean(browser)
