/**
 * The state of the page (way in, search, filters, language, view of the map, chosen offer) and its one place: the URL.
 * The query holds what the server knows too (DOMAIN: one grammar for items, tiles and the map's own URL);
 * the fragment holds what only this browser needs: `#zoom/latitude/longitude[/offer id]`,
 * or `#offer/id` where no map has been moved yet. A visitor's own position is in neither.
 * Pure functions, no access to `window`.
 */

/** The filter fields that the panel offers, in its order. Values of one field mean OR, different fields AND. */
export const FACETS = ["category", "topic", "audience", "language", "delivery", "sector", "located_in"];
/** All filter fields of offers that the page's URL may hold. */
export const FIELDS = [...FACETS, "actor"];
/** The filter fields of the network of actors. */
export const NETWORK_FIELDS = ["link_kind", "sector", "located_in"];
/** The value of a field that means: states nothing in it. */
export const NOT_STATED = "not_stated";
/** The orders of the list; the first is not written into the URL. */
export const ORDERS = ["title", "topic", "district", "year"];
/** What the areas may be coloured by (MEASURES). */
export const AREAS = ["rural", "people_per_offer", "distance"];
/** The longest search text that the server takes, in bytes of UTF-8. */
const LONGEST_SEARCH = 200;
/** Stands for the visitor's own position, which is never written anywhere. */
export const HERE = "here";

/**
 * @typedef {{zoom: number, latitude: number, longitude: number}} View
 * @typedef {{lang: string|null, way: string, within: string[], embed: boolean, q: string, filters: Record<string, string[]>,
 *   near: string, order: string, areas: string, view: View|null, offer: string|null}} State
 * `way`: the way in, "" for all offers; `within`: the categories that it shows, none for all;
 * `near`: a postcode, a place or both, HERE for the visitor's own position, "" for none;
 * `areas`: what the areas are coloured by, "" for nothing; `offer`: the entry that is open, in the network an actor
 */

/**
 * Reads a URL's query and fragment. What is unknown or malformed is dropped: shared links collect trackers.
 * @param {string} search @param {string} hash @param {Map<string, string[]>} [ways] the categories of each way in
 * @returns {State}
 */
export function parse(search, hash, ways = new Map()) {
  const query = new URLSearchParams(search);
  /** @type {Record<string, string[]>} */
  const filters = {};
  for (const field of [...FIELDS, "link_kind"]) {
    const values = (query.get(field) ?? "").split(",").map((value) => value.trim()).filter(Boolean);
    filters[field] = [...new Set(values)];
  }
  const near = (query.get("near") ?? "").trim().slice(0, 100);
  const entry = entered(ways, query.get("view") ?? "");
  if (entry.within.length) filters.category = filters.category.filter((value) => entry.within.includes(value));
  return {
    lang: query.get("lang"),
    ...entry,
    embed: query.get("embed") === "1",
    q: searched(query.get("q") ?? ""),
    filters,
    near: near === HERE ? "" : near,
    order: ORDERS.includes(query.get("order")) ? query.get("order") : ORDERS[0],
    areas: AREAS.includes(query.get("areas")) ? query.get("areas") : "",
    ...parseFragment(hash),
  };
}

/** A search text as list and map can both ask for it: without the end that would be too long. @param {string} text */
export function searched(text) {
  const bytes = new TextEncoder().encode(text.trim());
  // The letter that the end would cut in two is left out whole.
  return new TextDecoder().decode(bytes.subarray(0, LONGEST_SEARCH), { stream: true }).trim();
}

/** The way in with its categories; an unknown one is none. */
export function entered(ways, id) {
  return ways.has(id) ? { way: id, within: ways.get(id) } : { way: "", within: [] };
}

function parseFragment(hash) {
  const parts = hash.replace(/^#/, "").split("/");
  if (parts[0] === "offer") return { view: null, offer: decoded(parts[1]) };
  const [zoom, latitude, longitude] = parts.slice(0, 3).map((part) => (part === "" ? NaN : Number(part)));
  const valid = zoom >= 0 && zoom <= 24 && Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180;
  return { view: valid ? { zoom, latitude, longitude } : null, offer: valid ? decoded(parts[3]) : null };
}

function decoded(part) {
  try {
    return decodeURIComponent(part ?? "") || null;
  } catch {
    return null;
  }
}

function listed(filters, fields) {
  return fields.filter((field) => filters[field].length).map((field) => `${field}=${filters[field].map(encodeURIComponent).join(",")}`);
}

/**
 * The filters in the server's grammar, without a leading `?`; keys in a fixed order so that equal states share caches.
 * The way in is written as the categories that it means.
 */
export function filterQuery(state) {
  const category = state.filters.category.length ? state.filters.category : state.within;
  const parts = listed({ ...state.filters, category }, FIELDS);
  if (state.q) parts.push(`q=${encodeURIComponent(state.q)}`);
  return parts.join("&");
}

/** The page's own address for a state. */
export function pageAddress(path, state, lang = state.lang) {
  const fields = state.way === "network" ? NETWORK_FIELDS : FIELDS;
  const query = [
    lang ? `lang=${encodeURIComponent(lang)}` : "",
    state.way ? `view=${encodeURIComponent(state.way)}` : "",
    ...listed(state.filters, fields),
    state.q ? `q=${encodeURIComponent(state.q)}` : "",
    state.near && state.near !== HERE ? `near=${encodeURIComponent(state.near)}` : "",
    state.order !== ORDERS[0] ? `order=${state.order}` : "",
    state.areas ? `areas=${state.areas}` : "",
    state.embed ? "embed=1" : "",
  ].filter(Boolean);
  return path + (query.length ? `?${query.join("&")}` : "") + fragment(state);
}

function fragment({ view, offer }) {
  if (!view) return offer ? `#offer/${encodeURIComponent(offer)}` : "";
  const place = [view.zoom.toFixed(2), view.latitude.toFixed(4), view.longitude.toFixed(4)].join("/");
  return `#${place}${offer ? `/${encodeURIComponent(offer)}` : ""}`;
}

/** A copy with one value of one field added or taken away. */
export function toggled(state, field, value) {
  const values = state.filters[field];
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return { ...state, filters: { ...state.filters, [field]: next } };
}

/**
 * A copy with values of some fields added.
 * @param {Record<string, string[]>} more
 */
export function narrowed(state, more) {
  const filters = { ...state.filters };
  for (const [field, values] of Object.entries(more)) filters[field] = [...new Set([...filters[field], ...values])];
  return { ...state, filters };
}

/** A copy without any filter, search text or place; the way in stays. */
export function cleared(state) {
  return { ...state, q: "", near: "", filters: Object.fromEntries(Object.keys(state.filters).map((field) => [field, []])) };
}

/** A copy at another way in, without the filters, which may mean nothing there. */
export function entering(state, ways, id) {
  return { ...cleared(state), ...entered(ways, id), order: ORDERS[0] };
}

export function isFiltered(state) {
  return Boolean(state.q) || Object.values(state.filters).some((values) => values.length);
}
