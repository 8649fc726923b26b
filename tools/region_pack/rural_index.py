"""The published rural index and type of 2016 as cited single facts."""

from collections import defaultdict
from pathlib import Path

from .boundaries import read_rural_index
from .network import indicator_id
from .problems import require

SOURCE = "thuenen-landatlas-2023"
YEAR = "2016"
INDEX_KEY = "thuenen_laendlichkeit_2016"
TYPE_KEY = "thuenen_typ_2016"
TYPES = range(1, 6)


def rural_rows(data: Path, key_prefix: str, district_regions: dict[str, str]) -> list[dict[str, str]]:
    """Two rows of indicators.csv per region (Kreisregion) of the state. A region that joins a small city with its
    surroundings keeps its own key; the label names the districts it stands for."""
    members = defaultdict(list)
    for district, region in district_regions.items():
        members[region].append(district)
    rows = []
    for region, (name, index, kind) in sorted(read_rural_index(data).items()):
        if not region.startswith(key_prefix):
            continue
        require(kind in TYPES, f"rural index: region {region} has the type {kind} instead of 1 to 5")
        require(abs(index - round(index, 2)) < 1e-9, f"rural index: {region} has more than two decimals: {index}")
        area_key = region[:5]
        german, english = "", ""
        if members[area_key] != [area_key]:
            covered = ", ".join(sorted(members[area_key]))
            german = f"; Kreisregion {name}, gilt für {covered}"
            english = f"; region {name}, covers {covered}"
        for key, value, unit, label_de, label_en in (
            (INDEX_KEY, f"{index:.2f}", "index", "Ländlichkeit, Thünen-Index 2016", "Rurality, Thünen index 2016"),
            (
                TYPE_KEY,
                str(kind),
                "",
                "Thünen-Typ ländlicher Räume 2016 (1–5)",
                "Thünen type of rural areas 2016 (1–5)",
            ),
        ):
            rows.append(
                {
                    "id": indicator_id(key, area_key, YEAR),
                    "key": key,
                    "label_de": label_de + german,
                    "label_en": label_en + english,
                    "value": value,
                    "unit": unit,
                    "area_key": area_key,
                    "year": YEAR,
                    "qualifier": "exact",
                    "source_id": SOURCE,
                }
            )
    return rows
