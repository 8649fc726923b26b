"""All figures of DOMAIN 6.5 by district with geopandas and scipy: the peer of the task `figures`.

Written fairly: what depends on the project alone (outlines, cells and their tree, people, keys) is read and indexed
before; what depends on the filter is vectorised, and on both cores wherever scipy and shapely allow it. It does less
than Kompass where that is faster for it: distances on the sphere instead of the ellipsoid, discs and areas in the
metric plane instead of geodesic ones, no account of what the offers leave unsaid.
"""

import concurrent.futures
import functools

import geopandas
import numpy
import pandas
import shapely
from scipy.spatial import cKDTree

RADIUS_OF_EARTH = 6_371_008.8
RADII = [5_000, 8_250, 10_000, 15_000, 20_000, 30_000]
METRIC = 25832
THREADS = concurrent.futures.ThreadPoolExecutor(2)


def unit(longitudes, latitudes):
    longitudes, latitudes = numpy.radians(longitudes), numpy.radians(latitudes)
    cosines = numpy.cos(latitudes)
    return numpy.column_stack([cosines * numpy.cos(longitudes), cosines * numpy.sin(longitudes), numpy.sin(latitudes)])


class Project:
    """What is there before a filter is chosen."""

    def __init__(self, path):
        districts = geopandas.read_file(path, layer="districts", engine="pyogrio").sort_values("key")
        cells = geopandas.read_file(path, layer="population_cells", engine="pyogrio", where="role = 'own'")
        offers = geopandas.read_file(path, layer="offers", engine="pyogrio")
        offers = offers[~offers.geometry.isna()]
        metric = lambda frame: frame.geometry.to_crs(METRIC).values
        numbers = pandas.Series(numpy.arange(len(districts)), index=districts.key.values)
        number = lambda keys: numbers.reindex(keys).fillna(-1).to_numpy().astype(numpy.int64)
        self.count = len(districts)
        self.register = districts.population.to_numpy(float)
        self.square_metres = districts.area_m2.to_numpy(float)
        self.outlines = metric(districts)
        self.boxes = shapely.bounds(self.outlines)
        self.people = cells.people.to_numpy(numpy.int64)
        self.area = number(cells.district_key)
        self.cells = unit(cells.geometry.x, cells.geometry.y)
        self.cell_tree = cKDTree(self.cells)
        self.cell_points = metric(cells)
        self.offers = unit(offers.geometry.x, offers.geometry.y)
        self.offer_places = shapely.get_coordinates(metric(offers))
        self.offer_area = number(offers.district_key)
        self.begin = offers.valid_from.fillna("").to_numpy(str)


@functools.cache
def project_of(path):
    return Project(path)


def figures(project, radius, date, levels="district", style="tuned"):
    known, radius = project_of(project), float(radius)
    return lambda: all_figures(known, radius, date, *STYLES[style])


def all_figures(p, radius, date, catchment_of, gaps_of):
    chosen = p.begin <= date
    located = numpy.bincount(p.offer_area[chosen & (p.offer_area >= 0)], minlength=p.count)
    rates = located / p.register * 1e4, located / p.square_metres * 1e8

    tree = cKDTree(p.offers[chosen])
    chords, _ = tree.query(p.cells, workers=2)
    metres = 2 * RADIUS_OF_EARTH * numpy.arcsin(chords / 2)
    spread = distance_figures(p, metres)
    known = p.area >= 0
    within = [numpy.bincount(p.area[known & (metres <= r)], p.people[known & (metres <= r)], p.count) for r in RADII]
    shares = [people / spread["people"] for people in within]
    reached = numpy.bincount(p.area[known & (metres <= radius)], p.people[known & (metres <= radius)], p.count)
    gap_people = spread["people"] - reached

    catchment = catchment_of(p, tree, 15_000)
    reach = numpy.bincount(p.area[known], (catchment * p.people)[known], p.count) / spread["people"]

    gaps, owners = gaps_of(p, p.offer_places[chosen], radius)
    gap_area = numpy.bincount(owners, shapely.area(gaps), p.count)
    people_of_gaps = assign(p, gaps, owners, numpy.flatnonzero(known & (metres > radius)))
    return {
        "offers": int(chosen.sum()), "district_people": int(spread["people"].sum()),
        "district_gap_people": float(gap_people.sum()), "district_sum_of_means_m": float(spread["mean"].sum()),
        "district_sum_of_medians_m": float(spread["median"].sum()), "district_sum_of_p90_m": float(spread["p90"].sum()),
        "district_sum_of_gini": float(numpy.nansum(spread["gini"])), "district_sum_of_reach": float(reach.sum()),
        "district_gap_area_m2": float(gap_area.sum()), "district_gaps": len(gaps),
        "people_in_gaps": int(people_of_gaps.sum()),
        "sums": float(sum(map(numpy.nansum, [*rates, *shares, spread["maximum"], spread["cell_median"]]))),
    }


def distance_figures(p, metres):
    """Weighted mean, quantiles, maximum and Gini of every district, from one sort."""
    order = numpy.lexsort((p.people, metres, p.area))
    order = order[numpy.searchsorted(p.area[order], 0) :]
    area, sorted_metres, people = p.area[order], metres[order], p.people[order]
    starts = numpy.searchsorted(area, numpy.arange(p.count + 1))
    first, last = starts[:-1], starts[1:] - 1
    cumulated = numpy.cumsum(people)
    before = numpy.concatenate([[0], cumulated])[first]
    total = cumulated[last] - before
    weighted = people * sorted_metres
    mean = numpy.add.reduceat(weighted, first) / total
    quantile = lambda part, whole: sorted_metres[numpy.searchsorted(cumulated, before + -(-part * total // whole))]
    ranks = 2 * (cumulated - before[area]) - people - total[area]
    gini = numpy.add.reduceat(weighted * ranks, first) / (total.astype(float) ** 2 * mean)
    return {
        "people": total, "mean": mean, "median": quantile(1, 2), "p90": quantile(9, 10), "maximum": sorted_metres[last],
        "cell_median": sorted_metres[first + (last - first) // 2], "gini": gini,
    }


def two_step_catchment(p, tree, reach):
    """2SFCA over all pairs within reach, a piece of the offers after the other so that the pairs fit into memory."""
    chord = 2 * numpy.sin(reach / RADIUS_OF_EARTH / 2)

    def piece(numbers):
        near = cKDTree(tree.data[numbers]).sparse_distance_matrix(p.cell_tree, chord, output_type="coo_matrix")
        demand = numpy.bincount(near.row, p.people[near.col], len(numbers))
        ratio = numpy.divide(1.0, demand, out=numpy.zeros(len(numbers)), where=demand > 0)
        return numpy.bincount(near.col, ratio[near.row], len(p.cells))

    # Neighbours in one piece: its tree is compact.
    by_place = numpy.lexsort((tree.data[:, 1], numpy.round(tree.data[:, 2], 2)))
    pieces = numpy.array_split(by_place, max(1, len(by_place) // 2_000))
    result = numpy.zeros(len(p.cells))
    for part in THREADS.map(piece, pieces):
        result += part
    return result


def gap_polygons(p, offers, radius):
    """The parts of each district outside all discs (256 vertices), and the district of each.

    First the union of a few discs spread evenly is taken away, then from what is left all discs that reach it: far
    less work than the union of all discs, and the same polygons.
    """
    _, few = numpy.unique(numpy.floor(offers / (radius / 2)).astype(numpy.int64), axis=0, return_index=True)
    points = shapely.points(offers)
    discs = numpy.array_split(shapely.buffer(points[few], radius, quad_segs=64), 2)
    rough = shapely.union_all(list(THREADS.map(shapely.union_all, discs)))
    shapely.prepare(rough)
    rest = numpy.flatnonzero(~shapely.covers(rough, p.outlines))
    tree = shapely.STRtree(points)
    is_few = numpy.zeros(len(offers), bool)
    is_few[few] = True

    def gaps(number):
        left = shapely.difference(p.outlines[number], shapely.clip_by_rect(rough, *p.boxes[number]))
        if left.is_empty:
            return []
        parts = shapely.get_parts(left)
        near = numpy.unique(tree.query(parts, predicate="dwithin", distance=radius)[1])
        near = near[~is_few[near]]
        if len(near):
            left = shapely.difference(left, shapely.union_all(shapely.buffer(points[near], radius, quad_segs=64)))
        return [part for part in shapely.get_parts(left) if not part.is_empty]

    found = list(THREADS.map(gaps, rest))
    owners = numpy.repeat(rest, [len(parts) for parts in found])
    return numpy.array([part for parts in found for part in parts], dtype=object), owners.astype(numpy.int64)


def plain_catchment(p, tree, reach):
    """2SFCA over all pairs within reach at once, as the documentation of scipy suggests."""
    near = tree.sparse_distance_matrix(
        p.cell_tree, 2 * numpy.sin(reach / RADIUS_OF_EARTH / 2), output_type="coo_matrix"
    )
    demand = numpy.bincount(near.row, p.people[near.col], tree.n)
    ratio = numpy.divide(1.0, demand, out=numpy.zeros(tree.n), where=demand > 0)
    return numpy.bincount(near.col, ratio[near.row], len(p.cells))


def plain_gaps(p, offers, radius):
    """The parts of each district outside the union of all discs, as the documentation of geopandas suggests."""
    union = geopandas.GeoDataFrame(
        geometry=[shapely.union_all(shapely.buffer(shapely.points(offers), radius, quad_segs=64))], crs=METRIC
    )
    districts = geopandas.GeoDataFrame({"owner": numpy.arange(p.count)}, geometry=p.outlines, crs=METRIC)
    gaps = geopandas.overlay(districts, union, how="difference").explode()
    return gaps.geometry.values, gaps.owner.to_numpy(numpy.int64)


def assign(p, gaps, owners, uncovered):
    """The people of each gap polygon: of the uncovered cells in it, or of those it is the nearest of its district to."""
    people = numpy.zeros(len(gaps), numpy.int64)
    if not len(gaps) or not len(uncovered):
        return people
    tree = shapely.STRtree(gaps)
    cells, polygons = tree.query(p.cell_points[uncovered], predicate="intersects")
    own = owners[polygons] == p.area[uncovered[cells]]
    cells, first = numpy.unique(cells[own], return_index=True)
    numpy.add.at(people, polygons[own][first], p.people[uncovered[cells]])
    for cell in numpy.setdiff1d(uncovered, uncovered[cells]):
        candidates = numpy.flatnonzero(owners == p.area[cell])
        if len(candidates):
            distances = shapely.distance(gaps[candidates], p.cell_points[cell])
            people[candidates[numpy.argmin(distances)]] += p.people[cell]
    return people


STYLES = {"tuned": (two_step_catchment, gap_polygons), "plain": (plain_catchment, plain_gaps)}
