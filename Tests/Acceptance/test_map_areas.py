"""What the areas are coloured by: in the URL, told in a table of all districts, the same on the map, never by colour alone."""

import csv
import io

from client import ClientTest, texts


class AreasTest(ClientTest):
    def choose(self, browser, name):
        browser.evaluate(
            "(() => { document.querySelector('details.legend').open = true; const choice = document.querySelector('.legend-areas select');"
            f"choice.value = '{name}'; choice.dispatchEvent(new Event('change')); }})()")

    def table(self, browser):
        browser.wait_for("document.querySelector('.legend-areas > .link-button:not([hidden])')")
        browser.evaluate("(() => { document.querySelector('details.legend').open = true; document.querySelector('.legend-areas > .link-button').focus(); })()")
        browser.press("Enter")
        browser.wait_for("document.querySelector('dialog table.figures')")
        return self.rows(browser)

    def rows(self, browser):
        return browser.evaluate("[...document.querySelectorAll('table.figures tbody tr')].map(r => [...r.cells].map(c => c.innerText.trim()))")

    def test_the_choice_is_shared_kept_and_undone(self):
        browser = self.open("/?lang=de&areas=rural")
        browser.wait_for("document.querySelector('[data-part=map]').dataset.areas === 'rural'")
        self.assertEqual(browser.evaluate("document.querySelector('.legend-areas select').value"), "rural")
        self.choose(browser, "distance")
        browser.wait_for("location.search.includes('areas=distance')")
        browser.evaluate("document.querySelector('[data-part=share]').click()")
        self.assertIn("areas=distance", browser.wait_for("document.querySelector('#share-link')?.value"))
        browser.press("Escape")
        browser.evaluate("history.back()")
        browser.wait_for("document.querySelector('[data-part=map]').dataset.areas === 'rural'")
        self.choose(browser, "")
        browser.wait_for("!location.search.includes('areas=')")
        self.assert_clean(browser)

    def test_the_table_holds_every_district_wherever_the_map_stands(self):
        # Deep in one district: the tiles of the others are not loaded.
        browser = self.open("/?lang=de&areas=distance&category=training#12.00/52.6052/11.8592")
        rows = self.table(browser)
        answer = self.server.get("/api/coverage?category=training&f=csv").body.decode("utf-8")
        wanted = {row["name"]: float(row["distance_median_m"]) / 1000 for row in csv.DictReader(io.StringIO(answer))}
        self.assertEqual({row[0] for row in rows}, set(wanted))
        values = [float(row[1].replace(".", "").replace(",", ".")) for row in rows]
        for row, value in zip(rows, values, strict=True):
            self.assertAlmostEqual(value, wanted[row[0]], delta=0.051)
            self.assertTrue(row[2], "the class in words")
        self.assertEqual(values, sorted(values, reverse=True))
        german = texts("de")
        self.assertEqual(browser.evaluate("document.querySelector('table.figures caption').textContent"), german["areas_distance"])
        heads = browser.evaluate("[...document.querySelectorAll('table.figures thead th')].map(h => [h.innerText.replace(/[↕↑↓]/, '').trim(), h.ariaSort, h.scope])")
        self.assertEqual(heads, [[german["field_district"], "none", "col"], [german["areas_unit_distance"], "descending", "col"], [german["areas_class"], None, "col"]])
        # Sorted by name, both ways, with the keyboard.
        browser.evaluate("document.querySelector('table.figures [data-column=name] button').focus()")
        browser.press("Enter")
        names = [row[0] for row in self.rows(browser)]
        self.assertEqual(browser.evaluate("document.querySelector('table.figures [data-column=name]').ariaSort"), "ascending")
        browser.press("Enter")
        self.assertEqual([row[0] for row in self.rows(browser)], names[::-1])
        self.assertTrue(browser.evaluate("document.activeElement.matches('.sorter')"))
        browser.press("Escape")
        browser.wait_for("!document.querySelector('dialog')")
        self.assertTrue(browser.evaluate("document.activeElement.matches('.legend-areas > .link-button')"))
        self.assert_clean(browser)

    def test_legend_table_and_map_tell_the_same(self):
        browser = self.open("/?lang=de&areas=rural")
        rows = self.table(browser)
        index = {row["ags"]: row for row in self.server.json("/api/rural?level=district&f=json")["regions"]}
        named = {feature["id"]: feature["properties"]["name"] for feature in self.server.json("/api/collections/districts/items?limit=100")["features"]}
        german = texts("de")
        self.assertEqual({row[0]: row[2] for row in rows}, {named[key]: german[f"areas_{row['class']}"] for key, row in index.items()})
        legend = browser.evaluate("[...document.querySelectorAll('.legend-class details')].flatMap(d => d.lastChild.textContent.split(' · '))")
        self.assertEqual(sorted(legend), sorted(named.values()))
        # The tiles that the map is coloured by say so, too.
        tiles = browser.evaluate(
            "fetch('/api/collections/districts/items?limit=100').then(r => r.json()).then(() => [...document.querySelectorAll('.legend-swatch')].length)")
        self.assertGreaterEqual(tiles, 3)
        pictures = browser.evaluate("[...document.querySelectorAll('.legend-class .legend-swatch')].map(c => [...c.getContext('2d').getImageData(0, 0, 32, 32).data].filter((_, at) => at % 4 === 0).reduce((set, v) => set.add(v), new Set()).size)")
        self.assertEqual(sorted(pictures), [1, 2, 2], "a plain class, and two with patterns")

    def test_what_no_figure_is_known_of_is_said(self):
        browser = self.open("/?lang=de&areas=people_per_offer&category=publication")
        rows = self.table(browser)
        german = texts("de")
        self.assertTrue(rows)
        for name, value, kind in rows:
            self.assertEqual(value == german["district_no_data"], kind == german["areas_no_figure"], name)
        self.assertIn(german["areas_no_figure"], [kind for _, _, kind in rows])

    def test_the_network_keeps_the_areas_and_has_a_legend(self):
        browser = self.open("/?lang=de&view=network&areas=rural")
        browser.wait_for("document.querySelector('[data-part=map]').dataset.areas === 'rural'")
        text = browser.wait_for("document.querySelector('.legend')?.textContent")
        for key in ("legend_actor", "legend_link", "areas_very_rural"):
            self.assertIn(texts("de")[key], text)
