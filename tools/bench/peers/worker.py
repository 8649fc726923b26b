"""The peers' half of tools/bench/core: the same work with numpy, scipy, shapely, geopandas and PySAL access.

Reads one request per line, `TASK name=value ...`, runs it once and prints one line of JSON with its seconds and the
values by which the driver sees that both sides did the same work. Reading and preparing the inputs is not timed;
building an index is, unless the request says `index=kept`. Each task is written as fast as its library allows, with
both cores wherever the library lets go of the interpreter's lock.
"""

import concurrent.futures
import functools
import json
import pathlib
import sys
import time
import warnings

import geopandas
import numpy
import pyproj
import shapely
from scipy.spatial import cKDTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import germany  # noqa: E402

warnings.filterwarnings("ignore")
RADIUS_OF_EARTH = 6_371_008.8
THREADS = concurrent.futures.ThreadPoolExecutor(2)


@functools.cache
def table(reference):
    path, *count = reference.split(",")
    rows = numpy.load(path)
    return rows[: int(count[0])] if count else rows


@functools.cache
def surfaces(path):
    """Polygons of a file of well-known binaries, each after its length in four bytes, little-endian."""
    data, position, result = pathlib.Path(path).read_bytes(), 0, []
    while position < len(data):
        length = int.from_bytes(data[position : position + 4], "little")
        result.append(data[position + 4 : position + 4 + length])
        position += 4 + length
    return shapely.from_wkb(result)


def unit(degrees):
    """Longitudes and latitudes as points on the unit sphere."""
    radians = numpy.radians(degrees[:, :2])
    cosines = numpy.cos(radians[:, 1])
    return numpy.column_stack(
        [cosines * numpy.cos(radians[:, 0]), cosines * numpy.sin(radians[:, 0]), numpy.sin(radians[:, 1])]
    )


def chord(metres):
    return 2 * numpy.sin(metres / RADIUS_OF_EARTH / 2)


# --- points in polygons ----------------------------------------------------------------------------------------------


def pip_contains_xy(points, polygons, index="made", threads="1"):
    """Prepared polygons and shapely.contains_xy, on the points between the polygon's least and greatest x."""
    points, polygons = table(points), surfaces(polygons)
    if index == "made":
        shapely.destroy_prepared(polygons)
    else:
        shapely.prepare(polygons)
        shapely.contains_xy(polygons, *points[0])  # Builds what a prepared polygon builds at its first question.
    bounds = shapely.bounds(polygons)

    def work():
        order = numpy.argsort(points[:, 0])
        ordered = points[order]

        def count(number):
            shapely.prepare(polygons[number])
            west, south, east, north = bounds[number]
            low, high = numpy.searchsorted(ordered[:, 0], [west, east])
            near = ordered[low:high]
            near = near[(near[:, 1] >= south) & (near[:, 1] <= north)]
            return int(shapely.contains_xy(polygons[number], near[:, 0], near[:, 1]).sum())

        return {"inside": sum((THREADS.map if threads == "2" else map)(count, range(len(polygons))))}

    return work


def pip_sjoin(points, polygons):
    points, polygons = table(points), surfaces(polygons)
    left = geopandas.GeoDataFrame(geometry=shapely.points(points), crs=4326)
    right = geopandas.GeoDataFrame(geometry=polygons, crs=4326)
    return lambda: {"inside": len(geopandas.sjoin(left, right, how="inner", predicate="within"))}


# --- the nearest offer -----------------------------------------------------------------------------------------------


def nearest_ckdtree(cells, offers):
    cells, offers = table(cells), table(offers)

    def work():
        distances, _ = cKDTree(unit(offers)).query(unit(cells), workers=2)
        return {"mean_m": float((2 * RADIUS_OF_EARTH * numpy.arcsin(distances / 2)).mean())}

    return work


def nearest_ckdtree_geodesic(cells, offers):
    """As above, with the distance to the offer found computed on the ellipsoid; the order is still the sphere's."""
    cells, offers = table(cells), table(offers)
    geod = pyproj.Geod(ellps="GRS80")

    def work():
        _, found = cKDTree(unit(offers)).query(unit(cells), workers=2)
        pieces = numpy.array_split(numpy.arange(len(cells)), 2)
        mean = lambda piece: geod.inv(*cells[piece, :2].T, *offers[found[piece], :2].T)[2].sum()
        return {"mean_m": float(sum(THREADS.map(mean, pieces)) / len(cells))}

    return work


def nearest_sjoin(cells, offers):
    cells, offers = table(cells), table(offers)
    transformer = pyproj.Transformer.from_crs(4326, 25832, always_xy=True)

    def work():
        left, right = (
            geopandas.GeoDataFrame(
                geometry=shapely.points(numpy.column_stack(transformer.transform(*rows[:, :2].T))), crs=25832
            )
            for rows in (cells, offers)
        )
        return {"mean_m": float(geopandas.sjoin_nearest(left, right, distance_col="d").d.mean())}

    return work


# --- discs over districts, all in one metric plane -------------------------------------------------------------------


def union_of_discs(offers, radius, segments):
    return shapely.union_all(shapely.buffer(shapely.points(offers), radius, quad_segs=segments // 4))


def share_covers(offers, polygons, radius, segments="64"):
    """One union; polygons wholly inside it are counted whole, the others intersected with it."""
    offers, polygons = table(offers), surfaces(polygons)
    radius, segments = float(radius), int(segments)

    def work():
        union = union_of_discs(offers, radius, segments)
        parts = shapely.get_parts(union)
        shapely.prepare(parts)
        whole = shapely.covers(union, polygons)
        covered = shapely.area(polygons[whole]).sum()
        covered += shapely.area(shapely.intersection(polygons[~whole], union)).sum()
        return {"share": float(covered / shapely.area(polygons).sum())}

    return work


def share_clipped(offers, polygons, radius, segments="64", threads="1"):
    """One union, prepared; of what is not wholly inside only the part of the union in the polygon's box is used."""
    offers, polygons = table(offers), surfaces(polygons)
    radius, segments = float(radius), int(segments)
    bounds = shapely.bounds(polygons)

    def work():
        union = union_of_discs(offers, radius, segments)
        shapely.prepare(union)
        whole = shapely.covers(union, polygons)

        def covered(number):
            part = shapely.clip_by_rect(union, *bounds[number])
            return shapely.area(shapely.intersection(polygons[number], part))

        areas = list((THREADS.map if threads == "2" else map)(covered, numpy.flatnonzero(~whole)))
        return {"share": float((shapely.area(polygons[whole]).sum() + sum(areas)) / shapely.area(polygons).sum())}

    return work


def gaps_clipped(offers, polygons, radius, segments="64", threads="1"):
    """The gap polygons: each polygon less the part of the union in its box; valid, as polygons of one part each."""
    offers, polygons = table(offers), surfaces(polygons)
    radius, segments = float(radius), int(segments)
    bounds = shapely.bounds(polygons)

    def work():
        union = union_of_discs(offers, radius, segments)
        shapely.prepare(union)

        whole = shapely.covers(union, polygons)

        def gaps(number):
            part = shapely.clip_by_rect(union, *bounds[number])
            return shapely.get_parts(shapely.difference(polygons[number], part))

        found = [part for parts in (THREADS.map if threads == "2" else map)(gaps, numpy.flatnonzero(~whole)) for part in parts]
        area = float(shapely.area(found).sum())
        return {"share": 1 - area / float(shapely.area(polygons).sum()), "gaps": len(found)}

    return work


def gaps_by_district(offers, polygons, radius, segments="64", threads="1"):
    """The gap polygons: from each polygon only the discs near it are taken away, united beforehand."""
    offers, polygons = table(offers), surfaces(polygons)
    radius, segments = float(radius), int(segments)

    def work():
        points = shapely.points(offers)
        discs = shapely.buffer(points, radius, quad_segs=segments // 4)
        tree = shapely.STRtree(points)
        polygon_numbers, offer_numbers = tree.query(polygons, predicate="dwithin", distance=radius)
        starts = numpy.searchsorted(polygon_numbers, numpy.arange(len(polygons) + 1))

        def gaps(number):
            near = discs[offer_numbers[starts[number] : starts[number + 1]]]
            rest = shapely.difference(polygons[number], shapely.union_all(near))
            return [part for part in shapely.get_parts(rest) if not part.is_empty]

        found = [part for parts in (THREADS.map if threads == "2" else map)(gaps, range(len(polygons))) for part in parts]
        area = float(shapely.area(found).sum())
        return {"share": 1 - area / float(shapely.area(polygons).sum()), "gaps": len(found)}

    return work


# --- two-step floating catchment -------------------------------------------------------------------------------------


def catchment_planar(cells, offers, radius):
    """Projected to a metric plane; pairs within the radius from two trees."""
    cells, offers, radius = table(cells), table(offers), float(radius)
    transformer = pyproj.Transformer.from_crs(4326, 25832, always_xy=True)

    def work():
        cell_places, offer_places = (
            numpy.column_stack(transformer.transform(*rows[:, :2].T)) for rows in (cells, offers)
        )
        return catchment_of(cKDTree(cell_places), cKDTree(offer_places), cells[:, 2], radius)

    return work


def catchment_sphere(cells, offers, radius):
    """On the unit sphere, without a projection."""
    cells, offers, radius = table(cells), table(offers), float(radius)

    def work():
        return catchment_of(cKDTree(unit(cells)), cKDTree(unit(offers)), cells[:, 2], chord(radius))

    return work


def catchment_of(cells, offers, people, radius):
    pairs = offers.sparse_distance_matrix(cells, radius, output_type="coo_matrix")
    demand = numpy.bincount(pairs.row, people[pairs.col], offers.n)
    ratio = numpy.where(demand > 0, 1 / numpy.maximum(demand, 1e-9), 0)
    access = numpy.bincount(pairs.col, ratio[pairs.row], cells.n)
    return {"mean": float(access.mean())}


def catchment_lists(cells, offers, radius):
    """On the unit sphere, by lists of neighbours on both cores."""
    cells, offers, radius = table(cells), table(offers), float(radius)

    def work():
        lists = cKDTree(unit(cells)).query_ball_point(unit(offers), chord(radius), workers=2, return_sorted=False)
        lengths = numpy.fromiter(map(len, lists), numpy.int64, len(lists))
        columns = numpy.concatenate([numpy.array(entries, numpy.int64) for entries in lists])
        rows = numpy.repeat(numpy.arange(len(offers)), lengths)
        demand = numpy.bincount(rows, cells[columns, 2], len(offers))
        ratio = numpy.where(demand > 0, 1 / numpy.maximum(demand, 1e-9), 0)
        return {"mean": float(numpy.bincount(columns, ratio[rows], len(cells)).mean())}

    return work


def catchment_access(cells, offers, radius):
    """PySAL access, from its own Euclidean distances."""
    import access

    cells, offers, radius = table(cells), table(offers), float(radius)
    transformer = pyproj.Transformer.from_crs(4326, 25832, always_xy=True)

    def work():
        demand, supply = (
            geopandas.GeoDataFrame(
                {"id": numpy.arange(len(rows)), "value": values},
                geometry=shapely.points(numpy.column_stack(transformer.transform(*rows[:, :2].T))), crs=25832,
            ).set_index("id")
            for rows, values in ((cells, cells[:, 2]), (offers, 1.0))
        )
        model = access.Access(demand_df=demand, demand_value="value", supply_df=supply, supply_value="value")
        model.create_euclidean_distance(threshold=radius, centroid_o=False, centroid_d=False)
        model.two_stage_fca(name="fca", cost="euclidean", max_cost=radius)
        return {"mean": float(model.access_df.iloc[:, -1].reindex(demand.index).fillna(0).mean())}

    return work


TASKS = {
    task.__name__: task
    for task in (
        pip_contains_xy, pip_sjoin, nearest_ckdtree, nearest_ckdtree_geodesic, nearest_sjoin, share_covers,
        share_clipped, gaps_clipped, gaps_by_district, catchment_planar, catchment_sphere, catchment_lists,
        catchment_access,
    )
} | {"figures": germany.figures}


def main():
    for line in sys.stdin:
        task, *words = line.split()
        try:
            work = TASKS[task](**dict(word.split("=", 1) for word in words))
            started = time.perf_counter()
            checks = work()
            answer = {"seconds": time.perf_counter() - started, "checks": checks}
        except Exception as error:  # A peer that cannot do it is a result, too.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
