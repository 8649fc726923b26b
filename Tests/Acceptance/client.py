"""What the tests of the public map share: served packs, browsers that are closed, and words for what is looked at."""

import json
import pathlib
import shutil
import tempfile
import unittest

from browser import Browser
from project import ROOT, Server, kompass, new_project

# Offers that state what the shipped documents do not: invented, around Stendal.
STATED = """id;title;category;languages;topics;audiences;delivery;place;postcode;served
m1;Migrationsberatung auf Arabisch;counselling;ar,de;language;migrants;on_site;Stendal;39576;15090
m2;Sozialberatung;counselling;de;housing_neighbourhood;public;on_site;Stendal;39576;15090
m3;Beratung am Telefon;counselling;ar,fa;health_care;migrants;online;;;15
m4;Beratung in Tangermünde;counselling;ar;labour_market;migrants;on_site;Tangermünde;39590;15090
m5;Mobile Beratung im Elbe-Havel-Winkel;mobile_outreach;ar;rural_areas;migrants;outreach;;;15090
m6;Kurs Deutsch für den Beruf;training;de,uk;language;migrants;on_site;Stendal;39576;15090
"""
MAPPING = """format: csv
encoding: utf-8
delimiter: ";"
columns:
  id: id
  title: title
  category: category
  languages: {column: languages, separator: ","}
  topics: {column: topics, separator: ","}
  audiences: {column: audiences, separator: ","}
  delivery: delivery
  place: place
  postcode: postcode
  served_keys: {column: served, separator: ","}
"""


def texts(tag):
    """The locale file of a language."""
    return json.loads((ROOT / "Tiles" / "locales" / f"{tag}.json").read_text(encoding="utf-8"))


class ClientTest(unittest.TestCase):
    """A server with the pack of Saxony-Anhalt for all tests of the class; `states_languages` adds the offers above."""

    states_languages = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-map-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.project = new_project(cls.folder / "kompass.gpkg")
        if cls.states_languages:
            cls.import_offers(STATED, MAPPING)
        cls.server = Server(cls.project)
        cls.addClassCleanup(cls.server.close)

    @staticmethod
    def run_kompass(*arguments):
        result = kompass(*arguments)
        if result.returncode:
            raise AssertionError(result.stderr + result.stdout)

    @classmethod
    def import_offers(cls, table, mapping):
        data, columns = cls.folder / "stated.csv", cls.folder / "stated.yaml"
        data.write_text(table, encoding="utf-8")
        columns.write_text(mapping, encoding="utf-8")
        cls.run_kompass("import", "offers", data, "--into", cls.project, "--mapping", columns)

    def open(self, path="/", width=1280, height=800, **options):
        """The page when its list is there."""
        browser = Browser(width=width, height=height, **options)
        self.addCleanup(browser.close)
        browser.open(self.server.base + path)
        browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        return browser

    def wait_for_map(self, browser, offers=None):
        """Waits until the map shows so many offers, or any, and stands still."""
        value = f"=== '{offers}'" if offers is not None else "> 0"
        browser.wait_for(f"document.querySelector('[data-part=map]').dataset.offers {value}")
        browser.settle()

    def matched(self, query=""):
        return self.server.json(f"/api/collections/offers/items?limit=1{query}")["numberMatched"]

    def placed(self, query=""):
        features = self.server.json(f"/api/collections/offers/items?limit=1000{query}")["features"]
        return sum(1 for feature in features if feature["geometry"])

    def count(self, browser):
        return int(browser.evaluate("document.querySelector('[data-part=list-count]').textContent.replace(/\\D/g, '')"))

    def titles(self, browser, part="entries"):
        return browser.evaluate(
            f"[...document.querySelectorAll('[data-part={part}] .entry-title')].map(title => title.textContent)")

    def search(self, browser, text):
        """Types into the search box and waits for what it suggests."""
        browser.evaluate("document.querySelector('#search').focus()")
        browser.type(text)
        browser.wait_for("document.querySelector('[data-part=suggestions-status]').textContent")

    def suggestions(self, browser):
        return browser.evaluate("[...document.querySelectorAll('.suggestion')].map(s => s.innerText.replace(/\\n/g, ' '))")

    def assert_clean(self, browser):
        self.assertEqual(browser.foreign_hosts(), set())
        self.assertEqual(browser.errors(), [])
