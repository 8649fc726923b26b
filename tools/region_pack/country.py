"""What all packs share: the country's tables and outlines, read once."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import shapely

from . import boundaries, gazetteer, land, network, population, tables
from .configuration import Configuration
from .nesting import generalise_districts

GEOGRAPHIC_CRS = "OGC:CRS84"

SOURCE_FIELDS = ["id", "title", "publisher", "year", "date", "url", "licence", "attribution"]
POPULATION_FIELDS = ["id", "x", "y", "people", "state", "role"]


@dataclass(frozen=True)
class Country:
    """What all packs share, read once and only when needed."""

    data: Path
    configuration: Configuration

    @cached_property
    def districts(self) -> tuple[dict[str, shapely.Geometry], dict[str, dict[str, str]]]:
        """Generalised districts of the country in longitude and latitude, and their attributes."""
        outlines, attributes = boundaries.read_district_boundaries(self.data)
        generalised = generalise_districts(outlines)
        return boundaries.transform(generalised, boundaries.BOUNDARY_CRS, GEOGRAPHIC_CRS), attributes

    @cached_property
    def official_districts(self) -> dict[str, tables.OfficialDistrict]:
        """Register of 31.12.2023."""
        return tables.read_districts(self.data)

    @cached_property
    def states(self) -> dict[str, shapely.Geometry]:
        """State outlines in the boundaries' reference system."""
        return boundaries.read_state_outlines(self.data)

    @cached_property
    def cells(self) -> population.PlacedCells:
        """All inhabited cells with their state."""
        return population.place_cells(tables.read_cells(self.data), self.states)

    @cached_property
    def postcodes(self) -> tuple[list[tables.PostcodeRow], list[dict[str, str]]]:
        """All postcode rows, and the rows without a German district."""
        return tables.read_postcodes(self.data)

    @cached_property
    def company_postcodes(self) -> dict[str, set[str]]:
        """Postcodes without a place anywhere in the country, and the districts their large recipients sit in."""
        return gazetteer.company_postcodes(self.postcodes[0])

    @cached_property
    def land(self) -> land.Land:
        """Land use, buildings, cities, district regions."""
        return land.Land(self.data)

    @cached_property
    def network(self) -> network.Network:
        """The network's rows by pack."""
        return network.build_network(self.data, self.configuration)


def district_properties(country: Country, key: str) -> dict[str, object]:
    """Properties of a district; population and area are those of the register."""
    official = country.official_districts[key]
    return {
        "key": key,
        **country.districts[1][key],
        "district_region_key": country.land.district_regions[key],
        "population": official.population,
        "population_date": "2023-12-31",
        "area_official_m2": official.area_m2,
    }
