"""Some small tiles of the shipped pack as text with their headers: a diff is the review.

    .cache/venv-test/bin/python Tests/Acceptance/test_golden.py

records them again (KOMPASS names the binary, default .build/release/kompass). What the machine, the day or the data
version decides is left out: dates, addresses, tags, and all but nine digits of real numbers.
"""

import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import decoded
from project import Server, new_project

FOLDER = pathlib.Path(__file__).resolve().parent / "golden"

# Each file: a title and requests (method, path, header fields), sent in this order to a fresh server.
REQUESTS = {
    "cold-tile": [("GET", "/tiles/kompass/4/8/5.mvt?v={version}&layers=districts,labels", {})],
    "borders": [("GET", "/tiles/kompass/4/8/5.mvt?layers=borders", {})],
    "municipalities": [("GET", "/tiles/kompass/11/1090/675.mvt?layers=districts,municipalities,borders,labels", {})],
    "points": [
        ("GET", "/tiles/kompass/11/1087/668.mvt?layers=offers,actors,links", {}),
        ("GET", "/tiles/kompass/6/34/21.mvt?layers=offers&category=training", {}),
    ],
    "gaps": [("GET", "/tiles/kompass/7/68/42.mvt?layers=gaps&category=training&radius=30000", {})],
    "access": [("GET", "/tiles/kompass/13/4360/2701.mvt?layers=access&category=training", {})],
    "coverage": [("GET", "/tiles/kompass/11/1090/675.mvt?layers=districts&figures=coverage&category=training", {})],
    "without-content": [
        ("GET", "/tiles/kompass/4/0/0.mvt", {}),
        ("HEAD", "/tiles/kompass/4/8/5.mvt?layers=districts", {}),
        ("GET", "/tiles/kompass/4/8/5.mvt?v=former&layers=districts", {"If-None-Match": "*"}),
        ("GET", "/tiles/kompass/4/16/0.mvt", {}),
        ("GET", "/tiles/kompass/4/x/0.mvt", {}),
        ("GET", "/tiles/kompass/4/8/5.mvt?layers=roads", {"Accept-Language": "en"}),
    ],
    "tilejson": [("GET", "/tiles/kompass.json?lang=en&layers=districts,offers,access", {})],
}


def dump(tile):
    """The layers and features of a tile, each in the order in which the tile holds them."""
    for name, layer in decoded.decode(tile).items():
        yield f"layer {name} version {layer['version']} extent {layer['extent']}"
        for feature in layer["features"]:
            yield f"  feature {feature.get('id', '-')}"
            for key, value in feature["properties"].items():
                # Geodesic areas are computed, to the last digits as the machine's mathematics has it.
                shown = f"{value:.9g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
                yield f"    {key} = {shown}"
            geometry = feature["geometry"]
            yield f"    {geometry['type']}"
            yield from (f"      {line}" for line in places(geometry["coordinates"]))


def places(coordinates):
    """Lines of positions, one for each ring or line."""
    if not coordinates:
        return
    if isinstance(coordinates[0], (int, float)):
        yield " ".join(str(number) for number in coordinates)
    elif isinstance(coordinates[0][0], (int, float)):
        yield ", ".join(f"{place[0]} {place[1]}" for place in coordinates)
    else:
        for part in coordinates:
            yield from places(part)


class Recorder:
    """Asks a server and writes down what it answers."""

    def __init__(self, project):
        self.project = project

    def text(self, requests):
        server = Server(self.project)
        try:
            tile_version = re.search(r"[?&]v=([^&]+)", server.json("/tiles/kompass.json")["tiles"][0]).group(1)
            data_version = server.json("/health/ready")["data_version"]
            self.replaced = [(tile_version, "{version}"), (data_version, "{data version}"), (server.base, "{server}")]
            return "\n".join(self.exchange(server, *request, tile_version) for request in requests)
        finally:
            server.close()

    def exchange(self, server, method, path, fields, version):
        lines = [f"{method} {path}", *(f"{name}: {value}" for name, value in fields.items()), ""]
        response = server.request(method, path.replace("{version}", version), fields)
        lines.append(f"{response.status} {response.reason}")
        lines += sorted(
            f"{name.title()}: {'...' if name.lower() == 'etag' else value}" for name, value in response.getheaders()
            if name.lower() not in ("date", "server"))
        if response.body:
            lines.append("")
            if "json" in response.headers["Content-Type"]:
                lines.append(json.dumps(json.loads(response.body), indent=2, ensure_ascii=False, sort_keys=True))
                # The address of the server has not always the same length.
                lines = [re.sub(r"^(Content-Length): .*", r"\1: ...", line) for line in lines]
            else:
                lines += dump(response.body)
        text = "\n".join(lines) + "\n"
        for found, replacement in self.replaced:
            text = text.replace(found, replacement)
        return text


class GoldenTest(unittest.TestCase):
    maxDiff = None

    def test_tiles_are_as_recorded(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-golden-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        recorder = Recorder(new_project(folder / "kompass.gpkg"))
        self.assertEqual({path.stem for path in FOLDER.glob("*.txt")}, set(REQUESTS))
        for name, requests in REQUESTS.items():
            with self.subTest(name):
                self.assertEqual(recorder.text(requests), (FOLDER / f"{name}.txt").read_text(encoding="utf-8"))


def record():
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    with tempfile.TemporaryDirectory(prefix="kompass-golden-") as folder:
        recorder = Recorder(new_project(pathlib.Path(folder) / "kompass.gpkg"))
        for name, requests in REQUESTS.items():
            (FOLDER / f"{name}.txt").write_text(recorder.text(requests), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(record())
