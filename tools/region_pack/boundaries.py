"""Administrative boundaries of the BKG, chosen by land part (GF = 4) and official key."""

from pathlib import Path

import numpy as np
import pyogrio.raw
import pyproj
import shapely

from .problems import require
from .tables import open_source

DISTRICT_LAYER = "grenzen/vg1000_2024-12-31/VG1000_KRS.shp"
STATE_LAYER = "grenzen/vg250_lan/VG250_LAN.shp"
MUNICIPALITY_ARCHIVE = "grenzen/vg250_gem_2022/VG250_GEM_simplified.zip"
RURAL_LAYER = "thuenen/laendlichkeit_kreisregionen_2016.gpkg"

# Reference system of every BKG layer here (ETRS89 / UTM zone 32N), asserted when a layer is read.
BOUNDARY_CRS = "EPSG:25832"

LAND = 4


def read_layer(path: Path | str, crs: str | None) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Columns and geometries of a layer, in file order."""
    meta, _, geometry, fields = pyogrio.raw.read(path)
    if crs is not None:
        found = pyproj.CRS.from_user_input(meta["crs"])
        require(found.to_epsg() == int(crs.split(":")[1]), f"{path}: reference system {meta['crs']} instead of {crs}")
    return dict(zip(meta["fields"], fields, strict=True)), shapely.from_wkb(geometry)


def read_district_boundaries(data: Path) -> tuple[dict[str, shapely.Geometry], dict[str, dict[str, str]]]:
    """The land part of every district in Germany by key, and its name, designation and NUTS code."""
    columns, geometries = read_layer(open_source(data, DISTRICT_LAYER), BOUNDARY_CRS)
    boundaries, attributes = {}, {}
    for index in np.flatnonzero(columns["GF"] == LAND):
        key = columns["AGS"][index]
        require(key not in boundaries, f"{DISTRICT_LAYER}: the key {key} occurs twice among GF = 4")
        boundaries[key] = geometries[index]
        attributes[key] = {
            "name": columns["GEN"][index],
            "designation": columns["BEZ"][index],
            "nuts": columns["NUTS"][index],
        }
    ordered = sorted(boundaries)
    return {key: boundaries[key] for key in ordered}, {key: attributes[key] for key in ordered}


def read_state_outlines(data: Path) -> dict[str, shapely.Geometry]:
    """The land part of every state by its two-digit key, at full detail."""
    columns, geometries = read_layer(open_source(data, STATE_LAYER), BOUNDARY_CRS)
    outlines = {}
    for index in np.flatnonzero(columns["GF"] == LAND):
        key = columns["AGS"][index]
        require(key not in outlines, f"{STATE_LAYER}: the key {key} occurs twice among GF = 4")
        outlines[key] = shapely.make_valid(geometries[index])
    return dict(sorted(outlines.items()))


def read_municipality_boundaries(data: Path, key_prefix: str) -> tuple[dict[str, shapely.Geometry], list[str]]:
    """Municipalities of a state by 8-digit key, and the keys of those that had to be made valid."""
    archive = open_source(data, MUNICIPALITY_ARCHIVE)
    columns, geometries = read_layer(f"/vsizip/{archive}", BOUNDARY_CRS)
    boundaries, repaired = {}, []
    for regional_key, geometry in zip(columns["ARS"], geometries, strict=True):
        if not regional_key.startswith(key_prefix):
            continue
        key = regional_key[:5] + regional_key[9:]
        require(key not in boundaries, f"{MUNICIPALITY_ARCHIVE}: the key {key} occurs twice")
        if not geometry.is_valid:
            repaired.append(key)
            geometry = shapely.make_valid(geometry)
        boundaries[key] = geometry
    return dict(sorted(boundaries.items())), sorted(repaired)


def transform(geometries: dict[str, shapely.Geometry], source: str, target: str) -> dict[str, shapely.Geometry]:
    """The geometries in another reference system, longitude or easting first. A vertex shared by two of them stays
    shared, because equal numbers transform to equal numbers."""
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)

    def convert(coordinates: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return {key: shapely.transform(geometry, convert) for key, geometry in geometries.items()}


def read_rural_index(data: Path) -> dict[str, tuple[str, float, int]]:
    """Name, published rural index and type (2016) of every region by its 8-digit key. Facts only: the outlines of the
    publisher carry no licence and are not read."""
    path = open_source(data, RURAL_LAYER)
    meta, _, _, fields = pyogrio.raw.read(path, read_geometry=False)
    columns = dict(zip(meta["fields"], fields, strict=True))
    rows = zip(columns["Kennziffer"], columns["name"], columns["Ländlichkeit"], columns["Typologie"], strict=True)
    return {key: (name, float(index), int(kind)) for key, name, index, kind in rows}
