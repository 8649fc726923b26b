/**
 * Joins points that would cover each other on the screen: those of the zooms at which the server does not join them, and
 * all where there is no server. Pure and deterministic: the same points at the same zoom
 * give the same groups, in whatever order they come.
 */

/** Web Mercator position in pixels of the whole world at a zoom (512-pixel tiles, as MapLibre counts). */
export function worldPixel([longitude, latitude], zoom) {
  const size = 512 * 2 ** zoom;
  const sine = Math.sin((latitude * Math.PI) / 180);
  return [((longitude + 180) / 360) * size, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size];
}

/**
 * @typedef {{id: string, position: [number, number], weight?: number, samePlace?: boolean}} Item a point, or points that
 * the server has joined already: then `weight` says how many, `samePlace` whether all stand at one position.
 */

/**
 * @template {Item} T
 * @param {T[]} items @param {number} zoom @param {number} radius pixels
 * @returns {{position: [number, number], items: T[], weight: number, samePlace: boolean}[]} each at its members' mean
 * position; `weight`: how many points; `samePlace`: all at one position (to 0.1 m), so that no zoom can part them.
 * Time O(n log n): each point is compared with the groups of its own and the eight neighbouring grid cells.
 */
export function cluster(items, zoom, radius) {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const stacks = new Map();
  for (const item of sorted) {
    const pixel = worldPixel(item.position, zoom);
    const key = item.position.map((degrees) => degrees.toFixed(6)).join("/");
    const weight = item.weight ?? 1;
    const samePlace = item.samePlace ?? true;
    const stack = stacks.get(key);
    if (!stack) stacks.set(key, { pixel, items: [item], weight, samePlace });
    else {
      stack.items.push(item);
      stack.weight += weight;
      stack.samePlace &&= samePlace;
    }
  }
  // The fullest place leads, so that a town keeps its own mark and takes the villages beside it.
  const leaders = [...stacks.values()].sort((a, b) => b.weight - a.weight || (a.items[0].id < b.items[0].id ? -1 : 1));
  const grid = new Map();
  const groups = [];
  for (const stack of leaders) {
    const [column, row] = stack.pixel.map((value) => Math.floor(value / radius));
    let nearest = null;
    let best = radius * radius;
    for (let x = column - 1; x <= column + 1; x += 1) {
      for (let y = row - 1; y <= row + 1; y += 1) {
        for (const group of grid.get(`${x}/${y}`) ?? []) {
          const distance = (group.pixel[0] - stack.pixel[0]) ** 2 + (group.pixel[1] - stack.pixel[1]) ** 2;
          if (distance < best) [nearest, best] = [group, distance];
        }
      }
    }
    if (nearest) {
      nearest.items.push(...stack.items);
      nearest.weight += stack.weight;
      nearest.samePlace = false;
      continue;
    }
    groups.push(stack);
    const cell = `${column}/${row}`;
    grid.set(cell, [...(grid.get(cell) ?? []), stack]);
  }
  return groups.map(({ items: members, weight, samePlace }) => ({
    position: /** @type {[number, number]} */ ([0, 1].map((axis) => members.reduce((sum, item) => sum + item.position[axis] * (item.weight ?? 1), 0) / weight)),
    items: members,
    weight,
    samePlace,
  }));
}

/** What tileset.json says of the layer `offers`: the deepest clustered zoom, and the radius in pixels of a 512-pixel tile. */
export const CLUSTERS = { minzoom: 0, maxzoom: 13, radius: 50 };
/** Steps of a tile's grid to a pixel. */
const STEPS = 8;
/** A place is known to the world's side divided by two to this power. */
const DEPTH = 31;

/**
 * The marks that the server makes of points (PointClusters.swift), made here where there is no server: at each zoom from
 * the deepest upwards the marks of the zoom below in the order of their weight, equal ones along the Z-order curve; one
 * that has none nearer than the radius stays, the others join the nearest that stays.
 *
 * @template {Item} T
 * @param {T[]} points @param {number} zoom the tiles' zoom
 * @returns {{items: T[], weight: number, samePlace: boolean, parting: number|null}[]} the first item is where the mark
 * stands; `parting`: the zoom at which the items part. Time O(n) expected per zoom, after sorting.
 */
export function clustersAt(points, zoom) {
  const side = 2 ** DEPTH;
  const ordinate = (share) => Math.min(Math.max(Math.floor(share * side), 0), side - 1);
  const placed = points.map((item) => {
    const [longitude, latitude] = item.position;
    const sine = Math.sin((latitude * Math.PI) / 180);
    return { item, x: ordinate(longitude / 360 + 0.5), y: ordinate(0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) };
  });
  placed.sort((a, b) => alongCurve(a, b) || (a.item.id < b.item.id ? -1 : 1));
  let marks = [];
  for (const { item, x, y } of placed) {
    const last = marks.at(-1);
    if (last?.x === x && last.y === y) last.items.push(item);
    else marks.push({ x, y, items: [item], parting: null });
  }
  for (let level = CLUSTERS.maxzoom; level >= Math.max(zoom, CLUSTERS.minzoom); level -= 1) marks = joined(marks, level);
  return marks.map(({ items, parting }) => ({ items, weight: items.length, samePlace: parting === null, parting }));
}

/** Which of two places comes first on the Z-order curve: the highest bit in which they differ decides, the row's before the column's. */
function alongCurve(a, b) {
  const [columns, rows] = [a.x ^ b.x, a.y ^ b.y];
  return rows < columns && rows < (rows ^ columns) ? a.x - b.x : a.y - b.y;
}

function joined(marks, zoom) {
  const unit = 2 ** (DEPTH - 12 - zoom);
  const step = (ordinate) => Math.min(Math.floor((ordinate + unit / 2) / unit), 4096 * 2 ** zoom - 1);
  const radius = CLUSTERS.radius * STEPS;
  const vertices = marks.map(({ x, y }) => [step(x), step(y)]);
  /** @type {Map<string, number[]>} */
  const staying = new Map();
  const nearest = ([x, y]) => {
    let best = radius * radius;
    let found = -1;
    for (let row = Math.floor(y / radius) - 1; row <= Math.floor(y / radius) + 1; row += 1) {
      for (let column = Math.floor(x / radius) - 1; column <= Math.floor(x / radius) + 1; column += 1) {
        for (const at of staying.get(`${column}/${row}`) ?? []) {
          const distance = (vertices[at][0] - x) ** 2 + (vertices[at][1] - y) ** 2;
          if (distance < best || (distance === best && found > at)) [best, found] = [distance, at];
        }
      }
    }
    return found;
  };
  const ranked = marks.map((_, at) => at).sort((a, b) => marks[b].items.length - marks[a].items.length || a - b);
  const stays = new Set();
  for (const at of ranked) {
    if (nearest(vertices[at]) >= 0) continue;
    stays.add(at);
    const key = vertices[at].map((ordinate) => Math.floor(ordinate / radius)).join("/");
    staying.set(key, [...(staying.get(key) ?? []), at]);
  }
  const result = new Map([...stays].sort((a, b) => a - b).map((at) => [at, { ...marks[at], items: [...marks[at].items] }]));
  marks.forEach((mark, at) => {
    if (stays.has(at)) return;
    const parent = result.get(nearest(vertices[at]));
    parent.items.push(...mark.items);
    parent.parting = zoom + 1;
  });
  return [...result.values()];
}
