"""Tests of the shipped packs. Reads nothing but the packs and this tool's own tables: runs without source data."""

import csv
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import shapely
import yaml

from . import gazetteer, land, network
from .configuration import Configuration, State
from .nesting import DECIMALS, canonical, dissolve, geodesic_area
from .country import GEOGRAPHIC_CRS, POPULATION_FIELDS, SOURCE_FIELDS
from .population import GRID_CRS

CSV_FIELDS = {
    **network.FIELDS,
    **land.FIELDS,
    "gazetteer": gazetteer.FIELDS,
    "population": POPULATION_FIELDS,
    "sources": SOURCE_FIELDS,
}

# Smallest part of a polygon that can be land of its own; below it is a sliver of the overlay.
SMALLEST_PART_M2 = 1_000

# A context cell is measured from the full-detail state outline, this test from the generalised districts.
OUTLINE_TOLERANCE_METRES = 1_500

# Whole of Germany in degrees, with a margin: west, south, east, north.
COUNTRY_BOUNDS = (5.5, 47.0, 15.5, 55.5)

VOCABULARY_OF = {
    "actors": {"sector": "sector", "kind": "kind", "state": "state"},
    "offers": {
        "category": "category", "topics": "topic", "audiences": "audience", "languages": "language",
        "delivery": "delivery",
    },
    "links": {"kind": "link_kind"},
    "indicators": {"unit": "unit", "qualifier": "qualifier"},
}  # fmt: skip

PUBLISH_VALUES = {"full", "district_only", "no"}
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
REDUCED_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass
class Pack:
    """A pack as it is on disk."""

    folder: str
    state: State | None
    region: dict
    tables: dict[str, list[dict[str, str]]]
    areas: dict[str, dict[str, tuple[dict, shapely.Geometry]]]

    def keys(self, level: str) -> set[str]:
        """Official keys of the level's areas."""
        return set(self.areas.get(level, {}))


class Findings(list):
    """What is wrong, as sentences."""

    def expect(self, holds: bool, sentence: str) -> None:
        """Note the sentence unless the condition holds."""
        if not holds:
            self.append(sentence)


def verify(out: Path, configuration: Configuration) -> list[str]:
    """Everything that is wrong with the packs below `out`; empty when nothing is."""
    findings = Findings()
    states = {state.folder: state for state in configuration.states}
    packs = []
    for folder in configuration.folders:
        if not (out / folder / "region.yaml").is_file():
            findings.append(f"{folder}: the pack is missing; build it with tools/build-region-pack")
            continue
        try:
            pack = read_pack(out / folder, states.get(folder), findings)
        except (ValueError, KeyError, TypeError, yaml.YAMLError, shapely.errors.ShapelyError) as error:
            findings.append(f"{folder}: cannot be read: {error!r}")
            continue
        packs.append(pack)
        check_files(out / folder, configuration, findings)
    if findings:
        return findings
    for pack in packs:
        check_counts(pack, findings)
        check_gazetteer(pack, findings)
        if pack.state:
            check_areas(pack, findings)
            check_land(pack, findings)
            check_population(pack, configuration, findings)
        else:
            check_cities(pack, findings)
            check_calibration(pack, findings)
    check_network(packs, configuration, findings)
    return findings


def read_pack(path: Path, state: State | None, findings: Findings) -> Pack:
    """Read all inputs that region.yaml names."""
    region = yaml.safe_load((path / "region.yaml").read_text(encoding="utf-8"))
    tables, areas = {}, {}
    for entry in [*region["inputs"], {"kind": "sources", "file": region["sources"]}]:
        file = path / entry["file"]
        if not file.is_file():
            findings.append(f"{path.name}: region.yaml names {file.name}, which is missing")
        elif file.suffix == ".geojson":
            areas[entry["kind"]] = read_areas(file, findings)
        else:
            tables[entry["kind"]] = read_table(file, CSV_FIELDS[entry["kind"]], findings)
    return Pack(path.name, state, region, tables, areas)


def read_table(file: Path, fields: list[str], findings: Findings) -> list[dict[str, str]]:
    """Rows of a CSV file with exactly these columns."""
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        findings.expect(next(reader, None) == fields, f"{file.parent.name}/{file.name}: the header is not {fields}")
        return [dict(zip(fields, row, strict=True)) for row in reader]


def read_areas(file: Path, findings: Findings) -> dict[str, tuple[dict, shapely.Geometry]]:
    """Features by key; one feature a line, sorted, coordinates as they stand in the text."""
    name = f"{file.parent.name}/{file.name}"
    lines = file.read_text(encoding="utf-8").splitlines()
    document = json.loads("\n".join(lines))
    features = document["features"]
    findings.expect(set(document) == {"type", "features"}, f"{name}: members besides type and features")
    findings.expect(len(lines) == len(features) + 2, f"{name}: not one feature a line")
    areas = {feature["properties"]["key"]: feature for feature in features}
    findings.expect(len(areas) == len(features), f"{name}: a key occurs twice")
    findings.expect(list(areas) == sorted(areas), f"{name}: features are not sorted by key")
    return {
        key: (feature["properties"], shapely.from_geojson(json.dumps(feature["geometry"])))
        for key, feature in areas.items()
    }


def check_files(path: Path, configuration: Configuration, findings: Findings) -> None:
    """Encoding, line ends, size, and that no file lies there which nothing names."""
    region = yaml.safe_load((path / "region.yaml").read_text(encoding="utf-8"))
    named = {entry["file"] for entry in region["inputs"]} | {region["sources"], "region.yaml", "SOURCES.md"}
    present = {file.name for file in path.iterdir()}
    findings.expect(named == present, f"{path.name}: files {sorted(named ^ present)} are missing or named by nothing")
    size = 0
    for file in sorted(path.iterdir()):
        content = file.read_bytes()
        size += len(content)
        name = f"{path.name}/{file.name}"
        findings.expect(not content.startswith(b"\xef\xbb\xbf"), f"{name}: starts with a byte order mark")
        findings.expect(b"\r" not in content, f"{name}: has carriage returns")
        findings.expect(content.endswith(b"\n"), f"{name}: does not end with a line end")
        text = content.decode("utf-8")
        findings.expect(not E_MAIL.search(text), f"{name}: holds an e-mail address")
        findings.expect(".txt" not in text, f"{name}: names a source document's file")
    findings.expect(size < configuration.pack_limit_bytes, f"{path.name}: {size} bytes, too large")


def check_counts(pack: Pack, findings: Findings) -> None:
    """The figures region.yaml promises, and those the tables of this tool know."""
    counted = {kind: len(rows) for kind, rows in pack.tables.items()}
    counted |= {kind: len(areas) for kind, areas in pack.areas.items()}
    for role in ("own", "context"):
        people = [int(row["people"]) for row in pack.tables.get("population", []) if row["role"] == role]
        counted |= {f"{role}_cells": len(people), f"{role}_people": sum(people)}
    expected = pack.region["expect"]
    for name, number in [*expected.items(), *(pack.state.expect.items() if pack.state else [])]:
        findings.expect(counted[name] == number, f"{pack.folder}: {counted[name]} {name} instead of {number}")
    if pack.state:
        findings.expect(
            (pack.region["state"], pack.region["key_prefix"]) == (pack.state.code, pack.state.key_prefix),
            f"{pack.folder}: region.yaml has another state than the table",
        )


def check_areas(pack: Pack, findings: Findings) -> None:
    """Both levels are valid coverages, nested exactly, and as large as the official table says."""
    state = pack.state
    for level, length in (("districts", 5), ("municipalities", 8)):
        areas = pack.areas[level]
        geometries = np.array([geometry for _, geometry in areas.values()])
        name = f"{pack.folder}/{level}"
        findings.expect(bool(shapely.is_valid(geometries).all()), f"{name}: an area is not valid")
        findings.expect(bool(shapely.coverage_is_valid(geometries)), f"{name}: gaps or overlaps between areas")
        coordinates = shapely.get_coordinates(geometries)
        findings.expect(
            bool((np.round(coordinates, DECIMALS) == coordinates).all()), f"{name}: more than {DECIMALS} decimals"
        )
        for key, (_, geometry) in areas.items():
            findings.expect(
                key.startswith(state.key_prefix) and len(key) == length and key.isdigit(), f"{name}: bad key {key}"
            )
            findings.expect(
                shapely.equals_exact(canonical(geometry), geometry), f"{name}: {key} breaks the right-hand rule"
            )
            smallest = min(geodesic_area(part) for part in shapely.get_parts(geometry))
            findings.expect(smallest >= SMALLEST_PART_M2, f"{name}: {key} has a sliver of {smallest:.1f} m2")
    members = defaultdict(list)
    for key, (properties, geometry) in pack.areas["municipalities"].items():
        findings.expect(properties["district_key"] == key[:5], f"{pack.folder}: {key} names another district")
        members[key[:5]].append(geometry)
    for key, (properties, geometry) in pack.areas["districts"].items():
        nested = bool(members[key]) and shapely.equals_exact(canonical(dissolve(members[key])), geometry)
        findings.expect(nested, f"{pack.folder}: district {key} is not the union of its municipalities")
        deviation = geodesic_area(geometry) / properties["area_official_m2"] - 1
        findings.expect(
            abs(deviation) <= state.tolerance(key),
            f"{pack.folder}: area of {key} is {100 * deviation:+.2f} % off the official one",
        )
        findings.expect(properties["population"] > 0, f"{pack.folder}: district {key} has no population")


def check_land(pack: Pack, findings: Findings) -> None:
    """Every area has its land and its buildings, parts are smaller than the whole, municipalities make the district."""
    keys = sorted(pack.keys("districts") | pack.keys("municipalities"))
    for table in ("land_use", "buildings"):
        rows = pack.tables[table]
        found = [row["key"] for row in rows]
        findings.expect(found == keys, f"{pack.folder}/{table}.csv: not one row per area, sorted")
    parts = [name for name in land.LAND_USE_COLUMNS if name != "total_m2"]
    sums = defaultdict(int)
    for row in pack.tables["land_use"]:
        covered = sum(int(row[name] or 0) for name in parts)
        findings.expect(
            0 < covered <= int(row["total_m2"]) * 1.01, f"{pack.folder}/land_use.csv: {row['key']} is not made of parts"
        )
        sums[row["key"][:5], len(row["key"])] += int(row["total_m2"])
    for key, (properties, _) in pack.areas["districts"].items():
        deviation = abs(sums[key, 8] / sums[key, 5] - 1)
        findings.expect(deviation < 0.001, f"{pack.folder}/land_use.csv: municipalities of {key} do not make it up")
        region = properties["district_region_key"]
        findings.expect(
            region.startswith(pack.state.key_prefix) and len(region) == len(key), f"{pack.folder}: region of {key}"
        )
    for row in pack.tables["buildings"]:
        findings.expect(int(row["one_dwelling"]) > 0, f"{pack.folder}/buildings.csv: {row['key']} has no house")


def check_cities(pack: Pack, findings: Findings) -> None:
    """Large cities inside the country, sorted by key."""
    west, south, east, north = COUNTRY_BOUNDS
    keys = [row["key"] for row in pack.tables["cities"]]
    findings.expect(keys == sorted(set(keys)), f"{pack.folder}/cities.csv: keys not unique and sorted")
    for row in pack.tables["cities"]:
        inside = west <= float(row["lon"]) <= east and south <= float(row["lat"]) <= north
        large = int(row["population"]) >= land.CITY_POPULATION
        findings.expect(inside and large, f"{pack.folder}/cities.csv: {row['name']} is small or outside Germany")


def check_calibration(pack: Pack, findings: Findings) -> None:
    """One calibration of five indicators; loadings and explained variance belong together."""
    rows = pack.tables["rural_calibrations"]
    name = f"{pack.folder}/rural_calibrations.csv"
    findings.expect(len({row["indicator"] for row in rows}) == len(rows) == 5, f"{name}: not five indicators")
    findings.expect(len({row["calibration"] for row in rows}) == 1, f"{name}: more than one calibration")
    findings.expect({row["regions"] for row in rows} == {"361"}, f"{name}: not of 361 regions")
    explained = {float(row["explained_variance"]) for row in rows}
    squares = sum(float(row["loading"]) ** 2 for row in rows) / 5
    findings.expect(
        len(explained) == 1 and abs(squares - explained.pop()) < 1e-9, f"{name}: loadings and variance differ"
    )
    findings.expect(all(float(row["deviation"]) > 0 for row in rows), f"{name}: a deviation is not positive")


def check_population(pack: Pack, configuration: Configuration, findings: Findings) -> None:
    """Cell ids match their centres, roles match the states, and the cells lie where they must."""
    rows = pack.tables["population"]
    prefix = pack.state.key_prefix
    ids = [row["id"] for row in rows]
    findings.expect(ids == sorted(set(ids)), f"{pack.folder}/population.csv: ids not unique and sorted")
    for row in rows:
        x, y = int(row["x"]), int(row["y"])
        findings.expect(
            row["id"] == f"1kmN{y // 1000}E{x // 1000}" and x % 1000 == y % 1000 == 500,
            f"{pack.folder}/population.csv: {row['id']} is not the cell of its centre",
        )
        findings.expect(int(row["people"]) > 0, f"{pack.folder}/population.csv: {row['id']} is not inhabited")
        findings.expect(
            (row["role"] == "own") == (row["state"] == prefix) and row["role"] in ("own", "context"),
            f"{pack.folder}/population.csv: {row['id']} has a role that does not fit its state",
        )
    districts = [geometry for _, geometry in pack.areas["districts"].values()]
    metric = pyproj.Transformer.from_crs(GEOGRAPHIC_CRS, pack.region["crs"], always_xy=True)
    outline = shapely.transform(dissolve(districts), lambda pair: np.column_stack(metric.transform(*pair.T)))
    to_metric = pyproj.Transformer.from_crs(GRID_CRS, pack.region["crs"], always_xy=True)
    east, north = to_metric.transform([int(row["x"]) for row in rows], [int(row["y"]) for row in rows])
    distances = shapely.distance(outline, shapely.points(east, north))
    limits = {"own": 0, "context": configuration.context_metres}
    for row, distance in zip(rows, distances, strict=True):
        findings.expect(
            distance <= limits[row["role"]] + OUTLINE_TOLERANCE_METRES,
            f"{pack.folder}/population.csv: {row['id']} ({row['role']}) lies {distance:.0f} m from the state",
        )


def check_gazetteer(pack: Pack, findings: Findings) -> None:
    """Keys resolve, points lie where their keys say, one row per postcode and per municipality."""
    rows = pack.tables["gazetteer"]
    name = f"{pack.folder}/gazetteer.csv"
    west, south, east, north = COUNTRY_BOUNDS
    municipalities = pack.areas.get("municipalities", {})
    for row in rows:
        label = f"{name}: {row['kind']} {row['postcode']} {row['name']}"
        point = shapely.Point(float(row["lon"]), float(row["lat"]))
        findings.expect(west <= point.x <= east and south <= point.y <= north, f"{label} lies outside Germany")
        findings.expect(re.fullmatch(r"\d{5}", row["postcode"]) is not None, f"{label}: bad postcode")
        key = row["municipality_key"]
        if pack.state:
            findings.expect(
                not row["district_key"] or row["district_key"] in pack.keys("districts"), f"{label}: district"
            )
            findings.expect(not key or key in municipalities, f"{label}: unknown municipality {key}")
        else:
            findings.expect(not key, f"{label}: a municipality without its outline")
        if row["kind"] in ("place", "municipality") and key in municipalities:
            findings.expect(shapely.intersects(municipalities[key][1], point), f"{label} lies outside {key}")
            findings.expect(key.startswith(row["district_key"]), f"{label}: district and municipality differ")
    kinds = Counter(row["kind"] for row in rows)
    findings.expect(set(kinds) <= {"place", "postcode", "municipality"}, f"{name}: unknown kind in {sorted(kinds)}")
    for kind, column in (("postcode", "postcode"), ("municipality", "municipality_key")):
        values = [row[column] for row in rows if row["kind"] == kind]
        findings.expect(len(values) == len(set(values)), f"{name}: more than one {kind} row with the same {column}")
    findings.expect(kinds["municipality"] == len(municipalities), f"{name}: not one row per municipality")


def check_network(packs: list[Pack], configuration: Configuration, findings: Findings) -> None:
    """Nothing dropped, every row in one pack, every key resolves, no invented word."""
    shared = next(pack for pack in packs if pack.state is None)
    words = defaultdict(set)
    for row in shared.tables["vocabulary"]:
        words[row["field"]].add(row["key"])
    district_keys = set().union(*(pack.keys("districts") for pack in packs))
    district_keys |= {row["district_key"] for row in shared.tables["gazetteer"]}
    home, names = {}, {}
    for pack in packs:
        for table, title in (("actors", "name"), ("offers", "title")):
            for row in pack.tables[table]:
                findings.expect(row["id"] not in home, f"{pack.folder}/{table}.csv: {row['id']} occurs twice")
                home[row["id"]] = pack.folder
                names[row["id"]] = row[title]
    for table, expected in configuration.network.items():
        rows = [row for pack in packs for row in pack.tables.get(table, [])]
        if table == "indicators":
            rows = [row for row in rows if row["source_id"] not in configuration.datasets]
        if table == "vocabulary":
            rows = [row for row in rows if row not in configuration.words]
        findings.expect(len(rows) == expected, f"{len(rows)} rows of {table} in all packs instead of {expected}")
    missing = [word["key"] for word in configuration.words if word not in shared.tables["vocabulary"]]
    findings.expect(not missing, f"{shared.folder}/vocabulary.csv: the words {missing} of states.yaml are missing")
    for pack in packs:
        cited = {row["id"] for row in pack.tables["sources"]}
        reachable = {pack.folder, shared.folder}
        for table in ("actors", "offers", "links", "indicators"):
            name = f"{pack.folder}/{table}.csv"
            ids = [row["id"] for row in pack.tables[table]]
            findings.expect(ids == sorted(set(ids)), f"{name}: ids not unique and sorted")
            for row in pack.tables[table]:
                label = f"{name}: {row['id']}"
                findings.expect(row["source_id"] in cited, f"{label}: unknown source {row['source_id']}")
                for column, vocabulary in VOCABULARY_OF[table].items():
                    unknown = set(filter(None, row[column].split(";"))) - words[vocabulary]
                    findings.expect(not unknown, f"{label}: {column} {sorted(unknown)} not in the vocabulary")
                for column in ("actor_id", "parent_id"):
                    other = row.get(column)
                    findings.expect(not other or home.get(other) in reachable, f"{label}: {column} {other} not loaded")
                for column in ("district_key", "area_key"):
                    key = row.get(column, "")
                    known = key in district_keys or key in ("", network.NATIONWIDE) or is_state(key, configuration)
                    findings.expect(known, f"{label}: unknown {column} {key}")
                for column in ("valid_from", "valid_to", "since"):
                    date = row.get(column, "")
                    findings.expect(
                        not date or REDUCED_DATE.fullmatch(date) is not None, f"{label}: bad {column} {date}"
                    )
                for key in filter(None, row.get("served_keys", "").split(";")):
                    known = key in district_keys or is_state(key, configuration)
                    findings.expect(known, f"{label}: serves an unknown area {key}")
                if "publish" in row:
                    findings.expect(row["publish"] in PUBLISH_VALUES, f"{label}: publish is {row['publish']}")
        for row in pack.tables["links"]:
            label = f"{pack.folder}/links.csv: {row['id']}"
            homes = set()
            for end in ("from", "to"):
                findings.expect(row[f"{end}_id"] in home, f"{label}: unknown {end}_id")
                findings.expect(names.get(row[f"{end}_id"]) == row[f"{end}_name"], f"{label}: another {end}_name")
                homes.add(home.get(row[f"{end}_id"]))
            states = homes - {shared.folder}
            expected = states.pop() if len(states) == 1 else shared.folder
            findings.expect(expected == pack.folder, f"{label}: belongs into {expected}")
        for row in pack.tables["indicators"]:
            wanted = network.indicator_id(row["key"], row["area_key"], row["year"])
            findings.expect(row["id"] == wanted, f"{pack.folder}/indicators.csv: {row['id']} is not {wanted}")


def is_state(key: str, configuration: Configuration) -> bool:
    """Whether the key is the whole of a state that has a pack."""
    return any(key == state.key_prefix for state in configuration.states)
