"""Readers of the source tables. Every key stays text, with its zeros."""

import csv
import gzip
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl

from .problems import PackError, require

DISTRICT_TABLE = "bevoelkerung/04-kreise_31122023.xlsx"
MUNICIPALITY_TABLE = "bevoelkerung/31122021_Auszug_GV.xlsx"
CENSUS_TABLE = "bevoelkerung/zensus2011_1km_bewohnt_deutschland.csv.gz"
POSTCODE_TABLE = "plz/geonames_zipcodes.de.csv"

# "Textkennzeichen" of the municipality register (Destatis, GV-ISys): what a municipality is called.
DESIGNATIONS = {
    "60": "Markt",
    "61": "Kreisfreie Stadt",
    "62": "Stadtkreis",
    "63": "Stadt",
    "64": "Gemeinde",
    "65": "Gemeindefreies Gebiet, bewohnt",
    "66": "Gemeindefreies Gebiet, unbewohnt",
    "67": "Große Kreisstadt",
}


@dataclass(frozen=True)
class OfficialDistrict:
    """A district in the register of 31.12.2023."""

    key: str
    name: str
    population: int
    area_m2: int


@dataclass(frozen=True)
class OfficialMunicipality:
    """A municipality in the register of 31.12.2021; longitude and latitude are its official centre."""

    key: str
    regional_key: str
    name: str
    designation: str
    population: int
    area_m2: int
    postcode: str
    longitude: float
    latitude: float
    degree_of_urbanisation: str


@dataclass(frozen=True)
class Cell:
    """An inhabited 1-km cell of the census of 2011; x and y are its centre in EPSG:3035."""

    id: str
    x: int
    y: int
    people: int


@dataclass(frozen=True)
class PostcodeRow:
    """A row of the GeoNames postcode list. `company` marks the postcodes of large recipients, whose "place" is a firm
    or an authority: GeoNames gives these rows a numeric state code and the rows of real places a two-letter one."""

    postcode: str
    place: str
    district_key: str
    longitude: float
    latitude: float
    company: bool


def open_source(data: Path, name: str) -> Path:
    """Path of a source file; says which one is missing."""
    path = data / name
    require(path.is_file(), f"{name} is missing in {data}; name the data folder with --data")
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    """All rows of a comma-separated UTF-8 file; a row with too many or too few fields is an error."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, restkey="", strict=True))
    for line, row in enumerate(rows, start=2):
        require("" not in row and None not in row.values(), f"{path.name}, record {line}: wrong number of fields")
    return rows


def square_metres(square_kilometres: object) -> int:
    """Exact square metres of a figure in km2 as the sheet prints it (two decimals)."""
    return int((Decimal(str(square_kilometres)).quantize(Decimal("0.01")) * 1_000_000).to_integral_value())


def read_districts(data: Path) -> dict[str, OfficialDistrict]:
    """Official population and area of every district."""
    rows = sheet_rows(open_source(data, DISTRICT_TABLE), "Kreisfreie Städte u. Landkreise")
    districts = {}
    for row in rows:
        key = cell_text(row[0])
        if len(key) == 5 and key.isdigit():
            districts[key] = OfficialDistrict(key, cell_text(row[2]), int(row[5]), square_metres(row[4]))
    require(len(districts) == 400, f"{DISTRICT_TABLE}: {len(districts)} districts instead of 400")
    return districts


def read_municipalities(data: Path, key_prefix: str, least_population: int = 0) -> dict[str, OfficialMunicipality]:
    """Every municipality in the register whose key begins with the prefix, by its 8-digit key; smaller ones left out
    where a least population is asked for."""
    rows = sheet_rows(open_source(data, MUNICIPALITY_TABLE), "Onlineprodukt_Gemeinden")
    municipalities = {}
    for row in rows:
        if cell_text(row[0]) != "60" or not cell_text(row[2]).startswith(key_prefix):
            continue
        if int(row[9]) < least_population:
            continue
        land, region, district, association, municipality = (cell_text(value) for value in row[2:7])
        key = land + region + district + municipality
        municipalities[key] = OfficialMunicipality(
            key=key,
            regional_key=land + region + district + association + municipality,
            name=cell_text(row[7]),
            designation=DESIGNATIONS[cell_text(row[1])],
            population=int(row[9]),
            area_m2=square_metres(row[8]),
            postcode=cell_text(row[13]),
            longitude=float(cell_text(row[14]).replace(",", ".")),
            latitude=float(cell_text(row[15]).replace(",", ".")),
            degree_of_urbanisation=str(int(cell_text(row[18]))),
        )
    return municipalities


def read_cells(data: Path) -> list[Cell]:
    """All inhabited cells of Germany, sorted by id."""
    path = open_source(data, CENSUS_TABLE)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        cells = [
            Cell(row["Gitter_ID_1km"], int(row["x_mp_1km"]), int(row["y_mp_1km"]), int(row["Einwohner"]))
            for row in rows
        ]
    return sorted(cells, key=lambda cell: cell.id)


def read_postcodes(data: Path) -> tuple[list[PostcodeRow], list[dict[str, str]]]:
    """The postcode rows of Germany, and apart from them the rows that carry no German district."""
    german, foreign = [], []
    for row in read_csv(open_source(data, POSTCODE_TABLE)):
        if not row["community_code"]:
            foreign.append(row)
            continue
        require(
            len(row["zipcode"]) == 5 and len(row["community_code"]) == 5,
            f"{POSTCODE_TABLE}: bad key in the row of {row['zipcode']} {row['place']}",
        )
        german.append(
            PostcodeRow(
                postcode=row["zipcode"],
                place=row["place"],
                district_key=row["community_code"],
                longitude=float(row["longitude"]),
                latitude=float(row["latitude"]),
                company=row["state_code"].isdigit(),
            )
        )
    return german, foreign


def sheet_rows(path: Path, sheet: str) -> list[tuple]:
    """All rows of a sheet as plain values."""
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if sheet not in workbook.sheetnames:
            raise PackError(f"{path.name} has no sheet named {sheet}")
        return list(workbook[sheet].iter_rows(values_only=True))
    finally:
        workbook.close()


def cell_text(value: object) -> str:
    """Text of a cell without surrounding blanks; an empty cell is the empty text."""
    return "" if value is None else str(value).strip()
