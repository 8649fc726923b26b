"""The whole country as one pack. It does not ship: the calibration of the rural index is made from it."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from . import land
from .country import POPULATION_FIELDS, SOURCE_FIELDS, Country, district_properties
from .files import write_csv, write_geojson, write_text
from .nesting import canonical
from .population import GRID_CRS
from .problems import require

FOLDER = "deutschland"

DATASETS = [
    "bkg-vg1000-2024", "bkg-vg250-lan-2021", "destatis-gv-2021", "destatis-kreise-2023", "zensus-2011",
    land.LAND_USE_SOURCE, land.BUILDING_SOURCE,
]  # fmt: skip

REGION = f"""\
# Made by tools/build-region-pack; does not ship.
id: {FOLDER}
names: {{de: Deutschland, en: Germany}}
crs: EPSG:25832
expect: {{districts: %d, land_use: %d, buildings: %d, cities: %d, own_people: %d}}
sources: sources.csv
inputs:
- {{kind: districts, file: districts.geojson}}
- {{kind: population, file: population.csv, crs: '{GRID_CRS}'}}
- {{kind: land_use, file: land_use.csv}}
- {{kind: buildings, file: buildings.csv}}
- {{kind: cities, file: cities.csv}}
"""


def build_country(country: Country, target: Path) -> None:
    """Write the pack of all districts, their land and all cells into an empty folder. A cell in no state's land has no
    state and stands for itself alone, as in the states' packs."""
    outlines, _ = country.districts
    keys = sorted(outlines)
    write_geojson(
        target / "districts.geojson",
        [(district_properties(country, key), canonical(outlines[key])) for key in keys],
    )
    cells = [
        {"id": cell.id, "x": cell.x, "y": cell.y, "people": cell.people, "state": state,
         "role": "own" if state else "context"}
        for cell, state in zip(country.cells.cells, country.cells.states, strict=True)
    ]  # fmt: skip
    write_csv(target / "population.csv", POPULATION_FIELDS, cells)
    write_csv(target / "land_use.csv", land.FIELDS["land_use"], country.land.land_use_rows(keys))
    write_csv(target / "buildings.csv", land.FIELDS["buildings"], country.land.building_rows(keys))
    cities = country.land.city_rows()
    write_csv(target / "cities.csv", land.FIELDS["cities"], cities)
    sources = [country.configuration.datasets[key] for key in sorted(DATASETS)]
    write_csv(
        target / "sources.csv",
        SOURCE_FIELDS,
        [{field: source.get(field, "") for field in SOURCE_FIELDS} for source in sources],
    )
    own_people = sum(cell["people"] for cell in cells if cell["role"] == "own")
    write_text(target / "region.yaml", REGION % (len(keys), len(keys), len(keys), len(cities), own_people))


def calibration(country: Country, kompass: Path) -> str:
    """Text of rural_calibrations.csv: the program itself computes it from the whole country."""
    require(
        kompass.is_file(),
        f"the calibration of the rural index is computed by the program, and {kompass} is not there; build it with"
        " 'swift build -c release', or name it with --kompass",
    )
    with TemporaryDirectory() as scratch:
        pack, project = Path(scratch) / FOLDER, Path(scratch) / "country.gpkg"
        pack.mkdir()
        build_country(country, pack)
        run(kompass, "load", pack, "--into", project)
        return run(kompass, "rural", project, "--calibration", CALIBRATION)


# The name of the calibration that ships: level and year of the newest population.
CALIBRATION = "de-kreisregionen-2023"


def run(kompass: Path, *arguments: object) -> str:
    """What the program prints; an error where it fails."""
    result = subprocess.run([kompass, *map(str, arguments)], capture_output=True, text=True, check=False)
    require(result.returncode == 0, f"kompass {arguments[0]}: {result.stderr.strip()}")
    return result.stdout
