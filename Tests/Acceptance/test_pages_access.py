"""Every page for everybody: axe-core in every theme and direction, keyboard, zoom, motion, paper."""

import json
import unittest

import axe
from browser import Browser
from project import ServedPackTest

# Whole pages, as visitors open them: for people, then of the API. `/offers/nope` is not there.
PAGES = [
    "/offers/blk-coaching", "/actors/ikoe", "/districts", "/districts/15090", "/districts/15001", "/districts/15090/sheet",
    "/network?kind=funding", "/glossary", "/imprint", "/privacy", "/accessibility", "/offers/nope", "/nope",
]
MAPS = ["/", "/?view=counselling&language=ar,not_stated", "/?view=network"]
API = [
    "/api", "/api/collections", "/api/collections/offers", "/api/collections/offers/items?limit=20",
    "/api/collections/offers/items/blk-coaching", "/api/collections/districts/items/15090", "/api/coverage", "/api/rural",
    "/api/nearest?lon=11.63&lat=52.13", "/api/siting", "/api/vocabulary", "/api/glossary", "/api/definitions", "/api/changes",
    "/api/conformance", "/api/tiles", "/api/tileMatrixSets", "/api/collections/offers/queryables",
    "/api/collections/offers/schema",
]
# What Tab should reach, in the order of the document: links, fields, summaries and regions that are seen.
STOPS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true})
        && !(e.closest('details:not([open])') && !e.matches('summary')))"""
NAME = "(e => `${e.tagName} ${(e.getAttribute('href') ?? e.id) || ''} ${e.textContent.trim().slice(0, 40)}`)"


class PagesAccessTest(ServedPackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Analyses are made once; a browser would wait for them no longer than 30 s.
        for path in ["/districts/15090", "/api/rural", "/api/coverage", "/api/siting"]:
            cls.server.get(path)

    def open(self, browser, path, language):
        browser.media(**axe.PLAIN)
        mark = "&" if "?" in path else "?"
        browser.open(f"{self.server.base}{path}{mark}{'f=html&' if path.startswith('/api') else ''}lang={language}")
        if path in MAPS:
            browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        self.assertEqual(browser.evaluate("document.documentElement.lang"), language, path)

    def assert_accessible(self, paths, languages, width, themes=()):
        """Against all rules in light colours, then against those about colours in further themes."""
        with Browser(width=width, height=900, webgl=False) as browser:
            for path in paths:
                for language in languages:
                    self.open(browser, path, language)
                    browser.evaluate("for (const part of document.querySelectorAll('details:not(.facet)')) part.open = true")
                    self.assertEqual(axe.in_themes(browser, themes), {}, f"{path} {language} {width}")

    @unittest.skipUnless(axe.SCRIPT.exists(), "axe-core is not there")
    def test_axe_finds_nothing_on_a_desktop(self):
        self.assert_accessible(PAGES + MAPS, ["de", "ar"], 1280, axe.THEMES)
        self.assert_accessible(PAGES + MAPS, ["fa"], 1280)

    @unittest.skipUnless(axe.SCRIPT.exists(), "axe-core is not there")
    def test_axe_finds_nothing_on_a_phone(self):
        self.assert_accessible(PAGES + MAPS, ["ar"], 360, axe.THEMES)
        self.assert_accessible(PAGES + MAPS, ["de", "fa"], 360)

    @unittest.skipUnless(axe.SCRIPT.exists(), "axe-core is not there")
    def test_axe_finds_nothing_on_pages_of_the_api(self):
        self.assert_accessible(API, ["de"], 1280, axe.THEMES)
        self.assert_accessible(API, ["en"], 360)

    def test_tab_reaches_everything_in_the_order_of_reading_and_the_focus_is_seen(self):
        for width, language in [(1280, "de"), (360, "ar")]:
            with Browser(width=width, height=740) as browser:
                for path in PAGES:
                    self.open(browser, path, language)
                    wanted = browser.evaluate(f"{STOPS}.map({NAME})")
                    reached = []
                    for _ in range(min(len(wanted), 80)):
                        browser.press("Tab")
                        problem = browser.evaluate(
                            """(() => {
                                const e = document.activeElement;
                                if (e === document.body) return 'the focus is lost';
                                const style = getComputedStyle(e);
                                if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'it is not seen';
                                const box = e.getClientRects()[0];
                                if (box.bottom < 0 || box.top > innerHeight) return 'it is outside the window';
                                return null;
                            })()""")
                        stop = browser.evaluate(f"{NAME}(document.activeElement)")
                        self.assertIsNone(problem, f"{path} {width}: {stop}")
                        reached.append(stop)
                    self.assertEqual(reached, wanted[:80], f"{path} {width}")

    def test_the_first_stop_leads_to_the_content(self):
        with Browser(width=360, height=740) as browser:
            for path in PAGES:
                if path.endswith("/sheet"):
                    continue  # it begins with its content
                self.open(browser, path, "de")
                browser.press("Tab")
                browser.press("Enter")
                self.assertEqual(browser.evaluate("document.activeElement.id"), "content", path)
                browser.press("Tab")
                self.assertTrue(
                    browser.evaluate("document.activeElement.closest('main, footer') !== null"), f"{path}: on from there")

    def test_the_languages_open_and_close_by_keyboard_and_the_focus_stays(self):
        with Browser(width=360, height=740) as browser:
            self.open(browser, "/glossary", "de")
            for _ in range(3):
                browser.press("Tab")
            self.assertEqual(browser.evaluate("document.activeElement.tagName"), "SUMMARY")
            browser.press("Enter")
            self.assertTrue(browser.evaluate("document.querySelector('.languages details').open"))
            self.assertEqual(browser.evaluate("document.activeElement.tagName"), "SUMMARY")
            browser.press("Tab")
            self.assertEqual(browser.evaluate("document.activeElement.dataset.language"), "de")
            browser.press("Tab", shift=True)
            browser.press("Enter")
            self.assertFalse(browser.evaluate("document.querySelector('.languages details').open"))
            self.assertEqual(browser.evaluate("document.activeElement.tagName"), "SUMMARY")

    def test_at_twice_the_size_everything_is_there(self):
        # 200 % of a window of 1280 x 800.
        with Browser(width=640, height=400, scale=2) as browser:
            for path in PAGES:
                for language in ["de", "ar"]:
                    self.open(browser, path, language)
                    self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 640, path)
                    cut = browser.evaluate(
                        """[...document.querySelectorAll('main *, header *, footer *')].filter(e => {
                            const style = getComputedStyle(e);
                            return ['hidden', 'clip'].includes(style.overflowX) && !e.closest('svg, .unseen')
                                && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
                        }).map(e => e.outerHTML.slice(0, 90))""")
                    self.assertEqual(cut, [], path)

    def test_nothing_moves(self):
        with Browser(width=1280, height=800) as browser:
            for path in PAGES + API[:6]:
                self.open(browser, path, "de")
                moving = browser.evaluate(
                    "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
                    " return parseFloat(s.transitionDuration) > 0 || s.animationName !== 'none' || s.scrollBehavior === 'smooth'; })"
                    ".map(e => e.outerHTML.slice(0, 90))")
                self.assertEqual(moving, [], path)

    def test_on_paper_there_is_the_content_and_its_sources(self):
        with Browser(width=794, height=1123, dark=True) as browser:
            for path in PAGES:
                if path in ("/offers/nope", "/nope"):
                    continue
                self.open(browser, path, "de")
                browser.media("print", prefers_color_scheme="dark")
                shown = "(s => [...document.querySelectorAll(s)].some(e => e.checkVisibility()))"
                for part in [".bar", ".page-ways", ".actions", ".choice", ".duties", ".sheet-back"]:
                    self.assertFalse(browser.evaluate(f"{shown}({json.dumps(part)})"), f"{path}: {part}")
                colours = browser.evaluate(
                    "[document.documentElement, document.querySelector('h1')].map(e => getComputedStyle(e))"
                    ".map((s, i) => i ? s.color : s.backgroundColor)")
                self.assertEqual(colours, ["rgb(255, 255, 255)", "rgb(0, 0, 0)"], path)
                # The credit that the licences of the data ask for, which a screen shows on request.
                height = browser.evaluate(
                    "[...document.querySelectorAll('footer [lang=de]')].at(-1).getBoundingClientRect().height")
                self.assertGreater(height, 20, path)


if __name__ == "__main__":
    unittest.main()
