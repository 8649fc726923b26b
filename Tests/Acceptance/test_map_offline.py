"""Without the net what was seen stays readable; inside another page the map is a part of it."""

import functools
import http.server
import threading

from client import ClientTest, texts
from project import eventually


class OfflineTest(ClientTest):
    def open_kept(self, path="/?lang=de"):
        """The page once its service worker holds what it loaded: the page itself comes last."""
        browser = self.open(path)
        browser.wait_for("!!navigator.serviceWorker?.controller")
        browser.wait_for("caches.match('/?lang=de').then(found => !!found)")
        return browser

    def test_what_was_seen_stays_readable_with_its_date(self):
        browser = self.open_kept()
        self.wait_for_map(browser)
        count = self.count(browser)
        self.assertTrue(browser.evaluate("document.querySelector('[data-part=offline]').hidden"))
        browser.offline()
        browser.open(self.server.base + "/?lang=de&view=counselling")
        browser.wait_for("document.querySelector('[data-part=list-count]')?.textContent")
        self.assertLess(self.count(browser), count)
        self.assertGreater(self.count(browser), 0)
        said = browser.wait_for("document.querySelector('[data-part=offline]:not([hidden])')?.textContent")
        start = texts("de")["offline_since"].split("{")[0]
        self.assertTrue(said.startswith(start), said)
        self.assertRegex(said, r"20\d\d")
        browser.offline(False)

    def test_no_position_and_no_place_is_stored(self):
        browser = self.open_kept("/?lang=de&near=39576%20Stendal")
        browser.open(self.server.base + "/?lang=de&near=06366%20K%C3%B6then")
        browser.wait_for("document.querySelector('.entry-away')")
        stored = browser.evaluate(
            "caches.keys().then(async names => { const all = []; for (const name of names) all.push(...(await (await caches.open(name)).keys()).map(r => r.url)); return all; })")
        self.assertTrue(stored)
        for address in stored:
            for part in ("near=", "39576", "06366", "/api/nearest", "/metrics", "/health"):
                self.assertNotIn(part, address)

    def test_an_outdated_store_is_dropped(self):
        browser = self.open_kept()
        browser.evaluate("caches.open('kompass-data-0').then(c => c.put('/assets/old.css', new Response('x')))")
        browser.evaluate(
            "caches.open('kompass-data-1').then(c => c.put('/data/offers.json?v=0000000000000000', new Response('{}')))")
        browser.evaluate("navigator.serviceWorker.getRegistration().then(r => r.unregister())")
        browser.open(self.server.base + "/?lang=de")
        browser.wait_for("caches.keys().then(names => !names.includes('kompass-data-0'))")
        browser.wait_for("caches.open('kompass-data-1').then(c => c.match('/data/offers.json?v=0000000000000000')).then(found => !found)")


class EmbeddingTest(ClientTest):
    def host(self, body):
        """A page of another origin (another port) that holds `body`."""
        page = f"<!doctype html><html lang=de><title>x</title><body>{body}</body></html>".encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802, the library's name
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/"

    def test_the_code_shows_the_map_inside_another_page(self):
        browser = self.open("/?lang=de&view=projects")
        browser.evaluate("document.querySelector('[data-part=share]').click()")
        code = browser.wait_for("document.querySelector('#share-code')?.value")
        browser.open(self.host(code))
        frame = browser.wait_for("document.querySelector('iframe')?.src")
        self.assertIn("embed=1", frame)
        browser.evaluate("document.querySelector('iframe').scrollIntoView()")

        def child():
            frame = browser.send("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]
            return frame if frame["url"].startswith(self.server.base) else None

        world = browser.send("Page.createIsolatedWorld", frameId=eventually(child, "the frame shows the map: it")["id"])["executionContextId"]

        def inside(expression):
            return browser.send("Runtime.evaluate", expression=expression, contextId=world, returnByValue=True)["result"].get("value")

        count = eventually(lambda: inside("document.querySelector('[data-part=list-count]')?.textContent"), "the frame has a list: it")
        self.assertEqual(count, str(self.matched("&category=project")))
        self.assertEqual(inside("getComputedStyle(document.querySelector('.ways')).display"), "none")

    def test_the_page_itself_cannot_be_framed(self):
        browser = self.open("/?lang=de")
        browser.open(self.host(f'<iframe src="{self.server.base}/?lang=de"></iframe>'))
        eventually(lambda: any("frame-ancestors" in text for _, text in browser.console), "the browser says why: it")
