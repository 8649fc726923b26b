"""A base map of another host: asked for by nobody until the visitor agrees, and told on the privacy page."""

import http.server
import struct
import threading
import zlib

from axe import violations
from client import ClientTest, texts
from project import Server, kompass


def picture():
    """A PNG of 256 x 256 points, red."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\xc0\x10\x10" * 256 for _ in range(256))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Pictures(http.server.BaseHTTPRequestHandler):
    asked = []
    body = picture()

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


class BaseMapTest(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pictures = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
        threading.Thread(target=cls.pictures.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.pictures.server_close)
        cls.addClassCleanup(cls.pictures.shutdown)
        cls.host = f"127.0.0.1:{cls.pictures.server_port}"
        cls.server.close()
        cls.server = Server(cls.project, "--base-map", f"http://{cls.host}/tiles/{{z}}/{{x}}/{{y}}.png", "--base-map-attribution", "© Amt für Bilder")
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        Pictures.asked.clear()

    def test_nothing_is_asked_before_the_visitor_agrees(self):
        browser = self.open("/?lang=de")
        self.wait_for_map(browser, self.placed())
        self.assertEqual(Pictures.asked, [])
        self.assertEqual(browser.foreign_hosts(), set())
        note = browser.evaluate("document.querySelector('.legend-base').innerText")
        self.assertIn(self.host, note)
        self.assertFalse(browser.evaluate("document.querySelector('.base-credit').checkVisibility()"))
        self.assertEqual(violations(browser), [])
        browser.evaluate("document.querySelector('.legend-base input').focus()")
        browser.press(" ")
        browser.wait_for(f"performance.getEntriesByType('resource').some(e => e.name.includes('{self.host}/tiles/'))")
        self.assertRegex(Pictures.asked[0], r"^/tiles/\d+/\d+/\d+\.png$")
        self.assertEqual(browser.evaluate("document.querySelector('.base-credit').innerText"), "© Amt für Bilder")
        self.assertEqual(violations(browser), [])
        # The choice is kept nowhere.
        self.assertEqual(browser.evaluate("[document.cookie, localStorage.length, sessionStorage.length, location.search.includes('base')]"), ["", 0, 0, False])
        self.assertEqual(browser.errors(), [])
        browser.press(" ")
        browser.wait_for("document.querySelector('.base-credit[hidden]')")

    def test_the_privacy_page_tells_it_in_every_language(self):
        for tag in ("de", "en", "ar"):
            page = self.server.get(f"/privacy?lang={tag}").body.decode()
            self.assertIn(self.host, page)
            self.assertNotIn(texts(tag)["privacy_hosts"], page)

    def test_it_is_said_what_is_wrong(self):
        for options, word in [
            (["--base-map", "https://tiles.example.org/{z}/{x}/{y}.png"], "--base-map-attribution"),
            (["--base-map", "http://tiles.example.org/{z}/{x}/{y}.png", "--base-map-attribution", "©"], "https://"),
        ]:
            result = kompass("serve", self.project, "--port", "0", *options)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn(word, result.stderr)
