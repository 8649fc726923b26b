"""Tiles as other programs read them: decoded by mapbox-vector-tile or GDAL, put together on the grid of a zoom.

Nothing here uses the program's code. Positions are steps of the zoom's world-wide grid, 4096 a tile, y growing south.
"""

import gzip
import math
import sqlite3

import mapbox_vector_tile
import numpy as np
import pyogrio
import shapely

EXTENT = 4096
BUFFER = 64
HALF_WORLD = 20037508.342789244


def decode(data):
    """The layers of a tile, positions as they are in it."""
    return mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})


def tile_at(longitude, latitude, zoom):
    """Column and row of the tile that holds a place."""
    x, y = to_grid(longitude, latitude, zoom)
    return int(x // EXTENT), int(y // EXTENT)


def to_grid(longitude, latitude, zoom):
    """A place on the grid of a zoom, not rounded (spherical Mercator, EPSG:3857)."""
    size = EXTENT << zoom
    x = (longitude + 180) / 360 * size
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * size
    return x, y


def grid_geometry(geometry, zoom):
    """A geometry of degrees on the grid of a zoom, not rounded."""
    size = EXTENT << zoom

    def project(places):
        x = (places[:, 0] + 180) / 360 * size
        y = (1 - np.arcsinh(np.tan(np.radians(places[:, 1]))) / np.pi) / 2 * size
        return np.column_stack([x, y])

    return shapely.transform(geometry, project)


def moved(geometry, x, y):
    """A geometry of a tile on the grid of its zoom."""
    return shapely.transform(geometry, lambda places: places + (x * EXTENT, y * EXTENT))


def core(x, y):
    """A tile without its buffer."""
    return shapely.box(x * EXTENT, y * EXTENT, (x + 1) * EXTENT, (y + 1) * EXTENT)


def surfaces_of(geometry):
    """The surfaces among the parts of a geometry: cutting leaves points and lines where a side is only touched."""
    return shapely.multipolygons([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])


def mbtiles(path, zoom):
    """Column, row and bytes of each tile of a zoom, rows counted from the north."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        query = "SELECT tile_column, tile_row, tile_data FROM tiles WHERE zoom_level = ?"
        for x, row, data in database.execute(query, (zoom,)):
            yield x, (1 << zoom) - 1 - row, gzip.decompress(data)


def read_by_gdal(path, layer, zoom):
    """Keys and surfaces of a layer of an archive, with what lies in the tiles' buffers."""
    frame = pyogrio.read_dataframe(path, layer=layer, ZOOM_LEVEL=zoom, CLIP="NO")
    step = 2 * HALF_WORLD / (EXTENT << zoom)

    def to_steps(places):
        return np.round(np.column_stack([(places[:, 0] + HALF_WORLD) / step, (HALF_WORLD - places[:, 1]) / step]))

    return list(frame.key), shapely.transform(frame.geometry.values, to_steps)


def spelled(keys, surfaces):
    """Keys with surfaces in one spelling each, whatever rings and parts begin with."""
    return sorted(
        (str(key), shapely.to_wkb(shapely.normalize(surfaces_of(surface))))
        for key, surface in zip(keys, surfaces, strict=True))


class Areas:
    """The areas of a layer at one zoom: for each tile and area the piece inside the tile itself."""

    def __init__(self, keys, pieces, whole):
        self.keys = np.array(keys)
        self.pieces = np.array(pieces)
        # The pieces with what lies in the tiles' buffers, and their keys.
        self.whole = np.array(whole)
        self.whole_keys = []

    @classmethod
    def decoded(cls, tiles, layer):
        """Reads tiles with mapbox-vector-tile; `tiles` are columns, rows and bytes."""
        keys, pieces, whole, cores = [], [], [], []
        for x, y, data in tiles:
            for feature in decode(data).get(layer, {"features": []})["features"]:
                keys.append(feature["properties"]["key"])
                whole.append(moved(shapely.geometry.shape(feature["geometry"]), x, y))
                cores.append(core(x, y))
        cut = shapely.intersection(np.array(whole), np.array(cores))
        kept = [number for number in np.flatnonzero(shapely.area(cut) > 0)]
        areas = cls([keys[n] for n in kept], [surfaces_of(cut[n]) for n in kept], whole)
        areas.whole_keys = keys
        return areas

    def areas(self):
        """The area of each key in square steps."""
        result = {}
        for key, area in zip(self.keys, shapely.area(self.pieces), strict=True):
            result[str(key)] = result.get(str(key), 0) + area
        return result

    def joined(self):
        """Each key with its area put together across tiles."""
        return {
            str(key): shapely.coverage_union_all(self.pieces[self.keys == key]) for key in np.unique(self.keys)
        }

    def open_edges(self):
        """Edges that no other piece has from its side: the outer border, and whatever tears inside."""
        starts, ends = [], []
        for ring in shapely.get_rings(shapely.get_parts(self.pieces)):
            places = shapely.get_coordinates(ring)
            starts.append(places[:-1])
            ends.append(places[1:])
        starts, ends = np.concatenate(starts), np.concatenate(ends)
        # Each edge from its lesser to its greater end, so that both sides spell it alike.
        turned = (starts[:, 0] > ends[:, 0]) | ((starts[:, 0] == ends[:, 0]) & (starts[:, 1] > ends[:, 1]))
        starts[turned], ends[turned] = ends[turned], starts[turned].copy()
        edges, counts = np.unique(np.hstack([starts, ends]), axis=0, return_counts=True)
        return shapely.linestrings(edges[counts == 1].reshape(-1, 2, 2))

    def squares(self):
        """How many parts are one square step: the smallest visible form of what is too small for the grid."""
        parts = shapely.get_parts(list(self.joined().values()))
        return int(np.count_nonzero(shapely.area(parts) == 1))
