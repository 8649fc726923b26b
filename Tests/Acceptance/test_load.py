"""Loading region packs with the built binary: counts, idempotence, kills, two at once, a full disk."""

import concurrent.futures
import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess

from project import KOMPASS, ROOT, ProjectTest, kompass, ogr_count


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class LoadTest(ProjectTest):
    def test_saxony_anhalt_is_complete(self):
        project = self.folder / "kompass.gpkg"
        report = self.folder / "report.json"
        result = self.load("sachsen-anhalt", project, "--report", report)
        for key in [15001, 15002, 15003, *range(15081, 15092)]:
            self.assertRegex(result.stdout, rf"(?m)^{key} ")
        self.assertIn("no data", result.stdout, "districts without entries say so")
        for entry in json.loads(report.read_text()):
            self.assertEqual(
                entry["read"], entry["loaded"] + entry["repaired"] + entry["rejected"] + entry["filtered"], entry["file"]
            )
            self.assertEqual(entry["rejected"], 0, entry)
        self.assertEqual(ogr_count(project, "districts"), 14)
        self.assertEqual(ogr_count(project, "municipalities"), 218)
        self.assertEqual(ogr_count(project, "population_cells", "role = 'own'"), 8087)
        with sqlite3.connect(project) as database:
            one = lambda sql: database.execute(sql).fetchone()[0]
            self.assertEqual(one("SELECT sum(people) FROM population_cells WHERE role = 'own'"), 2_287_488)
            # Every own cell is in a district, or listed: nobody is lost.
            self.assertEqual(
                one("SELECT count(*) FROM population_cells WHERE role = 'own' AND district_key IS NULL"),
                one("SELECT count(*) FROM population_cells WHERE role = 'own' AND assignment = 'listed'"),
            )
            self.assertEqual(one("SELECT count(*) FROM offers WHERE source_id IS NULL"), 0)
            self.assertEqual(one("PRAGMA journal_mode"), "wal")

    def test_a_load_while_somebody_reads_is_kept_and_said(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        offers = self.folder / "more.csv"
        offers.write_text("id,title\nmore-1,Sprachkurs\n")
        with contextlib.closing(sqlite3.connect(project, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM offers").fetchone()
            result = kompass("import", "offers", offers, "--into", project)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("another program is reading", result.stderr)
            self.assertIn("kompass.gpkg-wal", result.stderr)
            reader.execute("COMMIT")
        offers.write_text("id,title\nmore-1,Sprachkurs\nmore-2,Beratung\n")
        result = kompass("import", "offers", offers, "--into", project)
        self.assertEqual((result.returncode, "another program" in result.stderr), (0, False))
        self.assertEqual(ogr_count(project, "offers", "id LIKE 'more-%'"), 2)

    def test_a_report_that_cannot_be_written_is_said_before_the_load(self):
        project = self.folder / "kompass.gpkg"
        offers = self.folder / "offers.csv"
        offers.write_text("id,title\na,Sprachkurs\n")
        result = kompass("import", "offers", offers, "--into", project, "--report", self.folder / "none" / "a.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn("none/a.json", result.stderr)
        self.assertFalse(project.exists())
        # A load that fails leaves neither a new report nor an older one changed.
        report = self.folder / "report.json"
        for content in (None, "older"):
            if content:
                report.write_text(content)
            result = kompass("import", "offers", self.folder / "none.csv", "--into", project, "--report", report)
            self.assertNotEqual(result.returncode, 0)
            self.assertEqual(report.read_text() if report.exists() else None, content)
        result = kompass("import", "offers", offers, "--into", project, "--report", report)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(report.read_text())[0]["loaded"], 1)

    def test_both_packs_hold_the_whole_network(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        self.load("nordrhein-westfalen", project)
        self.assertEqual(ogr_count(project, "actors"), 297)
        self.assertEqual(ogr_count(project, "offers"), 256)
        self.assertEqual(ogr_count(project, "links"), 370)
        self.assertEqual(ogr_count(project, "districts"), 67)
        check = kompass("check", project)
        self.assertEqual(check.returncode, 0, check.stdout)

    def test_order_of_packs_does_not_matter_and_twice_changes_nothing(self):
        one, other = self.folder / "one.gpkg", self.folder / "other.gpkg"
        for pack in ("sachsen-anhalt", "nordrhein-westfalen"):
            self.load(pack, one)
        for pack in ("nordrhein-westfalen", "sachsen-anhalt"):
            self.load(pack, other)
        before = digest(one)
        self.assertIn("Nothing changes.", self.load("sachsen-anhalt", one).stdout)
        self.assertEqual(digest(one), before)
        self.assertEqual(ogr_count(one, "population_cells"), ogr_count(other, "population_cells"))

    def test_dry_run_shows_the_difference_and_changes_nothing(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        before = digest(project)
        pack = self.folder / "Data" / "sachsen-anhalt"
        shutil.copytree(ROOT / "Data", self.folder / "Data")
        offers = (pack / "offers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        removed = offers.pop(1).split(",")[0]
        offers.append(offers[-1].replace(offers[-1].split(",")[0], "brand-new", 1))
        (pack / "offers.csv").write_text("".join(offers), encoding="utf-8")
        result = kompass("load", pack, "--into", project, "--dry-run")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"offers: 1 added, 0 changed, 1 removed")
        self.assertIn("+brand-new", result.stdout)
        self.assertIn("-" + removed, result.stdout)
        self.assertEqual(digest(project), before)

    def test_every_layer_opens_in_gdal(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        listing = subprocess.run(["ogrinfo", "-ro", str(project)], capture_output=True, text=True, check=True)
        self.assertNotIn("Warning", listing.stderr + listing.stdout)
        for layer, geometry in [
            ("districts", "Multi Polygon"), ("municipalities", "Multi Polygon"), ("population_cells", "Point"),
            ("actors", "Point"), ("offers", "Point"),
        ]:
            self.assertRegex(listing.stdout, rf"\d+: {layer} \({geometry}\)")
        # The spatial index answers through GDAL.
        inside = subprocess.run(
            ["ogrinfo", "-ro", "-so", "-spat", "11.5", "52.0", "11.8", "52.3", str(project), "offers"],
            capture_output=True, text=True, check=True,
        )
        self.assertNotIn("Feature Count: 0", inside.stdout)

    def test_killed_load_leaves_the_old_state(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        version = self.version(project)
        self.load("sachsen-anhalt", self.folder / "whole.gpkg")
        status, whole = self.load_within(None, self.folder / "whole.gpkg")
        self.assertEqual(status, 0)
        new_version = self.version(self.folder / "whole.gpkg")
        killed = 0
        for share in (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97):
            status, _ = self.load_within(share * whole, project)
            self.assertIn(status, (0, -signal.SIGPROF))
            self.assertEqual(kompass("check", project).returncode, 0)
            if self.version(project) == version:
                killed += 1
            else:
                # What was done before the kill is whole: take the state back and try again.
                self.assertEqual(self.version(project), new_version)
                for suffix in ("", "-wal", "-shm"):
                    (self.folder / ("kompass.gpkg" + suffix)).unlink(missing_ok=True)
                self.load("sachsen-anhalt", project)
        self.assertGreater(killed, 0)

    def load_within(self, seconds, project):
        """Loads a pack and is killed, unable to clean up, after so much processor time, which is a matter of the work that
        is done and not of the clock; gives the exit code and the processor time."""
        process = subprocess.Popen(
            [KOMPASS, "load", ROOT / "Data" / "nordrhein-westfalen", "--into", project],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.setitimer(signal.ITIMER_PROF, seconds or 0))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage.ru_utime + usage.ru_stime

    def version(self, project):
        with sqlite3.connect(f"file:{project}?mode=ro", uri=True) as database:
            return [
                database.execute(f"SELECT count(*), total(fid) FROM {table}").fetchone()
                for table in ("districts", "municipalities", "population_cells", "actors", "offers", "links", "imports")
            ]

    def test_two_loads_at_once_do_not_mix(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(
                pool.map(
                    lambda _: kompass("load", ROOT / "Data" / "nordrhein-westfalen", "--into", project), range(2)
                )
            )
        codes = sorted(result.returncode for result in results)
        self.assertIn(codes, [[0, 0], [0, 1]])
        for result in results:
            if result.returncode:
                self.assertIn("another program is writing", result.stderr)
        self.assertEqual(ogr_count(project, "offers"), 256)
        self.assertEqual(kompass("check", project).returncode, 0)

    def test_full_disk_is_told_and_changes_nothing(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to mount a small file system")
        mount = self.folder / "small"
        mount.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", mount], check=False).returncode:
            self.skipTest("cannot mount a small file system here")
        try:
            project = mount / "kompass.gpkg"
            self.load("sachsen-anhalt", project)
            before = digest(project)
            room = os.statvfs(mount)
            (mount / "ballast").write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - 1_500_000))
            result = kompass("load", ROOT / "Data" / "nordrhein-westfalen", "--into", project)
            self.assertEqual(result.returncode, 1, result.stdout)
            self.assertIn("disk is full", result.stderr)
            self.assertEqual(kompass("check", project).returncode, 0)
            self.assertEqual(ogr_count(project, "districts"), 14)
            for name in ("kompass.gpkg-wal", "kompass.gpkg-shm"):
                (mount / name).unlink(missing_ok=True)
            self.assertEqual(digest(project), before)
        finally:
            subprocess.run(["umount", mount], check=False)


class CommandLineTest(ProjectTest):
    def test_help_and_usage(self):
        self.assertEqual(kompass("--help").returncode, 0)
        for command in ("load", "import", "check", "serve"):
            self.assertEqual(kompass(command, "--help").returncode, 0)
        for arguments in (["fly"], ["load"], ["import", "stars", "x.csv", "--into", self.folder / "x.gpkg"]):
            self.assertEqual(kompass(*arguments).returncode, 2, arguments)

    def test_missing_things_are_named(self):
        result = kompass("load", self.folder / "nowhere", "--into", self.folder / "x.gpkg")
        self.assertEqual(result.returncode, 2)
        self.assertIn("nowhere", result.stderr)
        self.assertFalse((self.folder / "x.gpkg").exists())
        result = kompass("check", self.folder / "y.gpkg")
        self.assertEqual(result.returncode, 2)
        self.assertIn("y.gpkg", result.stderr)
