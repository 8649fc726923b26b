"""The abstract tests of OGC API Features parts 1 to 3 as black-box tests over HTTP, each named by its requirement, on the
shipped pack and on a GeoPackage of another's. Part 1 is 17-069r4, part 2 18-058r1, part 3 19-079r2."""

import datetime
import json
import pathlib
import re
import shutil
import tempfile
import urllib.parse

import html5lib
import jsonschema
import openapi_spec_validator
import pyproj
import shapely
from shapely.geometry import shape

from project import ProjectTest, ServedPackTest, Server
from test_collections import fill

GEO_JSON = "application/geo+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
CLASSES = {
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")
} | {"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"} | {
    f"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{name}"
    for name in ("queryables", "filter", "features-filter")
} | {
    f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
    for name in ("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
                 "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus",
                 "spatial-functions", "temporal-functions", "array-functions", "property-property", "arithmetic")
}
PARTS = ("ogcapi-features-", "cql2/")


class Conformance:
    """The tests; a subclass has the server. `/api` is the landing page."""

    # What is behind each test: the collections with what their documents say.

    def get(self, path, accept="application/json", method="GET", **headers):
        path = path.removeprefix(self.server.base)
        return self.server.request(method, path, {"Accept": accept, **headers})

    def ok(self, path, accept="application/json"):
        response = self.get(path, accept)
        self.assertEqual(response.status, 200, f"{path}: {response.body[:300]}")
        return response

    def json(self, path):
        return json.loads(self.ok(path).body)

    def refused(self, path, parameter=None, status=400):
        response = self.get(path)
        self.assertEqual(response.status, status, f"{path}: {response.body[:300]}")
        self.assertEqual(response.getheader("Content-Type"), "application/problem+json", path)
        if parameter:
            self.assertEqual(json.loads(response.body)["parameter"], parameter, path)

    @property
    def collections(self):
        if not hasattr(type(self), "known"):
            type(self).known = self.json("/api/collections")["collections"]
        return type(self).known

    def each(self):
        """Every collection's identifier and document."""
        return [(collection["id"], collection) for collection in self.collections]

    def items(self, collection, query="", accept=GEO_JSON):
        return json.loads(self.ok(f"/api/collections/{collection}/items?{query}", accept).body)

    def features(self, collection, query=""):
        """All features that a query selects, page by page."""
        return [feature for page in self.walk(collection, f"limit=10000&{query}") for feature in page["features"]]

    def ids(self, collection, query=""):
        return [feature["id"] for feature in self.features(collection, query)]

    def links(self, document, rel):
        return [link for link in document["links"] if link["rel"] == rel]

    def walk(self, collection, query, most=100):
        """All pages by the links next."""
        path, pages = f"/api/collections/{collection}/items?{query}", []
        while path:
            pages.append(self.json(path))
            self.assertLessEqual(len(pages), most, "the walk does not end")
            following = self.links(pages[-1], "next")
            path = following[0]["href"] if following else None
        return pages

    # Part 1, core: landing page, API definition, conformance

    def test_core_root_op(self):
        document = self.json("/api")
        rels = {link["rel"] for link in document["links"]}
        self.assertLessEqual({"self", "alternate", "service-desc", "conformance", "data"}, rels)
        for link in document["links"]:
            self.assertTrue(link["href"].startswith(self.server.base), link)
            self.assertTrue(link["type"] and link["title"], link)
            self.ok(link["href"], link["type"])

    def test_core_api_definition(self):
        for link in self.links(self.json("/api"), "service-desc"):
            self.assertEqual(link["type"].replace(" ", ""), "application/vnd.oai.openapi+json;version=3.0")
            response = self.ok(link["href"], link["type"])
            self.assertEqual(response.getheader("Content-Type").replace(" ", ""), link["type"].replace(" ", ""))

    def test_core_conformance(self):
        paths = {"/api/conformance"} | {link["href"] for link in self.links(self.json("/api"), "conformance")}
        for path in paths:
            stated = self.json(path)["conformsTo"]
            self.assertEqual(len(stated), len(set(stated)))
            ours = {uri for uri in stated if any(f"/spec/{part}" in uri for part in PARTS)}
            self.assertEqual(ours, CLASSES, "exactly what these tests prove")

    def test_core_http(self):
        self.assertEqual(self.get("/api/nothing").status, 404)
        paths = ["/api", "/api/conformance", "/api/collections", "/api/openapi.json"]
        for collection, _ in self.each():
            paths += [f"/api/collections/{collection}{end}" for end in ("", "/items", "/queryables", "/schema", "/export")]
        for path in paths:
            whole, head = self.get(path), self.get(path, method="HEAD")
            self.assertEqual((head.status, head.body), (200, b""), path)
            for name in ("Content-Type", "ETag", "Vary", "Link", "Content-Crs", "Content-Disposition"):
                self.assertEqual(head.getheader(name), whole.getheader(name), f"{path} {name}")
            for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
                response = self.get(path, method=method)
                self.assertEqual(response.status, 405, f"{method} {path}")
                allowed = {name.strip() for name in response.getheader("Allow").split(",")}
                self.assertEqual(allowed, {"GET", "HEAD", "OPTIONS"})
            self.assertIn(self.get(path, method="OPTIONS").status, (200, 204), path)

    def test_core_query_param_unknown(self):
        paths = ["/api", "/api/conformance", "/api/collections", "/api/openapi.json"]
        for collection, _ in self.each():
            base = f"/api/collections/{collection}"
            paths += [base, f"{base}/items", f"{base}/queryables", f"{base}/schema", f"{base}/export"]
            paths += [self.item_path(collection)] if self.item_path(collection) else []
        for path in paths:
            for name in ("unknownQueryParameter12345", "Limit", "limit%5B%5D", "utm_source"):
                self.refused(f"{path}?{name}=1", urllib.parse.unquote(name))

    def item_path(self, collection):
        features = self.items(collection, "limit=1")["features"]
        quoted = urllib.parse.quote(str(features[0]["id"]), safe="") if features else None
        return f"/api/collections/{collection}/items/{quoted}" if features else None

    def test_core_query_param_invalid(self):
        wrong = {
            "offset": ["-1", "x", "", "1.5", "99999999999999999999"],
            "limit": ["unlimited", "0", "-1", "1.5", "1e2", "", "%2B1", "99999999999999999999", "NaN", "0x10", "1,2"],
            "bbox": ["1,2,3", "a,b,c,d", "1,2,3,4,5", "1,3,2,2", "", "nan,0,1,1", "inf,0,1,1", "-181,0,1,1", "0,-91,1,1",
                     "1,1,1,1,1,1,1", "0;0;1;1", "0,0,1,1,"],
            "datetime": ["foo", "2020-13-01", "2020-02-30", "..%2F..", "%2F", "", "2020-01-02%2F2020-01-01",
                         "2020-01-01T25:00:00Z", "2020-01-01T00:00:00", "20200101"],
            "crs": [f"{EPSG}unsupported", "x", "", "EPSG:1"], "bbox-crs": ["x", "", f"{EPSG}99999"],
            "filter-crs": ["x", ""], "filter-lang": ["x", "", "cql", "cql2-TEXT"],
            "filter": ["", "THIS+IS+NOT+A+FILTER", "this_is_not_a_queryable%20IS%20NULL", "1=", "((TRUE)", "%00"],
            "sortby": ["", "x", "+", "-", ","], "properties": ["", "x", ","], "f": ["xml", "", "JSON"],
            "lang": ["fr-x", "", "xx"], "cursor": ["x", "", "0123456789abcdef-0", "0123456789abcdef-zzz/../"],
        }
        for collection, _ in self.each():
            for name, values in wrong.items():
                for value in values:
                    path = f"/api/collections/{collection}/items?{name}={value}"
                    status = 410 if re.fullmatch(r"[0-9a-f]{16}-[1-9a-z]+", value) else 400
                    self.refused(path, name, status)
                self.refused(f"/api/collections/{collection}/items?{name}=1&{name}=1", name)
            path = self.item_path(collection)
            if path:
                self.refused(f"{path}?crs=x", "crs")
                self.refused(f"{path}?f=json&f=json", "f")

    # Part 1, core: collections

    def test_core_fc_md(self):
        document = self.json("/api/collections")
        self.assertEqual(len(self.links(document, "self")), 1)
        self.assertEqual([link["type"] for link in self.links(document, "alternate")], ["text/html"])
        for link in document["links"]:
            self.ok(link["href"], link["type"])
        ids = [collection["id"] for collection in document["collections"]]
        self.assertEqual(len(ids), len(set(ids)))
        for collection, described in self.each():
            self.assertEqual(described["crs"][0], CRS84)
            types = {link["type"] for link in self.links(described, "items")}
            self.assertEqual(types, {GEO_JSON, "text/html"})
            for link in described["links"]:
                self.assertTrue(link["type"], link)

    def test_core_fc_md_extent(self):
        for collection, described in self.each():
            extent = described.get("extent", {})
            shapes = [shape(f["geometry"]) for f in self.features(collection) if f["geometry"]]
            if shapes:
                west, south, east, north = extent["spatial"]["bbox"][0]
                bounds = shapely.total_bounds(shapes)
                for low, value in ((west, bounds[0]), (south, bounds[1])):
                    self.assertLessEqual(low, value + 1e-9)
                for high, value in ((east, bounds[2]), (north, bounds[3])):
                    self.assertGreaterEqual(high, value - 1e-9)
                self.assertEqual(extent["spatial"]["crs"], CRS84)
            for begin, end in extent.get("temporal", {}).get("interval", []):
                for instant in (begin, end):
                    if instant is not None:
                        self.assertIsNotNone(datetime.datetime.fromisoformat(instant).tzinfo)

    def test_core_sfc_md(self):
        for collection, listed in self.each():
            own = self.json(f"/api/collections/{collection}")
            for member in ("id", "title", "description", "extent", "itemType", "crs", "storageCrs"):
                self.assertEqual(own.get(member), listed.get(member), member)
            self.assertEqual(own["itemType"], "feature")
            targets = {(link["rel"], link["href"]) for link in own["links"]}
            self.assertLessEqual({(link["rel"], link["href"]) for link in listed["links"]}, targets)
            for link in own["links"]:
                # Licences stand elsewhere; no test asks another host.
                if link["href"].startswith(self.server.base):
                    self.ok(link["href"], link["type"])
        self.refused("/api/collections/nothing", status=404)
        for end in ("items", "items/1", "queryables", "schema", "export"):
            self.refused(f"/api/collections/nothing/{end}", status=404)

    # Part 1, core: features

    def test_core_fc_op(self):
        for collection, _ in self.each():
            response = self.ok(f"/api/collections/{collection}/items", GEO_JSON)
            self.assertEqual(response.getheader("Content-Type"), GEO_JSON)
            page = json.loads(response.body)
            self.assertEqual(page["type"], "FeatureCollection")
            self.assertIsInstance(page["features"], list)

    def test_core_crs84(self):
        for collection, _ in self.each():
            for feature in self.features(collection):
                self.assertNotIn("crs", feature)
                if feature["geometry"]:
                    west, south, east, north = shape(feature["geometry"]).bounds
                    self.assertTrue(-180 <= west <= east <= 180 and -90 <= south <= north <= 90, feature["id"])

    def parameters(self, collection):
        paths = self.json("/api/openapi.json")["paths"]
        operation = paths[f"/api/collections/{collection}/items"]["get"]
        return {parameter["name"]: parameter for parameter in operation["parameters"]}

    def test_core_fc_limit(self):
        for collection, _ in self.each():
            limit = self.parameters(collection)["limit"]
            schema = limit["schema"]
            self.assertEqual((limit["in"], limit["style"], limit["explode"], limit["required"]), ("query", "form", False, False))
            self.assertEqual(schema["type"], "integer")
            self.assertEqual(schema["minimum"], 1)
            self.assertTrue(1 <= schema["default"] <= schema["maximum"])
            total = self.items(collection)["numberMatched"]
            for number in (1, schema["default"], schema["maximum"], schema["maximum"] + 1, 10**9):
                page = self.items(collection, f"limit={number}")
                self.assertEqual(len(page["features"]), min(number, schema["maximum"], total))

    def test_core_fc_bbox(self):
        boxes = ["-1.5,50,1.5,53", "-80,-5,-70,5", "177,65,-177,70", "-180,85,180,90", "-180,-90,180,-85",
                 "-180,-90,180,90", "11,51,12.5,52.5", "12.4,-10,11.1,80", "11,51,-500,12.5,52.5,9000"]
        for collection, _ in self.each():
            schema = self.parameters(collection)["bbox"]["schema"]
            self.assertEqual((schema["type"], schema["minItems"], schema["maxItems"]), ("array", 4, 6))
            self.assertEqual(schema["items"]["type"], "number")
            self.assertEqual({branch["minItems"] for branch in schema["oneOf"]}, {4, 6})
            everything = self.features(collection)
            for box in boxes:
                numbers = [float(number) for number in box.split(",")]
                if len(numbers) == 6:
                    numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
                west, south, east, north = numbers
                parts = [shapely.box(west, south, east, north)] if west <= east else [
                    shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
                expected = [f["id"] for f in everything if f["geometry"]
                            and any(shape(f["geometry"]).intersects(part) for part in parts)]
                self.assertEqual(self.ids(collection, f"bbox={box}"), expected, box)

    def test_core_fc_time(self):
        spans = ["2016-05-01", "2016-05-01T12:00:00Z", "2016-01-01/2017-12-31", "2016-01-01/..", "../2016-12-31", "2016-01-01/",
                 "/2016-12-31", "2016-01-01T00:00:00Z/2017-12-31T23:59:59.5Z", "2016-01-01T00:00:00+02:00/.."]
        for collection, described in self.each():
            self.assertIn("datetime", self.parameters(collection))
            everything = self.ids(collection)
            for span in spans:
                answer = self.ids(collection, f"datetime={urllib.parse.quote(span)}")
                self.assertLessEqual(set(answer), set(everything))
                if "temporal" not in described.get("extent", {}):
                    self.assertEqual(answer, everything, "features without time always match")
            for closed, opened in (("2016-01-01/", "2016-01-01/.."), ("/2016-12-31", "../2016-12-31")):
                self.assertEqual(self.ids(collection, f"datetime={closed}"), self.ids(collection, f"datetime={opened}"))

    def test_core_bbox_and_datetime_are_an_intersection(self):
        for collection, _ in self.each():
            box, span = "bbox=11,51,12.5,52.5", "datetime=2016-01-01/2016-12-31"
            both = set(self.ids(collection, f"{box}&{span}"))
            self.assertEqual(both, set(self.ids(collection, box)) & set(self.ids(collection, span)))

    def test_core_fc_links(self):
        for collection, _ in self.each():
            page = self.items(collection, "limit=2")
            own, = self.links(page, "self")
            self.assertEqual(own["type"], GEO_JSON)
            other, = self.links(page, "alternate")
            self.assertEqual(other["type"], "text/html")
            for link in page["links"]:
                self.assertTrue(link["rel"] and link["type"])
                self.ok(link["href"], link["type"])
            self.assertEqual([f["id"] for f in self.json(own["href"])["features"]], [f["id"] for f in page["features"]])

    def test_core_paging(self):
        for collection, _ in self.each():
            everything = self.ids(collection)
            size = max(1, len(everything) // 7)
            pages = self.walk(collection, f"limit={size}")
            walked = [feature["id"] for page in pages for feature in page["features"]]
            self.assertEqual(len(set(map(str, walked))), len(walked), "a feature came twice")
            self.assertEqual(walked, everything, "the order is stable and has no gaps")
            self.assertEqual({page["numberMatched"] for page in pages}, {len(walked)})
            for page in pages[:-1]:
                self.assertEqual(len(page["features"]), size)
            for offset in (0, 1, len(walked) // 2, len(walked), len(walked) + 1, 10**9):
                page = self.items(collection, f"limit=3&offset={offset}")
                self.assertEqual([feature["id"] for feature in page["features"]], walked[offset:offset + 3])
                self.assertEqual(bool(self.links(page, "next")), offset + 3 < len(walked))

    def test_core_fc_response(self):
        for collection, _ in self.each():
            before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=30)
            page = self.items(collection, "limit=3")
            stamp = datetime.datetime.fromisoformat(page["timeStamp"])
            self.assertTrue(before < stamp <= datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2))
            self.assertEqual(page["numberReturned"], len(page["features"]))
            self.assertGreaterEqual(page["numberMatched"], page["numberReturned"])

    def test_core_f_op(self):
        for collection, _ in self.each():
            for listed in self.items(collection, "limit=3")["features"]:
                path = f"/api/collections/{collection}/items/{urllib.parse.quote(str(listed['id']), safe='')}"
                response = self.ok(path, GEO_JSON)
                self.assertEqual(response.getheader("Content-Type"), GEO_JSON)
                feature = json.loads(response.body)
                self.assertEqual((feature["type"], feature["id"]), ("Feature", listed["id"]))
                self.assertEqual(feature["properties"], listed["properties"])
                self.assertEqual(feature["geometry"], listed["geometry"])
                self.assertLessEqual({"self", "alternate", "collection"}, {link["rel"] for link in feature["links"]})
                for link in feature["links"]:
                    self.ok(link["href"], link["type"])
            for unknown in ("no-such-feature", "%20", "..%2F..%2Fetc%2Fpasswd", "%F0%9F%98%80"):
                self.assertIn(self.get(f"/api/collections/{collection}/items/{unknown}").status, (404,), unknown)

    # Part 1: GeoJSON, HTML, OpenAPI

    def test_geojson_definition(self):
        self.assertEqual(self.ok("/api").getheader("Content-Type"), "application/json")
        self.assertEqual(self.ok("/api/collections").getheader("Content-Type"), "application/json")
        for collection, _ in self.each():
            for accept in (GEO_JSON, "application/json", "*/*"):
                response = self.ok(f"/api/collections/{collection}/items?limit=1", accept)
                self.assertEqual(response.getheader("Content-Type"), GEO_JSON, accept)

    def test_geojson_content(self):
        position = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}}
        coordinates = {"Point": position}
        coordinates["MultiPoint"] = coordinates["LineString"] = {"type": "array", "items": position}
        coordinates["MultiLineString"] = {"type": "array", "items": {**coordinates["LineString"], "minItems": 2}}
        ring = {"type": "array", "minItems": 4, "items": position}
        coordinates["Polygon"] = {"type": "array", "minItems": 1, "items": ring}
        coordinates["MultiPolygon"] = {"type": "array", "minItems": 1, "items": coordinates["Polygon"]}
        geometry = {"oneOf": [{
            "type": "object", "required": ["type", "coordinates"], "additionalProperties": False,
            "properties": {"type": {"const": name}, "coordinates": schema}} for name, schema in coordinates.items()]}
        collected = {"type": "object", "required": ["type", "geometries"], "additionalProperties": False, "properties": {
            "type": {"const": "GeometryCollection"}, "geometries": {"type": "array", "items": geometry}}}
        feature = {
            "type": "object", "required": ["type", "id", "geometry", "properties"], "properties": {
                "type": {"const": "Feature"}, "id": {"type": ["string", "integer"]}, "properties": {"type": "object"},
                "geometry": {"oneOf": [{"type": "null"}, geometry, collected]}}}
        validator = jsonschema.Draft202012Validator({
            "type": "object", "required": ["type", "features", "links"], "properties": {
                "type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": feature}}})
        for collection, _ in self.each():
            page = self.items(collection, "limit=200")
            validator.validate(page)
            for found in page["features"]:
                for polygon in self.polygons(found["geometry"]):
                    rings = [shapely.LinearRing(positions) for positions in polygon]
                    self.assertEqual([ring.is_ccw for ring in rings], [True] + [False] * (len(rings) - 1))

    def polygons(self, geometry):
        if not geometry:
            return []
        if geometry["type"] == "GeometryCollection":
            return [polygon for member in geometry["geometries"] for polygon in self.polygons(member)]
        return {"Polygon": [geometry.get("coordinates")],
                "MultiPolygon": geometry.get("coordinates")}.get(geometry["type"], [])

    def test_html_definition_and_content(self):
        paths = ["/api", "/api/conformance", "/api/collections"]
        for collection, _ in self.each():
            paths += [f"/api/collections/{collection}{end}" for end in ("", "/items?limit=5", "/queryables", "/schema")]
            paths += [self.item_path(collection)] if self.item_path(collection) else []
        for path in paths:
            response = self.ok(path, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
            self.assertEqual(response.getheader("Content-Type"), "text/html; charset=utf-8", path)
            page = html5lib.HTMLParser(strict=True).parse(response.body.decode())
            space = "{http://www.w3.org/1999/xhtml}"
            targets = {self.plain(link.get("href")) for link in page.iter(f"{space}a")}
            document = self.json(path)
            for link in document.get("links", []):
                if link["rel"] not in ("self", "alternate"):
                    self.assertIn(self.plain(link["href"]), targets, f"{path} {link['rel']}")
            text = "".join(page.itertext())
            for feature in document.get("features", []) or ([document] if document.get("type") == "Feature" else []):
                for name, value in feature["properties"].items():
                    if isinstance(value, str) and "\n" not in value:
                        self.assertIn(value, text, f"{path} {name}")

    def plain(self, target):
        """A link without the origin and without the parameters in which both forms of a document differ."""
        path, _, query = (target or "").removeprefix(self.server.base).partition("?")
        kept = [(n, v) for n, v in urllib.parse.parse_qsl(query) if n not in ("f", "lang", "cursor")]
        return path, tuple(kept)

    def test_oas30_definition(self):
        document = self.json("/api/openapi.json")
        self.assertRegex(document["openapi"], r"^3\.0\.")
        openapi_spec_validator.validate(document)
        self.assertEqual([server["url"] for server in document["servers"]], [self.server.base])
        operations = [path["get"]["operationId"] for path in document["paths"].values()]
        self.assertEqual(len(operations), len(set(operations)))

    def test_oas30_completeness(self):
        document = self.json("/api/openapi.json")
        for collection, _ in self.each():
            base = f"/api/collections/{collection}"
            wanted = {base, f"{base}/items", f"{base}/items/{{featureId}}", f"{base}/queryables", f"{base}/schema"}
            self.assertLessEqual(wanted, set(document["paths"]))
        for path, operations in document["paths"].items():
            codes = set(operations["get"]["responses"])
            self.assertLessEqual({"200", "304", "400", "404", "405", "406", "500"}, codes, path)
            if path.endswith("/items"):
                self.assertIn("410", codes)
            required = [p for p in operations["get"]["parameters"] if p["required"] and p["in"] == "query"]
            if "{" not in path and not required:
                self.ok(path, "*/*")

    def test_content_negotiation(self):
        for path in ["/api", "/api/collections", f"/api/collections/{self.collections[0]['id']}/items"]:
            for accept, html in [
                ("*/*", False), ("text/html", True), ("application/json", False), ("text/html;q=0.5,application/json", False),
                ("text/html,application/json;q=0.5", True), ("text/*", True), ("application/json;q=0,*/*", True),
                ("image/png,*/*;q=0.1", False), ("application/xhtml+xml", True), ("TEXT/HTML", True),
            ]:
                response = self.get(path, accept)
                # GeoJSON is another type than JSON: whoever wants none of this may get that.
                html = html and not (path.endswith("items") and accept.startswith("application/json;q=0"))
                self.assertEqual(response.status, 200, f"{path} {accept}")
                self.assertEqual(response.getheader("Content-Type").startswith("text/html"), html, f"{path} {accept}")
                self.assertIn("Accept", response.getheader("Vary"))
            for accept in ("application/xml", "image/png", "text/html;q=0", "*/*;q=0"):
                self.assertEqual(self.get(path, accept).status, 406, f"{path} {accept}")
            self.assertEqual(self.ok(path + "?f=json", "text/html").getheader("Content-Type"),
                             GEO_JSON if path.endswith("items") else "application/json")
            self.assertTrue(self.ok(path + "?f=html", "application/json").getheader("Content-Type").startswith("text/html"))

    # Part 2: coordinate reference systems

    def test_crs_uris(self):
        for _, described in self.each():
            self.assertTrue(all(uri.startswith("http://www.opengis.net/def/crs/") for uri in described["crs"]))
            self.assertIn(CRS84, described["crs"])
            self.assertIn(described["storageCrs"], described["crs"])

    def test_crs_parameter(self):
        for collection, described in self.each():
            default = self.items(collection, "limit=20")["features"]
            self.assertEqual(self.ok(f"/api/collections/{collection}/items").getheader("Content-Crs"), f"<{CRS84}>")
            for uri in described["crs"]:
                quoted = urllib.parse.quote(uri, safe="")
                response = self.ok(f"/api/collections/{collection}/items?limit=20&crs={quoted}", GEO_JSON)
                self.assertEqual(response.getheader("Content-Crs"), f"<{uri}>")
                back = pyproj.Transformer.from_crs(pyproj.CRS.from_user_input(uri), pyproj.CRS.from_user_input(CRS84))
                for feature, original in zip(json.loads(response.body)["features"], default, strict=True):
                    self.assertEqual(feature["id"], original["id"])
                    if not original["geometry"] or not feature["geometry"]:
                        # Nothing, or what this CRS cannot express.
                        self.assertIsNone(feature["geometry"])
                        continue
                    found = shapely.get_coordinates(shape(feature["geometry"]))
                    there = shapely.get_coordinates(shape(original["geometry"]))
                    xs, ys = back.transform(found[:, 0], found[:, 1])
                    for x, y, (lon, lat) in zip(xs, ys, there, strict=True):
                        self.assertLess(abs(x - lon), 1e-6 if abs(lat) < 80 else 1e-4, uri)
                        self.assertLess(abs(y - lat), 1e-6, uri)
                path = self.item_path(collection)
                if path:
                    self.assertEqual(self.ok(f"{path}?crs={quoted}").getheader("Content-Crs"), f"<{uri}>")

    def test_crs_parameter_invalid(self):
        for collection, _ in self.each():
            self.refused(f"/api/collections/{collection}/items?crs={EPSG}unsupported", "crs")
            self.refused(f"/api/collections/{collection}/items?bbox=1,1,2,2&bbox-crs={EPSG}unsupported", "bbox-crs")
            if self.item_path(collection):
                self.refused(f"{self.item_path(collection)}?crs={EPSG}unsupported", "crs")

    def test_crs_bbox_crs_parameter(self):
        box = (11.0, 51.5, 12.0, 52.5)
        for collection, described in self.each():
            everything = [f for f in self.features(collection) if f["geometry"]]
            plain = self.ids(collection, "bbox=" + ",".join(map(str, box)))
            self.assertEqual(self.ids(collection, f"bbox={','.join(map(str, box))}&bbox-crs={CRS84}"), plain)
            for uri in described["crs"]:
                to = pyproj.Transformer.from_crs(pyproj.CRS.from_user_input(CRS84), pyproj.CRS.from_user_input(uri))
                first, second = to.transform([box[0], box[2]], [box[1], box[3]])
                stated = ",".join(repr(number) for number in (first[0], second[0], first[1], second[1]))
                found = self.ids(collection, f"bbox={stated}&bbox-crs={urllib.parse.quote(uri, safe='')}")
                region = shapely.box(first[0], second[0], first[1], second[1])
                moved = {
                    f["id"]: shapely.transform(
                        shape(f["geometry"]), lambda xy: list(zip(*to.transform(xy[:, 0], xy[:, 1]))))
                    for f in everything}
                # Within a millimetre, to which coordinates in metres are given, either answer is right.
                unit = 1e-8 if "4326" in uri or uri == CRS84 else 1e-3
                surely = {i for i, s in moved.items() if s.intersects(region.buffer(-unit))}
                perhaps = {i for i, s in moved.items() if s.intersects(region.buffer(unit))}
                self.assertLessEqual(surely, set(found), uri)
                self.assertLessEqual(set(found), perhaps, uri)

    # Part 3: queryables and filtering

    def test_queryables_uris(self):
        for collection, described in self.each():
            link = self.ok(f"/api/collections/{collection}/items").getheader("Link")
            target = re.match(r'<([^>]+)>; rel="([^"]+)"', link)
            self.assertEqual(target.group(2), QUERYABLES)
            self.ok(target.group(1), "application/schema+json")
            self.assertEqual(len(self.links(described, QUERYABLES)), 1)

    def queryables(self, collection):
        return self.json(f"/api/collections/{collection}/queryables")

    def test_queryables(self):
        for collection, _ in self.each():
            response = self.ok(f"/api/collections/{collection}/queryables", "application/schema+json")
            self.assertEqual(response.getheader("Content-Type"), "application/schema+json")
            schema = json.loads(response.body)
            jsonschema.Draft202012Validator.check_schema(schema)
            self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
            self.assertEqual(schema["$id"], f"{self.server.base}/api/collections/{collection}/queryables")
            self.assertEqual((schema["type"], schema["additionalProperties"]), ("object", False))
            self.assertTrue(schema["properties"])
            for name, queryable in schema["properties"].items():
                self.assertTrue("type" in queryable or queryable["format"].startswith("geometry-"), name)
                self.assertTrue(queryable.get("title") or "format" in queryable, name)

    def test_queryables_query_parameters(self):
        """Every field of records is a parameter, unless its name is taken; analyses' depend on what is asked."""
        for collection, described in self.each():
            if "definition" in described:
                continue
            parameters = self.parameters(collection)
            feature = self.items(collection, "limit=1")["features"][0]
            properties = {**feature["properties"]}
            for name, schema in self.queryables(collection)["properties"].items():
                value = properties.get(name)
                if "type" not in schema or isinstance(value, (list, type(None))) or value == "":
                    continue
                self.assertIn(name, parameters)
                if name in ("limit", "filter", "date", "f", "q", "lang", "crs", "bbox", "cursor", "properties", "sortby"):
                    continue
                text = str(value).lower() if isinstance(value, bool) else str(value)
                if "format" in schema and schema["format"] == "date" and len(text) < 10:
                    continue
                query = urllib.parse.urlencode({name: text})
                found = self.features(collection, query)
                self.assertIn(feature["id"], [f["id"] for f in found], name)
                for other in found:
                    self.assertEqual(str(other["properties"].get(name)).lower(), str(value).lower(), name)
                if schema["type"] in ("number", "integer", "boolean"):
                    self.refused(f"/api/collections/{collection}/items?{urllib.parse.quote(name)}=abc", name)

    def test_filter_param(self):
        for collection, described in self.each():
            total = len(self.ids(collection))
            for name, schema in self.queryables(collection)["properties"].items():
                quoted = '"' + name.replace('"', '""') + '"'
                empty = self.ids(collection, urllib.parse.urlencode({"filter-lang": "cql2-text", "filter": f"{quoted} IS NULL"}))
                stated = self.ids(collection, urllib.parse.urlencode({"filter": f"{quoted} IS NOT NULL"}))
                self.assertFalse(set(empty) & set(stated), name)
                self.assertEqual(len(empty) + len(stated), total, name)
            self.refused(f"/api/collections/{collection}/items?filter-lang=cql2-text&filter=THIS+IS+NOT+A+FILTER", "filter")
            self.refused(f"/api/collections/{collection}/items?filter=this_is_not_a_queryable+IS+NULL", "filter")

    def geometry(self, collection):
        names = [n for n, s in self.queryables(collection)["properties"].items() if s.get("format", "").startswith("geometry-")]
        return names[0] if names else None

    def test_filter_crs(self):
        for collection, described in self.each():
            name = self.geometry(collection)
            if not name or "extent" not in described:
                continue
            box = ",".join(map(str, described["extent"]["spatial"]["bbox"][0]))
            placed = [f["id"] for f in self.features(collection) if f["geometry"]]
            inside = urllib.parse.urlencode({"filter": f'S_INTERSECTS("{name}",BBOX({box}))'})
            self.assertEqual(self.ids(collection, inside), placed)
            far = urllib.parse.quote(f'S_INTERSECTS("{name}",BBOX(1000000,1000000,1000001,1000001))')
            self.refused(f"/api/collections/{collection}/items?filter={far}", "filter")
            self.refused(f"/api/collections/{collection}/items?filter={far}&filter-crs=x", "filter-crs")
            swapped = urllib.parse.urlencode({
                "filter": f'S_INTERSECTS("{name}",BBOX(51.5,11,52.5,12))', "filter-crs": EPSG + "4326"})
            straight = urllib.parse.urlencode({"filter": f'S_INTERSECTS("{name}",BBOX(11,51.5,12,52.5))'})
            self.assertEqual(self.ids(collection, swapped), self.ids(collection, straight))

    def test_filter_mixing_expressions(self):
        for collection, _ in self.each():
            name = self.geometry(collection)
            if not name:
                continue
            condition = urllib.parse.urlencode({"filter": f'S_INTERSECTS("{name}",BBOX(11,50,13,54))'})
            box, span = "bbox=10,51.5,12,52.5", "datetime=2016-01-01/.."
            each = [set(self.ids(collection, part)) for part in (condition, box, span)]
            self.assertEqual(set(self.ids(collection, f"{condition}&{box}&{span}")), each[0] & each[1] & each[2])

    def test_sortby_and_properties(self):
        for collection, _ in self.each():
            features = self.features(collection)
            schema = self.json(f"/api/collections/{collection}/schema")["properties"]
            jsonschema.Draft202012Validator.check_schema(self.json(f"/api/collections/{collection}/schema"))
            for feature in features[:50]:
                self.assertLessEqual(set(feature["properties"]), set(schema) | set(feature["properties"]))
            names = [n for n, s in schema.items() if "integer" in s.get("type", []) or "number" in s.get("type", [])][:3]
            for name in names:
                if not any(name in f["properties"] for f in features):
                    continue
                for sign in ("", "-"):
                    quoted = urllib.parse.quote(sign + name)
                    found = [f["properties"][name] for f in self.features(collection, f"sortby={quoted}")]
                    stated = [value for value in found if value is not None]
                    self.assertEqual(stated, sorted(stated, reverse=sign == "-"))
                    self.assertEqual(found[:len(stated)], stated, "what is not stated comes last")
                page = self.items(collection, f"limit=5&properties={urllib.parse.quote(name)}")
                self.assertTrue(all(set(f["properties"]) == {name} for f in page["features"]))


class PackConformanceTest(Conformance, ServedPackTest):
    """On the pack of Saxony-Anhalt, analyses included."""


class OtherFileConformanceTest(Conformance, ProjectTest):
    """On a GeoPackage of another's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-conformance-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.server = Server(None, "--collections", str(fill(folder / "fremd.gpkg")))
        cls.addClassCleanup(cls.server.close)
