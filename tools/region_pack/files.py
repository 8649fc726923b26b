"""Writers whose output depends on nothing but the rows: UTF-8, LF, fixed number format."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import shapely

from .nesting import DECIMALS


def write_text(path: Path, text: str) -> None:
    """Write the text as it is."""
    path.write_text(text, encoding="utf-8", newline="\n")


def write_csv(path: Path, fields: list[str], rows: list[dict[str, object]]) -> None:
    """RFC 4180 with minimal quoting and LF; a row with a field that is not named is an error."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fields, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, buffer.getvalue())


def write_geojson(path: Path, features: list[tuple[dict[str, object], shapely.Geometry]]) -> None:
    """RFC 7946, one feature a line; the feature's id is the property `key`."""
    lines = [
        compact({"type": "Feature", "id": properties["key"], "properties": properties, "geometry": as_json(geometry)})
        for properties, geometry in features
    ]
    write_text(path, '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n")


def as_json(geometry: shapely.Geometry) -> dict[str, object]:
    """Geometry as GeoJSON members with rounded coordinates."""
    polygons = [
        [np.round(shapely.get_coordinates(ring), DECIMALS).tolist() for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(geometry)
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def compact(value: object) -> str:
    """JSON without blanks, text unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
