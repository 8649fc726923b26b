"""The pages beside the map, on the real pack: valid, whole without script, in every language, for paper too."""

import base64
import json
import re
import struct
import unittest
import urllib.parse
import zlib

import html5lib
import qrcode
from qrcode.util import MODE_8BIT_BYTE, QRData

from browser import Browser
from project import ROOT, ServedPackTest

LANGUAGES = sorted(file.stem for file in (ROOT / "Tiles" / "locales").glob("*.json"))
PAGES = [
    "/offers/blk-coaching", "/actors/ikoe", "/districts", "/districts/15090", "/districts/15090/sheet", "/network",
    "/glossary", "/imprint", "/privacy", "/accessibility",
]


def dark_modules(svg):
    """The modules of a drawn code, read from its path; the quiet zone taken off."""
    side = int(re.search(r'class="code"[^>]*viewBox="0 0 (\d+)', svg).group(1)) - 8
    rows = [[0] * side for _ in range(side)]
    path = re.search(r'class="code-dark" d="([^"]*)"', svg).group(1)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        for offset in range(int(length)):
            rows[int(y) - 4][int(x) - 4 + offset] = 1
    return rows


def modules_of_another_encoder(address, mask):
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=mask, border=0)
    code.add_data(QRData(address.encode(), mode=MODE_8BIT_BYTE))
    code.make()
    return [[int(bool(module)) for module in row] for row in code.get_matrix()]


def pixels(png):
    """Width, palette and positions of a picture, its checks verified."""
    position, parts = 8, {}
    while position < len(png):
        length, name = struct.unpack(">I4s", png[position : position + 8])
        body = png[position + 8 : position + 8 + length]
        if zlib.crc32(name + body) != struct.unpack(">I", png[position + 8 + length : position + 12 + length])[0]:
            raise AssertionError(f"the check of {name} is wrong")
        parts[name] = body
        position += 12 + length
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    rows = zlib.decompress(parts[b"IDAT"])
    palette = [tuple(parts[b"PLTE"][i : i + 3]) for i in range(0, len(parts[b"PLTE"]), 3)]
    return width, height, palette, b"".join(rows[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height))


class PagesTest(ServedPackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The analyses behind the district's pages are made once; a browser would wait for them no longer than 30 s.
        cls.server.get("/districts/15090")

    def page(self, path, status=200, **headers):
        response = self.server.get(path, **headers)
        self.assertEqual(response.status, status, path)
        return response.body.decode()

    def test_every_page_is_valid_in_every_language(self):
        for path in PAGES:
            for language in LANGUAGES:
                html5lib.HTMLParser(strict=True).parse(self.page(f"{path}?lang={language}"))
        for path in ["/offers/nope", "/districts/15999"]:
            html5lib.HTMLParser(strict=True).parse(self.page(path, status=404))

    def test_every_offer_actor_and_district_has_its_page(self):
        for collection, path in [("offers", "offers"), ("actors", "actors")]:
            features = self.server.json(f"/api/collections/{collection}/items?limit=1000")["features"]
            self.assertGreater(len(features), 90)
            for feature in features:
                text = self.page(f"/{path}/{urllib.parse.quote(feature['id'], safe='')}?lang=de")
                self.assertIn((feature["properties"].get("title") or feature["properties"]["name"]).split("&")[0], text)
        listing = self.page("/districts?lang=de")
        self.assertEqual(len(set(re.findall(r"/districts/(\d{5})", listing))), 14)

    def test_the_figures_are_those_of_the_api(self):
        area = next(a for a in self.server.json("/api/coverage?area=15090")["areas"] if a["key"] == "15090")
        rural = next(r for r in self.server.json("/api/rural")["regions"] if "15090" in r["members"])
        text = self.page("/districts/15090?lang=en")
        for expected in [
            f"{area['gap_people']:,} people live farther than 15 km",
            f"at most {area['distance_median_m'] / 1000:.1f} km to the nearest offer",
            f"{area['share_within_15000_m']:.0%} of the people live at most 15 km",
            f"{area['gap_area_m2'] / 1e6:,.0f}\u00a0km² together",
            f"Our own computation: {rural['index']:.2f}, very rural.", "as of 2016): 0.80.", "Published type 1: very rural",
        ]:
            self.assertIn(expected, text)
        gaps = self.server.json("/api/collections/gaps/items?area=15090&limit=1000")
        self.assertIn(f"These are {gaps['numberMatched']} connected areas", text)
        # Two districts that are one region say so.
        self.assertIn("together with Dessau-Roßlau", self.page("/districts/15082?lang=en"))
        empty = self.page("/districts/15001?lang=de")
        self.assertNotIn("0 Angebote", empty)

    def test_codes_are_those_of_another_encoder(self):
        for path in ["/districts/15090", "/districts/15001"]:
            for prefix in ["a.test", "kompass.example.org", "k" * 60 + ".test", "k" * 63 + "." + "l" * 63 + "." + "m" * 60 + ".test"]:
                sheet = self.page(f"{path}/sheet", Host=prefix)
                drawn = dark_modules(sheet)
                # Which mask reads best is judged differently; under one of the eight all modules must be the same.
                same = [mask for mask in range(8) if modules_of_another_encoder(f"http://{prefix}{path}", mask) == drawn]
                self.assertEqual(len(same), 1, prefix)

    def test_the_picture_of_a_district_shows_it(self):
        response = self.server.get("/districts/15090/og.png")
        self.assertEqual((response.status, response.getheader("Content-Type")), (200, "image/png"))
        width, height, palette, positions = pixels(response.body)
        self.assertEqual((width, height, len(positions)), (1200, 630, 1200 * 630))
        share = {palette[index]: positions.count(index) / len(positions) for index in range(len(palette))}
        self.assertGreater(share[(0xF4, 0xF5, 0xF1)], 0.03, "the district")
        self.assertGreater(share[(0xF2, 0xC1, 0x4E)], 0.0003, "its offers")
        self.assertLess(len(response.body), 60_000)

    def test_someone_without_script_finds_an_offer_and_its_neighbours(self):
        with Browser(width=360, height=740, javascript=False) as browser:

            def follow(selector):
                """Follows a link as a click would; the browser's own click needs frames, which there are none of."""
                browser.open(browser.evaluate(f"document.querySelector({json.dumps(selector)}).href"))
                return urllib.parse.unquote(browser.evaluate("location.pathname"))

            browser.open(f"{self.server.base}/districts?lang=uk")
            self.assertEqual(follow("tbody a[href*='15090']"), "/districts/15090")
            self.assertEqual(browser.evaluate("document.documentElement.lang"), "uk")
            self.assertTrue(follow(".numbered .line-title").startswith("/offers/"))
            self.assertEqual(browser.evaluate("document.querySelector('h1 bdi').lang"), "de")
            self.assertTrue(follow(".lead a").startswith("/actors/"))
            self.assertTrue(follow(".languages a[hreflang=ar]").startswith("/actors/"))
            self.assertEqual(browser.evaluate("document.documentElement.dir"), "rtl")
            self.assertEqual(follow(".page-ways a[href*=glossary]"), "/glossary")
            self.assertEqual(browser.foreign_hosts(), set())
            self.assertEqual(browser.errors(), [])

    def test_pages_fit_their_screens(self):
        for width in [320, 360, 768, 1440]:
            with Browser(width=width, height=800) as browser:
                for path in PAGES:
                    for language in ["de", "ar"]:
                        browser.open(f"{self.server.base}{path}?lang={language}")
                        self.assertLessEqual(
                            browser.evaluate("document.documentElement.scrollWidth"), width, f"{path} {language}")
                self.assertEqual(browser.errors(), [])
                self.assertEqual(browser.foreign_hosts(), set())

    def test_the_sheet_is_paper(self):
        keys = set(re.findall(r"/districts/(\d{5})", self.page("/districts?lang=de")))
        with Browser(width=800, height=1100) as browser:
            for key in sorted(keys):
                for language in ["de", "ar"]:
                    browser.open(f"{self.server.base}/districts/{key}/sheet?lang={language}")
                    paper = browser.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
                    text = base64.b64decode(paper["data"])
                    boxes = set(re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", text))
                    self.assertTrue(boxes)
                    for width, height in boxes:
                        self.assertAlmostEqual(float(width), 595, delta=2)
                        self.assertAlmostEqual(float(height), 842, delta=2)
                    self.assertIn(len(re.findall(rb"/Type ?/Page\b", text)), [1, 2], f"{key} {language}")


if __name__ == "__main__":
    unittest.main()
