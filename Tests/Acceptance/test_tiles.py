"""Tiles of the built binary, decoded by other programs and held against the outlines that they were made from."""

import json
import math
import pathlib
import random
import re
import shutil
import tempfile
import threading
import unittest

import numpy as np
import pyogrio
import shapely
from shapely.ops import polylabel

import decoded
from browser import Browser
from decoded import Areas
from project import ROOT, TEST_DATA, ProjectTest, ServedPackTest, Server, country, eventually, kompass

COUNTRY_ZOOMS = range(0, 13)


def outlines(file):
    """Key and outline of each feature of a pack's file."""
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["key"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in features}


class TileTest(unittest.TestCase):
    # How far a simplified border strays, in steps of the grid; islands that stand as one step come to lie farther off.
    REACH = 16

    def assert_coverage(self, areas, source, zoom, message):
        """Valid surfaces, borders shared in full, no gap between neighbours, nobody lost."""
        message = f"{message} zoom {zoom}"
        self.assertEqual(set(areas.keys), set(source), f"{message}: areas are lost")
        self.assertTrue(shapely.is_valid(areas.pieces).all(), f"{message}: invalid surfaces")
        self.assertTrue(shapely.is_valid(areas.whole).all(), f"{message}: invalid surfaces with their buffers")
        places = shapely.get_coordinates(areas.pieces)
        self.assertTrue((places == np.round(places)).all(), f"{message}: a cut made a vertex beside the grid")
        self.assertTrue(shapely.coverage_is_valid(areas.pieces), f"{message}: no valid coverage")
        total = shapely.area(areas.pieces).sum()
        self.assertEqual(shapely.area(shapely.coverage_union_all(areas.pieces)), total, f"{message}: overlaps")
        self.assertEqual(self.tears(areas, source, zoom), 0, f"{message}: gaps between neighbours")

    # Outlines that were joined, and what they gave, by identity: they are joined once for all zooms.
    unions = {}

    def union(self, source):
        if id(source) not in self.unions:
            self.unions[id(source)] = source, shapely.union_all(list(source.values()))
        return self.unions[id(source)][1]

    def tears(self, areas, source, zoom):
        """How many edges no neighbour shares though they do not lie on the outer border. A coverage is valid with any
        number of gaps, so this is looked at apart."""
        border = decoded.grid_geometry(self.union(source), zoom).boundary
        # In single edges: the distance to a line of a whole country is found by looking at all of it.
        lines = [shapely.get_coordinates(line) for line in shapely.get_parts(border)]
        sides = np.stack([np.concatenate([line[:-1] for line in lines]), np.concatenate([line[1:] for line in lines])], axis=1)
        edges = areas.open_edges()
        _, distances = shapely.STRtree(shapely.linestrings(sides)).query_nearest(edges, return_distance=True, all_matches=False)
        return int((distances > self.REACH).sum())


class CountryTilesTest(ProjectTest, TileTest):
    """All 400 districts of Germany, z4 to z12."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not (TEST_DATA / "thuenen").exists():
            raise unittest.SkipTest(f"no test data: {TEST_DATA}")
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="kompass-country-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        pack, project = country()
        cls.project = pathlib.Path(shutil.copy(project, cls.shared))
        cls.archives = [cls.shared / "districts.mbtiles", cls.shared / "districts.pmtiles"]
        for path in cls.archives:
            cls.run_program(
                "export", cls.project, "--format", path.suffix[1:], "-o", path, "--layers", "districts", "--max-zoom",
                str(COUNTRY_ZOOMS[-1]))
        cls.outlines = outlines(pack / "districts.geojson")
        cls.read = {}

    @staticmethod
    def run_program(*arguments):
        result = kompass(*arguments)
        if result.returncode:
            raise AssertionError(result.stderr)

    def decoded(self, zoom):
        """The districts at a zoom, read once for all tests."""
        if zoom not in self.read:
            self.read[zoom] = Areas.decoded(decoded.mbtiles(self.archives[0], zoom), "districts")
        return self.read[zoom]

    def test_districts_are_a_coverage_at_every_zoom(self):
        self.assertEqual(len(self.outlines), 400)
        squares = {}
        for zoom in COUNTRY_ZOOMS:
            areas = self.decoded(zoom)
            self.assert_coverage(areas, self.outlines, zoom, "districts")
            squares[zoom] = areas.squares()
        # Islands collapse where a step is wider than they are, and come back on the way down.
        self.assertEqual(sorted(squares.values(), reverse=True), list(squares.values()), squares)

    def test_what_collapses_is_counted(self):
        server = Server(self.project)
        self.addCleanup(server.close)
        tiles = [
            (x, y, response.body)
            for x, y in ((x, y) for x in range(7, 10) for y in range(4, 7))
            if (response := server.get(f"/tiles/kompass/4/{x}/{y}.mvt?layers=districts")).status == 200
        ]
        self.assertEqual(set(Areas.decoded(tiles, "districts").keys), set(self.outlines))
        metrics = server.get("/metrics").body.decode()
        counted = int(re.search(r'^kompass_tile_collapsed_parts\{zoom="4"\} (\d+)$', metrics, re.M).group(1))
        # Rounded to the grid alone, these are nothing; simplifying can only add to them.
        parts = [
            np.round(shapely.get_coordinates(part.exterior)) for outline in self.outlines.values()
            for part in shapely.get_parts(decoded.grid_geometry(outline, 4))
        ]
        nothing = sum(1 for places in parts if len(np.unique(places, axis=0)) < 3)
        self.assertGreater(counted, 0)
        self.assertGreaterEqual(counted, nothing)
        self.assertNotIn('zoom="9"', metrics, "only zooms that have been drawn")

    def test_the_check_finds_a_moved_vertex(self):
        areas = self.decoded(8)
        piece = max(range(len(areas.pieces)), key=lambda number: shapely.get_num_coordinates(areas.pieces[number]))
        places = shapely.get_coordinates(areas.pieces[piece])
        border = decoded.grid_geometry(self.union(self.outlines), 8).boundary
        far = [place for place in places if shapely.distance(border, shapely.Point(place)) > 2 * self.REACH]
        inner = far[len(far) // 2]
        for step in (1, -1):
            torn = Areas(areas.keys, areas.pieces, [])
            torn.pieces[piece] = shapely.transform(
                areas.pieces[piece], lambda all, step=step: np.where((all == inner).all(axis=1)[:, None], all + (step, step), all))
            self.assertGreater(self.tears(torn, self.outlines, 8), 0)

    def test_outlines_are_those_of_the_source(self):
        for zoom in (6, 9, 12):
            joined = self.decoded(zoom).joined()
            for key, outline in self.outlines.items():
                source = decoded.grid_geometry(outline, zoom)
                distance = shapely.hausdorff_distance(joined[key].boundary, source.boundary)
                islands = len(shapely.get_parts(source)) > 1
                self.assertLess(distance, self.REACH if not islands else 4 * self.REACH, (zoom, key))

    def test_gdal_reads_the_same(self):
        for path in self.archives:
            self.assertEqual([name for name, _ in pyogrio.list_layers(path)], ["districts"])
        for zoom in COUNTRY_ZOOMS:
            own = self.decoded(zoom)
            wanted = decoded.spelled(own.whole_keys, own.whole)
            for path in self.archives:
                keys, surfaces = decoded.read_by_gdal(path, "districts", zoom)
                self.assertTrue(shapely.is_valid(surfaces).all(), (path.suffix, zoom))
                self.assertEqual(decoded.spelled(keys, surfaces), wanted, (path.suffix, zoom))


class PackTilesTest(ServedPackTest, TileTest):
    """Saxony-Anhalt as it is served."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = ROOT / "Data" / "sachsen-anhalt"
        cls.outlines = {level: outlines(folder / f"{level}.geojson") for level in ("districts", "municipalities")}
        cls.bounds = cls.server.json("/tiles/kompass.json")["bounds"]

    def served(self, zoom, query=""):
        """Column, row and bytes of each tile of a zoom that holds something, over HTTP."""
        west, south, east, north = self.bounds
        (left, top), (right, bottom) = decoded.tile_at(west, north, zoom), decoded.tile_at(east, south, zoom)
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                response = self.server.get(f"/tiles/kompass/{zoom}/{x}/{y}.mvt{query}")
                if response.status == 200:
                    yield x, y, response.body
                else:
                    self.assertEqual(response.status, 204)

    def test_served_municipalities_are_a_coverage(self):
        self.assertEqual(len(self.outlines["municipalities"]), 218)
        for zoom in (7, 8, 9):
            areas = Areas.decoded(self.served(zoom, "?layers=municipalities"), "municipalities")
            self.assert_coverage(areas, self.outlines["municipalities"], zoom, "municipalities")

    def test_exported_municipalities_are_a_coverage_within_their_districts(self):
        path = self.folder / "areas.mbtiles"
        result = kompass(
            "export", self.project, "--format", "mbtiles", "-o", path, "--layers", "districts,municipalities",
            "--max-zoom", "12")
        self.assertEqual(result.returncode, 0, result.stderr)
        for zoom in range(7, 13):
            tiles = list(decoded.mbtiles(path, zoom))
            municipalities = Areas.decoded(tiles, "municipalities")
            districts = Areas.decoded(tiles, "districts")
            self.assert_coverage(municipalities, self.outlines["municipalities"], zoom, "municipalities")
            self.assert_coverage(districts, self.outlines["districts"], zoom, "districts")
            sums = {}
            for key, area in municipalities.areas().items():
                sums[key[:5]] = sums.get(key[:5], 0) + area
            self.assertEqual(sums, districts.areas(), f"zoom {zoom}: municipalities fill their districts")

    def test_labels_stand_at_the_pole_of_inaccessibility(self):
        """One for each area, as far from its border as any place in it: held against shapely's own search."""
        zoom = 14
        path = self.folder / "labels.mbtiles"
        result = kompass(
            "export", self.project, "--format", "mbtiles", "-o", path, "--layers", "labels", "--min-zoom", zoom, "--max-zoom", zoom)
        self.assertEqual(result.returncode, 0, result.stderr)
        places = {}
        for x, y, data in decoded.mbtiles(path, zoom):
            for feature in decoded.decode(data)["labels"]["features"]:
                place = shapely.geometry.shape(feature["geometry"])
                if 0 <= place.x < 4096 and 0 <= place.y < 4096:
                    self.assertNotIn(feature["properties"]["key"], places)
                    places[feature["properties"]["key"]] = decoded.moved(place, x, y)
        outlines = self.outlines["districts"] | self.outlines["municipalities"]
        self.assertEqual(set(places), set(outlines))
        for key, outline in outlines.items():
            surface = decoded.grid_geometry(outline, zoom)
            self.assertTrue(surface.contains(places[key]), key)
            # Within about twenty metres.
            farthest = max(
                polylabel(part, tolerance=50).distance(part.boundary) for part in getattr(surface, "geoms", [surface]))
            self.assertGreater(places[key].distance(surface.boundary), 0.98 * farthest, key)

    def test_deepest_tiles_are_the_source_rounded_to_the_grid(self):
        chance = random.Random(7)
        zoom = 14
        places = [
            chance.choice(shapely.get_coordinates(outline)) for outline in self.outlines["districts"].values()
            for _ in range(3)
        ]
        compared = 0
        for longitude, latitude in places:
            x, y = decoded.tile_at(longitude, latitude, zoom)
            response = self.server.get(f"/tiles/kompass/{zoom}/{x}/{y}.mvt?layers=districts")
            self.assertEqual(response.status, 200)
            box = decoded.core(x, y)
            for feature in decoded.decode(response.body)["districts"]["features"]:
                drawn = shapely.intersection(
                    decoded.moved(shapely.geometry.shape(feature["geometry"]), x, y), box)
                key = feature["properties"]["key"]
                self.assertEqual(feature["id"], int(key))
                source = shapely.intersection(
                    decoded.grid_geometry(self.outlines["districts"][key], zoom), box)
                # Rounding moves a border by less than a step to either side.
                difference = shapely.area(shapely.symmetric_difference(drawn, source))
                self.assertLessEqual(difference, shapely.length(drawn) + 4, (x, y, key))
                compared += 1
        self.assertGreaterEqual(compared, 60)

    def test_gdal_reads_a_served_tile(self):
        x, y = decoded.tile_at(11.63, 52.13, 9)
        data = self.server.get(f"/tiles/kompass/9/{x}/{y}.mvt").body
        path = self.write("tile.mvt", data)
        options = {"X": x, "Y": y, "Z": 9, "CLIP": "NO"}
        layers = {name for name, _ in pyogrio.list_layers(path)}
        own = decoded.decode(data)
        self.assertEqual(layers, set(own))
        for name in layers:
            frame = pyogrio.read_dataframe(path, layer=name, **options)
            self.assertEqual(len(frame), len(own[name]["features"]), name)
            # Borders have no ids; the one reader gives 0 for that, the other nothing.
            if name != "borders":
                self.assertEqual(
                    sorted(frame.mvt_id), sorted(feature["id"] for feature in own[name]["features"]), name)
            if name in ("districts", "municipalities"):
                self.assertTrue(frame.geometry.is_valid.all())
                self.assertEqual(
                    sorted(frame.key), sorted(feature["properties"]["key"] for feature in own[name]["features"]))

    # --- answers of analyses --------------------------------------------------------------------------------------------

    def test_gaps_are_those_of_the_collection(self):
        query = "radius=5000&category=training"
        items = self.server.json(f"/api/collections/gaps/items?{query}&limit=10000&f=json")
        source = {f["id"]: f for f in items["features"]}
        self.assertGreater(len(source), 10)
        for zoom in (6, 9):
            pieces = {}
            for x, y, data in self.served(zoom, f"?layers=gaps&{query}"):
                tile = decoded.decode(data)
                self.assertEqual(set(tile), {"gaps"})
                for feature in tile["gaps"]["features"]:
                    surface = decoded.moved(shapely.geometry.shape(feature["geometry"]), x, y)
                    self.assertTrue(shapely.is_valid(surface))
                    cut = decoded.surfaces_of(shapely.intersection(surface, decoded.core(x, y)))
                    pieces.setdefault(feature["id"], (feature["properties"], []))[1].append(cut)
            self.assertEqual(len(pieces), len(source), f"zoom {zoom}: surfaces are lost")
            everything = np.array([piece for _, cuts in pieces.values() for piece in cuts])
            self.assertTrue(shapely.coverage_is_valid(everything[shapely.area(everything) > 0]))
            people = sum(properties.get("people", 0) for properties, _ in pieces.values())
            self.assertEqual(people, sum(f["properties"]["people"] for f in source.values()))
            total = shapely.area(everything).sum()
            wanted = sum(
                shapely.area(decoded.grid_geometry(shapely.from_geojson(json.dumps(f["geometry"])), zoom))
                for f in source.values())
            self.assertLess(abs(total / wanted - 1), 0.01 if zoom == 6 else 0.001)

    def test_archives_hold_answers_as_they_are_served(self):
        path = self.folder / "answers.mbtiles"
        result = kompass(
            "export", self.project, "--format", "mbtiles", "-o", path, "--layers", "districts,gaps,access", "--category",
            "training", "--max-zoom", "7")
        self.assertEqual(result.returncode, 0, result.stderr)
        seen = set()
        for zoom in range(8):
            served = {(x, y): data for x, y, data in self.served(zoom, "?layers=districts,gaps,access&category=training")}
            self.assertEqual({(x, y): data for x, y, data in decoded.mbtiles(path, zoom)}, served, zoom)
            seen |= {name for data in served.values() for name in decoded.decode(data)}
        self.assertEqual(seen, {"districts", "gaps", "access"})

    def test_access_is_that_of_the_collection(self):
        query = "category=training&area=15003"
        features = self.server.json(f"/api/collections/access/items?{query}&limit=10000&f=json")["features"]
        source = {f["id"]: f["properties"] for f in features}
        self.assertGreater(len(source), 50)
        seen = {}
        for x, y, data in self.served(10, f"?layers=access&{query}"):
            for feature in decoded.decode(data)["access"]["features"]:
                left, top = feature["geometry"]["coordinates"]
                if 0 <= left < decoded.EXTENT and 0 <= top < decoded.EXTENT:
                    self.assertNotIn(feature["properties"]["cell"], seen, "a cell counts once")
                    seen[feature["properties"]["cell"]] = feature["properties"]
        self.assertEqual(set(seen), set(source))
        for cell, properties in seen.items():
            self.assertEqual(properties["people"], source[cell]["people"])
            self.assertEqual(properties["distance_m"], math.floor(source[cell]["distance_m"] + 0.5))
            self.assertEqual(properties["nearest_offer_id"], source[cell]["nearest_offer_id"])

    def attributes(self, zoom, layer, query):
        return {
            feature["properties"]["key"]: feature["properties"]
            for _, _, data in self.served(zoom, f"?layers={layer}{query}")
            for feature in decoded.decode(data)[layer]["features"]
        }

    def test_districts_carry_the_rural_index(self):
        shown = self.attributes(6, "districts", "")
        answer = {r["ags"]: r for r in self.server.json("/api/rural?level=district")["regions"]}
        regions = self.server.json("/api/rural")["regions"]
        published = {member: region for region in regions for member in region["members"]}
        self.assertEqual(set(shown), set(answer))
        for key, properties in shown.items():
            self.assertAlmostEqual(properties["rural_index"], answer[key]["index"], delta=0.00005 + 1e-12)
            self.assertEqual(properties["rural_class"], answer[key]["class"])
            self.assertEqual(properties["rural_published_index"], published[key]["published_index"])
            self.assertEqual(properties["rural_published_type"], published[key]["published_type"])
        towns = self.attributes(8, "municipalities", "")
        answer = {r["ags"]: r for r in self.server.json("/api/rural?level=municipality")["regions"]}
        self.assertEqual(set(towns), set(answer))
        for key, properties in towns.items():
            self.assertEqual(properties.get("rural_class"), answer[key]["class"])
            self.assertNotIn("rural_published_index", properties)

    def test_areas_carry_the_coverage_under_the_filter(self):
        fields = json.loads((ROOT / "Tiles" / "tileset.json").read_text(encoding="utf-8"))["layers"]
        for layer, level, zoom in (("districts", "district", 6), ("municipalities", "municipality", 8)):
            query = "category=training&date=2018-06-01&radius=10000"
            answer = {
                area["key"]: area for area in self.server.json(f"/api/coverage?level={level}&{query}&f=json")["areas"]
            }
            names = [
                a["name"] for a in next(entry for entry in fields if entry["id"] == layer)["attributes"]
                if a.get("figures") == "coverage"
            ]
            self.assertGreater(len(names), 5)
            shown = self.attributes(zoom, layer, f"&figures=coverage&{query}")
            self.assertEqual(set(shown), set(answer))
            for key, properties in shown.items():
                for name in names:
                    wanted = answer[key][name]
                    if wanted is None:
                        self.assertNotIn(name, properties)
                    elif name.endswith("_m") and name.startswith("distance"):
                        self.assertEqual(properties[name], math.floor(wanted + 0.5))
                    else:
                        self.assertAlmostEqual(properties[name], wanted, delta=abs(wanted) * 1e-7)


class ChoroplethTest(ServedPackTest):
    """MapLibre draws the areas edge to edge: the final judge of shared borders."""

    # Draws one layer of areas on a red ground, no lines; gives for each pixel whether the ground shows.
    DRAW = """
    (async () => {
      if (!globalThis.maplibregl) await new Promise((done, fail) => {
        const script = document.createElement("script");
        script.src = "/assets/maplibre/maplibre-gl.js";
        script.onload = done; script.onerror = fail;
        document.head.append(script);
      });
      const frame = document.createElement("div");
      Object.assign(frame.style, { position: "fixed", left: 0, top: 0, width: "%(side)dpx", height: "%(side)dpx", zIndex: 9999 });
      document.body.append(frame);
      const map = new maplibregl.Map({
        container: frame, interactive: false, attributionControl: false, fadeDuration: 0, pixelRatio: 1,
        center: %(center)s, zoom: %(zoom)s, canvasContextAttributes: { preserveDrawingBuffer: true, antialias: false },
        style: {
          version: 8,
          sources: { areas: { type: "vector", url: location.origin + "/tiles/kompass.json?layers=%(layer)s" } },
          layers: [
            { id: "ground", type: "background", paint: { "background-color": "#ff0000" } },
            { id: "areas", type: "fill", source: "areas", "source-layer": "%(layer)s", filter: %(filter)s,
              paint: { "fill-antialias": %(smooth)s, "fill-color": ["case", ["==", ["%%", ["id"], 2], 0], "#003366", "#0066cc"] } },
          ],
        },
      });
      await new Promise((done, fail) => { map.once("idle", done); map.on("error", (event) => fail(event.error)); });
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = %(side)d;
      const context = canvas.getContext("2d");
      context.drawImage(map.getCanvas(), 0, 0);
      const data = context.getImageData(0, 0, %(side)d, %(side)d).data;
      let text = "";
      for (let place = 0; place < data.length; place += 4) text += data[place] > 0 ? "1" : "0";
      map.remove();
      frame.remove();
      return text;
    })()
    """
    SIDE = 700

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser(width=1000, height=800)
        cls.addClassCleanup(cls.browser.close)
        cls.browser.open(cls.server.base + "/api")
        cls.state = shapely.union_all(
            list(outlines(ROOT / "Data" / "sachsen-anhalt" / "districts.geojson").values()))

    def ground(self, layer, center, zoom, only="true", smooth=True):
        """How many pixels inside the state show the ground, and how many there are."""
        text = self.browser.evaluate(self.DRAW % {
            "side": self.SIDE, "center": list(center), "zoom": zoom, "layer": layer, "filter": only,
            "smooth": json.dumps(smooth)})
        shown = np.array(list(text), dtype="U1").reshape(self.SIDE, self.SIDE) == "1"
        size = 512 * 2**zoom
        middle = decoded.to_grid(*center, 0)
        left, top = (ordinate / decoded.EXTENT * size - self.SIDE / 2 for ordinate in middle)

        def to_pixels(places):
            x = (places[:, 0] + 180) / 360 * size - left
            y = (1 - np.arcsinh(np.tan(np.radians(places[:, 1]))) / np.pi) / 2 * size - top
            return np.column_stack([x, y])

        # The outer border is simplified: what lies two pixels inside of it is inside.
        inside = shapely.transform(shapely.clip_by_rect(self.state, *self.view(center, zoom)), to_pixels).buffer(-2)
        rows, columns = np.mgrid[0:self.SIDE, 0:self.SIDE]
        shapely.prepare(inside)
        is_inside = shapely.contains_xy(inside, columns + 0.5, rows + 0.5)
        return int((shown & is_inside).sum()), int(is_inside.sum())

    def view(self, center, zoom):
        """A box in degrees that holds the picture."""
        reach = 360 * self.SIDE / (512 * 2**zoom)
        return center[0] - reach, center[1] - reach, center[0] + reach, center[1] + reach

    def test_no_ground_shows_between_neighbours(self):
        middle, corner = (11.7, 52.0), (11.35, 51.75)
        for layer, center, zoom in (
            ("districts", middle, 4.6), ("districts", middle, 6), ("districts", middle, 6.7), ("districts", corner, 8.3),
            ("districts", corner, 10), ("districts", corner, 12.5), ("municipalities", middle, 7),
            ("municipalities", corner, 8.9), ("municipalities", corner, 11.4),
        ):
            # As the map's style draws them.
            shown, pixels = self.ground(layer, center, zoom)
            self.assertGreater(pixels, 1000)
            self.assertEqual(shown, 0, f"{layer} at zoom {zoom}: ground between neighbours, of {pixels} pixels")
            # Without smoothing, which would hide gaps below half a pixel. The rasteriser itself leaves out a pixel now
            # and then whose middle lies on an edge to a hundredth of a pixel; a gap shows along its whole length.
            shown, _ = self.ground(layer, center, zoom, smooth=False)
            self.assertLessEqual(shown, 3, f"{layer} at zoom {zoom}: a gap between neighbours")

    def test_the_check_sees_a_missing_district(self):
        shown, pixels = self.ground("districts", (11.7, 52.0), 6, '["!=", ["id"], 15003]')
        self.assertGreater(shown, 10)
        self.assertLess(shown, pixels / 10)


class ReloadTest(ProjectTest):
    """The file changes while clients read tiles: nobody ever gets an old tile under a new URL."""

    X, Y = decoded.tile_at(11.63, 52.13, 8)

    def offers(self, count):
        lines = ["id,title,category,delivery,lon,lat"]
        lines += [f"o{n},Angebot {n},counselling,on_site,{11.63 + n / 1000},52.13" for n in range(count)]
        return self.write("offers.csv", "\n".join(lines) + "\n")

    def put(self, count):
        result = kompass("import", "offers", self.offers(count), "--into", self.project, "--region", "test")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_no_old_tile_under_a_new_url(self):
        self.project = self.folder / "kompass.gpkg"
        self.put(5)
        server = Server(self.project)
        self.addCleanup(server.close)
        finished = threading.Event()
        kept, known, problems = {}, {}, []
        lock = threading.Lock()

        def read():
            urls = set()
            while not finished.is_set():
                url = server.json("/tiles/kompass.json?layers=offers")["tiles"][0]
                urls.add(url)
                # The newest URL, and every older one that a client may still hold.
                for asked in [url, *urls]:
                    path = asked[len(server.base):]
                    path = path.replace("{z}", "8").replace("{x}", str(self.X)).replace("{y}", str(self.Y))
                    response = server.get(path)
                    features = decoded.decode(response.body)["offers"]["features"]
                    count = sum(feature["properties"].get("point_count", 1) for feature in features)
                    with lock:
                        if "immutable" in response.headers["Cache-Control"]:
                            version = re.search(r"v=([^&-]+)", path).group(1)
                            if kept.setdefault(version, count) != count:
                                problems.append((version, kept[version], count))
                            if response.headers["Kompass-Data-Version"] != version:
                                problems.append((version, response.headers["Kompass-Data-Version"]))
                        elif response.headers["Cache-Control"] != "no-store":
                            problems.append((path, response.headers["Cache-Control"]))
                # The same count by another way, for the version that the answer names.
                items = server.json("/api/collections/offers/items?limit=1&f=json")
                with lock:
                    known[items["data_version"]] = items["numberMatched"]

        def seen(count):
            with lock:
                return count in kept.values() and count in known.values()

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for count in range(6, 14):
                self.put(count)
                # On only when somebody has read this version in both ways, or no reader is left to do so.
                eventually(lambda: seen(count) or not any(reader.is_alive() for reader in readers), f"{count} offers are read: it")
        finally:
            finished.set()
            for reader in readers:
                reader.join()
        self.assertEqual(problems, [])
        both = set(kept) & set(known)
        self.assertGreaterEqual(len(both), 8, "every version has been read")
        for version in both:
            self.assertEqual(kept[version], known[version], version)
