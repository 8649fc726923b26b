"""What the acceptance tests share: the built binary, temporary projects, a running server.

Nothing here is a matter of moments: a wait ends when what it waits for is there, and its limit is so far off that only
what never comes reaches it, on however slow and busy a machine.
"""

import atexit
import functools
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
KOMPASS = pathlib.Path(os.environ.get("KOMPASS", ROOT / ".build" / "release" / "kompass"))
TEST_DATA = pathlib.Path(os.environ.get("KOMPASS_TEST_DATA", ROOT / ".." / "shared" / "data")).resolve()

# After so many seconds what is waited for never comes.
LIMIT = 900


def kompass(*arguments):
    """Runs the binary to its end; gives its exit code and what it printed."""
    return subprocess.run(
        [KOMPASS, *map(str, arguments)], capture_output=True, text=True, timeout=LIMIT, cwd=ROOT, check=False)


def eventually(condition, what="the condition"):
    """Waits until a condition is true; gives its value."""
    end = time.monotonic() + LIMIT
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} is not true after {LIMIT} s")
        time.sleep(0.02)
    return value


def killed_at(length, *arguments):
    """Runs the binary until a file that it writes would be longer than `length` bytes: there the kernel kills it, at the
    same byte each time, and it can clean up nothing."""
    result = subprocess.run(
        ["prlimit", "--core=0", f"--fsize={length}", KOMPASS, *map(str, arguments)],
        capture_output=True, text=True, timeout=LIMIT, cwd=ROOT, check=False)
    if result.returncode != -signal.SIGXFSZ:
        raise AssertionError(f"ended before a file had {length} bytes: {result.returncode} {result.stderr}")


@functools.cache
def loaded(pack):
    """What the binary said when it loaded a pack into a new project, and the project: made once, then only copied."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-loaded-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    result = kompass("load", ROOT / "Data" / pack, "--into", folder / "kompass.gpkg")
    if result.returncode:
        raise AssertionError(result.stderr + result.stdout)
    if any(path.stat().st_size for path in folder.glob("*-wal")):
        raise AssertionError("a load leaves a journal that is not empty")
    return result, folder / "kompass.gpkg"


def new_project(path, pack="sachsen-anhalt"):
    """A new project with a pack, as the binary loads it."""
    shutil.copyfile(loaded(pack)[1], path)
    return path


@functools.cache
def country():
    """All districts of Germany as one pack, and a project with it: made once, to be read or copied."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-country-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run(
        [ROOT / "tools" / "build-region-pack", "--country", folder, "--data", TEST_DATA], check=True, capture_output=True)
    result = kompass("load", folder / "deutschland", "--into", folder / "country.gpkg")
    if result.returncode:
        raise AssertionError(result.stderr)
    return folder / "deutschland", folder / "country.gpkg"


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
        """Loads a pack into a project that is there, or makes a new one of it."""
        if not options and not project.exists():
            new_project(project, pack)
            return loaded(pack)[0]
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


class Server:
    """`kompass serve` on a free port that it chooses itself, stopped by SIGTERM as an operator would."""

    def __init__(self, project, *options):
        self.log_file = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [KOMPASS, "serve", *([str(project)] if project else []), "--port", "0", *options],
            stdout=self.log_file, stderr=self.log_file, cwd=ROOT)
        try:
            self.port = int(eventually(self.listening, "the server listens: it")[1])
        except AssertionError as error:
            log = self.log()
            self.close()
            raise AssertionError(f"{error}: {log}") from None
        self.base = f"http://127.0.0.1:{self.port}"
        if self.get("/health/ready").status != 200:
            raise AssertionError("the server listens and is not ready")

    def listening(self):
        """Where the log says that the server listens, as soon as it does."""
        found = re.search(r"port=(\d+) .*listening$", self.log(), re.M)
        if found is None and self.process.poll() is not None:
            raise AssertionError("the server ended at once")
        return found

    def log(self):
        # The server writes at the position that it shares with this file: it stays where it is.
        return os.pread(self.log_file.fileno(), os.fstat(self.log_file.fileno()).st_size, 0).decode(errors="replace")

    def request(self, method, path, headers=None):
        """One request on a connection of its own; nothing is decoded or followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
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
        return self.process.wait(timeout=LIMIT)

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
        cls.project = new_project(cls.shared / "kompass.gpkg")
        cls.server = Server(cls.project)
        cls.addClassCleanup(cls.server.close)
