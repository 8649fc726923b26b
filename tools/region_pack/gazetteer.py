"""Postcodes, places and municipalities with a point each, for addresses that come without coordinates."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

import shapely

from .nesting import DECIMALS
from .tables import OfficialMunicipality, PostcodeRow

POSTCODE_SOURCE = "geonames-2026"
MUNICIPALITY_SOURCE = "destatis-gv-2021"

FIELDS = ["kind", "postcode", "name", "district_key", "municipality_key", "lon", "lat", "source"]


@dataclass(frozen=True)
class Gazetteer:
    """The rows, and what the reader of the pack should know of how they came about."""

    rows: list[dict[str, object]]
    company_rows: int
    company_postcodes: int
    ambiguous_company_postcodes: list[str]
    outside_district: list[str]
    moved_centres: list[str]


def company_postcodes(postcodes: list[PostcodeRow]) -> dict[str, set[str]]:
    """Postcodes of the country that no place has, with the districts of their large recipients."""
    of_places = {row.postcode for row in postcodes if not row.company}
    districts = defaultdict(set)
    for row in postcodes:
        if row.postcode not in of_places:
            districts[row.postcode].add(row.district_key)
    return dict(districts)


def build_gazetteer(
    postcodes: list[PostcodeRow],
    company_only: dict[str, set[str]],
    municipalities: dict[str, shapely.Geometry],
    official: dict[str, OfficialMunicipality],
    elsewhere: frozenset[str] = frozenset(),
) -> Gazetteer:
    """Rows of gazetteer.csv from the postcode rows of one pack. Postcodes in `elsewhere` have their row in another
    pack that is loaded as well. A postcode of large recipients in several districts of the country says nothing about
    a place and has no row. Without municipalities the rows carry district keys only."""
    keys = list(municipalities)
    tree = shapely.STRtree(list(municipalities.values()))

    def municipality_at(row: PostcodeRow) -> str:
        found = sorted(keys[index] for index in tree.query(shapely.Point(row.longitude, row.latitude), "intersects"))
        return next((key for key in found if key.startswith(row.district_key)), "")

    places = [(row, municipality_at(row)) for row in postcodes if not row.company]
    rows = [place_row(row, municipality) for row, municipality in places]
    by_postcode = defaultdict(list)
    for row, municipality in places:
        by_postcode[row.postcode].append((row, municipality))
    companies = defaultdict(list)
    for row in postcodes:
        if row.postcode in company_only:
            companies[row.postcode].append((row, municipality_at(row)))
    ambiguous = sorted(code for code in companies if len(company_only[code]) > 1)
    for code, found in [*by_postcode.items(), *companies.items()]:
        if code not in elsewhere and code not in ambiguous:
            rows.append(postcode_row(code, found))
    moved = []
    for key, polygon in municipalities.items():
        row, inside = municipality_row(official[key], polygon)
        rows.append(row)
        if not inside:
            moved.append(official[key].name)
    order = {"municipality": 0, "place": 1, "postcode": 2}
    rows.sort(key=lambda row: (order[row["kind"]], row["postcode"], row["name"], row["district_key"], row["lon"]))
    return Gazetteer(
        rows=rows,
        company_rows=sum(row.company for row in postcodes),
        company_postcodes=len(companies) - len(ambiguous),
        ambiguous_company_postcodes=ambiguous,
        outside_district=sorted(
            f"{row.postcode} {row.place}" for row, municipality in places if municipalities and not municipality
        ),
        moved_centres=sorted(moved),
    )


def place_row(row: PostcodeRow, municipality: str) -> dict[str, object]:
    """A place with its postcode."""
    return {
        "kind": "place",
        "postcode": row.postcode,
        "name": row.place,
        "district_key": row.district_key,
        "municipality_key": municipality,
        "lon": row.longitude,
        "lat": row.latitude,
        "source": POSTCODE_SOURCE,
    }


def postcode_row(postcode: str, found: list[tuple[PostcodeRow, str]]) -> dict[str, object]:
    """A postcode at the mean of its places. Keys and name stand only where all of its places agree on them; the name
    of a large recipient is none of a place."""

    def common(values: set[str]) -> str:
        return values.pop() if len(values) == 1 else ""

    return {
        "kind": "postcode",
        "postcode": postcode,
        "name": common({"" if row.company else row.place for row, _ in found}),
        "district_key": common({row.district_key for row, _ in found}),
        "municipality_key": common({municipality for _, municipality in found}),
        "lon": round(fmean(sorted(row.longitude for row, _ in found)), DECIMALS),
        "lat": round(fmean(sorted(row.latitude for row, _ in found)), DECIMALS),
        "source": POSTCODE_SOURCE,
    }


def municipality_row(municipality: OfficialMunicipality, polygon: shapely.Geometry) -> tuple[dict[str, object], bool]:
    """A municipality at its official centre, or inside its polygon where the centre lies outside; tells which."""
    point = shapely.Point(round(municipality.longitude, DECIMALS), round(municipality.latitude, DECIMALS))
    inside = shapely.contains_properly(polygon, point)
    if not inside:
        point = shapely.point_on_surface(polygon)
    row = {
        "kind": "municipality",
        "postcode": municipality.postcode,
        "name": municipality.name,
        "district_key": municipality.key[:5],
        "municipality_key": municipality.key,
        "lon": round(point.x, DECIMALS),
        "lat": round(point.y, DECIMALS),
        "source": MUNICIPALITY_SOURCE,
    }
    return row, bool(inside)
