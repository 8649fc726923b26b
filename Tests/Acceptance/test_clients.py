"""Clients that others have written, against the built server: GDAL as Debian has it and as pyogrio brings it along, OWSLib,
and schemathesis, which asks what the OpenAPI document allows and what it does not."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest.mock
import urllib.parse

import pyogrio
import pyproj
import shapely
from owslib.ogcapi.features import Features
from shapely.geometry import shape

from project import LIMIT, ProjectTest, Server, new_project, ogr_count
from test_collections import fill


class ClientTest(ProjectTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="kompass-clients-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.project = new_project(cls.shared / "kompass.gpkg")
        cls.server = Server(cls.project, "--collections", str(fill(cls.shared / "fremd.gpkg")))
        cls.addClassCleanup(cls.server.close)
        cls.source = f"OAPIF:{cls.server.base}/api"

    def counts(self):
        for collection in self.server.json("/api/collections")["collections"]:
            page = self.server.json(f"/api/collections/{collection['id']}/items?limit=1")
            yield collection["id"], page["numberMatched"]

    def test_gdal_of_debian_reads_every_collection_completely(self):
        for collection, count in self.counts():
            self.assertEqual(ogr_count(self.source, collection), count, collection)
            target = self.folder / f"{collection}.geojson"
            subprocess.run(["ogr2ogr", "-f", "GeoJSON", str(target), self.source, collection], check=True, capture_output=True)
            self.assertEqual(len(json.loads(target.read_text())["features"]), count, collection)

    def test_gdal_of_pyogrio_reads_every_collection_completely(self):
        for collection, count in self.counts():
            self.assertEqual(pyogrio.read_info(self.source, layer=collection)["features"], count, collection)
            _, _, geometries, columns = pyogrio.raw.read(self.source, layer=collection)
            self.assertEqual(len(columns[0]) if columns else len(geometries), count, collection)

    def test_gdal_asks_for_other_coordinates(self):
        ours = {f["id"]: f for f in self.server.json("/api/collections/municipalities/items?limit=500")["features"]}
        for code in (25832, 3035, 3857):
            meta, _, geometries, columns = pyogrio.raw.read(self.source, layer="municipalities", CRS=f"EPSG:{code}")
            self.assertEqual(meta["crs"], f"EPSG:{code}")
            names = columns[list(meta["fields"]).index("id")]
            to = pyproj.Transformer.from_crs(4326, code, always_xy=True)
            for name, blob in list(zip(names, geometries))[:20]:
                found = shapely.from_wkb(blob).bounds
                there = shapely.transform(shape(ours[name]["geometry"]), lambda xy: list(zip(*to.transform(xy[:, 0], xy[:, 1]))))
                for number, expected in zip(found, there.bounds):
                    self.assertAlmostEqual(number, expected, delta=0.01)

    def test_gdal_with_a_condition_finds_what_we_find(self):
        """GDAL 3.12 hands conditions over only where the paths of the OpenAPI document begin at the landing page; with ours
        it asks for all features and chooses itself. Its name for CQL2 text is accepted."""
        for where, condition in [("people > 20000 AND name LIKE 'M%'", "people > 20000 AND name LIKE 'M%'"),
                                 ("district_key = '15082'", "district_key = '15082'")]:
            _, _, geometries, _ = pyogrio.raw.read(self.source, layer="municipalities", where=where)
            for language in ("cql-text", "cql2-text"):
                query = urllib.parse.urlencode({"filter": condition, "filter-lang": language})
                ours = self.server.json(f"/api/collections/municipalities/items?{query}")["numberMatched"]
                self.assertTrue(ours)
                self.assertEqual(len(geometries), ours, where)

    def test_owslib(self):
        service = Features(f"{self.server.base}/api/")
        self.assertTrue(any("ogcapi-features-1" in uri for uri in service.conformance()["conformsTo"]))
        self.assertEqual(service.api()["openapi"], "3.0.3")
        names = [collection for collection, _ in self.counts()]
        self.assertEqual([c["id"] for c in service.collections()["collections"]], names)
        self.assertEqual(service.feature_collections(), names)
        for collection, count in self.counts():
            self.assertTrue(service.collection_queryables(collection)["properties"])
            self.assertTrue(service.collection_schema(collection)["properties"])
            seen = []
            for offset in range(0, min(count, 60), 20):
                seen += [f["id"] for f in service.collection_items(collection, limit=20, offset=offset)["features"]]
            self.assertEqual(len(set(map(str, seen))), min(count, 60), collection)
            if seen:
                self.assertEqual(str(service.collection_item(collection, str(seen[0]))["id"]), str(seen[0]))
        found = service.collection_items("municipalities", bbox=[11.5, 52, 11.8, 52.3], limit=100)["features"]
        ours = self.server.json("/api/collections/municipalities/items?bbox=11.5,52,11.8,52.3")["features"]
        self.assertEqual([f["id"] for f in found], [f["id"] for f in ours])
        filtered = service.collection_items("municipalities", filter="people > 50000")
        self.assertEqual(filtered["numberMatched"], 3)

    def test_schemathesis_finds_no_unexpected_answer(self):
        """A few examples for each operation, the same ones each time. One worker: CPython 3.11 counts the depth of
        parsing once for all threads, and two of them can make it fail."""
        tool = pathlib.Path(sys.executable).parent / "schemathesis"
        with unittest.mock.patch.dict(os.environ, {"NO_COLOR": "1"}):
            server = Server(self.project)
            self.addCleanup(server.close)
        result = subprocess.run(
            [tool, "run", f"{server.base}/api/openapi.json", "--url", server.base, "--phases", "examples,coverage",
             "--max-examples", "3", "--seed", "7", "--generation-deterministic", "--request-timeout", str(LIMIT), "--workers", "1",
             "--continue-on-failure", "--no-color", "--include-path-regex",
             "^/api(/(conformance|collections|export|changes|vocabulary)?)?$|/collections/(offers|links|coverage)",
             "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
             "response_schema_conformance,response_headers_conformance"],
            capture_output=True, text=True, cwd=self.folder, check=False)
        self.assertEqual(result.returncode, 0, result.stdout[-6000:])
        self.assertEqual(server.get("/health/ready").status, 200)
