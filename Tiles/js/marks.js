/** The points of the map: offers, and several that the server has joined to one. */
import { CLUSTERS, clustersAt } from "./cluster.js";

/** So many members of a mark the server names (ClusterAttribute.swift); more where all stand at one place. */
const NAMED = 8;

/**
 * A point of the map: one offer, or several that the server has joined.
 * @typedef {{id: string, position: maplibregl.Place, weight: number, samePlace: boolean, ids: string[], counts: [string, number][], parting: number|null, title?: string, category?: string, status?: string}} Mark
 * `ids`: its members, empty where they are too many; `counts`: how many by category; `parting`: the zoom that parts them.
 */

/** @param {string} id @param {Record<string, any>} properties @param {maplibregl.Place} position @returns {Mark} */
export function single(id, { title, category, status }, position) {
  return { id, position, weight: 1, samePlace: true, ids: [id], counts: category ? [[category, 1]] : [], parting: null, title, category, status };
}

/** How many offers of each category, most first; the empty one stands for those that state none. @param {Mark[]} marks @returns {[string, number][]} */
export function shares(marks) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const add = (category, n) => n > 0 && numbers.set(category, (numbers.get(category) ?? 0) + n);
  for (const { counts, weight } of marks) {
    for (const [category, n] of counts) add(category, n);
    add("", weight - counts.reduce((sum, [, n]) => sum + n, 0));
  }
  return [...numbers].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/**
 * The points in loaded tiles, each once.
 * @param {maplibregl.Feature[]} features of the layer `offers` @param {(id: string) => any} offer what the list knows of one
 * @returns {Mark[]}
 */
export function marksOfTiles(features, offer) {
  /** @type {Map<number, Mark>} */
  const marks = new Map();
  for (const { id, properties, geometry } of features) {
    // A point in a tile's margin comes twice.
    if (marks.has(id)) continue;
    const ids = properties.point_count ? (properties.ids?.split(",") ?? []) : [properties.id];
    // The list knows the position as the source gives it, the tile only on its grid.
    const exact = properties.point_count && !properties.same_place ? null : offer(ids[0])?.geometry?.coordinates;
    const position = exact ?? geometry.coordinates;
    if (!properties.point_count) marks.set(id, single(properties.id, properties, position));
    else {
      const counts = Object.entries(properties).filter(([key]) => key.startsWith("count_")).map(([key, n]) => /** @type {[string, number]} */ ([key.slice(6), n]));
      marks.set(id, { id: `#${id}`, position, weight: properties.point_count, samePlace: properties.same_place === true, ids, counts, parting: properties.expansion_zoom ?? null });
    }
  }
  return [...marks.values()];
}

/**
 * The same of the list's offers in and around a view, where no server makes tiles of them.
 * @param {any[]} offers @param {number} zoom @param {maplibregl.LngLatBounds} bounds @returns {Mark[]}
 */
export function marksOfList(offers, zoom, bounds) {
  const margin = Math.max(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth()) / 2;
  const isNear = ({ position: [longitude, latitude] }) =>
    longitude >= bounds.getWest() - margin && longitude <= bounds.getEast() + margin && latitude >= bounds.getSouth() - margin && latitude <= bounds.getNorth() + margin;
  const placed = marksOfOffers(offers);
  if (Math.floor(zoom) > CLUSTERS.maxzoom) return placed.filter(isNear);
  /** @type {Mark[]} */
  const marks = clustersAt(placed, Math.floor(zoom)).map(({ items, weight, samePlace, parting }) =>
    weight === 1 ? /** @type {Mark} */ (items[0]) : { id: `#${items[0].id}`, position: items[0].position, weight, samePlace, ids: samePlace || weight <= NAMED ? items.map(({ id }) => id) : [], counts: shares(/** @type {Mark[]} */ (items)).filter(([category]) => category), parting },
  );
  return marks.filter(isNear);
}

/** The offers that have a place. @param {any[]} offers @returns {Mark[]} */
export function marksOfOffers(offers) {
  return offers.filter(({ geometry }) => geometry).map((offer) => single(String(offer.id), offer.properties, offer.geometry.coordinates));
}
