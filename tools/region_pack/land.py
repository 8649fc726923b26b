"""What the rural index is computed from besides areas and cells: land use, residential buildings, large cities, and
which districts make one district region."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from .problems import require
from .tables import OfficialMunicipality, open_source, read_csv, read_municipalities

LAND_USE_TABLE = "indikatoren/localzero_2018/area.csv"
BUILDING_TABLE = "indikatoren/localzero_2018/flats.csv"
DISTRICT_REGIONS = "indikatoren/kreise_kennzahlen_abgeleitet.csv"

LAND_USE_SOURCE = "flaechenerhebung-2018"
BUILDING_SOURCE = "zensus-2011-gebaeude"
CITY_SOURCE = "destatis-gv-2021"

LAND_USE_DATE = "2018-12-31"
BUILDING_DATE = "2011-05-09"
CITY_DATE = "2021-12-31"

# Smallest population of a city to which distances are measured (DOMAIN 6.6).
CITY_POPULATION = 100_000

LAND_USE_COLUMNS = {
    "total_m2": "land_total",
    "settlement_m2": "land_settlement",
    "traffic_m2": "land_traffic",
    "agriculture_m2": "veg_agri",
    "forest_m2": "veg_forrest",
    "copse_m2": "veg_wood",
    "water_m2": "water_total",
}
BUILDING_COLUMNS = {
    "one_dwelling": "buildings_1flat",
    "two_dwellings": "buildings_2flats",
    "three_or_more_dwellings": "buildings_3flats",
    "dormitories": "buildings_dorms",
}

FIELDS = {
    "land_use": ["key", "date", *LAND_USE_COLUMNS, "source_id"],
    "buildings": ["key", "date", *BUILDING_COLUMNS, "source_id"],
    "cities": ["key", "name", "population", "population_date", "lon", "lat", "source_id"],
    "rural_calibrations": [
        "calibration", "indicator", "mean", "deviation", "weight", "loading", "regions", "explained_variance",
        "data_date",
    ],
}

# Districts that joined another one after the land use of 2018 was counted: old key -> key of today.
JOINED_DISTRICTS = {"16056": "16063"}

DISTRICT_LENGTH = 5


@dataclass(frozen=True)
class Land:
    """The tables of the whole country, read once and only when needed."""

    data: Path

    @cached_property
    def land_use(self) -> dict[str, dict[str, str]]:
        """Rows of the land use table by their 8-digit key."""
        return {row["ags"]: row for row in read_csv(open_source(self.data, LAND_USE_TABLE))}

    @cached_property
    def buildings(self) -> dict[str, dict[str, str]]:
        """Rows of the building table by their 8-digit key."""
        return {row["ags"]: row for row in read_csv(open_source(self.data, BUILDING_TABLE))}

    @cached_property
    def district_regions(self) -> dict[str, str]:
        """The region (Kreisregion) of every district, by 5-digit keys: cities below 100,000 people that are districts
        of their own stand with the district around them, as in the published index."""
        rows = read_csv(open_source(self.data, DISTRICT_REGIONS))
        return {row["AGS"]: row["thuenen_kreisregion"][:DISTRICT_LENGTH] for row in rows}

    def land_use_rows(self, keys: list[str]) -> list[dict[str, object]]:
        """Rows of land_use.csv for districts and municipalities, in square metres."""
        return [
            {
                "key": key,
                "date": LAND_USE_DATE,
                **{
                    name: total(self.land_use, key, column, 10_000, LAND_USE_TABLE)
                    for name, column in LAND_USE_COLUMNS.items()
                },
                "source_id": LAND_USE_SOURCE,
            }
            for key in sorted(keys)
        ]

    def building_rows(self, keys: list[str]) -> list[dict[str, object]]:
        """Rows of buildings.csv for districts and municipalities."""
        return [
            {
                "key": key,
                "date": BUILDING_DATE,
                **{
                    name: total(self.buildings, key, column, 1, BUILDING_TABLE)
                    for name, column in BUILDING_COLUMNS.items()
                },
                "source_id": BUILDING_SOURCE,
            }
            for key in sorted(keys)
        ]

    def city_rows(self) -> list[dict[str, object]]:
        """Rows of cities.csv: municipalities of the country with at least 100,000 people, at their official centre."""
        municipalities = read_municipalities(self.data, "", CITY_POPULATION).values()
        return [
            city_row(municipality)
            for municipality in sorted(municipalities, key=lambda municipality: municipality.key)
        ]


def city_row(municipality: OfficialMunicipality) -> dict[str, object]:
    """A row of cities.csv."""
    return {
        "key": municipality.key,
        "name": municipality.name,
        "population": municipality.population,
        "population_date": CITY_DATE,
        "lon": municipality.longitude,
        "lat": municipality.latitude,
        "source_id": CITY_SOURCE,
    }


def total(table: dict[str, dict[str, str]], key: str, column: str, factor: int, name: str) -> int | str:
    """A figure of an area, with those of the districts that have joined it; empty where the source states none. The
    whole area and buildings with one dwelling are never empty."""
    keys = [key, *(old for old, new in JOINED_DISTRICTS.items() if new == key)]
    rows = [table.get(each.ljust(8, "0")) for each in keys]
    require(None not in rows, f"{name}: no row for {key}")
    values = [row[column] for row in rows if row[column]]
    if not values:
        require(column not in ("land_total", "land_settlement", "buildings_1flat"), f"{name}: no {column} for {key}")
        return ""
    return int(sum(map(Decimal, values)) * factor)
