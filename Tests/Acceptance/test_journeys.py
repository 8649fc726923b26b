"""Whole ways through map and pages as people go them: by keyboard alone, without script, onto paper and back from it."""

import base64
import re
import unittest
import urllib.parse

import pictures
import qr
from browser import Browser
from client import ClientTest, texts


class Journey(ClientTest):
    """Ways in a browser that is given nothing but keys."""

    def start(self, path="/?lang=de", **options):
        browser = Browser(width=360, height=740, **options)
        self.addCleanup(browser.close)
        browser.open(self.server.base + path)
        return browser

    def tab_to(self, browser, test, limit=120):
        """Presses Tab until the focused element `e` passes a test; fails where the focus is lost on the way."""
        for _ in range(limit):
            browser.press("Tab")
            tag, found = browser.evaluate(f"(e => [e.tagName, !!({test})])(document.activeElement)")
            if found:
                return
            self.assertNotEqual(tag, "BODY", f"the focus was lost before {test}")
        self.fail(f"{limit} times Tab did not reach {test}")

    def follow(self, browser, test):
        """Goes to a link by Tab and follows it by Enter; gives the path where it leads."""
        before = browser.evaluate("location.href")
        self.tab_to(browser, test)
        browser.press("Enter")
        browser.wait_for(f"location.href !== '{before}' && document.readyState === 'complete'")
        return urllib.parse.unquote(browser.evaluate("location.pathname"))

    def choose(self, browser, words):
        """Types words into the search and takes the first suggestion."""
        self.tab_to(browser, "e.id === 'search'")
        for letter in words:
            browser.type(letter)
        browser.wait_for("document.querySelector('.suggestion')")
        browser.press("ArrowDown")
        browser.press("Enter")
        browser.wait_for("location.search.includes('language=')")


class OnOffersThatStateLanguages(Journey):
    states_languages = True

    def test_from_the_search_to_the_paper_and_back_by_keyboard(self):
        browser = self.start()
        browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        self.choose(browser, "arabisch Beratung Stendal")
        browser.wait_for("document.querySelector('.entry-away')")
        found = self.titles(browser)
        self.assertEqual(found[0], "Migrationsberatung auf Arabisch")
        # Shared by keyboard, opened elsewhere, read in Arabic by keyboard.
        self.tab_to(browser, "e.dataset.part === 'share'")
        browser.press("Enter")
        browser.wait_for("document.querySelector('dialog[open]')")
        self.assertTrue(browser.evaluate("document.querySelector('dialog').contains(document.activeElement)"))
        link = browser.evaluate("document.querySelector('#share-link').value")
        browser.press("Escape")
        browser.wait_for("!document.querySelector('dialog[open]')")
        self.assertEqual(browser.evaluate("document.activeElement.dataset.part"), "share")
        other = self.start(link.removeprefix(self.server.base))
        other.wait_for("document.querySelector('.entry-away')")
        self.assertEqual(self.titles(other), found)
        self.tab_to(other, "e.matches('.languages summary')")
        other.press("Enter")
        self.assertEqual(self.follow(other, "e.dataset.language === 'ar'"), "/")
        other.wait_for("document.querySelector('.entry-away')")
        self.assertEqual(other.evaluate("[document.documentElement.dir, document.documentElement.lang]"), ["rtl", "ar"])
        self.assertEqual(self.titles(other), found)
        self.assert_clean(other)
        # To the offer's page, its district, the sheet for paper.
        self.assertTrue(self.follow(browser, "e.matches('.entry a.page-link, .entry-title a')").startswith("/offers/"))
        self.assertEqual(browser.evaluate("document.querySelector('h1').innerText"), found[0])
        facts = browser.evaluate("document.querySelector('.facts').innerText")
        for stated in ["Arabisch", "Stendal", texts("de")["precision_postcode"], texts("de")["field_source"]]:
            self.assertIn(stated, facts)
        self.assertEqual(self.follow(browser, "(e.getAttribute('href') ?? '').startsWith('/districts/15090')"), "/districts/15090")
        self.assertEqual(self.follow(browser, "(e.getAttribute('href') ?? '').includes('/sheet')"), "/districts/15090/sheet")
        paper = browser.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        self.assertIn(len(re.findall(rb"/Type ?/Page\b", base64.b64decode(paper["data"]))), [1, 2])
        # What somebody reads off the paper leads back.
        address = self.read_code(browser)
        self.assertEqual(address, f"{self.server.base}/districts/15090")
        browser.media("")
        browser.open(address)
        self.assertIn("Stendal", browser.evaluate("document.querySelector('h1').innerText"))
        self.assert_clean(browser)

    def read_code(self, browser):
        """The text of the code as it is printed: photographed on paper, one mean of its pixels for each module."""
        browser.media("print")
        browser.send("Emulation.setScrollbarsHidden", hidden=True)
        browser.resize(688, 1000, 3)
        box = browser.evaluate(
            "(b => [b.left + scrollX, b.top + scrollY, b.width, b.height])(document.querySelector('.code').getBoundingClientRect())")
        side = browser.evaluate("document.querySelector('.code').viewBox.baseVal.width")
        clip = dict(zip(["x", "y", "width", "height"], box), scale=1)
        shot = base64.b64decode(browser.send("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])
        with Browser() as measure:
            fields = pictures.means(measure, shot, int(side), int(side))
        rows = [[fields[y * int(side) + x][0] < 128 for x in range(int(side))] for y in range(int(side))]
        quiet = 4
        for index in range(quiet):
            self.assertFalse(any(rows[index]) or any(row[index] for row in rows), "the quiet zone is light")
        return qr.read([row[quiet:-quiet] for row in rows[quiet:-quiet]])


class OnTheShippedOffers(Journey):
    def test_the_same_search_tells_what_is_not_stated(self):
        browser = self.start()
        browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        self.choose(browser, "arabisch Beratung Stendal")
        browser.wait_for("document.querySelector('.silent-title')")
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.evaluate("location.href")).query))
        self.assertEqual((asked["language"], asked["category"]), ("ar", "counselling"))
        silent = self.matched("&category=counselling&language=not_stated")
        self.assertGreater(silent, 5)
        results = browser.evaluate("document.querySelector('[data-part=results]').innerText")
        self.assertIn(f"{silent} Angebote ohne Angabe", results)
        self.assertNotRegex(results, r"[Kk]eine Angebote(?! gibt)|0 Angebote|nicht gefunden|kein Ergebnis")
        # They are shown, and the keyboard reaches them.
        self.assertEqual(len(self.titles(browser, "silent")), silent)
        self.tab_to(browser, "e.closest('[data-part=silent]')")
        self.assert_clean(browser)

    def test_without_script_by_keyboard(self):
        browser = self.start("/?lang=de", javascript=False)
        self.assertEqual(browser.evaluate("document.querySelectorAll('.entry').length"), min(self.matched(), 100))
        self.tab_to(browser, "e.id === 'search'")
        browser.type("Beratung")
        browser.press("Enter")
        browser.wait_for("location.search.includes('q=Beratung') && document.readyState === 'complete'")
        found = browser.evaluate("[...document.querySelectorAll('.entry-title')].map(e => e.textContent.trim())")
        self.assertEqual(len(found), self.matched("&q=Beratung"))
        # A field of the form, changed by an arrow key, and sent.
        self.tab_to(browser, "e.name === 'category'")
        for _ in range(12):
            browser.press("ArrowDown")
            if browser.evaluate("document.querySelector('select[name=category]').value") == "counselling":
                break
        self.tab_to(browser, "e.matches('.plain-submit')")
        browser.press("Enter")
        browser.wait_for("location.search.includes('category=counselling') && document.readyState === 'complete'")
        count = browser.evaluate("document.querySelectorAll('.entry').length")
        self.assertEqual(count, self.matched("&q=Beratung&category=counselling"))
        self.assertGreater(count, 0)
        self.assertLess(count, len(found))
        self.assertTrue(self.follow(browser, "e.matches('.entry a')").startswith("/offers/"))
        self.assertTrue(browser.evaluate("document.querySelectorAll('.facts .fact').length > 8"))
        self.assertEqual(self.follow(browser, "(e.getAttribute('href') ?? '').startsWith('/districts')"), "/districts")
        self.assertEqual(self.follow(browser, "(e.getAttribute('href') ?? '').includes('15090')"), "/districts/15090")
        self.assertTrue(browser.evaluate("!!document.querySelector('svg.sketch') && document.querySelectorAll('.line').length > 0"))
        self.assertEqual(self.follow(browser, "(e.getAttribute('href') ?? '').startsWith('/network')"), "/network")
        self.tab_to(browser, "e.name === 'kind'")
        browser.press("ArrowDown")
        kind = browser.evaluate("document.querySelector('select[name=kind]').value")
        self.tab_to(browser, "e.type === 'submit'")
        browser.press("Enter")
        browser.wait_for(f"location.search.includes('kind={kind}') && document.readyState === 'complete'")
        self.assertEqual(browser.foreign_hosts(), set())
        self.assertEqual(browser.errors(), [])


if __name__ == "__main__":
    unittest.main()
