"""The analyses against independent implementations on real data: 901 schools as stand-in offers, the 8,087 inhabited
cells of Saxony-Anhalt's pack.

The peers are numpy and pandas (the figures of DOMAIN 6.5), pyproj.Geod (distances), geopandas and shapely (areas),
PySAL access (floating catchments) and spopt with CBC (optima of sites). They get one table of geodesic distances,
which is first checked against Kompass's own. Counts must agree exactly, other figures to one part in a million.
"""

import csv
import io
import json
import math
import random
import unittest

import access
import geopandas
import numpy
import pandas
import pulp
import pyproj
import shapely
import spopt.locate
from project import ROOT, TEST_DATA, ProjectTest, Server, kompass
from scipy.spatial import cKDTree

SCHOOLS = TEST_DATA / "orte" / "schulen_2017" / "sachsen-anhalt.csv"
MAPPING = """\
format: csv
crs: EPSG:4326
columns:
  id: id
  title: name
  category: {value: school}
  delivery: {value: on_site}
  lon: lon
  lat: lat
"""
GEOD = pyproj.Geod(ellps="GRS80")
RADII = [5_000, 8_250, 10_000, 15_000, 20_000, 30_000]
CHOICE = "category=school"


def unit(longitudes, latitudes):
    longitudes, latitudes = numpy.radians(longitudes), numpy.radians(latitudes)
    cosines = numpy.cos(latitudes)
    return numpy.column_stack([cosines * numpy.cos(longitudes), cosines * numpy.sin(longitudes), numpy.sin(latitudes)])


class AnalysisPeersTest(ProjectTest):
    """One project and one server for all tests; nothing changes them."""

    @classmethod
    def setUpClass(cls):
        if not SCHOOLS.exists():
            raise unittest.SkipTest(f"no test data: {SCHOOLS}")
        cls.home = cls("setUpClass_home")
        ProjectTest.setUp(cls.home)
        cls.addClassCleanup(cls.home.doCleanups)
        cls.project = cls.home.folder / "kompass.gpkg"
        cls.home.load("sachsen-anhalt", cls.project)
        mapping = cls.home.write("schools.yaml", MAPPING)
        result = kompass(
            "import", "offers", SCHOOLS, "--into", cls.project, "--mapping", mapping, "--region", "schools"
        )
        cls.home.assertEqual(result.returncode, 0, result.stderr + result.stdout)
        cls.server = Server(cls.project)
        cls.addClassCleanup(cls.server.close)
        cls.offers = pandas.read_csv(SCHOOLS, dtype={"id": str})[["id", "lon", "lat"]].set_index("id")
        cls.access = cls.collection("access", CHOICE)
        cls.cells = pandas.DataFrame([feature["properties"] for feature in cls.access["features"]])
        positions = numpy.array([feature["geometry"]["coordinates"] for feature in cls.access["features"]])
        cls.cells["lon"], cls.cells["lat"] = positions[:, 0], positions[:, 1]
        cls.pairs = cls.distance_table(40_000)

    def setUpClass_home(self):
        """Names the instance whose folder holds the project."""

    @classmethod
    def collection(cls, name, query):
        """All features of a collection, page after page."""
        path, whole = f"/api/collections/{name}/items?limit=10000&{query}", None
        while path:
            page = cls.server.json(path)
            if whole is None:
                whole = page
            else:
                whole["features"] += page["features"]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            path = following[0][len(cls.server.base) :] if following else None
        return whole

    @classmethod
    def distance_table(cls, reach):
        """Cell number, offer id and geodesic metres of all pairs within a reach, and of each cell's eight nearest."""
        offers = cKDTree(unit(cls.offers.lon, cls.offers.lat))
        cells = unit(cls.cells.lon, cls.cells.lat)
        # Half a percent covers what the sphere's distances differ from the ellipsoid's.
        near = cKDTree(cells).sparse_distance_matrix(offers, reach / 6_371_000 * 1.005, output_type="coo_matrix")
        _, nearest = offers.query(cells, k=8)
        rows = numpy.concatenate([near.row, numpy.repeat(numpy.arange(len(cells)), 8)])
        columns = numpy.concatenate([near.col, nearest.ravel()])
        rows, columns = numpy.unique(numpy.column_stack([rows, columns]), axis=0).T
        places = cls.offers.iloc[columns]
        _, _, metres = GEOD.inv(
            cls.cells.lon.to_numpy()[rows], cls.cells.lat.to_numpy()[rows], places.lon.to_numpy(), places.lat.to_numpy()
        )
        return pandas.DataFrame({"cell": rows, "offer": places.index.to_numpy(), "metres": metres})

    def assertClose(self, ours, theirs, message):
        """Agreement to one part in a million."""
        self.assertIsNotNone(ours, message)
        self.assertTrue(math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-12), f"{message}: {ours} {theirs}")

    def levels(self):
        """Each level and the key of its area for every cell."""
        municipality = self.cells.municipality_key
        region = municipality.str[:5].replace("15001", "15082")
        return [
            ("district", municipality.str[:5]), ("municipality", municipality), ("region", region),
            ("state", municipality.str[:2]),
        ]

    def coverage(self, level, query=CHOICE):
        answer = self.server.json(f"/api/coverage?level={level}&{query}")
        return answer, {area["key"]: area for area in answer["areas"]}

    # --- distances ---------------------------------------------------------------------------------------------------

    def test_access_is_the_geodesic_to_the_nearest_offer(self):
        self.assertEqual(len(self.cells), 8_087)
        self.assertEqual(self.cells.people.sum(), 2_287_488)
        self.assertEqual(self.cells.cell.nunique(), 8_087)
        # The first of the nearest by id: ties of schools in one building are common.
        first = self.pairs.sort_values(["cell", "metres", "offer"]).groupby("cell").first()
        difference = numpy.abs(first.metres.to_numpy() - self.cells.distance_m.to_numpy())
        self.assertLess(difference.max(), 0.001)
        least = first.metres.reindex(self.pairs.cell).to_numpy()
        # Offers at one place have the very same distance; beyond that no two are within a millimetre.
        tied = self.pairs[self.pairs.metres - least < 1e-9].groupby("cell").offer.min()
        wrong = self.cells.nearest_offer_id[tied.to_numpy() != self.cells.nearest_offer_id.to_numpy()]
        self.assertEqual(len(wrong), 0, wrong.head())

    def test_nearest_gives_the_order_of_the_geodesics(self):
        generator = random.Random(20_260_101)
        places = [(generator.uniform(10.5, 13.2), generator.uniform(50.9, 53.1)) for _ in range(20)]
        places += [(11.6276, 52.1205), (-179.999, -89.9), (180, 0), (0, 90)]
        for number, (lon, lat) in enumerate(places):
            azimuths, _, metres = GEOD.inv(
                numpy.full(len(self.offers), lon), numpy.full(len(self.offers), lat), self.offers.lon, self.offers.lat
            )
            table = pandas.DataFrame({"id": self.offers.index, "metres": metres, "azimuth": azimuths % 360})
            # Distances that are equal up to rounding in the last digits belong to offers at one place.
            table["rounded"] = table.metres.round(6)
            table = table.sort_values(["rounded", "id"]).head(50)
            if number % 4:
                answer = self.server.json(f"/api/nearest?lon={lon}&lat={lat}&k=50&{CHOICE}")
            else:
                result = kompass(
                    "nearest", self.project, f"--lon={lon}", f"--lat={lat}", "-k", "50", "--category=school", "--format=json"
                )
                self.assertEqual(result.returncode, 0, result.stderr)
                answer = json.loads(result.stdout)
            self.assertEqual([offer["id"] for offer in answer["offers"]], list(table.id), (lon, lat))
            for offer, metres, azimuth in zip(answer["offers"], table.metres, table.azimuth):
                self.assertAlmostEqual(offer["distance_m"], metres, delta=0.001)
                turn = abs(offer["bearing_deg"] - azimuth)
                self.assertLess(min(turn, 360 - turn), 1e-6, (lon, lat, offer["id"]))

    # --- floating catchments -----------------------------------------------------------------------------------------

    def scores(self, catchment, weight=None):
        """The scores of all cells by PySAL access, from the table of distances; 0 where no offer is in reach."""
        demand = pandas.DataFrame({"value": self.cells.people.to_numpy()}, index=self.cells.index.rename("cell"))
        supply = pandas.DataFrame({"value": 1.0}, index=self.offers.index.rename("offer"))
        costs = self.pairs.rename(columns={"cell": "origin", "offer": "dest", "metres": "cost"})
        model = access.Access(
            demand_df=demand, demand_value="value", supply_df=supply, supply_value="value", cost_df=costs,
            cost_origin="origin", cost_dest="dest", cost_name="cost",
        )
        if weight is None:
            result = model.two_stage_fca(name="fca", cost="cost", max_cost=catchment)
        else:
            result = model.enhanced_two_stage_fca(name="fca", cost="cost", max_cost=catchment, weight_fn=weight)
        return result.iloc[:, -1].reindex(self.cells.index).fillna(0).to_numpy()

    def assertScores(self, name, scores, query):
        """The scores stand in `access` under a name, and their means over people in the answers of all levels."""
        cells = self.collection("access", query)["features"]
        ours = numpy.array([feature["properties"][name] for feature in cells])
        self.assertEqual([feature["properties"]["cell"] for feature in cells], list(self.cells.cell))
        self.assertTrue(numpy.allclose(ours, scores, rtol=1e-6, atol=1e-12), f"{name} {query}")
        people = self.cells.people.to_numpy()
        for level, key in self.levels():
            _, areas = self.coverage(level, query)
            totals = pandas.Series(people).groupby(key.to_numpy()).sum()
            means = pandas.Series(scores * people).groupby(key.to_numpy()).sum() / totals
            for area in areas.values():
                if area["people"]:
                    self.assertClose(area[name], means[area["key"]], f"{level} {area['key']} {name} {query}")
                else:
                    self.assertIsNone(area[name])

    def test_two_step_catchments_are_those_of_pysal(self):
        for radius in (15_000, 5_000):
            query = CHOICE if radius == 15_000 else f"{CHOICE}&catchment={radius}"
            scores = self.scores(radius)
            self.assertScores("access_2sfca", scores, query)
            # What all people have access to is what the reached offers supply.
            reached = self.pairs[self.pairs.metres <= radius].offer.nunique()
            self.assertClose(float((scores * self.cells.people).sum()), reached, "all supply")

    def test_enhanced_catchments_are_those_of_pysal(self):
        weight = access.weights.step_fn({5_000: 1, 10_000: 0.68, 15_000: 0.22})
        self.assertScores("access_e2sfca", self.scores(15_000, weight), f"{CHOICE}&bands=5000:1,10000:0.68,15000:0.22")

    # --- siting ------------------------------------------------------------------------------------------------------

    EXISTING = "category=event"

    def siting(self, areas):
        """The cells of some areas (all for none), their way to the nearest existing offer, and the table of distances
        from all municipalities there."""
        existing = pandas.DataFrame(
            [feature["properties"] for feature in self.collection("access", self.EXISTING)["features"]]
        )
        self.assertEqual(list(existing.cell), list(self.cells.cell))
        self.assertGreater(existing.nearest_offer_id.nunique(), 3)
        places = geopandas.read_file(self.project, layer="municipalities", engine="pyogrio", ignore_geometry=True)
        cells = self.cells
        if areas:
            meant = cells.municipality_key.str[:5].isin(areas)
            cells, existing = cells[meant], existing[meant]
            places = places[places.key.str[:5].isin(areas)]
        places = places.sort_values("key")
        lon, cell_lon = numpy.meshgrid(places.label_lon, cells.lon)
        lat, cell_lat = numpy.meshgrid(places.label_lat, cells.lat)
        _, _, metres = GEOD.inv(cell_lon, cell_lat, lon, lat)
        return cells.people.to_numpy(), existing.distance_m.to_numpy(), metres, list(places.key)

    def stops(self, query, areas):
        """The answer over HTTP, which the command must give, too."""
        area = f"&area={','.join(areas)}" if areas else ""
        answer = self.server.json(f"/api/siting?{self.EXISTING}&{query}{area}")
        options = [f"--{part}" for part in f"{self.EXISTING}&{query}{area}".split("&")]
        result = kompass("siting", self.project, *options, "--format=json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["stops"], answer["stops"])
        self.assertTrue(answer["proven_optimal"], query)
        self.assertEqual([stop["rank"] for stop in answer["stops"]], list(range(1, len(answer["stops"]) + 1)))
        return answer

    def test_maximal_covering_reaches_the_optimum_of_spopt(self):
        for areas, radius, count in (([], 10_000, 6), ([], 5_000, 3), (["15081", "15090"], 7_500, 4)):
            people, existing, metres, keys = self.siting(areas)
            open_cells = existing > radius
            # Cells that the same places reach are one point of the model, which keeps it small.
            reach, same = numpy.unique(metres[open_cells] <= radius, axis=0, return_inverse=True)
            together = numpy.bincount(same.ravel(), people[open_cells])
            model = spopt.locate.MCLP.from_cost_matrix(numpy.where(reach, 0.0, 1.0), together, 0.5, count)
            model = model.solve(pulp.PULP_CBC_CMD(msg=False))
            self.assertEqual(model.problem.status, pulp.LpStatusOptimal)
            optimum = round(pulp.value(model.problem.objective))
            answer = self.stops(f"method=mclp&stops={count}&radius={radius}", areas)
            chosen = [keys.index(stop["key"]) for stop in answer["stops"]]
            reached = open_cells & (metres[:, chosen] <= radius).any(axis=1)
            self.assertEqual(answer["objective"], optimum, (areas, radius, count))
            self.assertEqual(int(people[reached].sum()), optimum)
            self.assertEqual(sum(stop["people_gained"] for stop in answer["stops"]), optimum)
            self.assertEqual(answer["before"]["people_within"], int(people[~open_cells].sum()))
            self.assertEqual(answer["stops"][-1]["people_within"], int(people[~open_cells].sum()) + optimum)

    def test_p_median_reaches_the_optimum_of_spopt(self):
        for areas, count in ((["15086"], 2), (["15081"], 3), (["15082"], 4), (["15090"], 5)):
            people, existing, metres, keys = self.siting(areas)
            # Whoever has an offer nearer than all stops keeps it: the ways are the shorter ones.
            ways = numpy.minimum(metres, existing[:, None])
            model = spopt.locate.PMedian.from_cost_matrix(ways, people, count)
            model = model.solve(pulp.PULP_CBC_CMD(msg=False))
            self.assertEqual(model.problem.status, pulp.LpStatusOptimal)
            optimum = pulp.value(model.problem.objective)
            answer = self.stops(f"method=p-median&stops={count}", areas)
            chosen = [keys.index(stop["key"]) for stop in answer["stops"]]
            achieved = float(people @ ways[:, chosen].min(axis=1))
            self.assertClose(achieved, optimum, (areas, count))
            self.assertClose(answer["objective"], optimum, (areas, count))
            self.assertClose(answer["stops"][-1]["distance_mean_m"], optimum / people.sum(), (areas, count))
            self.assertClose(answer["before"]["distance_mean_m"], float(people @ existing) / people.sum(), areas)

    # --- gaps --------------------------------------------------------------------------------------------------------

    def test_gap_polygons_and_covered_area_are_the_districts(self):
        for level in ("district", "municipality"):
            outlines = geopandas.read_file(
                self.project, layer={"district": "districts", "municipality": "municipalities"}[level], engine="pyogrio"
            ).set_index("key")
            for radius in (3_000, 15_000):
                with self.subTest(level=level, radius=radius):
                    self.check_gaps(level, radius, outlines)

    def check_gaps(self, level, radius, outlines):
        query = f"{CHOICE}&radius={radius}&level={level}"
        _, areas = self.coverage(level, f"{CHOICE}&radius={radius}")
        features = self.collection("gaps", query)["features"]
        self.assertEqual(len({feature["id"] for feature in features}), len(features))
        surfaces = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
        self.assertTrue(shapely.is_valid(surfaces).all())
        names = ["area_key", "people", "area_m2"]
        gaps = geopandas.GeoDataFrame(
            [[feature["properties"][name] for name in names] for feature in features], columns=names,
            geometry=surfaces, crs=4326,
        ).set_index("area_key")
        metric, metric_outlines = gaps.to_crs(25832), outlines.to_crs(25832)
        # No two overlap, whatever their area.
        tree = shapely.STRtree(metric.geometry.values)
        one, other = tree.query(metric.geometry.values, predicate="intersects")
        pairs = one < other
        shared = shapely.area(
            shapely.intersection(metric.geometry.values[one[pairs]], metric.geometry.values[other[pairs]])
        )
        self.assertLess(shared.max(initial=0), 1)
        # An independent picture of what the discs cover, in the pack's metric plane.
        rings = [self.disc(lon, lat, radius) for lon, lat in zip(self.offers.lon, self.offers.lat)]
        covered = shapely.union_all(geopandas.GeoSeries(rings, crs=4326).to_crs(25832).values)
        for key, area in areas.items():
            mine = gaps.loc[[key]] if key in gaps.index else gaps.iloc[:0]
            self.assertEqual(mine["people"].sum(), area["gap_people"], (level, key))
            whole = square_metres(outlines.geometry[key])
            open_area = sum(map(square_metres, mine.geometry))
            self.assertClose(float(mine["area_m2"].sum()) + 1, open_area + 1, (level, key, "area_m2"))
            outline = metric_outlines.geometry[key]
            if not shapely.is_valid(outline):
                outline = shapely.make_valid(outline)
            theirs = shapely.difference(outline, shapely.intersection(covered, outline))
            ours = shapely.union_all(metric.loc[mine.index.unique()].geometry.values) if len(mine) else shapely.Polygon()
            wrong = shapely.area(shapely.symmetric_difference(ours, theirs))
            self.assertLess(wrong, 1e-6 * shapely.area(outline), (level, key, radius))
            # Gaps and the covered part are the area, in planar and in geodesic square metres.
            reached = shapely.intersection(covered, outline)
            self.assertLess(
                abs(shapely.area(ours) + shapely.area(reached) - shapely.area(outline)), 1e-6 * shapely.area(outline)
            )
            self.assertLess(abs(open_area - area["gap_area_m2"]), 1e-6 * whole, (level, key, radius))
            self.assertLess(abs(area["gap_area_m2"] + area["covered_area_m2"] - whole), 1e-6 * whole, (level, key))

    @staticmethod
    def disc(lon, lat, radius):
        """A disc of 256 geodesic vertices."""
        azimuths = numpy.arange(256) * (360 / 256)
        lons, lats, _ = GEOD.fwd(numpy.full(256, lon), numpy.full(256, lat), azimuths, numpy.full(256, radius))
        return shapely.Polygon(numpy.column_stack([lons, lats]))

    # --- figures -----------------------------------------------------------------------------------------------------

    def test_figures_of_all_levels_are_those_of_numpy(self):
        metres = self.pairs.groupby("cell").metres.min().to_numpy()
        radius = 12_345
        for level, key in self.levels():
            answer, areas = self.coverage(level, f"{CHOICE}&radius={radius}")
            self.assertEqual(sum(area["people"] for area in areas.values()) + answer["people_in_no_area"], 2_287_488)
            numbers = key.groupby(key).indices
            for name, area in areas.items():
                members = numbers.get(name, numpy.array([], int))
                expected = figures(metres[members], self.cells.people.to_numpy()[members], radius)
                for figure, value in expected.items():
                    where = f"{level} {name} {figure}"
                    if isinstance(value, int):
                        self.assertEqual(area[figure], value, where)
                    elif value is None:
                        self.assertIsNone(area[figure], where)
                        self.assertTrue(any(text.startswith(f"{figure}=") for text in area["missing"]), where)
                    else:
                        self.assertClose(area[figure], value, where)
            self.assertEqual(len(areas), {"district": 14, "municipality": 218, "region": 13, "state": 1}[level])

    def test_command_and_server_answer_the_same_figures(self):
        for level in ("district", "municipality"):
            _, areas = self.coverage(level, f"{CHOICE}&radius=8250")
            options = ["coverage", self.project, "--category=school", f"--level={level}", "--radius=8250"]
            result = kompass(*options, "--format=json")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual({area["key"]: area for area in json.loads(result.stdout)["areas"]}, areas)
            result = kompass(*options, "--format=csv")
            self.assertEqual(result.returncode, 0, result.stderr)
            rows = list(csv.DictReader(io.StringIO(result.stdout.lstrip("\ufeff"))))
            self.assertEqual([row["key"] for row in rows], list(areas))
            for row in rows:
                for name in ("people", "gap_people", "distance_mean_m", "share_within_15000_m"):
                    value = areas[row["key"]][name]
                    self.assertEqual(float(row[name]) if row[name] else None, value, (row["key"], name))

    def test_people_and_offers_are_where_geopandas_puts_them(self):
        cells = geopandas.GeoDataFrame(
            self.cells[["cell", "people", "municipality_key"]],
            geometry=geopandas.points_from_xy(self.cells.lon, self.cells.lat), crs=4326,
        )
        outlines = geopandas.read_file(self.project, layer="municipalities", engine="pyogrio")[["key", "geometry"]]
        joined = cells.sjoin(outlines, how="left", predicate="intersects").drop_duplicates("cell")
        outside = joined[joined.key.isna()]
        inside = joined[~joined.key.isna()]
        self.assertEqual(list(inside.key), list(inside.municipality_key))
        # Those outside all outlines (generalised borders) went to the nearest within 2 km.
        metric = outlines.to_crs(25832)
        for cell in outside.to_crs(25832).itertuples():
            distances = metric.distance(cell.geometry)
            self.assertLess(distances.min(), 2_010)
            self.assertEqual(metric.key[distances.idxmin()], cell.municipality_key)
        _, areas = self.coverage("municipality")
        self.assertEqual(
            {key: area["people"] for key, area in areas.items() if area["people"]},
            cells.groupby("municipality_key").people.sum().to_dict(),
        )
        answer, areas = self.coverage("municipality")
        schools = geopandas.GeoDataFrame(
            geometry=geopandas.points_from_xy(self.offers.lon, self.offers.lat), crs=4326
        ).sjoin(outlines, predicate="intersects")
        counts = schools.key.value_counts()
        for key, area in areas.items():
            self.assertEqual(area["offers_located"], counts.get(key, 0), key)
            self.assertClose(area["area_m2"], square_metres(outlines.set_index("key").geometry[key]), key)
            expected = counts.get(key, 0) / area["register_population"] * 10_000
            self.assertClose(area["offers_located_per_10000_people"], expected, key)
            expected = counts.get(key, 0) / area["area_m2"] * 1e8
            self.assertClose(area["offers_located_per_100_km2"], expected, key)
        self.assertEqual(answer["offers_located_in_no_area"] + answer["offers_without_place"], 901 - len(schools))
        self.assertEqual(answer["completeness"]["offers_matched"], 901)


def square_metres(surface):
    """The geodesic area."""
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(surface))[0])


def figures(metres, people, radius):
    """The figures over distances of an area by their definitions, by brute force."""
    names = {"mean": "distance_mean_m", "median": "distance_median_m", "p90": "distance_p90_m",
             "max": "distance_max_m", "cells": "distance_median_cells_m", "gini": "distance_gini"}
    total = int(people.sum())
    result = {"people": total, "cells": len(people), "gap_people": int(people[metres > radius].sum())}
    for limit in RADII + [radius]:
        within = int(people[metres <= limit].sum())
        result[f"people_within_{limit}_m"] = within
        result[f"share_within_{limit}_m"] = within / total if total else None
    if not total:
        return result | {name: None for name in names.values()}
    # One entry for each inhabitant: the quantiles need no weights then.
    everybody = numpy.sort(numpy.repeat(metres, people))
    return result | {
        names["mean"]: float(numpy.average(metres, weights=people)),
        names["median"]: float(everybody[-(-total // 2) - 1]),
        names["p90"]: float(everybody[-(-total * 9 // 10) - 1]),
        names["max"]: float(metres.max()),
        names["cells"]: float(numpy.sort(metres)[-(-len(metres) // 2) - 1]),
        names["gini"]: gini(metres, people),
    }


def gini(metres, people):
    """All pairs, as the definition has it."""
    people = people.astype(float)
    total, differences = people.sum(), 0.0
    for first in range(0, len(metres), 1000):
        part = slice(first, first + 1000)
        differences += (people[part] @ numpy.abs(metres[part, None] - metres) @ people)
    return float(differences / (2 * total**2 * numpy.average(metres, weights=people)))
