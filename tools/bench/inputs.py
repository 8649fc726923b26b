"""The inputs of tools/bench/core, made once and kept in .cache/bench: the same bytes for Kompass and the peers."""

import functools
import struct
import subprocess
import sys

import geopandas
import numpy
import pandas
import pyproj
import shapely

METRIC = 25832
SEED = 7


class Inputs:
    def __init__(self, root, kompass, workload, data):
        self.root, self.kompass, self.workload, self.data = root, kompass, workload, data
        self.folder = root / ".cache" / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)

    def made(self, name, make):
        """The path of a file, which `make(path)` writes where it is not there yet."""
        path = self.folder / name
        if not path.exists():
            unfinished = path.with_name("unfinished-" + path.name)
            unfinished.unlink(missing_ok=True)
            make(unfinished)
            unfinished.rename(path)
        return path

    # --- synthetic ---------------------------------------------------------------------------------------------------

    @functools.cached_property
    def points(self):
        def make(path):
            frame = geopandas.read_file(self.workload / "actors_1m.gpkg", engine="pyogrio", columns=["id"])
            numpy.save(path, shapely.get_coordinates(frame.geometry.values))

        return self.made("points_1m.npy", make)

    @functools.cached_property
    def districts(self):
        return self.made("districts.wkb", lambda path: write_surfaces(path, self._districts().geometry.values))

    @functools.cached_property
    def metric_districts(self):
        metric = lambda: self._districts().to_crs(METRIC).geometry.values
        return self.made("districts_metric.wkb", lambda path: write_surfaces(path, metric()))

    def _districts(self):
        return geopandas.read_file(self.workload / "districts.gpkg", engine="pyogrio")

    @functools.cached_property
    def metric_offers(self):
        return self.made("offers_1k_metric.npy", lambda path: self._project("offers_1k.npy", path))

    @functools.cached_property
    def metric_offers_10k(self):
        return self.made("offers_10k_metric.npy", lambda path: self._project("offers_10k.npy", path))

    def _project(self, name, path):
        transformer = pyproj.Transformer.from_crs(4326, METRIC, always_xy=True)
        numpy.save(path, numpy.column_stack(transformer.transform(*numpy.load(self.workload / name).T)))

    # --- real --------------------------------------------------------------------------------------------------------

    def run(self, *arguments):
        result = subprocess.run([self.kompass, *map(str, arguments)], capture_output=True, text=True, cwd=self.root)
        if result.returncode:
            sys.exit(f"kompass {' '.join(map(str, arguments))}\nfailed: {result.stdout[-2000:]}{result.stderr[-2000:]}")

    def text(self, name, content):
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def saxony(self):
        """The pack of Saxony-Anhalt and 901 schools as offers of the category `school`."""

        def make(path):
            mapping = self.text("schools.yaml", SCHOOLS)
            self.run("load", self.root / "Data" / "sachsen-anhalt", "--into", path)
            schools = self.data / "orte" / "schulen_2017" / "sachsen-anhalt.csv"
            self.run("import", "offers", schools, "--into", path, "--mapping", mapping, "--region", "schools")

        return self.made("saxony.gpkg", make)

    def germany(self, cells=None):
        """All districts, municipalities and inhabited cells (or some of them, drawn by lot), and 100,000 offers drawn
        among the people."""

        def make(path):
            self.run("import", "districts", self._german_districts(), "--into", path)
            self.run("import", "municipalities", self._german_municipalities(), "--into", path)
            self.run(
                "import", "population", self._german_cells(cells), "--into", path, "--crs", "EPSG:3035", "--mapping",
                self.text("cells.yaml", "columns: {id: id, people: people, x: x, y: y, state: state, role: role}\n"),
            )
            self.run(
                "import", "offers", self._german_offers(), "--into", path, "--mapping",
                self.text("offers.yaml", GERMAN_OFFERS),
            )

        return self.made(f"germany-{cells or 'all'}.gpkg", make)

    def _german_districts(self):
        def make(path):
            frame = geopandas.read_file(self.data / "grenzen" / "vg1000_2024-12-31" / "VG1000_KRS.shp", engine="pyogrio")
            frame = frame[frame.GF == 4].to_crs(4326)
            figures = pandas.read_csv(
                self.data / "indikatoren" / "kreise_kennzahlen_abgeleitet.csv", dtype={"AGS": str}
            ).set_index("AGS")
            frame["population"] = figures.einwohner_2023.reindex(frame.AGS).to_numpy()
            frame = frame.rename(columns={"AGS": "key", "GEN": "name"})[["key", "name", "population", "geometry"]]
            frame.to_file(path, driver="GeoJSON", engine="pyogrio")

        return self.made("german-districts.geojson", make)

    def _german_municipalities(self):
        def make(path):
            source = self.data / "grenzen" / "vg250_gem_2022" / "VG250_GEM_simplified.zip"
            frame = geopandas.read_file(source, engine="pyogrio").to_crs(4326)
            frame["key"] = frame.ARS.str[:5] + frame.ARS.str[9:12]
            frame["name"] = frame.key
            frame = frame.drop_duplicates("key")
            frame[["key", "name", "geometry"]].to_file(path, driver="GeoJSON", engine="pyogrio")

        return self.made("german-municipalities.geojson", make)

    def _all_german_cells(self):
        return pandas.read_csv(self.data / "bevoelkerung" / "zensus2011_1km_bewohnt_deutschland.csv.gz", sep=";")

    def _german_cells(self, count):
        def make(path):
            cells = self._all_german_cells().set_axis(["id", "x", "y", "people"], axis=1)
            if count:
                cells = cells.sample(count, random_state=SEED).sort_index()
            cells["state"], cells["role"] = "", "own"
            cells.to_csv(path, index=False)

        return self.made(f"german-cells-{count or 'all'}.csv", make)

    def _german_offers(self):
        """100,000 points, each in the cell of a person drawn by lot, with a begin between 1990 and 2025."""

        def make(path):
            cells = self._all_german_cells().set_axis(["id", "x", "y", "people"], axis=1)
            random = numpy.random.default_rng(SEED)
            chosen = random.choice(len(cells), 100_000, p=cells.people / cells.people.sum())
            spread = random.uniform(-500, 500, (100_000, 2))
            transformer = pyproj.Transformer.from_crs(3035, 4326, always_xy=True)
            lon, lat = transformer.transform(
                cells.x.to_numpy()[chosen] + spread[:, 0], cells.y.to_numpy()[chosen] + spread[:, 1]
            )
            begin = pandas.to_datetime("1990-01-01") + pandas.to_timedelta(random.integers(0, 13_000, 100_000), "D")
            pandas.DataFrame({
                "id": [f"offer-{number:06d}" for number in range(100_000)], "title": "Angebot", "lon": lon.round(7),
                "lat": lat.round(7), "begin": begin.strftime("%Y-%m-%d"),
            }).to_csv(path, index=False)

        return self.made("german-offers.csv", make)

    def germany_begins(self, counts):
        """For each number of offers the day on which about as many have begun."""
        begins = sorted(pandas.read_csv(self._german_offers()).begin)
        return [(count, begins[count - 1]) for count in counts]


SCHOOLS = """\
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

GERMAN_OFFERS = """\
format: csv
crs: EPSG:4326
columns:
  id: id
  title: title
  delivery: {value: on_site}
  valid_from: begin
  lon: lon
  lat: lat
"""


def write_surfaces(path, surfaces):
    with open(path, "wb") as file:
        for encoded in shapely.to_wkb(surfaces, byte_order=1, output_dimension=2):
            file.write(struct.pack("<I", len(encoded)))
            file.write(encoded)
