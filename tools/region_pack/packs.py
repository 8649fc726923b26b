"""Puts the packs together."""

from collections import Counter
from pathlib import Path

import shapely

from . import boundaries, gazetteer, land, network, population, tables, whole_country
from .configuration import Configuration, State
from .country import GEOGRAPHIC_CRS, POPULATION_FIELDS, SOURCE_FIELDS, Country, district_properties
from .documents import MovedCells, PackFacts, region_yaml, sources_document
from .files import write_csv, write_geojson, write_text
from .nesting import Nesting, geodesic_area, nest
from .problems import require
from .rural_index import rural_rows

STATE_DATASETS = [
    "bkg-vg1000-2024", "bkg-vg250-gem-2022", "bkg-vg250-lan-2021", "destatis-kreise-2023", "destatis-gv-2021",
    "zensus-2011", "geonames-2026", "thuenen-landatlas-2023", land.LAND_USE_SOURCE, land.BUILDING_SOURCE,
]  # fmt: skip
SHARED_DATASETS = ["geonames-2026", *whole_country.DATASETS]


def build(data: Path, out: Path, configuration: Configuration, folders: list[str], kompass: Path) -> None:
    """Write the named packs into the empty folder `out`; the program computes the calibration of the rural index."""
    require(data.is_dir(), f"the data folder {data} is not there; name it with --data or KOMPASS_TEST_DATA")
    country = Country(data, configuration)
    for folder in folders:
        target = out / folder
        target.mkdir(parents=True)
        state = next((state for state in configuration.states if state.folder == folder), None)
        if state is None:
            build_shared(country, target, kompass)
        else:
            build_state(country, state, target)


def build_country_pack(data: Path, out: Path, configuration: Configuration) -> None:
    """Write the pack of the whole country into the empty folder `out`."""
    require(data.is_dir(), f"the data folder {data} is not there; name it with --data or KOMPASS_TEST_DATA")
    target = out / whole_country.FOLDER
    target.mkdir(parents=True)
    whole_country.build_country(Country(data, configuration), target)


def build_shared(country: Country, target: Path, kompass: Path) -> None:
    """The pack of what belongs to no one state."""
    configuration = country.configuration
    german, foreign = country.postcodes
    own_states = [row for row in german if configuration.state_of_key(row.district_key)]
    rest = [row for row in german if not configuration.state_of_key(row.district_key)]
    elsewhere = frozenset(row.postcode for row in own_states if not row.company)
    places = gazetteer.build_gazetteer(rest, country.company_postcodes, {}, {}, elsewhere)
    write_csv(target / "gazetteer.csv", gazetteer.FIELDS, places.rows)
    rows = country.network.rows[target.name]
    for name in network.TABLES:
        write_csv(target / f"{name}.csv", network.FIELDS[name], rows[name])
    cities = country.land.city_rows()
    write_csv(target / "cities.csv", land.FIELDS["cities"], cities)
    calibration = whole_country.calibration(country, kompass)
    write_text(target / "rural_calibrations.csv", calibration)
    facts = PackFacts(
        counts={
            **network_counts(rows), "cities": len(cities), "rural_calibrations": len(calibration.splitlines()) - 1,
        },
        gazetteer=places,
        foreign_postcodes=[f"{row['zipcode']} {row['place']}" for row in foreign],
        shared_postcodes=len(elsewhere & {row.postcode for row in rest if not row.company}),
    )
    finish(country, None, target, facts, SHARED_DATASETS, rows)


def build_state(country: Country, state: State, target: Path) -> None:
    """The pack of one state."""
    outlines, attributes = country.districts
    own = {key: outline for key, outline in outlines.items() if key.startswith(state.key_prefix)}
    source, repaired = boundaries.read_municipality_boundaries(country.data, state.key_prefix)
    source = boundaries.transform(source, boundaries.BOUNDARY_CRS, GEOGRAPHIC_CRS)
    official = tables.read_municipalities(country.data, state.key_prefix)
    require(
        sorted(official) == sorted(source),
        f"{state.folder}: register and outlines differ in {sorted(set(official) ^ set(source))}",
    )
    nested = nest(own, source)

    write_geojson(
        target / "districts.geojson",
        [
            (district_properties(country, key), geometry) for key, geometry in nested.districts.items()
        ],
    )
    write_geojson(
        target / "municipalities.geojson",
        [(municipality_properties(official[key]), geometry) for key, geometry in nested.municipalities.items()],
    )
    cells = population.population_rows(
        country.cells, country.states[state.key_prefix], state.key_prefix, country.configuration.context_metres
    )
    write_csv(target / "population.csv", POPULATION_FIELDS, cells)
    areas = [*nested.districts, *nested.municipalities]
    write_csv(target / "land_use.csv", land.FIELDS["land_use"], country.land.land_use_rows(areas))
    write_csv(target / "buildings.csv", land.FIELDS["buildings"], country.land.building_rows(areas))
    postcodes = [row for row in country.postcodes[0] if row.district_key.startswith(state.key_prefix)]
    places = gazetteer.build_gazetteer(postcodes, country.company_postcodes, nested.municipalities, official)
    write_csv(target / "gazetteer.csv", gazetteer.FIELDS, places.rows)
    rows = dict(country.network.rows[target.name])
    published = rural_rows(country.data, state.key_prefix, country.land.district_regions)
    rows["indicators"] = sorted([*rows["indicators"], *published], key=lambda row: row["id"])
    for name in ("actors", "offers", "links", "indicators"):
        write_csv(target / f"{name}.csv", network.FIELDS[name], rows[name])

    own_cells, own_people = population.totals(cells, "own")
    context_cells, context_people = population.totals(cells, "context")
    counts = {
        "districts": len(nested.districts),
        "municipalities": len(nested.municipalities),
        "own_cells": own_cells,
        "own_people": own_people,
        "context_cells": context_cells,
        "context_people": context_people,
        "land_use": len(areas),
        "buildings": len(areas),
        **network_counts(country.network.rows[target.name]),
    }
    counts["indicators"] += len(published)
    for name, expected in state.expect.items():
        require(counts[name] == expected, f"{state.folder}: {counts[name]} {name} instead of {expected}")
    facts = PackFacts(
        counts=counts,
        gazetteer=places,
        nesting=nested,
        repaired=[official[key].name for key in repaired],
        cells=moved_cells(country.cells, cells, source, nested),
        district_deviations={
            f"{key} {attributes[key]['name']}": deviation(geometry, country.official_districts[key].area_m2)
            for key, geometry in nested.districts.items()
        },
        municipality_deviations={
            f"{key} {official[key].name}": deviation(geometry, official[key].area_m2)
            for key, geometry in nested.municipalities.items()
        },
        context_states=dict(sorted(Counter(row["state"] for row in cells if row["role"] == "context").items())),
        published_regions=len(published) // 2,
    )
    finish(country, state, target, facts, STATE_DATASETS, rows)


def finish(
    country: Country,
    state: State | None,
    target: Path,
    facts: PackFacts,
    datasets: list[str],
    rows: dict[str, list[dict[str, str]]],
) -> None:
    """Write what describes the pack: cited sources, region.yaml and SOURCES.md."""
    configuration = country.configuration
    known = configuration.datasets | {entry["id"]: entry for entry in configuration.documents.values()}
    cited = {row["source_id"] for table in rows.values() for row in table if row.get("source_id")}
    sources = [known[key] for key in sorted(cited | set(datasets))]
    write_csv(
        target / "sources.csv",
        SOURCE_FIELDS,
        [{field: source.get(field, "") for field in SOURCE_FIELDS} for source in sources],
    )
    write_text(target / "region.yaml", region_yaml(configuration, state, target, facts, sources))
    write_text(target / "SOURCES.md", sources_document(configuration, state, facts, sources))


def municipality_properties(official: tables.OfficialMunicipality) -> dict[str, object]:
    """Properties of a municipality; population and area are those of the register."""
    return {
        "key": official.key,
        "name": official.name,
        "district_key": official.key[:5],
        "designation": official.designation,
        "population": official.population,
        "population_date": "2021-12-31",
        "area_official_m2": official.area_m2,
        "postcode": official.postcode,
        "degree_of_urbanisation": official.degree_of_urbanisation,
    }


def network_counts(rows: dict[str, list[dict[str, str]]]) -> dict[str, int]:
    """Rows of every network table that the pack has."""
    return {name: len(table) for name, table in rows.items() if table}


def deviation(geometry: shapely.Geometry, official_m2: int) -> float:
    """Deviation of the geodesic area from the official one, as a share."""
    return geodesic_area(geometry) / official_m2 - 1


def moved_cells(
    placed: population.PlacedCells,
    rows: list[dict[str, object]],
    source: dict[str, shapely.Geometry],
    nested: Nesting,
) -> MovedCells:
    """Own cells whose centre lies in another municipality than in the source, or in none."""
    own = {row["id"] for row in rows if row["role"] == "own"}
    chosen = [(cell, centre) for cell, centre in zip(placed.cells, placed.centres, strict=True) if cell.id in own]
    centres = boundaries.transform(
        {cell.id: centre for cell, centre in chosen}, boundaries.BOUNDARY_CRS, GEOGRAPHIC_CRS
    )
    tree = shapely.STRtree(list(centres.values()))

    def keys_of(polygons: dict[str, shapely.Geometry]) -> list[str]:
        keys = [""] * len(centres)
        for key, polygon in polygons.items():
            for index in tree.query(polygon, predicate="intersects"):
                keys[index] = keys[index] or key
        return keys

    before, after = keys_of(source), keys_of(nested.municipalities)
    compared = list(zip((cell.people for cell, _ in chosen), before, after, strict=True))
    moved = [people for people, old, new in compared if old != new and new]
    outside = [people for people, _, new in compared if not new]
    return MovedCells(len(moved), sum(moved), len(outside), sum(outside))
