"""Bad input through the built binary: a message that names file, line, field and cure, and a project left as it was."""

import hashlib
import json
import shutil
import zipfile

from project import ROOT, ProjectTest, kompass

HEADER = "id,title,category,lon,lat\n"


class BadInputTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", self.project)
        self.before = hashlib.sha256(self.project.read_bytes()).hexdigest()

    def run_import(self, kind, file, *options, code, words=(), untouched=True):
        report = self.folder / "report.json"
        result = kompass("import", kind, file, "--into", self.project, "--report", report, *options)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        said = result.stderr + result.stdout
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("Fatal error", said)
        if untouched:
            self.assertEqual(hashlib.sha256(self.project.read_bytes()).hexdigest(), self.before)
        self.assertEqual(kompass("check", self.project).returncode, 0)
        return json.loads(report.read_text())[0] if report.exists() else None

    def test_missing_file(self):
        self.run_import("offers", self.folder / "none.csv", code=2, words=["none.csv"])

    def test_wrong_format_under_a_right_name(self):
        for name, content in [
            ("x.gpkg", b"id,title\n1,a\n"), ("x.geojson", b"\x89PNG\r\n\x1a\n" + b"\0" * 500), ("x.zip", b"PK\x03\x04rubbish"),
            ("x.csv", b"SQLite format 3\0" + b"\0" * 4000),
        ]:
            self.run_import("offers", self.write(name, content), code=1, words=[name])

    def test_truncated_geopackage(self):
        whole = self.project.read_bytes()
        self.run_import("offers", self.write("cut.gpkg", whole[: len(whole) // 3]), code=1, words=["cut.gpkg"])

    def test_truncated_zip(self):
        archive = self.folder / "x.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("a.shp", b"\0" * 10_000)
        self.run_import("districts", self.write("cut.zip", archive.read_bytes()[:60]), code=1, words=["cut.zip"])

    def test_rows_are_rejected_with_line_and_reason(self):
        rows = [
            "good,Title,training,11.6,52.1", "short,Title,training", "nan,Title,training,NaN,52.1",
            "huge,Title,training,1e400,52.1", "off,Title,training,400,52.1", "good,Again,training,11.6,52.1",
            ",No id,training,11.6,52.1", "notitle,,training,11.6,52.1",
        ]
        file = self.write("rows.csv", HEADER + "\n".join(rows) + "\n")
        entry = self.run_import("offers", file, code=0, untouched=False)
        self.assertEqual((entry["read"], entry["loaded"], entry["rejected"]), (8, 1, 7))
        rejected = {issue["line"]: issue for issue in entry["issues"] if issue["outcome"] == "rejected"}
        self.assertEqual(set(rejected), set(range(3, 10)))
        for issue in rejected.values():
            self.assertTrue(issue["reason"])

    def test_swapped_coordinates_are_repaired_and_named(self):
        file = self.write("swapped.csv", HEADER + "a,Title,training,52.13,11.62\n")
        entry = self.run_import("offers", file, code=0, untouched=False)
        self.assertEqual(entry["repaired"], 1)
        self.assertIn("swap", entry["issues"][0]["reason"])

    def test_unknown_crs(self):
        file = self.write("crs.csv", HEADER + "a,Title,training,11.6,52.1\n")
        self.run_import("offers", file, "--crs", "EPSG:999999", code=2, words=["EPSG:999999"])

    def test_ten_megabytes_in_one_field(self):
        file = self.write("big.csv", HEADER + f"a,{'x' * 10_000_000},training,11.6,52.1\nb,Title,training,11.6,52.1\n")
        entry = self.run_import("offers", file, code=0, untouched=False)
        self.assertEqual((entry["loaded"], entry["rejected"]), (1, 1))

    def test_a_million_rows_with_an_error_in_the_last(self):
        with open(self.folder / "many.csv", "w", encoding="utf-8") as file:
            file.write(HEADER)
            for number in range(999_999):
                file.write(f"{number},Title {number},training,11.{number % 1000:03d},52.1\n")
            file.write("last,Title,training,here,52.1\n")
        entry = self.run_import("offers", self.folder / "many.csv", code=0, untouched=False)
        self.assertEqual((entry["loaded"], entry["rejected"]), (999_999, 1))
        self.assertEqual([issue["line"] for issue in entry["issues"] if issue["outcome"] == "rejected"], [1_000_001])

    def test_polygons(self):
        def feature(key, *ring):
            closed = [*ring, ring[0]] if ring else []
            geometry = {"type": "Polygon", "coordinates": [closed] if closed else []}
            return {"type": "Feature", "properties": {"key": key, "name": key}, "geometry": geometry}

        collection = {
            "type": "FeatureCollection",
            "features": [
                feature("16001", (20, 50), (21, 50), (21, 51), (20, 51)),
                feature("16002", (21, 50), (22, 51), (22, 50), (21, 51)),
                feature("16003"),
                feature("16001", (23, 50), (24, 50), (24, 51), (23, 51)),
                feature("1056", (24, 50), (25, 50), (25, 51), (24, 51)),
            ],
        }
        file = self.write("areas.geojson", json.dumps(collection))
        entry = self.run_import("districts", file, code=0, untouched=False)
        self.assertEqual((entry["read"], entry["rejected"]), (5, 2), entry)
        reasons = " ".join(issue["reason"] for issue in entry["issues"])
        self.assertIn("elf-intersection", reasons)
        self.assertIn("01056", reasons + json.dumps(entry))

    def test_persons_stay_out(self):
        file = self.write(
            "contacts.csv",
            "id,title,category,Ansprechpartnerin,E-Mail,Telefon\na,Kurs,training,Erika Mustermann,erika@example.org,0391 1\n")
        entry = self.run_import("offers", file, code=0, untouched=False)
        said = json.dumps(entry, ensure_ascii=False)
        self.assertIn("Ansprechpartnerin", said)
        self.assertIn("E-Mail", said)
        self.assertNotIn("erika@example.org", said)
        self.assertNotIn(b"erika@example.org", self.project.read_bytes())
        self.assertNotIn("Mustermann".encode(), self.project.read_bytes())

    def test_mapping_mistakes_name_file_and_line(self):
        file = self.write("x.csv", HEADER + "a,Title,training,11.6,52.1\n")
        mapping = self.write("x.yaml", "columns:\n  id: id\n  titel: title\n")
        self.run_import("offers", file, "--mapping", mapping, code=2, words=["x.yaml", "titel"])

    def test_pack_with_a_broken_description(self):
        pack = self.folder / "pack"
        pack.mkdir()
        (pack / "region.yaml").write_text("id: x\ninputs: [\n", encoding="utf-8")
        result = kompass("load", pack, "--into", self.project)
        self.assertIn(result.returncode, (1, 2))
        self.assertIn("region.yaml", result.stderr)
        self.assertEqual(hashlib.sha256(self.project.read_bytes()).hexdigest(), self.before)

    def test_pack_file_missing(self):
        pack = self.folder / "pack"
        pack.mkdir()
        (pack / "region.yaml").write_text("id: x\ninputs:\n- {kind: offers, file: none.csv}\n", encoding="utf-8")
        result = kompass("load", pack, "--into", self.project)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("none.csv", result.stderr)
        self.assertEqual(hashlib.sha256(self.project.read_bytes()).hexdigest(), self.before)

    def test_import_into_a_pack_is_refused(self):
        file = self.write("sachsen-anhalt.csv", HEADER + "a,Title,training,11.6,52.1\n")
        self.run_import("offers", file, code=2, words=["sachsen-anhalt", "--region"])

    def test_import_that_brings_nothing_changes_nothing(self):
        good = self.write("x.csv", HEADER + "a,Title,training,11.6,52.1\n")
        self.run_import("offers", good, code=0, untouched=False)
        self.before = hashlib.sha256(self.project.read_bytes()).hexdigest()
        for content in (HEADER, HEADER + "b,,training,11.6,52.1\n"):
            self.run_import("offers", self.write("x.csv", content), code=1, words=["x.csv", "nothing was changed"])

    def test_pack_that_breaks_its_promise_changes_nothing(self):
        shutil.copytree(ROOT / "Data", self.folder / "Data")
        pack = self.folder / "Data" / "sachsen-anhalt"
        for name, damage in [
            ("offers.csv", lambda text: text.replace("\n", '\n"', 1)),
            ("actors.csv", lambda text: "".join(text.splitlines(keepends=True)[:20])),
            ("districts.geojson", lambda text: "".join(l for l in text.splitlines(keepends=True) if '"15081"' not in l)),
        ]:
            whole = (pack / name).read_text(encoding="utf-8")
            (pack / name).write_text(damage(whole), encoding="utf-8")
            result = kompass("load", pack, "--into", self.project)
            self.assertEqual(result.returncode, 1, name)
            self.assertIn("nothing was changed" if "promises" in result.stderr else name, result.stderr)
            self.assertEqual(hashlib.sha256(self.project.read_bytes()).hexdigest(), self.before, name)
            (pack / name).write_text(whole, encoding="utf-8")

    def test_check_finds_overlaps(self):
        def square(key, west):
            ring = [[west, 50], [west + 1, 50], [west + 1, 51], [west, 51], [west, 50]]
            return {
                "type": "Feature", "properties": {"key": key, "name": key},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }

        file = self.write(
            "areas.geojson",
            json.dumps({"type": "FeatureCollection", "features": [square("16001", 20), square("16002", 20.5)]}))
        project = self.folder / "areas.gpkg"
        self.assertEqual(kompass("import", "districts", file, "--into", project).returncode, 0)
        check = kompass("check", project)
        self.assertEqual(check.returncode, 1)
        self.assertIn("16001 and 16002", check.stdout)

    def test_features_on_one_line_are_told_by_their_number(self):
        features = [
            {"type": "Feature", "properties": {"id": f"o{n}", "title": "T" if n != 3 else ""},
             "geometry": {"type": "Point", "coordinates": [11.6, 52.1]}}
            for n in range(1, 6)
        ]
        file = self.write("one.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
        entry = self.run_import("offers", file, code=0, untouched=False)
        self.assertEqual([i["line"] for i in entry["issues"] if i["outcome"] == "rejected"], [3])
