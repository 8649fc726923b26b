"""Inhabited 1-km cells of a state and of the ring around it."""

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely

from .boundaries import BOUNDARY_CRS
from .tables import Cell

# Reference system of the census grid's official cell ids and centres (ETRS89 / LAEA Europe).
GRID_CRS = "EPSG:3035"


@dataclass(frozen=True)
class PlacedCells:
    """All cells of the country with the centre in the boundaries' reference system and the state it lies in."""

    cells: list[Cell]
    centres: np.ndarray
    states: list[str]


def place_cells(cells: list[Cell], outlines: dict[str, shapely.Geometry]) -> PlacedCells:
    """Find the state of every cell by its centre; a centre in no state's land has none (coast, national border)."""
    transformer = pyproj.Transformer.from_crs(GRID_CRS, BOUNDARY_CRS, always_xy=True)
    east, north = transformer.transform([cell.x for cell in cells], [cell.y for cell in cells])
    centres = shapely.points(east, north)
    tree = shapely.STRtree(centres)
    states = [""] * len(cells)
    for key, outline in outlines.items():
        for index in tree.query(outline, predicate="covers"):
            states[index] = states[index] or key
    return PlacedCells(cells, centres, states)


def population_rows(
    placed: PlacedCells, outline: shapely.Geometry, key_prefix: str, context_metres: float
) -> list[dict[str, object]]:
    """Rows of population.csv: the state's own cells and those of any other state within the distance of its outline."""
    shapely.prepare(outline)
    near = shapely.dwithin(outline, placed.centres, context_metres)
    rows = []
    for index in np.flatnonzero(near):
        cell, state = placed.cells[index], placed.states[index]
        rows.append(
            {
                "id": cell.id,
                "x": cell.x,
                "y": cell.y,
                "people": cell.people,
                "state": state,
                "role": "own" if state == key_prefix else "context",
            }
        )
    return rows


def totals(rows: list[dict[str, object]], role: str) -> tuple[int, int]:
    """Number of cells and of people with this role."""
    people = [int(row["people"]) for row in rows if row["role"] == role]
    return len(people), sum(people)
