"""The predicates of the CQL2 standard with their expected counts (OGC 21-065r2, annex A), over HTTP, on the standard's
own GeoPackage, which is served as it is. The JSON form of each is made by a second implementation, cql2-rs."""

import csv
import json
import random
import urllib.parse

import cql2

from project import ProjectTest, Server, TEST_DATA


class StandardPredicatesTest(ProjectTest):
    """All cases that lie beside the data set: any CSV with the columns collection, predicate, expected_count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = TEST_DATA / "cql2"
        cls.cases = []
        cls.server = None
        if not (folder / "ne110m4cql2.gpkg").exists():
            return
        for path in sorted(folder.glob("*.csv")):
            with open(path, encoding="utf-8", newline="") as file:
                cls.cases += [(row["collection"], row["predicate"], int(row["expected_count"]))
                              for row in csv.DictReader(file)]
        cls.server = Server(None, "--collections", str(folder / "ne110m4cql2.gpkg"))
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        super().setUp()
        self.data("cql2/cases.csv")
        self.data("cql2/ne110m4cql2.gpkg")

    def count(self, collection, condition, encoding):
        query = urllib.parse.urlencode({"filter": condition, "filter-lang": encoding, "limit": 1})
        response = self.server.get(f"/api/collections/{collection}/items?{query}")
        if response.status != 200:
            return json.loads(response.body)["detail"]
        return json.loads(response.body)["numberMatched"]

    def test_as_text(self):
        self.assertGreaterEqual(len(self.cases), 70)
        for collection, predicate, expected in self.cases:
            with self.subTest(predicate):
                self.assertEqual(self.count(collection, predicate, "cql2-text"), expected)

    def test_as_json(self):
        for collection, predicate, expected in self.cases:
            with self.subTest(predicate):
                tree = json.dumps(cql2.parse_text(predicate).to_json(), ensure_ascii=False)
                self.assertEqual(self.count(collection, tree, "cql2-json"), expected, tree)

    def ids(self, collection, condition):
        query = urllib.parse.urlencode({"filter": condition, "limit": 10000, "properties": "name"})
        features = self.server.json(f"/api/collections/{collection}/items?{query}")["features"]
        return {feature["id"] for feature in features}

    def test_opposites_are_disjoint(self):
        collection = "ne_110m_populated_places_simple"
        for first, second in [
            ("name = 'København'", "name <> 'København'"), ("pop_max > 1038288", "pop_max <= 1038288"),
            ("pop_max < 1038288", "pop_max >= 1038288"), ("start IS NULL", "start IS NOT NULL"),
            ("boolean = true", "boolean = false"), ("name LIKE 'B_r%'", "name NOT LIKE 'B_r%'"),
            ("S_INTERSECTS(geom, BBOX(0,40,10,50))", "S_DISJOINT(geom, BBOX(0,40,10,50))"),
        ]:
            a, b = self.ids(collection, first), self.ids(collection, second)
            self.assertTrue(a, first)
            self.assertTrue(b, second)
            self.assertFalse(a & b, f"{first} / {second}")
        self.assertEqual(len(self.ids(collection, "TRUE")), 243)
        self.assertEqual(len(self.ids(collection, "false")), 0)
        self.assertEqual(self.ids(collection, "name like 'B_r%' AnD nOt pop_max Is NuLl"),
                         self.ids(collection, "name LIKE 'B_r%' AND NOT pop_max IS NULL"))

    def test_combinations_are_set_algebra(self):
        """`((NOT p1 AND p2) OR (p3 AND NOT p4) OR NOT (p1 AND p4))`, as the standard's logical tests ask."""
        collection = "ne_110m_populated_places_simple"
        everything = self.ids(collection, "TRUE")
        predicates = sorted({p for c, p, _ in self.cases if c == collection})
        generator = random.Random(65)
        known = {}

        def sides(predicate):
            """The rows for which a predicate is true and those for which it is false; the others are unknown."""
            if predicate not in known:
                known[predicate] = (self.ids(collection, predicate), self.ids(collection, f"NOT ({predicate})"))
            return known[predicate]

        for _ in range(12):
            p = generator.sample(predicates, 4)
            (t1, f1), (t2, _), (t3, _), (t4, f4) = map(sides, p)
            text = "((NOT ({0}) AND ({1})) OR (({2}) AND NOT ({3})) OR NOT (({0}) AND ({3})))".format(*p)
            expected = (f1 & t2) | (t3 & f4) | (f1 | f4)
            self.assertEqual(self.ids(collection, text), expected, text)
            self.assertLessEqual(expected, everything)

    def test_what_is_refused_names_the_parameter(self):
        for condition in [
            "S_INTERSECTS(geom,POINT(90 180))", "S_INTERSECTS(geom,BBOX(1000000,1000000,1000001,1000001))",
            "THIS IS NOT A FILTER", "this_is_not_a_queryable = 1", "geometry IS NULL", "name = ", "name LIKE 5",
            "pop_max = 'many'", "boolean > 5",
        ]:
            query = urllib.parse.urlencode({"filter": condition})
            response = self.server.get(f"/api/collections/ne_110m_populated_places_simple/items?{query}")
            self.assertEqual(response.status, 400, condition)
            self.assertEqual(json.loads(response.body)["parameter"], "filter", condition)
