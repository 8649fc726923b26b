"""The map's page for everybody: axe-core on every theme and direction, tab order, focus, zoom, motion, paper."""

import pathlib
import unittest

import axe
from client import ClientTest, texts
from project import ROOT


class MapAccessTest(ClientTest):
    states_languages = True

    def assert_accessible(self, browser, where):
        self.assertEqual(axe.in_themes(browser), {}, where)

    def test_axe_finds_nothing_in_any_theme_or_direction(self):
        for path, options in [
            ("/?view=counselling&language=ar&near=39576%20Stendal", {}),
            ("/?view=counselling&language=ar", {"width": 360, "height": 740}),
            ("/?view=trainers&order=topic", {"width": 768, "height": 1024}),
            ("/?embed=1&view=projects", {}),
        ]:
            for language in ["de", "ar"]:
                with self.subTest(path=path, language=language, **options):
                    browser = self.open(f"{path}&lang={language}", **options)
                    if options.get("width", 1280) > 900:
                        self.wait_for_map(browser)
                    self.assert_accessible(browser, path)
                    browser.close()

    def test_axe_finds_nothing_in_what_opens(self):
        for language in ["de", "ar"]:
            with self.subTest(language=language):
                self.open_everything(language)

    def open_everything(self, language):
        browser = self.open(f"/?lang={language}&language=ar,not_stated")
        self.wait_for_map(browser)
        browser.evaluate("document.querySelector('.languages summary').click()")
        browser.evaluate("document.querySelector('[data-field=language] summary').click()")
        browser.evaluate("document.querySelector('.entry summary').click()")
        self.search(browser, "Stendal")
        browser.press("ArrowDown")
        self.assert_accessible(browser, "suggestions, menu, filter and details")
        browser.press("Escape")
        # Other colours make the map anew: its signs are there when they are there.
        single = "[...document.querySelectorAll('[data-part=map] button.place')].find(place => !/\\d/.test(place.textContent))"
        browser.wait_for(single)
        browser.evaluate(f"{single}.click()")
        browser.wait_for("document.querySelector('.maplibregl-popup')")
        self.assert_accessible(browser, "popup")
        browser.evaluate("document.querySelector('[data-part=share]').click()")
        self.assert_accessible(browser, "dialog")

    def test_axe_finds_nothing_in_the_network_and_in_the_table(self):
        for path in ["/?lang=de&view=network&areas=rural", "/?lang=ar&view=network&areas=distance"]:
            with self.subTest(path=path):
                browser = self.open(path)
                browser.wait_for("document.querySelector('.dot.tie')")
                browser.settle()
                browser.evaluate("document.querySelector('.legend').open = true")
                self.assert_accessible(browser, "dots and lines")
                for sign, where in [("document.querySelector('.dot.tie')", "a line"),
                                    ("[...document.querySelectorAll('.dot:not(.tie)')].find(dot => dot.textContent)", "a dot of several")]:
                    browser.wait_for(sign)
                    browser.evaluate(f"{sign}.click()")
                    browser.wait_for("document.querySelector('.popup')")
                    browser.evaluate("document.querySelector('.popup details')?.setAttribute('open', '')")
                    self.assert_accessible(browser, where)
                browser.wait_for("document.querySelector('.legend-areas > .link-button:not([hidden])')")
                browser.evaluate("document.querySelector('.legend-areas > .link-button').click()")
                browser.wait_for("document.querySelector('table.figures')")
                self.assert_accessible(browser, "table")

    def test_the_tab_order_follows_the_eye_and_the_focus_is_seen(self):
        browser = self.open("/?lang=de")
        self.wait_for_map(browser)
        order = []
        for _ in range(90):
            browser.press("Tab")
            order.append(browser.evaluate(
                """(() => { const a = document.activeElement;
                    if (a === document.body) return 'body';
                    const style = getComputedStyle(a);
                    const seen = a.matches('input') || style.outlineStyle !== 'none' || a.matches('canvas');
                    if (!seen) return 'unseen: ' + a.outerHTML.slice(0, 80);
                    for (const [name, selector] of [['skip', '.skip'], ['ways', '.ways a'], ['languages', '.languages summary'],
                        ['search', '#search'], ['tools', '.tool'], ['facets', '.facet summary'], ['order', '#order'],
                        ['entries', '.entry *'], ['map', '.stage *'], ['foot', '.foot *'], ['results', '.results *']])
                        if (a.matches(selector)) return name;
                    return a.outerHTML.slice(0, 80); })()"""))
            if order[-1] == "body":
                break
        self.assertFalse([step for step in order if step.startswith("unseen")], order)
        short = [step for index, step in enumerate(order) if index == 0 or order[index - 1] != step]
        self.assertEqual(short[:8], ["skip", "ways", "languages", "search", "tools", "facets", "order", "entries"], short)

    def test_the_focus_is_never_lost(self):
        browser = self.open("/?lang=de&language=ar&category=counselling&q=Beratung")
        for _ in range(4):
            chips = browser.evaluate("document.querySelectorAll('.chip').length")
            browser.evaluate("document.querySelector('.chip').focus()")
            browser.press("Enter")
            browser.wait_for(f"document.querySelectorAll('.chip').length < {chips}")
            self.assertNotEqual(browser.evaluate("document.activeElement.tagName"), "BODY")
            if browser.evaluate("document.querySelectorAll('.chip').length") == 0:
                break
        self.assertEqual(browser.evaluate("document.activeElement.id"), "results")
        browser.evaluate("document.querySelector('[data-part=more] button').focus()")
        browser.press("Enter")
        browser.wait_for("document.querySelectorAll('.entry').length > 60")
        self.assertTrue(browser.evaluate("document.activeElement.matches('.entry summary')"))
        browser.evaluate("document.querySelector('a[data-way=network]').focus()")
        browser.press("Enter")
        browser.wait_for("document.querySelector('.entry-actor')")
        self.assertEqual(browser.evaluate("document.activeElement.dataset.way"), "network")

    def test_at_twice_the_size_nothing_is_cut_off(self):
        # 200 % of a window of 1280 x 800.
        browser = self.open("/?lang=de", width=640, height=400, scale=2)
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 640)
        self.assertTrue(browser.evaluate("getComputedStyle(document.querySelector('.panel')).overflowY !== 'hidden'"))

    def test_whoever_wants_no_motion_gets_none(self):
        browser = self.open("/?lang=de")
        self.wait_for_map(browser)
        moving = browser.evaluate(
            "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
            " return parseFloat(s.transitionDuration) > 0 || (s.animationName !== 'none' && parseFloat(s.animationDuration) > 0); })"
            ".map(e => e.outerHTML.slice(0, 90))")
        self.assertEqual(moving, [])

    def test_on_paper_the_list_is_whole(self):
        browser = self.open("/?lang=de", dark=True)
        browser.media("print")
        colours = browser.evaluate("[document.documentElement, document.querySelector('.panel')].map(e => getComputedStyle(e)).map((s, i) => i ? s.color : s.backgroundColor)")
        self.assertEqual(colours, ["rgb(255, 255, 255)", "rgb(0, 0, 0)"])
        self.assertEqual(browser.evaluate("getComputedStyle(document.querySelector('.stage')).display"), "none")
        self.assertEqual(browser.evaluate("getComputedStyle(document.querySelector('.find')).display"), "none")
        self.assertEqual(browser.evaluate("getComputedStyle(document.querySelector('.panel')).overflowY"), "visible")

    def test_every_language_and_width_fits(self):
        for path in sorted(pathlib.Path(ROOT, "Tiles", "locales").glob("*.json")):
            tag = path.stem
            browser = self.open(f"/?lang={tag}&language=ar", width=360, height=740)
            self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 360, tag)
            self.assertEqual(browser.evaluate("document.documentElement.dir"), texts(tag)["language_direction"], tag)
            missing = browser.evaluate("document.querySelector('main').innerText.match(/\\b[a-z]+(?:_[a-z]+)+\\b/g)")
            self.assertIsNone(missing, tag)
            self.assert_clean(browser)
            browser.close()


if __name__ == "__main__":
    unittest.main()
