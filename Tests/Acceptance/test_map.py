"""The public map in headless Chromium, with every host but our own out of reach."""

import json
import pathlib
import shutil
import tempfile
import unittest

from browser import Browser
from project import ROOT, Server, kompass


class MapTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-map-"))
        project = cls.folder / "kompass.gpkg"
        result = kompass("load", ROOT / "Data" / "sachsen-anhalt", "--into", project)
        if result.returncode:
            raise AssertionError(result.stderr)
        cls.server = Server(project)

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def open(self, path="/", width=1280, height=800):
        browser = Browser(width=width, height=height)
        self.addCleanup(browser.close)
        browser.open(self.server.base + path)
        browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        return browser

    def matched(self, query=""):
        return self.server.json(f"/api/collections/offers/items?limit=1{query}")["numberMatched"]

    def assert_clean(self, browser):
        self.assertEqual(browser.foreign_hosts(), set())
        self.assertEqual(browser.errors(), [])

    def test_map_and_list_show_the_same_and_ask_nobody_else(self):
        browser = self.open()
        count = int(browser.evaluate("document.querySelector('[data-part=list-count]').textContent"))
        self.assertEqual(count, self.matched())
        self.assertEqual(browser.evaluate("document.querySelectorAll('canvas.maplibregl-canvas').length"), 1)
        browser.wait_for("document.documentElement.dataset.map === 'idle'", timeout=60)
        self.assert_clean(browser)

    def test_filter_changes_list_and_address(self):
        browser = self.open("/?category=training")
        count = int(browser.evaluate("document.querySelector('[data-part=list-count]').textContent"))
        self.assertEqual(count, self.matched("&category=training"))
        self.assertLess(count, self.matched())
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

    def test_every_entry_names_source_and_year(self):
        browser = self.open()
        entries = browser.evaluate("[...document.querySelectorAll('[data-part=entries] > li')].map(e => e.innerText)")
        self.assertTrue(entries)
        for entry in entries:
            self.assertRegex(entry, r"(?s)Quelle: .*\b20(1[3-9]|2[0-4])\b")

    def test_without_script_the_list_is_there(self):
        page = self.server.get("/?category=training").body.decode()
        self.assertEqual(page.count('<li class="entry">'), self.matched("&category=training"))
