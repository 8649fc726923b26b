"""The rural index and the degree of urbanisation against computations apart from it: numpy, shapely and PROJ, over all
of Germany.

Nothing here calls the program's formulas: land, buildings, cities and cells are read from the packs, outlines and
distances come from shapely and PROJ, the components from LAPACK.
"""

import collections
import csv
import json
import math
import pathlib
import shutil
import sqlite3
import tempfile

import numpy as np
import pyproj
import shapely

from project import ROOT, TEST_DATA, ProjectTest, Server, country, kompass

INDICATORS = [
    "ln_settlement_density", "farm_and_woodland_share", "one_and_two_family_house_share", "population_potential_50_km",
    "access_to_five_cities",
]
GEOD = pyproj.Geod(ellps="GRS80")
PUBLISHED = TEST_DATA / "thuenen" / "laendlichkeit_kreisregionen_2016.gpkg"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text or "nan")


def published():
    """The published index and type of every region."""
    with sqlite3.connect(f"file:{PUBLISHED}?mode=ro", uri=True) as database:
        found = database.execute('SELECT Kennziffer, "Ländlichkeit", Typologie FROM ThuenenLandatlas').fetchall()
    return {key[:5]: (float(index), int(kind)) for key, index, kind in found}


class Country:
    """Germany as one pack, loaded by the program, and the same tables read by Python."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kompass-country-"))
        self.pack, project = country()
        self.project = pathlib.Path(shutil.copy(project, self.folder))
        file = self.folder / "published.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["key", "value", "area_key", "year"])
            for key, (index, kind) in published().items():
                writer.writerow(["thuenen_laendlichkeit_2016", index, key, 2016])
                writer.writerow(["thuenen_typ_2016", kind, key, 2016])
        self.run("import", "indicators", file, "--into", self.project, "--region", "published")
        self.calibration = self.run("rural", self.project, "--calibration", "de-kreisregionen-2023")
        self.answer = json.loads(self.run("rural", self.project, "--format", "json"))
        self.regions = {region["ags"]: region for region in self.answer["regions"]}

        features = json.loads((self.pack / "districts.geojson").read_text(encoding="utf-8"))["features"]
        self.districts = {
            feature["properties"]["key"]: (feature["properties"], shapely.from_geojson(json.dumps(feature["geometry"])))
            for feature in features
        }
        self.members = collections.defaultdict(list)
        for key, (properties, _) in self.districts.items():
            self.members[properties["district_region_key"]].append(key)
        self.land = {row["key"]: row for row in rows(self.pack / "land_use.csv")}
        self.buildings = {row["key"]: row for row in rows(self.pack / "buildings.csv")}
        self.read_cells()

    @staticmethod
    def run(*arguments):
        result = kompass(*arguments)
        if result.returncode:
            raise AssertionError(result.stderr)
        return result.stdout

    def read_cells(self):
        cells = rows(self.pack / "population.csv")
        to_degrees = pyproj.Transformer.from_crs("EPSG:3035", "EPSG:4258", always_xy=True)
        self.lon, self.lat = map(
            np.asarray, to_degrees.transform([int(c["x"]) for c in cells], [int(c["y"]) for c in cells]))
        self.people = np.array([int(cell["people"]) for cell in cells], dtype=float)
        self.role = np.array([cell["role"] for cell in cells])
        state = np.array([cell["state"] for cell in cells])
        space = pyproj.Transformer.from_crs("EPSG:4937", "EPSG:4936", always_xy=True)
        self.xyz = np.column_stack(space.transform(self.lon, self.lat, np.zeros(len(cells))))
        # The district of a cell: the outline of its own state that holds its centre, else the nearest within 2 km.
        keys = sorted(self.districts)
        outlines = [self.districts[key][1] for key in keys]
        points = shapely.points(self.lon, self.lat)
        self.district = np.full(len(cells), "", dtype=object)
        for cell, area in zip(*shapely.STRtree(outlines).query(points, predicate="intersects"), strict=True):
            if keys[area][:2] == state[cell] and not self.district[cell]:
                self.district[cell] = keys[area]
        for cell in np.flatnonzero((self.role == "own") & (self.district == "")):
            best = (2000.0, "")
            for key, outline in zip(keys, outlines, strict=True):
                if key[:2] == state[cell] and shapely.distance(outline, points[cell]) < 0.05:
                    metres = shapely.distance(self.in_plane(outline, cell), shapely.Point(0, 0))
                    best = min(best, (float(metres), key))
            self.district[cell] = best[1]
        self.district[self.role != "own"] = ""

    def in_plane(self, outline, cell):
        """The outline in metres around a cell."""
        lat, lon = self.lat[cell], self.lon[cell]
        return shapely.transform(
            outline, lambda xy: (xy - (lon, lat)) * (111_320 * math.cos(math.radians(lat)), 111_320))

    def cells_of(self, region):
        return np.flatnonzero(np.isin(self.district, self.members[region]))

    def share(self, table, region, parts, whole):
        total = lambda columns: sum(number(table[key][column]) for key in self.members[region] for column in columns)
        return total(parts) / total(whole)

    def density(self, region):
        people = sum(self.districts[key][0]["population"] for key in self.members[region])
        area = sum(number(self.land[key][c]) for key in self.members[region] for c in ("settlement_m2", "traffic_m2"))
        return math.log(people / (area / 1e6))

    def potential(self, region):
        """Straight from the definition, all pairs, distances from chords as on a sphere."""
        own = self.cells_of(region)
        low, high = self.xyz[own].min(axis=0) - 50_100, self.xyz[own].max(axis=0) + 50_100
        near = np.flatnonzero(((self.xyz >= low) & (self.xyz <= high)).all(axis=1))
        sums = np.empty(len(own))
        for start in range(0, len(own), 64):
            chunk = own[start:start + 64]
            chord = np.sqrt(sum((self.xyz[chunk, None, i] - self.xyz[None, near, i]) ** 2 for i in range(3)))
            distance = 2 * 6_371_008.8 * np.arcsin(chord / (2 * 6_371_008.8))
            weights = np.where(distance <= 50_000, 1000 / np.maximum(distance, 1000), 0)
            sums[start:start + 64] = weights @ self.people[near]
        return np.average(sums, weights=self.people[own])

    def access(self):
        """For every cell, the five nearest cities by PROJ's geodesics."""
        cities = rows(self.pack / "cities.csv")
        lon, lat = (np.array([float(city[c]) for city in cities]) for c in ("lon", "lat"))
        people = np.array([float(city["population"]) for city in cities])
        space = pyproj.Transformer.from_crs("EPSG:4937", "EPSG:4936", always_xy=True)
        xyz = np.column_stack(space.transform(lon, lat, np.zeros(len(lon))))
        result = np.zeros(len(self.people))
        squared = sum((self.xyz[:, None, i] - xyz[None, :, i]) ** 2 for i in range(3))
        nearest = np.argpartition(squared, 5, axis=1)[:, :5]
        for rank in range(5):
            city = nearest[:, rank]
            _, _, distance = GEOD.inv(self.lon, self.lat, lon[city], lat[city])
            result += people[city] * 1000 / np.maximum(distance, 5000)
        return result


class RuralTest(ProjectTest):
    country = None

    @classmethod
    def tearDownClass(cls):
        if RuralTest.country:
            shutil.rmtree(RuralTest.country.folder, ignore_errors=True)
            RuralTest.country = None

    def setUp(self):
        super().setUp()
        self.data("thuenen/laendlichkeit_kreisregionen_2016.gpkg")
        if RuralTest.country is None:
            RuralTest.country = Country()

    def near(self, found, wanted, message, relative=1e-6):
        self.assertLessEqual(abs(found - wanted), relative * abs(wanted), f"{message}: {found} instead of {wanted}")

    def test_cells_lie_in_the_districts_that_shapely_finds(self):
        country = self.country
        people = collections.Counter()
        for key, count in zip(country.district, country.people, strict=True):
            people[key] += int(count)
        with sqlite3.connect(country.project) as database:
            found = dict(database.execute(
                "SELECT district_key, sum(people) FROM population_cells WHERE district_key IS NOT NULL GROUP BY 1"))
        # A centre within a millimetre of a border may go either way.
        different = {key: (people[key], found.get(key)) for key in country.districts if people[key] != found.get(key)}
        self.assertLessEqual(len(different), 2, different)

    def test_indicators_of_all_regions(self):
        country = self.country
        self.assertEqual(sorted(country.members), sorted(country.regions))
        self.assertEqual(len(country.regions), 361)
        access = country.access()
        for key, region in country.regions.items():
            own = country.cells_of(key)
            self.assertEqual(region["people"], int(country.people[own].sum()), key)
            self.near(region[INDICATORS[0]], country.density(key), f"density of {key}")
            open_land = country.share(country.land, key, ["agriculture_m2", "forest_m2"], ["total_m2"])
            self.near(region[INDICATORS[1]], open_land, f"open land of {key}")
            small = ["one_dwelling", "two_dwellings"]
            houses = country.share(country.buildings, key, small, [*small, "three_or_more_dwellings"])
            self.near(region[INDICATORS[2]], houses, f"houses of {key}")
            self.near(region[INDICATORS[4]], np.average(access[own], weights=country.people[own]), f"access of {key}")

    def test_potential_of_every_fourth_region_and_of_saxony_anhalt(self):
        country = self.country
        keys = sorted(country.regions)
        for key in sorted({*keys[::4], *(key for key in keys if key.startswith("15"))}):
            self.near(country.regions[key][INDICATORS[3]], country.potential(key), f"potential of {key}")

    def test_components_are_those_of_numpy(self):
        regions = list(self.country.regions.values())
        table = np.array([[region[name] for name in INDICATORS] for region in regions])
        values, vectors = np.linalg.eigh(np.corrcoef(table.T))
        vector = vectors[:, -1] * np.sign(vectors[1, -1])
        method = self.country.answer["method"]
        self.near(method["explained_variance"], values[-1] / 5, "explained variance")
        for position, indicator in enumerate(method["indicators"]):
            self.assertEqual(indicator["name"], INDICATORS[position])
            self.near(indicator["mean"], table[:, position].mean(), "mean")
            self.near(indicator["deviation"], table[:, position].std(), "deviation")
            self.near(indicator["loading"], vector[position] * math.sqrt(values[-1]), "loading")
        standardised = (table - table.mean(axis=0)) / table.std(axis=0)
        for region, index in zip(regions, standardised @ vector / math.sqrt(values[-1]), strict=True):
            self.assertAlmostEqual(region["index"], index, delta=1e-6)
            parts = sum(region[f"contribution_{name}"] for name in INDICATORS)
            self.assertAlmostEqual(parts, region["index"], delta=1e-9)

    def test_agreement_with_the_published_index(self):
        reference = published()
        regions = self.country.regions
        own = np.array([regions[key]["index"] for key in sorted(reference)])
        theirs = np.array([reference[key][0] for key in sorted(reference)])
        correlation = np.corrcoef(own, theirs)[0, 1]
        classes = {1: "very_rural", 2: "very_rural", 3: "rather_rural", 4: "rather_rural", 5: "not_rural"}
        confusion = collections.Counter((classes[reference[key][1]], regions[key]["class"]) for key in reference)
        names = ["very_rural", "rather_rural", "not_rural"]
        agreeing = sum(confusion[name, name] for name in names)
        print(f"\nown against published index over {len(own)} regions: r = {correlation:.5f},"
              f" classes agree for {agreeing} ({agreeing / len(own):.1%}); published by own:"
              f" {[[confusion[a, b] for b in names] for a in names]}")
        self.assertEqual(len(own), 361)
        self.assertGreaterEqual(correlation, 0.99)
        self.assertGreaterEqual(agreeing / len(own), 0.89)
        comparison = self.country.answer["comparison"]
        self.near(comparison["correlation"], correlation, "r", 1e-12)
        self.assertEqual(comparison["confusion"]["published_by_own"], [[confusion[a, b] for b in names] for a in names])
        self.assertEqual(comparison["regions"], 361)
        self.assertEqual(
            self.country.answer["method"]["thresholds"], {"very_rural": 0.5, "rather_rural": -0.2}, "never tuned")

    def test_the_calibration_that_ships_is_the_one_that_the_program_makes(self):
        shipped = (ROOT / "Data" / "gemeinsam" / "rural_calibrations.csv").read_text(encoding="utf-8")
        self.assertEqual(self.country.calibration, shipped)

    def test_a_state_alone_has_the_figures_of_the_whole_country(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        answer = json.loads(kompass("rural", project, "--format", "json").stdout)
        self.assertEqual(answer["method"]["basis"], "calibration")
        self.assertEqual(answer["method"]["calibration_regions"], 361)
        self.assertEqual(len(answer["regions"]), 13)
        for region in answer["regions"]:
            whole = self.country.regions[region["ags"]]
            for name in [*INDICATORS, "people"]:
                self.near(region[name], whole[name], f"{name} of {region['ags']}", 1e-12)
            self.assertAlmostEqual(region["index"], whole["index"], delta=1e-10)
            self.assertEqual((region["class"], region["flags"]), (whole["class"], []))
            self.assertEqual((region["published_index"], region["published_type"]), published()[region["ags"]])
        order = sorted(answer["regions"], key=lambda region: -region["index"])
        self.assertEqual((order[0]["ags"], order[-1]["ags"]), ("15081", "15002"))
        self.assertIn("Landatlas", answer["published"]["citations"][0]["attribution"])
        table = kompass("rural", project).stdout.splitlines()
        self.assertTrue(table[2].startswith("15081") and table[14].startswith("15002"), table)

    def test_degree_of_urbanisation_of_all_municipalities(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        answer = json.loads(kompass("rural", project, "--level", "municipality", "--format", "json").stdout)
        self.assertEqual(answer["method"]["basis"], "loaded_areas")
        self.assertTrue(all("regional" in region["flags"] for region in answer["regions"]))
        with sqlite3.connect(project) as database:
            cells = database.execute("SELECT id, people, role, municipality_key FROM population_cells").fetchall()
        wanted = degrees(cells)
        found = {
            region["ags"]: (region["degurba_level1"], region["degurba_level2"]) for region in answer["regions"]
        }
        self.assertEqual(len(found), 218)
        self.assertEqual(found, wanted)
        agreeing = [region["ags"] for region in answer["regions"] if region["degurba_agrees"]]
        print(f"\ndegree of urbanisation, level 1: {len(agreeing)} of 218 as the official one;"
              f" others: {sorted(set(found) - set(agreeing))}")
        self.assertGreaterEqual(len(agreeing), 217)


def degrees(cells):
    """Level 1 and 2 of every municipality, written apart from the program's code: numpy arrays and floods."""
    places = [(int(i[4:8]), int(i[9:13]), people, role, key) for i, people, role, key in cells]
    north, east = min(p[0] for p in places) - 3, min(p[1] for p in places) - 3
    grid = np.zeros((max(p[0] for p in places) - north + 4, max(p[1] for p in places) - east + 4), dtype=int)
    for row, column, people, _, _ in places:
        grid[row - north, column - east] += people

    def floods(mask, diagonal):
        steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a or b) and (diagonal or not (a and b))]
        left = mask.copy()
        while left.any():
            stack = [tuple(np.argwhere(left)[0])]
            left[stack[0]] = False
            cluster = np.zeros_like(mask)
            while stack:
                a, b = stack.pop()
                cluster[a, b] = True
                for c, d in steps:
                    if left[a + c, b + d]:
                        left[a + c, b + d] = False
                        stack.append((a + c, b + d))
            yield cluster

    def around(mask, reach):
        result = np.zeros(mask.shape, dtype=int)
        for a in range(-reach, reach + 1):
            for b in range(-reach, reach + 1):
                if a or b:
                    result += np.roll(mask, (a, b), (0, 1))
        return result

    code = np.where(grid >= 50, 12, 11)
    core = np.zeros(grid.shape, dtype=int)
    dense = [cluster for cluster in floods(grid >= 1500, diagonal=False) if grid[cluster].sum() >= 5000]
    for cluster in dense:
        if grid[cluster].sum() >= 50_000:
            while ((around(cluster, 1) >= 5) & ~cluster).any():
                cluster |= around(cluster, 1) >= 5
            core[cluster] = 30
    for cluster in dense:
        if grid[cluster].sum() < 50_000:
            core[cluster & (core == 0)] = 23
    near = around(core > 0, 2) + (core > 0) > 0
    for cluster in floods(grid >= 300, diagonal=True):
        total = grid[cluster].sum()
        if total >= 5000:
            code[cluster] = 21 if (cluster & near).any() else 22
        elif total >= 500:
            code[cluster] = 13
    code[core > 0] = core[core > 0]

    people = collections.defaultdict(collections.Counter)
    for row, column, count, role, key in places:
        if role == "own" and key:
            people[key][code[row - north, column - east]] += count
    result = {}
    for key, by in people.items():
        total, rural = sum(by.values()), by[13] + by[12] + by[11]
        if 2 * by[30] >= total:
            result[key] = (1, 30)
        elif 2 * rural > total:
            result[key] = (3, max((13, 12, 11), key=lambda kind: (by[kind], kind)))
        elif by[21] > by[23] + by[22]:
            result[key] = (2, 21)
        else:
            result[key] = (2, 23 if by[23] > by[22] else 22)
    return result


class RuralAnswersTest(ProjectTest):
    def test_routes_and_commands_say_the_same(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        server = Server(project)
        self.addCleanup(server.close)
        for level, count in (("region", 13), ("district", 14), ("municipality", 218)):
            served = server.json(f"/api/rural?level={level}")
            links = {link["rel"] for link in served.pop("links")}
            self.assertEqual(links, {"self", "alternate", "describedby"})
            self.assertEqual(served, json.loads(kompass("rural", project, "--level", level, "--format", "json").stdout))
            self.assertEqual(len(served["regions"]), count)
            for region in served["regions"]:
                self.assertIsNotNone(region["index"], region)
            table = server.get(f"/api/rural?level={level}&f=csv").body.decode("utf-8")
            printed = kompass("rural", project, "--level", level, "--format", "csv").stdout
            self.assertEqual(table.replace("\r\n", "\n"), printed, "read as text, line ends are one character")
            lines = list(csv.DictReader(table.splitlines()))
            self.assertEqual([line["ags"] for line in lines], [region["ags"] for region in served["regions"]])
            features = server.json(f"/api/rural?level={level}&f=geojson")["features"]
            shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
            self.assertTrue(all(shape.is_valid and not shape.is_empty for shape in shapes))
            self.assertEqual([feature["properties"] for feature in features], served["regions"])
        self.assertEqual(server.json("/api/rural"), server.json("/api/rural?level=region"))
        self.assertIn("text/html", server.get("/api/rural?f=html").getheader("Content-Type"))
        for path, parameter in (
            ("level=state", "level"), ("f=xml", "f"), ("category=training", "category"),
            ("level=region&level=region", "level"),
        ):
            response = server.get(f"/api/rural?{path}")
            self.assertEqual(response.status, 400, path)
            self.assertEqual(json.loads(response.body)["parameter"], parameter)

    def test_a_project_without_areas(self):
        project = self.folder / "kompass.gpkg"
        offers = self.write("offers.csv", "id,title,lon,lat\na,Kurs,11.5,52\n")
        self.assertEqual(kompass("import", "offers", offers, "--into", project).returncode, 0)
        result = kompass("rural", project, "--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["regions"], [])
        self.assertEqual(kompass("rural", project).returncode, 0)
        self.assertEqual(kompass("rural", project, "--calibration", "x").returncode, 1)
        self.assertEqual(kompass("rural", project, "--level", "street").returncode, 2)

    def test_without_land_use_and_calibration_there_is_a_reason(self):
        project = self.folder / "kompass.gpkg"
        districts = ROOT / "Data" / "sachsen-anhalt" / "districts.geojson"
        self.assertEqual(kompass("import", "districts", districts, "--into", project).returncode, 0)
        answer = json.loads(kompass("rural", project, "--format", "json").stdout)
        self.assertEqual(len(answer["regions"]), 13)
        for region in answer["regions"]:
            self.assertIsNone(region["index"])
            self.assertIn("index=land_use_not_stated", region["missing"])
            self.assertIn("population_potential_50_km=population_not_loaded", region["missing"])
