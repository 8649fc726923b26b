"""The two files that describe a pack: region.yaml for the loader, SOURCES.md for people."""

from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import yaml

from .configuration import FOLDER, Configuration, State
from .gazetteer import Gazetteer
from .nesting import DISTRICT_TOLERANCE_METRES, SMALLEST_PART_M2, Nesting
from .population import GRID_CRS

# Order of loading: areas first, then what is placed in them.
INPUT_ORDER = [
    ("districts", "districts.geojson"),
    ("municipalities", "municipalities.geojson"),
    ("population", "population.csv"),
    ("land_use", "land_use.csv"),
    ("buildings", "buildings.csv"),
    ("cities", "cities.csv"),
    ("gazetteer", "gazetteer.csv"),
    ("vocabulary", "vocabulary.csv"),
    ("glossary", "glossary.csv"),
    ("indicators", "indicators.csv"),
    ("rural_calibrations", "rural_calibrations.csv"),
    ("actors", "actors.csv"),
    ("offers", "offers.csv"),
    ("links", "links.csv"),
]

HEAD = Template("""\
# Quellen: $de · Sources: $en

Erzeugt von `tools/build-region-pack`; nicht von Hand ändern. Jede Datei ist aus den genannten Quellen abgeleitet, keine
ist eine Kopie.

Made by `tools/build-region-pack`; not to be edited by hand. Every file is derived from the sources named here, none is
a copy.

## Quellenvermerke und Lizenzen · Attributions and licences
""")

FILES = "## Dateien und Änderungen · Files and changes"

PROTECTED = (
    "Geschütztes Werk: nur Tatsachen entnommen, Texte neu verfasst; ein Titel in eckigen Klammern beschreibt das"
    " Dokument. / Protected work: facts only, texts written anew; a title in square brackets is a description."
)


@dataclass(frozen=True)
class MovedCells:
    """Own census cells, and their people, that the nesting gave to another municipality or left outside of all."""

    moved: int
    moved_people: int
    outside: int
    outside_people: int

# The sources that whole files rest on; the records of the other files cite theirs one by one.
FILE_SOURCES = {
    "districts": ["bkg-vg1000-2024", "destatis-kreise-2023"],
    "municipalities": ["bkg-vg250-gem-2022", "destatis-gv-2021"],
    "population": ["zensus-2011", "bkg-vg250-lan-2021"],
}


@dataclass(frozen=True)
class PackFacts:
    """Figures found while building, told in SOURCES.md."""

    counts: dict[str, int]
    gazetteer: Gazetteer
    nesting: Nesting | None = None
    repaired: list[str] = field(default_factory=list)
    cells: MovedCells | None = None
    district_deviations: dict[str, float] = field(default_factory=dict)
    municipality_deviations: dict[str, float] = field(default_factory=dict)
    context_states: dict[str, int] = field(default_factory=dict)
    published_regions: int = 0
    foreign_postcodes: list[str] = field(default_factory=list)
    shared_postcodes: int = 0


def region_yaml(
    configuration: Configuration, state: State | None, target: Path, facts: PackFacts, sources: list[dict]
) -> str:
    """Text of region.yaml."""
    shared = configuration.shared
    region = {"id": state.folder if state else shared["id"], "names": state.names if state else shared["names"]}
    if state:
        region |= {"state": state.code, "key_prefix": state.key_prefix}
    region |= {
        "crs": state.crs if state else shared["crs"],
        "as_of": configuration.as_of,
        "languages": ["de", "en"],
        "attribution": "; ".join(source["attribution"] for source in sources if source.get("attribution")),
    }
    if state and state.duties:
        region["duties"] = state.duties
    if state:
        region["includes"] = [f"../{shared['folder']}"]
    region |= {"expect": facts.counts, "sources": "sources.csv", "inputs": []}
    for kind, name in INPUT_ORDER:
        if not (target / name).is_file():
            continue
        entry = {"kind": kind, "file": name}
        if kind == "population":
            entry["crs"] = GRID_CRS
        if kind == "offers":
            entry["place_from_actor"] = False
        if kind in FILE_SOURCES:
            entry["sources"] = FILE_SOURCES[kind]
        region["inputs"].append(entry)
    text = yaml.safe_dump(region, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=None)
    return "# Made by tools/build-region-pack; do not edit by hand.\n" + text


def sources_document(configuration: Configuration, state: State | None, facts: PackFacts, sources: list[dict]) -> str:
    """Text of SOURCES.md: the sources, then what the templates beside this module say of each file."""
    names = state.names if state else configuration.shared["names"]
    places = facts.gazetteer
    values = {
        **facts.counts,
        "gazetteer_rows": len(places.rows),
        "company_rows": places.company_rows,
        "company_postcodes": places.company_postcodes,
        "ambiguous": len(places.ambiguous_company_postcodes),
        "shared_postcodes": facts.shared_postcodes,
        "foreign_postcodes": listed(facts.foreign_postcodes),
    }
    if state:
        values |= state_values(configuration, facts)
    values["gazetteer_rules"] = filled("sources_gazetteer.md", values)
    values["network_rules"] = filled("sources_network.md", values)
    lines = [HEAD.substitute(names), *(line for source in sources for line in source_lines(source)), "", FILES, ""]
    return "\n".join(lines) + "\n" + filled("sources_state.md" if state else "sources_shared.md", values) + "\n"


def state_values(configuration: Configuration, facts: PackFacts) -> dict[str, object]:
    """Figures that only a state's pack has."""
    district_low, district_high = extremes(facts.district_deviations)
    municipality_low, municipality_high = extremes(facts.municipality_deviations)
    states = facts.context_states.items()
    return {
        "tolerance_metres": DISTRICT_TOLERANCE_METRES,
        "district_low": district_low,
        "district_high": district_high,
        "municipality_low": municipality_low,
        "municipality_high": municipality_high,
        "smallest_part_m2": SMALLEST_PART_M2,
        "cut_km2": square_kilometres(facts.nesting.cut_m2),
        "filled_km2": square_kilometres(facts.nesting.filled_m2),
        "regrouped": facts.nesting.regrouped_parts,
        "moved_cells": facts.cells.moved,
        "moved_people": facts.cells.moved_people,
        "outside_cells": facts.cells.outside,
        "outside_people": facts.cells.outside_people,
        "repaired": listed(facts.repaired),
        "cells": facts.counts["own_cells"] + facts.counts["context_cells"],
        "context_km": round(configuration.context_metres / 1000),
        "context_states": ", ".join(f"{key or 'ohne Land / no state'}: {count}" for key, count in states),
        "moved_centres": listed(facts.gazetteer.moved_centres),
        "outside_places": listed(facts.gazetteer.outside_district),
        "regions": facts.published_regions,
    }


def filled(template: str, values: dict[str, object]) -> str:
    """The template with its figures, without the last line end."""
    return Template((FOLDER / template).read_text(encoding="utf-8").rstrip("\n")).substitute(values)


def listed(names: list[str]) -> str:
    """The names in a row, or that there are none."""
    return "; ".join(names) or "keine / none"


def source_lines(source: dict) -> list[str]:
    """A source in the list of attributions."""
    lines = [f"- `{source['id']}`: {source['title']}. {source['publisher']}, {source['date']}."]
    if "document" in source:
        return [*lines, f"  {PROTECTED}"]
    licence = f"<{source['licence']}>" if source["licence"] else source["licence_note"]
    return [*lines, f"  Vermerk / attribution: {source['attribution']}", f"  Lizenz / licence: {licence}"]


def extremes(deviations: dict[str, float]) -> tuple[str, str]:
    """Smallest and largest deviation with the area's name."""
    low = min(deviations, key=lambda name: (deviations[name], name))
    high = max(deviations, key=lambda name: (deviations[name], name))
    return f"{100 * deviations[low]:+.2f} % ({low})", f"{100 * deviations[high]:+.2f} % ({high})"


def square_kilometres(square_metres: float) -> str:
    """Square kilometres with one decimal."""
    return f"{square_metres / 1_000_000:.1f}"
