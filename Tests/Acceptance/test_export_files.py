"""Every form of export, read back by GDAL: the same features, geometries and attributes as the items say; archives of
several collections; what is left of files when a client goes away."""

import csv
import datetime
import fcntl
import io
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import unittest.mock
import zipfile

import pyproj
import shapely
from shapely.geometry import shape

from project import ProjectTest, Server, eventually, kompass, new_project
from test_collections import fill

ENDINGS = {"geojson": "geojson", "geojsonseq": "geojsons", "csv": "csv", "gpkg": "gpkg"}


class ExportFileTest(ProjectTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="kompass-exports-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.project = new_project(cls.shared / "kompass.gpkg")
        cls.temporary = cls.shared / "temporary"
        cls.temporary.mkdir()
        with unittest.mock.patch.dict(os.environ, {"TMPDIR": str(cls.temporary)}):
            cls.server = Server(cls.project, "--collections", str(fill(cls.shared / "fremd.gpkg")))
        cls.addClassCleanup(cls.server.close)

    def features(self, collection):
        path, features = f"/api/collections/{collection}/items?limit=10000", []
        while path:
            page = self.server.json(path)
            features += page["features"]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            path = following[0].removeprefix(self.server.base) if following else None
        return features

    def export(self, collection, form, query=""):
        response = self.server.get(f"/api/collections/{collection}/export?f={form}{query}")
        self.assertEqual(response.status, 200, response.body[:300])
        name = response.getheader("Content-Disposition").split('"')[1]
        self.assertTrue(name.startswith(f"kompass-{collection}-") and name.endswith(f".{ENDINGS[form]}"), name)
        path = self.folder / f"{collection}.{ENDINGS[form]}"
        path.write_bytes(response.body)
        return path

    def read(self, path, *options):
        """What GDAL finds in a file, as GeoJSON features."""
        result = subprocess.run(
            ["ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=17", "-lco", "SIGNIFICANT_FIGURES=17", "-preserve_fid",
             "/vsistdout/", str(path), *options], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("ERROR", result.stderr)
        return json.loads(result.stdout)["features"]

    def equal(self, found, stated):
        if isinstance(stated, list):
            stated = ";".join(stated) or None
        if isinstance(found, list):
            found = ";".join(found) or None
        if found == stated or (found in ("", None) and stated in ("", None)):
            return True
        if isinstance(stated, bool):
            return str(found).lower() in (str(stated).lower(), str(int(stated)))
        if isinstance(stated, (int, float)):
            # GDAL writes numbers with 15 digits where that is nearly the same.
            return abs(float(found) - stated) <= 1e-14 * abs(stated)
        try:
            return self.instant(str(found)) == self.instant(str(stated))
        except ValueError:
            return False

    def instant(self, text):
        moment = datetime.datetime.fromisoformat(text.replace("/", "-").replace("+00", "+00:00") if "+00" in text[-3:] else text.replace("/", "-"))
        return moment.replace(tzinfo=None) if moment.tzinfo is None else moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)

    def compare(self, found, stated, what):
        self.assertEqual(len(found), len(stated), what)
        for there, here in zip(found, stated):
            for name, value in here["properties"].items():
                # In large files GDAL takes the property id for the feature's id.
                read = there["properties"].get(name, there.get("id") if name == "id" else None)
                self.assertTrue(self.equal(read, value), f"{what} {here['id']} {name}: {read!r} != {value!r}")
            if here["geometry"] is None:
                self.assertIsNone(there["geometry"], f"{what} {here['id']}")
            else:
                self.assertTrue(shapely.equals_exact(shape(there["geometry"]), shape(here["geometry"]), 1e-12, normalize=True),
                                f"{what} {here['id']}")

    def test_every_form_of_every_collection_is_read_back_whole(self):
        for described in self.server.json("/api/collections")["collections"]:
            collection = described["id"]
            stated = self.features(collection)
            for form in ("geojson", "geojsonseq", "gpkg"):
                self.compare(self.read(self.export(collection, form)), stated, f"{collection} {form}")
            lines = self.export(collection, "csv").read_text(encoding="utf-8")
            rows = list(csv.DictReader(io.StringIO(lines, newline="")))
            found = []
            for row in rows:
                if row.get("lon"):
                    geometry = {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]}
                else:
                    geometry = shapely.geometry.mapping(shapely.from_wkt(row["wkt"])) if row.get("wkt") else None
                found.append({"properties": row, "geometry": geometry})
            self.compare(found, stated, f"{collection} csv")

    def test_a_geopackage_explains_itself_and_is_whole(self):
        path = self.export("offers", "gpkg")
        db = sqlite3.connect(path)
        self.addCleanup(db.close)
        one = lambda sql: db.execute(sql).fetchone()[0]
        self.assertEqual(one("PRAGMA integrity_check"), "ok")
        self.assertEqual(db.execute("PRAGMA foreign_key_check").fetchall(), [])
        self.assertEqual((one("PRAGMA application_id"), one("PRAGMA user_version")), (0x47504B47, 10300))
        self.assertEqual(one("SELECT rtreecheck('rtree_offers_geom')"), "ok")
        placed = sum(feature["geometry"] is not None for feature in self.features("offers"))
        self.assertEqual(one("SELECT count(*) FROM rtree_offers_geom"), placed)
        text = one("SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id")
        described = self.server.json("/api/collections/offers")
        for word in (self.server.json("/api")["attribution"], described["data_version"], "Einzugsgebiet", "Service area"):
            self.assertIn(word, text)
        titles = dict(db.execute("SELECT column_name, title FROM gpkg_data_columns"))
        self.assertEqual(titles["valid_from"], "Beginn")
        self.assertEqual(set(titles), {row[1] for row in db.execute("PRAGMA table_info(offers)")} - {"fid", "geom"})

    def test_selections_and_reference_systems(self):
        stated = self.server.json("/api/collections/offers/items?limit=10000&category=training")["features"]
        self.assertTrue(stated)
        self.compare(self.read(self.export("offers", "gpkg", "&category=training")), stated, "training")
        for code in (25832, 3035, 3857):
            uri = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
            path = self.export("districts", "gpkg", f"&crs={uri}&properties=name")
            summary = subprocess.run(["ogrinfo", "-ro", "-so", str(path), "districts"], capture_output=True, text=True).stdout
            self.assertIn(f'ID["EPSG",{code}]', summary)
            to = pyproj.Transformer.from_crs(4326, code, always_xy=True)
            with sqlite3.connect(path) as db:
                blob = db.execute("SELECT geom FROM districts ORDER BY fid").fetchone()[0]
                self.assertEqual([row[1] for row in db.execute("PRAGMA table_info(districts)")], ["fid", "geom", "name"])
            found = shapely.get_coordinates(shapely.from_wkb(blob[40:]))
            there = shapely.get_coordinates(shape(self.features("districts")[0]["geometry"]))
            xs, ys = to.transform(there[:, 0], there[:, 1])
            self.assertLess(abs(found[:, 0] - xs).max() + abs(found[:, 1] - ys).max(), 0.01, code)

    def test_the_command_line_writes_the_same_file(self):
        path = self.folder / "cli.gpkg"
        result = kompass("export", self.project, "--collection", "offers", "--format", "gpkg", "-o", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(path.read_bytes(), self.export("offers", "gpkg").read_bytes(), "equal selections, equal bytes")

    def test_two_exports_of_one_collection_do_not_mix(self):
        path = self.folder / "offers.geojson"
        command = ("export", self.project, "--collection", "offers", "--format", "geojson", "-o", path)
        with open(f"{path}.finishing", "wb") as first:
            # As an export does that is still running.
            fcntl.flock(first, fcntl.LOCK_EX)
            second = kompass(*command)
            self.assertEqual(second.returncode, 1)
            self.assertIn("another program is writing", second.stderr)
            self.assertFalse(path.exists())
        # What stands under the name that archives begin under is somebody's own.
        own = self.folder / "offers.geojson.partial"
        own.write_text("own")
        self.assertEqual(kompass(*command).returncode, 0)
        self.assertGreater(len(json.loads(path.read_text())["features"]), 1)
        self.assertEqual(own.read_text(), "own")
        self.assertEqual({file.name for file in self.folder.iterdir()}, {path.name, own.name})
        tiles = kompass("export", self.project, "--format", "pmtiles", "-o", path)
        self.assertEqual(tiles.returncode, 1)
        self.assertIn("no export has left", tiles.stderr)
        self.assertEqual(own.read_text(), "own")

    def test_several_collections_in_one_archive(self):
        for form in ("geojson", "csv", "gpkg"):
            response = self.server.get(f"/api/export?collections=offers,districts,mixture&f={form}")
            self.assertEqual((response.status, response.getheader("Content-Type")), (200, "application/zip"))
            name = response.getheader("Content-Disposition").split('"')[1]
            self.assertRegex(name, r"^kompass-.*[0-9a-f]{16}\.zip$")
            archive = zipfile.ZipFile(io.BytesIO(response.body))
            self.assertIsNone(archive.testzip())
            self.assertEqual(archive.namelist(), [f"{c}.{ENDINGS[form]}" for c in ("offers", "districts", "mixture")] + ["README.txt"])
            for collection in ("offers", "districts", "mixture"):
                self.assertEqual(archive.read(f"{collection}.{ENDINGS[form]}"), self.export(collection, form).read_bytes())
            readme = archive.read("README.txt").decode()
            described = self.server.json("/api/collections/offers")
            for word in (self.server.json("/api")["attribution"], described["data_version"], "valid_from", "Angebote", "Offers"):
                self.assertIn(word, readme)
        analysed = zipfile.ZipFile(io.BytesIO(self.server.get("/api/export?collections=coverage&f=csv").body))
        self.assertIn("Definition coverage", analysed.read("README.txt").decode())
        whole = zipfile.ZipFile(io.BytesIO(self.server.get("/api/export").body))
        self.assertLess({"actors.geojson", "population.geojson", "everything.geojson"}, set(whole.namelist()))
        for query, parameter in [("collections=x", "collections"), ("collections=offers,offers", "collections"),
                                 ("collections=", "collections"), ("f=xml", "f"), ("crs=x", "crs"), ("limit=1", "limit")]:
            response = self.server.get(f"/api/export?{query}")
            self.assertEqual(response.status, 400, query)
            self.assertEqual(json.loads(response.body)["parameter"], parameter)

    def test_nothing_is_left_of_files(self):
        for path in ("/api/collections/population/export?f=gpkg", "/api/export?f=gpkg"):
            for wanted in (0, 70_000):
                connection = socket.create_connection(("127.0.0.1", self.server.port))
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                received = 0
                while received < wanted:
                    received += len(connection.recv(65536))
                connection.close()
        eventually(lambda: not list(self.temporary.iterdir()), "the files are gone: it")
        self.assertEqual(self.server.get("/health/ready").status, 200)
