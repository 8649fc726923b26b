"""The built server over real HTTP, on the real pack: API, tiles, caching, reload, shutdown, GDAL as a client."""

import concurrent.futures
import gzip
import html5lib
import json
import re
import subprocess
import urllib.parse

import mapbox_vector_tile

from project import ProjectTest, ServedPackTest, Server, eventually, kompass


class ServeTest(ServedPackTest):
    def items(self, collection, query=""):
        """All features of a collection, page by page."""
        path = f"/api/collections/{collection}/items?limit=50{query}"
        features = []
        while path:
            page = self.server.json(path)
            self.assertEqual(page["numberReturned"], len(page["features"]))
            features += page["features"]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            path = following[0].removeprefix(self.server.base) if following else None
        return features, page

    def test_every_collection_can_be_walked(self):
        for collection, count in [("districts", 14), ("municipalities", 218), ("offers", 93), ("actors", 131)]:
            features, last = self.items(collection)
            self.assertEqual(len(features), count, collection)
            self.assertEqual(len({feature["id"] for feature in features}), count, collection)
            self.assertEqual(last["numberMatched"], count)

    def test_districts_have_their_people_and_never_say_no_offers(self):
        features, _ = self.items("districts")
        self.assertEqual({feature["id"] for feature in features}, {
            "15001", "15002", "15003", *(str(key) for key in range(15081, 15092))})
        people = sum(feature["properties"]["people"] for feature in features)
        self.assertGreater(people, 2_287_000)
        self.assertLessEqual(people, 2_287_488)
        by_key = {feature["id"]: feature["properties"] for feature in features}
        self.assertEqual(by_key["15086"]["data_status"], "no_data")
        self.assertEqual(by_key["15003"]["data_status"], "data")

    def test_bbox_and_filters(self):
        features, _ = self.items("municipalities", "&bbox=11.5,52.0,11.8,52.3")
        self.assertIn("15003000", {feature["id"] for feature in features})
        self.assertLess(len(features), 40)
        training, page = self.items("offers", "&category=training")
        self.assertTrue(training)
        self.assertEqual({feature["properties"]["category"] for feature in training}, {"training"})
        arabic, page = self.items("offers", "&language=ar")
        self.assertEqual(page["numberMatched"] + page["not_stated"]["language"], 93 - self.other_languages())
        found, _ = self.items("offers", "&q=magdeburg")
        self.assertTrue(found)

    def other_languages(self):
        features, _ = self.items("offers")
        return sum(
            1 for feature in features
            if feature["properties"].get("languages") and "ar" not in feature["properties"]["languages"]
        )

    def test_every_offer_cites_its_source_with_its_year(self):
        features, _ = self.items("offers")
        for feature in features:
            self.assertTrue(feature["properties"]["source_title"], feature["id"])
            self.assertIn(feature["properties"]["source_year"], range(2013, 2025), feature["id"])
            self.assertTrue(feature["properties"]["status"], feature["id"])

    def test_wrong_requests_name_the_parameter(self):
        for path, status, word in [
            ("/api/collections/offers/items?limit=0", 400, "limit"),
            ("/api/collections/offers/items?limit=unlimited", 400, "limit"),
            ("/api/collections/offers/items?bbox=1,2,3", 400, "bbox"),
            ("/api/collections/offers/items?colour=red", 400, "colour"),
            ("/api/collections/offers/items?category=training&category=event", 400, "category"),
            ("/api/collections/offers/items?category=unheard", 400, "category"),
            ("/api/collections/stars/items", 404, ""),
            ("/api/collections/offers/items/nobody", 404, ""),
            ("/tiles/kompass/99/0/0.mvt", 404, ""),
            ("/tiles/kompass/8/a/b.mvt", 400, ""),
            ("/tiles/kompass/8/134/84.mvt?colour=red", 400, "colour"),
            ("/assets/../Package.swift", 404, ""),
            ("/assets/%2e%2e/Package.swift", 404, ""),
        ]:
            response = self.server.get(path)
            self.assertEqual(response.status, status, path)
            self.assertEqual(response.getheader("Content-Type", "").split(";")[0], "application/problem+json", path)
            self.assertIn(word, json.loads(response.body)["detail"], path)
            if not path.startswith("/assets"):
                self.assertEqual(response.getheader("Access-Control-Allow-Origin"), "*", path)
        response = self.server.request("DELETE", "/api/collections/offers/items")
        self.assertEqual(response.status, 405)
        self.assertIn("GET", response.getheader("Allow"))
        self.assertEqual(self.server.get("/api", Accept="application/xml").status, 406)

    def test_tiles_hold_what_the_api_says(self):
        description = self.server.json("/tiles/kompass.json")
        self.assertEqual(description["tilejson"], "3.0.0")
        # Each point for itself: what clusters hold is compared elsewhere.
        template = description["tiles"][0].removeprefix(self.server.base) + "&clusters=exclude"
        layers = {layer["id"] for layer in description["vector_layers"]}
        self.assertLessEqual({"districts", "municipalities", "borders", "labels", "offers"}, layers)
        zoom, offers, districts = 8, set(), set()
        for x in range(134, 139):
            for y in range(81, 88):
                path = template.replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))
                response = self.server.get(path)
                self.assertIn(response.status, (200, 204), path)
                if response.status == 204:
                    continue
                self.assertEqual(response.getheader("Content-Type"), "application/vnd.mapbox-vector-tile")
                self.assertIn("immutable", response.getheader("Cache-Control"))
                tile = mapbox_vector_tile.decode(response.body)
                offers |= {f["properties"]["id"] for f in tile.get("offers", {}).get("features", [])}
                districts |= {f["properties"]["key"] for f in tile.get("districts", {}).get("features", [])}
        located, _ = self.items("offers")
        self.assertEqual(len(districts), 14)
        inside = {
            f["id"] for f in located
            if f["geometry"] and 10.5 < f["geometry"]["coordinates"][0] < 13.2 and f["geometry"]["coordinates"][1] > 50.9
        }
        self.assertLessEqual(inside, offers)

    def test_conditional_and_compressed(self):
        for path in ("/api/collections/districts/items", "/tiles/kompass/7/67/42.mvt", "/", "/styles/kompass.json"):
            plain = self.server.get(path)
            packed = self.server.get(path, Accept_Encoding="gzip")
            self.assertEqual(packed.getheader("Content-Encoding"), "gzip", path)
            self.assertIn("Accept-Encoding", packed.getheader("Vary"), path)
            if "items" not in path:
                self.assertEqual(gzip.decompress(packed.body), plain.body, path)
            tag = packed.getheader("ETag")
            self.assertTrue(tag, path)
            again = self.server.get(path, Accept_Encoding="gzip", If_None_Match=f'"other", {tag}')
            self.assertEqual(again.status, 304, path)
            head = self.server.request("HEAD", path)
            self.assertEqual((head.status, head.body), (200, b""), path)

    def test_pages_are_valid_html(self):
        for path in (
            "/", "/?lang=en", "/?category=training&utm_source=x", "/api?f=html", "/api/collections?f=html",
            "/api/collections/offers?f=html", "/api/collections/offers/items?f=html", "/api/collections/districts/items/15003?f=html",
        ):
            response = self.server.get(path, Accept="text/html")
            self.assertEqual(response.status, 200, path)
            html5lib.HTMLParser(strict=True).parse(response.body.decode())
            policy = response.getheader("Content-Security-Policy")
            self.assertIn("default-src 'self'", policy, path)
            self.assertNotIn("unsafe", policy, path)
            self.assertIsNone(response.getheader("Set-Cookie"))

    def test_gdal_reads_every_collection(self):
        listing = subprocess.run(
            ["ogrinfo", "-ro", f"OAPIF:{self.server.base}/api"], capture_output=True, text=True, check=False)
        self.assertEqual(listing.returncode, 0, listing.stderr)
        for collection, count in [("districts", 14), ("municipalities", 218), ("offers", 93), ("actors", 131)]:
            info = subprocess.run(
                ["ogrinfo", "-ro", "-so", f"OAPIF:{self.server.base}/api", collection], capture_output=True, text=True, check=False)
            self.assertRegex(info.stdout, rf"Feature Count: {count}\b", info.stderr)

    def ogr_count(self, source, layer=None, *options):
        """The number of features that GDAL reads."""
        info = subprocess.run(
            ["ogrinfo", "-ro", "-so", *options, str(source), *([layer] if layer else ["-al"])],
            capture_output=True, text=True, check=False)
        found = re.search(r"Feature Count: (\d+)", info.stdout)
        self.assertIsNotNone(found, info.stdout + info.stderr)
        return int(found[1])

    def test_conditions_agree_with_gdal(self):
        for collection, condition in [
            ("offers", "category = 'training'"), ("offers", "source_year > 2018 AND title LIKE '%Beratung%'"),
            ("offers", "valid_from IS NULL OR category IN ('event', 'training')"),
            ("municipalities", "population BETWEEN 10000 AND 20000"), ("actors", "NOT (sector = 'administration')"),
            ("districts", "offers >= 3"),
        ]:
            query = urllib.parse.urlencode({"filter": condition, "limit": 1})
            ours = self.server.json(f"/api/collections/{collection}/items?{query}")["numberMatched"]
            export = self.shared / f"{collection}.geojson"
            export.write_bytes(self.server.get(f"/api/collections/{collection}/export").body)
            # SQLite counts with GDAL's own reader; LIKE minds case in CQL2.
            sql = f"SELECT COUNT(*) AS n FROM \"{collection}\" WHERE {condition.replace('LIKE', 'GLOB').replace('%', '*')}"
            answer = subprocess.run(
                ["ogrinfo", "-ro", "-q", str(export), "-dialect", "SQLITE", "-sql", sql], capture_output=True,
                text=True, check=False)
            found = re.search(r"n \(Integer\) = (\d+)", answer.stdout)
            self.assertIsNotNone(found, answer.stdout + answer.stderr)
            self.assertEqual(ours, int(found[1]), condition)
            self.assertGreater(ours, 0, condition)

    def test_exports_are_read_whole_by_gdal(self):
        for collection in ["districts", "municipalities", "offers", "actors", "coverage"]:
            count = self.server.json(f"/api/collections/{collection}/items?limit=1")["numberMatched"]
            for form, ending in [("geojson", "geojson"), ("geojsonseq", "geojsons"), ("csv", "csv")]:
                answer = self.server.get(f"/api/collections/{collection}/export?f={form}")
                self.assertRegex(
                    answer.getheader("Content-Disposition"),
                    rf'^attachment; filename="kompass-{collection}(-[0-9-]+)?-[0-9a-f]{{16}}\.{ending}"$')
                file = self.shared / f"export-{collection}.{ending}"
                file.write_bytes(answer.body)
                self.assertEqual(self.ogr_count(file), count, f"{collection} {form}")
                command = self.shared / f"command-{collection}.{ending}"
                result = kompass(
                    "export", self.project, "--collection", collection, "--format", form, "-o", command)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(command.read_bytes(), answer.body)
        refused = kompass("export", self.project, "--collection", "offers", "--format", "csv",
                          "-o", self.shared / "none.csv", "--filter", "colour = 1")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("there is no queryable 'colour'", refused.stderr)
        self.assertFalse((self.shared / "none.csv").exists())

    def test_coordinates_are_those_of_gdal(self):
        plain = self.shared / "plain.geojson"
        plain.write_bytes(self.server.get("/api/collections/offers/export").body)
        for code in [25832, 3035, 3857]:
            # GDAL writes east first whatever the authority says; 3035 is the one that lists northing first.
            moved = subprocess.run(
                ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", str(plain), "-t_srs", f"EPSG:{code}", "-lco",
                 "COORDINATE_PRECISION=4"], capture_output=True, text=True, check=True)
            theirs = [feature["geometry"] for feature in json.loads(moved.stdout)["features"]]
            crs = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
            answer = self.server.get(f"/api/collections/offers/export?crs={crs}")
            self.assertEqual(answer.getheader("Content-Crs"), f"<{crs}>")
            ours = [feature["geometry"] for feature in json.loads(answer.body)["features"]]
            self.assertEqual(len(ours), len(theirs))
            for mine, other in zip(ours, theirs):
                self.assertEqual(mine is None, other is None)
                if mine:
                    place = mine["coordinates"][::-1] if code == 3035 else mine["coordinates"]
                    for ordinate, expected in zip(place, other["coordinates"]):
                        self.assertAlmostEqual(ordinate, expected, delta=0.01)

    def test_nothing_of_a_visitor_is_logged(self):
        server = Server(self.project)
        self.addCleanup(server.close)
        server.get("/api/collections/offers/items?q=geheimeswort", Referer="http://secret.example/")
        # Whatever it would write it has written when it has ended.
        server.stop()
        log = server.log()
        self.assertNotIn("geheimeswort", log)
        self.assertNotIn("secret.example", log)
        self.assertNotRegex(log.split("listening")[-1] if "listening" in log else log, r"\b127\.0\.0\.1:\d{5}\b(?!.*start)")
        self.assertIn("proj_db", log)

    def test_operations(self):
        self.assertEqual(self.server.get("/health/live").status, 200)
        self.assertEqual(self.server.get("/health/ready").status, 200)
        metrics = self.server.get("/metrics").body.decode()
        self.assertRegex(metrics, r"(?m)^kompass_\w+")


class LifeTest(ProjectTest):
    """Start, reload and end of a server of its own."""

    def serve(self, *options):
        self.project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", self.project)
        server = Server(self.project, *options)
        self.addCleanup(server.close)
        return server

    def test_reload_takes_up_the_new_file_and_drops_no_request(self):
        server = self.serve()
        before = server.json("/tiles/kompass.json")["tiles"][0]
        stop = []

        def ask():
            bad = []
            while not stop:
                response = server.get("/api/collections/offers/items?limit=1000")
                if response.status != 200:
                    bad.append(response.status)
                else:
                    answer = json.loads(response.body)
                    if answer["numberMatched"] not in (93, 256):
                        bad.append(answer["numberMatched"])
            return bad

        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            askers = [pool.submit(ask) for _ in range(3)]
            self.load("nordrhein-westfalen", self.project)
            try:
                eventually(lambda: server.json("/api/collections/offers/items?limit=1")["numberMatched"] == 256, "the server has new data: it")
            finally:
                stop.append(True)
            self.assertEqual([asker.result() for asker in askers], [[], [], []])
        self.assertEqual(server.json("/api/collections/offers/items?limit=1")["numberMatched"], 256)
        self.assertNotEqual(server.json("/tiles/kompass.json")["tiles"][0], before)

    def test_broken_file_keeps_the_old_state(self):
        server = self.serve()
        self.project.write_bytes(self.project.read_bytes()[:100_000])
        eventually(lambda: server.json("/health/ready").get("last_reload") == "failed", "the server has looked: it")
        self.assertEqual(server.json("/api/collections/offers/items?limit=1")["numberMatched"], 93)

    def test_graceful_end(self):
        server = self.serve()
        self.assertEqual(server.stop(), 0, server.log())

    def test_links_follow_the_public_url(self):
        server = self.serve("--public-url", "https://karte.example.de/kompass")
        landing = server.json("/api")
        self.assertTrue(all(link["href"].startswith("https://karte.example.de/kompass/") for link in landing["links"]))

    def test_serving_nothing_says_what_to_do(self):
        result = kompass("serve", self.folder / "none.gpkg", "--port", "0")
        self.assertEqual(result.returncode, 2)
        self.assertIn("kompass load", result.stderr)

    def test_region_of_two_states(self):
        project = self.folder / "both.gpkg"
        self.load("sachsen-anhalt", project)
        self.load("nordrhein-westfalen", project)
        server = Server(project)
        self.addCleanup(server.close)
        self.assertEqual(server.json("/api/collections/districts/items?limit=1")["numberMatched"], 67)
        located = server.json("/api/collections/offers/items?located_in=05&limit=1")["numberMatched"]
        self.assertGreater(located, 80)
        self.assertTrue(re.search(r"Nordrhein-Westfalen", server.get("/").body.decode()))
