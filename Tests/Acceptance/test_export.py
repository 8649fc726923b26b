"""Tile archives of the built binary, read by other programs and compared with what the server answers."""

import fcntl
import gzip
import json
import math
import sqlite3
import subprocess

import mapbox_vector_tile
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid

from project import ServedPackTest, killed_at, kompass


def tile_ranges(bounds, zoom):
    """Columns and rows of a zoom that a box in degrees meets, and one more on each side."""
    side = 1 << zoom

    def place(longitude, latitude):
        x = (longitude + 180) / 360 * side
        y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * side
        return int(x), int(y)

    west, south, east, north = bounds
    (left, top), (right, bottom) = place(west, north), place(east, south)
    return range(max(0, left - 1), min(side, right + 2)), range(max(0, top - 1), min(side, bottom + 2))


class Archive:
    """What an archive holds, whatever its format: metadata, and tiles by zoom, column and row from the north."""

    def __init__(self, path):
        self.tiles = {}
        if path.suffix == ".mbtiles":
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
                self.metadata = dict(database.execute("SELECT name, value FROM metadata"))
                for zoom, column, row, data in database.execute("SELECT * FROM tiles"):
                    self.tiles[zoom, column, (1 << zoom) - 1 - row] = data
            self.vector_layers = json.loads(self.metadata["json"])["vector_layers"]
        else:
            with open(path, "rb") as file:
                source = MmapSource(file)
                reader = Reader(source)
                self.metadata = reader.metadata()
                self.header = reader.header()
                self.order = []
                for address, data in all_tiles(source):
                    self.tiles[address] = data
                    self.order.append(zxy_to_tileid(*address))
            self.vector_layers = self.metadata["vector_layers"]


class ExportTest(ServedPackTest):
    # Archives that tests only read, by their ending and options.
    made = {}

    def made_once(self, kind, *options):
        if (kind, *options) not in self.made:
            self.made[kind, *options] = self.export(self.shared / f"{len(self.made)}.{kind}", *options)
        return self.made[kind, *options]

    def export(self, name, *options):
        path = self.folder / name
        result = kompass("export", self.project, "--format", path.suffix[1:], "-o", path, *options)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""), "a pipe is told nothing")
        return path

    def assert_equals_server(self, archive, zooms, query=""):
        """Every tile of some zooms, and no other, stands in the archive as the server answers it."""
        bounds = self.server.json("/tiles/kompass.json")["bounds"]
        asked = set()
        for zoom in zooms:
            columns, rows = tile_ranges(bounds, zoom)
            for x in columns:
                for y in rows:
                    response = self.server.get(f"/tiles/kompass/{zoom}/{x}/{y}.mvt{query}")
                    data = archive.tiles.get((zoom, x, y))
                    self.assertEqual(response.status, 204 if data is None else 200, (zoom, x, y))
                    self.assertEqual(response.body, b"" if data is None else gzip.decompress(data), (zoom, x, y))
                    asked.add((zoom, x, y))
        self.assertLessEqual(set(archive.tiles), asked)
        self.assertTrue(archive.tiles)

    def test_archives_hold_what_the_server_answers(self):
        archives = [Archive(self.made_once(kind, "--max-zoom", "9")) for kind in ("mbtiles", "pmtiles")]
        self.assertEqual(archives[0].tiles, archives[1].tiles)
        self.assert_equals_server(archives[0], range(10))

    def test_archives_describe_their_tiles(self):
        document = self.server.json("/tiles/kompass.json")
        for archive in (Archive(self.made_once(kind, "--max-zoom", "9")) for kind in ("mbtiles", "pmtiles")):
            declared = {layer["id"]: layer for layer in archive.vector_layers}
            self.assertEqual(set(declared), {layer["id"] for layer in document["vector_layers"]})
            self.assertEqual(archive.metadata["data_version"], document["data_version"])
            self.assertEqual(archive.metadata["attribution"], document["attribution"])
            seen = set()
            for (zoom, _, _), data in archive.tiles.items():
                for name, layer in mapbox_vector_tile.decode(gzip.decompress(data)).items():
                    self.assertTrue(layer["features"])
                    self.assertTrue(declared[name]["minzoom"] <= zoom <= declared[name]["maxzoom"], name)
                    for feature in layer["features"]:
                        for field, value in feature["properties"].items():
                            kind = {str: "String", bool: "Boolean"}.get(type(value), "Number")
                            self.assertEqual(declared[name]["fields"][field], kind, (name, field))
                    seen.add(name)
            self.assertEqual(seen, set(declared))

    def test_mbtiles_is_as_the_specification_asks(self):
        path = self.export("a.mbtiles", "--max-zoom", "8")
        archive = Archive(path)
        self.assertEqual(archive.metadata["format"], "pbf")
        self.assertEqual((archive.metadata["minzoom"], archive.metadata["maxzoom"]), ("0", "8"))
        self.assertEqual({zoom for zoom, _, _ in archive.tiles}, set(range(9)))
        bounds = [float(number) for number in archive.metadata["bounds"].split(",")]
        self.assertEqual(bounds, self.server.json("/tiles/kompass.json")["bounds"])
        longitude, latitude, zoom = (float(number) for number in archive.metadata["center"].split(","))
        self.assertTrue(bounds[0] < longitude < bounds[2] and bounds[1] < latitude < bounds[3] and 4 <= zoom <= 8)
        with sqlite3.connect(path) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            indexes = database.execute("PRAGMA index_list(tiles)").fetchall()
            self.assertTrue(any(unique for _, _, unique, _, _ in indexes))
        listing = subprocess.run(["ogrinfo", "-ro", "-so", path, "districts"], capture_output=True, text=True, check=False)
        self.assertRegex(listing.stdout, r"(?m)^Feature Count: (1[4-9]|[2-9]\d)\b", listing.stderr)
        self.assertRegex(listing.stdout, r"(?m)^people: (Real|Integer)")

    def test_pmtiles_is_as_the_specification_asks(self):
        path = self.made_once("pmtiles")
        archive = Archive(path)
        header = archive.header
        self.assertEqual(header["tile_type"], TileType.MVT)
        self.assertEqual(header["tile_compression"], Compression.GZIP)
        self.assertEqual(header["internal_compression"], Compression.GZIP)
        self.assertEqual((header["min_zoom"], header["max_zoom"]), (0, 14))
        self.assertEqual(header["addressed_tiles_count"], len(archive.tiles))
        self.assertEqual(header["tile_contents_count"], len(set(archive.tiles.values())))
        self.assertLess(header["tile_contents_count"], header["addressed_tiles_count"], "deep tiles within an area are equal")
        self.assertLess(header["tile_entries_count"], header["addressed_tiles_count"], "and follow each other")
        self.assertGreater(header["leaf_directory_length"], 0)
        self.assertLessEqual(header["root_offset"] + header["root_length"], 16384)
        self.assertEqual(
            path.stat().st_size,
            127 + sum(header[f"{part}_length"] for part in ("root", "metadata", "leaf_directory", "tile_data")))
        self.assertEqual(header["tile_data_length"], sum(map(len, set(archive.tiles.values()))))
        self.assertTrue(header["clustered"])
        self.assertEqual(archive.order, sorted(archive.order))
        west, south, east, north = self.server.json("/tiles/kompass.json")["bounds"]
        for name, degrees in (("min_lon", west), ("min_lat", south), ("max_lon", east), ("max_lat", north)):
            self.assertAlmostEqual(header[f"{name}_e7"] / 1e7, degrees, places=6)
        # A reader that looks tiles up one by one finds the same.
        with open(path, "rb") as file:
            reader = Reader(MmapSource(file))
            for number, (address, data) in enumerate(archive.tiles.items()):
                if number % 97 == 0:
                    self.assertEqual(reader.get(*address), data)
            self.assertIsNone(reader.get(9, 0, 0))

    def test_layers_zooms_and_offers_are_chosen(self):
        path = self.export(
            "some.pmtiles", "--layers", "offers,borders", "--min-zoom", "6", "--max-zoom", "9", "--category", "training")
        archive = Archive(path)
        self.assertEqual({layer["id"] for layer in archive.vector_layers}, {"borders", "offers"})
        self.assert_equals_server(archive, range(6, 10), "?layers=borders,offers&category=training")

    def test_links_join_located_actors(self):
        def items(collection):
            return self.server.json(f"/api/collections/{collection}/items?limit=1000")["features"]

        places = {actor["id"]: tuple(actor["geometry"]["coordinates"]) for actor in items("actors") if actor["geometry"]}
        expected = {}
        for link in items("links"):
            ends = [places.get(link["properties"][end]) for end in ("from_id", "to_id")]
            # Ends at one place have no line between them.
            if None not in ends and ends[0] != ends[1]:
                expected[link["id"]] = link["properties"]["kind"]
        self.assertTrue(expected)
        archive = Archive(self.export("links.pmtiles", "--layers", "links", "--min-zoom", "12", "--max-zoom", "12"))
        found = {}
        for data in archive.tiles.values():
            for feature in mapbox_vector_tile.decode(gzip.decompress(data))["links"]["features"]:
                self.assertEqual(feature["geometry"]["type"], "LineString")
                found[feature["properties"]["id"]] = feature["properties"]["kind"]
        self.assertEqual(found, expected)

    def test_any_number_of_threads_makes_the_same_bytes(self):
        for kind in ("pmtiles", "mbtiles"):
            one = self.export(f"one.{kind}", "--max-zoom", "9", "--threads", "1")
            many = self.export(f"many.{kind}", "--max-zoom", "9", "--threads", "5")
            self.assertEqual(one.read_bytes(), many.read_bytes(), kind)

    def kill(self, path, at):
        """Begins an export that is killed when its journal is so many bytes long."""
        killed_at(at, "export", self.project, "--format", path.suffix[1:], "-o", path)
        self.assertEqual(self.journal(path).stat().st_size, at)

    def journal(self, path):
        return self.folder / f"{path.name}.partial"

    def test_killed_export_is_taken_up_with_the_same_bytes(self):
        # The journal is at least as long as the tiles in the archive.
        length = int(0.9 * self.made_once("pmtiles").stat().st_size)
        for kind in ("pmtiles", "mbtiles"):
            whole = self.made_once(kind).read_bytes()
            path = self.write(f"a.{kind}", "what was there before")
            # What one kill leaves the next export begins with.
            for share in (0.2, 0.5, 0.8):
                self.kill(path, int(share * length))
                self.assertEqual(path.read_text(), "what was there before")
            result = kompass("export", self.project, "--format", kind, "-o", path)
            self.assertEqual((result.returncode, result.stdout), (0, ""))
            self.assertIn("goes on where an earlier export ended", result.stderr)
            self.assertEqual(path.read_bytes(), whole, kind)
            self.assertEqual({file.name for file in self.folder.glob("a.*")}, {path.name})
            path.unlink()

    def test_what_a_killed_export_leaves_is_said(self):
        path = self.folder / "a.pmtiles"
        head = 48
        self.kill(path, 1_000_000)
        first = head + 4 + int.from_bytes(self.journal(path).read_bytes()[head:head + 4], "little") + 32
        self.assertLess(first, 1_000_000)
        for length, said in [(first - 1, ""), (first, "goes on where an earlier export ended"),
                             (1_000_000, "goes on where an earlier export ended")]:
            self.journal(path).unlink(missing_ok=True)
            self.kill(path, length)
            result = kompass("export", self.project, "--format", "pmtiles", "-o", path)
            self.assertEqual((result.returncode, result.stdout), (0, ""))
            self.assertIn(said, result.stderr)
            self.assertEqual(bool(result.stderr), bool(said), "half of the first batch is nothing to go on from")
            whole = path.read_bytes()
        self.kill(path, 1_000_000)
        result = kompass("export", self.project, "--format", "pmtiles", "-o", path, "--max-zoom", "6")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertIn("everything is made anew", result.stderr)
        self.assertEqual(path.read_bytes(), self.export("b.pmtiles", "--max-zoom", "6").read_bytes())
        self.assertNotEqual(path.read_bytes(), whole)

    def test_two_exports_of_one_file_do_not_mix(self):
        path = self.folder / "a.pmtiles"
        self.kill(path, 1_000_000)
        held = self.journal(path).read_bytes()
        with open(self.journal(path), "rb") as first:
            # As an export does that is still running.
            fcntl.flock(first, fcntl.LOCK_EX)
            second = kompass("export", self.project, "--format", "pmtiles", "-o", path, "--max-zoom", "5")
            self.assertEqual(second.returncode, 1)
            self.assertIn("another program is writing", second.stderr)
            self.assertEqual(self.journal(path).read_bytes(), held)
            self.assertFalse(path.exists())
        result = kompass("export", self.project, "--format", "pmtiles", "-o", path)
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertEqual(path.read_bytes(), self.made_once("pmtiles").read_bytes())

    def test_mistakes_are_named(self):
        before = self.project.read_bytes()
        for options, code, word in [
            (["--format", "pmtiles", "-o", self.project], 2, "project file"),
            (["--format", "zip", "-o", self.folder / "a"], 2, "mbtiles"),
            (["--format", "pmtiles"], 2, "output"),
            (["--format", "pmtiles", "-o", self.folder / "a", "--layers", "rivers"], 2, "rivers"),
            (["--format", "pmtiles", "-o", self.folder / "a", "--layers", ","], 2, "--layers"),
            (["--format", "pmtiles", "-o", self.folder / "a", "--min-zoom", "15"], 2, "0 to 14"),
            (["--format", "pmtiles", "-o", self.folder / "a", "--min-zoom", "9", "--max-zoom", "8"], 2, "--min-zoom"),
            (["--format", "pmtiles", "-o", self.folder / "a", "--category", "unheard"], 2, "category"),
            (["--format", "pmtiles", "-o", self.folder / "a", "--layers", "municipalities", "--max-zoom", "6"], 1, "no tile"),
            (["--format", "mbtiles", "-o", self.folder / "none" / "a"], 1, "none/a"),
        ]:
            result = kompass("export", self.project, *options)
            self.assertEqual(result.returncode, code, (options, result.stderr))
            self.assertIn(word, result.stderr, options)
        self.assertEqual(self.project.read_bytes(), before)
        self.assertEqual(list(self.folder.iterdir()), [])
        missing = kompass("export", self.folder / "none.gpkg", "--format", "pmtiles", "-o", self.folder / "a")
        self.assertEqual(missing.returncode, 2)
