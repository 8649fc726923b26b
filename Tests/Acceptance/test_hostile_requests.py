"""Hostile requests over real sockets: every parameter of every collection repeated, empty, huge and broken; nesting and
polygons without end; clients that read slowly or leave. The server answers 4xx naming the parameter, says nothing of its
inside, does not grow, and serves the others meanwhile."""

import json
import pathlib
import socket
import threading
import urllib.parse

from project import LIMIT, ServedPackTest

# What could be mistaken for something else on the way to a file, a database, a page or a format.
WRONG = [
    "%", "%zz", "%ff%fe", "%c0%af", "%00", "%0d%0aX-Evil:1", "'%20OR%201=1--", "%22;DROP%20TABLE%20offers;--", "..%2F..%2Fetc%2Fpasswd",
    "%E2%80%AE%F0%9F%92%A9", "%CC%81%CC%81%CC%81", "%EF%BB%BF1", "%D9%A1", "${jndi:x}", "{{7*7}}", "%3Cscript%3E", "1;1", "0x1",
    "9" * 400, "x" * 6000,
]
INSIDE = ("/work", "/tmp", "swift", "sqlite", "select ", "fatal", "grdb", ".swift:", "backtrace", "proj_", "geos")


class HostileRequestTest(ServedPackTest):
    def memory(self):
        """The server's resident memory in MiB."""
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def check(self, path, parameter=None, statuses=(400,)):
        response = self.server.get(path)
        self.assertIn(response.status, statuses, f"{path[:200]}: {response.body[:300]}")
        if response.status < 400:
            return response
        self.assertLess(len(response.body), 20_000, path[:200])
        said = response.body.decode().lower()
        for word in INSIDE:
            self.assertNotIn(word, said.replace(path.lower(), ""), path[:200])
        self.assertIsNone(response.getheader("X-Evil"))
        if parameter and response.status == 400:
            self.assertEqual(json.loads(response.body)["parameter"], parameter, path[:200])
        return response

    def parameters(self):
        """Each path of the API that is asked without variables, with its parameters."""
        for path, operations in self.server.json("/api/openapi.json")["paths"].items():
            needs = [p for p in operations["get"]["parameters"] if p["required"]]
            if "{" not in path and not needs and "tile" not in path:
                for parameter in operations["get"]["parameters"]:
                    yield path, parameter

    def test_every_parameter_repeated_and_empty(self):
        for path, parameter in self.parameters():
            name = urllib.parse.quote(parameter["name"])
            self.check(f"{path}?{name}=1&{name}=1", parameter["name"])
            self.check(f"{path}?{name}=1&%{ord(name[0]):02x}{name[1:]}=1", parameter["name"])
            self.check(f"{path}?{name}", statuses=(200, 204, 400))
            self.check(f"{path}?{name}=", statuses=(200, 204, 400)) if parameter["name"] in ("validity", "collections") else None

    def test_every_parameter_with_what_it_is_not(self):
        for path, parameter in self.parameters():
            if "/collections/" in path and not any(part in path for part in ("/offers/items", "/coverage/items", "/links/export")):
                continue
            name = parameter["name"]
            free = name in ("q",) or parameter["schema"].get("type") == "string" and not (
                {"format", "enum", "pattern"} & set(parameter["schema"])) and name not in ("filter", "sortby", "datetime")
            for value in WRONG:
                response = self.server.get(f"{path}?{urllib.parse.quote(name)}={value}")
                # A text may be any text; what is none is refused.
                self.assertIn(response.status, (200, 204, 400, 414) if free else (400, 414), f"{path}?{name}={value[:60]}: {response.body[:200]}")
                if response.status == 400:
                    self.check(f"{path}?{urllib.parse.quote(name)}={value}", name)

    def test_nesting_and_length_have_limits(self):
        before = self.memory()
        for text in [
            "(" * 10_000 + "TRUE" + ")" * 10_000, "NOT " * 2_000 + "TRUE", " AND ".join(["TRUE"] * 1_500),
            "(" * 2_000 + "TRUE" + ")" * 2_000, "people+" * 1_000 + "1=1", "CASEI(" * 1_000 + "name" + ")" * 1_000 + "='x'",
            "name IN (" + ",".join(["'x'"] * 2_000) + ")", "S_INTERSECTS(geometry," + "GEOMETRYCOLLECTION(" * 300 + "POINT(1 1)" + ")" * 301,
        ]:
            self.check("/api/collections/districts/items?filter=" + urllib.parse.quote(text)[:60_000], statuses=(400, 414, 431))
        tree = '{"op":"not","args":[' * 300 + "true" + "]}" * 300
        self.check("/api/collections/districts/items?filter-lang=cql2-json&filter=" + urllib.parse.quote(tree), statuses=(400, 414))
        # A polygon with a million vertices is ten megabytes of target; what fits is bounded by the target's length.
        ring = ",".join(f"{n % 360 - 180} {n % 170 - 85}" for n in range(1_000_000))
        for size in (7_000, 100_000, 10_000_000):
            connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=LIMIT)
            text = urllib.parse.quote(f"S_INTERSECTS(geometry,POLYGON(({ring}"[:size])[:size]
            try:
                connection.sendall(f"GET /api/collections/districts/items?filter={text} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                answer = connection.recv(64)
            except (ConnectionResetError, BrokenPipeError):
                answer = b"HTTP/1.1 4"
            finally:
                connection.close()
            self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer)
        self.assertEqual(self.server.get("/health/ready").status, 200)
        self.assertLess(self.memory() - before, 300)

    def test_slow_readers_and_aborted_downloads_harm_nobody(self):
        path = "/api/collections/population/export?f=geojson"
        whole = len(self.server.get(path).body)
        self.assertGreater(whole, 3_000_000)
        for _ in range(20):
            self.abort(path, 100_000)
        before = self.memory()
        slow = [self.connect(path) for _ in range(40)]
        try:
            for connection in slow:
                connection.recv(1000)
            self.assertEqual(self.server.get("/api/collections/offers/items?limit=10").status, 200)
            # The server lets slow readers go after a while: the answer came before that.
            self.assertGreater(self.connections(), 0, "others wait for slow readers")
            for _ in range(20):
                self.assertEqual(self.server.get("/api/collections/offers/items?limit=10").status, 200)
            # Pieces of a file that nobody reads are not made: far less than forty whole files.
            self.assertLess(self.memory() - before, 40 * whole / 2**20 / 2 + 60)
        finally:
            for connection in slow:
                connection.close()
        threads = [threading.Thread(target=self.abort, args=(path, wanted)) for wanted in (0, 10, 1_000_000) * 30]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(self.server.get(path).body), whole)
        self.assertLess(self.memory() - before, 250)

    def connections(self):
        """How many connections the server holds now."""
        lines = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        established = "01"
        return sum(1 for line in lines if line[1].endswith(f":{self.server.port:04X}") and line[3] == established)

    def connect(self, path):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(LIMIT)
        connection.connect(("127.0.0.1", self.server.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return connection

    def abort(self, path, wanted):
        connection = socket.create_connection(("127.0.0.1", self.server.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        received = 0
        while received < wanted:
            piece = connection.recv(65536)
            if not piece:
                break
            received += len(piece)
        connection.close()
