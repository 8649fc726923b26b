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
