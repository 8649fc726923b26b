"""The analyses of the built binary: commands against routes, and GDAL as a client of their collections."""

import csv
import io
import json
import math
import re
import subprocess

from project import ServedPackTest, kompass


def finite(value):
    """Whether no number in a document is a NaN or an infinity."""
    if isinstance(value, dict):
        return all(finite(member) for member in value.values())
    if isinstance(value, list):
        return all(finite(member) for member in value)
    return not isinstance(value, float) or math.isfinite(value)


def json_layer(path):
    """The name that GDAL gives the layer of a GeoJSON file."""
    return path.stem


class AnalysisTest(ServedPackTest):
    def answer(self, command, *options):
        result = kompass(command, self.project, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, "")
        return result.stdout

    QUESTIONS = [
        ("coverage", {}),
        ("coverage", {"level": "municipality", "radius": "7500.5", "category": "training,workshop"}),
        ("coverage", {"level": "state", "date": "2018-06-01"}),
        ("coverage", {"area": "15001,15083", "located_in": "15"}),
        ("coverage", {"q": "gibt es nicht"}),
        ("coverage", {"level": "region", "bands": "5000:1,15000:0.5", "supply": "capacity"}),
        ("siting", {"stops": "3"}),
        ("siting", {"stops": "2", "method": "p-median", "area": "15091", "weights": "uncovered", "radius": "20000"}),
        ("siting", {"candidates": "11.63:52.13,-11.97:-51.48", "category": "workshop"}),
        ("nearest", {"lon": "11.6", "lat": "52.1", "k": "7"}),
        ("nearest", {"lon": "-170", "lat": "-89.5", "k": "1000", "validity": "dated"}),
    ]

    def test_commands_write_what_routes_answer(self):
        for command, parameters in self.QUESTIONS:
            options = []
            for name, value in parameters.items():
                options += ["-k" if name == "k" else "--" + name.replace("_", "-"), value]
            query = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in parameters.items())
            for form in ["json", "geojson", "csv"]:
                with self.subTest(command=command, form=form, **parameters):
                    response = self.server.get(f"/api/{command}?{query}&f={form}")
                    self.assertEqual(response.status, 200, response.body[:300])
                    ours = self.answer(command, *options, "--format", form)
                    theirs = response.body.decode()
                    if form != "csv":
                        document = json.loads(theirs)
                        self.assertTrue(finite(document))
                        start = theirs.rindex(',"links":')
                        self.assertEqual(json.loads("{" + theirs[start + 1 :])["links"], document["links"])
                        theirs = theirs[:start] + "}\n"
                    else:
                        # Universal newlines of this reader.
                        theirs = theirs.replace("\r\n", "\n")
                    self.assertEqual(ours, theirs)

    def test_csv_holds_the_figures_and_what_they_rest_on(self):
        body = self.server.get("/api/coverage?level=municipality&f=csv").body
        self.assertEqual(body.count(b"\n"), body.count(b"\r\n"))
        rows = list(csv.DictReader(io.StringIO(body.decode(), newline=""), strict=True))
        areas = self.server.json("/api/coverage?level=municipality")["areas"]
        self.assertEqual(len(rows), 218)
        for row, area in zip(rows, areas):
            self.assertNotIn(None, row)
            for name, value in area.items():
                if isinstance(value, (int, float)):
                    self.assertEqual(float(row[name]), value, name)
            self.assertEqual(row["base"], "census_cells")
            self.assertEqual(json.loads(row["parameters"])["radius"], 15000)
            self.assertIn("Zensus 2011", row["sources"])

    def test_people_add_up_on_every_level(self):
        for level, count in [("district", 14), ("municipality", 218), ("state", 1)]:
            answer = self.server.json(f"/api/coverage?level={level}&radius=10000")
            areas = answer["areas"]
            self.assertEqual(len(areas), count)
            people = sum(area["people"] for area in areas)
            self.assertEqual(people + answer["people_in_no_area"], 2_287_488)
            for area in areas:
                self.assertEqual(area["people_within_10000_m"] + area["gap_people"], area["people"])
            self.assertEqual(
                sum(area["offers_located"] for area in areas) + answer["offers_located_in_no_area"]
                + answer["offers_without_place"], 93)

    def test_tables_are_for_reading_and_quiet(self):
        text = self.answer("coverage")
        self.assertRegex(text, r"(?m)^key +name +people +distance_mean_m")
        self.assertEqual(len(re.findall(r"(?m)^15\d{3} ", text)), 14)
        self.assertIn("offers: 93 matched, 34 with a usable place", text)
        self.assertIn("data version", text)
        self.assertIn("-: no_usable_offer", self.answer("coverage", "--q", "gibt es nicht"))
        nearest = self.answer("nearest", "--lon", "11.6", "--lat", "52.1", "-k", "3", "--lang", "en")
        self.assertIn("Nearest offers", nearest)
        self.assertEqual(len(re.findall(r"(?m)^ +[123]  ", nearest)), 3)

    def test_bad_questions_end_with_usage_and_a_sentence(self):
        for command, options, words in [
            ("coverage", ["--radius", "-1"], ["radius", "0 to 20100000"]),
            ("coverage", ["--radius", "nan"], ["radius"]),
            ("coverage", ["--radius", "5", "--radius", "6"], ["radius", "more than once"]),
            ("coverage", ["--level", "planet"], ["level", "district, "]),
            ("coverage", ["--category", "nichts"], ["category", "known: ", "training"]),
            ("coverage", ["--area", "99"], ["area", "15001"]),
            ("coverage", ["--format", "xml"], ["format", "geojson"]),
            ("coverage", ["--unknown", "1"], ["unknown"]),
            ("siting", ["--stops", "0"], ["stops", "1 to 50"]),
            ("siting", ["--stops", "3", "--candidates", "11:52"], ["at most 1 stop", "has 1 candidate"]),
            ("siting", ["--method", "best"], ["method", "mclp, p-median"]),
            ("nearest", ["--lon", "11"], ["lat", "missing"]),
            ("nearest", ["--lon", "11", "--lat", "91"], ["lat", "-90 to 90"]),
            ("nearest", ["--lon", "-181", "--lat", "1"], ["lon"]),
            ("nearest", ["--lon", "1", "--lat", "1", "-k", "0"], ["k", "1 to 1000"]),
            ("nearest", ["--lon", "1", "--lat", "1", "-k", "10000"], ["k", "1 to 1000"]),
        ]:
            with self.subTest(command=command, options=options):
                result = kompass(command, self.project, *options)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertEqual(result.stdout, "")
                for word in words:
                    self.assertIn(word, result.stderr)
        self.assertEqual(kompass("coverage", self.folder / "none.gpkg").returncode, 2)
        self.assertEqual(kompass("coverage", self.write("no.gpkg", "nothing")).returncode, 1)

    def test_help_shows_examples_that_run(self):
        for command in ["coverage", "nearest", "siting"]:
            text = kompass(command, "-h").stdout
            examples = re.findall(rf"(?m)^ +kompass ({command} .*)$", text)
            self.assertGreaterEqual(len(examples), 2)
            for example in examples:
                words = [str(self.project) if word == "kompass.gpkg" else word for word in example.split()]
                result = kompass(*words)
                self.assertEqual(result.returncode, 0, example + "\n" + result.stderr)

    def test_gdal_reads_the_collections_with_our_counts(self):
        for collection, people in [("coverage", 2_287_488), ("access", 2_287_488), ("gaps", None)]:
            with self.subTest(collection=collection):
                ours = self.server.json(f"/api/collections/{collection}/items?limit=1")["numberMatched"]
                output = subprocess.run(
                    ["ogr2ogr", "-f", "CSV", "/vsistdout/", f"OAPIF:{self.server.base}/api", collection,
                     "-lco", "GEOMETRY=AS_WKT", "-oo", "PAGE_SIZE=1000"],
                    capture_output=True, text=True, check=True,
                ).stdout
                csv.field_size_limit(10_000_000)
                rows = list(csv.DictReader(io.StringIO(output)))
                self.assertEqual(len(rows), ours)
                self.assertTrue(all(row["WKT"] for row in rows))
                if people is None:
                    people = self.server.json("/api/collections/gaps/items?limit=1")["gap_people"]
                self.assertEqual(sum(int(row["people"]) for row in rows), people)

    def test_a_figure_can_be_traced_to_cells_and_offers(self):
        cells, path = [], "/api/collections/access/items?limit=10000&located_in=15"
        while path:
            page = self.server.json(path)
            cells += [feature["properties"] for feature in page["features"]]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            path = following[0].removeprefix(self.server.base) if following else None
        self.assertEqual(len(cells), 8087)
        for area in self.server.json("/api/coverage?located_in=15&radius=12000")["areas"]:
            own = [cell for cell in cells if cell["district_key"] == area["key"]]
            self.assertEqual(len(own), area["cells"])
            people = sum(cell["people"] for cell in own)
            self.assertEqual(people, area["people"])
            mean = sum(cell["people"] * cell["distance_m"] for cell in own) / people
            self.assertAlmostEqual(mean, area["distance_mean_m"], delta=1e-6 * mean)
            self.assertEqual(max(cell["distance_m"] for cell in own), area["distance_max_m"])
            within = sum(cell["people"] for cell in own if cell["distance_m"] <= 12_000)
            self.assertEqual(within, area["people_within_12000_m"])
        offers = {cell["nearest_offer_id"] for cell in cells}
        for offer in sorted(offers)[:3]:
            feature = self.server.json(f"/api/collections/offers/items/{offer}")
            self.assertIsNotNone(feature["geometry"])

    def test_gaps_are_valid_and_hold_the_people_beyond_the_radius(self):
        for level, radius in [("district", 8000), ("municipality", 12_000), ("state", 30_000)]:
            with self.subTest(level=level, radius=radius):
                query = f"level={level}&radius={radius}"
                path = self.folder / f"{level}.geojson"
                response = self.server.get(f"/api/collections/gaps/items?limit=10000&{query}")
                path.write_bytes(response.body)
                gaps = json.loads(response.body)
                areas = self.server.json(f"/api/coverage?{query}")["areas"]
                self.assertEqual(gaps["numberMatched"], len(gaps["features"]))
                self.assertEqual(
                    sum(feature["properties"]["people"] for feature in gaps["features"])
                    + gaps["gap_people_without_polygon"],
                    sum(area["gap_people"] for area in areas))
                surface = sum(feature["properties"]["area_m2"] for feature in gaps["features"])
                stated = sum(area["gap_area_m2"] for area in areas)
                self.assertAlmostEqual(surface, stated, delta=1e-6 * stated)
                for area in areas:
                    whole = area["gap_area_m2"] + area["covered_area_m2"]
                    self.assertAlmostEqual(whole, area["area_m2"], delta=1e-6 * area["area_m2"])
                # The geometries by GDAL's own judgement.
                output = subprocess.run(
                    ["ogrinfo", "-q", "-dialect", "SQLite", "-sql",
                     f'SELECT count(*) AS bad FROM "{json_layer(path)}" WHERE NOT ST_IsValid(geometry)', str(path)],
                    capture_output=True, text=True, check=True).stdout
                self.assertRegex(output, r"bad \(Integer\) = 0")

    def test_a_series_shows_what_breaks_when_offers_end(self):
        rows = self.server.json("/api/coverage?series=include&level=state")["rows"]
        self.assertIsNone(rows[0]["day"])
        for before, row in zip(rows, rows[1:]):
            self.assertEqual(row["gap_people_change"], row["gap_people"] - before["gap_people"])
            day = row["day"]
            figures = self.server.json(f"/api/coverage?level=state&date={day}")
            self.assertEqual(figures["areas"][0]["gap_people"], row["gap_people"], day)
            self.assertEqual(figures["completeness"]["offers_matched"], row["offers_running"], day)
        text = self.answer("coverage", "--series", "--level", "state")
        self.assertRegex(text, r"(?m)^2015-12-05 .* 87628  fuehrungskraefteakademie-2015$")

    def test_where_somebody_is_stands_in_no_log(self):
        self.assertEqual(self.server.get("/api/nearest?lon=11.9876501234&lat=51.4321098765").status, 200)
        self.assertEqual(self.server.get("/api/nearest?lon=11.9876501234&lat=151.4321098765").status, 400)
        for text in [self.server.log(), self.server.get("/metrics").body.decode()]:
            self.assertIn("/api/nearest", text)
            # Long enough not to be a port, a duration or a number of bytes.
            for trace in ("9876501", "4321098", "lon=", "lat="):
                self.assertNotIn(trace, text)
