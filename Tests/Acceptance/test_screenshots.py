"""Small pictures of the pages as they should look, compared with fresh ones.

    .cache/venv-test/bin/python Tests/Acceptance/test_screenshots.py [NAME...]

records them again, or those whose names begin so (KOMPASS names the binary, default .build/release/kompass): look at
each before it is committed. Fonts and browser are the machine's: where they are others than those of the recording
(screenshots/made-with.json), the comparison is skipped, and says so.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import pictures
from browser import Browser
from project import ROOT, Server, new_project

FOLDER = pathlib.Path(__file__).resolve().parent / "screenshots"
MADE_WITH = FOLDER / "made-with.json"

# Name, address, what must be true before the picture is taken, and what is done before.
CHOOSE_AREAS = (
    "(s => { s.value = 'rural'; s.dispatchEvent(new Event('change', {bubbles: true})); })"
    "([...document.querySelectorAll('select')].find(s => [...s.options].some(o => o.value === 'rural')))")
LISTED = "document.querySelector('[data-part=list-count]')?.textContent"
OFFERS_DRAWN = "document.querySelector('[data-part=map]').dataset.offers > 0"
# The figures of every district are there, which the legend counts.
AREAS_EXPLAINED = "document.querySelector('.legend-areas > .link-button:not([hidden])')"
PAGES = {
    "list": ("/", LISTED, OFFERS_DRAWN, None),
    "network": ("/?view=network", LISTED, "document.querySelector('[data-part=map]').dataset.links", None),
    "areas": ("/", LISTED, OFFERS_DRAWN, CHOOSE_AREAS),
    "district": ("/districts/15090", "true", None, None),
    "offer": ("/offers/blk-coaching", "true", None, None),
    "sheet": ("/districts/15090/sheet", "true", None, None),
}
# Width and height of the window, and how much smaller the picture is kept.
SIZES = {360: (740, 0.75), 768: (1024, 0.5), 1440: (900, 0.5)}
LOOKS = {"light": ("de", False), "dark": ("de", True), "arabic": ("ar", False)}

# Fields of this many pixels of the kept picture are compared by their mean colour: letters may be smoothed differently.
FIELD = 8
# A field differs where a channel's mean is farther off than this, of 255; on the map, where labels and lines find their
# places by what the graphics driver draws, twice that.
FAR = 24
# The share of fields that may differ: one line of text that moved is more.
MOST, MOST_ON_MAP = 0.004, 0.08


def names():
    for page in PAGES:
        for width in SIZES:
            for look in LOOKS:
                # The sheet is the same paper in both themes.
                if (page, look) != ("sheet", "dark"):
                    yield f"{page}-{width}-{look}"


def machine(browser):
    """What decides how letters look: the browser's version and the fonts that it finds."""
    fonts = {}
    for family in ["system-ui", "sans-serif", "monospace", "sans-serif:lang=ar"]:
        answer = subprocess.run(["fc-match", "-f", "%{family} %{fontversion}", family], capture_output=True, text=True, check=False)
        fonts[family] = answer.stdout
    return {"browser": browser.send("Browser.getVersion")["product"].split(".")[0], "fonts": fonts}


class Camera:
    """Takes pictures of a project's pages, one browser at a time for each size and look."""

    def __init__(self, folder):
        project = new_project(folder / "kompass.gpkg")
        # The map asks for tiles where the server is; the sheet prints an address that is always the same.
        self.server = Server(project)
        self.named = Server(project, "--public-url", "https://kompass.example.org")
        # The analyses behind the pages are made once, before a browser waits for them.
        self.named.get("/districts/15090")
        self.browsers = {}
        self.table = Browser(webgl=False)

    def close(self):
        for each in [self.table, *self.browsers.values(), self.server, self.named]:
            each.close()

    def browser(self, width, look):
        if (width, look) not in self.browsers:
            for other in self.browsers.values():
                other.close()
            browser = Browser(width=width, height=SIZES[width][0], dark=LOOKS[look][1], reduced_motion=True)
            browser.send("Emulation.setScrollbarsHidden", hidden=True)
            self.browsers = {(width, look): browser}
        return self.browsers[width, look]

    def picture(self, name):
        """The picture of a name as it is kept, its size, and where on it the map is (left, top, right, bottom; or nothing)."""
        page, width, look = name.split("-")
        address, ready, drawn, action = PAGES[page]
        browser = self.browser(int(width), look)
        server = self.server if drawn else self.named
        browser.open(f"{server.base}{address}{'&' if '?' in address else '?'}lang={LOOKS[look][0]}")
        browser.wait_for(ready)
        # In a narrow window list and map take turns: one picture shows the list, the others the map.
        takes_turns = browser.evaluate("!!document.querySelector('[data-part=views]')?.checkVisibility()")
        if takes_turns and page != "list":
            browser.evaluate("document.querySelector('[data-part=views] [data-view=map]').click()")
        if drawn and (page != "list" or not takes_turns):
            browser.wait_for(drawn)
        if action:
            browser.evaluate(action)
            browser.wait_for(AREAS_EXPLAINED)
        shot = self.settled(browser)
        map_area = browser.evaluate(
            "(e => { if (!e?.checkVisibility()) return null; const b = e.getBoundingClientRect();"
            " return [b.left, b.top, b.right, b.bottom]; })(document.querySelector('[data-part=map]'))")
        factor = SIZES[int(width)][1]
        kept, *size = pictures.smaller(self.table, shot, factor)
        return kept, size, [edge * factor for edge in map_area] if map_area else None

    def settled(self, browser):
        """The window when its letters and its map are drawn, and two pictures of it in a row are the same."""
        last = None
        for _ in range(60):
            browser.evaluate("document.fonts.ready.then(() => true)")
            if browser.evaluate("drawnMaps.length > 0"):
                browser.settle()
            shot = browser.pixels()
            if shot == last:
                return shot
            last = shot
        raise AssertionError("the page does not come to rest")

    def difference(self, kept, fresh, size, map_area):
        """How many fields differ, of how many: beside the map, then on it."""
        columns, rows = (max(edge // FIELD, 1) for edge in size)
        pairs = zip(*(pictures.means(self.table, picture, columns, rows) for picture in (kept, fresh)))
        counts = {False: [0, 0], True: [0, 0]}
        for index, (one, other) in enumerate(pairs):
            x, y = (index % columns + 0.5) * size[0] / columns, (index // columns + 0.5) * size[1] / rows
            on_map = map_area is not None and map_area[0] <= x <= map_area[2] and map_area[1] <= y <= map_area[3]
            far = FAR * 2 if on_map else FAR
            counts[on_map][0] += max(abs(a - b) for a, b in zip(one, other)) > far
            counts[on_map][1] += 1
        return counts[False], counts[True]


class ScreenshotTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-pictures-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.camera = Camera(folder)
        cls.addClassCleanup(cls.camera.close)

    def test_pages_look_as_recorded(self):
        self.assertEqual({path.stem for path in FOLDER.glob("*.webp")}, set(names()))
        recorded = json.loads(MADE_WITH.read_text(encoding="utf-8"))
        here = machine(self.camera.table)
        if recorded != here:
            self.skipTest(f"the pictures were made with {recorded}, here is {here}")
        for name in sorted(names(), key=lambda name: name.split("-")[1:]):
            with self.subTest(name):
                reference = FOLDER / f"{name}.webp"
                kept = reference.read_bytes()
                fresh, size, map_area = self.camera.picture(name)
                beside, on_map = [1, 1], [0, 0]
                if pictures.size(self.camera.table, kept) == size:
                    beside, on_map = self.camera.difference(kept, fresh, size, map_area)
                if beside[0] > MOST * beside[1] or on_map[0] > MOST_ON_MAP * on_map[1]:
                    place = pathlib.Path(tempfile.gettempdir(), f"kompass-{name}.webp")
                    place.write_bytes(fresh)
                    self.fail(
                        f"{reference.relative_to(ROOT)}: {beside[0]} of {beside[1]} fields differ, on the map {on_map[0]} "
                        f"of {on_map[1]}; the fresh picture is {place}. If it is as it should be, record it: "
                        f".cache/venv-test/bin/python {pathlib.Path(__file__).relative_to(ROOT)} {name}")

    def test_a_changed_page_is_noticed(self):
        """What is compared tells a page from itself with one more line."""
        browser = self.camera.browser(768, "light")
        browser.open(f"{self.camera.named.base}/offers/blk-coaching?lang=de")
        table = self.camera.table
        shots = []
        for _ in range(2):
            kept, *size = pictures.smaller(table, self.camera.settled(browser), 0.5)
            shots.append(kept)
            browser.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<p>Noch eine Zeile</p>')")
        beside, _ = self.camera.difference(*shots, size, None)
        self.assertGreater(beside[0], MOST * beside[1])
        again, _ = self.camera.difference(shots[0], shots[0], size, None)
        self.assertEqual(again[0], 0)


def record(wanted):
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.webp"):
        if path.stem not in names():
            path.unlink()
    with tempfile.TemporaryDirectory(prefix="kompass-pictures-") as folder:
        camera = Camera(pathlib.Path(folder))
        try:
            for name in sorted(names(), key=lambda name: name.split("-")[1:]):
                if not wanted or any(name.startswith(begin) for begin in wanted):
                    picture, size, _ = camera.picture(name)
                    (FOLDER / f"{name}.webp").write_bytes(picture)
                    print(f"{name}: {size[0]} x {size[1]}, {len(picture)} bytes", flush=True)
            MADE_WITH.write_text(json.dumps(machine(camera.table), indent=2) + "\n", encoding="utf-8")
        finally:
            camera.close()


if __name__ == "__main__":
    sys.exit(record(sys.argv[1:]))
