"""The public map as a folder of files, in headless Chromium from a plain file server, against the served map."""

import functools
import gzip
import html.parser
import json
import urllib.parse

from pmtiles.reader import MmapSource, Reader

from browser import Browser
from client import ClientTest, texts
from fileserver import FileServer
from project import ROOT, killed_at, kompass


class Links(html.parser.HTMLParser):
    """What a page leads to and asks for, and the places in it that links can name."""

    def __init__(self, text):
        super().__init__()
        self.followed, self.loaded, self.places = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.places.add(value)
            elif name in ("href", "action"):
                (self.followed if tag in ("a", "form") else self.loaded).append(value)
            elif name in ("src", "srcset", "poster", "data"):
                self.loaded.append(value)
            elif name == "content" and ("property", "og:image") in attributes:
                self.loaded.append(value)


class StaticMapTest(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Below a path that is not the root's, so that a link from the root would fail.
        cls.site = cls.folder / "host" / "some" / "path"
        cls.run_kompass("export", cls.project, "--static", cls.site)
        cls.files = FileServer(cls.folder / "host")
        cls.addClassCleanup(cls.files.close)

    def open_file(self, path="index.html", files=None, **options):
        browser = Browser(**options)
        self.addCleanup(browser.close)
        browser.open(f"{(files or self.files).base}/some/path/{path}")
        browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        return browser

    def names(self, browser):
        """What the buttons on the map say, in order."""
        return browser.evaluate("[...document.querySelectorAll('[data-part=map] button.place')].map(b => b.ariaLabel).sort()")

    @functools.cache
    def target(self, folder, path):
        """The file of the site that a link leads to; the pages of a folder have most of theirs in common."""
        found = (folder / urllib.parse.unquote(path)).resolve()
        self.assertTrue(found.is_file(), (folder, path))
        self.assertTrue(found.is_relative_to(self.site.resolve()), (folder, path))
        return self.site / found.relative_to(self.site.resolve())

    def test_every_link_of_every_page_leads_to_what_is_there(self):
        pages = {path: Links(path.read_text(encoding="utf-8")) for path in self.site.rglob("*.html")}
        self.assertGreater(len(pages), 2000)
        for page, links in pages.items():
            for address in links.followed + links.loaded:
                stated = urllib.parse.urlsplit(address)
                if stated.scheme or stated.netloc:
                    # Only what a record states leads out of the folder, and only when somebody follows it.
                    self.assertIn(stated.scheme, ("http", "https", "mailto", "tel"), (page, address))
                    self.assertNotIn(address, links.loaded, page)
                    continue
                # From the root of a host it would not work under a path.
                self.assertFalse(address.startswith("/"), (page, address))
                target = self.target(page.parent, stated.path) if stated.path else page
                # The map's own fragments are its state.
                if stated.fragment and target.name != "index.html":
                    places = pages[target].places
                    self.assertIn(urllib.parse.unquote(stated.fragment), places, (page, address))

    def test_the_folder_holds_every_page_in_every_language(self):
        tags = [path.stem for path in (ROOT / "Tiles" / "locales").glob("*.json")]
        self.assertEqual(len(tags), 12)
        numbers = {name: self.server.json(f"/api/collections/{name}/items?limit=1")["numberMatched"] for name in ("offers", "actors", "districts")}
        for tag in tags:
            folder = self.site if tag == "de" else self.site / tag
            for name, number in numbers.items():
                self.assertEqual(len(list((folder / name).glob("*.html"))), number, (tag, name))
            self.assertEqual(len(list(folder.glob("districts/*/sheet.html"))), numbers["districts"], tag)
            for name in ("index", "districts", "network", "glossary", "imprint", "privacy", "accessibility"):
                self.assertIn(f'<html lang="{tag}"', (folder / f"{name}.html").read_text(encoding="utf-8"))
        self.assertEqual(len(list(self.site.glob("districts/*/og.png"))), numbers["districts"])

    def test_the_manifest_lists_what_is_there(self):
        listed = json.loads((self.site / "kompass-export.json").read_text())
        self.assertTrue(listed["is_whole"])
        found = {str(path.relative_to(self.site)) for path in self.site.rglob("*") if path.is_file()}
        self.assertEqual(found - {"kompass-export.json"}, set(listed["files"]))

    def test_the_figures_of_the_areas_are_in_the_folder(self):
        rows = {}
        for name, browser in [("mine", self.open_file("index.html?areas=rural#12.00/52.6052/11.8592")), ("served", self.open("/?lang=de&areas=rural"))]:
            browser.wait_for("document.querySelector('.legend-areas > .link-button:not([hidden])')")
            browser.evaluate("document.querySelector('.legend-areas > .link-button').click()")
            browser.wait_for("document.querySelector('table.figures')")
            rows[name] = browser.evaluate("[...document.querySelectorAll('table.figures tbody tr')].map(row => row.innerText)")
        self.assertEqual(len(rows["mine"]), 14)
        self.assertEqual(rows["mine"], rows["served"])

    def test_the_folder_shows_what_the_server_shows(self):
        mine, served = self.open_file(), self.open("/?lang=de")
        placed = self.placed()
        for browser in (mine, served):
            self.assertEqual(self.count(browser), self.matched())
            self.wait_for_map(browser, placed)
        self.assertEqual(self.titles(mine), self.titles(served))
        self.assertEqual(self.names(mine), self.names(served))
        # Districts and names come out of the archive.
        archive = [path for path in mine.requests if "kompass.pmtiles" in path]
        self.assertGreater(len(archive), 2)
        self.assertTrue(all(mine.responses[path] == 206 for path in archive))
        self.assert_clean(mine)
        self.assertTrue(all("/some/path/" in path for path in mine.requests if path.startswith("http")))
        self.assertFalse([path for path in mine.requests if "/api/" in path or "/tiles/kompass/" in path])

    def test_a_filter_chooses_the_same(self):
        for query in ("category=training", "q=beratung", "category=counselling,training&located_in=15001", "sector=civil_society"):
            with self.subTest(query=query):
                mine = self.open_file(f"index.html?{query}")
                self.assertEqual(self.count(mine), self.matched(f"&{query}"))
                self.wait_for_map(mine, self.placed(f"&{query}"))
                self.assertLess(self.count(mine), self.matched())
                self.assert_clean(mine)

    def test_a_filter_is_chosen_in_the_page(self):
        mine = self.open_file()
        self.wait_for_map(mine, self.placed())
        mine.evaluate("document.querySelector('[data-field=category] summary').click()")
        mine.evaluate("document.querySelector('[data-field=category] input[value=training]').click()")
        mine.wait_for("location.search.includes('category=training')")
        self.wait_for_map(mine, self.placed("&category=training"))
        self.assertEqual(self.count(mine), self.matched("&category=training"))
        self.assert_clean(mine)

    def test_an_offer_opens_from_list_and_map(self):
        mine = self.open_file()
        self.wait_for_map(mine, self.placed())
        mine.evaluate("document.querySelector('.entry summary, .entry button').click()")
        mine.wait_for("/Quelle/.test(document.querySelector('.entry').innerText)")
        mine.evaluate("[...document.querySelectorAll('[data-part=map] button.place')].find(b => !/\\d/.test(b.textContent)).click()")
        self.assertIn("Quelle:", mine.wait_for("document.querySelector('.maplibregl-popup .popup')?.innerText"))
        self.assert_clean(mine)

    def test_an_entry_leads_to_its_page_and_back(self):
        for tag, path, width in (("de", "index.html", 1280), ("ar", "ar/index.html", 360)):
            with self.subTest(language=tag):
                mine = self.open_file(path, width=width, height=800)
                title = mine.evaluate("document.querySelector('.entry-title a').textContent")
                mine.open(mine.evaluate("document.querySelector('.entry-title a').href"))
                self.assertEqual(mine.wait_for("document.querySelector('main h1')?.innerText"), title)
                self.assertEqual(mine.evaluate("document.documentElement.lang"), tag)
                mine.evaluate("document.querySelector('.actions a').click()")
                mine.wait_for("location.pathname.endsWith('/index.html') && document.querySelector('.entry details[open]')")
                self.assertEqual(mine.evaluate("document.querySelector('.entry:has(details[open]) .entry-title').textContent"), title)
                self.assertEqual(mine.evaluate("document.documentElement.lang"), tag)
                self.assert_clean(mine)

    def test_pages_are_whole_without_a_server(self):
        browser = Browser(javascript=False)
        self.addCleanup(browser.close)
        for name in ("districts", "districts/15090", "districts/15090/sheet", "network", "glossary", "ar/imprint"):
            with self.subTest(page=name):
                browser.open(f"{self.files.base}/some/path/{name}.html")
                self.assertTrue(browser.evaluate("document.querySelector('main h1').innerText"))
                self.assertTrue(browser.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)"))
                self.assertEqual(browser.errors(), [])
        self.assertTrue(all(status == 200 for path, status in browser.responses.items() if path.startswith("http")), browser.responses)

    def test_privacy_promises_nothing_for_the_host(self):
        for tag, folder in (("de", self.site), ("vi", self.site / "vi")):
            page = (folder / "privacy.html").read_text(encoding="utf-8")
            self.assertIn(texts(tag)["privacy_log_of_host"], page)
            self.assertNotIn(texts(tag)["privacy_log"], page)

    def test_districts_are_coloured_by_distance_of_all_offers(self):
        mine, served = self.open_file("index.html?category=training"), self.open("/?lang=de")
        for browser in (mine, served):
            browser.wait_for("document.querySelector('.legend-areas select')")
            browser.evaluate("document.querySelector('.legend').open = true")
            browser.evaluate("{ const s = document.querySelector('.legend-areas select'); s.value = 'distance'; s.dispatchEvent(new Event('change')); }")
            browser.wait_for(
                "[...document.querySelectorAll('.legend-class details')].reduce((n, d) => n + d.textContent.split('·').length, 0) === 14")
        legend = "[...document.querySelectorAll('.legend-class')].map(row => row.textContent)"
        # Unfiltered figures, whatever is chosen; and the page says so.
        self.assertEqual(mine.evaluate(legend), served.evaluate(legend))
        note = "document.querySelector('.legend-basis').checkVisibility() && document.querySelector('.legend-basis').textContent"
        self.assertEqual(mine.evaluate(note), texts("de")["areas_all_offers"])
        self.assertFalse(served.evaluate(note))
        self.assert_clean(mine)

    def test_languages_are_pages_and_keep_the_state(self):
        mine = self.open_file("index.html?category=training")
        address = mine.evaluate("document.querySelector('[data-language=en]').href")
        self.assertEqual(address, f"{self.files.base}/some/path/en/index.html?category=training")
        mine.open(address)
        mine.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        self.assertEqual(mine.evaluate("document.documentElement.lang"), "en")
        self.assertEqual(self.count(mine), self.matched("&category=training"))
        self.wait_for_map(mine, self.placed("&category=training"))
        # A link to the served map names the language in its query.
        mine.open(f"{self.files.base}/some/path/index.html?lang=en&category=training")
        mine.wait_for("location.pathname.endsWith('/en/index.html')")
        self.assert_clean(mine)

    def test_a_host_without_ranges_gives_the_map_too(self):
        files = FileServer(self.folder / "host", knows_ranges=False)
        self.addCleanup(files.close)
        mine = self.open_file(files=files)
        self.wait_for_map(mine, self.placed())
        mine.wait_for("performance.getEntriesByType('resource').some(entry => entry.name.includes('kompass.pmtiles'))")
        self.assert_clean(mine)
        self.assertTrue(any("no range requests" in text for _, text in mine.console))

    def test_a_host_without_ranges_is_explained_to_people(self):
        files = FileServer(self.folder / "host", knows_ranges=False)
        self.addCleanup(files.close)
        said = "[...document.querySelectorAll('[data-part=host]')].filter(e => e.checkVisibility()).map(e => e.textContent).join()"
        for tag, path in (("de", "index.html"), ("ar", "ar/index.html")):
            with self.subTest(language=tag):
                mine = self.open_file(path, files=files)
                self.assertIn(texts(tag)["map_host_whole"], mine.wait_for(said))
                self.assertRegex(mine.evaluate(said), r"\d|[٠-٩]")
                self.assertEqual(self.count(mine), self.matched())
                mine.evaluate("document.querySelector('.entry summary, .entry button').click()")
                mine.wait_for("document.querySelector('.entry .facts')")
                self.assert_clean(mine)
        mine = self.open_file()
        self.wait_for_map(mine, self.placed())
        self.assertEqual(mine.evaluate(said), "")

    def test_without_script_the_page_lists_offers(self):
        browser = Browser(javascript=False)
        self.addCleanup(browser.close)
        browser.open(f"{self.files.base}/some/path/")
        page = (self.site / "index.html").read_text(encoding="utf-8")
        self.assertIn('class="entry-title"', page)
        self.assertNotIn("/api", page)
        self.assertEqual(browser.errors(), [])

    def test_the_archive_holds_what_the_server_answers(self):
        with open(self.site / "tiles" / "kompass.pmtiles", "rb") as file:
            reader = Reader(MmapSource(file))
            for zoom, x, y in [(4, 8, 5), (7, 68, 42), (8, 136, 84), (10, 545, 337)]:
                response = self.server.get(f"/tiles/kompass/{zoom}/{x}/{y}.mvt?figures=coverage")
                self.assertEqual(response.status, 200)
                self.assertEqual(gzip.decompress(reader.get(zoom, x, y)), response.body)

    def test_a_killed_export_is_taken_up_and_makes_the_same_files(self):
        folder = self.folder / "killed"
        # Longer than any other file, so that it is the archive's journal that is cut.
        killed_at(1_500_000, "export", self.project, "--static", folder)
        self.assertTrue((folder / "tiles" / "kompass.pmtiles.partial").exists())
        self.assertFalse((folder / "index.html").exists(), "a page stands only where all that it needs is there")
        result = kompass("export", self.project, "--static", folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("goes on where an earlier export ended", result.stderr)
        first = {path.relative_to(self.site): path.read_bytes() for path in self.site.rglob("*") if path.is_file()}
        second = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self.assertEqual(first.keys(), second.keys())
        for path, content in first.items():
            self.assertEqual(content, second[path], path)

    def test_an_export_removes_what_it_no_longer_has_and_nothing_else(self):
        folder = self.folder / "older"
        self.run_kompass("export", self.project, "--static", folder, "--languages", "en,ar")
        self.assertTrue((folder / "ar" / "index.html").exists())
        manifest = folder / "kompass-export.json"
        listed = json.loads(manifest.read_text())
        (folder / "data" / "gone.json").write_text("{}")
        (folder / "own.txt").write_text("the host's")
        (self.folder / "outside.txt").write_text("not in the folder")
        listed["files"] += ["data/gone.json", "../outside.txt"]
        manifest.write_text(json.dumps(listed))
        self.run_kompass("export", self.project, "--static", folder, "--languages", "en")
        self.assertFalse((folder / "data" / "gone.json").exists())
        self.assertFalse((folder / "ar" / "index.html").exists())
        self.assertNotIn("/ar/", (folder / "index.html").read_text(encoding="utf-8"))
        self.assertTrue((folder / "own.txt").exists())
        self.assertTrue((self.folder / "outside.txt").exists())

    def test_where_the_folder_will_stand_is_said_to_others(self):
        folder = self.folder / "known"
        self.run_kompass("export", self.project, "--static", folder, "--languages", "en", "--public-url", "https://example.org/kompass/")
        page = (folder / "en" / "districts" / "15090.html").read_text(encoding="utf-8")
        self.assertIn('<link rel="canonical" href="https://example.org/kompass/en/districts/15090.html">', page)
        self.assertIn('property="og:image" content="https://example.org/kompass/districts/15090/og.png"', page)
        sheet = (folder / "districts" / "15090" / "sheet.html").read_text(encoding="utf-8")
        self.assertIn("https://example.org/kompass/districts/15090.html", sheet)
        # Where nobody knows the address, no code leads anywhere.
        self.assertNotIn("sheet-code", (self.site / "districts" / "15090" / "sheet.html").read_text(encoding="utf-8"))

    def test_a_folder_of_somebody_else_is_left_alone(self):
        folder = self.folder / "foreign"
        folder.mkdir()
        (folder / "thesis.txt").write_text("mine")
        result = kompass("export", self.project, "--static", folder)
        self.assertEqual(result.returncode, 1)
        self.assertIn("name a new or empty folder", result.stderr)
        self.assertEqual([path.name for path in folder.iterdir()], ["thesis.txt"])

    def test_mistakes_are_named(self):
        for options in (["--format", "pmtiles"], ["-o", "x"], ["--category", "training"], ["--max-zoom", "5"], ["--collection", "offers"]):
            result = kompass("export", self.project, "--static", self.folder / "never", *options)
            self.assertEqual(result.returncode, 2, options)
            self.assertIn("whole map", result.stderr, options)
        for options in ([], ["--format", "pmtiles", "-o", "x", "--languages", "en"], ["--format", "pmtiles", "-o", "x", "--public-url", "https://example.org"]):
            result = kompass("export", self.project, *options)
            self.assertEqual(result.returncode, 2, options)
            self.assertIn("--static", result.stderr, options)
        for option, value in (("--languages", "en,tlh"), ("--public-url", "example.org")):
            result = kompass("export", self.project, "--static", self.folder / "never", option, value)
            self.assertEqual(result.returncode, 2, option)
            self.assertIn(value.split(",")[-1], result.stderr)
        self.assertFalse((self.folder / "never").exists())
