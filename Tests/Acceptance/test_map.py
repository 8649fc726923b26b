"""The public map in headless Chromium, with every host but our own out of reach."""

import json

from browser import Browser
from client import ClientTest
from project import ROOT


class MapTest(ClientTest):
    def test_without_script_the_page_tells_what_is_not_stated_and_leads_to_it(self):
        browser = Browser(width=360, height=740, javascript=False)
        self.addCleanup(browser.close)
        browser.open(f"{self.server.base}/?lang=de&language=ar")
        notes = "[...document.querySelectorAll('[data-part=notes] li')].map(note => note.innerText)"
        [note] = browser.evaluate(notes)
        silent = self.matched("&language=not_stated")
        stated = self.matched("&language=ar")
        self.assertTrue(note.startswith(f"{silent} weitere Angebote machen keine Angabe zu „Sprache“"), note)
        browser.open(browser.evaluate("document.querySelector('[data-part=notes] a').href"))
        self.assertEqual(browser.evaluate("document.querySelector('[data-part=count]').textContent"), f"{silent + stated} Angebote")
        self.assertEqual(browser.evaluate(notes), [])
        # Each entry says how current it is, as the list with script does, and whence it is.
        said = browser.evaluate("[...document.querySelectorAll('.entry')].map(entry => [entry.querySelector('.entry-status')?.textContent, entry.querySelector('.entry-source').textContent])")
        self.assertTrue(all(status and source.startswith("Quelle") for status, source in said), said)
        browser.open(f"{self.server.base}/?lang=ar")
        marks = browser.evaluate("[...document.querySelectorAll('.entry-meta')].map(meta => [meta.querySelector('[lang=de]') !== null, meta.querySelector('.stand-in') !== null])")
        self.assertTrue(marks and all(mark == [True, True] for mark in marks))

    def test_map_and_list_show_the_same_and_ask_nobody_else(self):
        browser = self.open()
        count = int(browser.evaluate("document.querySelector('[data-part=list-count]').textContent"))
        self.assertEqual(count, self.matched())
        self.wait_for_map(browser, self.placed())
        self.assertEqual(browser.evaluate("document.querySelectorAll('canvas.maplibregl-canvas').length"), 1)
        asked = [path for paths in browser.requests_by_host().values() for path in paths]
        self.assertTrue(any("/tiles/kompass/" in path for path in asked))
        self.assertFalse(any(".pbf" in path or "/font" in path for path in asked), "letters are drawn in the browser")
        self.assert_clean(browser)

    def test_place_opens_what_is_there(self):
        browser = self.open("/?lang=de")
        self.wait_for_map(browser, self.placed())
        browser.evaluate(
            "[...document.querySelectorAll('[data-part=map] button.place')].find(b => /1 /.test(b.ariaLabel) || !/\\d/.test(b.textContent)).click()")
        text = browser.wait_for("document.querySelector('.maplibregl-popup .popup')?.innerText")
        self.assertIn("Quelle:", text)
        self.assert_clean(browser)

    def test_filter_changes_list_and_address(self):
        browser = self.open("/?category=training")
        count = int(browser.evaluate("document.querySelector('[data-part=list-count]').textContent"))
        self.assertEqual(count, self.matched("&category=training"))
        self.assertLess(count, self.matched())
        self.wait_for_map(browser, self.placed("&category=training"))
        self.assert_clean(browser)

    def test_search(self):
        browser = self.open()
        browser.click("#search")
        browser.type("magdeburg")
        browser.press("Enter")
        wanted = self.matched("&q=magdeburg")
        browser.wait_for(f"document.querySelector('[data-part=list-count]').textContent === '{wanted}'")
        self.assertIn("q=magdeburg", browser.evaluate("location.search"))
        self.assert_clean(browser)

    def test_narrow_screen_has_no_sideways_scrolling(self):
        browser = self.open(width=360, height=740)
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 360)
        browser.click("button[data-view=map]")
        browser.wait_for("document.querySelector('main').dataset.view === 'map'")
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 360)
        self.assert_clean(browser)

    def test_english(self):
        browser = self.open("/?lang=en")
        self.assertEqual(browser.evaluate("document.documentElement.lang"), "en")
        german = json.loads((ROOT / "Tiles/locales/de.json").read_text())
        english = json.loads((ROOT / "Tiles/locales/en.json").read_text())
        self.assertEqual(german.keys(), english.keys(), "a text is missing in one of the languages")
        text = browser.evaluate("document.body.innerText")
        self.assertIn(english["search_label"], browser.evaluate("document.body.textContent"))
        self.assertNotIn(german["filters_title"] + "\n", text.replace(english["filters_title"], ""))
        self.assert_clean(browser)

    def test_district_without_entries_has_no_data(self):
        browser = self.open("/?lang=de&located_in=15086")
        text = browser.evaluate("document.querySelector('[data-part=results]').innerText")
        self.assertIn("Keine Daten", text)
        self.assertNotIn("Keine Angebote", text)
        self.assertIn("Keine Daten", self.server.get("/?lang=de&located_in=15086").body.decode())
        self.assert_clean(browser)

    def test_every_entry_names_source_and_year(self):
        browser = self.open("/?lang=de")
        entries = browser.evaluate("[...document.querySelectorAll('[data-part=entries] > li')].map(e => e.innerText)")
        self.assertTrue(entries)
        for entry in entries:
            self.assertRegex(entry, r"(?s)Quelle: .*\b20(1[3-9]|2[0-4])\b")

    def test_without_script_the_list_is_there(self):
        page = self.server.get("/?category=training").body.decode()
        self.assertEqual(page.count('<li class="entry">'), self.matched("&category=training"))
