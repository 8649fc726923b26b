"""Tables of other GeoPackages as collections, over real HTTP: every type of column, geometry and CRS, keys of all kinds,
files that are broken or hostile, and files that change while they are served."""

import csv
import io
import json
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse

import html5lib
import jsonschema
import pyproj
import shapely
from shapely.geometry import shape

from geopackage import GeoPackage, blob, changing
from project import ProjectTest, Server, eventually, kompass, new_project

KINDS = {
    "POINT": "POINT (11.5 52.25)",
    "LINESTRING": "LINESTRING (11 52, 11.25 52.5, 12 52)",
    "POLYGON": "POLYGON ((11 52, 12 52, 12 53, 11 53, 11 52), (11.25 52.25, 11.25 52.5, 11.5 52.5, 11.25 52.25))",
    "MULTIPOINT": "MULTIPOINT ((11 52), (12 53))",
    "MULTILINESTRING": "MULTILINESTRING ((11 52, 12 53), (13 52, 13.5 52.5))",
    "MULTIPOLYGON": "MULTIPOLYGON (((11 52, 12 52, 12 53, 11 52)), ((13 52, 14 52, 14 53, 13 52)))",
    "GEOMETRYCOLLECTION": "GEOMETRYCOLLECTION (POINT (11 52), LINESTRING (11 52, 12 53), "
                          "POLYGON ((13 52, 14 52, 14 53, 13 52)))",
}


def fill(path):
    """A file with one of everything."""
    with GeoPackage(path) as file:
        file.table(
            "everything",
            'fid INTEGER PRIMARY KEY, geom POINT, "whole" INTEGER, "real" DOUBLE, "text" TEXT(20), "flag" BOOLEAN, '
            '"day" DATE, "at" DATETIME, "photo" BLOB, "with ""quotes"" & ünïcode" TEXT, "mixed" INTEGER, "filter" TEXT',
            [
                (7, shapely.Point(11.5, 52.25), 2**53 + 1, 0.1, "Straße", 1, "2024-02-29", "2024-02-29T23:59:59.5Z",
                 b"\x89PNG", "<b>&\"'\n", 1, "a"),
                (10, None, None, None, None, None, None, None, None, None, None, None),
                (9, shapely.Point(-1.25, 0), -3, float("inf"), "", 0, "1999-12-31", "1999-12-31T23:00:00+01:00", None,
                 "", 2.5, "b"),
                (100, shapely.Point(), 0, -1e300, "z", 0, "2000-01-01", "2000-01-01T00:00:00", None, "y", 3, "c"),
            ],
            geometry=("geom", "POINT"), title="Von allem eines", description="Zum Prüfen.")
        for kind, text in KINDS.items():
            file.table(f"kind_{kind.lower()}", "id INTEGER PRIMARY KEY, form GEOMETRY",
                       [(1, shapely.from_wkt(text)), (2, None)], geometry=("form", kind))
        flat = shapely.from_wkt(KINDS["POLYGON"])
        heights = shapely.force_3d(flat, 99)
        file.table("heights", "id INTEGER PRIMARY KEY, form POLYGON", [(1, heights)], geometry=("form", "POLYGON"), z=1)
        file.table("mixture", "id INTEGER PRIMARY KEY, form GEOMETRY",
                   [(1, shapely.Point(11, 52)), (2, flat), (3, shapely.LineString([(11, 52), (12, 53)]))],
                   geometry=("form", "GEOMETRY"))
        for srs in (25832, 3035):
            change = pyproj.Transformer.from_crs(4326, srs, always_xy=True)
            moved = shapely.transform(flat, lambda xy: list(zip(*change.transform(xy[:, 0], xy[:, 1]))))
            file.table(f"crs_{srs}", "id INTEGER PRIMARY KEY, form POLYGON", [(1, moved)], geometry=("form", "POLYGON"),
                       srs=srs)
        file.table("plane", "id INTEGER PRIMARY KEY, form POINT, name TEXT", [(1, shapely.Point(5, 7), "x")],
                   geometry=("form", "POINT"), srs=-1)
        file.table("geographic", "id INTEGER PRIMARY KEY, form POINT", [(1, shapely.Point(11, 52)), (2, shapely.Point(400, 5))],
                   geometry=("form", "POINT"), srs=0)
        file.table("actors", "id INTEGER PRIMARY KEY, name TEXT", [(1, "not ours")])
        file.table("keyed", "code TEXT PRIMARY KEY, name TEXT", [("b/ü 1", "second"), ("a", "first"), ("é", "third")])
        file.table("keyless", "name TEXT, fid TEXT", [("first", "x"), ("second", "y")])
        file.table("Größen & Maße", "id INTEGER PRIMARY KEY, n INTEGER", [(1, 5)])
        file.db.execute("CREATE VIEW seen AS SELECT name FROM keyed ORDER BY code")
        file.register("seen")
        file.table("events", 'id INTEGER PRIMARY KEY, "start" DATETIME, "end" DATETIME', [
            (1, "2024-01-01T00:00:00Z", "2024-06-30T00:00:00Z"), (2, "2024-07-01T12:00:00Z", None), (3, None, None)])
    return path


class CollectionsTest(ProjectTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="kompass-collections-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.project = new_project(cls.shared / "kompass.gpkg")
        cls.file = fill(cls.shared / "fremd.gpkg")
        cls.server = Server(cls.project, "--collections", str(cls.file))
        cls.addClassCleanup(cls.server.close)

    def items(self, collection, query="limit=10000"):
        return self.server.json(f"/api/collections/{collection}/items?{query}")

    def query(self, collection, text, **more):
        return self.items(collection, urllib.parse.urlencode({"filter": text, **more}))

    def test_own_and_other_collections_stand_side_by_side(self):
        ids = [collection["id"] for collection in self.server.json("/api/collections")["collections"]]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertLess({"districts", "offers", "coverage", "everything", "mixture", "keyed", "seen"}, set(ids))
        # A name that one of ours has gets the file's in front; one that a URL cannot hold is rewritten.
        self.assertIn("fremd_actors", ids)
        self.assertIn("Gr__en___Ma_e", ids)
        self.assertEqual(self.items("actors")["numberMatched"], 131)
        self.assertEqual([f["properties"] for f in self.items("fremd_actors")["features"]], [{"name": "not ours"}])
        self.assertEqual(self.server.json("/api/collections/Gr__en___Ma_e")["title"], "Größen & Maße")

    def test_values_of_every_type(self):
        features = self.items("everything")["features"]
        self.assertEqual([feature["id"] for feature in features], [7, 9, 10, 100])
        first, second, third, fourth = (feature["properties"] for feature in features)
        odd = 'with "quotes" & ünïcode'
        self.assertEqual(first, {
            "whole": 2**53 + 1, "real": 0.1, "text": "Straße", "flag": True, "day": "2024-02-29",
            "at": "2024-02-29T23:59:59.5Z", odd: "<b>&\"'\n", "mixed": 1.0, "filter": "a"})
        self.assertEqual(second["text"], "", "an empty text is stated")
        self.assertEqual((second["real"], second["flag"], second["at"], second["mixed"]),
                         (None, False, "1999-12-31T22:00:00Z", 2.5))
        self.assertEqual(set(third.values()), {None})
        self.assertEqual((fourth["real"], fourth["at"]), (-1e300, "2000-01-01T00:00:00Z"))
        self.assertEqual(features[0]["geometry"], {"type": "Point", "coordinates": [11.5, 52.25]})
        self.assertIsNone(features[2]["geometry"])
        self.assertIsNone(features[3]["geometry"], "an empty point is none")
        described = self.server.json("/api/collections/everything")
        self.assertEqual(described["title"], "Von allem eines")
        self.assertIn("Zum Prüfen.", described["description"])
        self.assertIn("photo", described["descriptions"]["en"], "what is left out is said")
        self.assertNotIn("attribution", described, "ours is not theirs")
        self.assertEqual(described["extent"]["spatial"]["bbox"], [[-1.25, 0, 11.5, 52.25]])

    def test_schema_and_queryables(self):
        schema = self.server.json("/api/collections/everything/schema")
        jsonschema.Draft202012Validator.check_schema(schema)
        types = {name: value.get("type", value.get("format")) for name, value in schema["properties"].items()}
        self.assertEqual(types["whole"], ["integer", "null"])
        self.assertEqual(types["real"], ["number", "null"])
        self.assertEqual(types["mixed"], ["number", "null"], "the type that holds all values")
        self.assertEqual(types["flag"], ["boolean", "null"])
        self.assertEqual(types["geometry"], "geometry-point")
        self.assertNotIn("photo", types)
        validator = jsonschema.Draft202012Validator({"type": "object", "properties": {
            name: value for name, value in schema["properties"].items() if name != "geometry"},
            "additionalProperties": False})
        for feature in self.items("everything")["features"]:
            validator.validate(feature["properties"])
        queryables = self.server.json("/api/collections/everything/queryables")
        self.assertEqual(set(queryables["properties"]), set(types) - {"geometry"} | {"geom", "fid"})
        self.assertEqual(queryables["properties"]["geom"]["format"], "geometry-point")

    def test_geometries_of_every_kind(self):
        for kind, text in KINDS.items():
            collection = f"kind_{kind.lower()}"
            with self.subTest(kind):
                first, second = self.items(collection)["features"]
                self.assertEqual(first["geometry"]["type"].upper(), kind)
                self.assertTrue(shape(first["geometry"]).equals(shapely.from_wkt(text)))
                self.assertIsNone(second["geometry"])
                box = self.server.json(f"/api/collections/{collection}")["extent"]["spatial"]["bbox"][0]
                self.assertEqual(box, list(shapely.from_wkt(text).bounds))
                # The corner of the box and a box beside it; a filter and a box say the same.
                for bounds in [(10, 51, 11.6, 52.6), (13.9, 52.9, 15, 54), (-10, -10, 10, 10), (11.3, 52.3, 11.35, 52.4)]:
                    expected = int(shapely.box(*bounds).intersects(shapely.from_wkt(text)))
                    by_box = self.items(collection, "bbox=" + ",".join(map(str, bounds)))
                    by_filter = self.query(collection, f"S_INTERSECTS(form, BBOX({','.join(map(str, bounds))}))")
                    self.assertEqual([by_box["numberMatched"], by_filter["numberMatched"]], [expected] * 2, bounds)
        types = {feature["id"]: feature["geometry"]["type"] for feature in self.items("mixture")["features"]}
        self.assertEqual(types, {1: "Point", 2: "Polygon", 3: "LineString"})
        self.assertEqual(self.query("mixture", "S_WITHIN(form, POINT(11 52))")["numberMatched"], 1)
        self.assertEqual(self.server.json("/api/collections/mixture/queryables")["properties"]["form"]["format"],
                         "geometry-any")

    def test_heights_are_left_aside_and_that_is_said(self):
        feature, = self.items("heights")["features"]
        self.assertFalse(shape(feature["geometry"]).has_z)
        self.assertTrue(shape(feature["geometry"]).equals(shapely.from_wkt(KINDS["POLYGON"])))
        self.assertIn("heights", self.server.json("/api/collections/heights")["descriptions"]["en"])

    def test_reference_systems(self):
        wanted = shapely.from_wkt(KINDS["POLYGON"])
        for srs in (25832, 3035):
            feature, = self.items(f"crs_{srs}")["features"]
            found = shape(feature["geometry"])
            self.assertLess(found.hausdorff_distance(wanted), 1e-8, f"{srs}: {found}")
            self.assertEqual(len(found.interiors), 1)
            uri = f"http://www.opengis.net/def/crs/EPSG/0/{srs}"
            response = self.server.get(f"/api/collections/crs_{srs}/items?crs={uri}")
            self.assertEqual(response.getheader("Content-Crs"), f"<{uri}>")
            axes = json.loads(response.body)["features"][0]["geometry"]["coordinates"][0][0]
            stored = pyproj.Transformer.from_crs(4326, srs, always_xy=True).transform(11, 52)
            for number, expected in zip(axes if srs == 25832 else axes[::-1], stored):
                self.assertAlmostEqual(number, expected, places=3)
        # Where on earth a plane is nobody knows: its rows have no geometry, and that is said.
        feature, = self.items("plane")["features"]
        self.assertEqual((feature["geometry"], feature["properties"]), (None, {"name": "x"}))
        self.assertIn("1 geometries", self.server.json("/api/collections/plane")["descriptions"]["en"])
        first, second = self.items("geographic")["features"]
        self.assertEqual(first["geometry"]["coordinates"], [11, 52])
        self.assertIsNone(second["geometry"], "longitude 400 is no place")

    def test_keys(self):
        self.assertEqual([f["id"] for f in self.items("keyed")["features"]], ["a", "b/ü 1", "é"])
        one = self.server.json("/api/collections/keyed/items/" + urllib.parse.quote("b/ü 1", safe=""))
        self.assertEqual((one["id"], one["properties"]), ("b/ü 1", {"name": "second"}))
        self.assertEqual([f["id"] for f in self.items("keyless")["features"]], [1, 2])
        self.assertEqual([f["properties"]["name"] for f in self.items("seen")["features"]], ["first", "second", "third"])
        self.assertEqual(self.server.json("/api/collections/everything/items/100")["properties"]["text"], "z")
        for wrong in ("8", "007", "7.0", "+7", "99999999999999999999", "x"):
            self.assertEqual(self.server.get(f"/api/collections/everything/items/{wrong}").status, 404, wrong)

    def test_conditions_orders_and_properties(self):
        for condition, ids in [
            ("flag = true", [7]), ("flag IS NULL", [10]), ("text = ''", [9]), ("text IS NULL", [10]),
            ("\"at\" > TIMESTAMP('2000-01-01T00:00:00Z')", [7]), ("day < DATE('2000-01-01')", [9]),
            ("\"with \"\"quotes\"\" & ünïcode\" LIKE '<%'", [7]), ("fid >= 10", [10, 100]), ("mixed > 2", [9, 100]),
            ("S_INTERSECTS(geom, BBOX(11, 52, 12, 53))", [7]), ("geom IS NULL", [10, 100]), ("\"filter\" = 'b'", [9]),
        ]:
            answer = self.query("everything", condition)
            self.assertEqual([feature["id"] for feature in answer["features"]], ids, condition)
        for order, ids in [("-flag,fid", [7, 9, 100, 10]), ("at", [9, 100, 7, 10]), ("-fid", [100, 10, 9, 7])]:
            answer = self.items("everything", "sortby=" + order)
            self.assertEqual([feature["id"] for feature in answer["features"]], ids, order)
        self.assertEqual(self.items("everything", "flag=true")["numberMatched"], 1)
        self.assertEqual(self.items("everything", "at=2000-01-01T00:00:00Z")["numberMatched"], 1)
        chosen = self.items("everything", "properties=day,whole")["features"][0]["properties"]
        self.assertEqual(chosen, {"whole": 2**53 + 1, "day": "2024-02-29"})
        for query in ("flag=yes", "at=yesterday", "whole=x", "photo=1", "sortby=photo", "properties=photo",
                      "filter=geometry%20IS%20NULL", "filter=photo%20IS%20NULL"):
            response = self.server.get(f"/api/collections/everything/items?{query}")
            self.assertEqual(response.status, 400, query)
            self.assertEqual(json.loads(response.body)["parameter"], query.split("=")[0])

    def test_datetime(self):
        for interval, ids in [
            ("2024-06-30", [1, 3]), ("2024-07-01T12:00:00Z", [2, 3]), ("2024-07-01T11:59:59Z", [3]), ("../2023-12-31", [3]),
            ("2024-01-01/..", [1, 2, 3]), ("2024-06-30T00:00:01Z/2024-07-01T11:00:00Z", [3]),
        ]:
            answer = self.items("events", f"datetime={interval}")
            self.assertEqual([feature["id"] for feature in answer["features"]], ids, interval)
        extent = self.server.json("/api/collections/events")["extent"]
        self.assertEqual(extent["temporal"]["interval"], [[None, None]])

    def test_exports_and_pages(self):
        for collection in ("everything", "mixture", "keyed", "plane"):
            features = self.items(collection)["features"]
            whole = json.loads(self.server.get(f"/api/collections/{collection}/export?f=geojson").body)
            self.assertEqual(whole["features"], features)
            response = self.server.get(f"/api/collections/{collection}/export?f=csv")
            rows = list(csv.DictReader(io.StringIO(response.body.decode(), newline="")))
            self.assertEqual([next(iter(row.values())) for row in rows], [str(feature["id"]) for feature in features])
            for path in ("items", f"items/{urllib.parse.quote(str(features[0]['id']))}", "schema", "queryables", ""):
                page = self.server.get(f"/api/collections/{collection}/{path}".rstrip("/") + "?f=html")
                self.assertEqual(page.status, 200, path)
                html5lib.HTMLParser(strict=True).parse(page.body.decode())
        self.assertEqual(
            shapely.from_wkt(list(csv.DictReader(io.StringIO(
                self.server.get("/api/collections/mixture/export?f=csv").body.decode())))[1]["wkt"]),
            shapely.from_wkt(KINDS["POLYGON"]))

    def test_the_openapi_document_knows_them(self):
        paths = self.server.json("/api/openapi.json")["paths"]
        names = {parameter["name"] for parameter in paths["/api/collections/everything/items"]["get"]["parameters"]}
        self.assertLess({"flag", "day", "bbox", "filter", "crs"}, names)
        self.assertEqual(len(names), len(paths["/api/collections/everything/items"]["get"]["parameters"]))

    def test_gdal_reads_the_same(self):
        for layer in ("everything", "mixture", "keyed", "kind_multilinestring"):
            output = subprocess.run(["ogrinfo", "-ro", "-so", f"OAPIF:{self.server.base}/api", layer],
                                    capture_output=True, text=True, check=True).stdout
            self.assertIn(f"Feature Count: {self.items(layer)['numberMatched']}", output)


class OtherFilesTest(ProjectTest):
    """Files that are served alone, change, or cannot be served."""

    def serve(self, *options):
        server = Server(*options)
        self.addCleanup(server.close)
        return server

    def test_a_file_alone(self):
        file = fill(self.folder / "fremd.gpkg")
        server = self.serve(None, "--collections", str(file))
        ids = [collection["id"] for collection in server.json("/api/collections")["collections"]]
        self.assertIn("actors", ids, "nothing of ours is in the way")
        self.assertNotIn("offers", ids)
        for path in ("/api", "/api/conformance", "/api/openapi.json", "/", "/api/collections/everything/items"):
            self.assertEqual(server.get(path).status, 200, path)

    def test_two_files_with_the_same_table(self):
        for name in ("one", "two"):
            with GeoPackage(self.folder / f"{name}.gpkg") as file:
                file.table("roads", "id INTEGER PRIMARY KEY, name TEXT", [(1, name)])
        server = self.serve(None, "--collections", str(self.folder / "one.gpkg"), "--collections", str(self.folder / "two.gpkg"))
        ids = [collection["id"] for collection in server.json("/api/collections")["collections"]]
        self.assertEqual(ids, ["one_roads", "two_roads"])

    def test_a_changed_file_is_taken_up_and_old_links_say_so(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        path = self.folder / "fremd.gpkg"
        with GeoPackage(path) as file:
            file.table("towns", "id INTEGER PRIMARY KEY, name TEXT", [(number, f"n{number}") for number in range(30)])
        server = self.serve(str(project), "--collections", str(path))

        def following(collection):
            page = server.json(f"/api/collections/{collection}/items?limit=10")
            return next(link["href"] for link in page["links"] if link["rel"] == "next").removeprefix(server.base)

        theirs, ours = following("towns"), following("offers")
        tag = server.get("/api/collections/towns/items?limit=10").getheader("ETag")
        self.assertEqual(server.get("/api/collections/towns/items?limit=10", If_None_Match=tag).status, 304)
        with changing(path) as db:
            db.execute("UPDATE towns SET name = 'new' WHERE id = 3")
        eventually(lambda: server.get(theirs).status == 410, "the link is outdated: it")
        self.assertIn("cursor", json.loads(server.get(theirs).body)["detail"])
        self.assertEqual(server.get("/api/collections/towns/items?limit=10", If_None_Match=tag).status, 200)
        self.assertEqual(server.get(ours).status, 200, "a walk through our own data goes on")

    def test_files_that_cannot_be_served_say_why(self):
        curve = bytes.fromhex("0108000000") + (3).to_bytes(4, "little") + b"\0" * 48
        cases = {
            "cut": lambda f: None,
            "curves": lambda f: f.table("arcs", "id INTEGER PRIMARY KEY, form CURVE",
                                        [(1, shapely.Point(1, 2)), (5, blob(None, wkb=curve))], geometry=("form", "CURVE")),
            "broken": lambda f: f.table("shapes", "id INTEGER PRIMARY KEY, form POLYGON", [(3, b"GP\0\1rubbish")],
                                        geometry=("form", "POLYGON")),
            "promise": lambda f: f.table("huge", "id INTEGER PRIMARY KEY, form LINESTRING",
                                         [(3, blob(None, wkb=bytes.fromhex("0102000000ffffff7f")))],
                                         geometry=("form", "LINESTRING")),
            "crs": lambda f: f.table("far", "id INTEGER PRIMARY KEY, form POINT", [(1, shapely.Point(1, 2))],
                                     geometry=("form", "POINT"), srs=99999),
            "column": lambda f: f.table("lost", "id INTEGER PRIMARY KEY, form POINT", [], geometry=("shape", "POINT")),
            "ghost": lambda f: f.register("ghost"),
            "twice": lambda f: f.table("keys", "id INT PRIMARY KEY, name TEXT", [(1, "a"), (None, "b")]),
            "hostile": lambda f: (f.db.execute("CREATE VIEW evil AS SELECT load_extension('x') AS a"), f.register("evil")),
        }
        words = {
            "cut": ["cut.gpkg"], "curves": ["arcs", "form", "5", "type 8", "CONVERT_TO_LINEAR"],
            "broken": ["shapes", "form", "3"], "promise": ["huge", "form", "3"], "crs": ["far", "form", "99999"],
            "column": ["lost", "shape"], "ghost": ["ghost"], "twice": ["keys", "id"], "hostile": ["evil"],
        }
        for name, make in cases.items():
            path = self.folder / f"{name}.gpkg"
            with GeoPackage(path) as file:
                file.table("good", "id INTEGER PRIMARY KEY", [(number,) for number in range(2000)])
                make(file)
            if name == "cut":
                path.write_bytes(path.read_bytes()[:9000])
            result = kompass("serve", "--collections", path, "--port", "0")
            self.assertEqual(result.returncode, 1, f"{name}: {result.stderr}")
            for word in words[name]:
                self.assertIn(word, result.stderr, name)
            self.assertNotIn("Fatal error", result.stderr)

    def test_what_is_no_geopackage_and_what_is_ours(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        text = self.write("text.gpkg", "no database at all, but long enough to be looked at " * 40)
        for path, word in [(project, "serve it as the project"), (text, "text.gpkg"), (self.folder / "none.gpkg", "none.gpkg")]:
            result = kompass("serve", project, "--collections", path, "--port", "0")
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn(word, result.stderr)
        self.assertEqual(kompass("serve").returncode, 2)
