"""What the acceptance tests share: the built binary, temporary projects, a running server."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
KOMPASS = pathlib.Path(os.environ.get("KOMPASS", ROOT / ".build" / "release" / "kompass"))
TEST_DATA = pathlib.Path(os.environ.get("KOMPASS_TEST_DATA", ROOT / ".." / "shared" / "data")).resolve()


def kompass(*arguments, timeout=300, **options):
    """Runs the binary to its end; gives its exit code and what it printed."""
    return subprocess.run(
        [KOMPASS, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, cwd=ROOT, check=False, **options
    )


def killed_at(length, *arguments):
    """Runs the binary until a file that it writes would be longer than `length` bytes: there the kernel kills it, at the
    same byte each time, and it can clean up nothing."""
    result = subprocess.run(
        ["prlimit", "--core=0", f"--fsize={length}", KOMPASS, *map(str, arguments)],
        capture_output=True, text=True, timeout=300, cwd=ROOT, check=False)
    if result.returncode != -signal.SIGXFSZ:
        raise AssertionError(f"ended before a file had {length} bytes: {result.returncode} {result.stderr}")


class ProjectTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def load(self, pack, project, *options):
        result = kompass("load", ROOT / "Data" / pack, "--into", project, *options)
        self.assertEqual(result.returncode, 0, result.stderr + result.stdout)
        return result

    def data(self, name):
        """A file of the real test data; skips, saying so, where it is absent."""
        path = TEST_DATA / name
        if not path.exists():
            self.skipTest(f"no test data: {path}")
        return path


def ogr_count(project, layer, where=None):
    """How many features GDAL counts in a layer."""
    command = ["ogrinfo", "-ro", "-so", str(project), layer]
    if where:
        command[3:3] = ["-where", where]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(re.search(r"^Feature Count: (\d+)", output, re.M).group(1))


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`kompass serve` on a free port, stopped by SIGTERM as an operator would."""

    def __init__(self, project, *options):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log_file = tempfile.TemporaryFile()
        started = time.monotonic()
        self.process = subprocess.Popen(
            [KOMPASS, "serve", *([str(project)] if project else []), "--port", str(self.port), *options],
            stdout=self.log_file, stderr=self.log_file, cwd=ROOT,
        )
        while True:
            if self.process.poll() is not None:
                raise AssertionError("the server ended at once: " + self.log())
            with contextlib.suppress(OSError):
                if self.get("/health/ready").status == 200:
                    break
            if time.monotonic() - started > 60:
                self.process.kill()
                raise AssertionError("the server is not ready: " + self.log())
            time.sleep(0.02)
        self.seconds_to_ready = time.monotonic() - started

    def log(self):
        self.log_file.seek(0)
        return self.log_file.read().decode(errors="replace")

    def request(self, method, path, headers=None):
        """One request on a connection of its own; nothing is decoded or followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            response.body = response.read()
            return response
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    def json(self, path):
        response = self.get(path, Accept="application/json")
        if response.status != 200:
            raise AssertionError(f"{path}: {response.status} {response.body[:500]}")
        return json.loads(response.body)

    def stop(self):
        """Asks the server to end; gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log_file.close()


class ServedPackTest(ProjectTest):
    """One project with the pack of Saxony-Anhalt and one server for all tests of the class: they only read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="kompass-served-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.project = cls.shared / "kompass.gpkg"
        result = kompass("load", ROOT / "Data" / "sachsen-anhalt", "--into", cls.project)
        if result.returncode:
            raise AssertionError(result.stderr)
        cls.server = Server(cls.project)
        cls.addClassCleanup(cls.server.close)
