"""Districts and municipalities as one nested coverage.

Two BKG layers of different scale never meet: municipal borders stop short of the district border or cross it. Here the
district borders lead. All borders are noded together on a fixed grid, the faces between them go to the municipality
they lie in, and both levels are dissolved from the same faces. So shared borders are identical vertex by vertex, and
every district is exactly the union of its municipalities.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely

from .problems import require

# Grid of all shipped coordinates: six decimals of a degree (RFC 7946), about 0.1 m.
GRID_DEGREES = 1e-6
DECIMALS = 6

# Border generalisation of the districts: triangles below the square of this length are cut off (Visvalingam-Whyatt).
DISTRICT_TOLERANCE_METRES = 30

# A separate part of a municipality survives only when it is at least this large or touches nothing of its district.
# Smaller ones come from pinched rings that had to be made valid or from the two layers' borders crossing each other.
SMALLEST_PART_M2 = 100_000

ELLIPSOID = pyproj.Geod(ellps="GRS80")


@dataclass(frozen=True)
class Nesting:
    """Both levels, and what the nesting moved."""

    districts: dict[str, shapely.Geometry]
    municipalities: dict[str, shapely.Geometry]
    cut_m2: float
    filled_m2: float
    regrouped_parts: int


def geodesic_area(geometry: shapely.Geometry) -> float:
    """Area in square metres on the GRS80 ellipsoid; holes count as holes, whatever way the rings run."""
    area, _ = ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(geometry))
    return abs(area)


def generalise_districts(boundaries: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """Every district of the country with fewer vertices, shared borders kept identical on both sides. The whole country
    goes in, so that the packs of two neighbouring states meet without a gap."""
    simplified = shapely.coverage_simplify(np.array(list(boundaries.values())), DISTRICT_TOLERANCE_METRES)
    return dict(zip(boundaries, simplified, strict=True))


def nest(districts: dict[str, shapely.Geometry], municipalities: dict[str, shapely.Geometry]) -> Nesting:
    """Cut each municipality to the district whose key its own key begins with and hand what is left of the district to
    its municipalities. Input in longitude and latitude; output on the grid."""
    members = defaultdict(dict)
    for key, geometry in municipalities.items():
        members[key[:5]][key] = geometry
    require(
        sorted(members) == sorted(districts),
        f"districts and municipalities do not belong together: {sorted(set(members) ^ set(districts))}",
    )

    lines = [shapely.boundary(geometry) for geometry in districts.values()]
    for key, district in districts.items():
        lines += border_lines(district, members[key])
    faces = faces_between(lines)

    owned = defaultdict(list)
    filled_m2 = 0.0
    regrouped = 0
    district_tree = shapely.STRtree(list(districts.values()))
    keys = list(districts)
    by_district = defaultdict(list)
    points = shapely.point_on_surface(faces)
    for face_index, district_index in zip(*district_tree.query(points, predicate="within"), strict=True):
        by_district[keys[district_index]].append(faces[face_index])
    for key in keys:
        owners, filled = own_faces(by_district[key], members[key])
        filled_m2 += filled
        parts, moved = regroup_parts(owners)
        regrouped += moved
        for owner, geometry in parts:
            owned[owner].append(geometry)
    require(
        sorted(owned) == sorted(municipalities),
        f"nothing is left of the municipalities {sorted(set(municipalities) - set(owned))}",
    )

    nested = {key: canonical(dissolve(owned[key])) for key in sorted(owned)}
    dissolved = {
        key: canonical(dissolve([geometry for owner, geometry in nested.items() if owner.startswith(key)]))
        for key in sorted(districts)
    }
    cut = (shapely.difference(geometry, districts[key]) for key in keys for geometry in members[key].values())
    return Nesting(
        districts=dissolved,
        municipalities=nested,
        cut_m2=sum(geodesic_area(piece) for piece in map(polygons_only, cut)),
        filled_m2=filled_m2,
        regrouped_parts=regrouped,
    )


def border_lines(district: shapely.Geometry, members: dict[str, shapely.Geometry]) -> list[shapely.Geometry]:
    """Municipal borders inside the district, and a cut from every end of such a border that stops short of the district
    border to the nearest point there. The cuts divide the strip between the two layers among its neighbours instead of
    leaving all of it to one."""
    arcs = shapely.line_merge(shapely.union_all([shapely.boundary(geometry) for geometry in members.values()]))
    inside = shapely.intersection(arcs, district)
    outline = shapely.boundary(shapely.union_all(list(members.values())))
    district_border = shapely.boundary(district)
    border_ends = set()
    for arc in shapely.get_parts(arcs):
        for position in (0, -1):
            border_ends.add(shapely.get_point(arc, position))
    cuts = []
    for end in sorted(border_ends, key=lambda point: (point.x, point.y)):
        stops_short = shapely.intersects(outline, end) and shapely.contains_properly(district, end)
        if stops_short:
            cuts.append(nearest_cut(end, district_border))
    return [inside, *cuts]


def nearest_cut(point: shapely.Point, border: shapely.Geometry) -> shapely.LineString:
    """Shortest line from the point to the border, measured with longitude shrunk to the scale of latitude."""
    scale = np.array([np.cos(np.radians(point.y)), 1.0])
    line = shapely.shortest_line(
        shapely.transform(point, lambda coordinates: coordinates * scale),
        shapely.transform(border, lambda coordinates: coordinates * scale),
    )
    return shapely.transform(line, lambda coordinates: coordinates / scale)


def faces_between(lines: list[shapely.Geometry]) -> np.ndarray:
    """All faces between the lines, noded on the grid."""
    noded = shapely.union_all(lines, grid_size=GRID_DEGREES)
    rounded = shapely.transform(noded, lambda coordinates: np.round(coordinates, DECIMALS))
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(rounded)))


def own_faces(
    faces: list[shapely.Geometry], members: dict[str, shapely.Geometry]
) -> tuple[list[tuple[str, shapely.Geometry]], float]:
    """The faces of one district with their municipality, and the area that lay in none of them: such a face goes to the
    neighbour with the longest shared border, an island without a neighbour to the nearest municipality."""
    keys = list(members)
    tree = shapely.STRtree(list(members.values()))
    owner = [""] * len(faces)
    points = shapely.point_on_surface(faces)
    for face, member in sorted(zip(*tree.query(points, predicate="within"), strict=True)):
        owner[face] = owner[face] or keys[member]
    filled = sum(geodesic_area(face) for face, key in zip(faces, owner, strict=True) if not key)
    neighbours = shared_borders(faces)
    waiting = [index for index, key in enumerate(owner) if not key]
    while waiting:
        chosen = {index: longest_neighbour(neighbours[index], owner) for index in waiting}
        for index, key in chosen.items():
            owner[index] = key
        remaining = [index for index in waiting if not owner[index]]
        if len(remaining) == len(waiting):
            for index in waiting:
                owner[index] = min(members, key=lambda key, face=faces[index]: (members[key].distance(face), key))
            break
        waiting = remaining
    return list(zip(owner, faces, strict=True)), filled


def shared_borders(faces: list[shapely.Geometry]) -> list[list[tuple[int, float]]]:
    """For every face its neighbours and the length of the border shared with each, in metres."""
    tree = shapely.STRtree(faces)
    neighbours = [[] for _ in faces]
    for left, right in sorted(zip(*tree.query(faces, predicate="touches"), strict=True)):
        shared = shapely.intersection(faces[left], faces[right])
        length = ELLIPSOID.geometry_length(lines_only(shared))
        if length > 0:
            neighbours[left].append((int(right), length))
    return neighbours


def longest_neighbour(neighbours: list[tuple[int, float]], owner: list[str]) -> str:
    """Key of the municipality that shares the longest border in total, empty when no neighbour has an owner yet."""
    lengths = defaultdict(float)
    for index, length in neighbours:
        if owner[index]:
            lengths[owner[index]] += length
    return min(lengths, key=lambda key: (-lengths[key], key), default="")


def regroup_parts(owners: list[tuple[str, shapely.Geometry]]) -> tuple[list[tuple[str, shapely.Geometry]], int]:
    """Parts of municipalities after giving the small ones to the neighbour with the longest shared border. A part stays
    when it is the largest, when it is large enough, or when nothing of the district touches it."""
    moved = 0
    while True:
        parts = []
        for key in sorted({owner for owner, _ in owners}):
            dissolved = dissolve([face for owner, face in owners if owner == key])
            ordered = sorted(shapely.get_parts(dissolved), key=lambda part: (-part.area, part.wkb))
            for rank, part in enumerate(ordered):
                parts.append((key, part, rank == 0 or geodesic_area(part) >= SMALLEST_PART_M2))
        neighbours = shared_borders([part for _, part, _ in parts])
        owner = [key for key, _, _ in parts]
        changed = 0
        for index, (key, _, keep) in enumerate(parts):
            if keep:
                continue
            new = longest_neighbour([pair for pair in neighbours[index] if parts[pair[0]][2]], owner)
            if new and new != key:
                owner[index] = new
                changed += 1
        owners = [(key, part) for key, (_, part, _) in zip(owner, parts, strict=True)]
        moved += changed
        if not changed:
            return owners, moved


def dissolve(pieces: list[shapely.Geometry]) -> shapely.Geometry:
    """Union of pieces that share their borders exactly; no vertex is moved or removed."""
    return shapely.coverage_union_all(pieces) if len(pieces) > 1 else pieces[0]


def canonical(geometry: shapely.Geometry) -> shapely.Geometry:
    """The same geometry with one possible order of rings and vertices: outer rings counter-clockwise (RFC 7946)."""
    return shapely.orient_polygons(shapely.normalize(geometry))


def polygons_only(geometry: shapely.Geometry) -> shapely.Geometry:
    """The polygons among the parts."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])


def lines_only(geometry: shapely.Geometry) -> shapely.Geometry:
    """The lines among the parts."""
    return shapely.MultiLineString([part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"])
