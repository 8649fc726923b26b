"""Many offers on the map: what the server joins is drawn, counted, named, opened and listed."""

import random

from client import ClientTest, texts
from project import Server

MAPPING = """\
columns: {id: id, title: title, category: category, lon: lon, lat: lat}
crs: EPSG:4326
"""

BUTTONS = """
[...document.querySelectorAll('[data-part=map] button.place')].map((button) => {
  const { left, top, width, height } = button.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2, size: width, text: button.textContent, name: button.ariaLabel };
})
"""


class ClusterTest(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chance = random.Random(4)
        # Four towns, a spot where a hundred offers stand, one of five, and the open country.
        towns = [(11.63, 52.13), (11.97, 51.48), (12.24, 51.83), (11.15, 52.85)]
        rows = ["id,title,category,lon,lat"]
        for number in range(2000):
            kind = chance.random()
            if number < 100:
                place = (11.05, 51.9)
            elif number < 105:
                place = (12.65, 51.87)
            elif kind < 0.6:
                town = chance.choice(towns)
                place = (town[0] + chance.gauss(0, 0.03), town[1] + chance.gauss(0, 0.02))
            else:
                place = (chance.uniform(10.9, 12.8), chance.uniform(51.2, 52.8))
            category = chance.choice(["counselling", "training", "event"])
            rows.append(f"o{number},Angebot {number},{category},{place[0]:.6f},{place[1]:.6f}")
        cls.server.close()
        cls.import_offers("\n".join(rows) + "\n", MAPPING)
        cls.server = Server(cls.project)
        cls.addClassCleanup(cls.server.close)

    def open(self, path="/?lang=de"):
        return super().open(path, height=900)

    def placed(self, query=""):
        first = self.server.json(f"/api/collections/offers/items?limit=1{query}")["numberMatched"]
        return first - self.server.json(
            f"/api/collections/offers/items?limit=1&filter=geometry%20IS%20NULL{query}")["numberMatched"]

    def test_marks_count_every_offer_and_cover_none(self):
        for query in ["", "&category=event"]:
            browser = self.open(f"/?lang=de{query}")
            placed = self.placed(query)
            self.assertGreater(placed, 500)
            self.wait_for_map(browser, placed)
            buttons = browser.evaluate(BUTTONS)
            self.assertLess(len(buttons), 250)
            counts = [int(button["text"].replace(".", "") or 1) for button in buttons]
            self.assertEqual(sum(counts), placed)
            for index, one in enumerate(buttons):
                for other in buttons[:index]:
                    distance = ((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) ** 0.5
                    self.assertGreater(distance, (one["size"] + other["size"]) / 2 - 1)
            largest = buttons[counts.index(max(counts))]
            self.assertRegex(largest["name"], r"^[\d.]+ Angebote: .*Veranstaltung")
            self.assertEqual(browser.errors(), [])

    def test_a_bundle_opens_where_its_members_part(self):
        browser = self.open()
        self.wait_for_map(browser, self.placed())
        click = "[...document.querySelectorAll('[data-part=map] button.place')].sort((a, b) => parseInt(b.textContent.replace('.', '') || 0) - parseInt(a.textContent.replace('.', '') || 0))[0].click()"
        before = max(int(button["text"].replace(".", "") or 1) for button in browser.evaluate(BUTTONS))
        browser.evaluate(click)
        browser.wait_for(
            "Math.max(...[...document.querySelectorAll('[data-part=map] button.place')].map((b) => parseInt(b.textContent.replace('.', '') || 1))) < "
            + str(before))
        self.assertRegex(browser.evaluate("location.hash"), r"^#\d")
        self.assertEqual(browser.errors(), [])

    def test_offers_at_one_place_are_listed(self):
        # More than a tile names, and so few that it does.
        for position, count in [("51.9000/11.0500", 100), ("51.8700/12.6500", 5)]:
            for zoom in ["11.00", "14.50"]:
                browser = self.open(f"/?lang=de#{zoom}/{position}")
                middle = """
                [...document.querySelectorAll('[data-part=map] button.place')].map((button) => {
                  const box = button.getBoundingClientRect();
                  const map = document.querySelector('[data-part=map]').getBoundingClientRect();
                  return [Math.hypot(box.left + box.width / 2 - map.left - map.width / 2, box.top + box.height / 2 - map.top - map.height / 2), button];
                }).sort((a, b) => a[0] - b[0])[0]
                """
                browser.wait_for(f"{middle.strip()}?.[1].textContent.length > 0")
                browser.settle()
                name = browser.evaluate(f"({middle.strip()})[1].ariaLabel")
                if not name.startswith(f"{count} "):
                    # A neighbour was joined: opening parts them.
                    self.assertEqual(zoom, "11.00", name)
                    continue
                browser.evaluate(f"({middle.strip()})[1].click()")
                entries = browser.wait_for("document.querySelectorAll('.maplibregl-popup .popup-entry').length")
                self.assertEqual(entries, count)
                self.assertEqual(browser.errors(), [])

    def test_districts_can_be_coloured(self):
        browser = self.open()
        self.wait_for_map(browser, self.placed())
        german = texts("de")
        for name, first in [
            ("rural", german["areas_not_rural"]), ("people_per_offer", "unter 5.000"), ("distance", "unter 5"), ("", None),
        ]:
            browser.evaluate(
                "(() => { document.querySelector('details.legend').open = true;"
                "const choice = document.querySelector('.legend-areas select');"
                f"choice.value = '{name}'; choice.dispatchEvent(new Event('change')); }})()")
            browser.wait_for(f"document.querySelector('[data-part=map]').dataset.areas === '{name}'")
            if not name:
                self.assertEqual(browser.evaluate("document.querySelectorAll('.legend-class').length"), 0)
                break
            # All 14 districts stand in one of the classes.
            browser.wait_for(
                "[...document.querySelectorAll('.legend-class details')].reduce((sum, { lastChild }) => sum + lastChild.textContent.split(' · ').length, 0) === 14")
            self.assertIn(first, browser.evaluate("document.querySelector('.legend-class').textContent"))
        self.assertEqual(browser.errors(), [])
        self.assertEqual(browser.foreign_hosts(), set())
