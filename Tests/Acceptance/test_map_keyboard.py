"""The map without a mouse: it is moved, its clusters open, the network says who works with whom, and no focus is lost."""

from client import ClientTest, texts

FOCUS = "document.activeElement"
NAME = "document.activeElement.ariaLabel"


class KeyboardTest(ClientTest):
    def focus(self, browser, selector, pattern=""):
        """Puts the focus on the first element of a selector whose name holds a pattern; gives its name."""
        browser.settle()
        # Whoever has pressed a key is shown where the focus is.
        browser.press("Tab")
        browser.evaluate(f"[...document.querySelectorAll({selector!r})].find(e => new RegExp({pattern!r}).test(e.ariaLabel ?? e.textContent)).focus()")
        return browser.evaluate(NAME)

    def zoom(self, browser):
        return float(browser.evaluate("location.hash.slice(1).split('/')[0] || '0'"))

    def assert_seen(self, browser):
        """What has the focus lies inside the window, is drawn as focused, and is not the page itself."""
        seen = browser.evaluate(
            """(() => { const e = document.activeElement; const box = e.getBoundingClientRect();
                return [e !== document.body, box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
                        getComputedStyle(e).outlineStyle !== 'none' || e.classList.contains('popup')]; })()""")
        self.assertEqual(seen, [True, True, True], browser.evaluate("document.activeElement.outerHTML.slice(0, 200)"))

    def test_arrows_move_the_map_and_signs_zoom_it(self):
        browser = self.open("/?lang=de")
        self.wait_for_map(browser, self.placed())
        browser.evaluate("document.querySelector('canvas.maplibregl-canvas').focus()")
        browser.press("+")
        browser.wait_for("location.hash.length > 1")
        before = browser.evaluate("location.hash")
        zoom = self.zoom(browser)
        browser.press("ArrowRight")
        browser.wait_for(f"location.hash !== {before!r}")
        self.assertAlmostEqual(self.zoom(browser), zoom)
        longitude = [float(place.split("/")[2]) for place in (before, browser.evaluate("location.hash"))]
        self.assertGreater(longitude[1], longitude[0])
        browser.press("-")
        browser.wait_for(f"Number(location.hash.slice(1).split('/')[0]) < {zoom - 0.5}")
        self.assertTrue(browser.evaluate("document.activeElement.matches('canvas')"))
        self.assert_clean(browser)

    def test_a_cluster_opens_and_the_focus_goes_on(self):
        browser = self.open("/?lang=de")
        self.wait_for_map(browser, self.placed())
        opens = texts("de")["map_bundle_opens"]
        name = self.focus(browser, "[data-part=map] button.place", opens)
        zoom = self.zoom(browser)
        browser.press("Enter")
        browser.wait_for(f"Number(location.hash.slice(1).split('/')[0]) > {zoom}")
        # The cluster is gone; one of those near it has the focus.
        browser.wait_for(f"document.activeElement.matches('button.place') && document.activeElement.ariaLabel !== {name!r}")
        self.assert_seen(browser)
        self.assert_clean(browser)

    def test_several_at_one_place_are_told_apart_and_closing_gives_the_focus_back(self):
        browser = self.open("/?lang=de#12.00/52.1262/11.6327")
        browser.wait_for("document.querySelectorAll('[data-part=map] button.place').length > 0")
        name = self.focus(browser, "[data-part=map] button.place", "^\\d+ Angebote")
        browser.press("Enter")
        browser.wait_for("document.querySelector('.maplibregl-popup .popup-entry')")
        titles = browser.evaluate("[...document.querySelectorAll('.popup-entry .entry-title')].map(t => t.textContent)")
        self.assertEqual(len(titles), int(name.split()[0]))
        self.assertEqual(len(set(titles)), len(titles))
        self.assert_seen(browser)
        browser.press("Escape")
        browser.wait_for("!document.querySelector('.maplibregl-popup')")
        self.assertEqual(browser.evaluate(NAME), name)
        self.assert_seen(browser)

    def test_walking_through_the_marks_keeps_them_in_view(self):
        browser = self.open("/?lang=de#11.00/52.1262/11.6327")
        browser.wait_for("document.querySelectorAll('[data-part=map] button.place').length > 1")
        browser.settle()
        count = browser.evaluate("document.querySelectorAll('[data-part=map] button.place').length")
        browser.evaluate("document.querySelector('canvas.maplibregl-canvas').focus()")
        for _ in range(min(count, 6)):
            browser.press("Tab")
            browser.settle()
            if not browser.evaluate("document.activeElement.matches('button.place')"):
                break
            inside = browser.evaluate(
                """(() => { const [a, b] = [document.activeElement, document.querySelector('[data-part=map]')].map(e => e.getBoundingClientRect());
                    return a.right > b.left && a.left < b.right && a.bottom > b.top && a.top < b.bottom; })()""")
            self.assertTrue(inside, browser.evaluate(NAME))

    def test_the_network_says_who_works_with_whom(self):
        browser = self.open("/?lang=de&view=network")
        browser.wait_for("document.querySelector('[data-part=map]').dataset.links")
        links = [link["properties"] for link in self.server.json("/api/collections/links/items?limit=1000")["features"]]
        actors = {actor["id"]: actor for actor in self.server.json("/api/collections/actors/items?limit=1000")["features"]}
        names = browser.evaluate("[...document.querySelectorAll('.dot')].map(d => d.ariaLabel)")
        self.assertTrue(names)
        self.assertTrue(all(names), "every dot and line has a name")
        counted = browser.evaluate("[...document.querySelectorAll('.dot:not(.tie)')].reduce((sum, d) => sum + Number(d.textContent || 1), 0)")
        self.assertEqual(counted, sum(1 for actor in actors.values() if actor["geometry"]))
        # A line by keyboard: who it joins, and how.
        tie = self.focus(browser, ".dot.tie")
        self.assert_seen(browser)
        browser.press("Enter")
        card = browser.wait_for("document.querySelector('.maplibregl-popup .popup')?.innerText")
        joined = [link for link in links if link["from_name"] in card and link["to_name"] in card]
        self.assertTrue(joined, card)
        self.assertTrue(any(link["from_name"] in tie or link["to_name"] in tie for link in joined), tie)
        browser.press("Escape")
        browser.wait_for("!document.querySelector('.maplibregl-popup')")
        self.assertEqual(browser.evaluate(NAME), tie)
        # A dot of several: each of them with its partners.
        dot = self.focus(browser, ".dot:not(.tie)", "^\\d+ Akteure")
        browser.press("Enter")
        browser.wait_for("document.querySelector('.maplibregl-popup .popup-entry')")
        listed = browser.evaluate("[...document.querySelectorAll('.popup-entry .entry-title')].map(t => t.textContent)")
        self.assertEqual(len(listed), int(dot.split()[0]))
        self.assertTrue(set(listed) <= {actor["properties"]["name"] for actor in actors.values()})
        self.assert_seen(browser)
        browser.press("Escape")
        self.assertEqual(browser.evaluate(NAME), dot)
        self.assert_clean(browser)

    def test_from_a_partner_to_the_next(self):
        browser = self.open("/?lang=de&view=network")
        browser.wait_for("document.querySelector('[data-part=map]').dataset.links")
        browser.settle()
        browser.evaluate("document.querySelector('.dot.tie').focus()")
        links = [link["properties"] for link in self.server.json("/api/collections/links/items?limit=1000")["features"]]
        placed = {actor["id"]: actor["properties"]["name"] for actor in self.server.json("/api/collections/actors/items?limit=1000")["features"] if actor["geometry"]}
        link = next(link for link in links if link["from_id"] in placed and link["to_id"] in placed)
        browser.evaluate(f"document.querySelector('[data-actor=\"{link['from_id']}\"]')?.scrollIntoView()")
        while not browser.evaluate(f"!!document.querySelector('[data-actor=\"{link['from_id']}\"]')"):
            browser.evaluate("document.querySelector('[data-part=more] button').click()")
        browser.evaluate(f"document.querySelector('[data-actor=\"{link['from_id']}\"] .entry-actions > .link-button').focus()")
        browser.press("Enter")
        browser.wait_for(f"document.querySelector('.popup .entry-title')?.textContent === {placed[link['from_id']]!r}")
        browser.evaluate(f"[...document.querySelectorAll('.popup .link-button')].find(b => b.textContent === {placed[link['to_id']]!r}).focus()")
        self.assert_seen(browser)
        browser.press("Enter")
        browser.wait_for(f"document.querySelector('.popup .entry-title')?.textContent === {placed[link['to_id']]!r}")
        self.assert_seen(browser)
        browser.press("Escape")
        self.assertNotEqual(browser.evaluate("document.activeElement.tagName"), "BODY")
        self.assert_clean(browser)

    def test_zooming_the_network_loses_no_focus(self):
        browser = self.open("/?lang=de&view=network")
        browser.wait_for("document.querySelector('[data-part=map]').dataset.links")
        self.focus(browser, ".dot:not(.tie)", "^\\d+ Akteure")
        for _ in range(3):
            before = browser.evaluate("location.hash")
            browser.evaluate("document.querySelector('.maplibregl-ctrl-zoom-in').click()")
            browser.wait_for(f"location.hash !== {before!r}")
            browser.settle()
            self.assertTrue(browser.evaluate("document.activeElement.matches('.dot, canvas')"))

    def test_an_actor_that_is_found_stays_in_the_network(self):
        browser = self.open("/?lang=de&view=network&sector=business")
        actor = next(actor for actor in self.server.json("/api/collections/actors/items?limit=1000")["features"] if actor["properties"]["sector"] == "administration")
        self.search(browser, actor["properties"]["name"])
        browser.evaluate(f"[...document.querySelectorAll('.suggestion')].find(s => s.innerText.startsWith({actor['properties']['name']!r}) && s.innerText.includes({texts('de')['field_actor']!r})).click()")
        browser.wait_for(f"document.querySelector('.entry-actor.is-chosen')?.dataset.actor === {actor['id']!r}")
        self.assertIn("view=network", browser.evaluate("location.search"))
        self.assertTrue(browser.evaluate("!!document.activeElement.closest('.entry-actor.is-chosen')"))
        # A place sorts the network by distance instead of leaving it.
        self.search(browser, "39576")
        browser.press("ArrowDown")
        browser.press("Enter")
        browser.wait_for("document.querySelector('.entry-actor .entry-away')")
        away = browser.evaluate("[...document.querySelectorAll('.entry-away')].map(a => parseFloat(a.textContent.replace('.', '').replace(',', '.')))")
        self.assertEqual(away, sorted(away))
        self.assertIn("view=network", browser.evaluate("location.search"))
        # An offer is none of the network's entries: it is shown among the offers.
        offer = self.server.json("/api/collections/offers/items?limit=1")["features"][0]
        self.search(browser, offer["properties"]["title"])
        browser.evaluate(f"[...document.querySelectorAll('.suggestion')].find(s => s.innerText.includes({texts('de')['kind_offer']!r})).click()")
        browser.wait_for("document.querySelector('.entry.is-chosen[data-offer]')")
        self.assertNotIn("view=network", browser.evaluate("location.search"))
        self.assert_clean(browser)

    def test_an_actor_outside_the_network_leads_to_its_offers_or_into_the_network(self):
        for has_offers in (True, False):
            actor = next(actor for actor in self.server.json("/api/collections/actors/items?limit=1000")["features"] if (actor["properties"]["offers"] > 0) == has_offers)
            browser = self.open("/?lang=de")
            self.search(browser, actor["properties"]["name"])
            browser.evaluate(f"[...document.querySelectorAll('.suggestion')].find(s => s.innerText.startsWith({actor['properties']['name']!r}) && s.innerText.includes({texts('de')['field_actor']!r})).click()")
            if has_offers:
                browser.wait_for(f"location.search.includes('actor=')")
                self.assertEqual(self.count(browser), actor["properties"]["offers"])
            else:
                browser.wait_for(f"document.querySelector('.entry-actor.is-chosen')?.dataset.actor === {actor['id']!r}")
            browser.close()
